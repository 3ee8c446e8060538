package danish

import (
	_ "embed" // the list below
	"strings"
	"sync"
)

// everydayWords are Danish words in dictionary form, everyday and administrative ones, one a line; written by hand.
//
//go:embed dagligord.txt
var everydayWords string

// everydayTerms are the terms of the list, made when first needed.
var everydayTerms = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.Lines(everydayWords) {
		m[TermOf(strings.TrimSpace(w))] = true
	}
	return m
})

// Everyday reports whether a lower-case word is a form of a Danish word that people use every day. Such a word is spelt right, even if
// a corpus lacks it and has another one near: »kælder« was not meant for »kalder«.
func Everyday(word string) bool { return everydayTerms()[TermOf(word)] }
