package snowball

import (
	"github.com/kljensen/snowball/snowballword"
)

// step3 (other_suffix) removes the final st of a word in -igst, in R1 or not.
// Then it searches for the longest among the following suffixes in R1: it
// deletes -ig, -lig, -elig and -els and repeats step2, and replaces -løst with
// -løs.
func step3(w *snowballword.SnowballWord) bool {
	superlative := w.FirstSuffix("igst") != ""
	if superlative {
		w.RemoveLastNRunes(2)
	}

	switch suffix := w.FirstSuffixIn(w.R1start, len(w.RS), "elig", "løst", "lig", "els", "ig"); suffix {
	case "":
		return superlative
	case "løst":
		w.RemoveLastNRunes(1)
	default:
		// ASCII: as many runes as bytes.
		w.RemoveLastNRunes(len(suffix))
		step2(w)
	}
	return true
}
