// Package intake takes deliveries from Slack, over Socket Mode or HTTP, and acknowledges them once the handler has kept them.
//
// It knows envelopes, signatures and acknowledgements, nothing of what a payload means. A delivery is acknowledged when the handler
// returns without error or with ErrMalformed, and never otherwise: Slack then sends it again. What slack-go cannot parse reaches the
// handler as it came; what nobody can parse is acknowledged and logged, since a redelivery would be no better.
//
// Invariants: a handler has at most Deadline; the number of handlers at work is bounded, and while all are busy nothing more is read from
// the sockets; texts are never logged.
//
// Third-party: slack-go's socketmode keeps the connections; its event loop does nothing but hand over.
package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

// Kinds of delivery.
const (
	Events      = "events_api"
	Interactive = "interactive"
	Commands    = "slash_commands"
)

// Deadline is how long a handler may take: Slack waits three seconds for the acknowledgement.
const Deadline = 2500 * time.Millisecond

// Delivery is something Slack sent.
type Delivery struct {
	Kind    string
	Payload json.RawMessage // slash commands over HTTP are made an object of strings, as over Socket Mode
	Retry   int             // 0 the first time
}

// Handler keeps a delivery. Its response, if not nil, goes with the acknowledgement, as JSON of less than 20 KB.
type Handler func(ctx context.Context, d Delivery) (response any, err error)

// ErrMalformed says that a delivery makes no sense and would make none a second time.
var ErrMalformed = errors.New("malformed delivery")

// Outcomes of a delivery, for Options.Observe.
const (
	Acked     = "acked"
	Malformed = "malformed" // acknowledged all the same
	Refused   = "refused"   // not acknowledged: the handler failed or the signature was wrong
)

// Options of both transports.
type Options struct {
	Handle Handler
	Log    *slog.Logger // nil: none
	// Observe is told of every delivery, with the time to its acknowledgement. May be nil.
	Observe func(kind, outcome string, retry int, took time.Duration)
}

func (o *Options) defaults() {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Observe == nil {
		o.Observe = func(string, string, int, time.Duration) {}
	}
}

// handle runs the handler and says whether to acknowledge.
func (o *Options) handle(ctx context.Context, d Delivery) (response any, ack bool, outcome string) {
	ctx, cancel := context.WithTimeout(ctx, Deadline)
	defer cancel()
	response, err := o.safely(ctx, d)
	switch {
	case errors.Is(err, ErrMalformed):
		o.Log.Warn("malformed delivery acknowledged", "kind", d.Kind, "bytes", len(d.Payload), "err", err)
		return nil, true, Malformed
	case err != nil:
		o.Log.Error("delivery not kept; Slack will send it again", "kind", d.Kind, "retry", d.Retry, "err", err)
		return nil, false, Refused
	}
	return response, true, Acked
}

// safely makes an error of a panic: one delivery must not end the program, however often it comes.
func (o *Options) safely(ctx context.Context, d Delivery) (response any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic with a %T", p) // its text may be a person's
			o.Log.Error("handler panicked", "kind", d.Kind, "stack", string(debug.Stack()))
		}
	}()
	return o.Handle(ctx, d)
}
