package answer

import (
	"path"
	"sort"
	"strings"

	"kildesvar/internal/danish"
	"kildesvar/internal/retrieval"
)

// overviewWords ask for a way in and are no subject of their own.
var overviewWords = map[string]bool{"overblik": true, "overblikket": true, "begynde": true, "begynder": true, "starte": true, "starter": true, "laese": true, "laeser": true,
	"foerst": true, "artikel": true, "artikler": true, "artiklen": true, "artiklerne": true, "tema": true, "temaet": true, "emne": true, "emnet": true, "side": true, "siden": true, "sider": true,
	"vidensportalen": true, "introduktion": true, "intro": true, "raekkefoelge": true, "vej": true, "ny": true, "nyansat": true, "startet": true, "begyndt": true, "lige": true, "job": true,
	"arbejde": true, "stof": true, "stoffet": true, "omraadet": true, "omraade": true, "kort": true, "hurtigt": true, "handler": true, "saette": true, "saetter": true, "ind": true}

// overview answers »hvor begynder jeg«: with a subject, a way through its article, a sentence a section; without one, a way through
// the theme, a sentence an article. route lists the articles in the order to read them in.
func (c chooser) overview(r *retrieval.Result, sure bool) (picked []candidate, route []int) {
	if sure && c.hasSubject(r.Query) {
		for _, h := range r.Hits {
			if n := c.articleOf(h.Number); path.Base(c.ix.Articles[n].ID) != themeArticle && h.Score >= offTheme*r.Hits[0].Score {
				return c.throughArticle(n, r), []int{n}
			}
		}
	}
	return c.throughTheme(c.themeOf(r))
}

// offTheme is the share of the best hit's score from which an article is preferred to the theme's overview, which speaks of all articles.
const offTheme = 0.4

// themeArticle is the name of a theme's overview.
const themeArticle = "tema"

func (c chooser) hasSubject(q *retrieval.Query) bool {
	for _, w := range q.Own().Words {
		if f := danish.Fold(w.Text); !w.Common && w.Known && !overviewWords[f] && !overviewWords[danish.Fold(w.Corrected)] {
			return true
		}
	}
	return false
}

// articleOf is the number of a passage's article.
func (c chooser) articleOf(passage int) int {
	return sort.Search(len(c.ix.Articles), func(i int) bool { return c.ix.Articles[i].Last > passage })
}

// throughArticle takes the first sentence that stands alone of each section, from the beginning.
func (c chooser) throughArticle(n int, r *retrieval.Result) []candidate {
	a := c.ix.Articles[n]
	var picked []candidate
	if d := r.Defined; d != nil {
		picked = append(picked, c.one(d.Passage, d.Sentence, -1))
	}
	section := ""
	for p := a.First; p < a.Last && len(picked) < MaxClaims; p++ {
		if s := c.ix.Passages[p].Section; p == a.First || s != section {
			section = s
			if s, ok := c.opening(p); ok && !repeats(s, picked) {
				picked = append(picked, s)
			}
		}
	}
	return picked
}

// throughTheme takes the opening of the theme's overview and of the articles in the order in which the overview names them.
func (c chooser) throughTheme(theme string) (picked []candidate, route []int) {
	front, others := -1, []int(nil)
	for i, a := range c.ix.Articles {
		switch {
		case path.Dir(a.ID) != theme:
		case path.Base(a.ID) == themeArticle:
			front = i
		default:
			others = append(others, i)
		}
	}
	if front >= 0 {
		named := danish.Fold(c.guide(front))
		at := func(i int) int {
			if n := strings.Index(named, danish.Fold(c.ix.Articles[i].Title)); n >= 0 {
				return n
			}
			return len(named)
		}
		sort.SliceStable(others, func(a, b int) bool { return at(others[a]) < at(others[b]) })
		route = append(route, front)
	}
	route = append(route, others...)
	for _, i := range route {
		if s, ok := c.opening(c.ix.Articles[i].First); ok && len(picked) < MaxClaims && !repeats(s, picked) {
			picked = append(picked, s)
		}
	}
	return picked, route
}

// guide is the text of an overview's sections about the articles, or all of it when no heading speaks of them.
func (c chooser) guide(front int) string {
	var about, all strings.Builder
	for p := c.ix.Articles[front].First; p < c.ix.Articles[front].Last; p++ {
		all.WriteString(c.ix.Passages[p].Text + "\n")
		if strings.Contains(strings.ToLower(c.ix.Passages[p].Section), "artikl") {
			about.WriteString(c.ix.Passages[p].Text + "\n")
		}
	}
	if about.Len() > 0 {
		return about.String()
	}
	return all.String()
}

// themeOf is the theme of the first hit, or the first there is.
func (c chooser) themeOf(r *retrieval.Result) string {
	if len(r.Hits) > 0 {
		return themeOf(r.Hits[0].Passage.Article)
	}
	return themeOf(c.ix.Articles[0].ID)
}

// themeOf is the theme of an article's id.
func themeOf(id string) string { return path.Dir(id) }

// opening is the first sentence of a passage that stands alone and has literature.
func (c chooser) opening(p int) (candidate, bool) {
	for n := range c.ix.Passages[p].Sentences {
		s := c.one(p, n, p)
		if !c.pointsBack(s) && len(c.keysOf(s)) > 0 {
			return s, true
		}
	}
	return candidate{}, false
}
