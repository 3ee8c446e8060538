package llmtest

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// codec is one wire protocol.
type codec interface {
	asking
	answering
	wordless
}

// asking is a protocol's requests.
type asking interface {
	path() string
	authorise(r *http.Request) *refusal
	parse(r *http.Request, body []byte) (Prompt, *refusal)
}

// answering is a protocol's answers.
type answering interface {
	contentType(stream bool) string
	// wire is a turn as it goes over the wire: the frames of a stream, the last being the end mark, or the whole body.
	wire(p Prompt, t turn) []string
	failure(kind, message string) string    // the body of an error
	errorFrame(kind, message string) string // an error in the middle of a stream
}

// wordless is a protocol's answers that have something in place of a text; as answering.wire.
type wordless interface {
	toolCall(p Prompt) []string // a call of a tool
	blank(p Prompt) []string    // null
	none(p Prompt) []string     // no choice at all
}

// events is the content type of protocols that stream server-sent events.
type events struct{}

func (events) contentType(stream bool) string {
	if stream {
		return "text/event-stream; charset=utf-8"
	}
	return "application/json"
}

// turn is what a model says in one answer.
type turn struct {
	text, reasoning string
	finish          finish
	prompt, reply   int // tokens
}

type finish string

const (
	finishStop   finish = "stop"
	finishLength finish = "length"
	finishFilter finish = "filter"
	finishNone   finish = ""
)

// exchange is one request and its answer.
type exchange struct {
	w      http.ResponseWriter
	r      *http.Request
	codec  codec
	prompt Prompt
	text   string
	honest []string // the pieces of the answer in which nothing is wrong
}

// tokens counts a text's tokens: the fakes' vocabulary has three bytes to a token.
func tokens(text string) int { return (len(text) + 2) / 3 }

// run answers a prompt.
func (x *exchange) run(b Behaviour) {
	if b.Delay > 0 && !x.wait(b.Delay) {
		return
	}
	t, no := x.turn(b)
	if no != nil {
		x.fail(no.status, no.kind, no.message)
		return
	}
	x.text, x.honest = t.text, x.codec.wire(x.prompt, t)
	if b.Fault != nil {
		b.Fault.do(x)
		return
	}
	x.send(x.honest...)
}

// turn applies the limits that every model has: the reply's greatest length, and Ollama's context window.
func (x *exchange) turn(b Behaviour) (turn, *refusal) {
	p := x.prompt
	t := turn{text: b.Text, reasoning: b.Reasoning, finish: finishStop, prompt: x.promptTokens()}
	if p.NumCtx > 0 && t.prompt > p.NumCtx {
		if !p.truncate {
			return t, &refusal{http.StatusBadRequest, "", "the input length exceeds the context length"}
		}
		t.prompt = p.NumCtx/2 + 2 // what Ollama leaves of it, and all that it tells (ollama issue 17427)
	}
	if most := 3 * p.MaxTokens; most > 0 && len(t.text) > most {
		for most > 0 && !utf8.RuneStart(t.text[most]) {
			most--
		}
		t.text, t.finish = t.text[:most], finishLength
	}
	t.reply = tokens(t.text) + tokens(t.reasoning)
	return t, nil
}

// wait is false when the client left first.
func (x *exchange) wait(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-x.r.Context().Done():
		return false
	}
}

// hang says nothing more until the client leaves.
func (x *exchange) hang() { <-x.r.Context().Done() }

// open sends the header of a good answer.
func (x *exchange) open() {
	x.w.Header().Set("Content-Type", x.codec.contentType(x.prompt.Stream))
	x.w.WriteHeader(http.StatusOK)
}

// send sends a good answer's header and these pieces, each at once.
func (x *exchange) send(pieces ...string) {
	x.open()
	x.write(pieces...)
}

// write sends pieces; false when the client left.
func (x *exchange) write(pieces ...string) bool {
	for _, p := range pieces {
		if _, err := io.WriteString(x.w, p); err != nil {
			return false
		}
		if http.NewResponseController(x.w).Flush() != nil {
			return false
		}
	}
	return x.r.Context().Err() == nil
}

// say sends a turn that differs from the honest one.
func (x *exchange) say(text, reasoning string, how finish, promptTokens, replyTokens int) {
	x.send(x.codec.wire(x.prompt, turn{text: text, reasoning: reasoning, finish: how, prompt: promptTokens, reply: replyTokens})...)
}

func (x *exchange) promptTokens() int { return tokens(x.prompt.System) + tokens(x.prompt.User) }

// fail sends an error in the protocol's form.
func (x *exchange) fail(status int, kind, message string) {
	x.w.Header().Set("Content-Type", "application/json")
	x.w.WriteHeader(status)
	_, _ = io.WriteString(x.w, x.codec.failure(kind, message)) // the client may have left
}

// half is the first part of an honest answer: at least a piece of text, never the end.
func (x *exchange) half() []string {
	if n := len(x.honest); n > 2 {
		return x.honest[:n/2]
	}
	all := strings.Join(x.honest, "")
	return []string{all[:len(all)/2]}
}

// abort ends the connection in the middle, by a reset where the network has such a thing.
func (x *exchange) abort(reset bool) {
	conn, _, err := http.NewResponseController(x.w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok && reset {
		_ = tcp.SetLinger(0) // then closing sends a reset
	}
	_ = conn.Close()
}

// strict decodes a request and refuses what it does not know.
func strict(body []byte, into any) *refusal {
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return &refusal{http.StatusBadRequest, "invalid_request_error", err.Error()}
	}
	if _, err := d.Token(); err != io.EOF {
		return &refusal{http.StatusBadRequest, "invalid_request_error", "more than one JSON value"}
	}
	return nil
}

// quote is a text as JSON.
func quote(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only strings and numbers come here
	}
	return string(b)
}

// split cuts a text into pieces of a few words, as models stream it.
func split(text string) []string {
	var out []string
	for words := strings.SplitAfter(text, " "); len(words) > 0; {
		n := min(2, len(words))
		out = append(out, strings.Join(words[:n], ""))
		words = words[n:]
	}
	return out
}
