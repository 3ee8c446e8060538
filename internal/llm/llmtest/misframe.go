package llmtest

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"slices"
	"strings"
	"sync"

	"kildesvar/internal/llm"
)

// frames is what happens to the protocol inside a 200.
func frames() []*Misbehaviour {
	return []*Misbehaviour{
		{Name: "empty body", Want: kinds(llm.ErrMalformed), do: func(x *exchange) { x.send() }},
		{Name: "invalid JSON", Want: kinds(llm.ErrMalformed), do: func(x *exchange) {
			x.send(slices.Concat(x.half(), []string{brokenFrame(x)}, x.honest)...)
		}},
		{Name: "HTML page with 200", Want: kinds(llm.ErrMalformed), do: func(x *exchange) {
			x.w.Header().Set("Content-Type", "text/html")
			x.w.WriteHeader(http.StatusOK)
			x.write("<!DOCTYPE html>\n<html>\n<body>Log ind på netværket</body>\n</html>\n")
		}},
		{Name: "wrong content type", Want: kinds(nil), do: func(x *exchange) {
			x.w.Header().Set("Content-Type", "text/plain")
			x.w.WriteHeader(http.StatusOK)
			x.write(x.honest...)
		}},
		{Name: "error with 200", Want: kinds(llm.ErrUnavailable), do: func(x *exchange) {
			x.send(x.codec.failure("overloaded_error", "Overloaded"))
		}},
		{Name: "error frame mid-stream", Want: kinds(llm.ErrUnavailable), Stream: true, do: func(x *exchange) {
			x.send(slices.Concat(x.half(), []string{x.codec.errorFrame("server_error", "The server had an error")})...)
		}},
		{Name: "error frame and then the rest", Want: kinds(llm.ErrUnavailable), Stream: true, do: func(x *exchange) {
			n := len(x.half())
			x.send(slices.Concat(x.honest[:n], []string{x.codec.errorFrame("overloaded_error", "Overloaded")}, x.honest[n:])...)
		}},
		{Name: "rate limit frame mid-stream", Want: kinds(llm.ErrRateLimited), Stream: true, do: func(x *exchange) {
			x.send(slices.Concat(x.half(), []string{x.codec.errorFrame("rate_limit_error", "rate limit exceeded")})...)
		}},
	}
}

// ends is what happens to an answer's end, or to its order.
func ends() []*Misbehaviour {
	return []*Misbehaviour{
		{Name: "missing end mark", Want: kinds(llm.ErrUnavailable), Stream: true, do: func(x *exchange) {
			x.send(x.honest[:len(x.honest)-1]...)
		}},
		{Name: "half an answer, properly ended", Want: kinds(llm.ErrUnavailable, llm.ErrMalformed), do: func(x *exchange) {
			x.send(x.half()...)
		}},
		{Name: "half an answer and an end mark", Want: kinds(llm.ErrUnavailable, llm.ErrMalformed), Stream: true, Only: []Protocol{OpenAI, Mistral, Anthropic}, do: func(x *exchange) {
			x.send(append(slices.Clone(x.half()), x.honest[len(x.honest)-1])...)
		}},
		{Name: "half a frame at the end", Want: kinds(llm.ErrUnavailable, llm.ErrMalformed), do: func(x *exchange) {
			last := x.honest[len(x.honest)-1]
			x.send(append(slices.Clone(x.honest[:len(x.honest)-1]), last[:len(last)/2])...)
		}},
		{Name: "duplicate frames", Want: kinds(llm.ErrMalformed), do: func(x *exchange) {
			x.open()
			for _, piece := range x.honest {
				x.write(piece, piece)
			}
		}},
		{Name: "text after the end mark", Want: kinds(nil), Stream: true, do: func(x *exchange) {
			x.send(slices.Concat(x.honest, x.honest[:1])...)
		}},
		{Name: "comments and unknown events", Want: kinds(nil), Stream: true, Only: []Protocol{OpenAI, Mistral, Anthropic}, do: func(x *exchange) {
			x.open()
			for _, piece := range x.honest {
				x.write(": keep-alive\n\n", "event: from_the_future\r\nid: 7\r\nretry: 10\r\n\r\n", strings.ReplaceAll(piece, "\n", "\r\n"))
			}
		}},
	}
}

