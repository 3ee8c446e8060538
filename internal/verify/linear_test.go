package verify

import (
	"strings"
	"testing"
	"time"
)

// TestLinear: four times the passage takes about four times as long, also for texts that repeat themselves.
func TestLinear(t *testing.T) {
	v := theCorpus(t).verifier
	sentence := "Ikke alle 3 foreninger og kommuner kan, og bør ikke, støtte 4 borgere, og 5 kommuner og foreninger i 2020."
	for _, unit := range []string{
		"Ikke alle 3 foreninger kan støtte kommuner, og 4 bør ikke. ", "kan ikke ", "alle og ", "og, ", "[", "3 og 4 ", "»A« ", "a b ", "Ibsen og Espersen, ",
		"ikke alle kan støtte kommuner og foreninger ",
	} {
		took := func(n int) time.Duration {
			text := texts(strings.Repeat(unit, n/len(unit)))
			best := time.Hour
			for range 3 {
				start := time.Now()
				v.Check(sentence, text)
				best = min(best, time.Since(start))
			}
			return best
		}
		small, large := took(20_000), took(80_000)
		if large > 12*small+20*time.Millisecond {
			t.Errorf("%q: 20 kB take %v, 80 kB %v", unit, small, large)
		}
	}
}
