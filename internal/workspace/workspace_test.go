package workspace_test

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
	"go.uber.org/goleak"

	"kildesvar/internal/workspace"
	"kildesvar/internal/workspace/delivery"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	channel = "C0FRIVILLIG"
	anna    = "U0ANNA"
	bo      = "U0BO"
	bot     = "U0KILDE"
)

// world is a workspace with a client for its Web API.
type world struct {
	*workspace.Workspace
	t    *testing.T
	ctx  context.Context
	base string
	api  *slack.Client
}

func start(t *testing.T, o workspace.Options) *world {
	t.Helper()
	if o.RedeliverAfter == 0 {
		o.RedeliverAfter = 150 * time.Millisecond
	}
	if o.Grace == 0 {
		o.Grace = 50 * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	w := workspace.New(o)
	base, err := w.Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	api := slack.New("xoxb-DEMO", slack.OptionAppLevelToken("xapp-1-DEMO"), slack.OptionAPIURL(base+"/api/"),
		slack.OptionHTTPClient(&http.Client{Transport: transport}))
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		w.Close()
		cancel()
	})
	return &world{Workspace: w, t: t, ctx: ctx, base: base, api: api}
}

// until waits for a condition on the workspace.
func (w *world) until(what string, cond func() bool) {
	w.t.Helper()
	if err := w.WaitFor(w.ctx, cond); err != nil {
		w.t.Fatalf("%s: %v\ndeliveries %s", what, err, dump(w.Deliveries()))
	}
}

