package query

import (
	"strings"

	"kildesvar/internal/danish"
	"kildesvar/internal/index"
	"kildesvar/internal/question"
)

// pointing are words by which a question leans on the one before it.
var pointing = map[string]bool{"også": true, "ogsaa": true,
	"det": true, "den": true, "de": true, "dem": true, "dette": true, "disse": true, "denne": true, "der": true, "dér": true, "deres": true, "dens": true, "dets": true,
	"han": true, "hun": true, "ham": true, "hende": true, "hans": true, "hendes": true, "begge": true, "uddyb": true, "mere": true, "andre": true, "anden": true, "andet": true, "sidste": true, "første": true,
	"ellers": true, "eksempel": true, "eksempler": true, "kilde": true, "kilden": true, "kilder": true, "forskellen": true, "her": true, "sådan": true}

// openings begin a question that goes on with the one before.
var openings = []string{"okay ", "hvad med ", "og ", "men ", "så ", "altså ", "hvad så "}

// How many content words a question has that needs no earlier one although it points back, and although it names no
// concept.
const (
	standsPointing = 4
	standsUnnamed  = 2
)

// Context returns the earlier questions that a question follows up on, newest first, or none when it stands alone.
// questions are the user's earlier ones, oldest first. It is decided by the words alone: no model is asked.
func (p *Parser) Context(text string, questions []string) []string {
	if question.English(text) {
		text = question.Danish(text)
	}
	if len(questions) == 0 || !p.leans(text) {
		return nil
	}
	last := questions[len(questions)-1]
	if len(questions) > 1 && p.leans(last) {
		return []string{last, questions[len(questions)-2]}
	}
	return []string{last}
}

// leans reports whether a question goes on with the one before, points back in few words, or has too little of its own.
func (p *Parser) leans(text string) bool {
	text, _ = question.Plain(text)
	lower := strings.ToLower(strings.TrimSpace(text))
	for _, o := range openings {
		if strings.HasPrefix(lower, o) {
			return true
		}
	}
	points := false
	for _, t := range danish.Tokens(lower) {
		points = points || pointing[t.Text]
	}
	var q Query
	p.addWords(&q, text, 1, false)
	content := 0
	for _, w := range q.Words {
		if !w.Common {
			content++
		}
	}
	switch {
	case content == 0:
		return true
	case len(p.book.find(q.Words)) > 0: // names a concept: »hvad er samskabelse?«, »hvad er samskabelse så i det her?«
		return points && content == 1 && len(q.Words) > 1
	}
	return content <= standsUnnamed || points && content <= standsPointing || p.unclear(text)
}

// unclear reports whether a question leaves out what it is about, by its wording alone: whatever came before it is then likely to say it.
func (p *Parser) unclear(text string) bool {
	edge := p.ix.Edge.Probabilities(p.ix.EdgeFeatures(text), 1)
	return edge != nil && edge[index.Unclear] > leansUnclear
}

// leansUnclear is the probability of leaving out its subject from which a question is taken to go on with the one before.
const leansUnclear = 0.5
