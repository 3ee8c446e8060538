package llmtest

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// anthropic speaks Anthropic's messages.
type anthropic struct{ events }

func (anthropic) path() string { return "/v1/messages" }

func (anthropic) authorise(r *http.Request) *refusal {
	if r.Header.Get("x-api-key") != Key {
		return &refusal{http.StatusUnauthorized, "authentication_error", "invalid x-api-key"}
	}
	if r.Header.Get("anthropic-version") != "2023-06-01" {
		return &refusal{http.StatusBadRequest, "invalid_request_error", "anthropic-version: header is required"}
	}
	return nil
}

type anthropicRequest struct {
	Model    string `json:"model"`
	System   string `json:"system"`
	Messages []struct {
		Role    string          `json:"role"`
		Content json.RawMessage `json:"content"`
	} `json:"messages"`
	MaxTokens     int      `json:"max_tokens"`
	Temperature   *float64 `json:"temperature"`
	StopSequences []string `json:"stop_sequences"`
	Stream        bool     `json:"stream"`
}

func (anthropic) parse(_ *http.Request, body []byte) (Prompt, *refusal) {
	var q anthropicRequest
	if no := strict(body, &q); no != nil {
		return Prompt{}, no
	}
	bad := func(format string, args ...any) (Prompt, *refusal) {
		return Prompt{}, &refusal{http.StatusBadRequest, "invalid_request_error", fmt.Sprintf(format, args...)}
	}
	p := Prompt{Model: q.Model, System: q.System, MaxTokens: q.MaxTokens, Stop: q.StopSequences, Stream: q.Stream}
	for i, m := range q.Messages {
		if m.Role != "user" {
			return bad("messages.%d.role: unexpected %q", i, m.Role)
		}
		var blocks []struct {
			Type string `json:"type"`
			Text string `json:"text"`
		}
		if json.Unmarshal(m.Content, &p.User) != nil {
			if no := strict(m.Content, &blocks); no != nil || len(blocks) != 1 || blocks[0].Type != "text" {
				return bad("messages.%d.content: one text block expected", i)
			}
			p.User = blocks[0].Text
		}
	}
	switch {
	case q.Model == "":
		return bad("model: Field required")
	case q.MaxTokens < 1:
		return bad("max_tokens: Field required")
	case p.User == "":
		return bad("messages: text content blocks must be non-empty")
	case q.Temperature != nil && (*q.Temperature < 0 || *q.Temperature > 1):
		return bad("temperature: range: 0..1")
	}
	if q.Temperature != nil {
		p.Temperature = *q.Temperature
	}
	return p, nil
}

var anthropicFinishes = map[finish]string{finishStop: `"end_turn"`, finishLength: `"max_tokens"`, finishFilter: `"refusal"`, finishNone: "null"}

func (c anthropic) wire(p Prompt, t turn) []string {
	if !p.Stream {
		blocks := `{"type":"text","text":` + quote(t.text) + `}`
		if t.reasoning != "" {
			blocks = `{"type":"thinking","thinking":` + quote(t.reasoning) + `,"signature":"x"},` + blocks
		}
		return c.whole(p, blocks, anthropicFinishes[t.finish], t)
	}
	n := 0
	var blocks []string
	if t.reasoning != "" {
		blocks = append(blocks, c.block(n, `{"type":"thinking","thinking":"","signature":""}`, `{"type":"thinking_delta","thinking":`+quote(t.reasoning)+`}`)...)
		n++
	}
	var deltas []string
	for _, piece := range split(t.text) {
		deltas = append(deltas, `{"type":"text_delta","text":`+quote(piece)+`}`)
	}
	blocks = append(blocks, c.block(n, `{"type":"text","text":""}`, deltas...)...)
	return c.stream(p, blocks, anthropicFinishes[t.finish], t)
}

func (anthropic) whole(p Prompt, blocks, finish string, t turn) []string {
	return []string{fmt.Sprintf(`{"id":"msg_1","type":"message","role":"assistant","model":%s,"content":[%s],"stop_reason":%s,"stop_sequence":null,`+
		`"usage":{"input_tokens":%d,"output_tokens":%d}}`, quote(p.Model+"-2026"), blocks, finish, t.prompt, t.reply)}
}

// block is the events of one content block.
func (anthropic) block(n int, start string, deltas ...string) []string {
	out := []string{event("content_block_start", fmt.Sprintf(`"index":%d,"content_block":%s`, n, start))}
	for _, d := range deltas {
		out = append(out, event("content_block_delta", fmt.Sprintf(`"index":%d,"delta":%s`, n, d)))
	}
	return append(out, event("content_block_stop", fmt.Sprintf(`"index":%d`, n)))
}

// stream is the events around content blocks.
func (anthropic) stream(p Prompt, blocks []string, finish string, t turn) []string {
	out := []string{
		event("message_start", fmt.Sprintf(`"message":{"id":"msg_1","type":"message","role":"assistant","model":%s,"content":[],"stop_reason":null,`+
			`"stop_sequence":null,"usage":{"input_tokens":%d,"output_tokens":1}}`, quote(p.Model+"-2026"), t.prompt)),
		event("ping", ""),
	}
	out = append(out, blocks...)
	return append(out,
		event("message_delta", fmt.Sprintf(`"delta":{"stop_reason":%s,"stop_sequence":null},"usage":{"output_tokens":%d}`, finish, t.reply)),
		event("message_stop", ""))
}

func event(name, fields string) string {
	if fields != "" {
		fields = "," + fields
	}
	return fmt.Sprintf("event: %s\ndata: {\"type\":%q%s}\n\n", name, name, fields)
}

func (anthropic) failure(kind, message string) string {
	return fmt.Sprintf(`{"type":"error","error":{"type":%s,"message":%s},"request_id":"req_1"}`, quote(kind), quote(message))
}

func (c anthropic) errorFrame(kind, message string) string {
	return fmt.Sprintf("event: error\ndata: %s\n\n", c.failure(kind, message))
}

func (c anthropic) toolCall(p Prompt) []string {
	if p.Stream {
		return c.stream(p, c.block(0, `{"type":"tool_use","id":"toolu_1","name":"slet_alt","input":{}}`, `{"type":"input_json_delta","partial_json":"{}"}`), `"tool_use"`, turn{})
	}
	return c.whole(p, `{"type":"tool_use","id":"toolu_1","name":"slet_alt","input":{}}`, `"tool_use"`, turn{})
}

func (c anthropic) blank(p Prompt) []string {
	if p.Stream {
		return c.stream(p, c.block(0, `{"type":"text","text":""}`), `"end_turn"`, turn{})
	}
	return c.whole(p, `{"type":"text","text":null}`, `"end_turn"`, turn{})
}

func (c anthropic) none(p Prompt) []string {
	if p.Stream {
		return c.stream(p, nil, `"end_turn"`, turn{})
	}
	return c.whole(p, "", `"end_turn"`, turn{})
}
