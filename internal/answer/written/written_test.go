package written_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kildesvar/internal/answer"
	"kildesvar/internal/answer/answertest"
	"kildesvar/internal/answer/written"
	"kildesvar/internal/llm"
	"kildesvar/internal/llm/llmtest"
	"kildesvar/internal/prompt"
)

// plain is a question that the articles answer.
const plain = "Hvad er samskabelse?"

// faithful writes the first sentences of what it is given.
func faithful() *model {
	return saying(func(_ string, passages []prompt.Passage) string { return strings.Join(honest(passages, 4), "\n") })
}

// bubble runs a test in virtual time, with what must not be made in it made before.
func bubble(t *testing.T, f func(t *testing.T, b answertest.Built)) {
	t.Helper()
	b, _ := generative(t, faithful(), written.Options{})
	builtInVerifier()
	synctest.Test(t, func(t *testing.T) { f(t, b) })
}

// server is a fake provider that writes faithfully, with a fault if it is not nil.
func server(t *testing.T, p llmtest.Protocol, fault *llmtest.Misbehaviour) *llmtest.Server {
	return llmtest.StartInMemory(t, p, func(pr llmtest.Prompt) llmtest.Behaviour {
		_, passages := asked(pr.User)
		return llmtest.Behaviour{Text: strings.Join(honest(passages, 4), "\n"), Fault: fault}
	})
}

// TestChain: the first model hangs, the second writes the answer, in time.
func TestChain(t *testing.T) {
	bubble(t, func(t *testing.T, b answertest.Built) {
		hangs, works := server(t, llmtest.OpenAI, llmtest.Find("hang before headers")), server(t, llmtest.Ollama, nil)
		g := over(t, b, builtInVerifier(), stack(t, budget(t, 0), adapter(t, hangs, timeout/2), adapter(t, works, timeout/2)), written.Options{})
		o := whole(t, b, g, asking{q: plain})
		if o.a.Mode != answer.ModeGenerative || o.a.Model != "ollama:modellen" || o.took > timeout || o.took < timeout/2 {
			t.Errorf("%s by %q after %s", o.a.Mode, o.a.Model, o.took)
		}
		if len(hangs.Prompts()) != 1 || len(works.Prompts()) != 1 {
			t.Errorf("%d and %d calls", len(hangs.Prompts()), len(works.Prompts()))
		}
	})
}

// TestBreaker: a model that is down is left alone after some answers, and asked again later.
func TestBreaker(t *testing.T) {
	bubble(t, func(t *testing.T, b answertest.Built) {
		down := server(t, llmtest.Anthropic, llmtest.Find("500"))
		g := over(t, b, builtInVerifier(), stack(t, budget(t, 0), adapter(t, down, timeout)), written.Options{})
		for range 8 {
			if o := whole(t, b, g, asking{q: plain}); o.a.Fallback != answer.FallbackFailed {
				t.Fatalf("fallback %q", o.a.Fallback)
			}
		}
		if n := down.Requests(); n != 5 {
			t.Errorf("%d requests while it was down", n)
		}
		time.Sleep(30 * time.Second)
		whole(t, b, g, asking{q: plain})
		if n := down.Requests(); n != 6 {
			t.Errorf("%d requests after a while", n)
		}
	})
}

