package llmtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// ollama speaks Ollama's own protocol: a JSON object a line. It streams unless it is told not to.
type ollama struct{}

func (ollama) path() string      { return "/api/chat" }
func (ollama) embedPath() string { return "/api/embed" }

func (ollama) authorise(*http.Request) *refusal { return nil }

type ollamaRequest struct {
	Model    string `json:"model"`
	Messages []struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	} `json:"messages"`
	Stream    *bool          `json:"stream"`
	Format    string         `json:"format"`
	KeepAlive string         `json:"keep_alive"`
	Truncate  *bool          `json:"truncate"`
	Shift     *bool          `json:"shift"`
	Think     *bool          `json:"think"`
	Options   map[string]any `json:"options"`
}

// ollamaOptions are those that a request may set here; Ollama itself only logs the others.
var ollamaOptions = map[string]bool{"num_ctx": true, "num_predict": true, "temperature": true, "stop": true, "seed": true, "top_p": true, "top_k": true}

func (ollama) parse(_ *http.Request, body []byte) (Prompt, *refusal) {
	var q ollamaRequest
	if no := strict(body, &q); no != nil {
		return Prompt{}, no
	}
	bad := func(format string, args ...any) (Prompt, *refusal) {
		return Prompt{}, &refusal{http.StatusBadRequest, "", fmt.Sprintf(format, args...)}
	}
	p := Prompt{Model: q.Model, JSON: q.Format == "json", Stream: q.Stream == nil || *q.Stream, truncate: q.Truncate == nil || *q.Truncate}
	for i, m := range q.Messages {
		switch {
		case m.Role == "system" && i == 0:
			p.System = m.Content
		case m.Role == "user" && m.Content != "":
			p.User = m.Content
		default:
			return bad("messages[%d]: unexpected role %q or no content", i, m.Role)
		}
	}
	if q.Model == "" || p.User == "" || q.Format != "" && q.Format != "json" {
		return bad("no model, no user message, or unknown format %q", q.Format)
	}
	for name, v := range q.Options {
		if !ollamaOptions[name] {
			return bad("unknown option %q", name)
		}
		n, _ := v.(float64)
		switch name {
		case "num_ctx":
			p.NumCtx = int(n)
		case "num_predict":
			p.MaxTokens = int(n)
		case "temperature":
			p.Temperature = n
		case "stop":
			words, _ := v.([]any)
			for _, w := range words {
				p.Stop = append(p.Stop, fmt.Sprint(w))
			}
		}
	}
	if p.NumCtx == 0 {
		return bad("num_ctx is not set: the prompt would be cut at a length that nobody chose")
	}
	return p, nil
}

func (ollama) contentType(stream bool) string {
	if stream {
		return "application/x-ndjson"
	}
	return "application/json; charset=utf-8"
}

func (c ollama) wire(p Prompt, t turn) []string {
	reason := string(t.finish)
	if t.finish == finishFilter {
		reason = "stop" // Ollama filters nothing
	}
	if !p.Stream {
		return c.end(p, `{"role":"assistant","content":`+quote(t.text)+thinking(t.reasoning)+`}`, reason, t)
	}
	var out []string
	if t.reasoning != "" {
		out = append(out, c.line(p, `{"role":"assistant","content":""`+thinking(t.reasoning)+`}`, len(out)))
	}
	for _, piece := range split(t.text) {
		out = append(out, c.line(p, `{"role":"assistant","content":`+quote(piece)+`}`, len(out)))
	}
	return append(out, c.end(p, `{"role":"assistant","content":""}`, reason, t)...)
}

func thinking(text string) string {
	if text == "" {
		return ""
	}
	return `,"thinking":` + quote(text)
}

func (ollama) line(p Prompt, message string, n int) string {
	return fmt.Sprintf(`{"model":%s,"created_at":"2026-01-01T00:00:00.%09dZ","message":%s,"done":false}`+"\n", quote(p.Model), n+1, message)
}

func (ollama) end(p Prompt, message, reason string, t turn) []string {
	if reason != "" {
		reason = `,"done_reason":` + quote(reason)
	}
	return []string{fmt.Sprintf(`{"model":%s,"created_at":"2026-01-01T00:00:01Z","message":%s%s,"done":true,"total_duration":1000,`+
		`"load_duration":10,"prompt_eval_count":%d,"prompt_eval_duration":100,"eval_count":%d,"eval_duration":800}`+"\n",
		quote(p.Model), message, reason, t.prompt, t.reply)}
}

func (ollama) failure(_, message string) string         { return `{"error":` + quote(message) + `}` }
func (c ollama) errorFrame(kind, message string) string { return c.failure(kind, message) + "\n" }

func (c ollama) toolCall(p Prompt) []string {
	message := `{"role":"assistant","content":"","tool_calls":[{"function":{"name":"slet_alt","arguments":{}}}]}`
	if p.Stream {
		return append([]string{c.line(p, message, 0)}, c.end(p, `{"role":"assistant","content":""}`, "stop", turn{})...)
	}
	return c.end(p, message, "stop", turn{})
}

func (c ollama) blank(p Prompt) []string {
	return c.end(p, `{"role":"assistant","content":null}`, "stop", turn{})
}

func (c ollama) none(p Prompt) []string { return c.end(p, `null`, "stop", turn{}) }

func (ollama) parseEmbed(body []byte) (model string, texts []string, dim int, no *refusal) {
	var q struct {
		Model     string          `json:"model"`
		Input     json.RawMessage `json:"input"`
		Options   map[string]any  `json:"options"`
		KeepAlive string          `json:"keep_alive"`
		Truncate  *bool           `json:"truncate"`
		Dimension int             `json:"dimensions"`
	}
	if no := strict(body, &q); no != nil {
		return "", nil, 0, no
	}
	var one string
	if json.Unmarshal(q.Input, &one) == nil {
		texts = []string{one}
	} else if json.Unmarshal(q.Input, &texts) != nil {
		return "", nil, 0, &refusal{http.StatusBadRequest, "", "invalid input type"}
	}
	if q.Model == "" || strings.TrimSpace(strings.Join(texts, "")) == "" {
		return "", nil, 0, &refusal{http.StatusBadRequest, "", "no model or no input"}
	}
	if q.Truncate == nil || *q.Truncate {
		return "", nil, 0, &refusal{http.StatusBadRequest, "", "truncate is not false: a long text would be cut silently"}
	}
	return q.Model, texts, q.Dimension, nil
}

func (ollama) embedded(model string, e Embedding) string {
	b, err := json.Marshal(map[string]any{"model": model, "embeddings": e.Vectors, "total_duration": 10, "load_duration": 1, "prompt_eval_count": 3})
	if err != nil {
		panic(err) // a test asked for a number that JSON does not have
	}
	return string(b)
}
