package report

import (
	"cmp"
	_ "embed" // the list below
	"math"
	"slices"
	"strings"

	"kildesvar/internal/classify"
	"kildesvar/internal/index"
	"kildesvar/internal/retrieval"
)

// Likeness of questions, chosen on the train half of testdata/grupper.jsonl (pairwise F1 there at the best threshold): stems and parts of
// compounds alone 0.51, character 4-grams alone 0.52, the local embedder 0.25, stems with grams 0.57; with misspelt words corrected and
// concepts called up by everyday words, as the search has them, 0.58; with words for who and where counting little, 0.61 and a precision
// of 0.77 in place of 0.65: that is what is used. Not used, because they brought nothing there or took something away: small words
// (0.55), the embedder as a third part (0.50), terms' rarity among the questions themselves (0.46 to 0.59), the best pair in part in place
// of the average (0.56), a regression over six likenesses (0.57), a thesaurus of 1,800 groups of everyday words (0.61).
const (
	// gramShare is what an n-gram counts against a stem, as in package index.
	gramShare = 0.6
	// castShare is what a word for who or where counts against another.
	castShare = 0.1
	// alikeEnough is the average likeness from which two clusters are one.
	alikeEnough = 0.12
)

// castList are words for who and where.
//
//go:embed aktoerer.txt
var castList string

// castOf are the keys of those words in an index.
func castOf(ix *index.Index) map[uint64]bool {
	out := map[uint64]bool{}
	for line := range strings.Lines(castList) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range strings.Fields(line) {
			terms := ix.Analyser().Words([]string{w}, []float32{1})
			if len(terms.Stems) > 0 {
				out[uint64(terms.Stems[0].Key)] = true // the word as a whole; its parts may be what is asked about
			}
			for _, g := range terms.Grams {
				out[uint64(g.Key)^gramMark] = true
			}
		}
	}
	return out
}

// termVector is terms of a text by key, in order, of Euclidean length 1; nil for a text without content.
type termVector []classify.Feature

// termsOf are the terms of a question with their idf among the entry questions. cast are those for who and where.
func termsOf(ix *index.Index, q *retrieval.Query, cast map[uint64]bool) termVector {
	grams := index.Weighed(ix.Asked.Grams, q.Terms.Grams)
	for i := range grams {
		grams[i].Key ^= gramMark
		grams[i].Value *= gramShare
	}
	terms := append(index.Weighed(ix.Asked.Stems, q.Terms.Stems), grams...)
	for i := range terms {
		if cast[terms[i].Key] {
			terms[i].Value *= castShare
		}
	}
	return unit(terms)
}

// gramMark keeps an n-gram apart from a stem of the same letters.
const gramMark = 1 << 63

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
