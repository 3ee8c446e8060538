// Package workspace emulates a Slack workspace, as strict as Slack: the Web API, Socket Mode and HTTP delivery, Block Kit
// validation, triggers, streams, rate limits, and the mistakes of a network. People act through methods (Say, Click, Slash)
// or through the browser page under /face/; what the app did can be inspected. It is the stage of `kildesvar demo` and the
// bench on which the Slack front end is tested, so it knows nothing of that front end and of no Slack library.
//
// Where Slack's behaviour is documented or measured it is copied, error strings included. Where it is not known, the
// emulator does what makes life harder for an app: it refuses rather than accepts, and sends again rather than once.
//
// Left to others: package blockkit says what is wrong with a payload, package delivery gets envelopes to the app.
// Invariants: one lock guards all state; every time stamp (ts) is unique in the workspace and grows; a message that was
// shown is never in a state Slack would have refused; every change wakes WaitFor.
package workspace

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"kildesvar/internal/workspace/delivery"
)

// Options of a workspace. The zero value is a complete demo workspace with Slack's own timing.
type Options struct {
	Seed uint64           // of everything random; 0 is 1
	Now  func() time.Time // time.Now; decides ts values, triggers, streams, rate limits
	Log  *slog.Logger     // discards

	AppToken, BotToken, SigningSecret string // DefaultAppToken, DefaultBotToken, hemmelig-i-demo
	AppID, BotID, BotUser, BotName    string // A0KILDE, B0KILDE, U0KILDE, Kildesvar
	TeamID, Domain                    string // T0DEMO, demo
	Scopes                            []string
	Commands                          map[string]string // slash command → usage hint; nil: any command, /kilde on the page
	Shortcuts                         map[string]string // callback id of a message shortcut → its name; nil: any, besvar_besked on the page
	Legacy                            bool              // assistant_view instead of agent_view
	Users                             []User            // nil: three people
	Channels                          []Channel

	RateLimits       bool          // 429 as Slack's tiers and 1 message/s/channel say
	RedeliverAfter   time.Duration // 3 s, Slack's limit for an acknowledgement
	PingEvery        time.Duration // 10 s between WebSocket pings
	Grace            time.Duration // 10 s from a disconnect frame to the end of a socket
	Hold             time.Duration // 6 min an envelope waits for a socket
	RetryDelays      []time.Duration
	RetryEventsOnly  bool          // Slack's documents promise retries for events only; by default clicks and commands come again too
	TriggerFor       time.Duration // 3 s life of a trigger_id
	StreamIdle       time.Duration // 2 min without an append end a stream
	StreamLife       time.Duration // 5 min end it anyhow
	StatusFor        time.Duration // 2 min life of assistant.threads.setStatus
	EventsURL        string        // HTTP mode: base URL of the app; empty: Socket Mode
	CallFault        func(method string, n int) CallFault
	DeliveryFault    func(kind string, n int) delivery.Fault
	DefaultUserOfWeb string // whom the browser page shows first; the first user
}

// What an app needs to know of a workspace with default options.
const (
	DefaultBotToken      = "xoxb-DEMO"
	DefaultAppToken      = "xapp-1-DEMO"
	DefaultExpertChannel = "C0EKSPERT"
)

func orElse(s *string, v string) {
	if *s == "" {
		*s = v
	}
}

func orTime(d *time.Duration, v time.Duration) {
	if *d == 0 {
		*d = v
	}
}

func (o *Options) defaults() {
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	orElse(&o.AppToken, DefaultAppToken)
	orElse(&o.BotToken, DefaultBotToken)
	orElse(&o.SigningSecret, "hemmelig-i-demo")
	orElse(&o.AppID, "A0KILDE")
	orElse(&o.BotID, "B0KILDE")
	orElse(&o.BotUser, "U0KILDE")
	orElse(&o.BotName, "Kildesvar")
	orElse(&o.TeamID, "T0DEMO")
	orElse(&o.Domain, "demo")
	orTime(&o.TriggerFor, 3*time.Second)
	orTime(&o.StreamIdle, 2*time.Minute)
	orTime(&o.StreamLife, 5*time.Minute)
	orTime(&o.StatusFor, 2*time.Minute)
	if o.Users == nil {
		o.Users = demoUsers()
	}
	if o.Channels == nil {
		o.Channels = demoChannels(o.BotUser)
	}
	if o.DefaultUserOfWeb == "" && len(o.Users) > 0 {
		o.DefaultUserOfWeb = o.Users[0].ID
	}
}

// Workspace is an emulated Slack workspace. Its methods may be called from any goroutine.
type Workspace struct {
	o       Options
	courier *delivery.Courier
	log     *slog.Logger
	server  *http.Server
	served  sync.WaitGroup

	mu         sync.Mutex
	rnd        *rand.Rand
	changed    chan struct{} // closed and replaced at each change
	version    uint64        // counts changes
	lastTS     int64         // microseconds
	users      map[string]*User
	userOrder  []string
	channels   map[string]*Channel
	order      []string
	messages   map[string][]*Message
	gone       map[string]bool // "channel/ts" of messages that were deleted for good
	ephemerals []*Message
	streams    map[string]*stream
	views      map[string]*View
	stacks     map[string][]string // open modals of a user, root first
	homes      map[string]*View
	triggers   map[string]*trigger
	hooks      map[string]*hook
	statuses   []Status
	sessions   map[string]string // "channel/thread" → status
	titles     map[string]string
	prompts    map[string]Prompts
	contexts   map[string]string // user → channel they look at
	calls      []Call
	callCount  map[string]int
	problems   []Problem
	buckets    map[string]*bucket
	notices    map[string]string // what Slackbot would tell a user: the app did not answer
	baseURL    string
}

