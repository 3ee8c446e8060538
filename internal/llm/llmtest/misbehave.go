package llmtest

import (
	"net/http"
	"slices"
	"time"

	"kildesvar/internal/llm"
)

// Misbehaviour is one way for a provider to go wrong around a text.
type Misbehaviour struct {
	Name string
	// Want are the kinds of error, any of which is right; nil among them stands for a complete text.
	Want []error
	// Only are the protocols in which it exists; nil: all.
	Only []Protocol
	// Stream is true when it exists in streams alone.
	Stream bool

	do func(x *exchange)
}

// In says whether the misbehaviour exists in a protocol.
func (m *Misbehaviour) In(p Protocol, stream bool) bool {
	// Ollama's clients get a stream even when they show nothing before the end.
	return (m.Only == nil || slices.Contains(m.Only, p)) && (!m.Stream || stream || p == Ollama)
}

// Find returns the misbehaviour with a name, and panics when there is none: tests name what they need.
func Find(name string) *Misbehaviour {
	for _, m := range Misbehaviours() {
		if m.Name == name {
			return m
		}
	}
	panic("llmtest: no misbehaviour " + name)
}

// Misbehaviours lists all: of the connection, of the status, of the frames, of the content.
func Misbehaviours() []*Misbehaviour {
	return slices.Concat(connection(), cuts(), statuses(), frames(), ends(), sizes(), contents())
}

// kinds is a shorter []error.
func kinds(k ...error) []error { return k }

// connection is how slow a connection can be.
func connection() []*Misbehaviour {
	return []*Misbehaviour{
		{Name: "hang before headers", Want: kinds(llm.ErrTimeout), do: (*exchange).hang},
		{Name: "hang mid-stream", Want: kinds(llm.ErrTimeout), do: func(x *exchange) {
			x.send(x.half()...)
			x.hang()
		}},
		{Name: "hang before the end mark", Want: kinds(llm.ErrTimeout), Stream: true, do: func(x *exchange) {
			x.send(x.honest[:len(x.honest)-1]...)
			x.hang()
		}},
		{Name: "drip a byte a second", Want: kinds(llm.ErrTimeout), do: func(x *exchange) {
			x.open()
			for _, piece := range append(slices.Clone(x.honest), string(make([]byte, 200))) {
				for i := range len(piece) {
					if !x.write(piece[i:i+1]) || !x.wait(time.Second) {
						return
					}
				}
			}
		}},
		{Name: "headers after two seconds", Want: kinds(nil), do: func(x *exchange) {
			if x.wait(2 * time.Second) {
				x.send(x.honest...)
			}
		}},
	}
}

// cuts is how connections end too early, and what else can be wrong below the protocol.
func cuts() []*Misbehaviour {
	return []*Misbehaviour{
		{Name: "connection cut before headers", Want: kinds(llm.ErrUnavailable), do: func(x *exchange) { x.abort(false) }},
		{Name: "connection cut mid-stream", Want: kinds(llm.ErrUnavailable), do: func(x *exchange) {
			x.send(x.half()...)
			x.abort(false)
		}},
		{Name: "connection reset mid-stream", Want: kinds(llm.ErrUnavailable), do: func(x *exchange) {
			x.send(x.half()...)
			x.abort(true)
		}},
		{Name: "connection reset before headers", Want: kinds(llm.ErrUnavailable), do: func(x *exchange) { x.abort(true) }},
		{Name: "frames torn into bytes", Want: kinds(nil), do: func(x *exchange) {
			x.open()
			for _, piece := range x.honest {
				for i := range len(piece) {
					if !x.write(piece[i : i+1]) {
						return
					}
				}
			}
		}},
		{Name: "gzip bomb", Want: kinds(llm.ErrMalformed), do: func(x *exchange) {
			x.w.Header().Set("Content-Encoding", "gzip")
			x.send(bomb())
		}},
		{Name: "endless headers", Want: kinds(llm.ErrUnavailable, llm.ErrTimeout), do: func(x *exchange) {
			conn, _, err := http.NewResponseController(x.w).Hijack()
			if err != nil {
				panic(http.ErrAbortHandler)
			}
			defer func() { _ = conn.Close() }()
			line := []byte("HTTP/1.1 200 OK\r\n")
			for {
				if _, err := conn.Write(line); err != nil {
					return
				}
				line = []byte("X-More: of the same, and then more of the same, without end\r\n")
			}
		}},
	}
}

