package answer

import (
	"slices"

	"kildesvar/internal/danish"
	"kildesvar/internal/literature"
	"kildesvar/internal/query"
	"kildesvar/internal/question"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/sentence"
)

// unclearModel says how likely a question is to leave out what it is about. Its coefficients are those of a logistic regression on
// testdata/uklare.txt, testdata/klare.txt and the train split's questions; TestUnclear makes them anew.
var unclearModel = retrieval.Model{6.04, 0.60, -2.78, -2.22, 2.84, -1.58, -2.39, -2.67}

// unclearFrom is the probability from which is asked back: an answer that could be given is worth more than a question that need not be.
const unclearFrom = 0.7

// UnclearFeatures are the inputs of the model that decides whether to ask back:
//
//	bias      1
//	wording   Signals.Vague
//	content   idf of the words of content, 20 at most, in tens
//	asked     likeness to the best hit's entry questions
//	rival     score of the best hit of another article, as a share of the best
//	defined   1 if the question asks for the meaning of a concept that it names
//	one       1 if one article alone has all the words of content
//	length    words, 12 at most, in tens
func (e *Extractive) UnclearFeatures(r *retrieval.Result) []float64 {
	var content, defined, one float64
	var words []query.Word
	for _, w := range r.Query.Words {
		if !w.Common {
			content += float64(e.ix.Body.Stems.IDF(w.Key))
			words = append(words, w)
		}
	}
	if r.Defined != nil {
		defined = 1
	}
	if len(words) > 0 && e.articlesWith(words) == 1 {
		one = 1
	}
	length := min(len(danish.Tokens(r.Query.Text)), 12)
	return []float64{1, r.Signals.Vague, min(content, 20) / 10, r.Signals.Asked, e.rival(r.Hits), defined, one, float64(length) / 10}
}

// vague reports whether a question leaves out what it is about, or has only numbers and names that several articles have.
func (e *Extractive) vague(r *retrieval.Result) bool {
	if !r.Query.Opens() || len(r.Sides) > 0 || r.Shape == question.ShapeOverview {
		return false
	}
	own, names := e.own(r.Query)
	short := len(danish.Tokens(r.Query.Text)) <= vagueTokens
	switch {
	case short && len(r.Hits) > 0 && len(own) > 0 && names && e.shared(r, own):
		return true
	case question.WhatIs(r.Query.Text) && len(own) > 0 && !names: // it says what of
		return false
	case r.Signals.Vague == 0: // nothing was learned: only what has no words of its own at all
		return short && len(own) == 0 && r.Query.Reading.Shape != question.ShapeOther && (r.Defined == nil || !r.Defined.Own)
	case slices.ContainsFunc(r.Query.Words, func(w query.Word) bool { return !w.Known && w.Corrected == "" && !w.Common }):
		return false // it says what it is about in a word that no article has
	}
	return len(r.Hits) > 0 && !foreseen(r) && unclearModel.Probability(e.UnclearFeatures(r)) >= unclearFrom
}

// foreseen reports whether a question is an editor's, word for word, or a heading.
func foreseen(r *retrieval.Result) bool {
	words := func(s string) (out []string) {
		for _, t := range danish.Tokens(s) {
			out = append(out, danish.Fold(t.Text))
		}
		return out
	}
	asked := words(r.Query.Text)
	return len(r.Query.Words) > 0 && (r.Hits[0].Value(retrieval.Same) > 0 || slices.ContainsFunc(r.Hits, func(h retrieval.Hit) bool {
		return slices.ContainsFunc(h.Passage.Path, func(heading string) bool { return slices.Equal(words(heading), asked) })
	}))
}

// own are a question's words that name a subject; names reports whether all are numbers and names.
func (e *Extractive) own(q *query.Query) (words []query.Word, names bool) {
	names = true
	for _, w := range q.Words {
		if f := danish.Fold(w.Text); !w.Common && !genericWords[f] && !literature.Asks(f) {
			words = append(words, w)
			names = names && (w.Number || e.sentences.Library().Person(w))
		}
	}
	return words, names
}

