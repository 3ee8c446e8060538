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

// overview answers »hvor begynder jeg«: with a subject, a way through its article, or to the section that tells of it; without one, a
// way through the theme, a sentence an article. route lists the articles in the order to read them in; section is the heading to turn to,
// when it is one of them.
func (c chooser) overview(r *retrieval.Result, sure bool) (picked []candidate, route []int, section string) {
	if sure && c.hasSubject(r.Query) {
		if n := c.articleFor(r); n >= 0 {
			if c.entitled(r.Query, n) {
				return c.throughArticle(n, r), []int{n}, ""
			}
			picked, section = c.intoArticle(n, r)
			return picked, []int{n}, section
		}
	}
	picked, route = c.throughTheme(c.themeOf(r), r, sure)
	return picked, route, ""
}

// articleFor is the article to read: that of which the hits are, all in all, the nearest; an article that the theme's overview tells of in
// a hit counts for that hit. It is -1 when there is none but the overview itself.
func (c chooser) articleFor(r *retrieval.Result) int {
	score := map[int]float64{}
	for h := range r.Hits {
		near := r.Hits[h].Score / r.Hits[0].Score
		n := c.articleOf(r.Hits[h].Number)
		if path.Base(c.ix.Articles[n].ID) == themeArticle {
			if n = c.toldOf(r, h); n < 0 {
				continue
			}
		}
		score[n] += near * near
	}
	best := -1
	for n := range c.ix.Articles {
		if score[n] > 0 && (best < 0 || score[n] > score[best]) {
			best = n
		}
	}
	return best
}

// toldOf is the article that the likeliest sentence of a hit names, or -1.
func (c chooser) toldOf(r *retrieval.Result, h int) int {
	article, value := -1, 0.0
	for _, s := range c.rate(r.Query, r.Hits, h) {
		if s.value <= value {
			continue
		}
		for n := range c.ix.Articles {
			if namesArticle(c.ix.Passages[s.passage].SentenceText(s.sentence), c.ix.Articles[n].Title) {
				article, value = n, s.value
			}
		}
	}
	return article
}

// namesArticle reports whether a sentence has an article's title, or its beginning, in quotation marks.
func namesArticle(sentence, title string) bool {
	for {
		_, rest, ok := strings.Cut(sentence, "»")
		if !ok {
			return false
		}
		name, after, ok := strings.Cut(rest, "«")
		if ok && name != "" && strings.HasPrefix(danish.Fold(title), danish.Fold(name)) {
			return true
		}
		sentence = after
	}
}

// guided is the sentence of the theme's overview that says what an article is about.
func (c chooser) guided(article int) (candidate, bool) {
	title := c.ix.Articles[article].Title
	for _, a := range c.ix.Articles {
		if path.Base(a.ID) != themeArticle || themeOf(a.ID) != themeOf(c.ix.Articles[article].ID) {
			continue
		}
		for p := a.First; p < a.Last; p++ {
			for n := range c.ix.Passages[p].Sentences {
				if namesArticle(c.ix.Passages[p].SentenceText(n), title) {
					return c.one(p, n, p), true
				}
			}
		}
	}
	return candidate{}, false
}

// entitled reports whether an article is about what the question asks for as a whole: its title has the words.
func (c chooser) entitled(q *retrieval.Query, article int) bool {
	title, all, in := c.stems(c.ix.Articles[article].Title), 0, 0
	for _, w := range q.Own().Words {
		if f := danish.Fold(w.Text); w.Common || overviewWords[f] || overviewWords[danish.Fold(w.Corrected)] {
			continue
		}
		all++
		if title[w.Key] {
			in++
		}
	}
	return in > 0 && 2*in >= all
}

// intoArticle answers where to read of something: what the overview says of the article, and the sentences of the article that come
// nearest, with the heading they stand under.
func (c chooser) intoArticle(n int, r *retrieval.Result) (picked []candidate, section string) {
	if s, ok := c.guided(n); ok {
		picked = append(picked, s)
	}
	var hits []retrieval.Hit
	for _, h := range r.Hits {
		if c.articleOf(h.Number) == n {
			hits = append(hits, h)
		}
	}
	told := len(picked)
	if len(hits) > 0 {
		picked = c.extract(r.Query, hits, maxInto, picked...)
	}
	if len(picked) > told {
		section = c.ix.Passages[picked[told].passage].Section
	}
	return picked, section
}

// maxInto is how many sentences such an answer has.
const maxInto = 3

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
	if s, ok := c.guided(n); ok {
		picked = append(picked, s)
	}
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

// throughTheme takes the sentences of the theme's overview that come nearest, and says what the articles are about, in the order in which
// the overview names them.
func (c chooser) throughTheme(theme string, r *retrieval.Result, sure bool) (picked []candidate, route []int) {
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
		s, ok := c.guided(i)
		if i == front && sure && c.articleOf(r.Hits[0].Number) == front {
			picked = c.extract(r.Query, r.Hits[:1], maxFront)
			continue
		}
		if i == front || !ok {
			s, ok = c.opening(c.ix.Articles[i].First)
		}
		if ok && len(picked) < MaxClaims && !repeats(s, picked) {
			picked = append(picked, s)
		}
	}
	return picked, route
}

// maxFront is how many sentences of its overview a way through a theme begins with at most.
const maxFront = 2

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
