package delivery

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// line is a courier in Socket Mode with a server for its sockets.
type line struct {
	*Courier
	t       *testing.T
	url     string
	changed chan struct{}

	mu       sync.Mutex
	problems []string
}

func newLine(t *testing.T, o Options) *line {
	t.Helper()
	l := &line{t: t, changed: make(chan struct{}, 1)}
	if o.RedeliverAfter == 0 {
		o.RedeliverAfter = 100 * time.Millisecond
	}
	o.Changed = func() {
		select {
		case l.changed <- struct{}{}:
		default:
		}
	}
	o.Problem = func(where, what string) {
		l.mu.Lock()
		l.problems = append(l.problems, where+": "+what)
		l.mu.Unlock()
		o.Changed()
	}
	l.Courier = New(o)
	server := httptest.NewServer(http.HandlerFunc(l.ServeSocket))
	l.url = "ws" + strings.TrimPrefix(server.URL, "http") + "/link/?ticket="
	t.Cleanup(func() {
		l.Close()
		server.Close()
	})
	return l
}

func (l *line) until(what string, cond func() bool) {
	l.t.Helper()
	limit := time.After(10 * time.Second)
	for !cond() {
		select {
		case <-l.changed:
		case <-time.After(20 * time.Millisecond):
		case <-limit:
			l.t.Fatalf("waited in vain for %s: %+v", what, l.Deliveries())
		}
	}
}

func (l *line) complaints() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.problems, "\n")
}

// frame is what Slack sends.
type frame struct {
	Type     string          `json:"type"`
	ID       string          `json:"envelope_id"`
	Attempt  int             `json:"retry_attempt"`
	Why      string          `json:"retry_reason"`
	Reason   string          `json:"reason"`
	Accepts  bool            `json:"accepts_response_payload"`
	Sockets  int             `json:"num_connections"`
	Payload  json.RawMessage `json:"payload"`
	AppInfo  map[string]any  `json:"connection_info"`
	Received time.Time       `json:"-"`
}

// end is an app's end of a socket.
type end struct {
	*websocket.Conn
	frames chan frame // closed when the socket ends
	pings  chan struct{}
}

// open dials and takes the hello.
func (l *line) open() *end {
	l.t.Helper()
	conn, resp, err := websocket.DefaultDialer.Dial(l.url+l.Ticket(), nil)
	if err != nil {
		l.t.Fatal(err)
	}
	_ = resp.Body.Close()
	e := &end{Conn: conn, frames: make(chan frame, 100), pings: make(chan struct{}, 100)}
	conn.SetPingHandler(func(string) error {
		e.pings <- struct{}{}
		return nil
	})
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(e.frames)
		for {
			var f frame
			if conn.ReadJSON(&f) != nil {
				return
			}
			f.Received = time.Now()
			e.frames <- f
		}
	}()
	l.t.Cleanup(func() {
		_ = conn.Close()
		<-done
	})
	if f := e.next(l.t); f.Type != "hello" || f.Sockets != l.Sockets() {
		l.t.Fatalf("first frame %+v", f)
	}
	l.until("admission", func() bool {
		l.Courier.mu.Lock()
		defer l.Courier.mu.Unlock()
		return !l.sockets[len(l.sockets)-1].leaving
	})
	return e
}

func (e *end) next(t *testing.T) frame {
	t.Helper()
	select {
	case f := <-e.frames:
		return f
	case <-time.After(10 * time.Second):
		t.Fatal("no frame")
		return frame{}
	}
}

func (e *end) ack(t *testing.T, id string, payload any) {
	t.Helper()
	if err := e.WriteJSON(map[string]any{"envelope_id": id, "payload": payload}); err != nil {
		t.Fatal(err)
	}
}

func event(n int) Envelope {
	return Envelope{Kind: Events, Payload: map[string]any{"n": n}}
}

// TestPings: Slack pings; a client may take silence for the end.
func TestPings(t *testing.T) {
	l := newLine(t, Options{PingEvery: 10 * time.Millisecond})
	e := l.open()
	for range 3 {
		select {
		case <-e.pings:
		case <-time.After(5 * time.Second):
			t.Fatal("no ping")
		}
	}
}

