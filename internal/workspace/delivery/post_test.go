package delivery

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// received is one request the app got.
type received struct {
	path, body string
	header     http.Header
}

// bench is a courier in HTTP mode with an app that answers as told.
type bench struct {
	*Courier
	t       *testing.T
	mu      sync.Mutex
	got     []received
	changed chan struct{}
}

func newBench(t *testing.T, answer http.HandlerFunc) *bench {
	b := &bench{t: t, changed: make(chan struct{}, 1)}
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		b.mu.Lock()
		b.got = append(b.got, received{r.URL.Path, string(body), r.Header.Clone()})
		b.mu.Unlock()
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		answer(w, r)
	}))
	b.Courier = New(Options{AppURL: app.URL, SigningSecret: "hemmelig", RedeliverAfter: 100 * time.Millisecond,
		RetryDelays: []time.Duration{0, time.Millisecond, time.Millisecond},
		Changed: func() {
			select {
			case b.changed <- struct{}{}:
			default:
			}
		}})
	t.Cleanup(func() {
		b.Close()
		app.Close()
	})
	return b
}

// settle waits until nothing is pending and gives the requests so far.
func (b *bench) settle() []received {
	b.t.Helper()
	limit := time.After(10 * time.Second)
	for b.Pending() > 0 {
		select {
		case <-b.changed:
		case <-limit:
			b.t.Fatalf("still pending: %+v", b.Deliveries())
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.got
}

func TestSignature(t *testing.T) {
	// The example of Slack's documentation "Verifying requests from Slack".
	body := "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
	want := "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
	if got := Sign("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", []byte(body)); got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
}

func TestPostRetries(t *testing.T) {
	b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Slack-Retry-Num") != "2" {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	b.Send(Envelope{Kind: Events, Payload: map[string]any{"event": map[string]any{"type": "message"}}})
	got := b.settle()
	if len(got) != 3 || got[0].header.Get("X-Slack-Retry-Num") != "" || got[2].header.Get("X-Slack-Retry-Reason") != "http_error" || got[0].path != "/slack/events" {
		t.Fatalf("requests %+v", got)
	}
	for _, r := range got {
		if want := Sign("hemmelig", r.header.Get("X-Slack-Request-Timestamp"), []byte(r.body)); r.header.Get("X-Slack-Signature") != want {
			t.Errorf("signature %s, want %s", r.header.Get("X-Slack-Signature"), want)
		}
	}
}

func TestPostTimesOut(t *testing.T) {
	b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Slack-Retry-Num") == "" {
			<-r.Context().Done()
		}
	})
	b.Send(Envelope{Kind: Events, Payload: map[string]any{}})
	if got := b.settle(); len(got) != 2 || got[1].header.Get("X-Slack-Retry-Reason") != "http_timeout" {
		t.Errorf("requests %+v", got)
	}
}

func TestNoRetryHeader(t *testing.T) {
	b := newBench(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Slack-No-Retry", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	b.Send(Envelope{Kind: Events, Payload: map[string]any{}})
	if got := b.settle(); len(got) != 1 || !b.Deliveries()[0].Failed {
		t.Errorf("requests %+v", got)
	}
}

func TestClicksAndCommandsAreTriedOnce(t *testing.T) {
	b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slack/interactive" {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		_, _ = io.WriteString(w, "Et øjeblik")
	})
	failed, said := make(chan struct{}), make(chan string, 1)
	b.Send(Envelope{Kind: Interactive, Payload: map[string]any{"type": "block_actions"}, Failed: func() { close(failed) }})
	b.Send(Envelope{Kind: Slash, Payload: map[string]any{"command": "/kilde", "text": "a&b"}, Acked: func(r []byte) string {
		said <- string(r)
		return ""
	}})
	<-failed
	if s := <-said; s != "Et øjeblik" {
		t.Errorf("response %q", s)
	}
	got := b.settle()
	if len(got) != 2 {
		t.Fatalf("requests %+v", got)
	}
	for _, r := range got {
		if want := map[string]string{"/slack/interactive": "payload=%7B%22type%22%3A%22block_actions%22%7D", "/slack/commands": "command=%2Fkilde&text=a%26b"}[r.path]; r.body != want {
			t.Errorf("%s %s, want %s", r.path, r.body, want)
		}
	}
}

func TestVerifyURL(t *testing.T) {
	echo := newBench(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		at := strings.Index(string(body), `"challenge":"`) + len(`"challenge":"`)
		_, _ = w.Write(body[at : at+36])
	})
	if err := echo.VerifyURL(); err != nil {
		t.Error(err)
	}
	deaf := newBench(t, func(http.ResponseWriter, *http.Request) {})
	if err := deaf.VerifyURL(); err == nil {
		t.Error("an app that does not echo was taken")
	}
}
