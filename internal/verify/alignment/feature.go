package alignment

// Features are what the logistic function weighs; each is 0 where the sentence is its passage.
type Features struct {
	Gap     float64 // 1 - coverage: the weighted share of words that are not met
	Edited  float64 // words put for another word of weight in a stretch that is otherwise word for word the passage's
	Run     float64 // longest run of unmet words, in words
	Scatter float64 // weight of the words on the wrong side of the best cut into two stretches, one of each sentence of the window
	Hedge   float64 // quantifiers and expectations that the sentence leaves out, and quantifiers that grow a little
	Surplus float64 // weight of unmet words beyond that of the window's words which the sentence lacks: what is added, not replaced
	Two     float64 // 1 when the window is two sentences
}

// Pointers are the features in a fixed order.
func (f *Features) Pointers() []*float64 {
	return []*float64{&f.Gap, &f.Edited, &f.Run, &f.Scatter, &f.Hedge, &f.Surplus, &f.Two}
}

// List is the features' values in that order.
func (f Features) List() [7]float64 {
	var out [7]float64
	for i, p := range f.Pointers() {
		out[i] = *p
	}
	return out
}
