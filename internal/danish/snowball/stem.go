// Package snowball reduces a Danish word to its stem with the Snowball
// algorithm for Danish, as Snowball 3.1 defines it in algorithms/danish.sbl
// (https://snowballstem.org/algorithms/danish/stemmer.html).
//
// Its duty is one word at a time: lower case, trim, stem. It leaves to the
// caller to find the words in a text, to fold typographic apostrophes (U+2019)
// to U+0027, the only apostrophe the algorithm knows, and to compose letters
// and accents (NFC). A stem is a key for comparison, not a word of the language.
//
// Snowball 3.1 differs from the definition of the earlier releases in two
// points: R1 begins after an apostrophe where the word has one, so that endings
// written after an apostrophe (ngo'er, cd'ens) are removed; and only the
// consonants b d f g k l m n p r s t are undoubled.
//
// Invariants: a stem never has more runes than its word; valid UTF-8 stays
// valid; bytes which are not UTF-8 never cause a panic, they are read as U+FFFD.
//
// The package is written in the shape of the languages of
// github.com/kljensen/snowball, which has no Danish, so that it can be offered
// there; from that module it uses what every language there shares: the word
// with its region R1 and its suffix operations (snowballword) and the search for
// a vowel and a non-vowel (romance).
package snowball

import (
	"strings"
	"unicode/utf8"

	"github.com/kljensen/snowball/snowballword"
)

// minRunes is the number of runes below which the algorithm leaves a word
// alone: mark_regions in danish.sbl hops over 3 or gives up.
const minRunes = 3

// Stem returns the stem of word, in lower case and without the white space
// around it. Words of fewer than three runes are their own stems, and so are
// the stop words (see IsStopWord) unless stemStopWords is true. Stem holds no
// state and may be called from several goroutines at once.
func Stem(word string, stemStopWords bool) string {
	word = strings.ToLower(strings.TrimSpace(word))

	// Return small words and stop words
	if utf8.RuneCountInString(word) < minRunes || (!stemStopWords && IsStopWord(word)) {
		return word
	}

	w := snowballword.New(word)

	// Stem the word.  Note, each of these
	// steps will alter `w` in place.
	w.R1start = r1(w)
	step1(w)
	step2(w)
	step3(w)
	step4(w)
	trimApostrophe(w)

	return w.String()
}
