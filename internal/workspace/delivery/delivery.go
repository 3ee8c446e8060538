// Package delivery brings what happens in the emulated workspace to the app, as Slack does: over Socket Mode (each envelope
// to one open socket, acknowledged within three seconds or sent again) or as signed HTTP requests with retries.
//
// It knows envelopes, sockets and acknowledgements, nothing of what a payload means; package workspace makes the payloads
// and applies the responses. First attempts go out in the order of Send, unless a fault says otherwise; what the app makes
// of that order is its own affair, as with Slack. Callbacks are called from goroutines of the courier, never under its lock.
//
// gorilla/websocket: net/http has no WebSocket server, and Slack's pings need control frames.
package delivery

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Kinds of envelope.
const (
	Events      = "events_api"
	Interactive = "interactive"
	Slash       = "slash_commands"
)

// Slack's limits.
const (
	MaxSockets  = 10
	MaxRetries  = 3
	MaxResponse = 20_000 // bytes; a longer acknowledgement is dropped without a word
)

// Envelope is something for the app.
type Envelope struct {
	Kind    string
	Payload map[string]any
	// Acked is called once with the response payload, nil when there is none. It returns what was wrong with it, or "".
	Acked func(response []byte) string
	// Failed is called once when every attempt was in vain. Both may be nil.
	Failed func()
}

// Delivery is the record of one envelope.
type Delivery struct {
	ID       string
	Kind     string
	Payload  json.RawMessage
	Sent     []time.Time // one for each attempt
	Reasons  []string    // why each attempt after the first was made
	Sockets  []int       // the socket of each attempt; none in HTTP mode
	Acked    time.Time   // zero: not acknowledged
	Took     time.Duration
	Response string // the body of the acknowledgement, of which HTTP mode does not demand JSON; empty: none
	Failed   bool
	Noise    bool // made by a fault: malformed or unknown on purpose
}

// Fault is what goes wrong with one envelope; the zero value is nothing.
type Fault struct {
	Delay      time.Duration
	Duplicate  bool   // the same payload arrives twice, in two envelopes
	Reorder    bool   // it arrives after the one that follows it
	Malformed  bool   // before it comes an envelope with fields of the wrong type
	Unknown    bool   // before it come an envelope and an event of types nobody knows
	DropSocket bool   // its socket dies right after it was sent
	Disconnect string // a disconnect frame with this reason follows it
}

// Options of a courier. Zero values are Slack's own.
type Options struct {
	RedeliverAfter time.Duration   // 3 s: how long an acknowledgement may take
	PingEvery      time.Duration   // 10 s
	Grace          time.Duration   // 10 s between a disconnect frame and the end of its socket
	Hold           time.Duration   // 6 min: how long an envelope waits for a socket
	RetryDelays    []time.Duration // HTTP: at once, 1 min, 5 min
	EventsOnly     bool            // only events are sent again; Slack's users click again themselves
	AppURL         string          // HTTP mode: the app's base URL; empty is Socket Mode
	SigningSecret  string
	AppID          string
	Now            func() time.Time               // time.Now
	Pick           func(n int) int                // a number in [0, n); 0
	Fault          func(kind string, n int) Fault // n counts envelopes of this kind from 1
	Changed        func()                         // something about a delivery or a socket changed
	Problem        func(where, what string)       // the app did something Slack would not take
	Log            *slog.Logger                   // discards
	Client         *http.Client                   // HTTP mode
}

