package sentence

import (
	"regexp"
	"slices"
	"strings"

	"kildesvar/internal/danish"
)

// pointers begin sentences that cannot be understood without the one before.
var pointers = wordSet("det den de dette denne disse her han hun derfor derefter dermed desuden samtidig begge hertil")

// seconds are folded beginnings of sentences that go on with a series, or with what was told: they come with the one before, where
// there is one.
var seconds = []string{"et andet ", "en anden ", "den anden ", "det andet ", "den ene ", "det ene ", "de andre ", "ud over ", "andre ", "en tredje ", "et tredje ", "derudover ", "endelig "}

// also are words near the beginning that do the same.
var also = wordSet("ogsaa ligeledes yderligere")

// PointsBack reports whether a sentence points to the one before it.
func (c Chooser) PointsBack(s Candidate) bool {
	text := c.text(s)
	words := danish.Tokens(text)
	if len(words) == 0 {
		return false
	}
	return pointers[strings.ToLower(words[0].Text)] && !Determines(text, words, 0) || s.Sentence > 0 && goesOn(text, words)
}

// Points reports whether a text from elsewhere begins with a word that points to the sentence before it.
func Points(text string) bool {
	words := danish.Tokens(text)
	return len(words) > 0 && pointers[strings.ToLower(words[0].Text)]
}

// articleWords are the pointers that also stand before a noun which names what is meant: »den frivillige sektor«, »de personer, der …«.
var articleWords = wordSet("den det de")

// superlatives are folded adjectives that look like verbs of the past.
var superlatives = wordSet("foerste sidste naeste fleste bedste stoerste mindste nyeste aeldste yngste laengste hoejeste laveste")

// ambiguous are endings of words that may be verbs (»de viste«, »de ville«) or adjectives that point back (»den samlede indsats«).
var ambiguous = []string{"te", "ede", "ende", "ville", "kunne", "skulle", "vde", "rde", "gde"}

// Determines reports whether a word of a text stands before an adjective, or before a noun with its own clause, so that it points to
// nothing before it.
func Determines(text string, words []danish.Token, at int) bool {
	if at+2 >= len(words) || !articleWords[strings.ToLower(words[at].Text)] {
		return false
	}
	next, rest := danish.Fold(words[at+1].Text), text[words[at+1].End:]
	switch {
	case strings.HasPrefix(rest, ", der "), strings.HasPrefix(rest, ", som "), superlatives[next], strings.HasSuffix(next, "igste"):
		return true
	}
	return len(next) > len("ene") && strings.HasSuffix(next, "e") && !slices.ContainsFunc(ambiguous, func(end string) bool { return strings.HasSuffix(next, end) })
}

// another tells of one more of what was told before: »… er en anden skyggeside«, »… er andre eksempler«.
var another = regexp.MustCompile(`\b(?:er|var|naevnes|findes) (?:en anden|et andet|andre|endnu e[nt]) `)

// goesOn reports whether a sentence goes on with a series.
func goesOn(text string, words []danish.Token) bool {
	folded := danish.Fold(text[:min(len(text), words[min(3, len(words)-1)].End+1)])
	return another.MatchString(danish.Fold(text)) || slices.ContainsFunc(seconds, func(s string) bool { return strings.HasPrefix(folded, s) }) ||
		slices.ContainsFunc(words[:min(5, len(words))], func(w danish.Token) bool { return also[danish.Fold(w.Text)] })
}

// abbreviation is a name in capitals.
var abbreviation = regexp.MustCompile(`\b[A-ZÆØÅ]{3,}\b`)

// introduces reports whether a sentence tells what an abbreviation stands for: »Most Significant Change, MSC, …«, »SROI står for …«.
func introduces(sentence, short string) bool {
	return strings.Contains(sentence, ", "+short+",") || strings.Contains(sentence, short+" står for")
}

// bare reports whether a sentence has an abbreviation that another of its passage tells the meaning of, and nothing picked has it.
func (c Chooser) bare(s Candidate, picked []Candidate) bool {
	text := c.text(s)
	for _, short := range abbreviation.FindAllString(text, -1) {
		has := func(p Candidate) bool { return strings.Contains(c.text(p), short) }
		if introduces(text, short) || slices.ContainsFunc(picked, has) {
			continue
		}
		p := &c.ix.Passages[s.Passage]
		for n := range p.Sentences {
			if introduces(p.SentenceText(n), short) {
				return true
			}
		}
	}
	return false
}

// leansBack reports whether a sentence begins with a word that points to a sentence which is not picked.
func (c Chooser) leansBack(s Candidate, picked []Candidate) bool {
	if !c.PointsBack(s) {
		return false
	}
	for _, other := range picked {
		if other.Passage == s.Passage && other.Sentence == s.Sentence-1 {
			return false
		}
	}
	return true
}

func wordSet(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
