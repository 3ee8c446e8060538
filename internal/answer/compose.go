package answer

import (
	"context"
	"regexp"
	"slices"
	"sync"

	"kildesvar/internal/index"
	"kildesvar/internal/lexical"
	"kildesvar/internal/question"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/sentence"
)

// MaxClaims is how many claims an answer has at most, MaxRelated how many related articles a reply names.
const (
	MaxClaims  = sentence.Most
	MaxRelated = 3
)

// Reasons and notes, as people read them.
const (
	noteLaw          = "Til orientering, ikke juridisk rådgivning. Slå loven op, som den gælder i dag, før du bruger svaret i en afgørelse."
	noteUnsure       = "Jeg er ikke sikker på, at det er svar på det, du spørger om. Hvis ikke, så skriv det gerne med andre ord."
	noteEnglish      = "The articles are in Danish, so the answer is quoted in Danish. (Artiklerne er på dansk, så svaret er citeret på dansk.)"
	noteUncovered    = "Artiklerne svarer ikke på denne del af spørgsmålet: »%s«"
	noteArticle      = "Læs artiklen »%s«. Sætningerne her er begyndelsen på dens afsnit."
	noteSection      = "Læs artiklen »%s«, især afsnittet »%s«."
	noteRoute        = "Læs i denne rækkefølge: %s."
	noteUrgent       = "Er nogen i fare, så ring 112. Er du bekymret for et barn eller en voksen, så tal med din leder eller kommunens sociale vagt med det samme. Vent ikke på et svar her."
	reasonNotCovered = "Det kan jeg ikke finde svar på i artiklerne, og jeg gætter ikke."
	reasonUnclear    = "Det kan betyde flere ting. Vælg det, du mener, eller skriv spørgsmålet med et par ord mere."
	reasonEmpty      = "Skriv et spørgsmål om temaet, fx »Hvad er samskabelse?«"
	reasonPersonal   = "Det ligner et spørgsmål om en bestemt person eller sag. Det kan jeg ikke svare på. Spørg en kollega eller din leder, eller stil spørgsmålet alment, uden oplysninger om personen."
	noteUnreviewed   = "Artiklerne er Kildesvars egne sammenfatninger af offentlige indledninger og resuméer og er endnu ikke gennemgået af en redaktør. Slå kilden op, før du bruger svaret i en afgørelse."
)

// Extractive composes answers by quoting the corpus. It is safe for concurrent use.
type Extractive struct {
	ix        *index.Index
	model     retrieval.Model
	threshold float64
	sentences sentence.Chooser
	terms     func() [][]lexical.Key // the stems of each concept's term
}

// DefaultThreshold is the lowest confidence that is answered; chosen on the train split so that no more than eight in a hundred
// answerable questions are refused (`kildesvar eval --fit` shows what each threshold would do).
const DefaultThreshold = 0.60

// NewExtractive returns a composer over the index.
func NewExtractive(ix *index.Index, m retrieval.Model, threshold float64) *Extractive {
	e := &Extractive{ix: ix, model: m, threshold: threshold, sentences: sentence.New(ix)}
	e.terms = sync.OnceValue(e.conceptTerms)
	return e
}

// Index is what it quotes.
func (e *Extractive) Index() *index.Index { return e.ix }

// Confidence is how likely it is, 0 to 1, that the corpus answers what was searched for.
func (e *Extractive) Confidence(r *retrieval.Result) float64 { return e.model.Confidence(r.Signals) }

// Start is an Answer of this index with nothing in it.
func (e *Extractive) Start(text string, s Status) *Answer {
	a := empty(text, s)
	a.Generation = e.ix.Manifest.ID()
	return a
}

// Compose answers a question from what a search found for it, in the shape it asks for, or refuses it.
func (e *Extractive) Compose(_ context.Context, text string, r *retrieval.Result) *Answer {
	if r.Query.Reading.Topic == question.TopicKnows && len(r.Said) > 0 { // »hvor har du det fra?« after an answer asks for its literature
		r.Shape = question.ShapeLiterature
	}
	if r.Shape == question.ShapeOther && question.Says(r.Query.Text) && e.sentences.NamesAuthor(r.Query) { // »hvad peger VIVE på«
		r.Shape = question.ShapeLiterature
	}
	var a *Answer
	if !r.Shape.Asks() {
		a = e.talk(text, r.Query.Reading)
	} else {
		a = e.compose(text, r)
	}
	a.Shape = string(r.Shape)
	return a
}

func (e *Extractive) compose(text string, r *retrieval.Result) *Answer {
	if e.vague(r) {
		return e.clarify(text, r)
	}
	p := e.plan(r)
	if len(p.picked) == 0 {
		return e.NotCovered(text, r, p.confidence)
	}
	a := e.Start(text, StatusAnswered)
	a.Confidence = p.confidence
	for _, c := range p.picked {
		e.Quote(a, c.Passage, c.Sentence)
	}
	a.Related = e.related(p.route, r.Hits, a.Sources)
	a.Notes = append(a.Notes, p.notes...)
	if e.unreviewed(a.Sources) {
		a.Notes = append(a.Notes, noteUnreviewed)
	}
	a.Next = e.next(a, r)
	return a
}

// NotCovered is the reply that the corpus does not answer, with the nearest articles.
func (e *Extractive) NotCovered(text string, r *retrieval.Result, confidence float64) *Answer {
	a := e.Start(text, StatusNotCovered)
	a.Confidence, a.Reason = confidence, reasonNotCovered
	if len(r.Query.Words) == 0 {
		a.Reason = reasonEmpty
	}
	a.Related = e.related(nil, r.Hits, nil)
	urge(a)
	return a
}

