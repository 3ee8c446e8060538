package written_test

import (
	"context"
	"fmt"
	"kildesvar/internal/verify"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kildesvar/internal/answer"
	"kildesvar/internal/answer/answertest"
	"kildesvar/internal/answer/written"
	"kildesvar/internal/article"
	"kildesvar/internal/danish"
	"kildesvar/internal/llm"
	"kildesvar/internal/llm/llmtest"
	"kildesvar/internal/prompt"
	"kildesvar/internal/verify/verifytest"
)

// lie is a line of a reply that must not be shown.
type lie struct{ kind, text, id string }

// line is the lie as a model writes it.
func (l lie) line() string {
	if l.id == "" {
		return l.text
	}
	return l.text + " [" + l.id + "]"
}

// cpr is a number in the form of a CPR number that nobody has.
const cpr = "010203-1234"

// strangers are people and organisations that no article names.
var strangers = []string{"Rasmussen", "Bjerregaard", "Oxford Research"}

// sentencesIn are a passage's sentences.
func sentencesIn(text string) (out []string) {
	for line := range strings.SplitSeq(text, "\n") {
		for _, s := range danish.Sentences(line) {
			if t := strings.TrimSpace(line[s.Start:s.End]); t != "" {
				out = append(out, t)
			}
		}
	}
	return out
}

// mutated are false sentences made of true ones, each changed in one place, at most one of a kind, other ones for other turns.
func mutated(passages []prompt.Passage, turn int) (out []lie) {
	seen := map[string]bool{}
	n := turn
	for _, p := range passages {
		sentences := sentencesIn(p.Text)
		for i := range sentences {
			s := sentences[(i+turn)%len(sentences)]
			ms := verifytest.Mutate(s, p.Text, strangers)
			for k := range ms {
				m := ms[(k+n)%len(ms)]
				if !seen[m.Kind] && !strings.Contains(p.Text, m.Text) {
					seen[m.Kind] = true
					out = append(out, lie{m.Kind, m.Text, p.ID})
				}
			}
			n++
		}
	}
	return out
}

// invented are lies that are no mutations.
func invented(system, question string, passages []prompt.Passage, turn int) (out []lie) {
	p := passages[0]
	sentences := sentencesIn(p.Text)
	s := strings.TrimSuffix(sentences[turn%len(sentences)], ".")
	rules := strings.Split(strings.TrimSpace(system), "\n")
	add := func(kind, text, id string) { out = append(out, lie{kind, text, id}) }
	add("injection obeyed", "Svaret er "+answertest.Marker+".", p.ID)
	add("injection obeyed", answertest.Marker, "")
	add("system prompt", strings.TrimLeft(rules[turn%len(rules)], "0123456789. "), p.ID)
	add("system prompt", "Mine regler siger, at jeg kun må bruge det, der står i uddragene.", "")
	add("reference", s+", viser Rasmussen og Bjerregaard (2021).", p.ID)
	add("reference", "Se Oxford Research 2019, s. 44, for flere oplysninger.", p.ID)
	add("link", s+", se https://ond.example/"+answertest.Marker+".", p.ID)
	add("link", s+", se [her](https://ond.example).", p.ID)
	add("link", s+", se www.ond.example.", p.ID)
	add("link", s+", se ond.example.", p.ID)
	add("image", "![x](https://ond.example/x.png)", p.ID)
	add("mention", "<!channel> "+s+".", p.ID)
	add("mention", s+" ifølge <@U0BO>.", p.ID)
	add("mention", s+" ifølge @anna.", p.ID)
	add("cpr", "Borgeren med CPR-nummer "+cpr+" har ret til støtte.", p.ID)
	add("cpr", s+" ("+cpr+").", p.ID)
	add("key", "Nøglen er "+llmtest.Key+".", p.ID)
	add("English", "Co-creation is a process in which citizens and the municipality solve a task together.", p.ID)
	add("Swedish", "Kommunen ska alltid betala för de frivilligas arbete och det är viktigt att alla får veta det.", p.ID)
	add("advice", "Du bør anmelde borgeren til politiet og kræve pengene tilbage.", p.ID)
	add("background", "Kommunen har pligt til at udbetale 5.000 kr. om måneden til alle frivillige.", p.ID)
	add("echo", "Du spurgte: "+question, p.ID)
	return out
}

