package retrieval

import "kildesvar/internal/question"

// definers are words that ask for what a term means and are no subject of their own.
var definers = map[string]bool{"begreb": true, "begrebet": true, "ord": true, "ordet": true, "definition": true, "definitionen": true, "definer": true, "definere": true,
	"defineres": true, "definér": true, "forstås": true, "forstaas": true, "forstå": true, "betydning": true, "betydningen": true, "udtryk": true, "udtrykket": true, "term": true,
	"dækker": true, "daekker": true, "menes": true, "hedder": true, "kaldes": true, "almindeligt": true, "dansk": true, "slags": true, "noget": true, "kort": true, "forklaring": true, "defination": true}

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

// defined returns the concept that a question asks the meaning of: it names one concept and nothing else.
func (s *Searcher) defined(q *Query, kind question.Kind) (Defined, bool) {
	if kind != question.KindOther && kind != question.KindHow {
		return Defined{}, false
	}
	var own []Word
	for _, w := range q.Words {
		if !w.fromPast && !w.told && !definers[w.Text] {
			own = append(own, w)
		}
	}
	best, at := found{}, -1
	for i, f := range s.book.find(own) {
		if f.words == len(own) && (at < 0 || f.own && !best.own) {
			best, at = f, i
		}
	}
	if at < 0 {
		return Defined{}, false
	}
	d, ok := s.definitions[best.concept]
	d.Own = best.own
	return d, ok
}
