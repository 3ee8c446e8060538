package retrieval

import "math"

// FeatureNames name the model's inputs in the order of Features.
var FeatureNames = []string{"bias", "asked", "met", "met.section", "met.grams", "sentence", "typed", "asked.high", "known", "missed", "unknown", "outside", "outside.like", "vector", "unknown.name", "missing.data", "defined"}

// Features are the model's inputs, bias first.
func (g Signals) Features() []float64 {
	return []float64{1, g.Asked, g.Met, g.MetSection, g.MetGrams, g.Sentence, g.Typed, max(0, 2*g.Asked-1), g.Known, g.Missed, g.Unknown, g.Outside, g.OutsideLike, g.Vector,
		flag(g.UnknownName), flag(g.MissingData), flag(g.Defined)}
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
	return Model{-2.5, 1, 1, 1, 0.5, 1, 0, 0, 2, -1, -1, 0, 0, 0, -2, -1.4, 1}
}

// Confidence is the probability, 0 to 1, that the corpus answers a question with these signals.
func (m Model) Confidence(g Signals) float64 {
	var z float64
	for i, f := range g.Features() {
		z += m[i] * f
	}
	return 1 / (1 + math.Exp(-z))
}
