// Package llm is the contract for language models: a prompt goes in, a text comes out, or an error that says what kind
// of failure it was. Around it stand the policies that every model needs: Retry, Breaker, Limit, Chain, Budget, Share.
//
// It knows no provider and no network: llm/langchain is the adapter, llm/llmtest the fakes. What a prompt says and
// whether a text is true is the business of whoever asks.
//
// Invariants, for every Generator:
//   - A nil error means that the model said all it had to say: the text is complete, valid UTF-8, not blank and free of
//     the model's own reasoning. A text that was cut, for whatever reason, is an error.
//   - With an error the Reply has no text. Its token counts may be set: they were spent.
//   - What Request.Stream was given is provisional until Generate returns nil; then it adds up to Reply.Text exactly.
//   - Every error is an *Error, so that errors.Is tells the kind (the sentinels below, or context.Canceled); only an error
//     of the caller's own Stream function comes back as it is, wrapped.
//   - No error and no name holds a key or the prompt.
//
// Policies wrap one another. Outermost first, an order that works is Share, Limit, Chain, and for each model of the chain
// Retry, Breaker, Budget, adapter: each attempt is counted and paid for, and a breaker that is open ends the retrying.
//
// There is no third-party dependency. sony/gobreaker was tried for Breaker and left out: it takes its own time, so that
// no clock can be given to it, and it stays open for a fixed period where a provider's Retry-After knows better.
// x/sync/singleflight was left out of Share: it cannot end a call once the last caller has gone.
package llm

import (
	"context"
	"strings"
	"time"
)

// Generator answers prompts. It is safe for concurrent use.
type Generator interface {
	// Name is the generator's spec, "openai:gpt-x", or several joined by commas.
	Name() string
	// Generate asks the model once. It returns when the text is complete, when something fails, or when ctx ends.
	Generate(ctx context.Context, r Request) (Reply, error)
}

// Request is one prompt. The zero value of everything but User is sensible.
type Request struct {
	System string // instructions; may be empty
	User   string // the question with its material; must not be blank
	// MaxTokens bounds the reply, 1 or more; 0 means DefaultMaxTokens. A reply that reaches it is ErrReplyTruncated.
	MaxTokens   int
	Temperature float64  // 0 (the likeliest words) to 2; models that allow only their own ignore it
	Stop        []string // the reply ends before any of these
	JSON        bool     // ask for a JSON object, where the provider has a switch for it; the prompt must ask too
	// Stream, if not nil, is given each piece of the text as it arrives, none of its reasoning, one call at a time.
	// An error from it ends the generation.
	Stream func(delta string) error
}

// DefaultMaxTokens is room for about 600 Danish words.
const DefaultMaxTokens = 1024

// Validate says what is wrong with a request, as ErrRequest.
func (r Request) Validate() error {
	var detail string
	switch {
	case strings.TrimSpace(r.User) == "":
		detail = "the user text is blank"
	case r.MaxTokens < 0:
		detail = "MaxTokens is negative"
	case r.Temperature < 0 || r.Temperature > 2 || r.Temperature != r.Temperature:
		detail = "the temperature is not between 0 and 2"
	default:
		return nil
	}
	return &Error{Kind: ErrRequest, Detail: detail}
}

// FinishReason is why a model stopped.
type FinishReason string

// Reasons to stop. Length and filtered come with an error; see ErrReplyTruncated and ErrRefused.
const (
	FinishUnknown  FinishReason = ""
	FinishStop     FinishReason = "stop"
	FinishLength   FinishReason = "length"
	FinishFiltered FinishReason = "filtered"
)

// Reply is what a model said.
type Reply struct {
	Text         string
	FinishReason FinishReason
	PromptTokens int           // 0: the provider did not say
	ReplyTokens  int           // 0: the provider did not say; reasoning counts where the provider counts it
	Model        string        // the spec that answered, "ollama:llama3:8b"
	Served       string        // the model's name in the provider's own words, "gpt-x-2026-01-01"; may be empty
	Took         time.Duration // from the call to the end of the text
}
