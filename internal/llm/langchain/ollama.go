package langchain

import (
	"bytes"
	"encoding/json"
	"fmt"

	"kildesvar/internal/llm"
)

// ollamaChat is Ollama's /api/chat: a JSON object a line, the last with done:true. langchaingo leaves "stream" out when it
// does not stream, and Ollama streams then: its answers always come in frames.
type ollamaChat struct{ numCtx int }

// edit asks that a prompt which does not fit be refused rather than cut, and that none be pushed out by the reply. Ollama
// before 0.12 knows neither field; then judge must find out.
func (ollamaChat) edit(request map[string]json.RawMessage) {
	request["truncate"], request["shift"] = json.RawMessage("false"), json.RawMessage("false")
}

func (ollamaChat) framed(bool) bool { return true }

func (ollamaChat) whole([]byte, *ending) error { return malformed("not a stream") }

func (ollamaChat) frames(end *ending) reader { return &ollamaFrames{end: end} }

// Bytes a token, for judging a prompt by its length. Known vocabularies have 2 to 5 in running European text.
const (
	mostBytes = 8 // more in a token on average there cannot be
	manyBytes = 5 // more is unlikely
)

// fits refuses a prompt that cannot fit the window together with its reply, before it costs anything.
func (c ollamaChat) fits(r llm.Request) error {
	if least := (len(r.System) + len(r.User)) / mostBytes; least+r.MaxTokens > c.numCtx {
		return &llm.Error{Kind: llm.ErrPromptTooLong, Detail: fmt.Sprintf("at least %d tokens and %d for the reply, the window has %d", least, r.MaxTokens, c.numCtx)}
	}
	return nil
}

// judge finds out from the tokens counted that Ollama cut the prompt, which it does not say. What is left of it fills the
// window, or half of it and two tokens (ollama issue 17427), or a smaller window that the model really has: then there are
// fewer tokens than so many bytes can be. No count at all proves nothing: older ones leave it out for a prompt that they
// remember (ollama issue 2068).
func (c ollamaChat) judge(end ending, r llm.Request) error {
	size, n := len(r.System)+len(r.User), end.promptTokens
	half := n - c.numCtx/2
	if n > 0 && (n >= c.numCtx-1 || n+end.replyTokens >= c.numCtx || size > mostBytes*n || half >= 0 && half <= 4 && size > manyBytes*n) {
		return &llm.Error{Kind: llm.ErrPromptTooLong, Detail: fmt.Sprintf("%d tokens were read of %d bytes, the window has %d", n, size, c.numCtx)}
	}
	return nil
}

// ollamaFrames reads lines of JSON.
type ollamaFrames struct {
	end  *ending
	last []byte
}

func (f *ollamaFrames) line(text []byte) (pass []byte, done bool, err error) {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, false, nil
	}
	var a struct {
		explanation
		Model     string `json:"model"`
		CreatedAt string `json:"created_at"`
		Message   *struct {
			Content   *string           `json:"content"`
			ToolCalls []json.RawMessage `json:"tool_calls"`
		} `json:"message"`
		Done            *bool   `json:"done"`
		DoneReason      *string `json:"done_reason"`
		PromptEvalCount int     `json:"prompt_eval_count"`
		EvalCount       int     `json:"eval_count"`
	}
	if json.Unmarshal(text, &a) != nil {
		return nil, false, malformed("not a line of JSON")
	}
	if present(a.Error) {
		words, _ := explanation{Error: a.Error}.read()
		return nil, false, frameError(words)
	}
	if a.Done == nil {
		return nil, false, malformed("not a line of a chat")
	}
	if a.CreatedAt != "" && bytes.Equal(text, f.last) { // each line is made at another nanosecond
		return nil, false, malformed("a line came twice")
	}
	f.last = append(f.last[:0], text...)
	if a.Message != nil {
		if len(a.Message.ToolCalls) > 0 {
			return nil, false, errTool()
		}
		if a.Message.Content != nil {
			f.end.text += *a.Message.Content
		}
	}
	f.end.served = a.Model
	if *a.Done {
		f.end.promptTokens, f.end.replyTokens = a.PromptEvalCount, a.EvalCount
		f.end.finished = true // whether or not it says why
		err = finish(a.DoneReason, f.end)
	}
	return append(bytes.Clone(text), '\n'), *a.Done, err
}
