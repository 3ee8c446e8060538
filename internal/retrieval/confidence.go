package retrieval

import "math"

// Model turns signals into the probability that the corpus answers the question: a logistic regression whose
// coefficients can be read. `kildesvar eval --fit` makes them anew from the train split.
type Model struct {
	Bias, Asked, Met, MetGrams, Known, Vector, UnknownName, MissingData float64
}

// DefaultModel was fitted on the train split of the built-in corpus' gold questions.
func DefaultModel() Model {
	return Model{Bias: -4, Asked: 5, Met: 2.5, MetGrams: 2, Known: 2, Vector: 1, UnknownName: -1.5, MissingData: -1.5}
}

// Features are the model's inputs in the order of Model's fields, bias first.
func (g Signals) Features() []float64 {
	return []float64{1, g.Asked, g.Met, g.MetGrams, g.Known, g.Vector, flag(g.UnknownName), flag(g.MissingData)}
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Coefficients returns the model as a vector that fits Features.
func (m Model) Coefficients() []float64 {
	return []float64{m.Bias, m.Asked, m.Met, m.MetGrams, m.Known, m.Vector, m.UnknownName, m.MissingData}
}

// Confidence is the probability, 0 to 1, that the corpus answers a question with these signals.
func (m Model) Confidence(g Signals) float64 {
	var z float64
	for i, f := range g.Features() {
		z += m.Coefficients()[i] * f
	}
	return 1 / (1 + math.Exp(-z))
}

// FeatureNames name the model's inputs in the order of Features.
var FeatureNames = []string{"bias", "asked", "met", "met.grams", "known", "vector", "unknown.name", "missing.data"}
