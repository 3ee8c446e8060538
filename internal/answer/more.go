package answer

import (
	"slices"

	"kildesvar/internal/retrieval"
)

// more answers »uddyb punkt 2«: what stands around the sentence of the last reply that is meant, and has not been said; then what its
// section goes on with.
func (c chooser) more(r *retrieval.Result) []candidate {
	meant := r.Said
	if n := r.Query.Reading.Point; n > 0 {
		meant = nil
		for _, p := range r.Said {
			if p.Point == n {
				meant = append(meant, p)
			}
		}
	}
	var picked []candidate
	for _, m := range meant {
		picked = c.around(m, r.Said, picked)
		if len(picked) >= MaxClaims {
			return picked[:MaxClaims]
		}
	}
	return picked
}

// around adds the sentences of the passage a sentence stands in, those after it first, and of the passages that follow in the article.
func (c chooser) around(m retrieval.Place, said []retrieval.Place, picked []candidate) []candidate {
	article := c.ix.Articles[c.articleOf(m.Passage)]
	for p := m.Passage; p < article.Last && p <= m.Passage+1; p++ {
		if c.ix.Passages[p].Section != c.ix.Passages[m.Passage].Section && p > m.Passage && len(picked) > 0 {
			break
		}
		for n := range c.ix.Passages[p].Sentences {
			s := c.one(p, n, p)
			if len(picked) == MaxClaims {
				return picked
			}
			if isSaid(said, p, n) || repeats(s, picked) || c.pointsBack(s) && !isSaid(said, p, n-1) && c.leansBack(s, picked) {
				continue
			}
			picked = append(picked, s)
		}
	}
	return picked
}

// said are the sentences of the last reply once more: what »hvem siger det?« asks the literature of.
func (c chooser) said(r *retrieval.Result) []candidate {
	var picked []candidate
	for i, p := range r.Said {
		if len(picked) < MaxClaims {
			picked = append(picked, c.one(p.Passage, p.Sentence, i))
		}
	}
	return picked
}

func isSaid(said []retrieval.Place, passage, sentence int) bool {
	return slices.ContainsFunc(said, func(s retrieval.Place) bool { return s.Passage == passage && s.Sentence == sentence })
}
