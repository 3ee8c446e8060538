package sentence

import (
	"math"
	"slices"

	"kildesvar/internal/danish"
	"kildesvar/internal/lexical"
	"kildesvar/internal/query"
	"kildesvar/internal/question"
	"kildesvar/internal/retrieval"
)

// FeatureNames name the inputs of the sentence model, in the order of its coefficients.
var FeatureNames = []string{"bias", "stems", "grams", "asked", "passage", "topic", "suits", "kind", "near", "said", "length", "tied", "first"}

// ratingModel says how likely a sentence of a hit is the one that answers. Its coefficients are those of a logistic regression on the
// sentences of the first hits for the train split's answerable questions; a sentence of a right article that has one of the
// question's facts counts as right. `kildesvar eval --fit` makes them anew.
var ratingModel = retrieval.Model{-6.91, -0.79, 1.29, 1.44, 3.37, 0.94, 0.22, 0.58, -0.71, 0.55, 0.64, 2.73, 0.42}

// rate gives each sentence of a hit its value: how likely it is the one that answers.
func (c Chooser) rate(q *query.Query, hits []retrieval.Hit, h int) []Candidate {
	features := c.features(q, hits, h)
	out := make([]Candidate, len(features))
	for i, f := range features {
		s := c.One(hits[h].Number, i, h)
		s.suits = q.Reading.Suits(hits[h].Passage.SentenceText(i))
		s.value = ratingModel.Probability(f)
		if HasAll(s.stems, q.Except) {
			s.value *= excepted
		}
		if warns(hits[h].Passage.SentenceText(i)) {
			s.value *= warning
		}
		out[i] = s
	}
	return out
}

// excepted is what a sentence is worth, beside the others, that tells of what the question leaves out.
const excepted = 0.1

// Uncounted reports whether a question asks how many, or when, and none of the sentences picked for it says so.
func (c Chooser) Uncounted(q *query.Query, picked []Candidate) bool {
	return q.Reading.Shape == question.ShapeFigures && question.Counting(q.Text) && !slices.ContainsFunc(picked, func(s Candidate) bool { return q.Reading.Suits(c.text(s)) })
}

// warnings are folded words with which an article says how far its own text can be relied on.
var warnings = wordSet("kontrolleres kontroller gengivet retsinformation")

// warning is what such a sentence is worth beside the others: an answer that quotes the law has a note that says the same.
const warning = 0.4

// warns reports whether a sentence tells of the article's text rather than of its subject.
func warns(sentence string) bool {
	return slices.ContainsFunc(danish.Tokens(sentence), func(t danish.Token) bool { return warnings[danish.Fold(t.Text)] })
}

// features are the inputs of the sentence model for each sentence of a hit, in the order of FeatureNames:
//
//	stems, grams   how much of the question it meets, by idf
//	asked          how much of the section's entry question most like the question it meets, times that likeness, by 4-grams
//	passage        its passage's score as a share of the best
//	topic          how likely the question is of its section
//	suits          it has what the shape is made of
//	kind           it has the figure, year or name that the question asks for
//	near           how much of the question the sentence before or after it meets: what they tell, it need not
//	said           how much of it, by idf, is said in the question or that entry question
//	length         its words, in thirties
//	first          it opens its passage, where an editor tells what the passage is about
//	tied           how likely it is, by the section's entry questions, the sentence of its section that is asked for (sentence/asked)
func (c Chooser) features(q *query.Query, hits []retrieval.Hit, h int) [][]float64 {
	hit := &hits[h]
	stems, grams := c.ix.Body.Stems, c.ix.Body.Grams
	var entry lexical.Terms
	likeness := 0.0
	if len(hit.Asked) > 0 {
		entry, likeness = c.ix.Analyser().Text(c.ix.Questions[hit.Asked[0].Number].Text), hit.Asked[0].Likeness
	}
	told := lexical.Keys(q.Terms.Stems, entry.Stems)
	n := len(hit.Passage.Sentences)
	const near, tie = 8, 11
	tied := c.asked().Likely(hit.Number, q.Terms.Stems)
	out, own := make([][]float64, n), make([]float64, n)
	for i := range n {
		text := hit.Passage.SentenceText(i)
		t := c.ix.Analyser().Text(text)
		s, g := stems.Share(q.Terms.Stems, lexical.Keys(t.Stems)), grams.Share(q.Terms.Grams, lexical.Keys(t.Grams))
		own[i] = (s + g) / 2
		out[i] = []float64{1, s, g, likeness * grams.Share(entry.Grams, lexical.Keys(t.Grams)), hit.Score / hits[0].Score, hit.Value(retrieval.Topic),
			flag(q.Reading.Suits(text)), flag(q.Reading.Counts() && q.Reading.Suits(text)), 0, stems.Share(t.Stems, told), math.Min(float64(len(danish.Tokens(text)))/30, 2), 0, flag(i == 0)}
		if tied != nil {
			out[i][tie] = tied[i]
		}
	}
	for i := range out {
		if i > 0 {
			out[i][near] = own[i-1]
		}
		if i+1 < n {
			out[i][near] = max(out[i][near], own[i+1])
		}
	}
	return out
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Example is a sentence that an answer could be made of, for fitting the sentence model.
type Example struct {
	Article, Text string
	Features      []float64
}

// Examples are the sentences of the first hits of a search.
func (c Chooser) Examples(r *retrieval.Result) []Example {
	var out []Example
	for h := range r.Hits[:min(passages, len(r.Hits))] {
		for i, f := range c.features(r.Query, r.Hits, h) {
			p := r.Hits[h].Passage
			out = append(out, Example{p.Article, p.SentenceText(i), f})
		}
	}
	return out
}
