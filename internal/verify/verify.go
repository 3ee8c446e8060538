package verify

import (
	"slices"
	"strings"
	"unicode"

	"kildesvar/internal/lexical"
	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/reading"
)

// Concept is a term of the field with the words that mean it.
type Concept = reading.Concept

// Passage is running text with the title of its article and its section's heading, which tell what it is about.
type Passage = reading.Passage

// Fault is one reason why a sentence is not supported.
type Fault = alignment.Fault

// Kind is the sort of a Fault.
type Kind = alignment.Kind

// The kinds of faults.
const (
	Number     = alignment.Number
	Year       = alignment.Year
	Percent    = alignment.Percent
	Unit       = alignment.Unit
	Paragraph  = alignment.Paragraph
	Name       = alignment.Name
	Negation   = alignment.Negation
	Modality   = alignment.Modality
	Quantifier = alignment.Quantifier
	Direction  = alignment.Direction
	Cause      = alignment.Cause
	Actor      = alignment.Actor
	Order      = alignment.Order
	Content    = alignment.Content
	Foreign    = alignment.Foreign
)

// Verdict says whether passages support a sentence.
type Verdict struct {
	Supported bool
	Score     float64 // 0 to 1, calibrated on labelled pairs: Supported means no Fault and at least Threshold
	Faults    []Fault // in the order of their offsets; none when Supported
	By        []int   // numbers of the passages that support the sentence (or come nearest), rising
}

// Limits of a sentence, in words and in bytes; a longer one is refused. One with fewer than minSentence words states nothing: it is a word
// of the passage repeated.
const (
	minSentence = 3
	maxSentence = 150
	maxBytes    = 4000
)

// Verifier checks sentences. It is safe for concurrent use.
type Verifier struct {
	lex   *reading.Lexicon
	model *model
}

// New returns a Verifier that analyses words with a (whose splitter finds the compounds of the corpus) and lets concepts'
// words stand for each other.
func New(a *lexical.Analyser, concepts []Concept) *Verifier {
	return &Verifier{reading.NewLexicon(a, concepts), &coefficients}
}

// Check reports whether the passages support the sentence. Citations in square brackets are skipped in their texts. Several sentences are checked one by one, and all must be supported. An empty sentence is not.
func (v *Verifier) Check(sentence string, passages []Passage) Verdict {
	if len(sentence) > maxBytes {
		return Verdict{Faults: []Fault{{Kind: Content, Text: "", Offset: -1}}}
	}
	if faults := foreign(sentence, passages); len(faults) > 0 {
		return Verdict{Faults: faults}
	}
	s := v.lex.Read(sentence)
	if len(s.Toks) > maxSentence || len(s.Sents) == 0 {
		return Verdict{Faults: []Fault{{Kind: Content, Text: "", Offset: -1}}}
	}
	if f := language(s); f != nil {
		return Verdict{Faults: []Fault{*f}}
	}
	w := v.lex.ReadAll(passages)
	out := Verdict{Supported: true, Score: 1}
	for i := range s.Sents {
		one := s.Only(i)
		part := Verdict{Faults: []Fault{{Kind: Content, Text: "", Offset: -1}}}
		if apart(one) >= minSentence {
			part = v.best(one, w)
		}
		out.Supported = out.Supported && part.Supported
		out.Score = min(out.Score, part.Score)
		out.Faults = append(out.Faults, part.Faults...)
		out.By = append(out.By, part.By...)
	}
	slices.Sort(out.By)
	out.By = slices.Compact(out.By)
	slices.SortStableFunc(out.Faults, func(a, b Fault) int { return a.Offset - b.Offset })
	return out
}

// apart is how many words of a text stand apart: »system-override« is one.
func apart(t *reading.Text) int {
	n := 1
	for _, gap := range t.Gaps[:len(t.Toks)-1] {
		if strings.ContainsFunc(gap, unicode.IsSpace) {
			n++
		}
	}
	return n
}

// best judges a sentence against the windows that meet most of it, and returns the kindest judgement.
func (v *Verifier) best(s, w *reading.Text) Verdict {
	var out Verdict
	found := false
	m := alignment.NewMatcher(s, w)
	for _, win := range m.Windows() {
		j := judge(m, win)
		got := j.verdict(v.model)
		if !found || got.Supported && !out.Supported || got.Supported == out.Supported && got.Score > out.Score {
			out, found = got, true
		}
	}
	if !found {
		out.Faults = []Fault{{Kind: Content, Text: "", Offset: -1}}
	}
	return out
}
