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
	Beside  float64 // weight of words that stand in the passage, but not in the window
	Verbs   float64 // weight of unmet verbs
	Nouns   float64 // weight of other unmet words
	Loose   float64 // weight of the words that are met by likeness only
	Doubt   float64 // doubts: what may be a fault, but mostly is none
	Suspect float64 // suspicions: what mostly is a fault, but as often as not in a faithful rewording too
	Double  float64 // weight of the words that meet by likeness or synonym what another word meets exactly
	Titled  float64 // weight of words that only the titles above the window have
}

// Pointers are the features in a fixed order.
func (f *Features) Pointers() []*float64 {
	return []*float64{&f.Gap, &f.Edited, &f.Run, &f.Scatter, &f.Hedge, &f.Surplus, &f.Two, &f.Beside, &f.Verbs, &f.Nouns, &f.Loose, &f.Doubt, &f.Suspect, &f.Double, &f.Titled}
}

// List is the features' values in that order.
func (f Features) List() [15]float64 {
	var out [15]float64
	for i, p := range f.Pointers() {
		out[i] = *p
	}
	return out
}

// Doubted records what may be a fault at a token of the sentence: it weighs, but does not decide.
func (j *Judgement) Doubted(k Kind, tok int) {
	if t := j.S.Toks[tok]; j.doubt(Fault{Kind: k, Text: t.Raw, Offset: t.Start}) {
		j.Feature.Doubt++
	}
}

// Suspected records what is likely a fault at a token of the sentence: it weighs more.
func (j *Judgement) Suspected(k Kind, tok int) {
	if t := j.S.Toks[tok]; j.doubt(Fault{Kind: k, Text: t.Raw, Offset: t.Start}) {
		j.Feature.Suspect++
	}
}

// SuspectMissing records a word of the passages that the sentence likely may not leave out.
func (j *Judgement) SuspectMissing(k Kind, pos int) {
	if j.doubt(Fault{Kind: k, Text: j.W.Toks[pos].Raw, Offset: -1}) {
		j.Feature.Suspect++
	}
}

func (j *Judgement) doubt(f Fault) bool {
	for _, old := range j.Doubts {
		if old == f {
			return false
		}
	}
	if len(j.Doubts) >= maxFaults {
		return false
	}
	j.Doubts = append(j.Doubts, f)
	return true
}
