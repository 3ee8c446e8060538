package llm

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// The kinds of failure, for errors.Is.
var (
	ErrRateLimited    = errors.New("asked too often")                             // Error.RetryAfter may say when to return
	ErrUnavailable    = errors.New("the provider cannot be reached or is broken") // includes a connection cut in mid-sentence
	ErrTimeout        = errors.New("no complete answer in time")
	ErrMalformed      = errors.New("the provider's answer breaks its protocol")
	ErrPromptTooLong  = errors.New("the prompt does not fit the model's context") // refused, or cut by the provider
	ErrReplyTruncated = errors.New("the reply was cut off at its greatest length")
	ErrEmpty          = errors.New("the model said nothing")
	ErrRefused        = errors.New("the provider's filter stopped the text")
	ErrKey            = errors.New("the key is missing, wrong or not allowed to do this")
	ErrRequest        = errors.New("the provider does not accept the request")
	ErrUnknownModel   = errors.New("the provider does not know the model")
	ErrBudget         = errors.New("the budget is spent") // ours for the day, or the account with the provider
)

// Error is one failure of a generator.
type Error struct {
	Kind       error         // one of the sentinels above, or context.Canceled
	Model      string        // the spec asked; empty when none was chosen yet
	Status     int           // HTTP status; 0: none
	RetryAfter time.Duration // how long the provider wants to be left alone; 0: it did not say
	Detail     string        // a few words, the provider's or our own; holds no key
	Err        error         // cause; may be nil

	final bool // not worth another try although the kind passes
}

// Error tells the kind, then what is known of it.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Model != "" {
		fmt.Fprintf(&b, "%s: ", e.Model)
	}
	if e.Kind != nil {
		b.WriteString(e.Kind.Error())
	} else {
		b.WriteString("failed")
	}
	if e.Status != 0 {
		fmt.Fprintf(&b, " (HTTP %d)", e.Status)
	}
	if e.Detail != "" {
		fmt.Fprintf(&b, ": %s", e.Detail)
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, "; again in %s", e.RetryAfter.Round(time.Millisecond))
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap gives kind and cause to errors.Is.
func (e *Error) Unwrap() []error {
	out := make([]error, 0, 2)
	for _, err := range []error{e.Kind, e.Err} {
		if err != nil {
			out = append(out, err)
		}
	}
	return out
}

// Passing says that the same request may succeed later: the fault lies in the network, the load or the moment.
func Passing(err error) bool {
	if e, ok := errors.AsType[*Error](err); ok && e.final {
		return false
	}
	for _, kind := range []error{ErrRateLimited, ErrUnavailable, ErrTimeout, ErrMalformed} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// RetryAfter is how long the provider wants to be left alone; 0 when it did not say.
func RetryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*Error](err); ok {
		return max(e.RetryAfter, 0)
	}
	return 0
}