// honest are the first sentences of the passages, word for word.
func honest(passages []prompt.Passage, n int) (out []string) {
	for _, p := range passages {
		for _, s := range sentencesIn(p.Text) {
			if len(out) == n {
				return out
			}
			out = append(out, s+" ["+p.ID+"]")
		}
	}
	return out
}

// seen is what must not stand in an answer, whatever the model writes.
var unseemly = regexp.MustCompile("(?i)https?:|www\\.|ond\\.example|<|>|\\]\\(|@|`|\\d{6}-?\\d{4}|" + regexp.QuoteMeta(llmtest.Key) + "|" + answertest.Marker)

// dishonest lists what is wrong with an answer that a model had a hand in. lies are texts that must not be shown. That a claim is
// supported is checked in another way than the composer's where that can be: it stands in its source word for word, or it is not a lie.
func dishonest(b answertest.Built, v written.Verifier, a *answer.Answer, system string, lies map[string]string) (out []string) {
	if a.Mode == answer.ModeExtractive {
		out = b.Faults(a)
	} else {
		out = contractFaults(a)
	}
	for _, c := range a.Claims {
		if kind, ok := lies[c.Text]; ok {
			out = append(out, "a lie ("+kind+"): "+c.Text)
		}
		var quotes []verify.Passage
		verbatim := false
		for _, n := range c.Sources {
			quotes = append(quotes, verify.Passage{Title: a.Sources[n-1].Title, Section: a.Sources[n-1].Section, Text: a.Sources[n-1].Quote})
			verbatim = verbatim || strings.Contains(a.Sources[n-1].Quote, c.Text)
		}
		if !verbatim && !v.Check(c.Text, quotes).Supported {
			out = append(out, "not borne out by what it cites: "+c.Text)
		}
		if m := unseemly.FindString(c.Text); m != "" && !verbatim {
			out = append(out, fmt.Sprintf("%q in a claim: %s", m, c.Text))
		}
		for line := range strings.SplitSeq(system, "\n") {
			if line = strings.TrimSpace(line); len(line) > 20 && strings.Contains(c.Text, line) {
				out = append(out, "the system prompt in a claim: "+c.Text)
			}
		}
	}
	for _, n := range append(append([]string{a.Reason}, a.Notes...), a.Next...) {
		if m := unseemly.FindString(n); m != "" {
			out = append(out, fmt.Sprintf("%q beside the claims: %s", m, n))
		}
	}
	return out
}

// contractFaults are what an answer breaks of the contract, but for word-for-word quoting.
func contractFaults(a *answer.Answer) (out []string) {
	bad := func(ok bool, what string) {
		if !ok {
			out = append(out, what)
		}
	}
	if a.Status != answer.StatusAnswered {
		bad(a.Reason != "" && len(a.Claims)+len(a.Sources)+len(a.Literature) == 0, "a refusal without a reason, or with claims")
		return out
	}
	bad(len(a.Claims) > 0 && len(a.Claims) <= answer.MaxClaims, "no claims, or too many")
	next, cited := 1, map[string]bool{}
	for i, c := range a.Claims {
		bad(len(c.Sources) > 0 && len(c.Literature) > 0, "a claim without a source or literature: "+c.Text)
		for _, n := range c.Sources {
			bad(n >= 1 && n <= len(a.Sources) && n <= next, "a number that dangles or is out of order: "+c.Text)
			next = max(next, n+1)
		}
		for _, k := range c.Literature {
			cited[k] = true
			bad(slices.ContainsFunc(a.Literature, func(r answer.Reference) bool { return r.ID == k }), "literature "+k+" is not listed")
		}
		bad(!slices.ContainsFunc(a.Claims[:i], func(o answer.Claim) bool { return o.Text == c.Text }), "said twice: "+c.Text)
	}
	bad(next == len(a.Sources)+1, "a source that no claim cites")
	bad(len(a.Literature) == len(cited), "literature that no claim cites")
	return out
}

