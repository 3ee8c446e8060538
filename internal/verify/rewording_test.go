package verify

import (
	"os"
	"strings"
	"testing"

	"kildesvar/internal/verify/reading"
)

// What may go wrong with the rewordings.
const (
	mostRefused = 0.15 // share of the faithful ones that are refused
	mostPassed  = 0.25 // share of the careless ones that are supported
)

// rewordings are the sentences of testdata/rewordings.txt.
func rewordings(t testing.TB) []pair {
	t.Helper()
	data, err := os.ReadFile("testdata/rewordings.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []pair
	passage := ""
	reading.Lines(string(data), func(line string) {
		if sentence, ok := strings.CutPrefix(line, "! "); ok {
			out = append(out, pair{Passage: passage, Sentence: sentence, Label: "not", Kind: "careless"})
		} else if sentence, ok := strings.CutPrefix(line, "= "); ok {
			out = append(out, pair{Passage: passage, Sentence: sentence, Label: "supported", Kind: "faithful"})
		} else {
			passage = line
		}
	})
	return out
}

// TestRewordings: sentences that say in other words what the passage says are supported, but for some; and sentences that say
// something else with its words are not, but for some.
func TestRewordings(t *testing.T) {
	out := judgeAll(theCorpus(t).verifier, rewordings(t))
	for _, o := range out {
		if o.verdict.Supported != o.pair.supported() {
			t.Logf("%s, but %.2f %v: %s", o.pair.Kind, o.verdict.Score, o.verdict.Faults, o.pair.Sentence)
		}
	}
	m := report(t, "rewordings", out)
	if len(out) < 200 || m.falseAlarms > mostRefused || 1-m.recall > mostPassed {
		t.Errorf("%+v of %d rewordings", m, len(out))
	}
}
