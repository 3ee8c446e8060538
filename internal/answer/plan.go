package answer

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kildesvar/internal/lexical"
	"kildesvar/internal/question"
	"kildesvar/internal/retrieval"
)

// plan is what an answer is made of.
type plan struct {
	picked     []candidate // none: the question is not answered
	confidence float64
	notes      []string
	route      []int // articles to read, by number, in order
}

// plan chooses sentences in the shape that a question asks for.
func (e *Extractive) plan(r *retrieval.Result) plan {
	c := chooser{e.ix, r.Said}
	p := plan{confidence: e.model.Confidence(r.Signals)}
	sure := p.confidence >= e.threshold && len(r.Query.Words) > 0 && len(r.Hits) > 0
	if p.picked = e.special(c, r, sure, &p); len(p.picked) > 0 {
		p.confidence = max(p.confidence, e.threshold) // the model does not know this way of finding; what is answered has the least it needs
	} else if len(r.Parts) > 1 {
		e.inParts(c, r, sure, &p)
	} else if sure {
		p.picked = c.choose(r)
	}
	if c.ofLaw(r.Shape, p.picked) {
		p.notes = append(p.notes, noteLaw)
	}
	if r.Query.Reading.English {
		p.notes = append(p.notes, noteEnglish)
	}
	return p
}

// special answers the shapes whose sentences are found otherwise than by likeness to the question.
func (e *Extractive) special(c chooser, r *retrieval.Result, sure bool, p *plan) []candidate {
	switch r.Shape {
	case question.ShapeMore:
		return c.more(r)
	case question.ShapeLiterature:
		if picked := c.written(e.library(), r); len(picked) > 0 {
			return picked
		}
		if len(r.Said) > 0 && !c.hasSubject(r.Query) {
			return c.said(r)
		}
		if sure {
			return c.sourced(r.Query, r.Hits)
		}
	case question.ShapeOverview:
		if !sure && c.hasSubject(r.Query) {
			return nil
		}
		picked, route := c.overview(r, sure)
		if len(route) > 1 {
			titles := make([]string, len(route))
			for i, n := range route {
				titles[i] = e.ix.Articles[n].Title
			}
			p.route = route
			p.notes = append(p.notes, fmt.Sprintf(noteRoute, strings.Join(titles, " → ")))
		} else if len(route) == 1 {
			p.notes = append(p.notes, fmt.Sprintf(noteArticle, e.ix.Articles[route[0]].Title))
		}
		return picked
	}
	return nil
}

// inParts answers the things a question asks one after the other, and says which of them the articles do not answer.
func (e *Extractive) inParts(c chooser, r *retrieval.Result, sure bool, p *plan) {
	var covered, missing []retrieval.Part
	best := 0.0
	for _, part := range r.Parts {
		confidence := e.model.Confidence(part.Signals)
		if confidence >= e.threshold {
			covered = append(covered, part)
			best = max(best, confidence)
		} else {
			missing = append(missing, part)
		}
	}
	switch {
	case len(covered) == 0 && !sure:
		return
	case len(covered) == 0:
		p.picked = c.choose(r)
		return
	}
	p.confidence = max(p.confidence, best)
	limit := MaxClaims / len(covered)
	for _, part := range covered {
		for _, s := range c.extract(part.Query, part.Hits, limit) {
			if !repeats(s, p.picked) {
				p.picked = append(p.picked, s)
			}
		}
	}
	for _, part := range missing {
		if !c.meets(p.picked, part.Query) {
			p.notes = append(p.notes, fmt.Sprintf(noteUncovered, strings.TrimRight(part.Text, " ,.")))
		}
	}
}

// meetsPart is the share of a part's words that the chosen sentences must have for it to count as answered.
const meetsPart = 0.6

// meets reports whether sentences chosen for something else answer a question too.
func (c chooser) meets(picked []candidate, q *retrieval.Query) bool {
	have := map[lexical.Key]bool{}
	for _, s := range picked {
		for k := range s.stems {
			have[k] = true
		}
	}
	return share(c.ix.Body.Stems, q.Own().Terms.Stems, have) >= meetsPart
}

// ofLaw reports whether an answer tells what the law demands or allows: it was asked for, or the first sentence cites a statute.
func (c chooser) ofLaw(shape question.Shape, picked []candidate) bool {
	cites := func(s candidate) bool { return statute.MatchString(c.ix.Passages[s.passage].SentenceText(s.sentence)) }
	if shape == question.ShapeLaw {
		return slices.ContainsFunc(picked, cites)
	}
	return len(picked) > 0 && shape.Asks() && shape != question.ShapeFigures && cites(picked[0])
}

// statute is a paragraph or an act by its name.
var statute = regexp.MustCompile(`§|(?i)\p{L}{3,}lov(?:en|ens|s)?\b|\blov(?:en|ens|givning\p{L}*)?\b|juridisk|lovpligtig`)
