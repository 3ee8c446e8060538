package langchain

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/openai"

	"kildesvar/internal/llm"
	"kildesvar/internal/llm/llmtest"
)

var short = llm.Request{User: "Hvad er samskabelse?"}

// fault is a script for one misbehaviour.
func fault(name string) llmtest.Script {
	m := llmtest.Find(name)
	return func(llmtest.Prompt) llmtest.Behaviour { return llmtest.Behaviour{Text: said, Fault: m} }
}

// TestWhatLangchaingoHides shows why there is a guard. When a new version of langchaingo makes this test fail, the guard
// may have become simpler.
func TestWhatLangchaingoHides(t *testing.T) {
	for _, name := range []string{"missing end mark", "error frame mid-stream"} {
		srv := llmtest.Start(t, llmtest.OpenAI, fault(name))
		client := &http.Client{Transport: &http.Transport{DialContext: srv.Dial, DisableKeepAlives: true}}
		bare, err := openai.New(openai.WithModel("m"), openai.WithToken(llmtest.Key), openai.WithBaseURL(srv.URL), openai.WithHTTPClient(client))
		if err != nil {
			t.Fatal(err)
		}
		out, err := bare.GenerateContent(t.Context(), messages(short), llms.WithStreamingFunc(func(context.Context, []byte) error { return nil }))
		if err != nil || out.Choices[0].Content == "" {
			t.Errorf("%s: langchaingo now says %v: see whether the guard still needs to", name, err)
		}
	}
}

// TestRetryAfter: all that 429 and 503 say is kept.
func TestRetryAfter(t *testing.T) {
	for name, want := range map[string]time.Duration{
		"429 with seconds": llmtest.RetryAfter, "429 with a date": llmtest.RetryAfter, "503 with seconds": llmtest.RetryAfter,
		"429 without a time": 0, "429 with nonsense": 0,
	} {
		ways(t, func(t *testing.T, p llmtest.Protocol, stream bool) {
			synctest.Test(t, func(t *testing.T) {
				_, g := provider(t, llmtest.StartInMemory, p, fault(name))
				err := call(t.Context(), g, short, stream).err
				if got := llm.RetryAfter(err); got != want {
					t.Errorf("%s: %s, want %s (%v)", name, got, want, err)
				}
			})
		})
	}
}

func TestRetryAfterHeader(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": 0, "0": 0, "30": 30 * time.Second, " 30 ": 30 * time.Second, "-1": 0, "1.5": 0, "99999999999999999999": 0, "2000000000": longestWait,
		"Sun, 01 Mar 2026 12:01:00 GMT": time.Minute, "Sun, 01 Mar 2026 11:00:00 GMT": 0, "soon": 0,
	} {
		if got := retryAfter(http.Header{"Retry-After": {text}}, now); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	if got := retryAfter(http.Header{"Retry-After": {"2"}, "Retry-After-Ms": {"1250"}}, now); got != 1250*time.Millisecond {
		t.Errorf("milliseconds: %s", got)
	}
}

// TestCallerEnds: a caller who leaves is told so, one whose time is up is told that; at once, and nothing is left running.
func TestCallerEnds(t *testing.T) {
	for _, name := range []string{"hang before headers", "hang mid-stream", "drip a byte a second"} {
		ways(t, func(t *testing.T, p llmtest.Protocol, stream bool) {
			synctest.Test(t, func(t *testing.T) {
				_, g := provider(t, llmtest.StartInMemory, p, fault(name))
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(3*time.Second, cancel)
				o := call(ctx, g, short, stream)
				if f := o.fault([]error{context.Canceled}, "", stream); f != "" || o.took != 3*time.Second {
					t.Errorf("%s, cancelled: %s after %s", name, f, o.took)
				}
				ctx, cancel = context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				o = call(ctx, g, short, stream)
				if f := o.fault([]error{llm.ErrTimeout}, "", stream); f != "" || o.took != 3*time.Second {
					t.Errorf("%s, deadline: %s after %s", name, f, o.took)
				}
			})
		})
	}
}

