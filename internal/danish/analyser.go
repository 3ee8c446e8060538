package danish

// Term is a word's indexed form.
type Term struct {
	Text   string
	Weight float64 // 1 for the word itself, PartWeight for a constituent of a compound
}

// PartWeight is the weight of a compound's constituents against 1 for the whole; measured on Danish questions.
const PartWeight = 0.5

// Analyser turns words into terms. It is immutable.
type Analyser struct{ split *Splitter }

// NewAnalyser returns an Analyser that splits compounds with split, which may be nil.
func NewAnalyser(split *Splitter) *Analyser { return &Analyser{split} }

// Terms returns the terms of one lower-case word: first its folded stem, then those of its constituents.
func (a *Analyser) Terms(word string) []Term {
	whole := TermOf(word)
	out := []Term{{whole, 1}}
	if a.split == nil {
		return out
	}
	for _, part := range a.split.Split(word) {
		if t := TermOf(part); t != whole {
			out = append(out, Term{t, PartWeight})
		}
	}
	return out
}

// TermOf is the folded stem of a lower-case word.
func TermOf(word string) string { return Fold(Stem(word)) }
