package retrieval

import (
	"context"
	"regexp"
	"strings"

	"kildesvar/internal/danish"
	"kildesvar/internal/question"
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

// The last of comparing needs few words on each side.
const (
	loose                 = 3
	looseLeft, looseRight = 7, 4
)

// sides searches for each side of a comparison by itself. A question that compares nothing, or whose sides name no
// concept of the theme, has none.
func (s *Searcher) sides(ctx context.Context, q *Query) ([]Side, error) {
	left, right := s.compared(q.Text, q.earlier)
	if left == "" {
		return nil, nil
	}
	var out []Side
	for _, text := range []string{left, right} {
		side := Side{Term: text, Query: s.analyse(text, nil)}
		hits, err := s.rank(ctx, side.Query)
		if err != nil {
			return nil, err
		}
		side.Hits = hits[:min(DefaultHits, len(hits))]
		if d, ok := s.defined(side.Query, question.KindOther); ok {
			side.Defined = &d
		}
		out = append(out, side)
	}
	return out, nil
}

// pronoun stands for a side that the question before named: »er det det samme som X?«
var pronoun = regexp.MustCompile(`(?i)^(?:det|den|de|dette|disse|her|og)(?:\s+(?:her|så|ikke|bare))*$`)

// compared returns the preferred terms of the two sides, or two empty strings.
func (s *Searcher) compared(text string, earlier []string) (left, right string) {
	for i, re := range comparing {
		m := re.FindStringSubmatch(strings.TrimRight(text, " ?.!"))
		if m == nil {
			continue
		}
		if i == loose && (len(danish.Tokens(m[1])) > looseLeft || len(danish.Tokens(m[2])) > looseRight) {
			continue // »eller« stands between much else than two terms
		}
		l, r := s.concept(m[1]), s.concept(m[2])
		if l == "" && len(earlier) > 0 && pronoun.MatchString(m[1]) {
			l = s.concept(earlier[0])
		}
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
