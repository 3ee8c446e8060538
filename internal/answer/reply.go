package answer

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kildesvar/internal/danish"
)

// cited is the ids at the end of a line, or behind a sentence: [ua1b2c3] or [ua1b2c3, ud4e5f6].
var cited = regexp.MustCompile(`\s*\[((?:u[0-9a-f]{6}[,; ]*)+)\]`)

// listMark begins a line that a model has made a list item or a heading.
var listMark = regexp.MustCompile(`^(?:[-*•#>]+|\d{1,2}[.)])\s+`)

// foreign are marks that no sentence of ours has: links, addresses, mentions, markup. A sentence with one is never shown.
var foreign = regexp.MustCompile("(?i)https?:|www\\.|://|[<>{}|`@#\\\\]|\\]\\(|!\\[|\\*\\*|__")

// lines reads a model's reply: its sentences with the passages they name. A model that found no answer has none.
func (s *session) lines(reply string) []written {
	place := map[string]int{}
	for i, p := range s.data.Passages {
		place[p.ID] = i
	}
	var out []written
	for _, line := range strings.Split(reply, "\n") {
		line = listMark.ReplaceAllString(strings.TrimSpace(line), "")
		if line == "" || len(out) == maxLines {
			continue
		}
		if strings.EqualFold(strings.Trim(line, ".! "), nothing) {
			return nil
		}
		out = append(out, sentencesOf(line, place)...)
	}
	return out[:min(maxLines, len(out))]
}

// sentencesOf cuts a line into sentences. Ids belong to the sentence before them; a sentence without takes those at the line's end.
func sentencesOf(line string, place map[string]int) []written {
	var out []written
	at := 0
	add := func(text string, cites []int) {
		for _, span := range danish.Sentences(text) {
			if t := clean(text[span.Start:span.End]); t != "" {
				out = append(out, written{t, cites})
			}
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
	add(strings.TrimLeft(line[at:], " .,"), nil)
	return out
}

// clean makes a model's sentence one of ours: one line, no control or invisible characters, a full stop at its end. It is empty for what
// cannot be shown: links, mentions, markup.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if foreign.MatchString(s) || len(danish.Tokens(s)) < 2 {
		return ""
	}
	if last, _ := utf8.DecodeLastRuneInString(s); !strings.ContainsRune(".?!»«\"", last) {
		s += "."
	}
	return s
}
