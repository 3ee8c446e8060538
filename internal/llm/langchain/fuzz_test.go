package langchain

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"kildesvar/internal/llm"
)

// canned answers every request with the same bytes, in reads of one byte or as they come.
type canned struct {
	body  []byte
	bytes bool
}

func (c canned) RoundTrip(req *http.Request) (*http.Response, error) {
	r := io.Reader(bytes.NewReader(c.body))
	if c.bytes {
		r = iotest.OneByteReader(r)
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(r), Request: req, ContentLength: -1}, nil
}

// fuzzed makes a generator over canned answers.
func fuzzed(t *testing.T, provider string, c canned) *Generator {
	g, err := New(llm.Spec{Provider: provider, Model: "m"}, Options{OpenAIKey: "key-0001", AnthropicKey: "key-0002", MaxBytes: 1 << 16})
	if err != nil {
		t.Fatal(err)
	}
	g.client.http.Transport.(*guard).next = c
	return g
}

// check runs one body through everything. Whatever it is, the outcome is an error with a kind, or a text that was streamed
// as it is; and how the bytes were cut into reads changes nothing.
func check(t *testing.T, provider string, stream bool, body []byte) {
	a := call(t.Context(), fuzzed(t, provider, canned{body, false}), short, stream)
	b := call(t.Context(), fuzzed(t, provider, canned{body, true}), short, stream)
	if a.reply.Text != b.reply.Text || (a.err == nil) != (b.err == nil) || a.err != nil && a.err.Error() != b.err.Error() {
		t.Fatalf("the reads matter: %q %v; %q %v", a.reply.Text, a.err, b.reply.Text, b.err)
	}
	if a.err != nil {
		if e, ok := errors.AsType[*llm.Error](a.err); !ok || e.Kind == nil || a.reply.Text != "" {
			t.Fatalf("%v, text %q", a.err, a.reply.Text)
		}
		return
	}
	if a.reply.Text == "" || strings.TrimSpace(a.reply.Text) != a.reply.Text || !utf8.ValidString(a.reply.Text) || strings.HasPrefix(a.reply.Text, "<think>") {
		t.Fatalf("text %q", a.reply.Text)
	}
	if got := strings.Join(a.deltas, ""); stream && got != a.reply.Text {
		t.Fatalf("streamed %q, text %q", got, a.reply.Text)
	}
}

func FuzzOpenAIStream(f *testing.F) {
	for _, s := range []string{
		`{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}`, `{"error":{"message":"x"}}`,
		`{"choices":[{"delta":{"content":"<think>nå</think> Ja."}}]}` + "\n\ndata: " + `{"choices":[{"delta":{},"finish_reason":"stop"}]}`,
		`{"choices":[{"delta":{"content":"Ja"},"finish_reason":"length"}],"usage":{"prompt_tokens":1}}`, `{"choices":[{"delta":{"tool_calls":[{}]}}]}`,
	} {
		f.Add([]byte("data: " + s + "\n\ndata: [DONE]\n\n"))
	}
	f.Fuzz(func(t *testing.T, body []byte) { check(t, llm.OpenAI, true, body) })
}

func FuzzAnthropicStream(f *testing.F) {
	const start = `data: {"type":"message_start","message":{"model":"m","usage":{"input_tokens":1}}}` + "\n\n"
	const block = `data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}` + "\n\n"
	const end = `data: {"type":"content_block_stop","index":0}` + "\n\n" + `data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}` + "\n\n" + `data: {"type":"message_stop"}` + "\n\n"
	for _, s := range []string{"", `data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Ja"}}` + "\n", "data: {\"type\":\"ping\"}\n", `data: {"type":"error","error":{"type":"overloaded_error"}}` + "\n"} {
		f.Add([]byte(start + block + s + end))
	}
	f.Fuzz(func(t *testing.T, body []byte) { check(t, llm.Anthropic, true, body) })
}

func FuzzOllamaStream(f *testing.F) {
	for _, s := range []string{
		`{"model":"m","created_at":"1","message":{"content":"Ja "},"done":false}` + "\n" + `{"message":{"content":"nej"},"done":true,"done_reason":"stop","prompt_eval_count":9}`,
		`{"error":"x"}`, `{"message":null,"done":true}`, `{"done":true,"done_reason":"length"}`,
	} {
		f.Add([]byte(s+"\n"), true)
		f.Add([]byte(s), false)
	}
	f.Fuzz(func(t *testing.T, body []byte, stream bool) { check(t, llm.Ollama, stream, body) })
}

func FuzzWhole(f *testing.F) {
	f.Add([]byte(`{"choices":[{"message":{"content":"Ja"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}`))
	f.Add([]byte(`{"type":"message","content":[{"type":"text","text":"Ja"}],"stop_reason":"end_turn","usage":{"input_tokens":1}}`))
	f.Add([]byte(`{"type":"error","error":{"type":"overloaded_error","message":"x"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		check(t, llm.OpenAI, false, body)
		check(t, llm.Anthropic, false, body)
	})
}

// FuzzFilter: however a text is cut into pieces, the same is left of it.
func FuzzFilter(f *testing.F) {
	for _, s := range []string{"<think>a</think> b ", " <thi", "<thinking>x</thinking><think>y</think>z", "<think>", "a <think>b</think>", "\n\n"} {
		f.Add(s, 1)
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, text string, n int) {
		var whole, cut filter
		want := whole.write(text) + whole.end()
		got := ""
		for n, rest := max(n, 1), text; rest != ""; rest = rest[min(n, len(rest)):] {
			piece := rest[:min(n, len(rest))]
			if !utf8.ValidString(piece) {
				return // pieces of a stream are whole letters
			}
			got += cut.write(piece)
		}
		if got += cut.end(); got != want {
			t.Fatalf("%q in pieces, %q whole", got, want)
		}
	})
}

func TestStrip(t *testing.T) {
	for in, want := range map[string]string{
		"Ja.": "Ja.", "<think>x</think>Ja.": "Ja.", " <think>x</think>\n<think>y</think>\n Ja. ": "Ja.", "<thinking>x</thinking>Ja.": "Ja.",
		"x</think>Ja.": "Ja.", "Ja <think>x</think>": "Ja <think>x</think>", "<think>x": "", "<thinker>": "<thinker>", "<th": "<th", "": "",
		"<think>a<think>b</think>c": "c",
	} {
		if got, _ := strip(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
