package assistant

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kildesvar/internal/answer"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/index"
	"kildesvar/internal/privacy"
	"kildesvar/internal/query"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/vector"
	"kildesvar/internal/vector/chromem"
)

// garden is a corpus small enough to see through.
var garden = fstest.MapFS{
	"have/tema.md": {Data: []byte(`---
title: Haver
url: https://example.dk/haver
---
## Hvad er kompost?
<!-- svarer på: Hvad er kompost? | Hvad bruger man kompost til? -->
Kompost er jord, der er blevet til af visne planter [@groen-2020].

## Hvornår vander man?
<!-- svarer på: Hvornår skal man vande? -->
Planter vandes om morgenen, før solen står højt [@groen-2020].

## Hvem svarer?
<!-- svarer på: Hvem svarer på spørgsmål om haver? -->
Havekontoret svarer på telefon 66 14 60 61, skriver Åse Grøn [@groen-2020].
`)},
	"have/litteratur.json": {Data: []byte(`[{"id":"groen-2020","type":"book","title":"Haver","author":[{"family":"Grøn","given":"Åse"}],"issued":{"date-parts":[[2020]]},"publisher":"Forlaget"}]`)},
}

func searcher(t *testing.T) *retrieval.Searcher {
	t.Helper()
	e := local.New(0)
	ix, err := index.Ensure(t.Context(), garden, "", index.Options{Embedder: e, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		NewStore: func(dim int) (vector.Store, error) { return chromem.New(dim) }})
	if err != nil {
		t.Fatal(err)
	}
	s, err := retrieval.New(ix, e, retrieval.DefaultWeights())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// recorder is a composer that keeps what it was asked.
type recorder struct {
	question string
	personal bool
	query    *query.Query
}

func (r *recorder) Compose(_ context.Context, question string, res *retrieval.Result) *answer.Answer {
	r.question, r.query = question, res.Query
	return &answer.Answer{Question: question, Status: answer.StatusNotCovered, Notes: []string{"fra svaret"}}
}

func (r *recorder) Personal(question string, res *retrieval.Result) *answer.Answer {
	r.question, r.query, r.personal = question, res.Query, true
	return &answer.Answer{Question: question, Status: answer.StatusPersonalCase}
}

// clock moves 7 ms each time it is read.
func clock() func() time.Time {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return func() time.Time { now = now.Add(7 * time.Millisecond); return now }
}

func TestClean(t *testing.T) {
	for name, c := range map[string]struct {
		in, want string
		err      error
	}{
		"plain":               {"Hvad er kompost?", "Hvad er kompost?", nil},
		"white space":         {"  Hvad\r\n\ter \u00a0kompost?\n", "Hvad er kompost?", nil},
		"control characters":  {"Hvad\x1b[31m er\x07kompost?\x7f", "Hvad [31m er kompost?", nil},
		"C1 controls":         {"Hvad\u009b31m er\u0085kompost?", "Hvad 31m er kompost?", nil},
		"nothing to be seen":  {"H\u200bv\u2060ad\u00ad er \u202ekompost\u202c?\ufe0f\U000e0041\U000e0101", "Hvad er kompost?", nil},
		"hidden only":         {"\u200b\u202e \U000e0041", "", ErrEmpty},
		"number in parts":     {"010190\u200b-\u00ad1234", "010190-1234", nil},
		"byte order mark":     {"\ufeffHvad?", "Hvad?", nil},
		"empty":               {"", "", ErrEmpty},
		"white space only":    {" \n\t\u00a0", "", ErrEmpty},
		"byte order only":     {"\ufeff", "", ErrEmpty},
		"Latin-1":             {"Hvad er \xe6?", "", ErrEncoding},
		"NUL":                 {"a\x00b", "", ErrEncoding},
		"as long as may be":   {strings.Repeat("a", MaxQuestion), strings.Repeat("a", MaxQuestion), nil},
		"too long":            {strings.Repeat("a", MaxQuestion+1), "", ErrTooLong},
		"too long and broken": {strings.Repeat("\xff", MaxQuestion+1), "", ErrTooLong},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Clean(c.in)
			if got != c.want || !errors.Is(err, c.err) || c.err == nil && err != nil {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestAskErrors(t *testing.T) {
	a := New(searcher(t), &recorder{}, time.Now)
	for _, want := range []error{ErrEmpty, ErrTooLong, ErrEncoding} {
		q := map[error]string{ErrEmpty: " ", ErrTooLong: strings.Repeat("a ", MaxQuestion), ErrEncoding: "\xff"}[want]
		if _, err := a.Ask(t.Context(), q, nil); !errors.Is(err, want) {
			t.Errorf("%.10q: %v, want %v", q, err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.Ask(ctx, "Hvad er kompost?", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("done context: %v", err)
	}
}

// TestAskMasks follows personal data: neither search nor answer see it, the asker is told what it was, and a CPR number makes the
// question a case while an e-mail address does not. It makes no difference if a front end has masked it already.
func TestAskMasks(t *testing.T) {
	for _, c := range []struct {
		question, secret, note string
		personal               bool
	}{
		{"Hvad er kompost for 010203-1234?", "0203", "indeholde et CPR-nummer. Oplysningen", true},
		{"Hvad er kompost, sidste fire cifre 9876?", "9876", "indeholde de sidste cifre af et CPR-nummer. ", true},
		{"Hvad er kompost i sagsnr. 24/98765?", "98765", "indeholde et sagsnummer. ", true},
		{"Karen Holm har søgt om kompost", "Holm", "indeholde navnet på en person. ", true},
		{"Hvad er kompost, mette@holm.dk?", "holm", "indeholde en mailadresse. Oplysningen", false},
		{"Hvad er kompost? Ring til 20 30 40 51, eller skriv til mette@holm.dk", "40 51", "indeholde et telefonnummer og en mailadresse. Oplysningerne", false},
		{"Hvad er kompost på Bøgevej 12, 8000 Aarhus C?", "Bøgevej", "indeholde en adresse. ", false},
	} {
		masked, _ := privacy.Mask(c.question, privacy.Options{})
		for _, q := range []string{c.question, masked} {
			t.Run(q, func(t *testing.T) {
				r := &recorder{}
				ans, err := New(searcher(t), r, clock()).Ask(t.Context(), q, nil)
				if err != nil {
					t.Fatal(err)
				}
				if r.personal != c.personal {
					t.Errorf("personal %v, status %s", r.personal, ans.Status)
				}
				if len(ans.Notes) == 0 || !strings.Contains(ans.Notes[0], c.note) || !strings.Contains(ans.Notes[0], "Slet også din besked") || ans.TookMS != 7 {
					t.Errorf("notes %q, took %d ms", ans.Notes, ans.TookMS)
				}
				for _, s := range append([]string{r.question, ans.Question}, ans.Notes...) {
					if strings.Contains(s, c.secret) {
						t.Errorf("it is still there: %q", s)
					}
				}
				for _, w := range r.query.Words {
					if strings.Contains(w.Text, strings.ToLower(c.secret)) || w.Text == "fjernet" {
						t.Errorf("searched for %q", w.Text)
					}
				}
			})
		}
	}
}

// TestAskKeeps: what the articles publish is no secret, and neither are their scholars.
func TestAskKeeps(t *testing.T) {
	for _, q := range []string{"Hvem svarer på tlf. 66146061?", "Kan jeg skrive til info@haver.dk om kompost?", "Hvad gør jeg, når min borger læser Åse Grøn?"} {
		r := &recorder{}
		if _, err := New(searcher(t), r, clock()).Ask(t.Context(), q, nil); err != nil {
			t.Fatal(err)
		}
		if r.question != q {
			t.Errorf("%q is masked: %q", q, r.question)
		}
	}
}

// TestAskNothingLeft is a question that is personal data alone.
func TestAskNothingLeft(t *testing.T) {
	s := searcher(t)
	ans, err := New(s, answer.NewExtractive(s.Index(), retrieval.DefaultModel(), 0), time.Now).Ask(t.Context(), "mette@holm.dk", []Turn{{"user", "20 30 40 50"}})
	if err != nil || ans.Status == answer.StatusPersonalCase || len(ans.Notes) == 0 {
		t.Errorf("%+v, %v", ans, err)
	}
}

func TestAskPlain(t *testing.T) {
	r := &recorder{}
	ans, err := New(searcher(t), r, clock()).Ask(t.Context(), " Hvad  er\nkompost? ", nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.personal || r.question != "Hvad er kompost?" || len(ans.Notes) != 1 || ans.Notes[0] != "fra svaret" {
		t.Errorf("question %q, notes %q, personal %v", r.question, ans.Notes, r.personal)
	}
}

// TestAskHistory looks at what of a conversation reaches the search.
func TestAskHistory(t *testing.T) {
	for name, c := range map[string]struct {
		question string
		history  []Turn
		want     string // a word that the search looks for because of the conversation
		never    string
	}{
		"the question before":   {"og hvad med det?", []Turn{{"user", "Hvad er kompost?"}}, "kompost", ""},
		"the assistant's turns": {"og hvad med det?", []Turn{{"user", "Hvad er kompost?"}, {"assistant", "solen"}}, "kompost", "solen"},
		"a CPR number":          {"og hvad med det?", []Turn{{"user", "kompost 010203-1234"}}, "kompost", "0203"},
		"an address":            {"og hvad med det?", []Turn{{"user", "kompost til mette@holm.dk"}}, "kompost", "mette"},
		"a mask":                {"og hvad med det?", []Turn{{"user", "kompost til mette@holm.dk"}}, "kompost", "fjernet"},
		"what is no text":       {"og hvad med det?", []Turn{{"user", "Hvad er kompost?"}, {"user", "\xff"}, {"user", ""}}, "kompost", ""},
		"a question by itself":  {"Hvornår skal man vande planter om morgenen i solen?", []Turn{{"user", "Hvad er kompost?"}}, "", "kompost"},
	} {
		t.Run(name, func(t *testing.T) {
			r := &recorder{}
			if _, err := New(searcher(t), r, clock()).Ask(t.Context(), c.question, c.history); err != nil {
				t.Fatal(err)
			}
			var words []string
			for _, w := range r.query.Words {
				words = append(words, strings.ToLower(w.Text))
			}
			all := strings.Join(words, " ")
			if c.want != "" && !strings.Contains(all, c.want) {
				t.Errorf("%q is not looked for: %s", c.want, all)
			}
			if c.never != "" && strings.Contains(all, c.never) {
				t.Errorf("%q is looked for: %s", c.never, all)
			}
			if strings.Contains(r.question, "kompost") {
				t.Errorf("the earlier question is shown as the question: %q", r.question)
			}
		})
	}
}

// TestAskCase sends questions about a person to Personal, and those about a scholar of the corpus or the one just spoken of not.
func TestAskCase(t *testing.T) {
	for _, c := range []struct {
		question string
		history  []Turn
		want     bool
	}{
		{"Må min borger lave kompost?", nil, true},
		{"Hvad mener hun om kompost?", nil, true},
		{"Hvad mener hun om kompost?", []Turn{{"user", "Hvad har Åse Grøn skrevet om kompost?"}}, false},
		{"Kan borgere lave kompost?", nil, false},
	} {
		r := &recorder{}
		if _, err := New(searcher(t), r, clock()).Ask(t.Context(), c.question, c.history); err != nil {
			t.Fatal(err)
		}
		if r.personal != c.want {
			t.Errorf("%q after %v: personal %v, want %v", c.question, c.history, r.personal, c.want)
		}
	}
}

// TestAskForReal answers with the composer of the program.
func TestAskForReal(t *testing.T) {
	s := searcher(t)
	a := New(s, answer.NewExtractive(s.Index(), retrieval.DefaultModel(), 0), time.Now)
	ans, err := a.Ask(t.Context(), "Hvad er kompost?", nil)
	if err != nil {
		t.Fatal(err)
	}
	if ans.Status != answer.StatusAnswered || ans.Claims[0].Text != "Kompost er jord, der er blevet til af visne planter." ||
		len(ans.Literature) == 0 || ans.Literature[0].ID != "groen-2020" || ans.Generation != s.Index().Manifest.ID() {
		t.Errorf("got %+v", ans)
	}
}
