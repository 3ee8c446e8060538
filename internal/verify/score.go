package verify

import "math"

// Threshold is the least score of a sentence that is supported. It was chosen on the same pairs as the coefficients, for few
// false alarms.
const Threshold = 0.5

// model is a logistic function of the features.
type model struct {
	bias   float64
	weight features
}

// coefficients of the logistic function: score = 1 / (1 + exp(-(bias + Σ weight·feature))). No feature may raise the score.
// They were made by »go test -run TestFit -fit« and rounded: gradient descent with a small ridge on the labelled pairs of five
// articles (see development in the tests), on the sentences of testdata/rewordings.txt, and on the supported sentences with
// the passages of others; without the pairs that have a fault anyway, and without the supported sentences that are said in
// words of their own, which only a model that accepts the unknown could learn to let through.
var coefficients = model{
	bias:   1.77,
	weight: features{gap: -0.38, edited: -1.34, run: -1.56, scatter: -0.98, hedge: -1.08, surplus: -1.07, two: -0.94},
}

// score weighs the features.
func (m *model) score(f features) float64 {
	sum := m.bias
	values := f.list()
	for i, w := range m.weight.list() {
		sum += w * values[i]
	}
	return 1 / (1 + math.Exp(-sum))
}

// faultScore is the most that the score of a sentence with a fault can be.
const faultScore = 0.4

// verdict weighs what was found.
func (j *judgement) verdict(m *model) Verdict {
	v := Verdict{Score: m.score(j.feature), Faults: j.faults}
	for _, sent := range j.win.sents {
		v.By = append(v.By, j.w.passage[sent])
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
	for i, k := range j.s.toks {
		if k.weight >= commonWeight && !j.isMet(i) && k.number == 0 {
			out = append(out, Fault{Content, k.raw, k.start})
		}
	}
	if len(out) == 0 {
		out = append(out, Fault{Order, "", -1})
	}
	return out
}