// TestSilence: a stream that falls silent is given up after Idle, long before Timeout; a prompt that takes long to read is not.
func TestSilence(t *testing.T) {
	ways(t, func(t *testing.T, p llmtest.Protocol, stream bool) {
		synctest.Test(t, func(t *testing.T) {
			_, g := provider(t, llmtest.StartInMemory, p, func(q llmtest.Prompt) llmtest.Behaviour {
				if q.N == 1 {
					return llmtest.Behaviour{Text: said, Delay: 50 * time.Second}
				}
				return llmtest.Behaviour{Text: said, Fault: llmtest.Find("hang mid-stream")}
			})
			if f := call(t.Context(), g, short, stream).fault([]error{nil}, said, stream); f != "" {
				t.Error(f)
			}
			want := time.Minute
			if stream || p == llmtest.Ollama {
				want = 20 * time.Second
			}
			if o := call(t.Context(), g, short, stream); o.took != want {
				t.Errorf("given up after %s, want %s", o.took, want)
			}
		})
	})
}

// TestReceiverFails: the error of the caller's own function comes back, and the call is over.
func TestReceiverFails(t *testing.T) {
	mine := errors.New("no more, please")
	for _, p := range llmtest.Protocols() {
		_, g := provider(t, llmtest.Start, p, llmtest.Say(said))
		r, calls := short, 0
		r.Stream = func(string) error {
			calls++
			return mine
		}
		reply, err := g.Generate(t.Context(), r)
		if !errors.Is(err, mine) || reply.Text != "" || calls != 1 {
			t.Errorf("%s: %v after %d calls, text %q", p, err, calls, reply.Text)
		}
	}
}

// TestRequests: what goes out beyond the plain fields. The fakes refuse what a provider would.
func TestRequests(t *testing.T) {
	r := llm.Request{User: "Svar som JSON.", JSON: true, Temperature: 1.5}
	for _, p := range llmtest.Protocols() {
		srv, g := provider(t, llmtest.Start, p, llmtest.Say(`{"svar":"ja"}`))
		for _, stream := range []bool{false, true} {
			if f := call(t.Context(), g, r, stream).fault([]error{nil}, `{"svar":"ja"}`, stream); f != "" {
				t.Errorf("%s: %s", p, f)
			}
		}
		got, want := srv.Prompts()[0], 1.5
		if p == llmtest.Anthropic {
			want = 1
		}
		if got.Temperature != want || got.JSON == (p == llmtest.Anthropic) || got.MaxTokens != llm.DefaultMaxTokens {
			t.Errorf("%s: asked %+v", p, got)
		}
		if p == llmtest.Ollama && got.NumCtx != 8192 {
			t.Errorf("num_ctx %d", got.NumCtx)
		}
	}
	for _, bad := range []llm.Request{{}, {User: " \n"}, {User: "x", MaxTokens: -1}, {User: "x", Temperature: 3}} {
		srv, g := provider(t, llmtest.Start, llmtest.OpenAI, llmtest.Say("x"))
		if _, err := g.Generate(t.Context(), bad); !errors.Is(err, llm.ErrRequest) || srv.Requests() > 0 {
			t.Errorf("%+v: %v after %d requests", bad, err, srv.Requests())
		}
	}
}

// TestTokenLimit: a model that has more to say than it may is cut by the provider, and that is an error.
func TestTokenLimit(t *testing.T) {
	ways(t, func(t *testing.T, p llmtest.Protocol, stream bool) {
		_, g := provider(t, llmtest.Start, p, llmtest.Say(said))
		r := short
		r.MaxTokens = 20
		o := call(t.Context(), g, r, stream)
		if f := o.fault([]error{llm.ErrReplyTruncated}, "", stream); f != "" || o.reply.ReplyTokens == 0 || o.reply.FinishReason != llm.FinishLength {
			t.Errorf("%s; %+v", f, o.reply)
		}
	})
}

// TestOllamaWindow: a prompt that cannot fit is not sent; one that may not fit is refused by Ollama, since it was asked to.
func TestOllamaWindow(t *testing.T) {
	srv, g := provider(t, llmtest.Start, llmtest.Ollama, llmtest.Say(said))
	for size, requests := range map[int]int{70_000: 0, 30_000: 1} {
		before := srv.Requests()
		o := call(t.Context(), g, llm.Request{User: strings.Repeat("a ", size/2)}, false)
		if f := o.fault([]error{llm.ErrPromptTooLong}, "", false); f != "" || srv.Requests()-before != requests {
			t.Errorf("%d bytes: %s, %d requests", size, f, srv.Requests()-before)
		}
		if e, _ := errors.AsType[*llm.Error](o.err); requests == 1 && e.Status != http.StatusBadRequest {
			t.Errorf("Ollama was not asked to refuse: %v", e)
		}
	}
}

