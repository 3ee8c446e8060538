package langchain

import "encoding/json"

// anthropicChat is Anthropic's messages.
type anthropicChat struct{}

func (anthropicChat) edit(map[string]json.RawMessage) {}

func (anthropicChat) framed(asked bool) bool { return asked }

type anthropicUsage struct {
	InputTokens  int `json:"input_tokens"`
	OutputTokens int `json:"output_tokens"`
}

type anthropicMessage struct {
	Type    string          `json:"type"`
	Error   json.RawMessage `json:"error"`
	Model   string          `json:"model"`
	Content []struct {
		Type string `json:"type"`
		Text string `json:"text"`
	} `json:"content"`
	StopReason *string        `json:"stop_reason"`
	Usage      anthropicUsage `json:"usage"`
}

func (anthropicChat) whole(body []byte, end *ending) error {
	var m anthropicMessage
	if json.Unmarshal(body, &m) != nil {
		return malformed("not the JSON of a message")
	}
	if words, isError := (explanation{Error: m.Error}).read(); isError {
		return frameError(words)
	}
	if m.Type != "message" {
		return malformed("not a message")
	}
	end.served, end.promptTokens, end.replyTokens = m.Model, m.Usage.InputTokens, m.Usage.OutputTokens
	for _, c := range m.Content {
		if err := block(c.Type); err != nil {
			return err
		}
		if c.Type == "text" {
			end.text += c.Text
		}
	}
	return finish(m.StopReason, end)
}

// block refuses blocks of content that are no text; thinking is let pass and left out.
func block(kind string) error {
	switch kind {
	case "text", "thinking":
		return nil
	case "tool_use", "server_tool_use":
		return errTool()
	}
	return malformed("content of an unknown kind")
}

func (anthropicChat) frames(end *ending) reader { return &anthropicFrames{end: end} }

// anthropicFrames reads a stream of server-sent events in Anthropic's order: message_start, for each block of content
// start, deltas and stop, then message_delta with the reason and message_stop.
type anthropicFrames struct {
	end     *ending
	started bool
	blocks  int  // begun so far
	open    bool // the last one is not ended yet
	text    bool // it is text
}

type anthropicEvent struct {
	Type    string           `json:"type"`
	Error   json.RawMessage  `json:"error"`
	Message anthropicMessage `json:"message"`
	Index   int              `json:"index"`
	Content struct {
		Type string `json:"type"`
		Text string `json:"text"`
	} `json:"content_block"`
	Delta struct {
		Type       string  `json:"type"`
		Text       string  `json:"text"`
		StopReason *string `json:"stop_reason"`
	} `json:"delta"`
	Usage *anthropicUsage `json:"usage"`
}

func (f *anthropicFrames) line(text []byte) (pass []byte, done bool, err error) {
	data, kind := event(text)
	switch kind {
	case notData:
		return nil, false, nil
	case notEvent:
		return nil, false, stray(text)
	}
	var e anthropicEvent
	if json.Unmarshal(data, &e) != nil {
		return nil, false, malformed("not the JSON of an event")
	}
	if words, isError := (explanation{Error: e.Error}).read(); isError || e.Type == "error" {
		return nil, false, frameError(words)
	}
	known, err := f.take(e)
	if err != nil || !known {
		return nil, false, err
	}
	return frame(data), e.Type == "message_stop", nil
}

// take follows the order of events. An event that it does not know it leaves out, as Anthropic asks of its clients.
func (f *anthropicFrames) take(e anthropicEvent) (known bool, err error) {
	within := f.open && e.Index == f.blocks-1
	var sound bool
	switch e.Type {
	case "message_start":
		sound = !f.started
		f.started = true
		f.end.served, f.end.promptTokens = e.Message.Model, e.Message.Usage.InputTokens
	case "content_block_start":
		sound = f.started && !f.open && !f.end.finished && e.Index == f.blocks && e.Content.Text == ""
		f.open, f.text = true, e.Content.Type == "text"
		f.blocks++
		err = block(e.Content.Type)
	case "content_block_delta":
		sound = within && (e.Delta.Type == "text_delta") == f.text || within && e.Delta.Type == "citations_delta"
		if f.text && sound && e.Delta.Type == "text_delta" {
			f.end.text += e.Delta.Text
		}
	case "content_block_stop":
		sound = within
		f.open = false
	case "message_delta":
		sound = f.started && !f.open && !f.end.finished
		if e.Usage != nil {
			f.end.replyTokens = e.Usage.OutputTokens
		}
		err = finish(e.Delta.StopReason, f.end)
	case "message_stop":
		sound = f.started && !f.open
	default: // ping, and what is not invented yet
		return false, nil
	}
	if !sound {
		return false, malformed("events out of order: " + e.Type)
	}
	return true, err
}
