package alignment

import "slices"

// Features are what the logistic function weighs; each is 0 where the sentence is its passage.
type Features struct {
	Gap      float64 // 1 - coverage: the weighted share of words that are not met
	Edited   float64 // words put for another word of weight in a stretch that is otherwise word for word the passage's
	Run      float64 // longest run of unmet words, in words
	Scatter  float64 // weight of the words on the wrong side of the best cut into two stretches, one of each sentence of the window
	Hedge    float64 // quantifiers and expectations that the sentence leaves out, and quantifiers that grow a little
	Two      float64 // 1 when the window is two sentences that the sentence mixes
	Double   float64 // weight of the words that meet by likeness or synonym what another word meets exactly
	Titled   float64 // weight of words that only the titles above the window have
	OddVerbs float64 // weight of unmet verbs, times the share of the sentence that is copied
	OddWords float64 // the same of other unmet words
	Stray    float64 // weight of words that stand beside the window, times the share that is copied
	Away     float64 // names, numbers and actors from another sentence than that of their clause
	Rival    float64 // actors, names and numbers in the place of others
	Crossed  float64 // weight of words that have changed clauses
	Actors   float64 // actors that the window has not under that name
	Compound float64 // unmet compounds
	Unsaid   float64 // negations of the window that the sentence lacks, though it has their clause
	Duty     float64 // duties that the window says plainly, or has in other words
	Weakened float64 // duties that the sentence makes possibilities
	Added    float64 // marks of claims (see package relation) that the window lacks there
	Lost     float64 // marks of claims that the sentence lacks, though it has what they are about
}

// featureCount is how many there are.
const featureCount = 21

// Pointers are the features in a fixed order.
func (f *Features) Pointers() []*float64 {
	return []*float64{&f.Gap, &f.Edited, &f.Run, &f.Scatter, &f.Hedge, &f.Two, &f.Double, &f.Titled, &f.OddVerbs, &f.OddWords, &f.Stray,
		&f.Away, &f.Rival, &f.Crossed, &f.Actors, &f.Compound, &f.Unsaid, &f.Duty, &f.Weakened, &f.Added, &f.Lost}
}

// List is the features' values in that order.
func (f Features) List() [featureCount]float64 {
	var out [featureCount]float64
	for i, p := range f.Pointers() {
		out[i] = *p
	}
	return out
}

// Doubted records what may be a fault at a token of the sentence, but mostly is none: it is told when the score is too low anyway.
func (j *Judgement) Doubted(k Kind, tok int) {
	t := j.S.Toks[tok]
	j.doubt(Fault{Kind: k, Text: t.Raw, Offset: t.Start})
}

// DoubtMissing records a word of the passages that the sentence perhaps may not leave out.
func (j *Judgement) DoubtMissing(k Kind, pos int) {
	j.doubt(Fault{Kind: k, Text: j.W.Toks[pos].Raw, Offset: -1})
}

func (j *Judgement) doubt(f Fault) {
	if len(j.Doubts) < maxFaults && !slices.Contains(j.Doubts, f) {
		j.Doubts = append(j.Doubts, f)
	}
}
