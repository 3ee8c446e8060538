package snowball

import (
	"github.com/kljensen/snowball/snowballword"
)

// step4 (undouble) removes the last letter of a word that ends with a double
// consonant, the last one in R1: bestemmelse → bestemm → bestem.
func step4(w *snowballword.SnowballWord) bool {
	n := len(w.RS)
	if n < 2 || !w.FitsInR1(1) || w.RS[n-1] != w.RS[n-2] || !isUndoubled(w.RS[n-1]) {
		return false
	}
	w.RemoveLastNRunes(1)
	return true
}
