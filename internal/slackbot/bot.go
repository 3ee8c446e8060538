// Package slackbot is the assistant in Slack: questions come in from mentions, direct messages, the agent pane, threads, a slash command
// and a message shortcut, and each gets one visible answer.
//
// It leaves to others: answering (an Asker), remembering (package journal), how things look (slackbot/message), how they are escaped
// (slackbot/slacktext), calls (slackbot/webapi) and deliveries (slackbot/intake).
//
// The way of a question: a delivery is recorded in the journal and then acknowledged (handle); a worker claims it, asks, notes the answer
// and a nonce in the journal, posts, and notes where the answer stands (job). The nonce stands in the message's metadata, so that after a
// crash or a lost connection the worker looks in the thread before it posts. Everything that the assistant says to a question, kind words
// about limits included, goes this way. Buttons find their answer in the journal by its id.
//
// Invariants: nothing is acknowledged before it is on disk; a question is posted by whoever holds its lease and nobody else; texts of
// people are masked before the journal sees them and are never logged.
//
// Third-party: slack-go, for Block Kit's types and the connections.
package slackbot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"kildesvar/internal/answer"
	"kildesvar/internal/assistant"
	"kildesvar/internal/journal"
	"kildesvar/internal/privacy"
	"kildesvar/internal/slackbot/intake"
	"kildesvar/internal/slackbot/message"
	"kildesvar/internal/slackbot/slacktext"
	"kildesvar/internal/slackbot/webapi"
)

// Asker answers questions; *assistant.Assistant is one. It is called by several workers at once.
type Asker interface {
	Ask(ctx context.Context, question string, history []assistant.Turn) (*answer.Answer, error)
}

// Example is a group of example questions for an audience, shown on the Home page and as suggestions.
type Example = message.Example

// Config is what the assistant needs to know. Zero values are those named; BotToken and either AppToken or SigningSecret are required.
type Config struct {
	BotToken      string // xoxb-…
	AppToken      string // xapp-…: Socket Mode
	SigningSecret string // HTTP mode, if AppToken is empty
	APIURL        string // base of the Web API with a slash at its end; empty: https://slack.com/api/

	ExpertChannel  string          // where »Spørg et menneske« goes; empty: nobody
	Hosts          []string        // hosts that answers may link to, those of the corpus; empty: none, citations are then not links
	Command        string          // the slash command; empty: /kilde
	Knowledge      string          // ends the sentence »Jeg svarer ud fra …«; empty: message.DefaultKnowledge
	Examples       []Example       // empty: none are shown
	SharedChannels bool            // answer in channels shared with other organisations too
	Privacy        privacy.Options // what of people's texts is not personal; zero: nothing, all that may be is masked
	Program        string          // the program's version, kept with every answer

	Sockets     int           // connections of Socket Mode; 0: 2
	Workers     int           // questions answered at once; 0: 8
	MaxQueue    int           // open questions before new ones get a kind word instead; 0: 200
	MaxQuestion int           // characters of a question; 0: 4000
	PerPerson   int           // questions a minute of one person; 0: 20, negative: no limit
	PerChannel  int           // questions a minute in one channel; 0: 60, negative: no limit
	Lease       time.Duration // how long a question is a silent worker's; 0: 20 s, at least 2 s
	AskTimeout  time.Duration // of one answer; 0: 60 s
	CallTimeout time.Duration // of one call of Slack; 0: 8 s, at most 2/5 of Lease
	PostEvery   time.Duration // between two messages in a channel; 0: 1 s
	Settle      time.Duration // before a post that may have been seen is looked for; 0: 1 s
	Grace       time.Duration // to finish what is under way when stopping; 0: 10 s

	Now func() time.Time // nil: time.Now
	Log *slog.Logger     // nil: none
}

func set[T comparable](p *T, v T) {
	var zero T
	if *p == zero {
		*p = v
	}
}

func (c *Config) defaults() error {
	if c.BotToken == "" {
		return errors.New("slack: the bot token is missing: set SLACK_BOT_TOKEN to the token that begins with xoxb-")
	}
	if c.AppToken == "" && c.SigningSecret == "" {
		return errors.New("slack: set SLACK_APP_TOKEN (xapp-…) for Socket Mode or SLACK_SIGNING_SECRET for HTTP mode")
	}
	set(&c.Command, "/kilde")
	set(&c.Knowledge, message.DefaultKnowledge)
	set(&c.Workers, 8)
	set(&c.MaxQueue, 200)
	set(&c.MaxQuestion, 4000)
	set(&c.PerPerson, 20)
	set(&c.PerChannel, 60)
	set(&c.Lease, 20*time.Second)
	c.Lease = max(c.Lease, 2*time.Second)
	set(&c.AskTimeout, time.Minute)
	set(&c.CallTimeout, 8*time.Second)
	c.CallTimeout = min(c.CallTimeout, c.Lease*2/5)
	set(&c.Settle, time.Second)
	set(&c.Grace, 10*time.Second)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return nil
}

// Bot is the assistant in Slack. Make it with New and start it with Run, once.
type Bot struct {
	cfg     Config
	asker   Asker
	journal *journal.Journal
	api     *webapi.Client
	hosts   slacktext.Hosts
	log     *slog.Logger
	limits  *limits
	metrics *Metrics

	http    *intake.HTTP    // nil in Socket Mode
	sockets *intake.Sockets // nil in HTTP mode

	mu      sync.Mutex
	me      webapi.Who // empty until Run has asked
	running map[journal.Place]*job
	shared  map[string]sharedChannel
	sending map[string]bool // answers being sent to all, cards and replies being posted
	// recording are the questions being recorded; the channel is closed when one is.
	recording map[string]chan struct{}

	known chan struct{} // closed when me is known
	nudge chan struct{} // wakes a worker
	acts  chan act      // what is done after the acknowledgement
	owner string        // names this process in the journal
}

