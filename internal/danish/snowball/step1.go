package snowball

import (
	"github.com/kljensen/snowball/snowballword"
)

// step1 (main_suffix) searches for the longest among the following suffixes in
// R1 and deletes it; an s only where a valid s-ending precedes it, in R1 or not.
func step1(w *snowballword.SnowballWord) bool {

	// Possible suffixes for this step, longest first.
	suffix := w.FirstSuffixIn(w.R1start, len(w.RS),
		"erendes",
		"erende", "hedens",
		"ethed", "erede", "heden", "heder", "endes", "ernes", "erens", "erets",
		"ered", "ende", "erne", "eren", "erer", "heds", "enes", "eres", "eret",
		"hed", "ene", "ere", "ens", "ers", "ets",
		"en", "er", "es", "et",
		"e", "s",
	)
	if suffix == "" {
		return false
	}
	if suffix == "s" {
		// An s within R1 has at least three runes before it.
		if !isSEnding(w.RS[len(w.RS)-2]) {
			return false
		}
	}

	// All suffixes are ASCII: as many runes as bytes.
	w.RemoveLastNRunes(len(suffix))
	return true
}