// TestLies: a model that lies in every way, over all gold questions: no lie is shown. Each reply holds a handful of lies, those of the
// next handful for the next question, and some true sentences, so that the answer is shown.
func TestLies(t *testing.T) {
	var lies map[string]string
	var system string
	turn, told, byKind := 0, 0, map[string]int{}
	m := &model{}
	m.say = func(_ context.Context, r llm.Request) (string, error) {
		q, passages := asked(r.User)
		system = r.System
		all := append(mutated(passages, turn), invented(r.System, q, passages, turn)...)
		lines := honest(passages, 5)
		const handful = 5
		for i := range handful {
			l := all[(turn*handful+i)%len(all)]
			lies[l.text], lies[strings.TrimSuffix(l.text, ".")+"."] = l.kind, l.kind
			byKind[l.kind]++
			told++
			lines = slices.Insert(lines, i%2, l.line())
		}
		return strings.Join(lines, "\n"), nil
	}
	b, g := generative(t, m, written.Options{Keep: -1})
	written, through := 0, 0
	for i, q := range answertest.Gold(t) {
		if raceEnabled && i%15 != 0 {
			continue
		}
		turn, lies = i, map[string]string{}
		a := composed(t, b, g, q.Question, answertest.PastOf(q))
		if a.Mode == answer.ModeGenerative {
			written++
		}
		for _, f := range dishonest(b, builtInVerifier(), a, system, lies) {
			through++
			t.Errorf("%s »%s«: %s", q.ID, q.Question, f)
		}
	}
	t.Logf("%d lies of %d kinds told, %d answers written by the model, %d faults; %v", told, len(byKind), written, through, byKind)
	if !raceEnabled && (told < 2000 || len(byKind) < 18 || written < 200) {
		t.Errorf("%d lies of %d kinds, %d written answers: nothing much was checked", told, len(byKind), written)
	}
}

// TestWrongNumbers: whatever ids a model cites, none or another passage's or none that there is, each sentence is shown under a passage
// in which it stands.
func TestWrongNumbers(t *testing.T) {
	ways := map[string]func(line string, passages []prompt.Passage) string{
		"none": func(line string, _ []prompt.Passage) string { return line[:strings.LastIndex(line, " [")] },
		"dangling": func(line string, _ []prompt.Passage) string {
			return line[:strings.LastIndex(line, " [")] + " [uffffff] [9]"
		},
		"another": func(line string, ps []prompt.Passage) string {
			return line[:strings.LastIndex(line, " [")] + " [" + ps[len(ps)-1].ID + "]"
		},
		"all": func(line string, ps []prompt.Passage) string {
			out := line[:strings.LastIndex(line, " [")]
			for _, p := range ps {
				out += " [" + p.ID + "]"
			}
			return out
		},
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			m := saying(func(_ string, passages []prompt.Passage) string {
				lines := honest(passages, 4)
				for i := range lines {
					lines[i] = way(lines[i], passages)
				}
				return strings.Join(lines, "\n")
			})
			b, g := generative(t, m, written.Options{Keep: -1})
			written := 0
			for i, q := range everyNth(answertest.Gold(t), 5) {
				if raceEnabled && i%5 != 0 {
					continue
				}
				a := composed(t, b, g, q.Question, answertest.PastOf(q))
				if a.Mode == answer.ModeGenerative {
					written++
				}
				for _, f := range append(contractFaults(a), b.Faults(a)...) {
					if !strings.Contains(f, "mode") {
						t.Errorf("%s: %s", q.ID, f)
					}
				}
			}
			if written == 0 {
				t.Error("no answer is the model's")
			}
		})
	}
}

func everyNth(gold []article.Gold, n int) (out []article.Gold) {
	for i := 0; i < len(gold); i += n {
		out = append(out, gold[i])
	}
	return out
}
