package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// SocketOptions are those of Socket Mode. Zero values are those named.
type SocketOptions struct {
	Options
	Token string       // the app-level token, xapp-…
	URL   string       // base of the Web API with a slash at its end; empty: slack.com
	Count int          // connections; 0: 2, so that one is up while the other is renewed
	Busy  int          // handlers at work for each connection; 0: 8
	HTTP  *http.Client // opens the connections, following no redirects; nil: one of its own
}

// Sockets are Socket Mode connections.
type Sockets struct {
	o  SocketOptions
	up atomic.Int64
	// restart is how long a connection that has ended is left alone.
	restart time.Duration
}

// flush is how long acknowledgements get to leave the queue of a connection, which does not tell, before it is closed.
const flush = 150 * time.Millisecond

// openTimeout is how long Slack may take to name the address of a connection.
const openTimeout = 30 * time.Second

// NewSockets makes connections that are not open yet.
func NewSockets(o SocketOptions) *Sockets {
	o.defaults()
	if o.Count <= 0 {
		o.Count = 2
	}
	if o.Busy <= 0 {
		o.Busy = 8
	}
	return &Sockets{o: o, restart: time.Second}
}

// Up is the number of open connections.
func (s *Sockets) Up() int { return int(s.up.Load()) }

// Run keeps the connections open until ctx ends; then it takes nothing new, lets the handlers end, and returns nil when everything is
// acknowledged. It returns an error when Slack will never let the app in, with its token as it is.
func (s *Sockets) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for i := range s.o.Count {
		wg.Go(func() {
			for ctx.Err() == nil {
				err := s.connection(ctx, i)
				if fatal(err) {
					cancel(fmt.Errorf("socket mode: %w", err))
					return
				}
				wait(ctx, s.restart)
			}
		})
	}
	wg.Wait()
	if err := context.Cause(ctx); fatal(err) {
		return err
	}
	return nil
}

// fatal are the faults that no new attempt cures.
func fatal(err error) bool {
	if e, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		switch e.Err {
		case "invalid_auth", "account_inactive", "not_authed", "token_revoked", "not_allowed_token_type", "socket_mode_not_enabled", "missing_scope":
			return true
		}
	}
	return false
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// connection runs one connection, which renews itself, until ctx ends or Slack refuses it.
func (s *Sockets) connection(ctx context.Context, n int) error {
	opts := []slack.Option{slack.OptionAppLevelToken(s.o.Token)}
	if s.o.URL != "" {
		opts = append(opts, slack.OptionAPIURL(s.o.URL))
	}
	opts = append(opts, slack.OptionHTTPClient(s.opener()))
	client := socketmode.New(slack.New("", opts...), socketmode.OptionLog(log.New(io.Discard, "", 0)), socketmode.OptionReadLimit(4<<20))
	c := &connection{Sockets: s, client: client, n: n, work: make(chan inbound)}
	defer c.setUp(false)

	// The connection outlives ctx by the time the last acknowledgements need.
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- client.RunContext(run) }()
	var workers sync.WaitGroup
	for range s.o.Busy {
		workers.Go(func() {
			for in := range c.work {
				c.take(run, in)
			}
		})
	}
	err := c.loop(ctx, ended)
	close(c.work)
	workers.Wait()
	if err != nil {
		return err
	}
	wait(run, flush)
	stop()
	for { // the run may be waiting to tell of its end
		select {
		case <-client.Events:
		case <-ended:
			return nil
		}
	}
}

// opener opens connections. It follows no redirect: the token would go along.
func (s *Sockets) opener() *http.Client {
	c := http.Client{Timeout: openTimeout}
	if s.o.HTTP != nil {
		c = *s.o.HTTP
	}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}

// connection is the state of one connection.
type connection struct {
	*Sockets
	client *socketmode.Client
	n      int
	open   bool // only used by the loop
	work   chan inbound
}

// inbound is an envelope.
type inbound struct {
	id string
	d  Delivery
}

// loop hands events over until ctx ends, with nil, or the connection does.
func (c *connection) loop(ctx context.Context, ended <-chan error) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-ended:
			return fmt.Errorf("connection %d: %w", c.n, orEnded(err))
		case ev := <-c.client.Events:
			in, ok := c.read(ev)
			if !ok {
				continue
			}
			select {
			case c.work <- in:
			case <-ctx.Done(): // not acknowledged, so Slack keeps it for the next process
				return nil
			}
		}
	}
}

func orEnded(err error) error {
	if err == nil {
		return errors.New("it ended")
	}
	return err
}

func (c *connection) setUp(open bool) {
	if open != c.open {
		c.open = open
		if open {
			c.up.Add(1)
		} else {
			c.up.Add(-1)
		}
	}
}

// read makes an envelope of an event; hello and the connection's own events are none.
func (c *connection) read(ev socketmode.Event) (inbound, bool) {
	switch ev.Type {
	case socketmode.EventTypeHello:
		c.setUp(true)
		c.o.Log.Info("socket open", "connection", c.n)
	case socketmode.EventTypeConnecting:
		c.setUp(false)
	case socketmode.EventTypeConnectionError:
		if e, ok := ev.Data.(*slack.ConnectionErrorEvent); ok {
			c.o.Log.Warn("socket not opened; trying again", "connection", c.n, "attempt", e.Attempt, "wait", e.Backoff, "err", e.ErrorObj)
		}
	case socketmode.EventTypeErrorWriteFailed:
		c.o.Log.Warn("acknowledgement not sent; Slack will deliver again", "connection", c.n)
	case socketmode.EventTypeErrorBadMessage:
		if e, ok := ev.Data.(*socketmode.ErrorBadMessage); ok {
			return c.raw(e.Message)
		}
	case socketmode.EventTypeEventsAPI, socketmode.EventTypeInteractive, socketmode.EventTypeSlashCommand:
		if r := ev.Request; r != nil {
			return inbound{r.EnvelopeID, Delivery{Kind: r.Type, Payload: r.Payload, Retry: r.RetryAttempt}}, r.EnvelopeID != ""
		}
	}
	return inbound{}, false
}

// raw reads an envelope that slack-go could not. Fields of the wrong type are left out.
func (c *connection) raw(frame json.RawMessage) (inbound, bool) {
	var e struct {
		ID      string          `json:"envelope_id"`
		Type    string          `json:"type"`
		Payload json.RawMessage `json:"payload"`
		Retry   int             `json:"retry_attempt"`
	}
	_ = json.Unmarshal(frame, &e)
	c.o.Log.Warn("envelope of an unknown kind", "connection", c.n, "type", e.Type, "bytes", len(frame))
	return inbound{e.ID, Delivery{Kind: e.Type, Payload: e.Payload, Retry: e.Retry}}, e.ID != ""
}

// take has an envelope handled and acknowledges it.
func (c *connection) take(ctx context.Context, in inbound) {
	start := time.Now()
	response, ack, outcome := c.o.handle(ctx, in.d)
	if ack {
		ctx, cancel := context.WithTimeout(ctx, Deadline)
		defer cancel()
		if err := c.client.AckCtx(ctx, in.id, response); err != nil {
			c.o.Log.Warn("acknowledgement not queued; Slack will deliver again", "connection", c.n, "err", err)
			outcome = Refused
		}
	}
	c.o.Observe(in.d.Kind, outcome, in.d.Retry, time.Since(start))
}
