package retrieval

import (
	"context"
	"regexp"
	"strings"
)

// Side is one of the things that a question compares.
type Side struct {
	Term    string // the concept's preferred term
	Query   *Query
	Hits    []Hit
	Defined *Defined // where the term is defined, if it is
}

// comparing finds the two things in »forskellen på X og Y«, »X i forhold til Y«, »er X det samme som Y«, »X eller Y«.
var comparing = []*regexp.Regexp{
	regexp.MustCompile(`(?i)(?:forskel\p{L}*|sammenlign\p{L}*|sammenhæng\p{L}*|adskil\p{L}*(?: sig)?|skeln\p{L}*)\s+(?:der er\s+)?(?:på|paa|mellem|imellem)?\s*(.+?)\s+(?:og|kontra|vs\.?|fra|versus|med|over for|overfor)\s+(.+)`),
	regexp.MustCompile(`(?i)(?:hvordan|hvorledes)\s+adskiller\s+(.+?)\s+sig\s+fra\s+(.+)`),
	regexp.MustCompile(`(?i)(?:er|mon)\s+(.+?)\s+(?:det samme|det samme|samme ting|lig med|noget andet|en slags)\s*(?:som|end)?\s+(.+)`),
	regexp.MustCompile(`(?i)(.+?)\s+(?:kontra|vs\.?|versus|over for|overfor|ift\.?|i forhold til|i modsætning til|eller)\s+(.+)`),
}

// sides searches for each side of a comparison by itself. A question that compares nothing, or whose sides name no
// concept of the theme, has none.
func (s *Searcher) sides(ctx context.Context, question string) ([]Side, error) {
	left, right := s.compared(question)
	if left == "" {
		return nil, nil
	}
	var out []Side
	for _, text := range []string{left, right} {
		q := s.analyse(text, "")
		hits, err := s.rank(ctx, q)
		if err != nil {
			return nil, err
		}
		side := Side{Term: text, Query: q, Hits: hits[:min(DefaultHits, len(hits))]}
		if d, ok := s.defined(q, KindOther); ok {
			side.Defined = &d
		}
		out = append(out, side)
	}
	return out, nil
}

// compared returns the words of the two sides.
func (s *Searcher) compared(question string) (left, right string) {
	for _, re := range comparing {
		m := re.FindStringSubmatch(strings.TrimRight(question, " ?.!"))
		if m == nil {
			continue
		}
		l, r := s.concept(m[1]), s.concept(m[2])
		if l != "" && r != "" && l != r {
			return l, r
		}
	}
	return "", ""
}

// concept returns the preferred term of the concept that a side of a comparison names, the one nearest to its beginning.
func (s *Searcher) concept(text string) string {
	var q Query
	s.addWords(&q, text, 1, false)
	best := found{at: -1}
	for _, f := range s.book.find(q.Words) {
		if best.at < 0 || f.words > best.words || f.words == best.words && f.at < best.at {
			best = f
		}
	}
	if best.at < 0 {
		return ""
	}
	return s.book.concepts[best.concept].Term
}
