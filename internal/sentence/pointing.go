package sentence

import (
	"slices"
	"strings"

	"kildesvar/internal/danish"
)

// pointers begin sentences that cannot be understood without the one before.
var pointers = wordSet("det den de dette denne disse her han hun derfor derefter dermed desuden samtidig begge hertil")

// seconds are folded beginnings of sentences that go on with a series, or with what was told: they come with the one before, where
// there is one.
var seconds = []string{"et andet ", "en anden ", "den anden ", "det andet ", "den ene ", "det ene ", "de andre ", "ud over ", "andre ", "en tredje ", "et tredje ", "derudover ", "endelig "}

// also are words near the beginning that do the same.
var also = wordSet("ogsaa ligeledes yderligere")

// PointsBack reports whether a sentence points to the one before it.
func (c Chooser) PointsBack(s Candidate) bool {
	text := c.text(s)
	words := danish.Tokens(text)
	if len(words) == 0 {
		return false
	}
	return pointers[strings.ToLower(words[0].Text)] && !Determines(text, words, 0) || s.Sentence > 0 && goesOn(text, words)
}

// Points reports whether a text from elsewhere begins with a word that points to the sentence before it.
func Points(text string) bool {
	words := danish.Tokens(text)
	return len(words) > 0 && pointers[strings.ToLower(words[0].Text)]
}

// articleWords are the pointers that also stand before a noun which names what is meant: »den frivillige sektor«, »de personer, der …«.
var articleWords = wordSet("den det de")

// superlatives are folded adjectives that look like verbs of the past.
var superlatives = wordSet("foerste sidste naeste fleste bedste stoerste mindste nyeste aeldste yngste laengste hoejeste laveste")

// ambiguous are endings of words that may be verbs (»de viste«, »de ville«) or adjectives that point back (»den samlede indsats«).
var ambiguous = []string{"te", "ede", "ende", "ville", "kunne", "skulle", "vde", "rde", "gde"}

// Determines reports whether a word of a text stands before an adjective, or before a noun with its own clause, so that it points to
// nothing before it.
func Determines(text string, words []danish.Token, at int) bool {
	if at+2 >= len(words) || !articleWords[strings.ToLower(words[at].Text)] {
		return false
	}
	next, rest := danish.Fold(words[at+1].Text), text[words[at+1].End:]
	switch {
	case strings.HasPrefix(rest, ", der "), strings.HasPrefix(rest, ", som "), superlatives[next], strings.HasSuffix(next, "igste"):
		return true
	}
	return len(next) > len("ene") && strings.HasSuffix(next, "e") && !slices.ContainsFunc(ambiguous, func(end string) bool { return strings.HasSuffix(next, end) })
}

// goesOn reports whether a sentence goes on with a series.
func goesOn(text string, words []danish.Token) bool {
	folded := danish.Fold(text[:min(len(text), words[min(3, len(words)-1)].End+1)])
	return slices.ContainsFunc(seconds, func(s string) bool { return strings.HasPrefix(folded, s) }) ||
		slices.ContainsFunc(words[:min(5, len(words))], func(w danish.Token) bool { return also[danish.Fold(w.Text)] })
}

// leansBack reports whether a sentence begins with a word that points to a sentence which is not picked.
func (c Chooser) leansBack(s Candidate, picked []Candidate) bool {
	if !c.PointsBack(s) {
		return false
	}
	for _, other := range picked {
		if other.Passage == s.Passage && other.Sentence == s.Sentence-1 {
			return false
		}
	}
	return true
}

func wordSet(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
