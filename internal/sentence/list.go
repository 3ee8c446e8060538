package sentence

import (
	"strconv"
	"strings"

	"kildesvar/internal/danish"
	"kildesvar/internal/query"
	"kildesvar/internal/question"
)

// numbered reports whether a sentence is one of a list, such as »Trin 3 i en partnerskabsaftale er …«.
func (c Chooser) numbered(s Candidate) bool {
	_, n := c.number(s)
	return n > 0
}

// items are the sentences of a numbered list that the question asks for, in order, when the likeliest sentence stands in a section with
// one: those it names by their number, or all when it names the list.
func (c Chooser) items(q *query.Query, sorted []Candidate) (out []Candidate) {
	if len(sorted) == 0 {
		return nil
	}
	list, noun, told := c.list(sorted[0].Passage)
	if len(list) < 2 {
		return nil
	}
	for _, n := range question.Items(q.Text, noun, len(list), told) {
		if s, ok := list[n]; ok {
			out = append(out, s)
		}
	}
	return out
}

// list is the numbered list in the section of a passage, what its items are called, and the last one that has been told.
func (c Chooser) list(passage int) (list map[int]Candidate, noun string, told int) {
	list = map[int]Candidate{}
	article := c.ix.Articles[c.ix.ArticleOf(passage)]
	for p := article.First; p < article.Last; p++ {
		if c.ix.Passages[p].Section != c.ix.Passages[passage].Section {
			continue
		}
		for i := range c.ix.Passages[p].Sentences {
			s := c.One(p, i, p)
			name, n := c.number(s)
			if n == 0 || noun != "" && name != noun {
				continue
			}
			noun, list[n] = name, s
			if isSaid(c.told, p, i) {
				told = max(told, n)
			}
		}
	}
	return list, noun, told
}

// whole replaces the items of a list by all of them, where the best sentence is one: a list with holes misleads. »Hvilket trin …« asks for the
// best alone.
func (c Chooser) whole(q *query.Query, lead Candidate, picked []Candidate) []Candidate {
	some := 0
	for _, s := range picked {
		if c.numbered(s) {
			some++
		}
	}
	list, noun, told := c.list(lead.Passage)
	switch {
	case question.OneItem(q.Text, noun):
		return []Candidate{lead}
	case some < 2 || told > 0 || len(list) > Most:
		return picked
	}
	var out []Candidate
	for n := 1; n <= len(list); n++ {
		if s, ok := list[n]; ok {
			out = append(out, s)
		}
	}
	return out
}

// longestList is how many items a numbered list has at most.
const longestList = 20

// number is the name and number with which a sentence of a list begins.
func (c Chooser) number(s Candidate) (string, int) {
	words := danish.Tokens(c.text(s))
	if len(words) < 2 {
		return "", 0
	}
	n, err := strconv.Atoi(words[1].Text)
	if err != nil || n > longestList || danish.StopWord(strings.ToLower(words[0].Text)) { // »I 2016 …« is no item
		return "", 0
	}
	return words[0].Text, n
}
