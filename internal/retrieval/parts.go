package retrieval

import (
	"context"

	"kildesvar/internal/query"
	"kildesvar/internal/question"
)

// Part is one of several things that a question asks.
type Part struct {
	Text    string
	Hits    []Hit
	Query   *query.Query
	Signals Signals
}

// maxParts is how many things a question asks at most.
const maxParts = 3

// parts searches for each of the things that a question asks by itself. A later one that leans on the first has its words too: »Hvad
// er en pulje, og hvem giver den?«
func (s *Searcher) parts(ctx context.Context, q *sought) ([]Part, error) {
	clauses := question.Clauses(q.Text)
	if len(clauses) < 2 {
		return nil, nil
	}
	var out []Part
	for i, text := range clauses[:min(maxParts, len(clauses))] {
		before := q.Earlier
		if i > 0 {
			before = s.Context(text, clauses[:1])
		}
		part := s.seek(text, before)
		if len(part.Words) == 0 {
			continue
		}
		part.wait = q.wait
		hits, err := s.rank(ctx, part)
		if err != nil {
			return nil, err
		}
		p := Part{Text: text, Query: part.Query, Hits: hits}
		p.Signals = s.signals(part, hits)
		p.Hits = hits[:min(DefaultHits, len(hits))]
		out = append(out, p)
	}
	if len(out) < 2 {
		return nil, nil
	}
	return out, nil
}