// TestBudgetOfTheDay: what is spent is spent until midnight, the reader is told, and the answer says what it cost.
func TestBudgetOfTheDay(t *testing.T) {
	bubble(t, func(t *testing.T, b answertest.Built) {
		srv := server(t, llmtest.Mistral, nil)
		purse := budget(t, 8_000)
		g := over(t, b, builtInVerifier(), stack(t, purse, adapter(t, srv, timeout)), written.Options{Keep: -1})
		var o outcome
		tokens, answers := 0, 0
		for range 20 {
			if o = whole(t, b, g, asking{q: plain}); o.a.Fallback != "" {
				break
			}
			tokens += o.a.PromptTokens + o.a.ReplyTokens
			answers++
			if o.a.Calls != 1 || o.a.PromptTokens < 500 || o.a.ReplyTokens < 50 {
				t.Errorf("it cost %+v", o.a)
			}
		}
		if answers == 0 || tokens > 8_000 || purse.Spent().Tokens != tokens || o.a.Fallback != answer.FallbackBudget || !strings.HasPrefix(o.a.Notes[0], "Dagens forbrug") {
			t.Errorf("%d answers for %d tokens, spent %+v, then %q: %q", answers, tokens, purse.Spent(), o.a.Fallback, o.a.Notes)
		}
		if u := g.Usage(); u.PromptTokens+u.ReplyTokens != uint64(tokens) || u.Written != uint64(answers) || u.Calls["ok"] != uint64(answers) {
			t.Errorf("%+v", u)
		}
		time.Sleep(24 * time.Hour)
		if o = whole(t, b, g, asking{q: plain}); o.a.Mode != answer.ModeGenerative {
			t.Errorf("the day after: %q", o.a.Notes)
		}
	})
}

// TestCache: the same question in the same scope is asked once within the hour; another scope, another conversation or another prompt asks
// again, and without a scope nothing is kept.
func TestCache(t *testing.T) {
	bubble(t, func(t *testing.T, b answertest.Built) {
		m := faithful()
		g := over(t, b, builtInVerifier(), m, written.Options{Keep: 3})
		asks := func(scope, q string, want int32, earlier ...string) {
			t.Helper()
			before := m.calls.Load()
			var past []string
			past = append(past, earlier...)
			o := whole(t, b, g, asking{q: q, history: turns(past...), who: written.Asking{Scope: scope}})
			if n := m.calls.Load() - before; n != want || o.a.Mode != answer.ModeGenerative || o.a.Cached != (want == 0) || o.a.Calls != int(want) {
				t.Errorf("%s »%s«: %d calls, want %d; %s, cached %v", scope, q, n, want, o.a.Mode, o.a.Cached)
			}
			for _, f := range dishonest(b, builtInVerifier(), o.a, "", nil) {
				t.Error(f)
			}
		}
		asks("a", plain, 1)
		asks("a", plain, 0)
		asks("b", plain, 1)
		asks("", plain, 1)
		asks("", plain, 1)
		asks("a", "Hvad er et partnerskab?", 1)
		asks("a", "Hvordan gør man det i praksis?", 1, plain) // a follow-up; the fourth is one too many
		asks("a", plain, 1)                                   // was not used for longest
		asks("a", plain, 0)
		time.Sleep(time.Hour)
		asks("a", plain, 1)
		first := whole(t, b, g, asking{q: plain, who: written.Asking{Scope: "a"}})
		first.a.Claims[0].Text, first.a.Sources[0].Title = "ændret", "ændret"
		if again := whole(t, b, g, asking{q: plain, who: written.Asking{Scope: "a"}, stream: true}); again.a.Claims[0].Text == "ændret" || again.a.Sources[0].Title == "ændret" || len(again.told) != len(again.a.Claims) {
			t.Errorf("a kept answer can be changed, or is not told of: %+v", again)
		}
	})
}

// TestShared: askers of the same question at the same time share one call, and one who leaves does not take it from the others.
func TestShared(t *testing.T) {
	bubble(t, func(t *testing.T, b answertest.Built) {
		m := faithful()
		say := m.say
		m.say = func(ctx context.Context, r llm.Request) (string, error) {
			select {
			case <-time.After(2 * time.Second):
				return say(ctx, r)
			case <-ctx.Done():
				return "", llm.Ended(ctx, "", "")
			}
		}
		g := over(t, b, builtInVerifier(), llm.NewShare(m), written.Options{})
		leaves, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		outs := make([]outcome, 6)
		for i := range outs {
			ctx := t.Context()
			if i == 0 {
				ctx = leaves
			}
			wg.Go(func() { outs[i] = whole(t, b, g, asking{q: plain, ctx: ctx}) })
		}
		time.Sleep(time.Second)
		cancel()
		wg.Wait()
		if m.calls.Load() != 1 {
			t.Errorf("%d calls", m.calls.Load())
		}
		for i, o := range outs {
			if wrote := o.a.Mode == answer.ModeGenerative; wrote == (i == 0) || i == 0 && o.took > time.Second {
				t.Errorf("%d: %s after %s", i, o.a.Mode, o.took)
			}
		}
	})
}

