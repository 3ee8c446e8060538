package webapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"kildesvar/internal/slackbot/message"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// slackMock answers calls in turn; the last answer stands.
type slackMock struct {
	*httptest.Server
	mu      sync.Mutex
	answers []answer
	at      []time.Time
	bodies  []string
}

type answer struct {
	status int
	after  string // Retry-After
	body   string
	cut    bool // the connection, without an answer
	slow   time.Duration
}

func mock(t *testing.T, answers ...answer) (*slackMock, *Client) {
	t.Helper()
	m := &slackMock{answers: answers}
	m.Server = httptest.NewServer(http.HandlerFunc(m.serve))
	var calls []string
	c := New(Options{Token: "xoxb", URL: m.URL + "/", Timeout: 300 * time.Millisecond, Every: 20 * time.Millisecond, Backoff: time.Millisecond,
		Observe: func(method, outcome string, _ time.Duration) { calls = append(calls, method+" "+outcome) }})
	t.Cleanup(func() {
		c.Close()
		m.Close()
		if len(calls) != m.calls() {
			t.Errorf("observed %q, made %d", calls, m.calls())
		}
	})
	return m, c
}

func (m *slackMock) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	m.mu.Lock()
	a := m.answers[min(len(m.at), len(m.answers)-1)]
	m.at, m.bodies = append(m.at, time.Now()), append(m.bodies, string(body))
	m.mu.Unlock()
	if a.slow > 0 {
		select {
		case <-r.Context().Done():
		case <-time.After(a.slow):
		}
	}
	if a.cut {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
		return
	}
	if a.after != "" {
		w.Header().Set("Retry-After", a.after)
	}
	if a.status != 0 {
		w.WriteHeader(a.status)
	}
	_, _ = io.WriteString(w, a.body)
}

func (m *slackMock) calls() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.at)
}

const fine = `{"ok":true,"channel":"C1","ts":"1.1","permalink":"https://x"}`

func refusal(code string) answer { return answer{body: fmt.Sprintf(`{"ok":false,"error":%q}`, code)} }

var (
	ok          = answer{body: fine}
	unavailable = answer{status: 503}
	limit       = answer{status: 429, after: "1", body: `{"ok":false,"error":"ratelimited"}`}
)

// TestPostIsNeverRepeated: only the caller, who can look, knows whether a post was seen.
func TestPostIsNeverRepeated(t *testing.T) {
	for name, c := range map[string]struct {
		first     answer
		calls     int
		uncertain bool
		code      string
	}{
		"taken":          {ok, 1, false, ""},
		"limited":        {limit, 2, false, ""},
		"503":            {unavailable, 1, true, ""},
		"cut":            {answer{cut: true}, 1, true, ""},
		"slow":           {answer{slow: time.Second, body: fine}, 1, true, ""},
		"internal_error": {refusal("internal_error"), 1, true, "internal_error"},
		"refused":        {refusal("is_archived"), 1, false, "is_archived"},
	} {
		t.Run(name, func(t *testing.T) {
			m, cl := mock(t, c.first, ok)
			ts, err := cl.Post(t.Context(), Target{Channel: "C1", Nonce: "n"}, message.Message{Text: "hej"})
			if (err == nil) != (ts == "1.1") || Uncertain(err) != c.uncertain || Code(err) != c.code || m.calls() != c.calls {
				t.Errorf("%q, %v (uncertain %v), %d calls", ts, err, Uncertain(err), m.calls())
			}
			if !strings.Contains(m.bodies[0], "unfurl_links=false") || !strings.Contains(m.bodies[0], "unfurl_media=false") || !strings.Contains(m.bodies[0], "nonce") {
				t.Errorf("posted %s", m.bodies[0])
			}
			if name == "limited" && m.at[1].Sub(m.at[0]) < time.Second {
				t.Errorf("again after %v", m.at[1].Sub(m.at[0]))
			}
		})
	}
}

func TestHarmlessCallsAreRepeated(t *testing.T) {
	for name, answers := range map[string][]answer{"503": {unavailable, unavailable, ok}, "cut": {{cut: true}, ok}, "slow": {{slow: time.Second}, ok},
		"fatal_error": {refusal("fatal_error"), ok}} {
		t.Run(name, func(t *testing.T) {
			m, c := mock(t, answers...)
			if link, err := c.Link(t.Context(), "C1", "1.1"); err != nil || link != "https://x" || m.calls() != len(answers) {
				t.Errorf("%q, %v, %d calls", link, err, m.calls())
			}
		})
	}
	m, c := mock(t, unavailable)
	if _, err := c.Link(t.Context(), "C1", "1.1"); !Passing(err) || m.calls() != maxTries {
		t.Errorf("%v, %d calls", err, m.calls())
	}
	m, c = mock(t, refusal("channel_not_found"))
	if _, err := c.Link(t.Context(), "C1", "1.1"); Code(err) != "channel_not_found" || Passing(err) || m.calls() != 1 {
		t.Errorf("%v, %d calls", err, m.calls())
	}
}

