package answer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kildesvar/internal/danish"
	"kildesvar/internal/index"
	"kildesvar/internal/lexical"
	"kildesvar/internal/question"
	"kildesvar/internal/retrieval"
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

// next are questions to go on with: what the other sections that came near answer, then the other sections of the first source's
// article, none that is asked already.
func (e *Extractive) next(a *Answer, hits []retrieval.Hit) []string {
	used := map[int]bool{}
	for _, s := range a.Sources {
		for _, h := range hits {
			if h.Passage.ID == s.Passage {
				used[e.section(h.Number)] = true
			}
		}
	}
	var sections []int
	for _, h := range hits {
		sections = append(sections, e.section(h.Number))
	}
	if len(hits) > 0 {
		art, _ := e.ix.Article(hits[0].Passage.Article)
		for p := art.First; p < art.Last; p++ {
			sections = append(sections, e.section(p))
		}
	}
	return e.questions(sections, used, a.Question, MaxNext)
}

// questions are the first questions of up to n sections that are not used.
func (e *Extractive) questions(sections []int, used map[int]bool, asked string, n int) []string {
	out := []string{}
	c := chooser{ix: e.ix}
	have := []candidate{{passage: -1, stems: c.stems(asked)}}
	for _, s := range sections {
		if s < 0 || used[s] || len(out) == n {
			continue
		}
		used[s] = true
		if q := e.asks(s); q != "" {
			if as := (candidate{passage: -2 - s, stems: c.stems(q)}); !repeats(as, have) {
				have = append(have, as)
				out = append(out, q)
			}
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

// asks is a question that a section answers and that is understood by itself: its heading, if that is one, or the first of its entry
// questions that names what the section is about. It is empty when there is none.
func (e *Extractive) asks(section int) string {
	s := e.ix.Sections[section]
	if h := e.ix.Passages[s.First].Section; fitsButton(h) && standsAlone(h) && e.names(section, h) {
		return h
	}
	for i := range e.ix.Questions {
		if q := &e.ix.Questions[i]; q.First == s.First && fitsButton(q.Text) && standsAlone(q.Text) && e.names(section, q.Text) {
			return q.Text
		}
	}
	return ""
}

// telling is the idf among the entry questions from which a word of a title tells what a question is about.
const telling = 2

// names reports whether a question names what a section is about: a telling word of its article's title, or a concept's term.
func (e *Extractive) names(section int, q string) bool {
	p := &e.ix.Passages[e.ix.Sections[section].First]
	art, _ := e.ix.Article(p.Article)
	c := chooser{ix: e.ix}
	have := c.stems(q)
	for k := range c.stems(art.Title) {
		if have[k] && e.ix.Asked.Stems.IDF(k) >= telling {
			return true
		}
	}
	return slices.ContainsFunc(e.terms(), func(keys []lexical.Key) bool { return hasAll(have, keys) })
}

// termsOf are the stems of each concept's term.
func termsOf(ix *index.Index) [][]lexical.Key {
	out := make([][]lexical.Key, len(ix.Concepts))
	for i, con := range ix.Concepts {
		out[i] = chooser{ix: ix}.termKeys(con.Term)
	}
	return out
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
	for _, t := range danish.Tokens(q) {
		if leaning[danish.Fold(t.Text)] {
			return false
		}
	}
	s := question.Read(q).Shape
	return s.Asks() && s != question.ShapeOverview && s != question.ShapeMore && s != question.ShapeLiterature
}

// beginnings are questions to begin with: one for each of the first articles.
func (e *Extractive) beginnings() []string {
	_, route := chooser{ix: e.ix}.throughTheme(themeOf(e.ix.Articles[0].ID))
	var sections []int
	for _, i := range route {
		if strings.HasSuffix(e.ix.Articles[i].ID, "/"+themeArticle) {
			continue
		}
		for p := e.ix.Articles[i].First; p < e.ix.Articles[i].Last; p++ {
			if s := e.section(p); s >= 0 && e.asks(s) != "" {
				sections = append(sections, s)
				break
			}
		}
	}
	return e.questions(sections, map[int]bool{}, "", MaxChoices)
}
