package intake

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kildesvar/internal/workspace"
	"kildesvar/internal/workspace/delivery"
)

const (
	anna    = "U0ANNA"
	channel = "C0FRIVILLIG"
)

// link is a workspace with connections to it.
type link struct {
	*workspace.Workspace
	*Sockets
	t      *testing.T
	cancel context.CancelFunc
	ended  chan error

	mu       sync.Mutex
	outcomes []string
	log      strings.Builder
}

func (l *link) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.log.Write(p)
}

func connect(t *testing.T, world workspace.Options, o SocketOptions) *link {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	if world.RedeliverAfter == 0 {
		world.RedeliverAfter = 200 * time.Millisecond
	}
	l := &link{Workspace: workspace.New(world), t: t, cancel: cancel, ended: make(chan error, 1)}
	base, err := l.Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	o.URL = base + "/api/"
	if o.Token == "" {
		o.Token = "xapp-1-DEMO"
	}
	o.Log = slog.New(slog.NewTextHandler(l, nil))
	o.Observe = func(kind, outcome string, _ int, _ time.Duration) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.outcomes = append(l.outcomes, kind+" "+outcome)
	}
	l.Sockets = NewSockets(o)
	go func() { l.ended <- l.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		l.Close()
	})
	return l
}

func (l *link) until(what string, cond func() bool) {
	l.t.Helper()
	for range 400 { // ten seconds; Up wakes nobody
		ctx, done := context.WithTimeout(context.Background(), 25*time.Millisecond)
		err := l.WaitFor(ctx, cond)
		done()
		if err == nil {
			return
		}
	}
	l.t.Fatalf("waited in vain for %s", what)
}

func (l *link) say(text string) {
	l.t.Helper()
	if _, err := l.Say(anna, channel, text, ""); err != nil {
		l.t.Fatal(err)
	}
}

// textOf is the text of a message event.
func textOf(d Delivery) string {
	var p struct {
		Event struct{ Text string }
	}
	_ = json.Unmarshal(d.Payload, &p) // other payloads have none
	return p.Event.Text
}

// TestSocketAcknowledges what was kept and what makes no sense, and nothing else.
func TestSocketAcknowledges(t *testing.T) {
	var mu sync.Mutex
	tries := map[string]int{}
	l := connect(t, workspace.Options{}, SocketOptions{Options: Options{Handle: func(_ context.Context, d Delivery) (any, error) {
		mu.Lock()
		defer mu.Unlock()
		text := textOf(d)
		tries[text]++
		switch {
		case text == "malformed":
			return nil, ErrMalformed
		case text == "twice" && tries[text] == 1:
			return nil, errors.New("disk full")
		case text == "panic" && tries[text] == 1:
			panic("hemmelig")
		}
		return nil, nil
	}}})
	l.until("two sockets", func() bool { return l.Up() == 2 && l.Workspace.Sockets() == 2 })
	for _, text := range []string{"good", "malformed", "twice", "panic"} {
		l.say(text)
	}
	l.until("all acknowledged", func() bool { return l.Pending() == 0 })
	for i, want := range []int{1, 1, 2, 2} {
		if d := l.Deliveries()[i]; len(d.Sent) != want || d.Failed {
			t.Errorf("sent %d times, want %d: %.200s", len(d.Sent), want, d.Payload)
		}
	}
	l.cancel()
	if err := <-l.ended; err != nil {
		t.Error(err)
	}
	if s := l.log.String(); strings.Contains(s, "hemmelig") || !strings.Contains(s, "panicked") {
		t.Errorf("log %s", s)
	}
}

