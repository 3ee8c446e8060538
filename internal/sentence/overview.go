package sentence

import (
	"path"
	"sort"
	"strings"

	"kildesvar/internal/danish"
	"kildesvar/internal/query"
	"kildesvar/internal/retrieval"
)

// overviewWords ask for a way in and are no subject of their own.
var overviewWords = map[string]bool{"overblik": true, "overblikket": true, "begynde": true, "begynder": true, "starte": true, "starter": true, "laese": true, "laeser": true,
	"foerst": true, "artikel": true, "artikler": true, "artiklen": true, "artiklerne": true, "tema": true, "temaet": true, "emne": true, "emnet": true, "side": true, "siden": true, "sider": true, "kommune": true, "kommunen": true, "kommuner": true, "kommunerne": true, "komunen": true,
	"forvaltning": true, "forvaltningen": true, "nyansatte": true, "stilling": true, "mandags": true,
	"vidensportalen": true, "introduktion": true, "intro": true, "raekkefoelge": true, "vej": true, "ny": true, "nyansat": true, "startet": true, "begyndt": true, "lige": true, "job": true,
	"arbejde": true, "stof": true, "stoffet": true, "omraadet": true, "omraade": true, "kort": true, "hurtigt": true, "handler": true, "saette": true, "saetter": true, "ind": true}

// Overview answers »hvor begynder jeg«: with a subject, a way through its article, or to the section that tells of it; without one, a
// way through the theme, a sentence an article. route lists the articles in the order to read them in; section is the heading to turn to,
// when it is one of them.
func (c Chooser) Overview(r *retrieval.Result, sure bool) (picked []Candidate, route []int, section string) {
	if sure && c.HasSubject(r.Query) {
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
func (c Chooser) articleFor(r *retrieval.Result) int {
	score := map[int]float64{}
	for h := range r.Hits {
		near := r.Hits[h].Score / r.Hits[0].Score
		n := c.ix.ArticleOf(r.Hits[h].Number)
		if IsOverview(c.ix.Articles[n].ID) {
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
func (c Chooser) toldOf(r *retrieval.Result, h int) int {
	article, value := -1, 0.0
	for _, s := range c.rate(r.Query, r.Hits, h) {
		if s.value <= value {
			continue
		}
		for n := range c.ix.Articles {
			if namesArticle(c.text(s), c.ix.Articles[n].Title) {
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
func (c Chooser) guided(article int) (Candidate, bool) {
	title := c.ix.Articles[article].Title
	for _, a := range c.ix.Articles {
		if !IsOverview(a.ID) || themeOf(a.ID) != themeOf(c.ix.Articles[article].ID) {
			continue
		}
		for p := a.First; p < a.Last; p++ {
			for n := range c.ix.Passages[p].Sentences {
				if namesArticle(c.ix.Passages[p].SentenceText(n), title) {
					return c.One(p, n, p), true
				}
			}
		}
	}
	return Candidate{}, false
}

// entitled reports whether an article is about what the question asks for as a whole: its title has the words.
func (c Chooser) entitled(q *query.Query, article int) bool {
	title, all, in := c.Stems(c.ix.Articles[article].Title), 0, 0
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
func (c Chooser) intoArticle(n int, r *retrieval.Result) (picked []Candidate, section string) {
	if s, ok := c.guided(n); ok {
		picked = append(picked, s)
	}
	var hits []retrieval.Hit
	for _, h := range r.Hits {
		if c.ix.ArticleOf(h.Number) == n {
			hits = append(hits, h)
		}
	}
	told := len(picked)
	if len(hits) > 0 {
		picked = c.extract(r.Query, hits, maxInto, picked...)
	}
	if len(picked) > told {
		section = c.ix.Passages[picked[told].Passage].Section
	}
	return picked, section
}

// maxInto is how many sentences such an answer has.
const maxInto = 3

// themeArticle is the name of a theme's overview.
const themeArticle = "tema"

// IsOverview reports whether an article (by id) is its theme's overview, which tells shortly what the others tell.
func IsOverview(article string) bool { return path.Base(article) == themeArticle }

// HasSubject reports whether a question names what it is about, besides asking for a way in.
func (c Chooser) HasSubject(q *query.Query) bool {
	for _, w := range q.Own().Words {
		if f := danish.Fold(w.Text); !w.Common && w.Known && !overviewWords[f] && !overviewWords[danish.Fold(w.Corrected)] {
			return true
		}
	}
	return false
}

// throughArticle takes the first sentence that stands alone of each section, from the beginning.
func (c Chooser) throughArticle(n int, r *retrieval.Result) []Candidate {
	a := c.ix.Articles[n]
	var picked []Candidate
	if s, ok := c.guided(n); ok {
		picked = append(picked, s)
	}
	if d := r.Defined; d != nil {
		picked = append(picked, c.One(d.Passage, d.Sentence, -1))
	}
	section := ""
	for p := a.First; p < a.Last && len(picked) < Most; p++ {
		if s := c.ix.Passages[p].Section; p == a.First || s != section {
			section = s
			if s, ok := c.opening(p); ok && !Repeats(s, picked) {
				picked = append(picked, s)
			}
		}
	}
	return picked
}

// throughTheme takes the sentences of the theme's overview that come nearest, and says what the articles are about, in the order in which
// the overview names them.
func (c Chooser) throughTheme(theme string, r *retrieval.Result, sure bool) (picked []Candidate, route []int) {
	route = c.Route(theme)
	for _, i := range route {
		front := IsOverview(c.ix.Articles[i].ID)
		s, ok := c.guided(i)
		if front && sure && c.ix.ArticleOf(r.Hits[0].Number) == i {
			picked = c.extract(r.Query, r.Hits[:1], maxFront)
			continue
		}
		if front || !ok {
			s, ok = c.opening(c.ix.Articles[i].First)
		}
		if ok && len(picked) < Most && !Repeats(s, picked) {
			picked = append(picked, s)
		}
	}
	return picked, route
}

// Route is the articles of a theme, by number, in the order in which its overview names them; the overview, if there is one, is the first.
func (c Chooser) Route(theme string) (route []int) {
	front, others := -1, []int(nil)
	for i, a := range c.ix.Articles {
		switch {
		case path.Dir(a.ID) != theme:
		case IsOverview(a.ID):
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
	return append(route, others...)
}

// maxFront is how many sentences of its overview a way through a theme begins with at most.
const maxFront = 2

// guide is the text of an overview's sections about the articles, or all of it when no heading speaks of them.
func (c Chooser) guide(front int) string {
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
func (c Chooser) themeOf(r *retrieval.Result) string {
	if len(r.Hits) > 0 {
		return themeOf(r.Hits[0].Passage.Article)
	}
	return themeOf(c.ix.Articles[0].ID)
}

// themeOf is the theme of an article's id.
func themeOf(id string) string { return path.Dir(id) }

// opening is the first sentence of a passage that stands alone and has literature.
func (c Chooser) opening(p int) (Candidate, bool) {
	for n := range c.ix.Passages[p].Sentences {
		s := c.One(p, n, p)
		if !c.PointsBack(s) && len(c.keysOf(s)) > 0 {
			return s, true
		}
	}
	return Candidate{}, false
}
