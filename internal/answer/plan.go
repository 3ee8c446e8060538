package answer

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kildesvar/internal/query"
	"kildesvar/internal/question"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/sentence"
)

// plan is what an answer is made of.
type plan struct {
	picked     []sentence.Candidate // none: the question is not answered
	confidence float64
	notes      []string
	route      []int // articles to read, by number, in order
}

// plan chooses sentences in the shape that a question asks for.
func (e *Extractive) plan(r *retrieval.Result) plan {
	c := e.sentences.After(r.Said)
	p := plan{confidence: e.model.Confidence(r.Signals)}
	sure := p.confidence >= e.threshold && len(r.Query.Words) > 0 && len(r.Hits) > 0 && !strange(r)
	picked, decided := e.special(c, r, sure, &p)
	switch {
	case len(picked) > 0:
		p.picked = picked
		p.confidence = max(p.confidence, e.threshold) // the model does not know this way of finding; what is answered has the least it needs
	case decided:
		return p
	case len(r.Parts) > 1:
		e.inParts(c, r, sure, &p)
	case sure:
		if p.picked = c.Choose(r); c.Uncounted(r.Query, p.picked) || c.Unexplained(r, p.picked) {
			p.picked = nil
			return p
		}
		if unfamiliar(r) {
			p.notes = append(p.notes, noteUnsure)
		}
	}
	if e.ofLaw(r, p.picked) {
		p.notes = append(p.notes, noteLaw)
	}
	if r.Query.Reading.English {
		p.notes = append(p.notes, noteEnglish)
	}
	return p
}

// strange reports whether the writings of somebody are asked for whom the corpus does not know: what others wrote is no answer.
func strange(r *retrieval.Result) bool {
	known := func(w query.Word) bool { return w.Name && w.Known }
	return r.Shape == question.ShapeLiterature && r.Signals.UnknownName && !slices.ContainsFunc(r.Query.Words, known)
}

// familiar is the likeness to an entry question of its section from which an answer is given without a word of doubt. On the train split 0.65
// of the answers below it have a fact that was asked for, and 0.89 of those above.
const familiar = 0.4

// unfamiliar reports whether a question is asked in words that nobody foresaw: the articles may speak of its subject and yet the sentences
// be others than those asked for.
func unfamiliar(r *retrieval.Result) bool {
	return r.Defined == nil && r.Sides == nil && len(r.Said) == 0 && len(r.Hits[0].Asked) > 0 && !r.Signals.Plain && r.Signals.Asked < familiar
}

// special answers the shapes whose sentences are found otherwise than by likeness to the question. Where it decides and picks nothing,
// whatever else could be said is not what was asked for.
func (e *Extractive) special(c sentence.Chooser, r *retrieval.Result, sure bool, p *plan) (picked []sentence.Candidate, decided bool) {
	switch r.Shape {
	case question.ShapeMore:
		return c.More(r), false
	case question.ShapeLiterature:
		if picked := c.ByAuthor(r); len(picked) > 0 {
			return picked, true
		}
		if len(r.Said) > 0 && !c.HasSubject(r.Query) {
			return c.Said(r), true
		}
		if !r.Query.Reading.English && c.NamesAuthor(r.Query) { // what others wrote is no answer
			return nil, true
		}
		if sure {
			return c.Sourced(r.Query, r.Hits), false
		}
	case question.ShapeOverview:
		if !sure && c.HasSubject(r.Query) {
			return nil, false
		}
		return e.overview(c, r, sure, p), false
	}
	return nil, false
}

// overview tells what to read, and what of it to begin with.
func (e *Extractive) overview(c sentence.Chooser, r *retrieval.Result, sure bool, p *plan) []sentence.Candidate {
	picked, route, section := c.Overview(r, sure)
	switch {
	case len(route) > 1:
		titles := make([]string, len(route))
		for i, n := range route {
			titles[i] = e.ix.Articles[n].Title
		}
		p.route = route
		p.notes = append(p.notes, fmt.Sprintf(noteRoute, strings.Join(titles, " → ")))
	case section != "":
		p.notes = append(p.notes, fmt.Sprintf(noteSection, e.ix.Articles[route[0]].Title, section))
	case len(route) == 1:
		p.notes = append(p.notes, fmt.Sprintf(noteArticle, e.ix.Articles[route[0]].Title))
	}
	return picked
}

// inParts answers the things a question asks one after the other, and says which of them the articles do not answer.
func (e *Extractive) inParts(c sentence.Chooser, r *retrieval.Result, sure bool, p *plan) {
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
		p.picked = c.Choose(r)
		return
	}
	p.confidence = max(p.confidence, best)
	limit := MaxClaims / len(covered)
	for _, part := range covered {
		for _, s := range c.Part(part, limit) {
			if !sentence.Repeats(s, p.picked) {
				p.picked = append(p.picked, s)
			}
		}
	}
	for _, part := range missing {
		if !c.Meets(p.picked, part.Query) {
			p.notes = append(p.notes, fmt.Sprintf(noteUncovered, strings.TrimRight(part.Text, " ,.")))
		}
	}
}

// ofLaw reports whether an answer tells what the law demands or allows: it was asked for, or the first sentence cites a statute.
func (e *Extractive) ofLaw(r *retrieval.Result, picked []sentence.Candidate) bool {
	law := func(p retrieval.Part) bool { return p.Query.Reading.Shape == question.ShapeLaw }
	switch {
	case len(picked) == 0 || !r.Shape.Asks():
		return false
	case r.Shape == question.ShapeLaw, slices.ContainsFunc(r.Parts, law):
		return true
	}
	return r.Shape != question.ShapeFigures && statute.MatchString(e.ix.Passages[picked[0].Passage].SentenceText(picked[0].Sentence))
}

// statute is a paragraph or an act by its name.
var statute = regexp.MustCompile(`§+\s*\d+(?:\s?[a-z])?(?:[^-\w]|$)|(?i)\p{L}{3,}lov(?:en|ens|s)?\b|\blov(?:en|ens|givning\p{L}*)?\b|juridisk|lovpligtig`)
