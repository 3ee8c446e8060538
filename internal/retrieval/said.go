package retrieval

import (
	"regexp"
	"strings"

	"kildesvar/internal/danish"
)

// Place is a sentence of the index.
type Place struct {
	Passage  int // number in the index
	Sentence int // of the passage
	Point    int // the point of the reply in which it stands, from 1; a reply without a list has one point a sentence
}

// maxSaid is how many sentences of a reply are looked up.
const maxSaid = 12

var (
	// listItem begins a point of a list.
	listItem = regexp.MustCompile(`(?m)^\s*(?:[-*•]|\d+[.)])\s+`)
	// citation is what stands after a sentence: [1], [1](https://…) or <https://…|[1]>.
	citation = regexp.MustCompile(`\s*(?:<[^>|]*\|?\[?\d+\]?>|\[\d+\](?:\([^)]*\))?)`)
)

// said finds the sentences of the corpus that a reply quotes word for word.
func (s *Searcher) said(reply string) []Place {
	reply = citation.ReplaceAllString(reply, "")
	points := []string{reply}
	if at := listItem.FindAllStringIndex(reply, -1); len(at) > 0 {
		points = points[:0]
		for i, m := range at {
			end := len(reply)
			if i+1 < len(at) {
				end = at[i+1][0]
			}
			points = append(points, reply[m[1]:end])
		}
		points = append(points, reply[:at[0][0]]) // what stands before the list is no point of it
	}
	var out []Place
	for n, text := range points {
		for _, span := range danish.Sentences(text) {
			if len(out) == maxSaid {
				return out
			}
			p, ok := s.quoted(strings.TrimSpace(text[span.Start:span.End]))
			if !ok {
				continue
			}
			switch {
			case len(points) == 1:
				p.Point = len(out) + 1
			case n < len(points)-1:
				p.Point = n + 1
			}
			out = append(out, p)
		}
	}
	return out
}

// quoted finds a sentence of the corpus by its words.
func (s *Searcher) quoted(sentence string) (Place, bool) {
	want := strings.Join(strings.Fields(sentence), " ")
	if want == "" {
		return Place{}, false
	}
	terms := s.ix.Analyser().Text(want).Stems
	for _, i := range best(scores(s.ix.Body.Stems, terms), lookQuoted) {
		p := &s.ix.Passages[i]
		for n := range p.Sentences {
			if strings.Join(strings.Fields(p.SentenceText(n)), " ") == want {
				return Place{Passage: i, Sentence: n}, true
			}
		}
	}
	return Place{}, false
}

// lookQuoted is how many passages are looked through for a quoted sentence.
const lookQuoted = 5
