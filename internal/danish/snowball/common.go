package snowball

import (
	"github.com/kljensen/snowball/romance"
	"github.com/kljensen/snowball/snowballword"
)

// r1 finds the starting point of the region R1, in runes. R2 is not used in
// Danish.
//
// R1 is the region after the first apostrophe, or where there is none, after
// the first non-vowel following a vowel; it is the null region at the end of
// the word if there is no such non-vowel. As in the other Scandinavian
// languages and German, at least three runes precede it.
//
// The steps may rely on R1start being clamped to the end of the word when
// runes are removed: no step makes a word longer, so a clamped R1 is empty, as
// it is in danish.sbl when the limit has moved before the mark p1.
func r1(w *snowballword.SnowballWord) int {
	start := afterApostrophe(w.RS)
	if start < 0 {
		start = romance.VnvSuffix(w, isLowerVowel, 0)
	}
	if start < minRunes && len(w.RS) >= minRunes {
		start = minRunes
	}
	return start
}

// afterApostrophe returns the index after the first apostrophe, or -1.
func afterApostrophe(rs []rune) int {
	for i, r := range rs {
		if r == '\'' {
			return i + 1
		}
	}
	return -1
}

// trimApostrophe removes one apostrophe at the end of the word, the last thing
// the algorithm does: it is what the steps leave of cd'er, and what the
// genitive adds to Lars'. It need not be in R1.
func trimApostrophe(w *snowballword.SnowballWord) bool {
	if n := len(w.RS); n == 0 || w.RS[n-1] != '\'' {
		return false
	}
	w.RemoveLastNRunes(1)
	return true
}

// isLowerVowel reports whether r is a lower case Danish vowel.
func isLowerVowel(r rune) bool {
	switch r {
	case 'a', 'e', 'i', 'o', 'u', 'y', 'æ', 'å', 'ø':
		return true
	}
	return false
}

// isSEnding reports whether r may stand before an s that step 1 removes.
func isSEnding(r rune) bool {
	switch r {
	case '\'', 'a', 'b', 'c', 'd', 'f', 'g', 'h', 'j', 'k', 'l', 'm',
		'n', 'o', 'p', 'r', 't', 'v', 'y', 'z', 'å':
		return true
	}
	return false
}

// isUndoubled reports whether step 4 makes one r of two.
func isUndoubled(r rune) bool {
	switch r {
	case 'b', 'd', 'f', 'g', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't':
		return true
	}
	return false
}
