package article

import (
	"strings"
	"testing"
)

// TestTangled: what people write is not refused, what nests deeper is, at its line.
func TestTangled(t *testing.T) {
	for text, want := range map[string]int{
		"Tekst.\n\n> Et citat\n> > i et citat\n\n- a\n  - b\n    - c\n\n1. et\n10) ti\n": -1,
		"1999. Året": -1,
		"                                                                                indrykket": -1,
		"* * * * *\n---\n\n**fed** -5 grader > 3":                                                   -1,
		strings.Repeat("Tekst [@a].\n\n", 3000):                                                     -1,
		"a\n\n" + strings.Repeat(">", 33):                                                           3,
		"a\n" + strings.Repeat("- ", 33):                                                            2,
		strings.Repeat("12) ", 33):                                                                  1,
		strings.Repeat("\t", 20) + "- a":                                                            1,
		"a\n" + strings.Repeat("[@a]\n", 1001):                                                      1002,
	} {
		off, what := tangled([]byte(text))
		if line := 1 + strings.Count(text[:off], "\n"); (what == "") != (want < 0) || want >= 0 && line != want {
			t.Errorf("%.40q: line %d, %q; want line %d", text, line, what, want)
		}
	}
}