// shared reports whether several articles have the few words, while none of their sections stands out.
func (e *Extractive) shared(r *retrieval.Result, words []query.Word) bool {
	return r.Defined == nil && len(words) <= vagueWords && r.Hits[0].Value(retrieval.Topic) < clearTopic && e.rival(r.Hits) >= vagueRival && e.articlesWith(words) > 1
}

// What a question of numbers and names alone must be; chosen on the train split.
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
	kriterium kriterier kriterierne undersoegelsen resultat resultatet resultater resultaterne aftale aftalen samarbejde samarbejdet`)

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
func (e *Extractive) articlesWith(words []query.Word) (n int) {
	for _, a := range e.ix.Articles {
		for p := a.First; p < a.Last; p++ {
			if !slices.ContainsFunc(words, func(w query.Word) bool { return !e.ix.Body.Stems.Has(w.Key, p) }) {
				n++
				break
			}
		}
	}
	return n
}

// clarify offers the readings of a vague question: a question for each of the sections that come nearest, of different articles.
func (e *Extractive) clarify(text string, r *retrieval.Result) *Answer {
	a := e.Start(text, StatusUnclear)
	a.Confidence, a.Reason = e.model.Confidence(r.Signals), reasonUnclear
	seen := map[string]bool{}
	for _, h := range r.Hits {
		if sentence.IsOverview(h.Passage.Article) { // it tells shortly what the others tell
			continue
		}
		if s := e.section(h.Number); s >= 0 && !seen[h.Passage.Article] && len(a.Next) < MaxChoices {
			if q := e.reading(h, s, r.Query); q != "" {
				seen[h.Passage.Article] = true
				a.Next = append(a.Next, q)
			}
		}
	}
	if len(a.Next) < MaxChoices && asksFor[r.Query.Reading.Shape] {
		a.Next = e.alike(a.Next, seen, r.Query)
	}
	if len(a.Next) < 2 {
		a.Next = e.beginnings()
	}
	a.Related = e.related(nil, r.Hits, nil)
	return a
}

// asksFor are the shapes that ask for one sort of thing: a choice for one must ask for the same.
var asksFor = map[question.Shape]bool{question.ShapeFigures: true, question.ShapeLaw: true, question.ShapeWho: true, question.ShapeExamples: true}

// alikeIn reports whether an entry question asks for the same sort of thing as a vague one.
func alikeIn(vague *query.Query, entry string) bool {
	want, got := vague.Reading, question.Read(entry)
	switch {
	case !asksFor[want.Shape]:
		return true
	case got.Shape != want.Shape:
		return false
	}
	return want.Shape != question.ShapeFigures || got.Kind == want.Kind && (want.Kind != question.KindOther || question.YesNo(entry) == question.YesNo(vague.Text))
}

// reading is the entry question of a section that is most like the question, asks for the same sort of thing and is understood by itself,
// or the section's own.
func (e *Extractive) reading(h retrieval.Hit, section int, vague *query.Query) string {
	for _, asked := range h.Asked {
		if q := e.ix.Questions[asked.Number].Text; GoesOn(q) && e.names(section, q) && alikeIn(vague, q) {
			return q
		}
	}
	if q := e.asks(section); alikeIn(vague, q) {
		return q
	}
	return ""
}

// alike adds to the choices what sections of articles not seen answer of the same sort, the first of their entry questions first.
func (e *Extractive) alike(next []string, seen map[string]bool, vague *query.Query) []string {
	inSection := map[int]int{}
	for i := range e.ix.Questions {
		q := &e.ix.Questions[i]
		if inSection[q.First]++; inSection[q.First] > maxChosen || q.StandIn || len(next) == MaxChoices {
			continue
		}
		article := e.ix.Passages[q.First].Article
		if !seen[article] && !sentence.IsOverview(article) && GoesOn(q.Text) && alikeIn(vague, q.Text) && e.names(e.section(q.First), q.Text) {
			seen[article] = true
			next = append(next, q.Text)
		}
	}
	return next
}

// maxChosen is how many of a section's entry questions a choice is looked for among.
const maxChosen = 12
