package llmtest

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// witness is a test that notes failures instead of failing.
type witness struct {
	testing.TB
	failures []string
}

func (w *witness) Errorf(format string, args ...any) {
	w.failures = append(w.failures, fmt.Sprintf(format, args...))
}

// post sends a raw request and gives status and body.
func post(t *testing.T, srv *Server, path, body string, header http.Header) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+srv.host+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = header
	tr := &http.Transport{DialContext: srv.Dial, DisableKeepAlives: true}
	resp, err := tr.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	out, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(out)
}

// good is a request that a protocol takes.
func good(p Protocol) (path, body string, header http.Header) {
	header = http.Header{"Content-Type": {"application/json"}}
	switch p {
	case Ollama:
		return "/api/chat", `{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"u"}],"stream":false,"options":{"num_ctx":100}}`, header
	case Anthropic:
		header.Set("x-api-key", Key)
		header.Set("anthropic-version", "2023-06-01")
		return "/v1/messages", `{"model":"m","system":"s","messages":[{"role":"user","content":[{"type":"text","text":"u"}]}],"max_tokens":9}`, header
	}
	header.Set("Authorization", "Bearer "+Key)
	return "/v1/chat/completions", `{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"u"}],"max_tokens":9}`, header
}

// TestStrict: the good request is taken; each fault in it is refused and fails the test that made it.
func TestStrict(t *testing.T) {
	for _, p := range Protocols() {
		w := &witness{TB: t}
		srv := Start(w, p, Say("ja"))
		path, body, header := good(p)
		if status, got := post(t, srv, path, body, header); status != http.StatusOK || !strings.Contains(got, "ja") || len(w.failures) > 0 {
			t.Fatalf("%s: %d %s %v", p, status, got, w.failures)
		}
		if q := srv.Prompts()[0]; q.System != "s" || q.User != "u" || q.Model != "m" || q.N != 1 {
			t.Errorf("%s: understood %+v", p, q)
		}
		swap := func(from, to string) string {
			out := strings.Replace(body, from, to, 1)
			if out == body {
				t.Fatalf("%s: %q is not in the request", p, from)
			}
			return out
		}
		bad := []string{
			"", "{", body + body, swap(`"model"`, `"modle"`), swap(`"role":"user"`, `"role":"assistant"`), swap(`"u"`, `""`), swap(`"m"`, `""`),
		}
		switch p {
		case OpenAI:
			bad = append(bad, swap(`"max_tokens":9`, `"max_tokens":9,"max_completion_tokens":9`), swap(`"max_tokens":9`, `"stream_options":{"include_usage":true}`),
				swap(`"max_tokens":9`, `"temperature":3`), swap(`"max_tokens":9`, `"response_format":{"type":"json_object"}`))
		case Mistral:
			bad = append(bad, swap(`max_tokens`, `max_completion_tokens`), swap(`"max_tokens":9`, `"stream":true,"stream_options":{"include_usage":true}`))
		case Ollama:
			bad = append(bad, swap(`"num_ctx":100`, ``), swap(`"num_ctx":100`, `"num_ctx":100,"think":true`), swap(`"stream":false`, `"format":"xml"`))
		case Anthropic:
			bad = append(bad, swap(`,"max_tokens":9`, ``), swap(`"max_tokens":9`, `"max_tokens":9,"temperature":1.5`), swap(`"type":"text"`, `"type":"image"`))
		}
		for _, b := range bad {
			before := len(w.failures)
			if status, _ := post(t, srv, path, b, header); status < 400 || len(w.failures) != before+1 {
				t.Errorf("%s took %s with %d", p, b, status)
			}
		}
		if status, _ := post(t, srv, "/v2", body, header); status != http.StatusNotFound {
			t.Errorf("%s: another path: %d", p, status)
		}
		for name := range header {
			less := header.Clone()
			less.Del(name)
			if status, _ := post(t, srv, path, body, less); status < 400 {
				t.Errorf("%s: without %s: %d", p, name, status)
			}
		}
	}
}

// TestEndings: Ollama streams unless told not to, limits are kept, and a prompt too long is cut or refused as it was asked.
func TestEndings(t *testing.T) {
	srv := Start(t, Ollama, Say(strings.Repeat("æ", 100)))
	path, body, header := good(Ollama)
	for _, c := range []struct{ from, to, want string }{
		{`"stream":false,`, ``, `"done":false`},
		{`"num_ctx":100`, `"num_ctx":100,"num_predict":10`, `"done_reason":"length"`},
		{`"u"`, `"` + strings.Repeat("u", 600) + `"`, `"prompt_eval_count":52`},
		{`"stream":false`, `"truncate":false,"options":{"num_ctx":1}`, `exceeds the context`},
	} {
		b := strings.Replace(body, c.from, c.to, 1)
		if strings.Count(b, `"options"`) > 1 {
			b = strings.Replace(b, `,"options":{"num_ctx":100}`, ``, 1)
		}
		b = strings.Replace(b, `"content":"s"`, `"content":"system"`, 1)
		if _, got := post(t, srv, path, b, header); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", b, got)
		}
	}
}

// TestMisbehaviours: every name once, every one with something to expect, in some protocol.
func TestMisbehaviours(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range Misbehaviours() {
		if seen[m.Name] || len(m.Want) == 0 || m.do == nil || Find(m.Name).Name != m.Name {
			t.Errorf("%q: twice, or without an expectation or a deed", m.Name)
		}
		seen[m.Name] = true
		if !slices.ContainsFunc(Protocols(), func(p Protocol) bool { return m.In(p, true) }) {
			t.Errorf("%q is in no protocol", m.Name)
		}
	}
}
