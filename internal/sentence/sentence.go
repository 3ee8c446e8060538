// Package sentence chooses the sentences of ranked passages that answer a question, in the shape that it asks for.
//
// Most sentences are chosen by a fitted model that rates each of a hit's (rate.go), with the one it hangs on before it (pointing.go) and
// none that says what another says. Definitions, comparisons, lists, ways through articles, literature and what goes on from the last reply
// have their own ways, one file each. What a section's entry questions tell of its sentences is learned in sentence/asked.
//
// It leaves to package answer whether to answer at all, and everything that stands around the sentences.
//
// Invariants: what is picked stands word for word in a passage of the index, no sentence twice; at most Most where no other limit is given.
package sentence

import (
	"sync"

	"kildesvar/internal/index"
	"kildesvar/internal/lexical"
	"kildesvar/internal/literature"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/sentence/asked"
)

// Limits of what is picked; the shares were chosen on the train split.
const (
	// Most is how many sentences an answer has at most.
	Most = 6
	// brief is how many it has when few words are wished for.
	brief = 2
	// passages is how many hits sentences are taken from.
	passages = 5
	// CloseHit is the share of the best hit's score that another hit must reach.
	CloseHit = 0.8
	// goodSentence is the share of the best sentence's value that another must reach, sureSentence the value.
	goodSentence = 0.15
	goodFigure   = 0.25 // where a figure or a name is asked for
	goodYesNo    = 0.3  // where one sentence answers by yes or no
	goodBeside   = 0.5  // beside what a thing is
	goodOnly     = 0.4  // where it names somebody, or rights what the question takes for granted
	sureSentence = 0.05
	// more than fewSentences are only those that reach tailSentence times as much.
	fewSentences = 3
	tailSentence = 2
	// maxLeadUp is how many sentences before one that points back come with it.
	maxLeadUp = 2
	// same is the likeness (Jaccard, over stems) above which two sentences say the same.
	same = 0.6
)

// Candidate is a sentence that may be quoted.
type Candidate struct {
	Passage, Sentence int     // number of the passage in the index, and of the sentence in it; below 0 for a text from elsewhere
	order             int     // the passage's place in the reading order
	value             float64 // how likely it answers, 0 to 1
	suits             bool    // it has the sort of thing that is asked for
	stems             map[lexical.Key]bool
}

// Chooser picks sentences of one index. It is safe for concurrent use.
type Chooser struct {
	ix      *index.Index
	told    []retrieval.Place          // what the last reply said
	asked   func() *asked.Aligner      // what the entry questions tell of the sentences
	library func() *literature.Library // most questions are not about literature
}

// New returns a chooser among the sentences of an index.
func New(ix *index.Index) Chooser {
	return Chooser{ix: ix, asked: sync.OnceValue(func() *asked.Aligner { return asked.New(ix) }),
		library: sync.OnceValue(func() *literature.Library { return literature.New(ix) })}
}

// After is the chooser where the last reply said something already.
func (c Chooser) After(said []retrieval.Place) Chooser {
	c.told = said
	return c
}

// Library is the index' literature.
func (c Chooser) Library() *literature.Library { return c.library() }

// One is a single sentence as a candidate. Candidates of a lower order stand before others.
func (c Chooser) One(passage, sentence, order int) Candidate {
	p := &c.ix.Passages[passage]
	return Candidate{Passage: passage, Sentence: sentence, order: order, stems: c.Stems(p.SentenceText(sentence))}
}

// Elsewhere is a text that stands in no passage, to be compared with candidates.
func (c Chooser) Elsewhere(text string) Candidate {
	return Candidate{Passage: -1, Sentence: -1, stems: c.Stems(text)}
}

// Stems are the stems of a text.
func (c Chooser) Stems(text string) map[lexical.Key]bool {
	return lexical.Keys(c.ix.Analyser().Text(text).Stems)
}

// text is a candidate's text.
func (c Chooser) text(s Candidate) string { return c.ix.Passages[s.Passage].SentenceText(s.Sentence) }
