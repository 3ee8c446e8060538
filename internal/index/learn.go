package index

import (
	_ "embed" // the list below
	"hash/fnv"
	"strings"

	"kildesvar/internal/classify"
	"kildesvar/internal/danish"
	"kildesvar/internal/lexical"
)

// outsideList are questions that theme articles seldom answer: addresses and prices, other authorities' business, the world at
// large. They are no gold questions and name nothing of any theme.
//
//go:embed udenfor.txt
var outsideList string

// vagueList are questions that leave out what they are about. They name nothing of any theme and are no gold questions.
//
//go:embed vage.txt
var vagueList string

// Outside returns questions that theme articles seldom answer, whatever the theme.
func Outside() []string { return listed(outsideList) }

// Vague returns questions that leave out what they are about.
func Vague() []string { return listed(vagueList) }

// listed are the lines of a list without its comments.
func listed(list string) (out []string) {
	for line := range strings.Lines(list) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out
}

// LikeFeatures are the terms of a text for its likeness to entry questions: stems with their idf among the entry questions, and small
// words, which tell »hvor mange« from »hvorfor«.
func (ix *Index) LikeFeatures(text string, stems []lexical.Weighted) []classify.Feature {
	return append(words(text, smallValue, danish.StopWord), Weighed(ix.Asked.Stems, stems)...)
}

// TopicFeatures are the terms of a text for Topics: those of LikeFeatures, and character n-grams, which tie the forms and compounds of
// a word together. On entry questions left out the right section came first in 0.53 with them, 0.48 without.
func (ix *Index) TopicFeatures(text string, terms lexical.Terms) []classify.Feature {
	features := ix.LikeFeatures(text, terms.Stems)
	for _, f := range Weighed(ix.Asked.Grams, terms.Grams) {
		f.Value *= gramShare
		features = append(features, f)
	}
	return features
}

// EdgeFeatures are the terms of a question for Edge: every word as it stands, small words too, each two words that stand together or
// with one between them (»hvad koster«, »hvor … henne«), and character n-grams of the words of content with their idf among the
// entry questions. Pairs brought the area under the curve of questions left out from 0.91 to 0.93.
func (ix *Index) EdgeFeatures(question string) []classify.Feature {
	features := append(words(question, wordValue, func(string) bool { return true }), pairs(question, wordValue)...)
	return append(features, Weighed(ix.Asked.Grams, ix.analyser.Text(question).Grams)...)
}

// pairs are two folded words each, neighbours or with one word between them, begin and end of the text counting as words.
func pairs(text string, value float32) []classify.Feature {
	row := []string{"^"}
	for _, t := range danish.Tokens(text) {
		row = append(row, danish.Fold(t.Text))
	}
	row = append(row, "$")
	var out []classify.Feature
	for i := range row {
		for gap, mark := range []string{" ", " _ "} {
			if j := i + gap + 1; j < len(row) {
				out = append(out, classify.Feature{Key: hash(row[i] + mark + row[j]), Value: value})
			}
		}
	}
	return out
}

// hash is the key of a feature that is no term.
func hash(s string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s)) // a hash takes everything
	return h.Sum64()
}

// Weighed are terms with their idf in a field.
func Weighed(field *lexical.Index, terms []lexical.Weighted) []classify.Feature {
	out := make([]classify.Feature, len(terms))
	for i, t := range terms {
		out[i] = classify.Feature{Key: uint64(t.Key), Value: t.Weight * field.IDF(t.Key)}
	}
	return out
}

// What a whole word counts, against the idf of a stem or an n-gram, which is 4 to 9; chosen on the train split and on entry
// questions left out.
const (
	smallValue = 5
	wordValue  = 6
	// gramShare is what an n-gram's idf counts against a stem's: a word has several.
	gramShare = 0.6
)

// words are the folded words of a text that are wanted, each once, as features of equal value.
func words(text string, value float32, wanted func(lower string) bool) []classify.Feature {
	var out []classify.Feature
	seen := map[string]bool{}
	for _, t := range danish.Tokens(text) {
		w := danish.Fold(t.Text)
		if seen[w] || !wanted(strings.ToLower(t.Text)) {
			continue
		}
		seen[w] = true
		out = append(out, classify.Feature{Key: hash(w), Value: value})
	}
	return out
}

// sections lists the sections of the entry questions.
func (ix *Index) sections() (out []Section) {
	for _, q := range ix.Questions {
		if s := (Section{q.First, q.Last}); len(out) == 0 || out[len(out)-1] != s {
			out = append(out, s)
		}
	}
	return out
}

// learnTopics trains Topics on the entry questions, and on the sentences of their sections.
func (ix *Index) learnTopics() {
	sections := ix.sections()
	class := make(map[Section]int, len(sections))
	for i, s := range sections {
		class[s] = i
	}
	if len(sections)*len(ix.Questions) > classify.MaxWeights { // spare the analysis: there will be no model
		ix.Topics = &classify.Model{}
		return
	}
	var examples []classify.Example
	add := func(text string, class int) {
		examples = append(examples, classify.Example{Features: ix.TopicFeatures(text, ix.analyser.Text(text)), Class: class})
	}
	for _, q := range ix.Questions {
		add(q.Text, class[Section{q.First, q.Last}])
	}
	for c, s := range sections {
		for i := s.First; i < s.Last; i++ {
			for j := range ix.Passages[i].Sentences {
				add(ix.Passages[i].SentenceText(j), c)
			}
		}
	}
	ix.Topics = classify.Train(examples, len(sections), ix.articlesOf(sections))
}

// articlesOf numbers the articles of sections.
func (ix *Index) articlesOf(sections []Section) []int {
	numbers := map[string]int{}
	out := make([]int, len(sections))
	for i, s := range sections {
		a := ix.Passages[s.First].Article
		if _, ok := numbers[a]; !ok {
			numbers[a] = len(numbers)
		}
		out[i] = numbers[a]
	}
	return out
}

// Edge learns nothing useful from fewer entry questions than minEdge, and maxEdge bounds the work.
const (
	minEdge = 200
	maxEdge = 50_000
)

// Classes of Edge.
const (
	Elsewhere = iota // questions that the articles, or theme articles as such, do not answer
	Answered         // questions that they answer
	Unclear          // questions that leave out what they are about
	edges
)

// learnEdge trains Edge on questions of its classes; the smaller ones are repeated until all weigh about the same.
func (ix *Index) learnEdge(unanswered []string) {
	ix.Edge = &classify.Model{}
	var asked []string
	for _, q := range ix.Questions {
		if !q.StandIn {
			asked = append(asked, q.Text)
		}
	}
	if len(asked) < minEdge || len(asked) > maxEdge {
		return
	}
	classes := [edges][]string{Elsewhere: append(Outside(), unanswered...), Answered: asked, Unclear: Vague()}
	most := 0
	for _, questions := range classes {
		most = max(most, len(questions))
	}
	var examples []classify.Example
	for class, questions := range classes {
		for _, q := range questions {
			e := classify.Example{Features: ix.EdgeFeatures(q), Class: class}
			for range max(1, most/len(questions)) {
				examples = append(examples, e)
			}
		}
	}
	ix.Edge = classify.Train(examples, int(edges), nil)
}
