// Package webapi calls Slack's Web API with Slack's manners: one message a second in a channel, Retry-After honoured, calls that change
// nothing when repeated are repeated after a fault, and a post never is: its caller is told that it may have been posted.
//
// It knows methods, limits and errors, nothing of questions. The table Methods is what the app's manifest asks scopes for, and the only
// methods that can be called.
//
// All methods may be called concurrently and return when ctx ends. No error and no log holds a message's text.
//
// Third-party: slack-go, the client for Slack that its own community keeps in step with Slack's API.
package webapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// Options of a client. Zero values are Slack's own or those named.
type Options struct {
	Token   string
	URL     string        // base of the Web API with a slash at its end; empty: slack.com
	HTTP    *http.Client  // nil: one of its own; redirects are not followed either way
	Timeout time.Duration // of one call; 0: 10 s
	Every   time.Duration // between two messages in a channel; 0: 1 s
	Backoff time.Duration // before the first repetition, doubled each time; 0: 500 ms
	Log     *slog.Logger  // nil: none
	// Observe is told of every call: outcome is "ok", Slack's error string, "http 503", "timeout" or "network". May be nil.
	Observe func(method, outcome string, took time.Duration)
}

// Client calls the Web API.
type Client struct {
	api  *slack.Client
	http *http.Client
	o    Options

	mu    sync.Mutex
	held  map[string]time.Time // method → when Slack wants to hear of it again
	slots map[string]time.Time // channel → when the next message may be posted
}

// Most calls made for one request.
const (
	maxTries   = 4
	maxLimited = 20 // repetitions after 429, which Slack itself asks for
)

// idleConns are the connections kept for the next call: all calls go to one host, several at a time.
const idleConns = 16

// New makes a client.
func New(o Options) *Client {
	if o.HTTP == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.MaxIdleConnsPerHost = idleConns
		o.HTTP = &http.Client{Transport: t}
	}
	o.HTTP = NoRedirects(o.HTTP)
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	if o.Every == 0 {
		o.Every = time.Second
	}
	if o.Backoff == 0 {
		o.Backoff = 500 * time.Millisecond
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Observe == nil {
		o.Observe = func(string, string, time.Duration) {}
	}
	opts := []slack.Option{slack.OptionHTTPClient(o.HTTP)}
	if o.URL != "" {
		opts = append(opts, slack.OptionAPIURL(o.URL))
	}
	return &Client{api: slack.New(o.Token, opts...), http: o.HTTP, o: o, held: map[string]time.Time{}, slots: map[string]time.Time{}}
}

// NoRedirects is a client that takes a redirect for the answer: Slack's API does not redirect, and token and text would go along to
// whatever address the answer names.
func NoRedirects(c *http.Client) *http.Client {
	out := *c
	out.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &out
}

// Close frees idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Uncertain says that a call may have been carried out although it failed.
func Uncertain(err error) bool {
	if err == nil {
		return false
	}
	if s, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return vague[s.Err]
	}
	if s, ok := errors.AsType[slack.StatusCodeError](err); ok {
		return s.Code >= 500
	}
	if _, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return false
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return false
	}
	return !errors.Is(err, errUnsent)
}

// vague are Slack's own words for "something may have happened".
var vague = map[string]bool{"internal_error": true, "fatal_error": true, "request_timeout": true, "service_unavailable": true, "team_added_to_org": true}

// errUnsent marks a call that was given up before it was made.
var errUnsent = errors.New("not called")

// Code is Slack's error string, or "".
func Code(err error) string {
	if s, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return s.Err
	}
	return ""
}

// Passing says that a call failed for a reason that may be gone on the next try.
func Passing(err error) bool {
	if c := Code(err); c != "" {
		return vague[c] || c == "ratelimited" || c == "rate_limited"
	}
	if s, ok := errors.AsType[slack.StatusCodeError](err); ok {
		return s.Code >= 500 || s.Code == http.StatusTooManyRequests
	}
	return err != nil
}

