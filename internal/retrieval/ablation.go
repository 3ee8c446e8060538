package retrieval

import "fmt"

// Variant is a set of weights with a name.
type Variant struct {
	Name    string
	Weights Weights
}

// Ablations are the weights and each kind of evidence switched off in turn.
func Ablations(all Weights) []Variant {
	out := []Variant{{"alt slået til", all}}
	for _, off := range []struct {
		name string
		set  func(*Weights)
	}{
		{"uden " + BodyStems, func(w *Weights) { w.BodyStems = 0 }},
		{"uden " + BodyGrams, func(w *Weights) { w.BodyGrams = 0 }},
		{"uden " + AskedStems, func(w *Weights) { w.AskedStems = 0 }},
		{"uden " + AskedGrams, func(w *Weights) { w.AskedGrams = 0 }},
		{"uden " + Topic, func(w *Weights) { w.Topic = 0 }},
		{"uden " + Article, func(w *Weights) { w.Article = 0 }},
		{"uden indgangsspørgsmål", func(w *Weights) { w.AskedStems, w.AskedGrams, w.Same, w.Topic, w.Article = 0, 0, 0, 0, 0 }},
		{"uden " + Vector, func(w *Weights) { w.Vector = 0 }},
		{"uden " + Coverage, func(w *Weights) { w.Coverage = 0 }},
		{"uden " + Heading, func(w *Weights) { w.Heading = 0 }},
		{"uden begreber", func(w *Weights) { w.Concepts = 0 }},
		{"uden stavekontrol", func(w *Weights) { w.Spelling = 0 }},
		{"uden samtalen", func(w *Weights) { w.History = 0 }},
	} {
		w := all
		off.set(&w)
		out = append(out, Variant{off.name, w})
	}
	return out
}

// VectorWeights are the weights with the vectors' set to each of several values: what `kildesvar eval --fit-vector` measures.
func VectorWeights(all Weights) (out []Variant) {
	for _, v := range []float32{0, 0.15, 0.3, 0.6, 1, 1.5, 2, 3, 5} {
		w := all
		w.Vector = v
		out = append(out, Variant{fmt.Sprintf("vector %.2f", v), w})
	}
	return out
}