// TestNicetiesAreNotRepeated: nor do they wait for limits.
func TestNicetiesAreNotRepeated(t *testing.T) {
	m, c := mock(t, limit)
	c.Status(t.Context(), "C1", "1.1", "leder …")
	began := time.Now()
	c.Status(t.Context(), "C1", "1.1", "leder …") // Slack wants to hear of it in a second at the earliest
	if m.calls() != 1 || time.Since(began) > 500*time.Millisecond {
		t.Errorf("%d calls", m.calls())
	}
}

func TestPace(t *testing.T) {
	m, c := mock(t, ok)
	for _, channel := range []string{"C1", "C2", "C1", "C1"} {
		if _, err := c.Post(t.Context(), Target{Channel: channel}, message.Message{Text: "hej"}); err != nil {
			t.Fatal(err)
		}
	}
	if gap := m.at[3].Sub(m.at[0]); gap < 30*time.Millisecond {
		t.Errorf("three messages in a channel within %v", gap)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Post(ctx, Target{Channel: "C1"}, message.Message{Text: "hej"}); err == nil || Uncertain(err) {
		t.Errorf("given up before it was made: %v", err)
	}
}

func TestUnreachable(t *testing.T) {
	c := New(Options{Token: "xoxb", URL: "http://127.0.0.1:1/", Backoff: time.Millisecond})
	defer c.Close()
	_, err := c.Post(t.Context(), Target{Channel: "C1"}, message.Message{Text: "hej"})
	if err == nil || Uncertain(err) || !Passing(err) {
		t.Errorf("nobody listens: %v, uncertain %v", err, Uncertain(err))
	}
	if err := c.call(t.Context(), "chat.scheduleMessage", once, nil); !errors.Is(err, errUnsent) {
		t.Errorf("a method that no scope is asked for was called: %v", err)
	}
}

func TestRespond(t *testing.T) {
	for name, c := range map[string]struct {
		first     answer
		code      string
		uncertain bool
		calls     int
	}{
		"taken":    {answer{body: "ok"}, "", false, 1},
		"json":     {answer{body: `{"ok":true}`}, "", false, 1},
		"used":     {answer{status: 404, body: "used_url"}, "used_url", false, 1},
		"expired":  {refusal("expired_url"), "expired_url", false, 1},
		"cut":      {answer{cut: true}, "", true, 1},
		"broken":   {unavailable, "", true, 1},
		"limited":  {limit, "", false, 2},
		"odd page": {answer{status: 404, body: "<html>"}, "", false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			m, cl := mock(t, c.first, answer{body: "ok"})
			err := cl.Respond(t.Context(), m.URL+"/actions/T/hemmelig", Reply{Text: "hej"})
			if Code(err) != c.code || Uncertain(err) != c.uncertain || m.calls() != c.calls {
				t.Errorf("%v, uncertain %v, %d calls", err, Uncertain(err), m.calls())
			}
			if err != nil && strings.Contains(err.Error(), "hemmelig") {
				t.Errorf("the error tells the address: %v", err)
			}
			if !strings.Contains(m.bodies[0], `"unfurl_links":false`) || !strings.Contains(m.bodies[0], `"replace_original":false`) {
				t.Errorf("posted %s", m.bodies[0])
			}
		})
	}
}

// TestRedirectsAreNotFollowed: the token and the message's text go to the configured address only, also for answers to a response_url.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var mu sync.Mutex
	var stolen []string
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		stolen = append(stolen, r.Method+" "+string(body))
	}))
	defer thief.Close()
	for _, code := range []int{http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		server := httptest.NewServer(http.RedirectHandler(thief.URL+"/api", code))
		for _, own := range []*http.Client{nil, server.Client()} {
			c := New(Options{Token: "xoxb-hemmelig", URL: server.URL + "/", HTTP: own, Every: time.Millisecond, Backoff: time.Millisecond})
			_, err := c.Post(t.Context(), Target{Channel: "C1"}, message.Message{Text: "hej"})
			_, whoErr := c.Whoami(t.Context())
			respondErr := c.Respond(t.Context(), server.URL+"/actions", Reply{Text: "hej"})
			if err == nil || whoErr == nil || respondErr == nil || Uncertain(err) {
				t.Errorf("%d: %v, %v, %v", code, err, whoErr, respondErr)
			}
			if strings.Contains(fmt.Sprint(err, whoErr, respondErr), "hemmelig") {
				t.Errorf("%d: the token is told: %v, %v, %v", code, err, whoErr, respondErr)
			}
			c.Close()
		}
		server.Close()
	}
	mu.Lock()
	defer mu.Unlock()
	if len(stolen) > 0 {
		t.Errorf("the other address got %q", stolen)
	}
}
