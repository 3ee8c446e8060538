package retrieval

import (
	"slices"

	"kildesvar/internal/lexical"
)

// coverage is the share of the question's words, by weight and idf, that a passage with its headings has, or the entry
// question that is nearest. It tells a passage with both words of a question from one that has the first of them often.
func (s *Searcher) coverage(q *sought, passage int, a askedScore) float32 {
	var all, met float32
	body := s.ix.Body.Stems
	has := func(k lexical.Key) bool { return body.Has(k, passage) || a.keys[k] }
	for i, w := range q.Words {
		v := w.Weight * body.IDF(w.Key)
		all += v
		if has(w.Key) || s.expanded(q, i, has) {
			met += v
		}
	}
	if all == 0 {
		return 0
	}
	return met / all
}

// expanded reports whether a word belongs to a phrase that called up a concept whose term is there.
func (s *Searcher) expanded(q *sought, word int, has func(lexical.Key) bool) bool {
	for _, e := range q.Expansions {
		if slices.Contains(e.ByKeys, q.Words[word].Key) && len(e.Keys) > 0 && !slices.ContainsFunc(e.Keys, func(k lexical.Key) bool { return !has(k) }) {
			return true
		}
	}
	return false
}