// sizes is what happens to the bytes.
func sizes() []*Misbehaviour {
	return []*Misbehaviour{
		{Name: "endless text", Want: kinds(llm.ErrMalformed), do: func(x *exchange) {
			x.open()
			more := x.half()[len(x.half())-1]
			if len(x.honest) == 1 { // one body: the text's string never ends
				x.write(x.half()...)
				more = strings.Repeat("mere ", 100)
			}
			for x.write(strings.Repeat(more, 20)) {
			}
		}},
		{Name: "huge single line", Want: kinds(llm.ErrMalformed), do: func(x *exchange) {
			x.open()
			x.write(strings.TrimRight(x.half()[0], "}\n"))
			for range 200 {
				if !x.write(strings.Repeat("x", 64<<10)) {
					return
				}
			}
			x.write("\n")
		}},
		{Name: "invalid UTF-8", Want: kinds(llm.ErrMalformed), do: func(x *exchange) {
			for i, piece := range x.honest {
				x.honest[i] = strings.ReplaceAll(strings.ReplaceAll(piece, "ø", "\xf8"), "æ", "\xe6")
			}
			x.send(x.honest...)
		}},
	}
}

// brokenFrame is a frame in which the JSON is not JSON.
func brokenFrame(x *exchange) string {
	if x.prompt.Stream && x.codec.path() != (ollama{}).path() {
		return "data: {\"choices\":[{\"delta\":{\"content\":\"Sam\n\n"
	}
	return "{\"message\": {\"content\": Sam}}\n"
}

// contents is what the model or its provider does to the text itself.
func contents() []*Misbehaviour {
	ended := func(how finish) func(x *exchange) {
		return func(x *exchange) {
			x.say(x.text, "", how, x.promptTokens(), 10)
		}
	}
	said := func(text, reasoning string) func(x *exchange) {
		return func(x *exchange) { x.say(text, reasoning, finishStop, x.promptTokens(), 10) }
	}
	noFilter := []Protocol{OpenAI, Mistral, Anthropic}
	return []*Misbehaviour{
		{Name: "empty choices", Want: kinds(llm.ErrEmpty), do: func(x *exchange) { x.send(x.codec.none(x.prompt)...) }},
		{Name: "null content", Want: kinds(llm.ErrEmpty), do: func(x *exchange) { x.send(x.codec.blank(x.prompt)...) }},
		{Name: "empty text", Want: kinds(llm.ErrEmpty), do: said("", "")},
		{Name: "blank text", Want: kinds(llm.ErrEmpty), do: said(" \n\u00a0", "")},
		{Name: "finish reason length", Want: kinds(llm.ErrReplyTruncated), do: ended(finishLength)},
		{Name: "content filter", Want: kinds(llm.ErrRefused), Only: noFilter, do: ended(finishFilter)},
		{Name: "no finish reason", Want: kinds(llm.ErrUnavailable), Only: noFilter, do: ended(finishNone)},
		{Name: "no finish reason, an older Ollama", Want: kinds(nil), Only: []Protocol{Ollama}, do: ended(finishNone)},
		{Name: "reasoning only", Want: kinds(llm.ErrEmpty), do: said("<think>Brugeren spørger om samskabelse.\n</think>\n\n", "")},
		{Name: "reasoning only, never closed", Want: kinds(llm.ErrEmpty), do: said("<think>Brugeren spørger om samskabelse, og", "")},
		{Name: "reasoning only, in its own field", Want: kinds(llm.ErrEmpty), do: said("", "Brugeren spørger om samskabelse.")},
		{Name: "tool call instead of text", Want: kinds(llm.ErrMalformed), do: func(x *exchange) { x.send(x.codec.toolCall(x.prompt)...) }},
		{Name: "prompt cut to half the window", Want: kinds(llm.ErrPromptTooLong), Only: []Protocol{Ollama}, do: func(x *exchange) {
			x.say(x.text, "", finishStop, x.prompt.NumCtx/2+2, 10)
		}},
		{Name: "prompt cut to the window", Want: kinds(llm.ErrPromptTooLong), Only: []Protocol{Ollama}, do: func(x *exchange) {
			x.say(x.text, "", finishStop, x.prompt.NumCtx, 10)
		}},
		{Name: "prompt pushed out by the reply", Want: kinds(llm.ErrPromptTooLong), Only: []Protocol{Ollama}, do: func(x *exchange) {
			x.say(x.text, "", finishStop, x.prompt.NumCtx-20, 30)
		}},
		{Name: "prompt cut to a smaller window", Want: kinds(llm.ErrPromptTooLong), Only: []Protocol{Ollama}, do: func(x *exchange) {
			x.say(x.text, "", finishStop, x.promptTokens()/5, 10)
		}},
		{Name: "replacement characters in the text", Want: kinds(llm.ErrMalformed), do: said("Sp\ufffdrgsmål om samskabelse.", "")},
	}
}

// bomb is a small gzip stream of 32 MiB of spaces.
var bomb = sync.OnceValue(func() string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	for range 32 {
		_, _ = z.Write(bytes.Repeat([]byte{' '}, 1<<20)) // to memory
	}
	_ = z.Close()
	return b.String()
})
