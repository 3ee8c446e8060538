package alignment

// Features are what the logistic function weighs; each is 0 where the sentence is its passage.
type Features struct {
	Gap     float64 // 1 - coverage: the weighted share of words that are not met
	Edited  float64 // words put for another word of weight in a stretch that is otherwise word for word the passage's
	Run     float64 // longest run of unmet words, in words
	Scatter float64 // weight of the words on the wrong side of the best cut into two stretches, one of each sentence of the window
	Hedge   float64 // quantifiers and expectations that the sentence leaves out, and quantifiers that grow a little
	Surplus float64 // weight of unmet words beyond that of the window's words which the sentence lacks: what is added, not replaced
	Two     float64 // 1 when the window is two sentences that the sentence mixes
	Joined  float64 // 1 when the window is two sentences that the sentence sets one behind the other
	Beside  float64 // weight of words that stand in the passage, but not in the window
	Verbs   float64 // weight of unmet verbs
	Nouns   float64 // weight of other unmet words
	Loose   float64 // weight of the words that are met by likeness only
	Doubt   float64 // doubts: what may be a fault, but mostly is none
	Synonym float64 // weight of the words that are met by synonyms
	Titled  float64 // weight of words that only the titles above the window have
	Subject float64 // 1 when the sentence and the window begin with different things
}

// Pointers are the features in a fixed order.
func (f *Features) Pointers() []*float64 {
	return []*float64{&f.Gap, &f.Edited, &f.Run, &f.Scatter, &f.Hedge, &f.Surplus, &f.Two, &f.Joined, &f.Beside, &f.Verbs, &f.Nouns, &f.Loose, &f.Doubt, &f.Synonym, &f.Titled, &f.Subject}
}

// List is the features' values in that order.
func (f Features) List() [16]float64 {
	var out [16]float64
	for i, p := range f.Pointers() {
		out[i] = *p
	}
	return out
}

// Doubted records what may be a fault at a token of the sentence: it weighs, but does not decide.
func (j *Judgement) Doubted(k Kind, tok int) {
	t := j.S.Toks[tok]
	j.doubt(Fault{Kind: k, Text: t.Raw, Offset: t.Start})
}

// DoubtMissing records a word of the passages that the sentence may not leave out.
func (j *Judgement) DoubtMissing(k Kind, pos int) {
	j.doubt(Fault{Kind: k, Text: j.W.Toks[pos].Raw, Offset: -1})
}

func (j *Judgement) doubt(f Fault) {
	for _, old := range j.Doubts {
		if old == f {
			return
		}
	}
	if len(j.Doubts) < maxFaults {
		j.Doubts = append(j.Doubts, f)
		j.Feature.Doubt++
	}
}