// TestErrorWithoutWords: an error's explanation that does not come is not waited for.
func TestErrorWithoutWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, g := provider(t, llmtest.StartInMemory, llmtest.OpenAI, fault("status and then silence"))
		if o := call(t.Context(), g, short, false); o.took != refusedTime || !errors.Is(o.err, llm.ErrUnavailable) {
			t.Errorf("%v after %s", o.err, o.took)
		}
	})
}

// TestEventTwice: each of Anthropic's events that has a place in the order is missed at any other place.
func TestEventTwice(t *testing.T) {
	events := []string{
		`{"type":"message_start","message":{"usage":{"input_tokens":1}}}`, `{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}`,
		`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Ja"}}`, `{"type":"content_block_stop","index":0}`,
		`{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}`, `{"type":"message_stop"}`,
	}
	body := func(order ...int) []byte {
		var out []byte
		for _, i := range order {
			out = append(out, "data: "+events[i]+"\n\n"...)
		}
		return out
	}
	for _, order := range [][]int{
		{0, 0, 1, 2, 3, 4, 5}, {0, 1, 1, 2, 3, 4, 5}, {0, 1, 2, 3, 3, 4, 5}, {0, 1, 2, 3, 4, 4, 5}, {1, 2, 3, 4, 5}, {0, 2, 4, 5}, {0, 1, 2, 4, 5},
		{0, 1, 2, 5}, {0, 1, 3, 2, 4, 5}, {5}, {0, 1, 2, 3, 1, 2, 3, 4, 5}, {0, 4, 1, 2, 3, 5},
	} {
		o := call(t.Context(), fuzzed(t, llm.Anthropic, canned{body(order...), false}), short, true)
		if f := o.fault([]error{llm.ErrMalformed}, "", true); f != "" {
			t.Errorf("%v: %s", order, f)
		}
	}
	if f := call(t.Context(), fuzzed(t, llm.Anthropic, canned{body(0, 1, 2, 3, 4, 5), false}), short, true).fault([]error{nil}, "Ja", true); f != "" {
		t.Error(f)
	}
}

// TestReadInTwoWays: a frame that langchaingo skips without a word, here for its date, would leave a hole in the text.
func TestReadInTwoWays(t *testing.T) {
	body := `data: {"choices":[{"delta":{"content":"Må "}}]}` + "\n\n" + `data: {"created":"i går","choices":[{"delta":{"content":"ikke "}}]}` + "\n\n" +
		`data: {"choices":[{"delta":{"content":"oplyses."},"finish_reason":"stop"}]}` + "\n\ndata: [DONE]\n\n"
	if f := call(t.Context(), fuzzed(t, llm.OpenAI, canned{[]byte(body), false}), short, true).fault([]error{llm.ErrMalformed}, "", true); f != "" {
		t.Error(f)
	}
}

// TestUnclosedReasoning: a text whose reasoning was opened in the prompt is cleaned when it can be.
func TestUnclosedReasoning(t *testing.T) {
	_, g := provider(t, llmtest.Start, llmtest.OpenAI, llmtest.Say("Hm, hvad mon?</think>\n"+said))
	if f := call(t.Context(), g, short, false).fault([]error{nil}, said, false); f != "" {
		t.Error(f)
	}
	if f := call(t.Context(), g, short, true).fault([]error{llm.ErrMalformed}, "", true); f != "" {
		t.Error("streamed:", f)
	}
}