func (o *Options) defaults() {
	set := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	set(&o.RedeliverAfter, 3*time.Second)
	set(&o.PingEvery, 10*time.Second)
	set(&o.Grace, 10*time.Second)
	set(&o.Hold, 6*time.Minute)
	if o.RetryDelays == nil {
		o.RetryDelays = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Pick == nil {
		o.Pick = func(int) int { return 0 }
	}
	if o.Fault == nil {
		o.Fault = func(string, int) Fault { return Fault{} }
	}
	if o.Changed == nil {
		o.Changed = func() {}
	}
	if o.Problem == nil {
		o.Problem = func(string, string) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Client == nil {
		o.Client = &http.Client{Transport: &http.Transport{}}
	}
}

// record is a delivery under way.
type record struct {
	Delivery
	env   Envelope
	acked chan struct{} // closed by the acknowledgement
}

// Courier delivers. Its methods may be called from any goroutine.
type Courier struct {
	o      Options
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	queue   []*record
	wake    chan struct{} // holds a token when the queue is not empty
	records []*record
	byID    map[string]*record // nil for those that are forgotten
	seen    map[string]int     // envelopes of each kind
	sockets []*socket
	opened  chan struct{} // closed and replaced when a socket opens
	nextID  int
	tickets map[string]time.Time
}

// New starts a courier. Close ends it.
func New(o Options) *Courier {
	o.defaults()
	ctx, cancel := context.WithCancel(context.Background())
	c := &Courier{o: o, ctx: ctx, cancel: cancel, wake: make(chan struct{}, 1), byID: map[string]*record{}, seen: map[string]int{},
		opened: make(chan struct{}), tickets: map[string]time.Time{}}
	c.wg.Add(1)
	go c.dispatch()
	return c
}

// Close drops all sockets, gives up what is under way, and returns when every goroutine is gone.
func (c *Courier) Close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.cancel()
	c.Drop()
	c.wg.Wait()
	c.o.Client.CloseIdleConnections()
}

// Send queues an envelope.
func (c *Courier) Send(e Envelope) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queue = append(c.queue, c.recordLocked(e, false))
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *Courier) recordLocked(e Envelope, noise bool) *record {
	raw, err := json.Marshal(e.Payload)
	if err != nil {
		panic("delivery: payload does not marshal: " + err.Error()) // payloads are maps of plain values
	}
	r := &record{Delivery: Delivery{ID: uuid(), Kind: e.Kind, Payload: raw, Noise: noise}, env: e, acked: make(chan struct{})}
	c.records = append(c.records, r)
	c.byID[r.ID] = r
	return r
}

// uuid is an envelope id in Slack's form.
func uuid() string {
	const hex = "0123456789abcdef"
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	out := make([]byte, 0, 36)
	for i, x := range b {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			out = append(out, '-')
		}
		out = append(out, hex[x>>4], hex[x&15])
	}
	return string(out)
}

// Deliveries is a copy of all records, oldest first.
func (c *Courier) Deliveries() []Delivery {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]Delivery, len(c.records))
	for i, r := range c.records {
		out[i] = r.copy()
	}
	return out
}

func (r *record) copy() Delivery {
	d := r.Delivery
	d.Sent, d.Reasons, d.Sockets = slices.Clone(d.Sent), slices.Clone(d.Reasons), slices.Clone(d.Sockets)
	return d
}

// Forget returns the records of what is acknowledged or given up, oldest first, and keeps no more of them than their ids. What was given
// up is settled by that: a late acknowledgement is taken no notice of.
func (c *Courier) Forget() (out []Delivery) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var open []*record
	for _, r := range c.records {
		if r.Acked.IsZero() && !r.Failed {
			open = append(open, r)
			continue
		}
		out = append(out, r.copy())
		c.byID[r.ID] = nil
	}
	c.records = open
	return out
}

// Pending counts envelopes that are neither acknowledged nor given up.
func (c *Courier) Pending() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, r := range c.records {
		if r.Acked.IsZero() && !r.Failed {
			n++
		}
	}
	return n
}

// acknowledge notes the app's answer to an envelope; a second one changes nothing.
func (c *Courier) acknowledge(id string, response []byte) {
	c.mu.Lock()
	r, known := c.byID[id]
	if !known {
		c.mu.Unlock()
		c.o.Problem("acknowledgement", "unknown envelope_id "+id)
		return
	}
	if r == nil || !r.Acked.IsZero() {
		c.mu.Unlock()
		return
	}
	r.Acked = c.o.Now()
	r.Took = r.Acked.Sub(r.Sent[len(r.Sent)-1])
	r.Failed = false
	r.Response = string(response)
	close(r.acked)
	c.mu.Unlock()
	if r.env.Acked != nil {
		if wrong := r.env.Acked(response); wrong != "" {
			c.o.Problem("response to "+r.Kind, wrong)
		}
	}
	c.o.Changed()
}

func (c *Courier) fail(r *record) {
	c.mu.Lock()
	late := !r.Acked.IsZero()
	r.Failed = !late
	c.mu.Unlock()
	if late {
		return
	}
	c.o.Log.Warn("envelope given up", "envelope", r.ID, "kind", r.Kind)
	if r.env.Failed != nil {
		r.env.Failed()
	}
	c.o.Changed()
}

// wait sleeps, and is false when the courier closed meanwhile.
func (c *Courier) wait(d time.Duration) bool {
	if d <= 0 {
		return c.ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-c.ctx.Done():
		return false
	}
}
