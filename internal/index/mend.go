package index

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kildesvar/internal/danish"
)

// What a word of an entry question must be to count as misspelt. Of the hundred or so words of the built-in corpus that are, one is not what
// its editor meant, by a reading of them all.
const (
	mendCost  = 0.4 // danish.Correction.Cost
	mendLeast = 3   // times that the articles have the word meant, and times as often as entry questions have the other
	mendSize  = 5   // letters
)

// mend writes the words of entry questions that are misspelt as the articles do: editors write some on purpose, as people ask, but a word
// counts as known when it stands there, and would be corrected no more. What they teach of misspelling is lost; queries are corrected.
// ix.Words are those of the articles alone. A large corpus keeps its words as they are: looking each up would be most of the build.
func (ix *Index) mend() {
	words, asked := ix.Words, map[string]int{}
	if ix.countQuestions(asked); len(asked) == 0 || len(ix.Passages) > maxStandIns {
		return
	}
	speller := danish.NewSpeller(words)
	right := map[string]string{}
	for w, n := range asked {
		if words[w] > 0 || utf8.RuneCountInString(w) < mendSize || danish.StopWord(w) || danish.Common(w) || danish.Everyday(w) || danish.Place(w) || strings.ContainsFunc(w, unicode.IsDigit) {
			continue
		}
		if c := speller.Correct(w); len(c) > 0 && c[0].Cost <= mendCost && words[c[0].Word] >= mendLeast*n && danish.Stem(w) != danish.Stem(c[0].Word) {
			right[w] = c[0].Word
		}
	}
	for i := range ix.Questions {
		if q := &ix.Questions[i]; !q.StandIn {
			q.Text = rewrite(q.Text, right)
		}
	}
}

// rewrite puts the right words for others in a text, with a capital where there was one.
func rewrite(text string, right map[string]string) string {
	var b strings.Builder
	at := 0
	for _, t := range danish.Tokens(text) {
		r := right[strings.ToLower(t.Text)]
		if r == "" {
			continue
		}
		if first, _ := utf8.DecodeRuneInString(t.Text); unicode.IsUpper(first) {
			c, n := utf8.DecodeRuneInString(r)
			r = string(unicode.ToUpper(c)) + r[n:]
		}
		b.WriteString(text[at:t.Start] + r)
		at = t.End
	}
	return b.String() + text[at:]
}
