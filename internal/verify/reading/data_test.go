package reading

import (
	"slices"
	"strings"
	"testing"
)

// TestSynonyms: each group has two words at least, none of them twice, and no phrase that denies, for the words of a phrase
// are met one by one.
func TestSynonyms(t *testing.T) {
	groups := 0
	deny := Set("ikke uden ingen intet aldrig")
	for _, file := range synonyms() {
		Lines(file, func(line string) {
			groups++
			var entries []string
			for e := range strings.SplitSeq(strings.TrimPrefix(line, "~"), ",") {
				e = strings.TrimSpace(e)
				if e == "" || slices.Contains(entries, e) {
					t.Errorf("%q is empty or twice in: %s", e, line)
				}
				if words := strings.Fields(e); len(words) > 1 && slices.ContainsFunc(words, func(w string) bool { return deny[w] }) {
					t.Errorf("%q denies in: %s", e, line)
				}
				entries = append(entries, e)
			}
			if len(entries) < 2 {
				t.Errorf("one word alone: %s", line)
			}
		})
	}
	if groups < 1500 {
		t.Errorf("only %d groups", groups)
	}
}