// New makes the assistant; it connects to nothing yet. The journal stays the caller's, who closes it after Run.
func New(cfg Config, a Asker, j *journal.Journal) (*Bot, error) {
	if err := cfg.defaults(); err != nil {
		return nil, err
	}
	b := &Bot{
		cfg: cfg, asker: a, journal: j, hosts: cfg.Hosts, log: cfg.Log, metrics: newMetrics(),
		limits:  &limits{person: cfg.PerPerson, channel: cfg.PerChannel, now: cfg.Now},
		running: map[journal.Place]*job{}, shared: map[string]sharedChannel{}, sending: map[string]bool{}, recording: map[string]chan struct{}{},
		known: make(chan struct{}), nudge: make(chan struct{}, cfg.Workers), acts: make(chan act, maxActs),
		owner: fmt.Sprintf("slackbot-%d", cfg.Now().UnixNano()),
	}
	b.api = webapi.New(webapi.Options{Token: cfg.BotToken, URL: cfg.APIURL, Timeout: cfg.CallTimeout, Every: cfg.PostEvery, Log: cfg.Log, Observe: b.metrics.call})
	in := intake.Options{Handle: b.handle, Log: cfg.Log, Observe: b.metrics.delivery}
	if cfg.AppToken != "" {
		b.sockets = intake.NewSockets(intake.SocketOptions{Options: in, Token: cfg.AppToken, URL: cfg.APIURL, Count: cfg.Sockets})
	} else {
		b.http = intake.NewHTTP(intake.HTTPOptions{Options: in, Secret: cfg.SigningSecret, Now: cfg.Now})
	}
	return b, nil
}

// Handler serves /slack/events, /slack/interactive and /slack/commands in HTTP mode; in Socket Mode it knows no path. Until Run has
// found out who the assistant is, requests are refused, and Slack sends them again.
func (b *Bot) Handler() http.Handler {
	if b.http == nil {
		return http.NotFoundHandler()
	}
	return b.http.Routes()
}

// Ready is nil when questions can come in: Slack knows the token, and a socket is up or HTTP mode is on.
func (b *Bot) Ready() error {
	select {
	case <-b.known:
	default:
		return errors.New("slack: the token has not been checked yet")
	}
	if b.sockets != nil && b.sockets.Up() == 0 {
		return errors.New("slack: no socket is open")
	}
	return nil
}

// Run answers questions until ctx ends; then it takes nothing new, finishes what it can within Config.Grace, leaves the rest in the
// journal and returns nil. It returns an error at once when Slack refuses the tokens.
func (b *Bot) Run(ctx context.Context) error {
	defer b.api.Close()
	me, err := b.whoami(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("slack: who am I: %w", err)
	}
	b.mu.Lock()
	b.me = me
	b.mu.Unlock()
	close(b.known)
	b.log.Info("slack assistant starts", "team", me.Team, "user", me.User)

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	b.recount(ctx)
	var workers sync.WaitGroup
	ended := make(chan struct{})
	for range b.cfg.Workers {
		workers.Go(func() { b.work(ctx, work) })
		workers.Go(func() { b.act(work, ended) })
	}
	workers.Go(func() { b.sweep(ctx, work) })
	workers.Go(func() { b.watch(ctx) })
	err = b.take(ctx)
	close(ended)
	if err != nil { // the tokens are no good, so nothing can be finished either
		cancel()
		stop()
		workers.Wait()
		return err
	}
	timer := time.AfterFunc(b.cfg.Grace, stop)
	defer timer.Stop()
	workers.Wait()
	b.log.Info("slack assistant stopped")
	return nil
}

// take lets deliveries in until ctx ends.
func (b *Bot) take(ctx context.Context) error {
	if b.sockets != nil {
		return b.sockets.Run(ctx)
	}
	<-ctx.Done()
	b.http.Shut()
	return nil
}

// whoami asks Slack until it answers; only a refusal of the token is an error.
func (b *Bot) whoami(ctx context.Context) (webapi.Who, error) {
	for wait := time.Second; ; wait = min(wait*2, time.Minute) {
		me, err := b.api.Whoami(ctx)
		if err == nil || !webapi.Passing(err) {
			return me, err
		}
		b.log.Warn("slack does not answer; trying again", "wait", wait, "err", err)
		if !webapi.Sleep(ctx, wait) {
			return webapi.Who{}, ctx.Err()
		}
	}
}

// self is the assistant's own account.
func (b *Bot) self() webapi.Who {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.me
}

// mine says whether a message is the assistant's own.
func (b *Bot) mine(user, bot string) bool {
	me := b.self()
	return user != "" && user == me.User || bot != "" && bot == me.Bot
}

// wake lets a worker look for questions.
func (b *Bot) wake() {
	select {
	case b.nudge <- struct{}{}:
	default: // enough are awake
	}
}

// Metrics are counts and times since the start.
func (b *Bot) Metrics() Snapshot {
	s := b.metrics.snapshot()
	if b.sockets != nil {
		s.Sockets = b.sockets.Up()
	}
	return s
}