// TestStream: each sentence is told of as soon as its line is there and verified, in the order of the answer.
func TestStream(t *testing.T) {
	bubble(t, func(t *testing.T, b answertest.Built) {
		var at []time.Duration
		start := time.Now()
		m := &streaming{lines: func(r llm.Request) []string {
			_, passages := asked(r.User)
			lines := honest(passages, 4)
			return append(lines[:1:1], append([]string{"Kommunen skal betale 5.000 kr. om måneden."}, lines[1:]...)...)
		}}
		g := over(t, b, builtInVerifier(), m, written.Options{})
		who := written.Asking{Emit: func(answer.Claim, []answer.Source) { at = append(at, time.Since(start)) }}
		o := whole(t, b, g, asking{q: plain, who: who})
		if o.a.Mode != answer.ModeGenerative || len(o.a.Claims) < 4 || len(at) != len(o.a.Claims) || at[0] != time.Second || at[1] != 3*time.Second || at[3] != 5*time.Second {
			t.Errorf("%d claims, told of after %v", len(o.a.Claims), at)
		}
	})
}

// TestStreamBreaks: a model that stops in the middle leaves an answer that begins with what was told and goes on with quotations.
func TestStreamBreaks(t *testing.T) {
	for name, fail := range map[string]error{"cut": &llm.Error{Kind: llm.ErrUnavailable}, "hang": nil} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, b answertest.Built) {
				m := &streaming{fail: fail, stop: 2, lines: func(r llm.Request) []string {
					_, passages := asked(r.User)
					return honest(passages, 5)
				}}
				g := over(t, b, builtInVerifier(), m, written.Options{})
				o := whole(t, b, g, asking{q: plain, who: written.Asking{Scope: "a"}, stream: true})
				want := map[string]string{"cut": answer.FallbackFailed, "hang": answer.FallbackLate}[name]
				if len(o.told) < 2 || len(o.a.Claims) <= 2 || o.a.Fallback != want || !strings.Contains(o.a.Notes[0], "citeret") || o.took > timeout {
					t.Errorf("told %d, %d claims, fallback %q, notes %q after %s", len(o.told), len(o.a.Claims), o.a.Fallback, o.a.Notes, o.took)
				}
				for _, f := range dishonest(b, builtInVerifier(), o.a, "", nil) {
					t.Error(f)
				}
				m.stop, m.fail = 0, nil
				if again := whole(t, b, g, asking{q: plain, who: written.Asking{Scope: "a"}}); again.a.Cached {
					t.Error("a broken answer was kept")
				}
			})
		})
	}
}

// TestCancelled: an asker who leaves ends the call at once.
func TestCancelled(t *testing.T) {
	bubble(t, func(t *testing.T, b answertest.Built) {
		srv := server(t, llmtest.OpenAI, llmtest.Find("hang mid-stream"))
		g := over(t, b, builtInVerifier(), stack(t, budget(t, 0), adapter(t, srv, timeout)), written.Options{})
		for _, stream := range []bool{false, true} {
			ctx, cancel := context.WithTimeoutCause(t.Context(), time.Hour, nil)
			time.AfterFunc(time.Second, cancel)
			if o := whole(t, b, g, asking{q: plain, stream: stream, ctx: ctx}); o.took != time.Second {
				t.Errorf("stream %v: gone after %s", stream, o.took)
			}
		}
	})
}

