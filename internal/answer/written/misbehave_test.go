package written_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"kildesvar/internal/answer"
	"kildesvar/internal/answer/answertest"
	"kildesvar/internal/answer/written"
	"kildesvar/internal/assistant"
	"kildesvar/internal/llm"
	"kildesvar/internal/llm/langchain"
	"kildesvar/internal/llm/llmtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// timeout is the program's own: an answer must be there by then.
const timeout = written.DefaultTimeout

// adapter is a generator for a fake provider.
func adapter(t *testing.T, srv *llmtest.Server, within time.Duration) llm.Generator {
	t.Helper()
	g, err := langchain.New(llm.Spec{Provider: string(srv.Protocol), Model: "modellen"}, langchain.Options{
		OpenAIKey: llmtest.Key, OpenAIBaseURL: srv.URL, MistralKey: llmtest.Key, MistralBaseURL: srv.URL, AnthropicKey: llmtest.Key, AnthropicBaseURL: srv.URL,
		OllamaHost: srv.URL, Timeout: within, Idle: within, MaxBytes: 1 << 20, Dial: srv.Dial,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g
}

// stack is what the program puts around its models.
func stack(t *testing.T, b *llm.Budget, models ...llm.Generator) llm.Generator {
	t.Helper()
	share := timeout / time.Duration(len(models))
	var links []llm.Generator
	for _, m := range models {
		paid, err := b.Wrap(m)
		if err != nil {
			t.Fatal(err)
		}
		links = append(links, llm.NewRetry(llm.NewBreaker(paid, llm.BreakerOptions{}), llm.RetryOptions{Tries: 2, Base: 250 * time.Millisecond, Total: share}))
	}
	return llm.NewShare(llm.NewLimit(llm.NewChain(links[0], links[1:]...), 8, 2*time.Second))
}

func budget(t *testing.T, tokens int) *llm.Budget {
	t.Helper()
	b, err := llm.NewBudget(llm.BudgetOptions{Tokens: tokens, Location: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// outcome is an answer with what was told of it before.
type outcome struct {
	a    *answer.Answer
	told []answer.Claim
	took time.Duration
}

// asking is a question as somebody asks it.
type asking struct {
	q       string
	history []assistant.Turn
	who     written.Asking
	stream  bool
	ctx     context.Context // nil: the test's
}

// whole asks as the program does: privacy, search, model, deadline.
func whole(t *testing.T, b answertest.Built, g assistant.Composer, how asking) outcome {
	t.Helper()
	var o outcome
	ctx, who := how.ctx, how.who
	if ctx == nil {
		ctx = t.Context()
	}
	if how.stream {
		who.Emit = func(c answer.Claim, s []answer.Source) {
			if len(s) != len(c.Sources) {
				t.Errorf("%d sources for %v", len(s), c.Sources)
			}
			o.told = append(o.told, c)
		}
	}
	start := time.Now()
	a, err := assistant.New(b.Searcher, g, time.Now).Within(timeout).Ask(written.WithAsking(ctx, who), how.q, how.history)
	if err != nil {
		t.Fatal(err)
	}
	o.a, o.took = a, time.Since(start)
	if len(o.told) > len(a.Claims) || len(o.told) > 0 && !cmp.Equal(o.told, a.Claims[:len(o.told)]) {
		t.Errorf("the answer does not begin with what was told: %+v, %+v", o.told, a.Claims)
	}
	return o
}

// but is an answer without what a model that failed leaves on it.
func but(t *testing.T, a *answer.Answer) string {
	t.Helper()
	x := *a
	if x.Fallback != "" {
		x.Notes = x.Notes[1:]
	}
	x.Fallback, x.Calls, x.PromptTokens, x.ReplyTokens, x.ModelMS, x.TookMS, x.Cached = "", 0, 0, 0, 0, 0, false
	out, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestMisbehaviours: providers that go wrong in every way, over every protocol, whole and streamed, in virtual time. There is an answer in
// time; it is the quoted one but for a note, or what the model wrote is borne out; nothing is left running.
func TestMisbehaviours(t *testing.T) {
	b, _ := generative(t, &model{}, written.Options{})
	v := builtInVerifier()
	p, err := thePrompts()
	if err != nil {
		t.Fatal(err)
	}
	gold := everyNth(answertest.Gold(t), 3)
	n, late, wrote, quoted, latest := 0, 0, 0, 0, time.Duration(0)
	for i, m := range llmtest.Misbehaviours() {
		for _, proto := range llmtest.Protocols() {
			for _, stream := range []bool{false, true} {
				if !m.In(proto, stream) || raceEnabled && n%13 != i%13 && n > 0 {
					n++
					continue
				}
				n++
				for k := range 2 {
					q := gold[(n*31+k*57)%len(gold)]
					name := fmt.Sprintf("%s/%s/stream=%t/%s", m.Name, proto, stream, q.ID)
					synctest.Test(t, func(t *testing.T) {
						srv := llmtest.StartInMemory(t, proto, func(pr llmtest.Prompt) llmtest.Behaviour {
							_, passages := asked(pr.User)
							return llmtest.Behaviour{Text: strings.Join(honest(passages, 4), "\n") + "\nSpørgsmål og støtte er også vigtige for æren.", Fault: m}
						})
						g := written.New(b.Composer, stack(t, budget(t, 0), adapter(t, srv, timeout)), v, p, written.Options{})
						o := whole(t, b, g, asking{q: q.Question, history: turnsOf(q), who: written.Asking{Scope: "en"}, stream: stream})
						latest = max(latest, o.took)
						if o.took > timeout {
							late++
							t.Errorf("%s: it took %s", name, o.took)
						}
						for _, f := range dishonest(b, v, o.a, "", nil) {
							t.Errorf("%s: %s", name, f)
						}
						switch {
						case o.a.Mode == answer.ModeGenerative:
							wrote++
						case len(srv.Prompts()) > 0:
							quoted++
							plain := whole(t, b, b.Composer, asking{q: q.Question, history: turnsOf(q)})
							if o.a.Fallback == "" || but(t, o.a) != but(t, plain.a) {
								t.Errorf("%s: not the quoted answer (%q): %s", name, o.a.Fallback, cmp.Diff(but(t, plain.a), but(t, o.a)))
							}
						}
						if s := srv.Strays(); len(s) > 0 {
							t.Errorf("%s: it went to %q", name, s)
						}
					})
				}
			}
		}
	}
	t.Logf("%d ways; %d answers written, %d quoted; the slowest took %s", n, wrote, quoted, latest)
	if len(llmtest.Misbehaviours()) < 60 || n < 400 || wrote == 0 || quoted < wrote {
		t.Errorf("nothing much was checked: %d ways, %d written, %d quoted, %d late", n, wrote, quoted, late)
	}
}

// TestBrokenModel: over all gold questions, a model that fails changes nothing but the notes.
func TestBrokenModel(t *testing.T) {
	broken := &model{say: func(context.Context, llm.Request) (string, error) { return "", &llm.Error{Kind: llm.ErrUnavailable} }}
	b, g := generative(t, broken, written.Options{})
	noted := 0
	for i, q := range answertest.Gold(t) {
		if raceEnabled && i%15 != 0 {
			continue
		}
		with := composed(t, b, g, q.Question, answertest.PastOf(q))
		r, err := b.Searcher.Search(t.Context(), q.Question, answertest.PastOf(q), 0)
		if err != nil {
			t.Fatal(err)
		}
		if without := b.Composer.Compose(t.Context(), q.Question, r); but(t, with) != but(t, without) {
			t.Errorf("%s: %s", q.ID, cmp.Diff(but(t, without), but(t, with)))
		}
		if with.Fallback == answer.FallbackFailed {
			noted++
		}
	}
	if u := g.Usage(); noted == 0 || u.Fallbacks[answer.FallbackFailed] != uint64(noted) || u.Calls[answer.FallbackFailed] == 0 {
		t.Errorf("%d noted, %+v", noted, u)
	}
	var e *llm.Error
	if _, err := broken.Generate(t.Context(), llm.Request{User: "?"}); !errors.As(err, &e) {
		t.Error("the model is not broken")
	}
}
