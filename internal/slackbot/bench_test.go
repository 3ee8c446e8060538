package slackbot

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"kildesvar/internal/journal"
	"kildesvar/internal/workspace"
)

func TestMain(m *testing.M) {
	if os.Getenv(childFolder) != "" {
		child()
		return
	}
	flag.Parse()
	// Tests wait for the network and the disk more than for a processor.
	if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
		_ = f.Value.Set("10")
	}
	goleak.VerifyTestMain(m)
}

const (
	channel = "C0FRIVILLIG"
	experts = "C0EKSPERT"
	anna    = "U0ANNA"
	boUser  = "U0BO"
	botUser = "U0KILDE"
	article = "https://vidensportal.dk/voksne/civilsamfund/samskabelse"
)

// bench is a workspace with the assistant in it.
type bench struct {
	*workspace.Workspace
	t      *testing.T
	ctx    context.Context
	base   string
	folder string
	asker  *asker
	cfg    Config
	ahead  atomic.Int64                 // by how much the assistant's clock is ahead
	web    atomic.Pointer[http.Handler] // of HTTP mode
	log    *logBook
	*process
}

// process is the assistant as one process would run it.
type process struct {
	bot     *Bot
	journal *journal.Journal
	gate    *gate
	cancel  context.CancelFunc
	ended   chan struct{}
	result  error // of Run
	stopped bool
}

type setup struct {
	world  workspace.Options
	config func(*Config)
	asker  *asker
	hold   bool // the asker waits for its channel hold
	idle   bool // do not start the assistant
	http   bool // HTTP mode
}

// everywhere runs a scenario over both transports.
func everywhere(t *testing.T, s setup, scenario func(t *testing.T, b *bench)) {
	t.Helper()
	t.Parallel()
	for name, web := range map[string]bool{"socket": false, "http": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := s
			s.http = web
			scenario(t, start(t, s))
		})
	}
}

func start(t *testing.T, s setup) *bench {
	t.Helper()
	return startFor(t, s, 2*time.Minute)
}

func startFor(t *testing.T, s setup, limit time.Duration) *bench {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	if s.world.RedeliverAfter == 0 {
		s.world.RedeliverAfter = 2 * time.Second
		if s.http { // a click that times out is not sent again there
			s.world.RedeliverAfter = 10 * time.Second
		}
	}
	s.world.Grace, s.world.TriggerFor = 50*time.Millisecond, 10*time.Second
	s.world.RetryDelays = []time.Duration{0, 50 * time.Millisecond, 200 * time.Millisecond}
	if s.world.Scopes == nil {
		s.world.Scopes = Scopes() // nothing but what the manifest asks for
	}
	if s.asker == nil {
		s.asker = &asker{}
	}
	if s.hold {
		s.asker.hold, s.asker.began = make(chan struct{}), make(chan string, 100)
	}
	b := &bench{t: t, ctx: ctx, folder: ramFolder(t), asker: s.asker, log: &logBook{}}
	b.cfg = testConfig()
	b.cfg.Now, b.cfg.Log = b.now, slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if s.http {
		server := httptest.NewServer(http.HandlerFunc(b.serveWeb))
		t.Cleanup(server.Close)
		s.world.EventsURL = server.URL
		b.cfg.AppToken, b.cfg.SigningSecret = "", "hemmelig-i-demo"
	}
	b.Workspace = workspace.New(s.world)
	base, err := b.Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	b.base, b.cfg.APIURL = base, base+"/api/"
	if s.config != nil {
		s.config(&b.cfg)
	}
	t.Cleanup(func() {
		if b.process != nil {
			if err := b.stop(); err != nil {
				t.Errorf("Run: %v", err)
			}
		}
		b.Close()
		cancel()
		if t.Failed() {
			b.tell()
		}
	})
	if !s.idle {
		b.run()
	}
	return b
}

// ramFolder is a folder in memory, where the system has one: so many journals at once are otherwise slowed down by the disk.
func ramFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "slackbot-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

// tell tells what has happened, for a failed test.
func (b *bench) tell() {
	for _, c := range []string{channel, experts, b.DM(anna)} {
		for _, m := range b.Messages(c) {
			b.t.Logf("%s %s/%s %s: %.200s", c, m.TS, m.Thread, m.User, m.Text)
		}
	}
	b.t.Log(b.log.String())
}

// logBook keeps the log.
type logBook struct {
	mu sync.Mutex
	s  strings.Builder
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.s.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.s.String()
}

func (b *bench) now() time.Time { return time.Now().Add(time.Duration(b.ahead.Load())) }

func (b *bench) serveWeb(w http.ResponseWriter, r *http.Request) {
	if h := b.web.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	http.Error(w, "not running", http.StatusServiceUnavailable)
}

