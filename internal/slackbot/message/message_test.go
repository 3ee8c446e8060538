package message

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"kildesvar/internal/answer"
	"kildesvar/internal/question"
	"kildesvar/internal/slackbot/slacktext"
	"kildesvar/internal/workspace/blockkit"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var hosts = slacktext.Hosts{"vidensportal.dk"}

const base = "https://vidensportal.dk/voksne/civilsamfund/"

// sample is an answer of two articles and three passages.
func sample() *answer.Answer {
	return &answer.Answer{
		Question: "Hvad er samskabelse?", Status: answer.StatusAnswered, Mode: answer.ModeExtractive, Confidence: 0.9,
		Next: []string{"Hvad er et partnerskab?", strings.Repeat("for lang ", 12)},
		Claims: []answer.Claim{
			{Text: "Samskabelse er en proces med ligeværd og fælles ansvar.", Sources: []int{1}, Literature: []string{"ulrich-2016"}},
			{Text: "Idealet nås sjældent fuldt ud i praksis.", Sources: []int{1, 2}, Literature: []string{"ulrich-2016"}},
			{Text: "Et partnerskab har som regel en aftalt opgave & tidsramme.", Sources: []int{3}, Literature: []string{"ibsen-2016"}},
		},
		Sources: []answer.Source{
			{N: 1, Article: "civilsamfund/samskabelse", Title: "Samskabelse", Section: "Hvad er samskabelse?", URL: base + "samskabelse",
				Quote:      "Ordet er nyt. Samskabelse er en proces med ligeværd og fælles ansvar. Mere følger.\n\nIdealet nås sjældent fuldt ud i praksis.",
				Literature: []string{"ulrich-2016"}},
			{N: 2, Article: "civilsamfund/samskabelse", Title: "Samskabelse", Section: "Kritik", URL: base + "samskabelse", Quote: "Idealet nås sjældent fuldt ud i praksis.", Literature: []string{"ulrich-2016"}},
			{N: 3, Article: "civilsamfund/partnerskaber", Title: "Partnerskaber", Section: "Kendetegn", URL: base + "partnerskaber", Quote: "Et partnerskab har som regel en aftalt opgave & tidsramme.", Literature: []string{"ibsen-2016"}},
		},
		Literature: []answer.Reference{
			{ID: "ulrich-2016", Reference: "Ulrich, J. (2016). Samskabelse – en typologi. VIA. https://doi.org/10.1/x"},
			{ID: "ibsen-2016", Reference: "Ibsen, B. & Espersen, H. (2016). Kommunernes samarbejde med civile aktører."},
		},
		Related: []answer.Related{{Article: "civilsamfund/partnerskaber", Title: "Partnerskaber", URL: base + "partnerskaber"}},
		Notes:   []string{"Artiklerne er ikke gennemgået af en redaktør."},
	}
}

func refusalOf(s answer.Status, reason string) *answer.Answer {
	return &answer.Answer{Status: s, Reason: reason, Related: []answer.Related{
		{Article: "civilsamfund/samskabelse", Title: "Samskabelse", URL: base + "samskabelse"}, {Article: "x", Title: "Udenfor", URL: "https://andre.dk/x"}}}
}

func long() *answer.Answer {
	a := sample()
	a.Claims, a.Sources, a.Literature = nil, nil, nil
	for i := range 40 {
		n := i + 1
		a.Claims = append(a.Claims, answer.Claim{Text: fmt.Sprintf("Sætning nummer %d er lang nok til, at svaret bliver for langt, og den slutter med et punktum.", n), Sources: []int{n}})
		a.Sources = append(a.Sources, answer.Source{N: n, Article: fmt.Sprintf("t/a%d", n), Title: fmt.Sprintf("Artikel %d", n), URL: fmt.Sprintf("%sa%d", base, n), Quote: strings.Repeat("Uddrag. ", 500)})
		a.Literature = append(a.Literature, answer.Reference{ID: fmt.Sprint(n), Reference: fmt.Sprintf("Forfatter, N. (2016). Titel nummer %d. Forlaget.", n)})
	}
	return a
}

var options = Options{ID: "01JD8Z", Hosts: hosts, Asker: "U0ANNA"}

