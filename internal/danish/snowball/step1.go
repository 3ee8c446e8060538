package snowball

import (
	"github.com/kljensen/snowball/snowballword"
)

// step1 (main_suffix) searches for the longest suffix of mainSuffix in R1 and
// deletes it; an s only where a valid s-ending precedes it, in R1 or not.
func step1(w *snowballword.SnowballWord) bool {
	suffix := mainSuffix(w)
	if suffix == "" {
		return false
	}
	// R1 has at least three runes before it, so the s has.
	if suffix == "s" && !isSEnding(w.RS[len(w.RS)-2]) {
		return false
	}

	// All suffixes are ASCII: as many runes as bytes.
	w.RemoveLastNRunes(len(suffix))
	return true
}

// mainSuffix returns the longest of step 1's suffixes in R1, or "". They are
// grouped by their last letter, longest first, for few comparisons a word.
func mainSuffix(w *snowballword.SnowballWord) string {
	n := len(w.RS)
	if !w.FitsInR1(1) {
		return ""
	}
	switch w.RS[n-1] {
	case 'd':
		return w.FirstSuffixIn(w.R1start, n, "ethed", "ered", "hed")
	case 'e':
		return w.FirstSuffixIn(w.R1start, n, "erende", "erede", "ende", "erne", "ene", "ere", "e")
	case 'n':
		return w.FirstSuffixIn(w.R1start, n, "heden", "eren", "en")
	case 'r':
		return w.FirstSuffixIn(w.R1start, n, "heder", "erer", "er")
	case 's':
		return w.FirstSuffixIn(w.R1start, n, "erendes", "hedens", "endes", "ernes", "erens", "erets",
			"heds", "enes", "eres", "ens", "ers", "ets", "es", "s")
	case 't':
		return w.FirstSuffixIn(w.R1start, n, "eret", "et")
	}
	return ""
}
