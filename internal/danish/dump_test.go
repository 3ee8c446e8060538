package danish_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"kildesvar/internal/danish"
)

func TestDump(t *testing.T) {
	words := corpusWords(t)
	sp := danish.NewSplitter(words)
	f, _ := os.Create("/tmp/danish_splits.txt")
	g, _ := os.Create("/tmp/danish_unsplit.txt")
	h, _ := os.Create("/tmp/danish_fold.txt")
	same, all := 0, 0
	for _, w := range sortedWords(words) {
		if p := sp.Split(w); p != nil {
			fmt.Fprintln(f, w, strings.Join(p, "+"))
		} else {
			fmt.Fprintln(g, w, words[w])
		}
		if strings.ContainsAny(w, "æøå") {
			all++
			if a, b := danish.TermOf(danish.Fold(w)), danish.TermOf(w); a == b {
				same++
			} else {
				fmt.Fprintln(h, w, a, b)
			}
		}
	}
	fmt.Println(len(words), "fold", same, "/", all)
}

func TestDumpSent(t *testing.T) {
	texts, _ := corpusTexts()
	f, _ := os.Create("/tmp/danish_sent.txt")
	for _, x := range texts {
		for _, sp := range danish.Sentences(x) {
			fmt.Fprintln(f, strings.ReplaceAll(x[sp.Start:sp.End], "\n", "⏎"))
		}
	}
}