// TestNoKeyAnywhere: printing what holds a key shows none, and a wrong key is an error without it.
func TestNoKeyAnywhere(t *testing.T) {
	const wrong = "sk-wrong-but-still-secret"
	o := Options{OpenAIKey: wrong, AnthropicKey: wrong, MistralKey: wrong}
	if s := fmt.Sprintf("%v %+v %#v %s", o, o, o, &o); strings.Contains(s, wrong) {
		t.Error("the options show the key:", s)
	}
	for _, p := range []llmtest.Protocol{llmtest.OpenAI, llmtest.Mistral, llmtest.Anthropic} {
		srv := llmtest.Start(t, p, llmtest.Say("x"))
		o := optionsFor(srv)
		o.OpenAIKey, o.AnthropicKey, o.MistralKey = wrong, wrong, wrong
		g, err := New(llm.Spec{Provider: string(p), Model: "m"}, o)
		if err != nil {
			t.Fatal(err)
		}
		defer g.Close()
		_, err = g.Generate(t.Context(), short)
		e, _ := errors.AsType[*llm.Error](err)
		if s := fmt.Sprintf("%v %+v %#v %v %+v %#v", err, err, e, g, g, g); !errors.Is(err, llm.ErrKey) || strings.Contains(s, wrong) {
			t.Errorf("%s: %s", p, s)
		}
	}
}

// TestNoKeyNeeded: a server of one's own may want none; then none is sent.
func TestNoKeyNeeded(t *testing.T) {
	srv := llmtest.Start(t, llmtest.OpenAI, llmtest.Say("x"))
	g, err := New(llm.Spec{Provider: llm.OpenAI, Model: "m"}, Options{OpenAIBaseURL: srv.URL, Dial: srv.Dial})
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if _, err := g.Generate(t.Context(), short); !errors.Is(err, llm.ErrKey) { // this one wants one
		t.Error(err)
	}
}

// TestEnvironmentIsNotRead: langchaingo would take keys and addresses from it.
func TestEnvironmentIsNotRead(t *testing.T) {
	for _, name := range []string{"OPENAI_BASE_URL", "OPENAI_API_BASE", "ANTHROPIC_BASE_URL", "OLLAMA_HOST", "MISTRAL_BASE_URL"} {
		t.Setenv(name, "http://elsewhere.invalid")
	}
	for _, name := range []string{"OPENAI_API_KEY", "OPENAI_MODEL", "OPENAI_ORGANIZATION", "ANTHROPIC_API_KEY", "MISTRAL_API_KEY"} {
		t.Setenv(name, "from-the-environment")
	}
	for _, p := range llmtest.Protocols() {
		srv, g := provider(t, llmtest.Start, p, llmtest.Say(said))
		if f := call(t.Context(), g, short, false).fault([]error{nil}, said, false); f != "" || len(srv.Strays()) > 0 || srv.Prompts()[0].Model != "modellen" {
			t.Errorf("%s: %s, strays %q", p, f, srv.Strays())
		}
	}
	if _, err := New(llm.Spec{Provider: llm.OpenAI, Model: "m"}, Options{}); !errors.Is(err, llm.ErrKey) {
		t.Errorf("a key was found: %v", err)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []struct {
		spec llm.Spec
		o    Options
		kind error
		says string
	}{
		{llm.Spec{Provider: llm.OpenAI, Model: "m"}, Options{}, llm.ErrKey, "OPENAI_API_KEY"},
		{llm.Spec{Provider: llm.Mistral, Model: "m"}, Options{}, llm.ErrKey, "MISTRAL_API_KEY"},
		{llm.Spec{Provider: llm.Anthropic, Model: "m"}, Options{AnthropicBaseURL: "http://x"}, llm.ErrKey, "ANTHROPIC_API_KEY"},
		{llm.Spec{Provider: llm.GoogleAI, Model: "m"}, Options{}, llm.ErrRequest, "left out"},
		{llm.Spec{Provider: "x", Model: "m"}, Options{}, llm.ErrRequest, "unknown provider"},
		{llm.Spec{Provider: llm.Ollama}, Options{}, llm.ErrRequest, "no model"},
		{llm.Spec{Provider: llm.OpenAI, Model: "m"}, Options{OpenAIKey: "k", OpenAIBaseURL: "api.openai.com"}, llm.ErrRequest, "OPENAI_BASE_URL"},
		{llm.Spec{Provider: llm.OpenAI, Model: "m"}, Options{OpenAIKey: "k", OpenAIBaseURL: "ftp://h/v1"}, llm.ErrRequest, "OPENAI_BASE_URL"},
		{llm.Spec{Provider: llm.OpenAI, Model: "m"}, Options{OpenAIKey: "k", OpenAIBaseURL: "https://u:p@h/v1"}, llm.ErrRequest, "its own setting"},
		{llm.Spec{Provider: llm.Ollama, Model: "m"}, Options{OllamaHost: "http://"}, llm.ErrRequest, "OLLAMA_HOST"},
		{llm.Spec{Provider: llm.Ollama, Model: "m"}, Options{OllamaHost: "a b"}, llm.ErrRequest, "OLLAMA_HOST"},
	} {
		if _, err := New(c.spec, c.o); !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s %v: %v; want %q", c.spec, c.o, err, c.says)
		}
	}
}