// refused is a misbehaviour that is a status with the protocol's error body.
func refused(name string, status int, kind, message string, want error, headers ...string) *Misbehaviour {
	return &Misbehaviour{Name: name, Want: kinds(want), do: func(x *exchange) {
		for i := 0; i+1 < len(headers); i += 2 {
			x.w.Header().Set(headers[i], headers[i+1])
		}
		x.fail(status, kind, message)
	}}
}

// RetryAfter is what the 429s that say so ask for.
const RetryAfter = 7 * time.Second

// statuses is what happens instead of a 200.
func statuses() []*Misbehaviour {
	const tooLong = "This model's maximum context length is 8192 tokens. However, your messages resulted in 20000 tokens."
	long := refused("400 prompt too long", 400, "context_length_exceeded", tooLong, llm.ErrPromptTooLong)
	long.Only = []Protocol{OpenAI, Mistral}
	long2 := refused("400 prompt is too long", 400, "invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum", llm.ErrPromptTooLong)
	long2.Only = []Protocol{Anthropic}
	long3 := refused("400 input exceeds the context", 400, "", "the input length exceeds the context length", llm.ErrPromptTooLong)
	long3.Only = []Protocol{Ollama}
	quota := refused("429 quota used up", 429, "insufficient_quota", "You exceeded your current quota, please check your plan and billing details.", llm.ErrBudget)
	quota.Only = []Protocol{OpenAI}
	credit := refused("400 credit too low", 400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API.", llm.ErrBudget)
	credit.Only = []Protocol{Anthropic}
	return []*Misbehaviour{
		refused("429 with seconds", 429, "rate_limit_error", "slow down", llm.ErrRateLimited, "Retry-After", "7"),
		{Name: "429 with a date", Want: kinds(llm.ErrRateLimited), do: func(x *exchange) {
			x.w.Header().Set("Retry-After", time.Now().Add(RetryAfter).UTC().Format(http.TimeFormat))
			x.fail(http.StatusTooManyRequests, "rate_limit_error", "slow down")
		}},
		refused("429 without a time", 429, "rate_limit_error", "slow down", llm.ErrRateLimited),
		refused("429 with nonsense", 429, "rate_limit_error", "slow down", llm.ErrRateLimited, "Retry-After", "-soon"),
		quota, credit, long, long2, long3,
		refused("500", 500, "api_error", "internal server error", llm.ErrUnavailable),
		{Name: "502 HTML page", Want: kinds(llm.ErrUnavailable), do: func(x *exchange) {
			x.w.Header().Set("Content-Type", "text/html")
			x.w.WriteHeader(http.StatusBadGateway)
			x.write("<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>")
		}},
		refused("503 with seconds", 503, "server_error", "loading the model", llm.ErrUnavailable, "Retry-After", "7"),
		refused("529 overloaded", 529, "overloaded_error", "Overloaded", llm.ErrUnavailable),
		refused("401", 401, "authentication_error", "Incorrect API key provided: "+Key, llm.ErrKey),
		refused("403", 403, "permission_error", "key "+Key+" may not use this model", llm.ErrKey),
		refused("404 unknown model", 404, "model_not_found", "model 'x' not found", llm.ErrUnknownModel),
		refused("400", 400, "invalid_request_error", "unsupported parameter", llm.ErrRequest),
		refused("413", 413, "request_too_large", "Request exceeds the maximum size", llm.ErrPromptTooLong),
		refused("418 of unknown meaning", 418, "teapot", "short and stout", llm.ErrRequest),
		{Name: "status and then silence", Want: kinds(llm.ErrUnavailable), do: func(x *exchange) {
			x.w.WriteHeader(http.StatusInternalServerError)
			x.write(`{"error":`)
			x.hang()
		}},
		{Name: "redirect to another host", Want: kinds(llm.ErrRequest), do: func(x *exchange) {
			x.w.Header().Set("Location", "http://elsewhere.invalid"+x.r.URL.Path)
			x.w.WriteHeader(http.StatusTemporaryRedirect)
		}},
		{Name: "204 no content", Want: kinds(llm.ErrMalformed), do: func(x *exchange) { x.w.WriteHeader(http.StatusNoContent) }},
	}
}
