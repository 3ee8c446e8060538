package langchain

import (
	"bytes"
	"encoding/json"

	"kildesvar/internal/llm"
)

// openAIChat is OpenAI's chat completions, also as Mistral and others speak it.
type openAIChat struct {
	drop []string // fields that this model or provider does not take
}

func (c openAIChat) edit(request map[string]json.RawMessage) {
	for _, name := range c.drop {
		delete(request, name)
	}
}

func (openAIChat) framed(asked bool) bool { return asked }

// openAIMessage is a message, or a piece of one in a stream.
type openAIMessage struct {
	Content      *string           `json:"content"`
	Refusal      *string           `json:"refusal"`
	ToolCalls    []json.RawMessage `json:"tool_calls"`
	FunctionCall json.RawMessage   `json:"function_call"`
}

type openAIAnswer struct {
	explanation
	Model   string `json:"model"`
	Choices []struct {
		Index        int           `json:"index"`
		Message      openAIMessage `json:"message"`
		Delta        openAIMessage `json:"delta"`
		FinishReason *string       `json:"finish_reason"`
	} `json:"choices"`
	Usage *struct {
		PromptTokens     int `json:"prompt_tokens"`
		CompletionTokens int `json:"completion_tokens"`
	} `json:"usage"`
}

// parse reads an answer or a frame and what both have in common.
func (a *openAIAnswer) parse(text []byte, end *ending) error {
	if err := json.Unmarshal(text, a); err != nil {
		return malformed("not the JSON of a chat completion")
	}
	if words, isError := a.read(); isError {
		return frameError(words)
	}
	if len(a.Choices) > 1 || len(a.Choices) == 1 && a.Choices[0].Index != 0 {
		return malformed("several answers where one was asked for")
	}
	if a.Model != "" {
		end.served = a.Model
	}
	if a.Usage != nil {
		end.promptTokens, end.replyTokens = a.Usage.PromptTokens, a.Usage.CompletionTokens
	}
	return nil
}

// add takes a message, or a piece of one.
func (m openAIMessage) add(end *ending) error {
	if len(m.ToolCalls) > 0 || present(m.FunctionCall) {
		return errTool()
	}
	if m.Refusal != nil && *m.Refusal != "" {
		return &llm.Error{Kind: llm.ErrRefused}
	}
	if m.Content != nil {
		end.text += *m.Content
	}
	return nil
}

func finish(word *string, end *ending) (err error) {
	if word == nil || *word == "" {
		return nil
	}
	end.finished = true
	end.finish, err = finishOf(*word)
	return err
}

func (openAIChat) whole(body []byte, end *ending) error {
	var a openAIAnswer
	if err := a.parse(body, end); err != nil || len(a.Choices) == 0 {
		return err
	}
	if err := a.Choices[0].Message.add(end); err != nil {
		return err
	}
	return finish(a.Choices[0].FinishReason, end)
}

func (openAIChat) frames(end *ending) reader { return &openAIFrames{end: end} }

// openAIFrames reads a stream of server-sent events whose data are completions; "[DONE]" ends it.
type openAIFrames struct{ end *ending }

func (f *openAIFrames) line(text []byte) (pass []byte, done bool, err error) {
	data, kind := event(text)
	switch kind {
	case notData:
		return nil, false, nil
	case notEvent:
		return nil, false, stray(text)
	}
	if string(data) == "[DONE]" {
		return frame(data), true, nil
	}
	var a openAIAnswer
	if err := a.parse(data, f.end); err != nil {
		return nil, false, err
	}
	if len(a.Choices) == 1 {
		c := a.Choices[0]
		if f.end.finished && (c.FinishReason != nil && *c.FinishReason != "" || c.Delta.Content != nil && *c.Delta.Content != "") {
			return nil, false, malformed("more text after its end")
		}
		if err := c.Delta.add(f.end); err != nil {
			return nil, false, err
		}
		if err := finish(c.FinishReason, f.end); err != nil {
			return nil, false, err
		}
	}
	return frame(data), false, nil
}

// What a line of server-sent events can be.
const (
	isData = iota
	notData
	notEvent
)

// event reads a line of server-sent events (WHATWG HTML 9.2). Providers put one JSON value on one data line; that a value
// may stretch over several is not used, and such a value is found malformed.
func event(line []byte) (data []byte, kind int) {
	if data, ok := bytes.CutPrefix(line, []byte("data:")); ok {
		return bytes.TrimSpace(data), isData
	}
	if len(bytes.TrimSpace(line)) == 0 || line[0] == ':' {
		return nil, notData
	}
	for _, name := range []string{"event:", "id:", "retry:"} {
		if bytes.HasPrefix(line, []byte(name)) {
			return nil, notData
		}
	}
	return nil, notEvent
}

// frame is an event as langchaingo reads it.
func frame(data []byte) []byte {
	return append(append([]byte("data: "), data...), '\n', '\n')
}

// stray judges a line that belongs to no stream: an error that was sent as plain JSON, or a page of some proxy.
func stray(line []byte) error {
	var e explanation
	if json.Unmarshal(line, &e) == nil {
		if words, ok := e.read(); ok {
			return frameError(words)
		}
	}
	return malformed("not a stream of events")
}
