package retrieval

import (
	"unicode"
	"unicode/utf8"

	"kildesvar/internal/query"
	"kildesvar/internal/question"
)

// definers are words that ask for what a term means and are no subject of their own.
var definers = map[string]bool{"begreb": true, "begrebet": true, "ord": true, "ordet": true, "definition": true, "definitionen": true, "definer": true, "definere": true,
	"defineres": true, "definér": true, "forstås": true, "forstaas": true, "forstå": true, "betydning": true, "betydningen": true, "udtryk": true, "udtrykket": true, "term": true,
	"dækker": true, "daekker": true, "menes": true, "hedder": true, "kaldes": true, "almindeligt": true, "dansk": true, "slags": true, "noget": true, "står": true, "staar": true, "kort": true, "præcis": true, "præcise": true, "praecise": true, "præcist": true, "rigtige": true, "egentlige": true, "officielle": true, "forklaring": true, "defination": true,
	"forklar": true, "forklare": true, "forklarer": true, "fortæl": true, "fortael": true, "fortælle": true, "fortaelle": true, "beskriv": true, "beskrive": true}

// Defined is a concept that a question asks the meaning of, with the sentence that defines it.
type Defined struct {
	Term     string
	Passage  int  // number in the index
	Sentence int  // of the passage
	Own      bool // the question names it by its preferred term
}

// places finds where in the passages each concept's definition stands, word for word.
func places(s *Searcher) map[int]Defined {
	want := map[string][]int{}
	for i, c := range s.ix.Concepts {
		if c.Definition != "" {
			want[c.Definition] = append(want[c.Definition], i)
		}
	}
	out := map[int]Defined{}
	for p := range s.ix.Passages {
		for n := range s.ix.Passages[p].Sentences {
			for _, c := range want[s.ix.Passages[p].SentenceText(n)] {
				if _, ok := out[c]; !ok {
					out[c] = Defined{Term: s.ix.Concepts[c].Term, Passage: p, Sentence: n}
				}
			}
		}
	}
	return out
}

// defined returns the concept that a question asks the meaning of: it names one concept and nothing else, and asks for nothing but what
// that is. A follow-up names it by its own term: »hvad med ulemperne« goes on with what was asked before.
func (s *Searcher) defined(q *sought, kind question.Kind) (Defined, bool) {
	if d, ok := s.introduced(q); ok {
		return d, true
	}
	if kind != question.KindOther && kind != question.KindHow {
		return Defined{}, false
	}
	switch q.Reading.Shape {
	case question.ShapeOther, question.ShapeDefinition, question.ShapeComparison:
	default:
		if !question.WhatIs(q.Text) {
			return Defined{}, false
		}
	}
	return s.whole(q, definers)
}

// whole returns the definition of the concept that all of a question's own words name, but for some that count for nothing.
func (s *Searcher) whole(q *sought, but map[string]bool) (Defined, bool) {
	var own []query.Word
	for _, w := range q.Words {
		if !w.FromPast && !w.Told && !but[w.Text] {
			own = append(own, w)
		}
	}
	best, at := query.Named{}, -1
	for i, f := range s.parser.Named(own) {
		if f.Words == len(own) && (at < 0 || f.Own && !best.Own) {
			best, at = f, i
		}
	}
	if at < 0 || len(q.Earlier) > 0 && !best.Own {
		return Defined{}, false
	}
	d, ok := s.definitions[best.Concept]
	d.Own = best.Own
	return d, ok
}

// doers are words that ask what somebody does.
var doers = map[string]bool{"laver": true, "lave": true, "gør": true, "goer": true, "tilbyder": true, "arbejder": true, "rolle": true}

// introduced returns the concept that a question asks after by its name, who it is or what it does: »hvem er FriSe
// og hvad laver de«, »hvad laver et frivilligcenter«.
func (s *Searcher) introduced(q *sought) (Defined, bool) {
	if k := q.Reading.Kind; k != question.KindWho && k != question.KindOther || q.Reading.Shape != question.ShapeWho && q.Reading.Shape != question.ShapeOther {
		return Defined{}, false
	}
	d, ok := s.whole(q, doers)
	first, _ := utf8.DecodeRuneInString(d.Term)
	return d, ok && (unicode.IsUpper(first) || d.Own && q.Reading.Kind != question.KindWho)
}