// open opens the journal.
func (b *bench) open() *journal.Journal {
	b.t.Helper()
	j, err := journal.OpenSQLite(b.ctx, b.folder, journal.Options{Now: b.now})
	if err != nil {
		b.t.Fatal(err)
	}
	return j
}

// run starts the assistant, as a new process would.
func (b *bench) run() {
	b.t.Helper()
	p := &process{journal: b.open(), gate: newGate(b.t, strings.TrimPrefix(b.base, "http://")), ended: make(chan struct{})}
	cfg := b.cfg
	cfg.APIURL = "http://" + p.gate.l.Addr().String() + "/api/"
	bot, err := New(cfg, b.asker, p.journal)
	if err != nil {
		b.t.Fatal(err)
	}
	p.bot = bot
	ctx, cancel := context.WithCancel(b.ctx)
	p.cancel = cancel
	go func() {
		defer close(p.ended)
		p.result = bot.Run(ctx)
	}()
	b.process = p
	if cfg.AppToken == "" {
		h := bot.Handler()
		b.web.Store(&h)
		b.until("ready", func() bool { return bot.Ready() == nil })
		must(b.t, b.VerifyURL())
		return
	}
	b.until("sockets", func() bool { return b.Sockets() == 2 && bot.Ready() == nil })
}

// stop stops the assistant in good order and returns what Run did, and what is wrong with the log of what was said.
func (p *process) stop() error {
	p.cancel()
	<-p.ended
	p.gate.cut()
	if p.stopped { // the journal is closed
		return p.result
	}
	p.stopped = true
	said, err := p.journal.Verify(context.Background(), "")
	if len(said.Problems) > 0 {
		err = fmt.Errorf("the log of what was said: %+v", said.Problems)
	}
	return errors.Join(p.result, err, p.journal.Close())
}

// kill ends the assistant as a killed process ends: from one moment on it reaches neither Slack nor the disk. Its leases have run out
// when kill returns. The configuration must have a short Grace.
func (b *bench) kill() {
	b.t.Helper()
	b.web.Store(nil)
	b.gate.cut()
	must(b.t, b.journal.Close())
	b.cancel()
	<-b.ended
	b.process = nil
	b.ahead.Add(int64(b.cfg.Lease))
}

func (b *bench) until(what string, cond func() bool) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	// Some conditions are about the assistant, which wakes nobody.
	for ctx.Err() == nil {
		short, done := context.WithTimeout(ctx, 50*time.Millisecond)
		err := b.WaitFor(short, cond)
		done()
		if err == nil {
			return
		}
	}
	b.t.Fatalf("waited in vain for: %s", what)
}

func (b *bench) say(user, ch, text, thread string) string {
	b.t.Helper()
	ts, err := b.Say(user, ch, text, thread)
	if err != nil {
		b.t.Fatal(err)
	}
	return ts
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// answers are the assistant's finished messages in a thread.
func (b *bench) answers(ch, thread string) []workspace.Message {
	var out []workspace.Message
	for _, m := range b.Thread(ch, thread) {
		if m.Bot && m.TS != thread && !m.Streaming && !m.Tombstone {
			out = append(out, m)
		}
	}
	return out
}

// one waits for the only answer in a thread and makes sure that it stays the only one.
func (b *bench) one(ch, thread string) workspace.Message {
	b.t.Helper()
	b.until("an answer", func() bool { return len(b.answers(ch, thread)) > 0 })
	b.quiet()
	got := b.answers(ch, thread)
	if len(got) != 1 {
		b.t.Fatalf("%d answers", len(got))
	}
	return got[0]
}

// quiet waits until nothing is under way anywhere.
func (b *bench) quiet() {
	b.t.Helper()
	b.until("rest", func() bool { return b.Pending() == 0 && b.bot.Metrics().Queue == 0 && b.bot.Metrics().Acts == 0 })
}

// sound makes sure that Slack had nothing to complain of.
func (b *bench) sound() {
	b.t.Helper()
	for _, p := range b.Problems() {
		b.t.Errorf("%s: %s", p.Where, p.What)
	}
}

// blocks are a message's blocks as one string.
func blocks(m workspace.Message) string {
	var v any
	if err := json.Unmarshal(m.Blocks, &v); err != nil {
		return ""
	}
	var s strings.Builder
	e := json.NewEncoder(&s)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return ""
	}
	return s.String()
}

func (b *bench) has(m workspace.Message, parts ...string) {
	b.t.Helper()
	s := blocks(m) + m.Text
	for _, p := range parts {
		if !strings.Contains(s, p) {
			b.t.Errorf("message lacks %q: %.1500s", p, s)
		}
	}
}

func viewText(v workspace.View) string { return string(v.Blocks) }