// TestSocketTakesTheUnknown: what slack-go cannot parse reaches the handler as it came and is acknowledged.
func TestSocketTakesTheUnknown(t *testing.T) {
	var mu sync.Mutex
	var kinds []string
	l := connect(t, workspace.Options{DeliveryFault: func(string, int) delivery.Fault { return delivery.Fault{Malformed: true, Unknown: true} }},
		SocketOptions{Options: Options{Handle: func(_ context.Context, d Delivery) (any, error) {
			mu.Lock()
			defer mu.Unlock()
			kinds = append(kinds, d.Kind)
			if d.Kind != Events {
				return nil, ErrMalformed
			}
			return nil, nil
		}}})
	l.until("socket", func() bool { return l.Up() > 0 })
	l.say("hej")
	l.until("all acknowledged", func() bool { return len(l.Deliveries()) == 4 && l.Pending() == 0 })
	mu.Lock()
	defer mu.Unlock()
	if len(kinds) != 4 {
		t.Errorf("handled %q", kinds)
	}
}

// TestSocketStops: what is under way is finished and acknowledged, and nothing new is taken.
func TestSocketStops(t *testing.T) {
	began, end := make(chan struct{}), make(chan struct{})
	l := connect(t, workspace.Options{RedeliverAfter: 5 * time.Second}, SocketOptions{Count: 1, Options: Options{Handle: func(context.Context, Delivery) (any, error) {
		close(began)
		<-end
		return nil, nil
	}}})
	l.until("socket", func() bool { return l.Up() == 1 })
	l.say("hej")
	<-began
	l.cancel()
	close(end)
	if err := <-l.ended; err != nil {
		t.Error(err)
	}
	l.until("acknowledgement", func() bool { return l.Pending() == 0 })
	if d := l.Deliveries()[0]; d.Failed || l.Up() != 0 {
		t.Errorf("delivery %+v, %d sockets up", d, l.Up())
	}
}

// TestSocketHasADeadline: a handler that would be too late for Slack is told so.
func TestSocketHasADeadline(t *testing.T) {
	left := make(chan time.Duration, 1)
	l := connect(t, workspace.Options{}, SocketOptions{Options: Options{Handle: func(ctx context.Context, _ Delivery) (any, error) {
		at, _ := ctx.Deadline()
		left <- time.Until(at)
		return nil, nil
	}}})
	l.until("socket", func() bool { return l.Up() > 0 })
	l.say("hej")
	if d := <-left; d <= 0 || d > Deadline {
		t.Errorf("%v to go", d)
	}
	l.until("acknowledgement", func() bool { return l.Pending() == 0 })
}

func TestSocketIsRefused(t *testing.T) {
	l := connect(t, workspace.Options{}, SocketOptions{Token: "xapp-forkert"})
	if err := <-l.ended; err == nil || !strings.Contains(err.Error(), "invalid_auth") {
		t.Errorf("Run: %v", err)
	}
}

// TestSocketPassesResponses: the answer to a submission goes with the acknowledgement.
func TestSocketPassesResponses(t *testing.T) {
	l := connect(t, workspace.Options{}, SocketOptions{Options: Options{Handle: func(_ context.Context, d Delivery) (any, error) {
		if d.Kind == Commands {
			return map[string]string{"text": "Et øjeblik"}, nil
		}
		return nil, nil
	}}})
	l.until("socket", func() bool { return l.Up() > 0 })
	if err := l.Slash(anna, channel, "/kilde", "hvad?"); err != nil {
		t.Fatal(err)
	}
	l.until("message", func() bool { return len(l.Ephemerals(anna)) == 1 })
	if m := l.Ephemerals(anna)[0]; m.Text != "Et øjeblik" {
		t.Errorf("message %+v", m)
	}
}

// TestSocketFollowsNoRedirect: the app-level token goes to the configured address only.
func TestSocketFollowsNoRedirect(t *testing.T) {
	var visits, calls atomic.Int64
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	defer thief.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) == 2 {
			cancel() // it was tried again after a redirect
		}
		http.Redirect(w, r, thief.URL, http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	if err := NewSockets(SocketOptions{Token: "xapp-hemmelig", URL: server.URL + "/", Count: 1}).Run(ctx); err != nil {
		t.Error(err)
	}
	if visits.Load() != 0 || calls.Load() < 2 {
		t.Errorf("%d calls, %d visits at another address", calls.Load(), visits.Load())
	}
}
