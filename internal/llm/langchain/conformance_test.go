package langchain

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"kildesvar/internal/llm"
	"kildesvar/internal/llm/llmtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const said = "Samskabelse er, når borgere og kommune løser en fælles opgave sammen [1]. Begge sider ændrer sig undervejs, " +
	"også når det er svært, og æren deles mellem dem, der var med [2]. Kilder er angivet i teksten."

// asked is long enough for an Ollama window to be too small for it in a believable way.
var asked = llm.Request{System: "Svar ud fra kilderne.", User: strings.Repeat("Kilde 1: Frivillige og ansatte mødes om det, der skal ske. ", 380), MaxTokens: 500}

// provider makes a server of a protocol and a generator for it.
func provider(t *testing.T, start func(testing.TB, llmtest.Protocol, llmtest.Script) *llmtest.Server, p llmtest.Protocol, s llmtest.Script) (*llmtest.Server, *Generator) {
	t.Helper()
	srv := start(t, p, s)
	g, err := New(llm.Spec{Provider: string(p), Model: "modellen"}, optionsFor(srv))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return srv, g
}

func optionsFor(srv *llmtest.Server) Options {
	return Options{
		OpenAIKey: llmtest.Key, OpenAIBaseURL: srv.URL, MistralKey: llmtest.Key, MistralBaseURL: srv.URL,
		AnthropicKey: llmtest.Key, AnthropicBaseURL: srv.URL, OllamaHost: srv.URL, MaxBytes: 1 << 20, Dial: srv.Dial,
	}
}

// outcome of one call, with what was streamed.
type outcome struct {
	reply  llm.Reply
	deltas []string
	err    error
	took   time.Duration
}

func call(ctx context.Context, g llm.Generator, r llm.Request, stream bool) outcome {
	var o outcome
	if stream {
		r.Stream = func(delta string) error {
			o.deltas = append(o.deltas, delta)
			return nil
		}
	}
	start := time.Now()
	o.reply, o.err = g.Generate(ctx, r)
	o.took = time.Since(start)
	return o
}

// fault says what is wrong with an outcome; want holds the kinds of error that are right, nil for a complete text.
func (o outcome) fault(want []error, text string, stream bool) string {
	if o.err == nil {
		switch {
		case !slices.Contains(want, nil):
			return fmt.Sprintf("no error, want one of %v; text %q", want, o.reply.Text)
		case o.reply.Text != text:
			return fmt.Sprintf("a partial or wrong text without an error: %q", o.reply.Text)
		case stream && strings.Join(o.deltas, "") != text:
			return fmt.Sprintf("streamed %q", o.deltas)
		}
		return ""
	}
	e, typed := errors.AsType[*llm.Error](o.err)
	switch {
	case !typed || e.Kind == nil:
		return fmt.Sprintf("an error without a kind: %v", o.err)
	case !slices.Contains(want, e.Kind):
		return fmt.Sprintf("error %q, want one of %v", o.err, want)
	case o.reply.Text != "":
		return fmt.Sprintf("a text beside the error %v: %q", o.err, o.reply.Text)
	case strings.Contains(fmt.Sprintf("%v %+v %#v", o.err, o.err, e), llmtest.Key):
		return "the error holds the key"
	case len(o.err.Error()) > 500:
		return "an endless error"
	}
	return ""
}

// ways goes through all protocols, whole and streamed.
func ways(t *testing.T, f func(t *testing.T, p llmtest.Protocol, stream bool)) {
	for _, p := range llmtest.Protocols() {
		for _, stream := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/stream=%t", p, stream), func(t *testing.T) { f(t, p, stream) })
		}
	}
}

// TestConformance runs every misbehaviour over every protocol in virtual time: a typed error or the complete text, within
// the deadline, and nothing left running (a bubble does not end before its goroutines).
func TestConformance(t *testing.T) {
	if n := len(llmtest.Misbehaviours()); n < 30 {
		t.Fatalf("only %d misbehaviours", n)
	}
	for _, m := range llmtest.Misbehaviours() {
		t.Run(m.Name, func(t *testing.T) {
			met := 0
			ways(t, func(t *testing.T, p llmtest.Protocol, stream bool) {
				if !m.In(p, stream) {
					return
				}
				met++
				synctest.Test(t, func(t *testing.T) {
					script := func(llmtest.Prompt) llmtest.Behaviour { return llmtest.Behaviour{Text: said, Fault: m} }
					srv, g := provider(t, llmtest.StartInMemory, p, script)
					o := call(t.Context(), g, asked, stream)
					if f := o.fault(m.Want, said, stream); f != "" {
						t.Error(f)
					}
					if o.took > time.Minute {
						t.Errorf("it took %s", o.took)
					}
					if strings.Contains(strings.Join(o.deltas, ""), "slet_alt") {
						t.Errorf("a tool's name was streamed as text: %q", o.deltas)
					}
					if s := srv.Strays(); len(s) > 0 {
						t.Errorf("it went to %q", s)
					}
					if n := srv.Requests(); n != 1 {
						t.Errorf("%d requests for one call", n)
					}
				})
			})
			if met == 0 {
				t.Error("no protocol has it")
			}
		})
	}
}

// TestOverLoopback repeats what a network in memory cannot show: resets, and the kernel's buffers.
func TestOverLoopback(t *testing.T) {
	for _, name := range []string{"connection reset mid-stream", "connection reset before headers", "connection cut mid-stream", "endless text", "huge single line", "gzip bomb", "endless headers", "429 with seconds", "missing end mark"} {
		m := llmtest.Find(name)
		t.Run(name, func(t *testing.T) {
			ways(t, func(t *testing.T, p llmtest.Protocol, stream bool) {
				if !m.In(p, stream) {
					return
				}
				_, g := provider(t, llmtest.Start, p, func(llmtest.Prompt) llmtest.Behaviour { return llmtest.Behaviour{Text: said, Fault: m} })
				if f := call(t.Context(), g, asked, stream).fault(m.Want, said, stream); f != "" {
					t.Error(f)
				}
			})
		})
	}
}

// TestHonest: what a sound provider says arrives, with everything around it.
func TestHonest(t *testing.T) {
	r := llm.Request{System: "Svar på dansk.", User: "Hvad er samskabelse?", MaxTokens: 300, Temperature: 0.25, Stop: []string{"###"}}
	ways(t, func(t *testing.T, p llmtest.Protocol, stream bool) {
		for reasoning, text := range map[string]string{"": said, "Hm, hvad mon?": " \n" + said + "\n"} {
			srv, g := provider(t, llmtest.Start, p, func(llmtest.Prompt) llmtest.Behaviour {
				return llmtest.Behaviour{Text: text, Reasoning: reasoning}
			})
			o := call(t.Context(), g, r, stream)
			if f := o.fault([]error{nil}, said, stream); f != "" {
				t.Fatal(f)
			}
			if o.reply.FinishReason != llm.FinishStop || o.reply.Model != string(p)+":modellen" || !strings.HasPrefix(o.reply.Served, "modellen") ||
				o.reply.PromptTokens != 12 || o.reply.ReplyTokens == 0 || o.reply.Took <= 0 {
				t.Errorf("around the text: %+v", o.reply)
			}
			if stream && len(o.deltas) < 5 {
				t.Errorf("streamed in %d pieces", len(o.deltas))
			}
			got := srv.Prompts()[0]
			if got.System != r.System || got.User != r.User || got.MaxTokens != 300 || got.Temperature != 0.25 || !slices.Equal(got.Stop, r.Stop) || got.Model != "modellen" {
				t.Errorf("the provider was asked %+v", got)
			}
		}
	})
}
