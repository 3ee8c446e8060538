package sentence

import (
	"slices"

	"kildesvar/internal/retrieval"
)

// More answers »uddyb punkt 2«: what stands around the sentence of the last reply that is meant, and has not been said; then what its
// section goes on with.
func (c Chooser) More(r *retrieval.Result) []Candidate {
	meant := r.Said
	if n := r.Query.Reading.Point; n > 0 {
		meant = nil
		for _, p := range r.Said {
			if p.Point == n {
				meant = append(meant, p)
			}
		}
	}
	var picked []Candidate
	for _, m := range meant {
		if r.Query.Reading.Point > 0 {
			picked = c.headed(m, r.Said, picked)
		}
		picked = c.around(m, r.Said, picked)
		if len(picked) >= Most {
			return picked[:Most]
		}
	}
	return picked
}

// headed adds what another section of the article tells of the thing that a sentence names: the section whose heading stands in it.
func (c Chooser) headed(m retrieval.Place, said []retrieval.Place, picked []Candidate) []Candidate {
	in := c.One(m.Passage, m.Sentence, 0).stems
	article := c.ix.Articles[c.ix.ArticleOf(m.Passage)]
	for p := article.First; p < article.Last; p++ {
		heading := c.ix.Passages[p].Section
		if heading == c.ix.Passages[m.Passage].Section || !HasAll(in, c.TermKeys(heading)) {
			continue
		}
		for n := range c.ix.Passages[p].Sentences {
			if s := c.One(p, n, p); len(picked) < Most && !isSaid(said, p, n) && !Repeats(s, picked) && !c.leansBack(s, picked) {
				picked = append(picked, s)
			}
		}
	}
	return picked
}

// around adds the sentences of the passage a sentence stands in, those after it first, and of the passages that follow in the article.
func (c Chooser) around(m retrieval.Place, said []retrieval.Place, picked []Candidate) []Candidate {
	article := c.ix.Articles[c.ix.ArticleOf(m.Passage)]
	for p := m.Passage; p < article.Last && p <= m.Passage+1; p++ {
		if c.ix.Passages[p].Section != c.ix.Passages[m.Passage].Section && p > m.Passage && len(picked) > 0 {
			break
		}
		for n := range c.ix.Passages[p].Sentences {
			s := c.One(p, n, p)
			if len(picked) == Most {
				return picked
			}
			if isSaid(said, p, n) || Repeats(s, picked) || c.PointsBack(s) && !isSaid(said, p, n-1) && c.leansBack(s, picked) {
				continue
			}
			picked = append(picked, s)
		}
	}
	return picked
}

// Said are the sentences of the last reply once more: what »hvem siger det?« asks the literature of.
func (c Chooser) Said(r *retrieval.Result) []Candidate {
	var picked []Candidate
	for i, p := range r.Said {
		if len(picked) < Most {
			picked = append(picked, c.One(p.Passage, p.Sentence, i))
		}
	}
	return picked
}

func isSaid(said []retrieval.Place, passage, sentence int) bool {
	return slices.ContainsFunc(said, func(s retrieval.Place) bool { return s.Passage == passage && s.Sentence == sentence })
}
