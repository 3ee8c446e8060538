package retrieval

import (
	"context"
	"fmt"
	"slices"
)

// ownShare is what a question's own search counts against all other queries together: more than half, so that its first hit stays first
// unless it found others nearly as good itself; not much more, so that what the others agree on still comes near enough to be read.
const ownShare = 0.55

// Also adds what other queries for the same question find to a result. The question's own search counts most, the others share the rest,
// so that no rewriting can drown it; scores keep the scale of the question's own. The signals become the mean of the question's and
// of those of the query that agrees best with what ranks first now: a rewriting can make an answer likelier, but not sure. It fails when
// ctx is done or the embedder fails; r is not changed.
func (s *Searcher) Also(ctx context.Context, r *Result, queries []string) (*Result, error) {
	if len(queries) == 0 || len(r.Hits) == 0 {
		return r, nil
	}
	others := make([]*Result, 0, len(queries))
	together := s.newWait() // they wait for a learned embedder no longer than one search does, and not at all where that failed before
	together.lost = r.NoVector
	for _, text := range queries {
		q := s.seek(text, nil)
		q.wait = together
		o, err := s.search(ctx, q, len(r.Hits))
		if err != nil {
			return nil, fmt.Errorf("search also: %w", err)
		}
		if len(o.Hits) > 0 && o.Hits[0].Score > 0 {
			others = append(others, o)
		}
	}
	top := r.Hits[0].Score
	if len(others) == 0 || top <= 0 {
		return r, nil
	}
	byNumber := map[int]*Hit{}
	add := func(h Hit, share float64) {
		if have := byNumber[h.Number]; have != nil {
			have.Score += share
			return
		}
		h.Score = share
		byNumber[h.Number] = &h
	}
	for _, h := range r.Hits {
		add(h, ownShare*h.Score)
	}
	for _, o := range others {
		for _, h := range o.Hits {
			add(h, (1-ownShare)*top*h.Score/o.Hits[0].Score/float64(len(others)))
		}
	}
	out := *r
	out.Hits = make([]Hit, 0, len(byNumber))
	for _, h := range byNumber {
		out.Hits = append(out.Hits, *h)
	}
	slices.SortFunc(out.Hits, func(a, b Hit) int {
		if a.Score != b.Score {
			if a.Score > b.Score {
				return -1
			}
			return 1
		}
		return a.Number - b.Number
	})
	out.Hits = out.Hits[:min(len(out.Hits), len(r.Hits))]
	if i := slices.IndexFunc(others, func(o *Result) bool { return o.Hits[0].Number == out.Hits[0].Number }); i >= 0 {
		out.Signals = r.Signals.mean(others[i].Signals)
	}
	return &out, nil
}

// mean is halfway between two; what either lacks is lacking.
func (g Signals) mean(o Signals) Signals {
	half := func(a, b float64) float64 { return (a + b) / 2 }
	return Signals{
		MetSection: half(g.MetSection, o.MetSection), Typed: half(g.Typed, o.Typed), Missed: half(g.Missed, o.Missed), Outside: half(g.Outside, o.Outside),
		Edge: half(g.Edge, o.Edge), Vague: half(g.Vague, o.Vague), Asked: half(g.Asked, o.Asked), Plain: g.Plain, UnknownName: g.UnknownName || o.UnknownName, MissingData: g.MissingData || o.MissingData,
	}
}
