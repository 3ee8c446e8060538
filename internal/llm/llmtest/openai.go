package llmtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// openAI speaks chat completions as OpenAI documents them, or as Mistral does: without max_completion_tokens and
// stream_options, which Mistral refuses with 422.
type openAI struct {
	events
	mistral bool
}

func (openAI) path() string      { return "/v1/chat/completions" }
func (openAI) embedPath() string { return "/v1/embeddings" }

func (openAI) authorise(r *http.Request) *refusal {
	if r.Header.Get("Authorization") != "Bearer "+Key {
		return &refusal{http.StatusUnauthorized, "invalid_api_key", "Incorrect API key provided: " + r.Header.Get("Authorization")}
	}
	return nil
}

type openAIRequest struct {
	Model    string `json:"model"`
	Messages []struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	} `json:"messages"`
	Temperature         *float64 `json:"temperature"`
	TopP                float64  `json:"top_p"`
	MaxTokens           *int     `json:"max_tokens"`
	MaxCompletionTokens *int     `json:"max_completion_tokens"`
	Stop                []string `json:"stop"`
	Stream              bool     `json:"stream"`
	StreamOptions       *struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
	ResponseFormat *struct {
		Type string `json:"type"`
	} `json:"response_format"`
}

func (c openAI) parse(_ *http.Request, body []byte) (Prompt, *refusal) {
	var q openAIRequest
	if no := strict(body, &q); no != nil {
		return Prompt{}, no
	}
	bad := func(format string, args ...any) (Prompt, *refusal) {
		return Prompt{}, &refusal{http.StatusBadRequest, "invalid_request_error", fmt.Sprintf(format, args...)}
	}
	p := Prompt{Model: q.Model, Stop: q.Stop, Stream: q.Stream}
	for i, m := range q.Messages {
		switch {
		case m.Content == "":
			return bad("messages[%d] has no content", i)
		case m.Role == "system" && i == 0:
			p.System = m.Content
		case m.Role == "user":
			p.User = m.Content
		default:
			return bad("messages[%d]: unexpected role %q", i, m.Role)
		}
	}
	switch {
	case q.Model == "":
		return bad("you must provide a model parameter")
	case p.User == "":
		return bad("no user message")
	case c.mistral && (q.StreamOptions != nil || q.MaxCompletionTokens != nil):
		return Prompt{}, &refusal{http.StatusUnprocessableEntity, "extra_forbidden", "Extra inputs are not permitted"}
	case !q.Stream && q.StreamOptions != nil:
		return bad("stream_options is only allowed with stream")
	case q.MaxTokens != nil && q.MaxCompletionTokens != nil:
		return bad("max_tokens and max_completion_tokens cannot both be set")
	case q.Temperature != nil && (*q.Temperature < 0 || *q.Temperature > 2):
		return bad("temperature is not between 0 and 2")
	case q.ResponseFormat != nil && q.ResponseFormat.Type == "json_object" && !strings.Contains(strings.ToLower(p.System+p.User), "json"):
		return bad("'messages' must contain the word 'json' to use response_format json_object")
	}
	for _, n := range []*int{q.MaxTokens, q.MaxCompletionTokens} {
		if n != nil {
			p.MaxTokens = *n
		}
	}
	if q.Temperature != nil {
		p.Temperature = *q.Temperature
	}
	p.JSON = q.ResponseFormat != nil && q.ResponseFormat.Type == "json_object"
	return p, nil
}

// finishes are finish_reason's words.
var openAIFinishes = map[finish]string{finishStop: `"stop"`, finishLength: `"length"`, finishFilter: `"content_filter"`, finishNone: "null"}

func (c openAI) wire(p Prompt, t turn) []string {
	if p.Stream {
		deltas := []string{`{"role":"assistant","content":""}`}
		if t.reasoning != "" {
			deltas = append(deltas, `{"reasoning_content":`+quote(t.reasoning)+`}`)
		}
		for _, piece := range split(t.text) {
			deltas = append(deltas, `{"content":`+quote(piece)+`}`)
		}
		return c.stream(p, deltas, openAIFinishes[t.finish], t)
	}
	reasoning := ""
	if t.reasoning != "" {
		reasoning = `,"reasoning_content":` + quote(t.reasoning)
	}
	return c.whole(p, `{"role":"assistant","content":`+quote(t.text)+reasoning+`,"refusal":null}`, openAIFinishes[t.finish], t)
}