// limited is how long Slack wants to be left alone, if that is the fault.
func limited(err error) (time.Duration, bool) {
	if r, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return max(r.RetryAfter, 100*time.Millisecond), true
	}
	if s, ok := errors.AsType[slack.StatusCodeError](err); ok && s.Code == http.StatusTooManyRequests {
		return time.Second, true
	}
	if c := Code(err); c == "ratelimited" || c == "rate_limited" {
		return time.Second, true
	}
	return 0, false
}

// patience is how a method's faults are met.
type patience int

const (
	once   patience = iota // wait for limits; never repeat after another fault
	repeat                 // wait for limits, repeat after faults: the method does no harm when repeated
	eager                  // neither wait nor repeat: a nicety that may fail
)

// call makes a call.
func (c *Client) call(ctx context.Context, m Method, p patience, f func(context.Context) error) error {
	if _, known := Methods[m]; !known {
		return fmt.Errorf("%s is not in the table of methods: %w", m, errUnsent)
	}
	var err error
	for try, waits := 1, 0; ; {
		if err := c.await(ctx, m, p); err != nil {
			return fmt.Errorf("%s: %w: %w", m, errUnsent, err)
		}
		err = c.attempt(ctx, m, f)
		after, slow := limited(err)
		switch {
		case err == nil:
			return nil
		case slow:
			c.hold(m, after)
			if waits++; p == eager || waits > maxLimited {
				return fmt.Errorf("%s: %w", m, err)
			}
		case p != repeat || !Passing(err) || try >= maxTries || ctx.Err() != nil:
			return fmt.Errorf("%s: %w", m, err)
		default:
			if !Sleep(ctx, c.o.Backoff<<(try-1)) {
				return fmt.Errorf("%s: %w", m, err)
			}
			try++
		}
	}
}

// attempt makes one call and tells of it.
func (c *Client) attempt(ctx context.Context, m Method, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	start := time.Now()
	err := f(ctx)
	end := outcome(err)
	c.o.Observe(string(m), end, time.Since(start))
	if err != nil {
		c.o.Log.Debug("slack call failed", "method", string(m), "outcome", end)
	}
	return err
}

// outcome is a word for a call's end.
func outcome(err error) string {
	if err == nil {
		return "ok"
	}
	if c := Code(err); c != "" {
		return c
	}
	if _, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return "ratelimited"
	}
	if s, ok := errors.AsType[slack.StatusCodeError](err); ok {
		return fmt.Sprintf("http %d", s.Code)
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return "timeout"
	}
	return "network"
}

func (c *Client) hold(m Method, d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if until := time.Now().Add(d); until.After(c.held[string(m)]) {
		c.held[string(m)] = until
	}
}

// await waits until a held method may be called.
func (c *Client) await(ctx context.Context, m Method, p patience) error {
	for {
		c.mu.Lock()
		wait := time.Until(c.held[string(m)])
		c.mu.Unlock()
		if wait <= 0 {
			return ctx.Err()
		}
		if p == eager {
			return errors.New("wanted less often by Slack")
		}
		if !Sleep(ctx, wait) {
			return ctx.Err()
		}
	}
}

// pace waits for the channel's next free second.
func (c *Client) pace(ctx context.Context, channel string) error {
	now := time.Now()
	c.mu.Lock()
	for ch, t := range c.slots {
		if len(c.slots) > 1000 && t.Before(now) {
			delete(c.slots, ch)
		}
	}
	at := c.slots[channel]
	if at.Before(now) {
		at = now
	}
	c.slots[channel] = at.Add(c.o.Every)
	c.mu.Unlock()
	if at.After(now) && !Sleep(ctx, at.Sub(now)) {
		return fmt.Errorf("wait for a turn in the channel: %w: %w", errUnsent, ctx.Err())
	}
	return nil
}

// Sleep waits for d, or until ctx ends; then it is false.
func Sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// Refused says that Slack answered, and that the answer was a fault of its server: the call was most likely not carried out.
func Refused(err error) bool {
	s, ok := errors.AsType[slack.StatusCodeError](err)
	return ok && s.Code >= 500
}
