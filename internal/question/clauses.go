package question

import (
	"regexp"
	"slices"
	"strings"

	"kildesvar/internal/danish"
)

// joint stands between two things that are asked in one question: »Hvad er en pulje, og hvornår er fristen?«
var joint = regexp.MustCompile(`(?i)[,;]?\s+(?:og|samt|men)\s+(?:så\s+|også\s+)?((?:i\s+hvilk\p{L}+|på\s+hvilk\p{L}+|hvad|va|hvem|hvor|hvordan|hvorfor|hvornår|hvornaar|hvilke[nt]?|hvilke|hvad|kan\s+(?:vi|man|jeg)|skal\s+(?:vi|man|jeg)|må\s+(?:vi|man|jeg)|er\s+(?:der|det)|findes\s+der|har\s+(?:vi|man))\s)`)

// minClause is how many words a thing that is asked has at least.
const minClause = 3

// Clauses are the things that a text asks, when it asks more than one: two questions after each other, or two with »og« between
// them. A text that asks one thing, whatever is told before it, has none.
func Clauses(text string) []string {
	var asked []string
	for _, sentence := range sentences(text) {
		for {
			m := joint.FindStringSubmatchIndex(sentence)
			if m == nil {
				break
			}
			asked = append(asked, sentence[:m[0]])
			sentence = sentence[m[2]:]
		}
		asked = append(asked, sentence)
	}
	var out []string
	for _, a := range asked {
		a = strings.TrimSpace(a)
		if words := danish.Tokens(a); len(words) >= minClause && asks(a, words) {
			out = append(out, a)
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// Asking are the stretches of a text that ask, in bytes; what is told before them only leads up. All of it, when no stretch asks by
// itself.
func Asking(text string) []danish.Span {
	var out []danish.Span
	for _, s := range asides(text) {
		part := s
		if i := strings.LastIndex(text[s.Start:s.End], ": "); i >= 0 {
			part.Start = s.Start + i + 2
		}
		for _, try := range []danish.Span{part, s} {
			if words := danish.Tokens(text[try.Start:try.End]); len(words) >= minClause && asks(text[try.Start:try.End], words) {
				out = append(out, try)
				break
			}
		}
	}
	if len(out) == 0 {
		return []danish.Span{{Start: 0, End: len(text)}}
	}
	return out
}

// pointing asks for the meaning of what was told before it.
var pointing = cues(`
	forklar/forklare/forklarer _ det/den $
	sige/sig det/den _ let/lettere/enkelt/nemt/nemmere/anderledes $
	hvad/va betyder/daekker/er det/den $
	hvad/va menes/mener _ med det/den $
`)

// PointsBack is what a text tells before it asks for its meaning: »Jeg hører om puljer hele tiden. Kan du forklare det?« It is empty when
// it asks for anything else.
func PointsBack(text string) string {
	for _, s := range Asking(text) {
		if words := foldedWords(text[s.Start:s.End]); slices.ContainsFunc(pointing, func(c cue) bool { return c.in(words) }) {
			return strings.TrimSpace(text[:s.Start])
		}
	}
	return ""
}

// sentences cuts at question marks and full stops; what is told in between belongs to no question.
func sentences(text string) []string {
	var out []string
	for _, s := range asides(text) {
		out = append(out, text[s.Start:s.End])
	}
	return out
}

// asides are the sentences of a text; a question mark ends one whatever follows: »hvad er en pulje?? min chef spørger«.
func asides(text string) (out []danish.Span) {
	for _, s := range danish.Sentences(text) {
		for {
			m := mark.FindStringIndex(text[s.Start:s.End])
			if m == nil {
				break
			}
			out = append(out, danish.Span{Start: s.Start, End: s.Start + m[1]})
			s.Start += m[1]
		}
		if strings.TrimSpace(text[s.Start:s.End]) != "" {
			out = append(out, s)
		}
	}
	return out
}

// mark is a question mark that something follows.
var mark = regexp.MustCompile(`[?]+[!?]*\s+`)

// asks reports whether a text asks something: it ends in a question mark, or begins with a word that asks.
func asks(text string, words []danish.Token) bool {
	if strings.HasSuffix(strings.TrimRight(text, " \"»«"), "?") {
		return true
	}
	first := danish.Fold(words[0].Text)
	_, ok := kindWords[first]
	return ok || askingWords[first] || first == "paa" && len(words) > 1 && strings.HasPrefix(danish.Fold(words[1].Text), "hvilk")
}

// askingWords begin Danish questions and requests, besides those that kindWords has.
var askingWords = set("hvad va vad hva hvilken hvilket hvilke er har kan skal maa boer vil findes gaelder betyder forklar fortael uddyb sammenlign beskriv naevn giv vis")

// Asks reports whether a text asks for something; people who talk with each other may not want an answer.
func Asks(text string) bool {
	if strings.Contains(text, "?") {
		return true
	}
	words := danish.Tokens(text)
	return len(words) > 0 && (asks(text, words) || danish.Fold(words[0].Text) == "og")
}