// TestRepair: a model is asked once more for what cannot be verified, and told which sentences; what it makes of them is shown.
func TestRepair(t *testing.T) {
	const wrong = "Samskabelse sparer altid kommunen for 40 procent af udgifterne."
	turn := 0
	m := &model{}
	m.say = func(_ context.Context, r llm.Request) (string, error) {
		turn++
		_, passages := asked(r.User)
		lines := honest(passages, 4)
		if turn == 1 {
			return strings.Join(append(lines[:2:2], wrong), "\n"), nil
		}
		if !strings.Contains(r.User, "kan ikke bekræftes") || !strings.Contains(r.User, "40 procent") {
			t.Errorf("asked again with %s", r.User)
		}
		return lines[2] + "\n" + wrong, nil
	}
	b, g := generative(t, m, written.Options{})
	a := composed(t, b, g, plain, answertest.PastOf(answertest.Gold(t)[0]))
	if turn != 2 || a.Mode != answer.ModeGenerative || len(a.Claims) < 3 || a.Calls != 2 {
		t.Errorf("%d calls, %+v", turn, a.Claims)
	}
	for _, c := range a.Claims {
		if strings.Contains(c.Text, "40 procent") {
			t.Errorf("shown: %s", c.Text)
		}
	}
}

// TestNothingFound: a model that finds no answer is believed where the articles are unsure, and not where they are sure; what is refused
// without it, and a person's case, never reach it.
func TestNothingFound(t *testing.T) {
	m := saying(func(string, []prompt.Passage) string { return "INTET SVAR" })
	b, g := generative(t, m, written.Options{})
	refused, quoted := 0, 0
	for i, q := range answertest.Gold(t) {
		if raceEnabled && i%15 != 0 {
			continue
		}
		before := m.calls.Load()
		a := composed(t, b, g, q.Question, answertest.PastOf(q))
		r, err := b.Searcher.Search(t.Context(), q.Question, answertest.PastOf(q), 0)
		if err != nil {
			t.Fatal(err)
		}
		alone := b.Composer.Compose(t.Context(), q.Question, r)
		switch {
		case alone.Status != answer.StatusAnswered && (m.calls.Load() != before || a.Status != alone.Status):
			t.Errorf("%s: a refusal reached the model", q.ID)
		case m.calls.Load() == before:
		case a.Status == answer.StatusNotCovered && alone.Confidence < 0.8:
			refused++
		case a.Fallback == answer.FallbackNothing && alone.Confidence >= 0.8:
			quoted++
		default:
			t.Errorf("%s: %s, fallback %q at %.2f", q.ID, a.Status, a.Fallback, alone.Confidence)
		}
	}
	if refused == 0 || quoted == 0 {
		t.Errorf("%d refused, %d quoted", refused, quoted)
	}
	before := m.calls.Load()
	if o := whole(t, b, g, asking{q: "Har min borger på Bøgevej 12 ret til en frivillig?", stream: true}); o.a.Status != answer.StatusPersonalCase || m.calls.Load() != before {
		t.Errorf("a person's case: %s, %d calls", o.a.Status, m.calls.Load()-before)
	}
}

// streaming is a model that streams a line a second.
type streaming struct {
	lines func(llm.Request) []string
	stop  int   // lines before it breaks; 0: it does not
	fail  error // how it breaks; nil: it hangs
}

func (*streaming) Name() string { return "openai:strøm" }

func (s *streaming) Generate(ctx context.Context, r llm.Request) (llm.Reply, error) {
	text := ""
	for i, line := range s.lines(r) {
		if s.stop > 0 && i == s.stop {
			if s.fail != nil {
				return llm.Reply{}, s.fail
			}
			<-ctx.Done()
			return llm.Reply{}, llm.Ended(ctx, "", "")
		}
		time.Sleep(time.Second)
		text += line + "\n"
		if r.Stream != nil {
			if err := r.Stream(line + "\n"); err != nil {
				return llm.Reply{}, fmt.Errorf("the receiver: %w", err)
			}
		}
	}
	if ctx.Err() != nil {
		return llm.Reply{}, errors.Join(llm.Ended(ctx, "", ""))
	}
	return llm.Reply{Text: text, FinishReason: llm.FinishStop, Model: s.Name()}, nil
}
