package report

import (
	"cmp"
	"math"
	"slices"

	"kildesvar/internal/classify"
	"kildesvar/internal/index"
	"kildesvar/internal/query"
)

// Likeness of questions is the cosine of their terms: stems and parts of compounds with their idf among the corpus' entry questions,
// character n-grams, and subjects (package file subjects.go), which tie together what has no letter in common: »fyre«, »bortvise« and
// »afskedige«. All was chosen on the train half of testdata/grupper.jsonl, by pairwise F1: without subjects 0.54 to 0.58, with them 0.94.
// That is kind, since whoever wrote the list of subjects had read that half; so the numbers below were chosen with 3 in 10 of the list's
// words left out at random, six times, which gives 0.80, and again among as many entry questions, which nothing should be grouped with.
//
// Not used, because they changed nothing then (less than 0.01): words for who and where counting little, everyday words counting less, a
// thesaurus of 1,800 groups of synonyms, terms' rarity among the questions themselves or by how well they tell sections apart. Without gain
// earlier: the embedder, the best pair or the worst in part in place of the average, a regression over six likenesses.
const (
	// gramShare is what an n-gram's idf counts against a stem's.
	gramShare = 0.35
	// subjectValue is what a subject counts against the idf of a stem, which is 4 to 9, if the word that gives it away stands in no entry
	// question. Subjects by such words alone: F1 among entry questions 0.71 in place of 0.69.
	subjectValue = 15
	// alikeEnough is the average likeness from which two clusters are one. Between 0.16 and 0.24 F1 moves by 0.01.
	alikeEnough = 0.22
)

// termVector is terms of a text by key, in order, of Euclidean length 1; nil for a text without content.
type termVector []classify.Feature

// termsOf are the terms of a question with their idf among the entry questions, and its subjects.
func termsOf(ix *index.Index, q *query.Query, known *subjects) termVector {
	terms := index.Weighed(ix.Asked.Stems, q.Terms.Stems)
	for _, g := range index.Weighed(ix.Asked.Grams, q.Terms.Grams) {
		terms = append(terms, classify.Feature{Key: g.Key ^ gramMark, Value: gramShare * g.Value})
	}
	for n, sure := range known.in(q.Text, ix) {
		terms = append(terms, classify.Feature{Key: subjectMark | uint64(n), Value: subjectValue * sure})
	}
	return unit(terms)
}

// gramMark keeps an n-gram apart from a stem of the same letters, and subjectMark a subject from both: a hash of a term is as good as never
// among the first few hundred numbers above it.
const (
	gramMark    = 1 << 63
	subjectMark = 3 << 62
)

// unit sorts the features and gives them length 1.
func unit(v termVector) termVector {
	slices.SortStableFunc(v, func(a, b classify.Feature) int { return cmp.Compare(a.Key, b.Key) })
	sum := 0.0
	for _, f := range v {
		sum += float64(f.Value) * float64(f.Value)
	}
	if sum == 0 {
		return nil
	}
	for i := range v {
		v[i].Value = float32(float64(v[i].Value) / math.Sqrt(sum))
	}
	return v
}

// cosine is 1 for the same terms and 0 for none in common.
func (v termVector) cosine(w termVector) float32 {
	sum := 0.0
	for i, j := 0, 0; i < len(v) && j < len(w); {
		switch a, b := v[i], w[j]; {
		case a.Key < b.Key:
			i++
		case a.Key > b.Key:
			j++
		default:
			sum += float64(a.Value) * float64(b.Value)
			i++
			j++
		}
	}
	return float32(sum)
}
