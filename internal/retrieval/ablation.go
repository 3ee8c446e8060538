package retrieval

// Variant is a set of weights with a name.
type Variant struct {
	Name    string
	Weights Weights
}

// Ablations are the default weights and each kind of evidence switched off in turn.
func Ablations() []Variant {
	out := []Variant{{"alt slået til", DefaultWeights()}}
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
		{"uden indgangsspørgsmål", func(w *Weights) { w.AskedStems, w.AskedGrams, w.Topic, w.Article = 0, 0, 0, 0 }},
		{"uden " + Vector, func(w *Weights) { w.Vector = 0 }},
		{"uden " + Coverage, func(w *Weights) { w.Coverage = 0 }},
		{"uden begreber", func(w *Weights) { w.Concepts = 0 }},
		{"uden stavekontrol", func(w *Weights) { w.Spelling = 0 }},
		{"uden samtalen", func(w *Weights) { w.History = 0 }},
	} {
		w := DefaultWeights()
		off.set(&w)
		out = append(out, Variant{off.name, w})
	}
	return out
}
