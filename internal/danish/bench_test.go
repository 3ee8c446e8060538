package danish_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"kildesvar/internal/danish"
)

// largeVocabulary makes a vocabulary of about 100,000 words out of the corpus' own: its words, and two of them joined as
// compounds are.
func largeVocabulary(tb testing.TB) (map[string]int, []string) {
	small := sortedWords(vocabulary(tb))
	rng := rand.New(rand.NewPCG(1, 2))
	words := vocabulary(tb)
	for len(words) < 100_000 {
		a, b := small[rng.IntN(len(small))], small[rng.IntN(len(small))]
		if len(a) > 3 && len(b) > 3 && len(a)+len(b) < 30 {
			words[a+[]string{"", "s", "e"}[rng.IntN(3)]+b]++
		}
	}
	return words, sortedWords(words)
}

func corpusText(b *testing.B) string {
	b.Helper()
	texts, err := corpusTexts()
	if err != nil {
		b.Fatal(err)
	}
	return strings.Join(texts, "\n\n")
}

func BenchmarkTokens(b *testing.B) {
	text := corpusText(b)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		danish.Tokens(text)
	}
}

func BenchmarkSentences(b *testing.B) {
	text := corpusText(b)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		danish.Sentences(text)
	}
}

func BenchmarkTermOf(b *testing.B) {
	words := sortedWords(vocabulary(b))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		danish.TermOf(words[i%len(words)])
	}
}

func BenchmarkSplit(b *testing.B) {
	counts, words := largeVocabulary(b)
	s := danish.NewSplitter(counts)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.Split(words[i%len(words)])
	}
}

func BenchmarkNewSplitter(b *testing.B) {
	counts, _ := largeVocabulary(b)
	b.ReportAllocs()
	for b.Loop() {
		danish.NewSplitter(counts)
	}
}

func BenchmarkCorrect(b *testing.B) {
	counts, _ := largeVocabulary(b)
	s := danish.NewSpeller(counts)
	b.ReportAllocs()
	for b.Loop() {
		s.Correct("frivilligcentrer")
	}
}

func BenchmarkCorrectCorpus(b *testing.B) {
	s := danish.NewSpeller(vocabulary(b))
	b.ReportAllocs()
	for b.Loop() {
		s.Correct("frivilligcentrer")
	}
}