func dump(v any) string {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// app is a Socket Mode app of slack-go that hands every event to the test.
type app struct {
	*socketmode.Client
	seen chan socketmode.Event
}

// connect starts an app and waits for its hello. ack decides which events it acknowledges; nil: all.
func (w *world) connect(ack func(socketmode.Event) bool) *app {
	w.t.Helper()
	c := socketmode.New(w.api, socketmode.OptionLog(log.New(io.Discard, "", 0)))
	a := &app{Client: c, seen: make(chan socketmode.Event, 100)}
	ctx, cancel := context.WithCancel(w.ctx)
	done := make(chan struct{}, 2)
	go func() {
		_ = c.RunContext(ctx) // ends with ctx
		done <- struct{}{}
	}()
	go func() {
		defer func() { done <- struct{}{} }()
		for {
			select {
			case e := <-c.Events:
				if e.Request != nil && e.Request.EnvelopeID != "" && (ack == nil || ack(e)) {
					_ = c.AckCtx(ctx, e.Request.EnvelopeID, nil)
				}
				a.seen <- e
			case <-ctx.Done():
				return
			}
		}
	}()
	w.t.Cleanup(func() {
		cancel()
		w.DropSockets()
		<-done
		<-done
	})
	a.next(w, socketmode.EventTypeHello)
	return a
}

// next is the next event of a type; others are passed over.
func (a *app) next(w *world, kind socketmode.EventType) socketmode.Event {
	w.t.Helper()
	for {
		select {
		case e := <-a.seen:
			if e.Type == kind {
				return e
			}
		case <-w.ctx.Done():
			w.t.Fatalf("no event %s", kind)
		}
	}
}

func (w *world) say(user, channel, text, thread string) string {
	w.t.Helper()
	ts, err := w.Say(user, channel, text, thread)
	if err != nil {
		w.t.Fatal(err)
	}
	return ts
}

// refused checks for one of Slack's error strings.
func refused(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestMentionComesTwiceInAnyOrder(t *testing.T) {
	firsts := map[string]bool{}
	for seed := uint64(1); seed <= 12 && len(firsts) < 2; seed++ {
		w := start(t, workspace.Options{Seed: seed})
		a := w.connect(nil)
		ts := w.say(anna, channel, "@Kildesvar hvad er R&D < 3?", "")
		var kinds []string
		ids := map[string]bool{}
		for range 2 {
			e := a.next(w, socketmode.EventTypeEventsAPI).Data.(slackevents.EventsAPIEvent)
			ids[e.Data.(*slackevents.EventsAPICallbackEvent).EventID] = true
			switch in := e.InnerEvent.Data.(type) {
			case *slackevents.AppMentionEvent:
				kinds = append(kinds, "mention")
				if in.TimeStamp != ts || in.Text != "<@U0KILDE> hvad er R&amp;D &lt; 3?" {
					t.Errorf("mention %+v", in)
				}
			case *slackevents.MessageEvent:
				kinds = append(kinds, "message")
				if in.TimeStamp != ts || in.ChannelType != "channel" || in.ClientMsgID == "" {
					t.Errorf("message %+v", in)
				}
			}
		}
		if len(ids) != 2 || len(kinds) != 2 || kinds[0] == kinds[1] {
			t.Fatalf("kinds %v, ids %v", kinds, ids)
		}
		firsts[kinds[0]] = true
		w.until("acknowledged", func() bool { return w.Pending() == 0 })
	}
	if len(firsts) != 2 {
		t.Errorf("always the same order: %v", firsts)
	}
}

func TestRedelivery(t *testing.T) {
	w := start(t, workspace.Options{})
	refusals := 2
	w.connect(func(e socketmode.Event) bool {
		if e.Type == socketmode.EventTypeEventsAPI && refusals > 0 {
			refusals--
			return false
		}
		return true
	})
	w.say(anna, channel, "hej", "")
	w.until("acknowledged", func() bool { return w.Pending() == 0 })
	d := w.Deliveries()[0]
	if len(d.Sent) != 3 || d.Reasons[1] != "timeout" || d.Acked.IsZero() {
		t.Errorf("delivery %+v", d)
	}
	if gap := d.Sent[1].Sub(d.Sent[0]); gap < 140*time.Millisecond {
		t.Errorf("sent again after %s", gap)
	}
}

func TestGivesUpAfterThreeRetries(t *testing.T) {
	w := start(t, workspace.Options{RedeliverAfter: 20 * time.Millisecond})
	a := w.connect(func(socketmode.Event) bool { return false })
	w.say(anna, channel, "hej", "")
	w.until("given up", func() bool { return w.Pending() == 0 })
	if d := w.Deliveries()[0]; !d.Failed || len(d.Sent) != 4 {
		t.Errorf("delivery %+v", d)
	}
	var attempts []int
	for range 4 {
		attempts = append(attempts, a.next(w, socketmode.EventTypeEventsAPI).Request.RetryAttempt)
	}
	for i, n := range attempts {
		if n != i {
			t.Errorf("retry_attempt %v", attempts)
		}
	}
}

func TestDisconnectAndReconnect(t *testing.T) {
	w := start(t, workspace.Options{})
	a := w.connect(nil)
	if n := w.Disconnect("refresh_requested"); n != 1 {
		t.Fatalf("%d sockets heard it", n)
	}
	w.say(anna, channel, "mens du var væk", "")
	a.next(w, socketmode.EventTypeHello)
	a.next(w, socketmode.EventTypeEventsAPI)
	w.DropSockets()
	w.say(anna, channel, "og igen", "")
	a.next(w, socketmode.EventTypeHello)
	a.next(w, socketmode.EventTypeEventsAPI)
	w.until("acknowledged", func() bool { return w.Pending() == 0 })
}

func TestDeadSocketsEnvelopeGoesToAnother(t *testing.T) {
	w := start(t, workspace.Options{RedeliverAfter: 10 * time.Second, DeliveryFault: func(_ string, n int) delivery.Fault {
		return delivery.Fault{DropSocket: n == 1}
	}})
	silent := func(socketmode.Event) bool { return false }
	a, b := w.connect(silent), w.connect(silent)
	_, _ = a, b
	w.say(anna, channel, "hej", "")
	w.until("second attempt", func() bool { return len(w.Deliveries()[0].Sent) == 2 })
	d := w.Deliveries()[0]
	if d.Sockets[0] == d.Sockets[1] || d.Reasons[0] != "connection_failed" {
		t.Errorf("delivery %+v", d)
	}
}

func TestFaultyDeliveries(t *testing.T) {
	w := start(t, workspace.Options{DeliveryFault: func(kind string, n int) delivery.Fault {
		return map[int]delivery.Fault{1: {Duplicate: true}, 2: {Reorder: true}, 4: {Malformed: true, Unknown: true}}[n]
	}})
	a := w.connect(nil)
	text := func() string {
		e := a.next(w, socketmode.EventTypeEventsAPI).Data.(slackevents.EventsAPIEvent)
		return e.InnerEvent.Data.(*slackevents.MessageEvent).Text
	}
	for _, s := range []string{"et", "to", "tre"} {
		w.say(anna, channel, s, "")
	}
	if got := []string{text(), text(), text(), text()}; got[0] != "et" || got[1] != "et" || got[2] != "tre" || got[3] != "to" {
		t.Errorf("order %v", got)
	}
	w.say(anna, channel, "fire", "")
	for range 3 { // slack-go cannot read them, but the envelope id is there to be acknowledged
		e := a.next(w, socketmode.EventTypeErrorBadMessage)
		var frame struct {
			ID string `json:"envelope_id"`
		}
		must(t, json.Unmarshal(e.Data.(*socketmode.ErrorBadMessage).Message, &frame))
		must(t, a.AckCtx(w.ctx, frame.ID, nil))
	}
	w.until("acknowledged", func() bool { return w.Pending() == 0 })
}

func TestAtMostTenSockets(t *testing.T) {
	w := start(t, workspace.Options{})
	for range delivery.MaxSockets {
		w.connect(nil)
	}
	if n := w.Sockets(); n != delivery.MaxSockets {
		t.Fatalf("%d sockets", n)
	}
	_, url, err := w.api.StartSocketModeContext(w.ctx)
	must(t, err)
	if got := firstFrame(t, url); got.Reason != "too_many_websockets" {
		t.Errorf("frame %+v", got)
	}
	if _, err := dial(url); err == nil {
		t.Error("a ticket worked twice")
	}
}

func TestTokens(t *testing.T) {
	w := start(t, workspace.Options{Scopes: []string{"chat:write"}})
	post := func(token string) error {
		_, _, err := slack.New(token, slack.OptionAPIURL(w.base+"/api/")).PostMessageContext(w.ctx, channel, slack.MsgOptionText("hej", false))
		return err
	}
	refused(t, post("xoxb-forkert"), "invalid_auth")
	refused(t, post(""), "not_authed")
	refused(t, post("xapp-1-DEMO"), "not_allowed_token_type")
	_, _, err := slack.New("xoxb-DEMO", slack.OptionAppLevelToken("xoxb-DEMO"), slack.OptionAPIURL(w.base+"/api/")).StartSocketModeContext(w.ctx)
	refused(t, err, "not_allowed_token_type")
	_, err = w.api.GetUserInfoContext(w.ctx, anna)
	refused(t, err, "missing_scope")
	_, err = w.api.GetConversationInfoContext(w.ctx, &slack.GetConversationInfoInput{ChannelID: channel})
	refused(t, err, "missing_scope")
	if _, err := w.api.AuthTestContext(w.ctx); err != nil {
		t.Error(err)
	}
	http.DefaultClient.CloseIdleConnections() // of the clients made above
}