// TestRefresh: a socket that is told to go gets nothing new, may still acknowledge, and is cut after the grace.
func TestRefresh(t *testing.T) {
	l := newLine(t, Options{Grace: 150 * time.Millisecond, RedeliverAfter: 5 * time.Second})
	old := l.open()
	l.Send(event(1))
	first := old.next(t)
	if n := l.Disconnect("refresh_requested"); n != 1 {
		t.Fatalf("%d sockets heard it", n)
	}
	told := time.Now()
	if f := old.next(t); f.Type != "disconnect" || f.Reason != "refresh_requested" {
		t.Errorf("frame %+v", f)
	}
	fresh := l.open()
	l.Send(event(2))
	second := fresh.next(t)
	old.ack(t, first.ID, nil)
	fresh.ack(t, second.ID, nil)
	l.until("acknowledgements", func() bool { return l.Pending() == 0 })
	if _, more := <-old.frames; more {
		t.Error("a leaving socket got something new")
	}
	if lived := time.Since(told); lived < 100*time.Millisecond {
		t.Errorf("cut after %v", lived)
	}
	l.until("one socket", func() bool { return l.Sockets() == 1 })
}

// TestRedeliverySchedule: an envelope that is not acknowledged comes again after the time for it, at most three times.
func TestRedeliverySchedule(t *testing.T) {
	l := newLine(t, Options{})
	e := l.open()
	failed := make(chan struct{})
	l.Send(Envelope{Kind: Interactive, Payload: map[string]any{}, Failed: func() { close(failed) }})
	var frames []frame
	for range 1 + MaxRetries {
		frames = append(frames, e.next(t))
	}
	<-failed
	for i, f := range frames {
		if f.ID != frames[0].ID || f.Attempt != i || !f.Accepts || i > 0 && f.Why != "timeout" {
			t.Errorf("attempt %d: %+v", i, f)
		}
		if i > 0 && f.Received.Sub(frames[i-1].Received) < 80*time.Millisecond {
			t.Errorf("attempt %d after %v", i, f.Received.Sub(frames[i-1].Received))
		}
	}
	if l.Pending() != 0 || !l.Deliveries()[0].Failed {
		t.Errorf("%+v", l.Deliveries())
	}
	e.ack(t, frames[0].ID, nil) // late, but it counts
	l.until("late acknowledgement", func() bool { return !l.Deliveries()[0].Failed })
}

// TestDeadSockets: when its socket dies, an envelope comes again at once over another, and after that not at once.
func TestDeadSockets(t *testing.T) {
	l := newLine(t, Options{RedeliverAfter: time.Second})
	closed := func(e *end) {
		_ = e.Close()
		l.until("no socket", func() bool { return l.Sockets() == 0 })
	}
	first := l.open()
	l.Send(event(1))
	before := first.next(t)
	closed(first)
	second := l.open()
	f := second.next(t)
	if f.Why != "connection_failed" || f.Received.Sub(before.Received) > 800*time.Millisecond {
		t.Errorf("%+v after %v", f, f.Received.Sub(before.Received))
	}
	closed(second)
	third := l.open()
	again := third.next(t)
	if again.Received.Sub(f.Received) < 800*time.Millisecond {
		t.Errorf("again after %v", again.Received.Sub(f.Received))
	}
	third.ack(t, again.ID, nil)
	l.until("acknowledgement", func() bool { return l.Pending() == 0 })
}

// TestEventsOnly: a click is not sent again where only events are.
func TestEventsOnly(t *testing.T) {
	l := newLine(t, Options{EventsOnly: true, RedeliverAfter: 20 * time.Millisecond})
	e := l.open()
	l.Send(Envelope{Kind: Interactive, Payload: map[string]any{}})
	e.next(t)
	l.until("giving up", func() bool { return l.Pending() == 0 })
	if d := l.Deliveries()[0]; len(d.Sent) != 1 || !d.Failed {
		t.Errorf("%+v", d)
	}
}