func TestGolden(t *testing.T) {
	private := options
	private.Private, private.Heading = true, "Hvad er *samskabelse*?"
	generative := sample()
	generative.Mode, generative.Model = "generative", "gpt <x>"
	unclear := refusalOf(answer.StatusUnclear, "")
	unclear.Next = []string{"Hvad er et partnerskab?", "Hvad er samskabelse?", "Hvad er en pulje?", "Hvad er en fjerde ting?"}
	about := refusalOf(answer.StatusNotCovered, "Jeg er et program.")
	about.Shape, about.Related = string(question.ShapeAbout), nil
	at := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	messages := map[string]Message{
		"answer":              Answer(sample(), options),
		"answer_private":      Answer(sample(), private),
		"answer_generative":   Answer(generative, options),
		"answer_long":         Answer(long(), options),
		"refusal_not_covered": Answer(refusalOf(answer.StatusNotCovered, "Det kan jeg ikke finde svar på i artiklerne."), options),
		"refusal_personal":    Answer(refusalOf(answer.StatusPersonalCase, "Spørgsmålet handler om en bestemt person."), options),
		"refusal_unclear":     Answer(unclear, options),
		"about":               Answer(about, options),
		"simple":              Simple(sample(), options),
		"bare":                Bare(sample(), options),
		"notice":              Notice("Undskyld, jeg nåede det ikke.", "Hvad er <!channel> *samskabelse*?", "01JD8Z"),
		"card":                Card(sample(), CardOptions{ID: "E1", Hosts: hosts, Asker: "U0ANNA", Question: "Hvad er <@U1> samskabelse?", Permalink: "https://demo.slack.com/archives/C1/p1"}),
		"card_solved":         Card(refusalOf(answer.StatusNotCovered, ""), CardOptions{ID: "E1", Hosts: hosts, Asker: "U0ANNA", Question: "Hvad?", TakenBy: "U0BO", SolvedBy: "U0BO"}),
		"relay":               Relay("U0ANNA", "U0BO", "Se <https://ond.dk|her>, <!here>!"),
	}
	views := map[string]any{
		"excerpts":   Excerpts(sample(), options),
		"whole":      Whole(sample(), options),
		"references": References(sample(), options),
		"feedback":   FeedbackForm("01JD8Z"),
		"home": Home(HomeOptions{Command: "/kilde", Bot: "U0KILDE", Expert: true,
			Examples: []Example{{"Sagsbehandlere", []string{"Hvad er et partnerskab?", "Hvem må deltage?"}}},
			Asked: []Asked{{Question: "Hvad er <samskabelse>?", Link: "https://demo.slack.com/archives/C1/p1?a=1&b=2", At: at, Answered: true},
				{Question: "Hvad er andet?", At: at}}}),
	}
	for name, m := range messages {
		t.Run(name, func(t *testing.T) {
			sound(t, m)
			golden(t, name, m)
		})
	}
	for name, v := range views {
		t.Run(name, func(t *testing.T) {
			soundView(t, v)
			golden(t, name, v)
		})
	}
}

func golden(t *testing.T, name string, v any) {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s (-update rewrites it): %s", file, diff)
	}
}

// sound checks a message against Slack's rules.
func sound(t *testing.T, m Message) {
	t.Helper()
	if m.Text == "" {
		t.Error("no text")
	}
	if m.Blocks == nil {
		return
	}
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range blockkit.Message(raw) {
		t.Error(p)
	}
	if n := Size(m.Blocks); n > MaxPayload {
		t.Errorf("blocks are %d characters", n)
	}
}

func soundView(t *testing.T, v any) {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range blockkit.View(raw) {
		t.Error(p)
	}
}

func TestLongAnswerIsCut(t *testing.T) {
	chunks, cut := Body(long(), options, MaxBody)
	body := strings.Join(chunks, "")
	if n := len([]rune(body)); !cut || n > MaxBody || n < MaxBody/2 {
		t.Errorf("cut %v at %d characters", cut, n)
	}
	if i := strings.LastIndex(body, "punktum."); i < len(body)-100 {
		t.Errorf("not cut at a sentence: …%s", body[len(body)-100:])
	}
	raw, err := json.Marshal(Answer(long(), options).Blocks)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(raw), ReadMore) {
		t.Error("no »Læs mere«")
	}
	one := sample()
	one.Claims = []answer.Claim{{Text: strings.Repeat("En sætning. ", 1000), Sources: []int{1}}}
	if chunks, cut := Body(one, options, MaxBody); !cut || len([]rune(strings.Join(chunks, ""))) > MaxBody {
		t.Error("one long claim is not cut")
	}
}

// TestRefusalHasNoCitations: a link whose label is a number stands only under an answer.
func TestRefusalHasNoCitations(t *testing.T) {
	raw, err := json.Marshal(Answer(refusalOf(answer.StatusNotCovered, "Nej."), options))
	if err != nil {
		t.Fatal(err)
	}
	if m := regexp.MustCompile(`\|\[\d+\]|\[\d+\]\(`).FindString(string(raw)); m != "" {
		t.Errorf("citation %s in a refusal", m)
	}
}

