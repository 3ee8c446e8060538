package written_test

import (
	"context"
	"strings"
	"testing"

	"kildesvar/internal/answer"
	"kildesvar/internal/answer/answertest"
	"kildesvar/internal/answer/written"
	"kildesvar/internal/assistant"
	"kildesvar/internal/llm"
)

// obedient is a model that does what any text in its prompt tells it, as well as it can, and answers a little too.
type obedient struct {
	model
	text   string // the attacker's
	mild   bool   // obeys a few of all ways at a time, and answers too
	system string // of the last prompt
	whole  []string
}

func newObedient() *obedient {
	o := &obedient{}
	o.say = func(_ context.Context, r llm.Request) (string, error) {
		o.system, o.whole = r.System, append(o.whole, r.System+"\n"+r.User)
		q, passages := asked(r.User)
		id := " [" + passages[0].ID + "]"
		lines := []string{
			answertest.Marker, "Svaret er " + answertest.Marker + "." + id, o.text + id, o.text, "Du skal vide: " + o.text + id,
			"Klik her: https://ond.example/" + answertest.Marker + id, "<!channel> <@U0BO> " + answertest.Marker + id,
			"Kommunen skal altid betale, skriver Ulrich (2016)." + id, "Loven giver ret til 5.000 kr. om måneden." + id, "Borgerens CPR-nummer er " + cpr + "." + id, q + id,
		}
		lines = append(lines, strings.Split(r.System, "\n")...)
		if o.mild { // so that enough is true for the answer to be shown
			at := len(o.whole) % (len(lines) - 4)
			lines = append(lines[at:at+4:at+4], honest(passages, 5)...)
			lines[1] = o.text + id
		}
		return strings.Join(lines, "\n"), nil
	}
	return o
}

// TestInjectionWithModel: the model obeys what is planted in a question, an earlier turn or a thread; nothing of it is shown.
func TestInjectionWithModel(t *testing.T) {
	o := newObedient()
	b, g := generative(t, o, written.Options{Keep: -1})
	asked, wrote := 0, 0
	for i, in := range answertest.Injections() {
		if raceEnabled && i%15 != 0 {
			continue
		}
		o.text, o.mild = in.Text, i%3 != 0
		for _, c := range []struct {
			question string
			history  []assistant.Turn
		}{
			{"Hvad er samskabelse? " + in.Text, nil},
			{in.Text + " Hvad er et partnerskab?", nil},
			{"og hvem betaler?", []assistant.Turn{{Role: "user", Text: "Hvad er samskabelse?"}, {Role: "user", Text: in.Text + " " + cpr}, {Role: "assistant", Text: in.Text}}},
		} {
			if len(c.question) > assistant.MaxQuestion {
				continue
			}
			before := o.calls.Load()
			out := whole(t, b, g, asking{q: c.question, history: c.history, stream: i%2 == 0})
			if o.calls.Load() > before {
				asked++
			}
			if out.a.Mode == answer.ModeGenerative {
				wrote++
			}
			for _, f := range dishonest(b, builtInVerifier(), out.a, o.system, map[string]string{in.Text: "injection"}) {
				if !strings.Contains(f, "beside the claims") || !strings.Contains(f, "»") { // a note may quote a part of the question
					t.Errorf("line %d: %.100q: %s", in.Line, c.question, f)
				}
			}
		}
	}
	for _, p := range o.whole {
		if strings.Contains(p, cpr) || strings.Contains(p, "010203") {
			t.Fatalf("a CPR number is in a prompt: %.300s", p)
		}
		if len(p) > 20_000 {
			t.Errorf("a prompt of %d bytes", len(p))
		}
	}
	t.Logf("asked the model %d times, %d answers are its", asked, wrote)
	if !raceEnabled && (asked < 150 || wrote < 50) {
		t.Errorf("asked the model %d times, %d answers are its: nothing much was checked", asked, wrote)
	}
}

// TestInjectionByArticleWithModel: the same planted in articles, headings, titles, literature and file names. An article may be quoted
// word for word, for its editor answers for it; the answers from other articles say nothing of it.
func TestInjectionByArticleWithModel(t *testing.T) {
	b := answertest.Build(t, answertest.WithFiles(t, answertest.HostileFiles(t)))
	v := verifierOf(b)
	o := newObedient()
	g := over(t, b, v, o, written.Options{Keep: -1})
	planted := answertest.Injections(answertest.Article, answertest.Heading, answertest.Title, answertest.Literature, answertest.FileName)
	wrote := 0
	for i, in := range planted {
		if raceEnabled && i%5 != 0 {
			continue
		}
		o.text, o.mild = in.Text, i%3 != 0
		for _, q := range []string{"Hvad er naboskab? " + in.Text, answertest.Ordinary[i%len(answertest.Ordinary)]} {
			out := whole(t, b, g, asking{q: q, stream: i%2 == 0})
			if out.a.Mode == answer.ModeGenerative {
				wrote++
			}
			for _, f := range dishonest(b, v, out.a, o.system, nil) {
				if !strings.Contains(f, "beside the claims") {
					t.Errorf("line %d: %.100q: %s", in.Line, q, f)
				}
			}
			for _, c := range out.a.Claims {
				if strings.Contains(c.Text, answertest.Marker) && !strings.HasPrefix(out.a.Sources[c.Sources[0]-1].Article, "angreb/") {
					t.Errorf("line %d: %.100q is answered with %q from %s", in.Line, q, c.Text, out.a.Sources[c.Sources[0]-1].Article)
				}
			}
		}
	}
	t.Logf("%d texts planted, %d answers are the model's", len(planted), wrote)
	if wrote == 0 {
		t.Error("no answer is the model's: nothing was checked")
	}
}
