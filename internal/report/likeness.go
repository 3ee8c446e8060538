package report

import (
	"cmp"
	_ "embed" // the list below
	"math"
	"slices"
	"sync"

	"kildesvar/internal/classify"
	"kildesvar/internal/index"
	"kildesvar/internal/query"
)

// Likeness of questions is the probability that one answer would do for both: a logistic regression over what a pair has in common
// (compare). The subjects (subjects.go) tie together what has no letter in common: »fyre«, »bortvise« and »afskedige«. Stems, parts of
// compounds and character n-grams, weighed by their idf among the corpus' entry questions, are what is left where the list knows nothing.
// Sides (sider.txt) hold apart what is asked from different sides: what a room costs, and who has its key.
//
// The coefficients were fitted to the pairs of seven sets, 1,197 questions in testdata/grupper.jsonl and egne.jsonl, with lists of subjects
// that lack a fifth to a third of their words, since whoever wrote the list had read the one file and written the other. Fitted to six sets
// and tried on the seventh, mean F1 is 0.66 to 0.68 for thresholds from 0.1 to 0.4: 0.8 where most groups are a subject of their own, 0.44
// and 0.52 where neighbouring groups share a keyword. On the 436 questions of a stranger it is 0.25: see TestGroupingStrange. The list
// grew by a few subjects after the fit; fitted anew, no coefficient moves by more than 0.7, and F1 by less than 0.01.
//
// Without gain (less than 0.01): the surest shared subject, a product of sides and subjects, the share of sides in common. Earlier: the
// embedder, a thesaurus of 1,800 groups of synonyms, the best pair or the worst in part in place of the average.

// meaning is what is known of a question: what it says and asks, and where it comes near.
type meaning struct {
	stems, grams, subjects, areas, sides termVector

	sure  float32  // how surely it names the subject that it names most surely, up to 1
	whole bool     // a question, not a few search words
	near  []string // article ids of its first hits
}

// sideList are sides from which any subject may be asked about: its price, a permission, a form.
//
//go:embed sider.txt
var sideList string

// sides are read when first needed.
var sides = sync.OnceValue(func() *subjects { return readSubjects(sideList) })

// meaningOf reads a question: its terms with their idf among the entry questions, its subjects and sides.
func meaningOf(ix *index.Index, q *query.Query, known *subjects) meaning {
	m := meaning{stems: unit(index.Weighed(ix.Asked.Stems, q.Terms.Stems)), grams: unit(index.Weighed(ix.Asked.Grams, q.Terms.Grams))}
	for n, sure := range known.in(q.Text, ix) {
		m.subjects = append(m.subjects, classify.Feature{Key: uint64(n), Value: sure})
		m.sure = max(m.sure, sure)
	}
	m.subjects = unit(m.subjects)
	m.areas = known.wider(m.subjects)
	for n := range sides().in(q.Text, nil) {
		m.sides = append(m.sides, classify.Feature{Key: uint64(n), Value: sideValue(n)})
	}
	m.sides = unit(m.sides)
	return m
}

// sideValue is what a side counts: little if most questions have it.
func sideValue(n int) float32 {
	switch sides().names[n] {
	case "lovligt", "krav", "tid", "problem":
		return 0.4
	}
	return 1
}

// features is how many numbers compare gives.
const features = 9

// pairModel is what each of them is worth in log odds; go test -run FitPairs -fit fits it anew.
var pairModel = [features]float64{
	-4.71, // any pair
	5.92,  // subjects in common
	-2.08, // both name an area (the part of a subject's name before the slash), and another
	2.39,  // n-grams in common
	4.90,  // stems in common, where one names no subject
	0.88,  // sides in common
	-0.51, // both have sides, and none in common
	0.16,  // the same article comes near
	2.97,  // areas in common
}

// alikeEnough is the average likeness from which two clusters are one. From 0.15 to 0.35 mean F1 of the cross-validation moves by 0.01.
const alikeEnough = 0.25

// compare are the features of a pair of questions, each from 0 to 1.
func compare(a, b *meaning) (x [features]float64) {
	subject, area := float64(a.subjects.cosine(b.subjects)), float64(a.areas.cosine(b.areas))
	side, least := float64(a.sides.cosine(b.sides)), float64(min(a.sure, b.sure))
	x[0] = 1
	x[1] = subject * math.Sqrt(least)
	x[2] = (1 - area) * least
	x[3] = float64(a.grams.cosine(b.grams))
	x[4] = float64(a.stems.cosine(b.stems)) * (1 - least)
	x[5] = side
	if len(a.sides) > 0 && len(b.sides) > 0 && side == 0 {
		x[6] = 1
	}
	for i, p := range a.near {
		for j, q := range b.near {
			if p == q {
				x[7] = max(x[7], 1/float64(1+i+j))
			}
		}
	}
	x[8] = area * math.Sqrt(least)
	return x
}

// likeness is the probability that one answer would do for both.
func likeness(a, b *meaning) float32 {
	return float32(probability(pairModel, compare(a, b)))
}

// probability is that of a pair with these features.
func probability(w, x [features]float64) float64 {
	z := 0.0
	for i, v := range x {
		z += w[i] * v
	}
	return 1 / (1 + math.Exp(-z))
}

// termVector is terms of a text by key, in order, of Euclidean length 1; nil for a text without content.
type termVector []classify.Feature

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
