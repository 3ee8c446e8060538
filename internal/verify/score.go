package verify

import (
	"math"

	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/reading"
)

// Threshold is the least score of a sentence that is supported. The class weights of the fit, not it, set the
// balance between false alarms and faults let through.
const Threshold = 0.5

// model is a logistic function of the features.
type model struct {
	bias   float64
	weight alignment.Features
}

// coefficients of the logistic function: score = 1 / (1 + exp(-(bias + Σ weight·feature))). No feature may raise the score.
// They were made by »go test -run TestFit -fit« and rounded: gradient descent with a small ridge on the old and the natural pairs of five
// articles (see development in the tests), on the sentences of testdata/rewordings.txt, and on the supported sentences with
// the passages of others; without the pairs that have a fault anyway, and with little regard to rewordings that share hardly a word.
var coefficients = model{
	bias: 2.44,
	weight: alignment.Features{Gap: -1.37, Edited: -0.82, Run: -1.71, Scatter: -0.84, Hedge: -1.27, Surplus: -0.77, Two: -2.01, Beside: -1.66,
		Verbs: -0.69, Nouns: -0.38, Loose: -0.14, Doubt: -0.15, Suspect: -0.25, Double: -0.33, Titled: -1.19},
}

// score weighs the features.
func (m *model) score(f alignment.Features) float64 {
	sum := m.bias
	values := f.List()
	for i, w := range m.weight.List() {
		sum += w * values[i]
	}
	return 1 / (1 + math.Exp(-sum))
}

// faultScore is the most that the score of a sentence with a fault can be.
const faultScore = 0.4

// verdict weighs what was found.
func (j *judgement) verdict(m *model) Verdict {
	v := Verdict{Score: m.score(j.Feature), Faults: j.Faults}
	for _, sent := range j.Win.Sents {
		v.By = append(v.By, j.W.Passage[sent])
	}
	if len(v.Faults) > 0 {
		v.Score *= faultScore
		return v
	}
	v.Supported = v.Score >= Threshold
	if !v.Supported {
		v.Faults = j.reasons()
	}
	return v
}

// reasons are the faults of a sentence with too low a score: the words that are not met, or else its order.
func (j *judgement) reasons() []Fault {
	var out []Fault
	for i, k := range j.S.Toks {
		if k.Weight >= reading.CommonWeight && !j.IsMet(i) && k.Number == 0 {
			out = append(out, Fault{Kind: Content, Text: k.Raw, Offset: k.Start})
		}
	}
	out = append(out, j.Doubts...)
	if len(out) == 0 {
		out = append(out, Fault{Kind: Order, Text: "", Offset: -1})
	}
	return out
}
