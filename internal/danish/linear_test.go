package danish_test

import (
	"strings"
	"testing"
	"time"

	"kildesvar/internal/danish"
)

// TestLinear: no text takes much longer than its size allows. The bound is generous; a quadratic step would take minutes.
func TestLinear(t *testing.T) {
	const size = 300_000
	for _, part := range []string{"(", "»", "\"", "(\n", ". ", ".\n", "\n \n", "A.", "A. ", "1. ", "(.) ", "…", "a\u0301", "\xff", "   ", "er.", "\n1. A", "(a.b. ", "forening"} {
		text := strings.Repeat(" ", 1000) + strings.Repeat(part, size/len(part))
		begin := time.Now()
		danish.Sentences(text)
		danish.Tokens(text)
		danish.TermOf(text)
		if took := time.Since(begin); took > 20*time.Second {
			t.Errorf("%d bytes of %q took %v", len(text), part, took)
		} else {
			t.Logf("%q %v", part, took)
		}
	}
}
