package answer

import (
	"slices"

	"kildesvar/internal/danish"
	"kildesvar/internal/question"
	"kildesvar/internal/retrieval"
)

// What makes a question too vague to answer: it is short, follows up on nothing, and has no word of content, or only numbers and names
// that several articles have while none of their sections stands out. Chosen on the train split.
const (
	vagueTokens = 6
	vagueWords  = 2
	clearTopic  = 0.9
	vagueRival  = 0.55
)

// genericWords are folded words that ask for a kind of thing and name no subject.
var genericWords = wordSet(`paragraf paragraffen paragraffer lov loven lovgivning lovgivningen regel regler reglerne krav kravene pligt pligter ret rettigheder steget stiger stigning faldet falder
	udvikling udviklingen ulempe ulemper ulemperne fordel fordele fordelene udfordring udfordringer udfordringerne problem problemer problemet problemerne barriere barrierer faldgruber
	risiko risici tal tallet tallene antal antallet andel procent eksempel eksempler eksemplerne forskel forskellen forskelle oekonomi oekonomien penge pengene pris prisen metode
	metoden metoder metoderne model modellen modeller trin trinnet trinnene punkt punkter definition definitionen begreb begrebet aktoer aktoerer aktoererne rolle rollen roller rollerne
	undersoegelsen resultat resultatet resultater resultaterne aftale aftalen samarbejde samarbejdet`)

// vague reports whether a question could mean several things.
func (e *Extractive) vague(r *retrieval.Result) bool {
	if len(r.Said) > 0 || r.Query.FollowsUp() || len(r.Sides) > 0 || r.Shape == question.ShapeOverview || len(danish.Tokens(r.Query.Text)) > vagueTokens {
		return false
	}
	var own []retrieval.Word
	for _, w := range r.Query.Words {
		if f := danish.Fold(w.Text); !w.Common && !genericWords[f] && !literatureWords[f] {
			own = append(own, w)
		}
	}
	if len(own) == 0 {
		return r.Query.Reading.Shape != question.ShapeOther && (r.Defined == nil || !r.Defined.Own)
	}
	named := func(w retrieval.Word) bool { return w.Number || e.library().person(w) }
	return r.Defined == nil && len(own) <= vagueWords && !slices.ContainsFunc(own, func(w retrieval.Word) bool { return !named(w) }) && len(r.Hits) > 0 && r.Hits[0].Value(retrieval.Topic) < clearTopic &&
		e.rival(r.Hits) >= vagueRival && e.articlesWith(own) > 1
}

// rival is the score of the best hit of another article than the first hit's, as a share of the first's.
func (e *Extractive) rival(hits []retrieval.Hit) float64 {
	for _, h := range hits {
		if h.Passage.Article != hits[0].Passage.Article {
			return h.Score / hits[0].Score
		}
	}
	return 0
}

// articlesWith is how many articles have a passage with all the words.
func (e *Extractive) articlesWith(words []retrieval.Word) (n int) {
	for _, a := range e.ix.Articles {
		for p := a.First; p < a.Last; p++ {
			if !slices.ContainsFunc(words, func(w retrieval.Word) bool { return !e.ix.Body.Stems.Has(w.Key, p) }) {
				n++
				break
			}
		}
	}
	return n
}

// clarify offers the readings of a vague question: a question for each of the sections that come nearest, of different articles.
func (e *Extractive) clarify(text string, r *retrieval.Result) *Answer {
	a := e.start(text, StatusUnclear)
	a.Confidence, a.Reason = e.model.Confidence(r.Signals), reasonUnclear
	seen := map[string]bool{}
	for _, h := range r.Hits {
		if s := e.section(h.Number); s >= 0 && !seen[h.Passage.Article] && len(a.Next) < MaxChoices {
			if q := e.reading(h, s); q != "" {
				seen[h.Passage.Article] = true
				a.Next = append(a.Next, q)
			}
		}
	}
	if len(a.Next) < 2 {
		a.Next = e.beginnings()
	}
	a.Related = e.related(nil, r.Hits, nil)
	return a
}

// reading is the entry question of a section that is most like the question and is understood by itself, or the section's own.
func (e *Extractive) reading(h retrieval.Hit, section int) string {
	for _, asked := range h.Asked {
		if q := e.ix.Questions[asked.Number].Text; fitsButton(q) && standsAlone(q) && e.names(section, q) {
			return q
		}
	}
	return e.asks(section)
}
