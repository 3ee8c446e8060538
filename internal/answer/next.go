package answer

import (
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kildesvar/internal/danish"
	"kildesvar/internal/lexical"
	"kildesvar/internal/passage"
	"kildesvar/internal/question"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/sentence"
)

// Questions to go on with.
const (
	// MaxNext is how many an answer has; MaxChoices how many readings a clarification offers.
	MaxNext    = 2
	MaxChoices = 3
	// Letters of a question that fits a button and says enough by itself.
	shortestNext = 15
	longestNext  = 75
)

// next are questions to go on with: what other sections that came about as near answer, then what the article of the first source goes on
// with, and what it told before, then what else came near; none that is asked or answered already.
func (e *Extractive) next(a *Answer, r *retrieval.Result) []string {
	used := map[int]bool{}
	for _, s := range a.Sources {
		for _, h := range r.Hits {
			if h.Passage.ID == s.Passage {
				used[e.section(h.Number)] = true
			}
		}
	}
	var near, far, sections []int
	for _, h := range r.Hits {
		if sentence.IsOverview(h.Passage.Article) { // it tells shortly what the others tell
			continue
		}
		if h.Score >= nearNext*r.Hits[0].Score {
			near = append(near, e.section(h.Number))
		} else {
			far = append(far, e.section(h.Number))
		}
	}
	if at := e.place(a.Sources[0].Passage); at >= 0 && !sentence.IsOverview(a.Sources[0].Article) {
		art := e.ix.Articles[e.ix.ArticleOf(at)]
		used[e.section(at)] = true
		for p := at; p < art.Last; p++ {
			sections = append(sections, e.section(p))
		}
		for p := at; p >= art.First; p-- {
			sections = append(sections, e.section(p))
		}
	}
	return e.questions(slices.Concat(near, sections, far), used, lexical.Keys(r.Query.Own().Terms.Stems), MaxNext)
}

// nearNext is the share of the best hit's score from which another section's question comes before those of the same article.
const nearNext = 0.6

// place is the number of the passage with the id, or -1.
func (e *Extractive) place(id string) int {
	return slices.IndexFunc(e.ix.Passages, func(p passage.Passage) bool { return p.ID == id })
}

// askedAlready is the share of a question's words, by idf, from which it asks what has been asked.
const askedAlready = 0.75

// questions are the first questions of up to n sections that are not used.
func (e *Extractive) questions(sections []int, used map[int]bool, asked map[lexical.Key]bool, n int) []string {
	out := []string{}
	var have []sentence.Candidate
	for _, s := range sections {
		if s < 0 || used[s] || len(out) == n {
			continue
		}
		used[s] = true
		q := e.asks(s)
		if q == "" || e.ix.Asked.Stems.Share(e.ix.Analyser().Text(q).Stems, asked) >= askedAlready {
			continue
		}
		if as := e.sentences.Elsewhere(q); !sentence.Repeats(as, have) {
			have = append(have, as)
			out = append(out, q)
		}
	}
	return out
}

// section is the number of a passage's section among those with entry questions, or -1.
func (e *Extractive) section(passage int) int {
	for i, s := range e.ix.Sections {
		if passage >= s.First && passage < s.Last {
			return i
		}
	}
	return -1
}

// asks is a question that a section answers and that is understood by itself: its heading, if that is one, or that of its entry
// questions which says most of the heading, the first of them, and names what the section is about. It is empty when there is none.
func (e *Extractive) asks(section int) string {
	s := e.ix.Sections[section]
	if h := e.ix.Passages[s.First].Section; GoesOn(h) && e.names(section, h) {
		return h
	}
	heading := e.ix.Analyser().Text(e.ix.Passages[s.First].Section).Stems
	best, most, seen := "", -1.0, 0
	for i := range e.ix.Questions {
		q := &e.ix.Questions[i]
		if q.First != s.First || !GoesOn(q.Text) || !e.names(section, q.Text) {
			continue
		}
		if seen++; seen > maxEntries {
			break
		}
		if of := e.ix.Asked.Stems.Share(heading, lexical.Keys(e.ix.Analyser().Text(q.Text).Stems)); of > most {
			best, most = q.Text, of
		}
	}
	return best
}

// maxEntries is how many of a section's entry questions are chosen among: editors write the plain ones first.
const maxEntries = 4

// telling is the idf among the entry questions from which a word of a title tells what a question is about.
const telling = 2

// names reports whether a question names what a section is about: a telling word of its article's title, or a concept's term.
func (e *Extractive) names(section int, q string) bool {
	p := &e.ix.Passages[e.ix.Sections[section].First]
	art, _ := e.ix.Article(p.Article)
	have := e.sentences.Stems(q)
	for k := range e.sentences.Stems(art.Title) {
		if have[k] && e.ix.Asked.Stems.IDF(k) >= telling {
			return true
		}
	}
	return slices.ContainsFunc(e.terms(), func(keys []lexical.Key) bool { return sentence.HasAll(have, keys) })
}

// conceptTerms are the stems of each concept's term.
func (e *Extractive) conceptTerms() [][]lexical.Key {
	out := make([][]lexical.Key, len(e.ix.Concepts))
	for i, con := range e.ix.Concepts {
		out[i] = e.sentences.TermKeys(con.Term)
	}
	return out
}

// GoesOn reports whether a question can be one to go on with: it fits a button and is understood by itself.
func GoesOn(q string) bool {
	plain, _ := question.Plain(q)
	return fitsButton(q) && standsAlone(q) && plain == q
}

func fitsButton(q string) bool {
	n := utf8.RuneCountInString(q)
	r, _ := utf8.DecodeRuneInString(q)
	return n >= shortestNext && n <= longestNext && unicode.IsUpper(r)
}

// leaning are folded words that make a question hang on something said before it.
var leaning = map[string]bool{"det": true, "den": true, "de": true, "dem": true, "dette": true, "disse": true, "denne": true, "han": true, "hun": true, "her": true, "vi": true, "os": true,
	"vores": true, "jeg": true, "min": true, "mit": true, "mine": true, "sider": true, "siderne": true, "siden": true, "afsnittet": true, "artiklen": true}

func standsAlone(q string) bool {
	if !strings.HasSuffix(q, "?") || strings.ContainsAny(strings.TrimRight(q, "?"), ".?!:") {
		return false
	}
	words := danish.Tokens(q)
	for i, t := range words {
		if leaning[danish.Fold(t.Text)] && !sentence.Determines(q, words, i) {
			return false
		}
	}
	s := question.Read(q).Shape
	return s.Asks() && s != question.ShapeOverview && s != question.ShapeMore && s != question.ShapeLiterature
}

// beginnings are questions to begin with: one for each of the first articles.
func (e *Extractive) beginnings() []string {
	var sections []int
	for _, i := range e.sentences.Route(path.Dir(e.ix.Articles[0].ID)) {
		if sentence.IsOverview(e.ix.Articles[i].ID) {
			continue
		}
		for p := e.ix.Articles[i].First; p < e.ix.Articles[i].Last; p++ {
			if s := e.section(p); s >= 0 && e.asks(s) != "" {
				sections = append(sections, s)
				break
			}
		}
	}
	return e.questions(sections, map[int]bool{}, nil, MaxChoices)
}