// whole is a body around a message.
func (openAI) whole(p Prompt, message, finish string, t turn) []string {
	return []string{fmt.Sprintf(`{"id":"chatcmpl-1","object":"chat.completion","created":1767225600,"model":%s,`+
		`"choices":[{"index":0,"message":%s,"logprobs":null,"finish_reason":%s}],`+
		`"usage":{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d},"system_fingerprint":null}`+"\n",
		quote(p.Model+"-2026"), message, finish, t.prompt, t.reply, t.prompt+t.reply)}
}

// stream is frames around deltas. Mistral has the usage in the last frame with a choice, OpenAI in one of its own.
func (c openAI) stream(p Prompt, deltas []string, finish string, t turn) []string {
	head := `{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1767225600,"model":` + quote(p.Model+"-2026") + `,"choices":[`
	usage := fmt.Sprintf(`,"usage":{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d}`, t.prompt, t.reply, t.prompt+t.reply)
	var out []string
	for _, d := range deltas {
		out = append(out, frame(head+`{"index":0,"delta":`+d+`,"finish_reason":null}]}`))
	}
	last := head + `{"index":0,"delta":{},"finish_reason":` + finish + `}]`
	if c.mistral {
		out = append(out, frame(last+usage+"}"))
	} else {
		out = append(out, frame(last+"}"), frame(head+"]"+usage+"}"))
	}
	return append(out, frame("[DONE]"))
}

func frame(data string) string { return "data: " + data + "\n\n" }

func (c openAI) failure(kind, message string) string {
	if c.mistral {
		return fmt.Sprintf(`{"object":"error","message":%s,"type":%s,"param":null,"code":null}`, quote(message), quote(kind))
	}
	return fmt.Sprintf(`{"error":{"message":%s,"type":%s,"param":null,"code":%s}}`, quote(message), quote(kind), quote(kind))
}

func (openAI) errorFrame(kind, message string) string {
	return frame(fmt.Sprintf(`{"error":{"message":%s,"type":%s,"param":null,"code":null}}`, quote(message), quote(kind)))
}

func (c openAI) toolCall(p Prompt) []string {
	call := `{"index":0,"id":"call_1","type":"function","function":{"name":"slet_alt","arguments":"{}"}}`
	if p.Stream {
		return c.stream(p, []string{`{"role":"assistant","content":null}`, `{"tool_calls":[` + call + `]}`}, `"tool_calls"`, turn{})
	}
	return c.whole(p, `{"role":"assistant","content":null,"tool_calls":[`+call+`]}`, `"tool_calls"`, turn{})
}

func (c openAI) blank(p Prompt) []string {
	if p.Stream {
		return c.stream(p, []string{`{"role":"assistant","content":null}`}, `"stop"`, turn{})
	}
	return c.whole(p, `{"role":"assistant","content":null}`, `"stop"`, turn{})
}

func (openAI) none(p Prompt) []string {
	if p.Stream {
		return []string{frame(`{"id":"x","object":"chat.completion.chunk","model":"m","choices":[]}`), frame("[DONE]")}
	}
	return []string{`{"id":"x","object":"chat.completion","model":"m","choices":[]}`}
}

// openAIEmbedRequest is what /v1/embeddings takes.
type openAIEmbedRequest struct {
	Model      string   `json:"model"`
	Input      []string `json:"input"`
	Dimensions int      `json:"dimensions"`
	Encoding   string   `json:"encoding_format"`
}

func (c openAI) parseEmbed(body []byte) (model string, texts []string, dim int, no *refusal) {
	var q openAIEmbedRequest
	if no := strict(body, &q); no != nil {
		return "", nil, 0, no
	}
	for _, text := range q.Input {
		if text == "" {
			return "", nil, 0, &refusal{http.StatusBadRequest, "invalid_request_error", "'$.input' is invalid"}
		}
	}
	if q.Model == "" || len(q.Input) == 0 || len(q.Input) > 2048 {
		return "", nil, 0, &refusal{http.StatusBadRequest, "invalid_request_error", "model missing, or input of no or too many texts"}
	}
	return q.Model, q.Input, q.Dimensions, nil
}

func (openAI) embedded(model string, e Embedding) string {
	type item struct {
		Object    string `json:"object"`
		Index     int    `json:"index"`
		Embedding any    `json:"embedding"`
	}
	var data []item
	for i, v := range e.Vectors {
		data = append(data, item{"embedding", i, v})
	}
	for i := 0; e.Shuffled && i < len(data)/2; i++ {
		data[i], data[len(data)-1-i] = data[len(data)-1-i], data[i]
	}
	b, err := json.Marshal(map[string]any{"object": "list", "model": model, "data": data, "usage": map[string]int{"prompt_tokens": 1, "total_tokens": 1}})
	if err != nil {
		panic(err) // a test asked for a number that JSON does not have
	}
	return string(b)
}
