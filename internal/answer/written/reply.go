package written

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kildesvar/internal/danish"
)

// written is a sentence of the model's with the passages it names, by place in the prompt.
type written struct {
	text  string
	cites []int
}

// Bounds of a reply.
const (
	// maxSentences is how many sentences of a reply are read.
	maxSentences = 20
	// maxLine is the longest line that is read, in bytes; a sentence is a few hundred.
	maxLine = 4_000
	// nothing is what a model writes that found no answer.
	nothing = "INTET SVAR"
)

// cited is the ids at the end of a line, or behind a sentence: [ua1b2c3] or [ua1b2c3, ud4e5f6].
var cited = regexp.MustCompile(`\s*\[((?:u[0-9a-f]{6}[,; ]*)+)\]`)

// listMark begins a line that a model has made a list item or a heading.
var listMark = regexp.MustCompile(`^(?:[-*•#>]+|\d{1,2}[.)])\s+`)

// foreign are marks that no sentence of ours has: links, addresses, mentions, markup. A sentence with one is never shown.
var foreign = regexp.MustCompile("(?i)https?:|www\\.|://|[<>{}|`@#\\\\]|\\]\\(|!\\[|\\*\\*|__|[\\[\\]]|(?:^|[\\s.])/")

// address is the name of a place on the net, which a client could make a link of: it may be shown where the passage names it.
var address = regexp.MustCompile(`(?i)\b(?:[\p{L}\d-]+\.)+(?:[a-z]{2,24})\b`)

// read takes the sentences of a line of the reply.
func (s *session) read(line string) {
	line = listMark.ReplaceAllString(strings.TrimSpace(line), "")
	if line == "" || len(line) > maxLine {
		return
	}
	if strings.EqualFold(strings.Trim(line, ".! "), nothing) {
		s.none = s.lines == 0
		return
	}
	for _, w := range sentencesOf(line, s.place) {
		if w.text == "" { // it cannot be shown, and counts against the model
			s.lines, s.follow = min(s.lines+1, maxSentences), false
			continue
		}
		s.none = false
		s.take(w)
	}
}

// sentencesOf cuts a line into sentences. Ids belong to the sentence before them; a sentence without takes those at the line's end. The
// text is empty where there is something that cannot be shown.
func sentencesOf(line string, place map[string]int) []written {
	var out []written
	at := 0
	add := func(text string, cites []int) {
		for _, span := range danish.Sentences(text) {
			out = append(out, written{clean(text[span.Start:span.End]), cites})
		}
	}
	for _, m := range cited.FindAllStringSubmatchIndex(line, -1) {
		var cites []int
		for _, id := range strings.FieldsFunc(line[m[2]:m[3]], func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
			if p, ok := place[id]; ok && !slices.Contains(cites, p) {
				cites = append(cites, p)
			}
		}
		add(strings.TrimLeft(line[at:m[0]], " .,"), cites)
		at = m[1]
	}
	if rest := strings.Trim(line[at:], " .,;"); rest != "" {
		add(strings.TrimLeft(line[at:], " .,"), nil)
	}
	return out
}

// aside begins a sentence about the asker, the question or the task in place of the subject.
var aside = regexp.MustCompile(`(?i)^(?:du|dit|dine|spørgsmålet|der spørges|jeg|mine?|mit|uddrag\p{L}*|her er|som svar)\b`)

// clean makes a model's sentence one of ours: one line, no control or invisible characters, a full stop at its end. It is empty for what
// cannot be shown: links, mentions, markup; and for what is no statement: a question, or a word about the asker or the task.
func clean(s string) string {
	s = oneLine(s)
	if foreign.MatchString(s) || aside.MatchString(s) || strings.HasSuffix(strings.TrimRight(s, "»«\" "), "?") || !saysSomething(s) {
		return ""
	}
	if last, _ := utf8.DecodeLastRuneInString(s); !strings.ContainsRune(".?!»«\"", last) {
		s += "."
	}
	return s
}

// saysSomething reports whether a text has at least two words in small letters, as the shortest sentence does: »Samskabelse kræver tid.«
func saysSomething(s string) bool {
	small := 0
	for _, t := range danish.Tokens(s) {
		if !strings.ContainsFunc(t.Text, func(r rune) bool { return !unicode.IsLower(r) }) {
			small++
		}
	}
	return small >= 2
}

// oneLine is a text without control or invisible characters, with its white space folded.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Variation_Selector), r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
