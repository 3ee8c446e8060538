package intake

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secret = "hemmelighed"

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// signed makes a request as Slack does.
func signed(path, body string, at time.Time) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte("v0:" + stamp + ":" + body))
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return r
}

// bench is a handler that notes what it is given.
type bench struct {
	*HTTP
	got []Delivery
	err error
	out any
}

func newBench() *bench {
	b := &bench{}
	b.HTTP = NewHTTP(HTTPOptions{Secret: secret, Now: func() time.Time { return noon }, Options: Options{Handle: func(_ context.Context, d Delivery) (any, error) {
		b.got = append(b.got, d)
		return b.out, b.err
	}}})
	return b
}

func (b *bench) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	b.Routes().ServeHTTP(w, r)
	return w
}

func TestHTTPSignature(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*http.Request)
		at     time.Time
		want   int
	}{
		"good":            {nil, noon, 200},
		"almost too old":  {nil, noon.Add(-5 * time.Minute), 200},
		"too old":         {nil, noon.Add(-5*time.Minute - time.Second), 401},
		"from the future": {nil, noon.Add(5*time.Minute + time.Second), 401},
		"no signature":    {func(r *http.Request) { r.Header.Del("X-Slack-Signature") }, noon, 401},
		"no timestamp":    {func(r *http.Request) { r.Header.Del("X-Slack-Request-Timestamp") }, noon, 401},
		"odd timestamp":   {func(r *http.Request) { r.Header.Set("X-Slack-Request-Timestamp", "9223372036854775807") }, noon, 401},
		"other body":      {func(r *http.Request) { r.Body = http.NoBody }, noon, 401},
		"other version":   {func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v1"+r.Header.Get("X-Slack-Signature")[2:]) }, noon, 401},
		"other timestamp": {func(r *http.Request) {
			r.Header.Set("X-Slack-Request-Timestamp", strconv.FormatInt(noon.Unix()-1, 10))
		}, noon, 401},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench()
			r := signed("/slack/events", `{"type":"event_callback"}`, c.at)
			if c.change != nil {
				c.change(r)
			}
			if w := b.do(r); w.Code != c.want || (len(b.got) == 1) != (c.want == 200) {
				t.Errorf("status %d, %d handled, want %d", w.Code, len(b.got), c.want)
			}
		})
	}
}

func TestHTTPReplay(t *testing.T) {
	b := newBench()
	if w := b.do(signed("/slack/events", "{}", noon)); w.Code != 200 {
		t.Fatal(w.Code)
	}
	if w := b.do(signed("/slack/events", "{}", noon)); w.Code != 401 || len(b.got) != 1 {
		t.Errorf("replay: status %d, handled %d times", w.Code, len(b.got))
	}
	r := signed("/slack/events", "{}", noon.Add(time.Second)) // Slack's own retry is signed anew
	r.Header.Set("X-Slack-Retry-Num", "2")
	if w := b.do(r); w.Code != 200 || b.got[1].Retry != 2 {
		t.Errorf("retry: status %d, %+v", w.Code, b.got)
	}
	b.err = errors.New("disk full")
	if w := b.do(signed("/slack/events", `{"a":1}`, noon)); w.Code != 500 {
		t.Errorf("not kept: status %d", w.Code)
	}
	b.err = nil
	if w := b.do(signed("/slack/events", `{"a":1}`, noon)); w.Code != 200 {
		t.Errorf("what was not kept may come again: status %d", w.Code)
	}
}

func TestHTTPBodies(t *testing.T) {
	b := newBench()
	b.out = map[string]string{"response_action": "clear"}
	form := url.Values{"payload": {`{"type":"block_actions"}`}}.Encode()
	if w := b.do(signed("/slack/interactive", form, noon)); w.Code != 200 || !strings.Contains(w.Body.String(), `"clear"`) {
		t.Errorf("interactive: %d %s", w.Code, w.Body)
	}
	b.out = nil
	form = url.Values{"text": {"hvad er æ?"}, "user_id": {"U1"}}.Encode()
	if w := b.do(signed("/slack/commands", form, noon)); w.Code != 200 || w.Body.Len() != 0 {
		t.Errorf("command: %d %s", w.Code, w.Body)
	}
	if b.got[0].Kind != Interactive || string(b.got[0].Payload) != `{"type":"block_actions"}` {
		t.Errorf("interactive: %+v", b.got[0])
	}
	var fields map[string]string
	if err := json.Unmarshal(b.got[1].Payload, &fields); err != nil || fields["text"] != "hvad er æ?" || b.got[1].Kind != Commands {
		t.Errorf("command: %v %+v", err, b.got[1])
	}
	w := b.do(signed("/slack/events", `{"type":"url_verification","challenge":"abc"}`, noon))
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"abc"`) || len(b.got) != 2 {
		t.Errorf("challenge: %d %s", w.Code, w.Body)
	}
	b.err = ErrMalformed
	if w := b.do(signed("/slack/events", "no json", noon)); w.Code != 200 {
		t.Errorf("malformed must be acknowledged: %d", w.Code)
	}
	if w := b.do(signed("/slack/events", strings.Repeat("x", maxBody+1), noon)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("long body: %d", w.Code)
	}
	if w := b.do(httptest.NewRequest(http.MethodGet, "/slack/events", nil)); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", w.Code)
	}
}

// TestHTTPShut: what is under way is answered, what comes later is refused.
func TestHTTPShut(t *testing.T) {
	began, end := make(chan struct{}), make(chan struct{})
	h := NewHTTP(HTTPOptions{Secret: secret, Busy: 1, Now: func() time.Time { return noon }, Options: Options{Handle: func(context.Context, Delivery) (any, error) {
		close(began)
		<-end
		return nil, nil
	}}})
	first := httptest.NewRecorder()
	served := make(chan struct{})
	go func() {
		defer close(served)
		h.Routes().ServeHTTP(first, signed("/slack/events", "{}", noon))
	}()
	<-began
	busy := httptest.NewRecorder()
	h.Routes().ServeHTTP(busy, signed("/slack/events", `{"b":1}`, noon))
	if busy.Code != http.StatusServiceUnavailable {
		t.Errorf("busy: %d", busy.Code)
	}
	shut := make(chan struct{})
	go func() {
		defer close(shut)
		h.Shut()
	}()
	close(end)
	<-shut
	<-served
	if first.Code != 200 {
		t.Errorf("under way: %d", first.Code)
	}
	late := httptest.NewRecorder()
	h.Routes().ServeHTTP(late, signed("/slack/events", `{"c":1}`, noon))
	if late.Code != http.StatusServiceUnavailable {
		t.Errorf("late: %d", late.Code)
	}
}

func TestHTTPNeedsSecret(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("HTTP mode without a secret")
		}
	}()
	NewHTTP(HTTPOptions{})
}
