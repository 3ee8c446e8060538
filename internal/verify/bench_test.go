package verify

import (
	"slices"
	"testing"
)

// The sentence and its passages are of the size of an answer: one claim, three passages.
func BenchmarkCheck(b *testing.B) {
	c := theCorpus(b)
	passages := slices.Concat(c.cited(&c.passages[3]), c.cited(&c.passages[20]), c.cited(&c.passages[40]))
	sentence := c.passages[20].SentenceText(0)
	b.ReportAllocs()
	for b.Loop() {
		c.verifier.Check(sentence, passages)
	}
}

func BenchmarkCheckOne(b *testing.B) {
	c := theCorpus(b)
	passage := c.cited(&c.passages[20])
	sentence := c.passages[20].SentenceText(0)
	b.ReportAllocs()
	for b.Loop() {
		c.verifier.Check(sentence, passage)
	}
}

func BenchmarkNew(b *testing.B) {
	c := theCorpus(b)
	b.ReportAllocs()
	for b.Loop() {
		New(c.verifier.lex.Analyser, nil)
	}
}
