package slackbot

import (
	"context"
	"strings"
	"sync"

	"kildesvar/internal/answer"
	"kildesvar/internal/answer/written"
	"kildesvar/internal/assistant"
	"kildesvar/internal/privacy"
)

// asker answers every question in the same way, but for a few words.
type asker struct {
	mu    sync.Mutex
	asked []string
	turns [][]assistant.Turn
	hold  chan struct{} // if not nil, Ask waits for it or for ctx
	began chan string   // told of every question, if not nil
	fail  error
	// tell are sentences that it tells of before it waits; they begin the answer, unless it is fickle.
	tell   []string
	fickle bool
	// forgetful askers note nothing, for long runs.
	forgetful bool
}

func (a *asker) Ask(ctx context.Context, q string, h []assistant.Turn) (*answer.Answer, error) {
	a.mu.Lock()
	if !a.forgetful {
		a.asked, a.turns = append(a.asked, q), append(a.turns, h)
	}
	hold, began, fail := a.hold, a.began, a.fail
	a.mu.Unlock()
	told := a.telling(written.AskingOf(ctx).Emit)
	if began != nil {
		began <- q
	}
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if fail != nil {
		return nil, fail
	}
	if strings.Contains(q, "panik") {
		panic(q)
	}
	out := &answer.Answer{Question: q, Status: answer.StatusAnswered, Mode: answer.ModeExtractive, Confidence: 0.9,
		Claims: []answer.Claim{{Text: "Svaret på »" + q + "« er samskabelse.", Sources: []int{1}, Literature: []string{"ulrich-2016"}},
			{Text: "Det andet er ligeværd.", Sources: []int{1, 2}}},
		Sources: []answer.Source{
			{N: 1, Article: "civilsamfund/samskabelse", Title: "Samskabelse", Section: "Hvad", URL: article, Quote: "Før. Det andet er ligeværd. Efter.", Literature: []string{"ulrich-2016"}},
			{N: 2, Article: "civilsamfund/partnerskaber", Title: "Partnerskaber", URL: "https://vidensportal.dk/p", Quote: "Det andet er ligeværd."}},
		Literature: []answer.Reference{{ID: "ulrich-2016", Reference: "Ulrich, J. (2016). Samskabelse – en typologi."}},
		Related:    []answer.Related{{Article: "civilsamfund/partnerskaber", Title: "Partnerskaber", URL: "https://vidensportal.dk/p"}}, Notes: []string{}, Next: []string{"Hvad er partnerskaber?"}}
	if len(told) > 0 {
		out.Claims, out.Mode = append(told, out.Claims...), answer.ModeGenerative
	}
	if a.fickle {
		out.Claims = out.Claims[1:]
	}
	switch {
	case strings.Contains(q, privacy.CPRMask): // as package assistant does
		out.Status, out.Reason, out.Claims, out.Sources, out.Literature = answer.StatusPersonalCase, "Det ligner et spørgsmål om en bestemt person.", nil, nil, nil
		out.Notes = []string{"Dit spørgsmål så ud til at indeholde et CPR-nummer."}
	case strings.Contains(q, "bil"):
		out.Status, out.Reason, out.Claims, out.Sources, out.Literature = answer.StatusNotCovered, "Det kan jeg ikke finde svar på i artiklerne, og jeg gætter ikke.", nil, nil, nil
	case strings.Contains(q, "ondt"):
		evil(out)
	case strings.Contains(q, "langt"):
		for range 60 {
			out.Claims = append(out.Claims, answer.Claim{Text: "Endnu en sætning, som gør svaret længere, end der er plads til i en besked.", Sources: []int{1}})
		}
	}
	return out, nil
}

// telling tells of its sentences as a language model's are told of.
func (a *asker) telling(emit func(answer.Claim, []answer.Source)) (told []answer.Claim) {
	for _, s := range a.tell {
		c := answer.Claim{Text: s, Sources: []int{1}, Literature: []string{"ulrich-2016"}}
		told = append(told, c)
		if emit != nil {
			emit(c, []answer.Source{{N: 1, Article: "civilsamfund/samskabelse", Title: "Samskabelse", URL: article}})
		}
	}
	return told
}

func (a *asker) failWith(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fail = err
}

func (a *asker) questions() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.asked...)
}

// hostile is what a text may try: to call people, to link, to hide, to turn the direction of writing.
const hostile = "<!channel> <@U0BO> <!subteam^S1> &lt;!here&gt; <https://ond.dk|sikker> [klik](https://ond.dk) \u202eomvendt\u202c sam\u200bskabelse\ufeff *fed* `kode`"

// evil makes an answer hostile in everything that is text.
func evil(a *answer.Answer) {
	for i := range a.Claims {
		a.Claims[i].Text = hostile
	}
	for i := range a.Sources {
		s := &a.Sources[i]
		s.Title, s.Section, s.Quote = hostile, hostile, hostile
	}
	for i := range a.Literature {
		a.Literature[i].Reference = hostile
	}
	for i := range a.Related {
		a.Related[i].Title = hostile
	}
	a.Notes, a.Model, a.Mode = []string{hostile}, hostile, "generative"
}
