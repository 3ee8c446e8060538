package retrieval

import "math"

// FeatureNames name the model's inputs in the order of Features.
var FeatureNames = []string{"bias", "met.section", "typed", "missed", "outside", "unknown.name", "missing.data", "edge", "asked"}

// Features are the model's inputs, bias first.
func (g Signals) Features() []float64 {
	return []float64{1, g.MetSection, g.Typed, g.Missed, g.Outside,
		flag(g.UnknownName), flag(g.MissingData), g.Edge, g.Asked}
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Model turns signals into the probability that the corpus answers the question: the coefficients, in the order of
// FeatureNames, of a logistic regression. `kildesvar eval --fit` makes them anew from the train split.
type Model []float64

// DefaultModel was fitted on the train split of the built-in corpus' gold questions.
func DefaultModel() Model {
	return Model{-1.99, 1.80, 1.01, -0.78, -0.50, -0.36, -1.29, 0.68, 1.39}
}

// Confidence is the probability, 0 to 1, that the corpus answers a question with these signals.
func (m Model) Confidence(g Signals) float64 { return m.Probability(g.Features()) }

// Probability is the same for features that are computed already.
func (m Model) Probability(features []float64) float64 {
	var z float64
	for i, f := range features {
		z += m[i] * f
	}
	return 1 / (1 + math.Exp(-z))
}