// danger are words of violence and despair. They add a note to a refusal and change nothing else, so that one too many does no harm.
var danger = regexp.MustCompile(`(?i)\b(?:blå mærker|blaa maerker|slår|slaar|slået|slaaet|tæsk|vold|volden|voldelig\p{L}*|overgreb|mishandl\p{L}*|selvmord\p{L}*|tage livet af|tage sit liv|i fare|truer med|truet)(?:\P{L}|$)`)

// urge says where to turn at once when a refused question tells of danger.
func urge(a *Answer) {
	if danger.MatchString(a.Question) {
		a.Notes = append(a.Notes, noteUrgent)
	}
}

// Personal is the reply to a question about a person's case. Articles that come near are offered as general knowledge.
func (e *Extractive) Personal(text string, r *retrieval.Result) *Answer {
	a := e.Start(text, StatusPersonalCase)
	a.Reason = reasonPersonal
	if r != nil {
		a.Confidence = e.model.Confidence(r.Signals)
		a.Related = e.related(nil, r.Hits, nil)
	}
	urge(a)
	return a
}

// Quote adds a sentence of a passage as a claim, with its source and literature.
func (e *Extractive) Quote(a *Answer, passage, sentence int) {
	p := &e.ix.Passages[passage]
	e.State(a, p.SentenceText(sentence), []Support{{passage, e.Keys(p.Article, p.Sentences[sentence].Keys)}})
}

// Support is a passage, by number, that a claim stands on, with the literature (Extractive.Keys) that it cites for it.
type Support struct {
	Passage int
	Keys    []string
}

// State adds a claim in anybody's words, with the passages that it stands on as sources, and their literature.
func (e *Extractive) State(a *Answer, text string, on []Support) {
	c := Claim{Text: text, Literature: []string{}}
	for _, s := range on {
		c.Sources = append(c.Sources, e.source(a, s.Passage, s.Keys))
		for _, k := range s.Keys {
			if !slices.Contains(c.Literature, k) {
				c.Literature = append(c.Literature, k)
			}
		}
		e.refer(a, e.ix.Passages[s.Passage].Article, s.Keys)
	}
	slices.Sort(c.Sources)
	a.Claims = append(a.Claims, c)
}

// Around gives an answer made of other sentences what stands around those of the quoted one: its shape and confidence, notes, related
// articles, and questions to go on with.
func (e *Extractive) Around(a, quoted *Answer, r *retrieval.Result) {
	a.Shape, a.Confidence = quoted.Shape, quoted.Confidence
	a.Notes = append(a.Notes, quoted.Notes...)
	note := func(n string, needed bool) {
		if needed && !slices.Contains(a.Notes, n) {
			a.Notes = append(a.Notes, n)
		}
	}
	note(noteLaw, r.Shape == question.ShapeLaw || statute.MatchString(a.Claims[0].Text))
	note(noteUnreviewed, e.unreviewed(a.Sources))
	for _, rel := range quoted.Related {
		if !slices.ContainsFunc(a.Sources, func(s Source) bool { return s.Article == rel.Article }) {
			a.Related = append(a.Related, rel)
		}
	}
	a.Next = e.next(a, r)
}

// refer adds the references of keys that an answer has not yet.
func (e *Extractive) refer(a *Answer, article string, keys []string) {
	for _, k := range keys {
		if !slices.ContainsFunc(a.Literature, func(r Reference) bool { return r.ID == k }) {
			ref, _ := e.ix.Reference(article, k)
			a.Literature = append(a.Literature, Reference{ID: k, Reference: ref})
		}
	}
}

// Keys keeps the keys that have a reference; the others were reported when the corpus was loaded.
func (e *Extractive) Keys(article string, keys []string) []string {
	out := []string{}
	for _, k := range keys {
		if _, ok := e.ix.Reference(article, k); ok {
			out = append(out, k)
		}
	}
	return out
}

// source returns the number of a passage under the answer, adding it if it is new.
func (e *Extractive) source(a *Answer, passage int, keys []string) int {
	p := &e.ix.Passages[passage]
	i := slices.IndexFunc(a.Sources, func(s Source) bool { return s.Passage == p.ID })
	if i < 0 {
		art, _ := e.ix.Article(p.Article)
		i = len(a.Sources)
		a.Sources = append(a.Sources, Source{N: i + 1, Passage: p.ID, Article: p.Article, Title: art.Title, Section: p.Section,
			URL: art.URL, Quote: p.Text, Literature: []string{}})
	}
	for _, k := range keys {
		if !slices.Contains(a.Sources[i].Literature, k) {
			a.Sources[i].Literature = append(a.Sources[i].Literature, k)
		}
	}
	return i + 1
}

// related names the articles of a way through the theme, or those of the hits that are not sources already, nearest first.
func (e *Extractive) related(route []int, hits []retrieval.Hit, sources []Source) []Related {
	out := []Related{}
	seen := map[string]bool{}
	for _, s := range sources {
		seen[s.Article] = true
	}
	for _, i := range route {
		if a := &e.ix.Articles[i]; !seen[a.ID] {
			seen[a.ID] = true
			out = append(out, Related{Article: a.ID, Title: a.Title, URL: a.URL})
		}
	}
	for _, h := range hits {
		id := h.Passage.Article
		if seen[id] || len(out) >= MaxRelated {
			continue
		}
		seen[id] = true
		a, _ := e.ix.Article(id)
		out = append(out, Related{Article: id, Title: a.Title, URL: a.URL})
	}
	return out
}

func (e *Extractive) unreviewed(sources []Source) bool {
	return slices.ContainsFunc(sources, func(s Source) bool {
		a, _ := e.ix.Article(s.Article)
		return a.Reviewed == ""
	})
}
