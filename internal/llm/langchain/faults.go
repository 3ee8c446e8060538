package langchain

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kildesvar/internal/llm"
)

// explanation is a provider's error in any of the four forms: {"error": {…}}, {"error": "…"}, {"message": …}, {"detail": …}.
type explanation struct {
	Error   json.RawMessage `json:"error"`
	Message json.RawMessage `json:"message"`
	Detail  json.RawMessage `json:"detail"`
	Type    string          `json:"type"`
}

// read gives the words of an explanation; ok is false when it is none.
func (e explanation) read() (words string, ok bool) {
	if present(e.Error) {
		var inner struct {
			Message json.RawMessage `json:"message"`
			Type    json.RawMessage `json:"type"`
			Code    json.RawMessage `json:"code"`
		}
		if json.Unmarshal(e.Error, &inner) != nil {
			return plain(e.Error), true
		}
		return join(plain(inner.Type), plain(inner.Code), plain(inner.Message)), true
	}
	if present(e.Message) || present(e.Detail) {
		return join(e.Type, plain(e.Message), plain(e.Detail)), true
	}
	return "", false
}

func present(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

// plain is a JSON string's text, a number as it is, or the messages of Mistral's list of faults; the rest of that list
// repeats the request.
func plain(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	type fault struct {
		Message string            `json:"msg"`
		Place   []json.RawMessage `json:"loc"`
	}
	var faults struct {
		Detail []fault `json:"detail"`
	}
	if json.Unmarshal(raw, &faults) != nil && json.Unmarshal(raw, &faults.Detail) != nil {
		return ""
	}
	var out []string
	for _, f := range faults.Detail {
		for _, p := range f.Place {
			out = append(out, plain(p))
		}
		out = append(out, f.Message)
	}
	return join(out...)
}

func join(words ...string) string {
	var out []string
	for _, w := range words {
		if w != "" && (len(out) == 0 || out[len(out)-1] != w) {
			out = append(out, w)
		}
	}
	return strings.Join(out, ": ")
}

// statusError is the error that a status stands for, read together with the provider's words.
func statusError(status int, body []byte) *llm.Error {
	var e explanation
	var words string
	known := false
	if json.Unmarshal(body, &e) == nil {
		words, known = e.read()
	}
	out := &llm.Error{Status: status, Detail: words, Kind: kindOfWords(words)}
	says := func(kind error) bool { return errors.Is(out.Kind, kind) }
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		out.Kind, out.Detail = llm.ErrKey, "" // providers repeat keys in these
	case status >= 500:
		out.Kind = llm.ErrUnavailable
	case status >= 300 && status < 400:
		out.Kind, out.Detail = llm.ErrRequest, "the address redirects, which is not followed: set the right one"
	case status < 300:
		out.Kind, out.Detail = llm.ErrMalformed, "no answer in it"
	case says(llm.ErrBudget): // the account is used up, often with 429: waiting is no use
	case status == http.StatusTooManyRequests:
		out.Kind = llm.ErrRateLimited
	case says(llm.ErrPromptTooLong) || says(llm.ErrRefused):
	case status == http.StatusPaymentRequired:
		out.Kind = llm.ErrBudget
	case status == http.StatusRequestEntityTooLarge:
		out.Kind = llm.ErrPromptTooLong
	case status == http.StatusRequestTimeout:
		out.Kind = llm.ErrTimeout
	case status == http.StatusNotFound && known:
		out.Kind = llm.ErrUnknownModel
	case status == http.StatusNotFound:
		out.Kind, out.Detail = llm.ErrRequest, "nothing of the kind at this address: check it"
	case !says(llm.ErrUnknownModel):
		out.Kind = llm.ErrRequest
	}
	return out
}

// frameError is the error that an error frame stands for: there is no status, only words.
func frameError(words string) *llm.Error {
	out := &llm.Error{Kind: kindOfWords(words), Detail: words}
	if out.Kind == nil {
		out.Kind = llm.ErrUnavailable
	}
	if errors.Is(out.Kind, llm.ErrKey) {
		out.Detail = ""
	}
	return out
}