func TestOllamaAddress(t *testing.T) {
	for in, want := range map[string]string{
		"": "http://127.0.0.1:11434", "gpu": "http://gpu:11434", "gpu:80": "http://gpu:80", ":9000": "http://127.0.0.1:9000",
		"http://gpu": "http://gpu", "https://gpu/ollama/": "https://gpu/ollama", "http://gpu:1234": "http://gpu:1234",
		"0.0.0.0": "http://127.0.0.1:11434", "0.0.0.0:5000": "http://127.0.0.1:5000", "[::]:5000": "http://127.0.0.1:5000",
		"::1": "http://[::1]:11434", "[::1]:80": "http://[::1]:80", " \"gpu\" ": "http://gpu:11434",
	} {
		if got, err := ollamaAddress(in); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", in, got, err, want)
		}
	}
}

// TestNoPromptInErrors: providers repeat what they were sent; an error does not.
func TestNoPromptInErrors(t *testing.T) {
	r := llm.Request{System: "Svar kort.", User: "Må Jens Hansen\nfra Ribe få hjælp til transport?"}
	for body, says := range map[string]string{
		`{"error":{"message":"cannot parse 'Må Jens Hansen fra Ribe få hjælp'"}}`:                            "repeat the prompt",
		`{"error":{"message":"in Svar kort."}}`:                                                              "repeat the prompt",
		`{"detail":[{"loc":["body",0],"msg":"Extra inputs","input":"Jens Hansen fra Ribe"}]}`:                "body: 0: Extra inputs",
		`{"message":{"detail":[{"loc":["body","stop"],"msg":"too long","input":["Jens Hansen fra Ribe"]}]}}`: "body: stop: too long",
		`{"error":{"message":"Overloaded, come back"}}`:                                                      "Overloaded, come back",
		`{"error":{"nonsense":"Jens Hansen fra Ribe"}}`:                                                      "broken",
	} {
		_, err := fuzzed(t, llm.OpenAI, canned{[]byte(body), false}).Generate(t.Context(), r)
		if err == nil || strings.Contains(err.Error(), "Jens") || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", body, err, says)
		}
	}
}

// TestStatusKinds: words decide where a status leaves room.
func TestStatusKinds(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		want   error
	}{
		{400, `{"error":{"message":"The model 'x' does not exist","code":"model_not_found"}}`, llm.ErrUnknownModel},
		{400, `{"object":"error","message":"Invalid model: x","type":"invalid_model","code":"1500"}`, llm.ErrUnknownModel},
		{400, `{"object":"error","message":"Prompt contains 40000 tokens, too large for model with 32768 maximum context length"}`, llm.ErrPromptTooLong},
		{400, `{"error":{"code":"content_filter","message":"filtered"}}`, llm.ErrRefused},
		{422, `{"detail":[{"type":"extra_forbidden","loc":["body","x"]}]}`, llm.ErrRequest},
		{404, `404 page not found`, llm.ErrRequest},
		{404, `{"error":"model \"x\" not found, try pulling it first"}`, llm.ErrUnknownModel},
		{402, `{}`, llm.ErrBudget},
		{408, ``, llm.ErrTimeout},
		{429, `{"error":{"message":"Rate limit reached for context_length"}}`, llm.ErrRateLimited},
		{500, `{"error":{"message":"insufficient_quota"}}`, llm.ErrUnavailable},
		{302, `{"error":"x"}`, llm.ErrRequest},
	} {
		if got := statusError(c.status, []byte(c.body)); !errors.Is(got, c.want) {
			t.Errorf("%d %s: %v, want %v", c.status, c.body, got.Kind, c.want)
		}
	}
}
