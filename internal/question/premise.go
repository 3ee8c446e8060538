package question

import (
	"slices"

	"kildesvar/internal/danish"
)

// premises are folded words by which a question takes for granted what it should ask.
var premises = set("jo altid aldrig selvfoelgelig naturligvis aabenbart alligevel")

// premise reports whether a question takes something for granted: it asks for a reason, or says that it is so.
func premise(words []string, kind Kind) bool {
	if kind == KindWhy {
		return true
	}
	for i, w := range words {
		if premises[w] || w == "ikke" && i > 0 && (words[i-1] == "det" || words[i-1] == "er" || words[i-1] == "der") {
			return true
		}
	}
	return false
}

// denials are folded words with which a sentence says that something is not so, or less so than thought.
var denials = set("ikke ingen kun aldrig uaendret stabil stabilt hverken fortsat modsat sjaeldent myte")

// Denies reports whether a sentence says that something is not so.
func Denies(sentence string) bool {
	return slices.ContainsFunc(danish.Tokens(sentence), func(t danish.Token) bool { return denials[danish.Fold(t.Text)] })
}
