package verify

// features are what the logistic function weighs; each is 0 where the sentence is its passage.
type features struct {
	gap     float64 // 1 - coverage: the weighted share of words that are not met
	edited  float64 // words put for another word of weight in a stretch that is otherwise word for word the passage's
	run     float64 // longest run of unmet words, in words
	scatter float64 // weight of the words on the wrong side of the best cut into two stretches, one of each sentence of the window
	hedge   float64 // quantifiers and expectations that the sentence leaves out, and quantifiers that grow a little
	surplus float64 // weight of unmet words beyond that of the window's words which the sentence lacks: what is added, not replaced
	two     float64 // 1 when the window is two sentences
}

// pointers are the features in a fixed order.
func (f *features) pointers() []*float64 {
	return []*float64{&f.gap, &f.edited, &f.run, &f.scatter, &f.hedge, &f.surplus, &f.two}
}

// list is the features' values in that order.
func (f features) list() [7]float64 {
	var out [7]float64
	for i, p := range f.pointers() {
		out[i] = *p
	}
	return out
}