// kindsByWord tells kinds of errors by words that providers use in types, codes and messages, the first that fits.
var kindsByWord = []struct {
	kind  error
	words []string
}{
	{llm.ErrBudget, []string{"insufficient_quota", "credit balance", "billing_hard_limit"}},
	{llm.ErrPromptTooLong, []string{"context_length", "context length", "maximum context", "prompt is too long", "request_too_large", "exceeds the context"}},
	{llm.ErrRefused, []string{"content_filter", "content_policy"}},
	{llm.ErrRateLimited, []string{"rate_limit", "rate limit"}},
	{llm.ErrKey, []string{"authentication_error", "permission_error", "invalid_api_key"}},
	{llm.ErrUnknownModel, []string{"model_not_found", "model not found", "invalid model", "unknown model"}},
	{llm.ErrUnavailable, []string{"overloaded", "server_error", "api_error"}},
	{llm.ErrRequest, []string{"invalid_request"}},
}

func kindOfWords(words string) error {
	words = strings.ToLower(words)
	for _, k := range kindsByWord {
		for _, w := range k.words {
			if strings.Contains(words, w) {
				return k.kind
			}
		}
	}
	return nil
}

// longestWait bounds Retry-After: a longer one is a fault of somebody's clock.
const longestWait = 24 * time.Hour

// retryAfter reads Retry-After, in seconds or as a date (RFC 9110 10.2.3), and the milliseconds that OpenAI sends beside it;
// 0 when there is none or it makes no sense.
func retryAfter(h http.Header, now time.Time) time.Duration {
	wait := time.Duration(0)
	text := strings.TrimSpace(h.Get("Retry-After"))
	if ms, err := strconv.ParseUint(h.Get("Retry-After-Ms"), 10, 31); err == nil {
		wait = time.Duration(ms) * time.Millisecond
	} else if s, err := strconv.ParseUint(text, 10, 31); err == nil {
		wait = time.Duration(s) * time.Second
	} else if date, err := http.ParseTime(text); err == nil {
		wait = date.Sub(now)
	}
	return min(max(wait, 0), longestWait)
}

// shorten bounds a provider's words to one short line.
func shorten(words string) string {
	const most = 200
	words = oneLine(words)
	if runes := []rune(words); len(runes) > most {
		words = string(runes[:most]) + "…"
	}
	return words
}

// oneLine turns control characters into spaces.
func oneLine(words string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, words)
}

// echoed is how many letters in a row that stand in the prompt too are no accident.
const echoed = 16

// hide takes a provider's words out of an error when they repeat the prompt, which has no business in a log.
func hide(err error, prompt ...string) error {
	e, ok := err.(*llm.Error) //nolint:errorlint // this package wraps none of its own
	if !ok {
		return err
	}
	words := []rune(e.Detail)
	for _, p := range prompt {
		if p = oneLine(strings.TrimSpace(p)); p == "" { // as the words were
			continue
		}
		n := min(echoed, utf8.RuneCountInString(p))
		for i := 0; i+n <= len(words); i++ {
			if strings.Contains(p, string(words[i:i+n])) {
				e.Detail = "its words repeat the prompt"
				return e
			}
		}
	}
	return e
}

// malformed is an answer that is not the protocol.
func malformed(detail string) error { return &llm.Error{Kind: llm.ErrMalformed, Detail: detail} }

// finishOf reads the providers' words for why a text ended. A reason that is not known still is one.
func finishOf(word string) (llm.FinishReason, error) {
	switch word {
	case "stop", "end_turn", "stop_sequence", "eos":
		return llm.FinishStop, nil
	case "length", "max_tokens", "model_length", "model_context_window_exceeded":
		return llm.FinishLength, nil
	case "content_filter", "refusal":
		return llm.FinishFiltered, nil
	case "tool_calls", "function_call", "tool_use", "pause_turn":
		return llm.FinishUnknown, errTool()
	case "error":
		return llm.FinishUnknown, &llm.Error{Kind: llm.ErrUnavailable, Detail: "the provider failed in the middle of the text"}
	}
	return llm.FinishUnknown, nil
}

func errTool() error { return malformed("it calls a tool where a text was asked for") }