// TestHold: without a socket an envelope waits, not for ever.
func TestHold(t *testing.T) {
	l := newLine(t, Options{Hold: 50 * time.Millisecond})
	l.Send(event(1))
	l.until("giving up", func() bool { return l.Pending() == 0 })
	if d := l.Deliveries()[0]; len(d.Sent) != 0 || !d.Failed {
		t.Errorf("%+v", d)
	}
	patient := newLine(t, Options{Hold: 10 * time.Second})
	patient.Send(event(1))
	e := patient.open()
	patient.Send(event(2))
	for range 2 {
		e.ack(t, e.next(t).ID, nil)
	}
	patient.until("acknowledgements", func() bool { return patient.Pending() == 0 })
}

// TestBadAcknowledgements are told of, and count for nothing.
func TestBadAcknowledgements(t *testing.T) {
	l := newLine(t, Options{RedeliverAfter: 10 * time.Second})
	e := l.open()
	answers := make(chan string, 1)
	l.Send(Envelope{Kind: Interactive, Payload: map[string]any{}, Acked: func(b []byte) string {
		answers <- string(b)
		return "I do not like it"
	}})
	id := e.next(t).ID
	for want, write := range map[string]func() error{
		"not JSON":                   func() error { return e.WriteMessage(websocket.TextMessage, []byte("{")) },
		"no envelope_id":             func() error { return e.WriteJSON(map[string]any{}) },
		"unknown envelope_id ukendt": func() error { return e.WriteJSON(map[string]any{"envelope_id": "ukendt"}) },
		"20 KB": func() error {
			return e.WriteJSON(map[string]any{"envelope_id": id, "payload": strings.Repeat("x", MaxResponse)})
		},
	} {
		if err := write(); err != nil {
			t.Fatal(err)
		}
		l.until(want, func() bool { return strings.Contains(l.complaints(), want) })
	}
	if l.Pending() != 1 {
		t.Error("a bad acknowledgement counted")
	}
	e.ack(t, id, map[string]string{"text": "hej"})
	e.ack(t, id, map[string]string{"text": "igen"})
	if got := <-answers; got != `{"text":"hej"}` {
		t.Errorf("response %s", got)
	}
	l.until("complaint", func() bool { return strings.Contains(l.complaints(), "response to interactive: I do not like it") })
}

// TestTickets are good once, for half a minute.
func TestTickets(t *testing.T) {
	var mu sync.Mutex
	now := time.Now()
	l := newLine(t, Options{Now: func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	}})
	dial := func(ticket string) bool {
		conn, resp, err := websocket.DefaultDialer.Dial(l.url+ticket, nil)
		if resp != nil {
			_ = resp.Body.Close()
		}
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}
	good, late := l.Ticket(), l.Ticket()
	if !dial(good) || dial(good) || dial("ukendt") {
		t.Error("a ticket is good exactly once")
	}
	mu.Lock()
	now = now.Add(31 * time.Second)
	mu.Unlock()
	if dial(late) {
		t.Error("an old ticket was taken")
	}
	if !strings.Contains(l.complaints(), "ticket unknown, used or expired") {
		t.Errorf("problems %s", l.complaints())
	}
}

// TestForget: what is settled is handed over once and takes no more room; what is open stays, and a second acknowledgement is no mistake.
func TestForget(t *testing.T) {
	l := newLine(t, Options{RedeliverAfter: time.Minute})
	e := l.open()
	l.Send(event(1))
	first := e.next(t)
	e.ack(t, first.ID, nil)
	l.until("acknowledgement", func() bool { return l.Pending() == 0 })
	l.Send(event(2))
	second := e.next(t)
	if d := l.Forget(); len(d) != 1 || d[0].ID != first.ID || string(d[0].Payload) != `{"n":1}` || d[0].Acked.IsZero() {
		t.Errorf("%+v", d)
	}
	if d := l.Deliveries(); len(d) != 1 || d[0].ID != second.ID || l.Pending() != 1 {
		t.Errorf("%+v", d)
	}
	e.ack(t, first.ID, nil)
	e.ack(t, second.ID, nil)
	l.until("acknowledgement", func() bool { return l.Pending() == 0 })
	if d := l.Forget(); len(d) != 1 || len(l.Forget()) != 0 {
		t.Errorf("%+v", d)
	}
	if s := l.complaints(); s != "" {
		t.Error(s)
	}
}
