package verify

import (
	"slices"
	"testing"
)

// The sentence and its passages are of the size of an answer: one claim, and the passage it cites or three.
func BenchmarkCheck(b *testing.B) {
	c := theCorpus(b)
	own := c.cited(&c.passages[20])
	for name, passages := range map[string][]Passage{"one": own, "three": slices.Concat(c.cited(&c.passages[3]), own, c.cited(&c.passages[40]))} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.verifier.Check(c.passages[20].SentenceText(0), passages)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	c := theCorpus(b)
	b.ReportAllocs()
	for b.Loop() {
		New(c.verifier.lex.Analyser, nil)
	}
}
