package snowball

import (
	"github.com/kljensen/snowball/snowballword"
)

// step2 (consonant_pair) searches for one of the following suffixes in R1, and
// if found deletes the last letter: friskt → frisk. "gd" matters when step3
// repeats this step.
func step2(w *snowballword.SnowballWord) bool {
	if w.FirstSuffixIn(w.R1start, len(w.RS), "gd", "dt", "gt", "kt") == "" {
		return false
	}
	w.RemoveLastNRunes(1)
	return true
}