// New makes a workspace. Close frees it.
func New(o Options) *Workspace {
	o.defaults()
	w := &Workspace{
		o: o, log: o.Log, rnd: rand.New(rand.NewPCG(o.Seed, 0x5eed)), changed: make(chan struct{}),
		users: map[string]*User{}, channels: map[string]*Channel{}, messages: map[string][]*Message{}, gone: map[string]bool{},
		streams: map[string]*stream{}, views: map[string]*View{}, stacks: map[string][]string{}, homes: map[string]*View{},
		triggers: map[string]*trigger{}, hooks: map[string]*hook{}, sessions: map[string]string{}, titles: map[string]string{},
		prompts: map[string]Prompts{}, contexts: map[string]string{}, callCount: map[string]int{}, buckets: map[string]*bucket{},
		notices: map[string]string{}, baseURL: "http://127.0.0.1",
	}
	w.people()
	w.courier = delivery.New(delivery.Options{
		RedeliverAfter: o.RedeliverAfter, PingEvery: o.PingEvery, Grace: o.Grace, Hold: o.Hold, RetryDelays: o.RetryDelays,
		EventsOnly: o.RetryEventsOnly, AppURL: o.EventsURL, SigningSecret: o.SigningSecret, AppID: o.AppID, Now: o.Now,
		Pick: w.pick, Fault: o.DeliveryFault, Changed: w.touch, Problem: w.problem, Log: o.Log,
	})
	return w
}

// Start serves Handler on a free loopback port until Close or the end of ctx, and says where: "http://127.0.0.1:port".
// The Web API is at that URL + "/api/".
func (w *Workspace) Start(ctx context.Context) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("start workspace: %w", err)
	}
	return w.Serve(ctx, l)
}

// Serve is Start on a listener of the caller's choice, which must be on loopback for the browser page to answer.
func (w *Workspace) Serve(ctx context.Context, l net.Listener) (string, error) {
	base := "http://" + l.Addr().String()
	server := &http.Server{Handler: w.Handler(), ReadHeaderTimeout: 10 * time.Second}
	w.mu.Lock()
	if w.server != nil {
		w.mu.Unlock()
		_ = l.Close()
		return "", errors.New("start workspace: it is started already")
	}
	w.server, w.baseURL = server, base
	w.mu.Unlock()
	w.served.Add(1)
	go func() {
		defer w.served.Done()
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			w.log.Error("workspace stopped serving", "err", err)
		}
	}()
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	server.RegisterOnShutdown(func() { stop() })
	return base, nil
}

// Close ends the server, all sockets and all deliveries, and returns when they are gone.
func (w *Workspace) Close() {
	w.courier.Close()
	w.mu.Lock()
	server := w.server
	w.mu.Unlock()
	if server != nil {
		_ = server.Close()
	}
	w.served.Wait()
}

// Handler serves the Web API under /api/, sockets under /link/, response URLs under /actions/, and the page under /face/.
func (w *Workspace) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", w.serveAPI)
	mux.HandleFunc("/link/", w.courier.ServeSocket)
	mux.HandleFunc("POST /actions/{team}/{id}", w.serveHook)
	mux.Handle("/face/", w.face())
	mux.Handle("GET /{$}", http.RedirectHandler("/face/", http.StatusFound))
	return mux
}

// VerifyURL does Slack's url_verification handshake with the app of HTTP mode.
func (w *Workspace) VerifyURL() error { return w.courier.VerifyURL() }

// Disconnect sends every socket a disconnect frame (reason warning, refresh_requested or link_disabled).
func (w *Workspace) Disconnect(reason string) int { return w.courier.Disconnect(reason) }

// DropSockets cuts every socket without a word.
func (w *Workspace) DropSockets() int { return w.courier.Drop() }

// Sockets counts the app's open sockets.
func (w *Workspace) Sockets() int { return w.courier.Sockets() }

// touch wakes everybody who waits for a change.
func (w *Workspace) touch() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.touchLocked()
}

func (w *Workspace) touchLocked() {
	w.version++
	close(w.changed)
	w.changed = make(chan struct{})
}

// WaitFor returns when cond holds; it is asked again after every change. The error is ctx's.
func (w *Workspace) WaitFor(ctx context.Context, cond func() bool) error {
	for {
		w.mu.Lock()
		changed := w.changed
		w.mu.Unlock()
		if cond() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for workspace: %w", ctx.Err())
		}
	}
}

func (w *Workspace) pick(n int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.rnd.IntN(n)
}

// id makes an id with a prefix, as E in EvXXXXXXXX.
func (w *Workspace) id(prefix string, n int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	var b strings.Builder
	b.WriteString(prefix)
	for range n {
		b.WriteByte(letters[w.rnd.IntN(len(letters))])
	}
	return b.String()
}

// ts is a fresh time stamp, later than all before.
func (w *Workspace) ts() string {
	us := w.o.Now().UnixMicro()
	if us <= w.lastTS {
		us = w.lastTS + 1
	}
	w.lastTS = us
	return fmt.Sprintf("%d.%06d", us/1_000_000, us%1_000_000)
}
