package verify

import (
	"os"
	"strings"
	"testing"
)

// mostRefused is the share of the faithful rewordings that may be refused.
const mostRefused = 0.2

// mostPassed is the share of the careless ones that may be supported.
const mostPassed = 0.2

// TestRewordings: sentences that say in other words what the passage says are supported, but for some; and sentences that say
// something else with its words are not, but for some.
func TestRewordings(t *testing.T) {
	v := theCorpus(t).verifier
	data, err := os.ReadFile("testdata/rewordings.txt")
	if err != nil {
		t.Fatal(err)
	}
	passage, n, refused, wrong, passed := "", 0, 0, 0, 0
	lines(string(data), func(line string) {
		if sentence, ok := strings.CutPrefix(line, "! "); ok {
			wrong++
			if v.Check(sentence, []string{passage}).Supported {
				passed++
				t.Logf("supported: %s", sentence)
			}
			return
		}
		sentence, reworded := strings.CutPrefix(line, "= ")
		if !reworded {
			passage = line
			return
		}
		n++
		if got := v.Check(sentence, []string{passage}); !got.Supported {
			refused++
			t.Logf("%.2f %v: %s", got.Score, got.Faults, sentence)
		}
	})
	t.Logf("%d of %d rewordings refused, %d of %d careless ones supported", refused, n, passed, wrong)
	if wrong < 40 || float64(passed) > mostPassed*float64(wrong) {
		t.Errorf("%d of %d careless rewordings supported", passed, wrong)
	}
	if n < 40 || float64(refused) > mostRefused*float64(n) {
		t.Errorf("%d of %d rewordings refused", refused, n)
	}
}
