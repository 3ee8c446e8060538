package retrieval

import (
	"context"
	"regexp"
	"strings"

	"kildesvar/internal/danish"
	"kildesvar/internal/query"
	"kildesvar/internal/question"
)

// Side is one of the things that a question compares.
type Side struct {
	Term    string // the concept's preferred term
	Query   *query.Query
	Hits    []Hit
	Defined *Defined // where the term is defined, if it is
}

// comparing finds the two things in »forskellen på X og Y«, »X i forhold til Y«, »er X det samme som Y«, »X eller Y«.
var comparing = []*regexp.Regexp{
	regexp.MustCompile(`(?i)(?:forskel\p{L}*|sammenlign\p{L}*|sammenhæng\p{L}*|adskil\p{L}*(?: sig)?|skeln\p{L}*)\s+(?:der er\s+)?(?:på|paa|mellem|imellem)?\s*(.+?)\s+(?:og|kontra|vs\.?|fra|versus|med|over for|overfor)\s+(.+)`),
	regexp.MustCompile(`(?i)(?:hvordan|hvorledes)\s+adskiller\s+(.+?)\s+sig\s+fra\s+(.+)`),
	regexp.MustCompile(`(?i)(?:er|mon)\s+(.+?)\s+(?:det samme|det samme|samme ting|lig med|noget andet|en slags)\s*(?:som|end)?\s+(.+)`),
	regexp.MustCompile(`(?i)(?:er|mon|og)\s+(.+?)\s+og\s+(.+?)\s+(?:(?:egentlig|ikke|bare|så|nu|jo)\s+)*(?:det samme|samme ting|en og samme|ens|to forskellige ting|to ord for)`),
	regexp.MustCompile(`(?i)(.+?)\s+(?:kontra|vs\.?|versus|over for|overfor|ift\.?|i forhold til|i modsætning til|eller)\s+(.+)`),
}

// The last of comparing needs few words on each side.
const (
	loose                 = 4
	looseLeft, looseRight = 7, 4
)

// sides searches for each side of a comparison by itself. A question that compares nothing, or whose sides name no
// concept of the theme, has none.
func (s *Searcher) sides(ctx context.Context, q *sought) ([]Side, error) {
	left, right := s.compared(q.Text, q.Earlier)
	if left == "" {
		return nil, nil
	}
	var out []Side
	for _, text := range []string{left, right} {
		own := s.seek(text, nil)
		own.wait = q.wait
		side := Side{Term: text, Query: own.Query}
		hits, err := s.rank(ctx, own)
		if err != nil {
			return nil, err
		}
		side.Hits = hits[:min(DefaultHits, len(hits))]
		if d, ok := s.whole(own, definers); ok {
			side.Defined = &d
		}
		out = append(out, side)
	}
	return out, nil
}

// nthSide stands for a side of the comparison before: »giv et eksempel på det første«.
var nthSide = regexp.MustCompile(`(?i)\b(?:de[nt] (?:(første|forste|foerste|ene)|(andet|anden|sidste))|(førstnævnte|foerstnaevnte)|(sidstnævnte|sidstnaevnte))\s*[?.!]*$`)

// sided names the side that a question means which goes on with a comparison.
func (s *Searcher) sided(text string, earlier []string) string {
	m := nthSide.FindStringSubmatchIndex(text)
	if m == nil || len(earlier) == 0 {
		return text
	}
	left, right := s.compared(earlier[0], nil)
	if left == "" {
		return text
	}
	if m[2] >= 0 || m[6] >= 0 {
		right = left
	}
	return text[:m[0]] + right
}

// pronoun stands for a side that the question before named: »er det det samme som X?«
var pronoun = regexp.MustCompile(`(?i)^(?:det|den|de|dette|disse|her|og)(?:\s+(?:her|så|ikke|bare))*$`)

// asksOther reports whether a question asks for something else of two things than what they are: »hvem bestemmer, kommunen eller …«.
func asksOther(text string) bool {
	switch question.KindOf(text) {
	case question.KindWho, question.KindMany, question.KindWhen, question.KindWhere:
		return true
	}
	return false
}

// compared returns the preferred terms of the two sides, or two empty strings.
func (s *Searcher) compared(text string, earlier []string) (left, right string) {
	for i, re := range comparing {
		m := re.FindStringSubmatch(strings.TrimRight(text, " ?.!"))
		if m == nil {
			continue
		}
		if i == loose && (asksOther(text) || len(danish.Tokens(m[1])) > looseLeft || len(danish.Tokens(m[2])) > looseRight) {
			continue // »eller« stands between much else than two terms
		}
		l, r := s.parser.Concept(m[1]), s.parser.Concept(m[2])
		if l == "" && len(earlier) > 0 && pronoun.MatchString(m[1]) {
			l = s.parser.Concept(earlier[0])
		}
		if l != "" && r != "" && l != r {
			return l, r
		}
	}
	return "", ""
}