// liveLink are the addresses of all live links of a message, and everything else Slack would make live.
var (
	liveLink = regexp.MustCompile(`<((?:https?|mailto)[^|>]*)|\]\((h[^)]*)\)`)
	liveOdd  = regexp.MustCompile(`<[!@#][^>]*>`)
)

func FuzzAnswer(f *testing.F) {
	f.Add("<!channel> [a](https://ond.dk)", "https://ond.dk/", "<@U1>")
	f.Add("a\u202eb https://ond.dk", "https://vidensportal.dk/)|x>", "```")
	f.Add(strings.Repeat("æ&<", 4000), "https://vidensportal.dk/"+strings.Repeat("a", 3000), strings.Repeat("x|", 200))
	f.Fuzz(func(t *testing.T, text, url, title string) {
		a := &answer.Answer{Status: answer.StatusAnswered, Mode: text, Model: title, Claims: []answer.Claim{{Text: text, Sources: []int{1}}, {Text: title, Sources: []int{1, 2, 99}}},
			Sources:    []answer.Source{{N: 1, Article: title, Title: title, Section: text, URL: url, Quote: text + title, Literature: []string{"a"}}, {N: 2, Title: text, URL: url, Quote: ""}},
			Literature: []answer.Reference{{ID: "a", Reference: text}, {ID: "b", Reference: title}}, Related: []answer.Related{{Title: title, URL: url}}, Notes: []string{text, title}}
		refused := &answer.Answer{Status: answer.StatusNotCovered, Reason: text, Related: a.Related, Notes: a.Notes}
		a.Next = []string{text, title}
		o := Options{ID: "01JD8Z", Hosts: hosts, Heading: text}
		for _, m := range []Message{Answer(a, o), Simple(a, o), Bare(a, o), Answer(refused, o), Simple(refused, o), Notice("x", text, "01")} {
			if text == "" && title == "" {
				continue // an answer without words is never made
			}
			sound(t, m)
			safeJSON(t, m)
		}
		card := Card(a, CardOptions{ID: "E", Hosts: hosts, Question: text})
		sound(t, card)
		for _, v := range []any{Excerpts(a, o), Whole(a, o), References(a, o), Home(HomeOptions{Knowledge: text, Asked: []Asked{{Question: title}}, Examples: []Example{{text, []string{title}}}})} {
			soundView(t, v)
		}
		safeJSON(t, Message{Text: "x", Blocks: Excerpts(a, o).Blocks.BlockSet})
		safeJSON(t, Message{Text: "x", Blocks: Whole(a, o).Blocks.BlockSet})
	})
}

// safeJSON looks for what is live in everything but plain text objects and rich text, which are literal.
func safeJSON(t *testing.T, m Message) {
	t.Helper()
	texts := []string{m.Text}
	markdown := map[string]bool{}
	for _, b := range m.Blocks {
		switch b := b.(type) {
		case *slack.MarkdownBlock:
			texts = append(texts, b.Text)
			markdown[b.Text] = true
		case *slack.SectionBlock:
			texts = append(texts, b.Text.Text)
		case *slack.ContextBlock:
			for _, e := range b.ContextElements.Elements {
				texts = append(texts, e.(*slack.TextBlockObject).Text)
			}
		}
	}
	for _, s := range texts {
		if odd := liveOdd.FindString(s); odd != "" {
			t.Errorf("live %q in %q", odd, s)
		}
		for _, l := range liveLink.FindAllStringSubmatch(s, -1) {
			if l[2] != "" && !markdown[s] { // no link in mrkdwn
				continue
			}
			if !strings.HasPrefix(strings.ToLower(l[1]+l[2]), "https://vidensportal.dk") && !strings.HasPrefix(strings.ToLower(l[1]+l[2]), "http://vidensportal.dk") {
				t.Errorf("live link %q in %q", l[0], s)
			}
		}
		if slacktext.Clean(strings.ReplaceAll(s, "ℹ️", "")) != strings.ReplaceAll(s, "ℹ️", "") {
			t.Errorf("unclean %q", s)
		}
	}
}

// TestBareFitsAnEdit: the last resort is short enough for chat.update, whatever the answer.
func TestBareFitsAnEdit(t *testing.T) {
	a := long()
	for i := range a.Claims {
		a.Claims[i].Text = strings.Repeat("&<>", 60) + " slut."
	}
	m := Bare(a, options)
	if n := len([]rune(m.Text)); n > 4000 || n < 1000 || !strings.Contains(m.Text, "Kilder") || !strings.Contains(m.Text, "AI-assistent") {
		t.Errorf("%d characters: %.200s", n, m.Text)
	}
}
