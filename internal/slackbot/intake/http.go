package intake

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// HTTPOptions are those of HTTP mode. Zero values are those named.
type HTTPOptions struct {
	Options
	Secret string           // the signing secret; must not be empty
	Busy   int              // handlers at work; 0: 32. One more request is told to come again
	Now    func() time.Time // nil: time.Now
}

// Limits of a request.
const (
	window  = 5 * time.Minute // how old a signature may be, to either side
	maxBody = 1 << 20         // bytes; Slack's payloads stay far below
)

// HTTP takes signed requests at /slack/events, /slack/interactive and /slack/commands.
type HTTP struct {
	o    HTTPOptions
	busy chan struct{}

	mu   sync.Mutex
	seen map[string]time.Time // signature → when it is too old anyway
	shut bool
	wg   sync.WaitGroup
}

// NewHTTP makes the handler of HTTP mode. It panics without a secret: anybody could speak in Slack's name.
func NewHTTP(o HTTPOptions) *HTTP {
	o.defaults()
	if o.Secret == "" {
		panic("intake: HTTP mode without a signing secret")
	}
	if o.Busy <= 0 {
		o.Busy = 32
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &HTTP{o: o, busy: make(chan struct{}, o.Busy), seen: map[string]time.Time{}}
}

// Routes are the three endpoints.
func (h *HTTP) Routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /slack/events", h.serve(Events))
	mux.HandleFunc("POST /slack/interactive", h.serve(Interactive))
	mux.HandleFunc("POST /slack/commands", h.serve(Commands))
	return mux
}

// Shut refuses requests from now on, so that Slack sends them to the next process, and returns when those under way are answered.
func (h *HTTP) Shut() {
	h.mu.Lock()
	h.shut = true
	h.mu.Unlock()
	h.wg.Wait()
}

// enter counts a request in; false when the handler is shut or busy.
func (h *HTTP) enter() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.shut {
		return false
	}
	select {
	case h.busy <- struct{}{}:
		h.wg.Add(1)
		return true
	default:
		return false
	}
}

func (h *HTTP) leave() {
	<-h.busy
	h.wg.Done()
}

func (h *HTTP) serve(kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		start := h.o.Now()
		retry, _ := strconv.Atoi(r.Header.Get("X-Slack-Retry-Num")) // absent the first time
		refuse := func(status int, why string) {
			h.o.Log.Warn("request refused", "kind", kind, "why", why)
			h.o.Observe(kind, Refused, retry, h.o.Now().Sub(start))
			http.Error(w, http.StatusText(status), status)
		}
		if !h.enter() {
			refuse(http.StatusServiceUnavailable, "stopping or too busy")
			return
		}
		defer h.leave()
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if _, long := errors.AsType[*http.MaxBytesError](err); long {
			refuse(http.StatusRequestEntityTooLarge, "body too long")
			return
		}
		if err != nil {
			refuse(http.StatusBadRequest, "body not read")
			return
		}
		signature := r.Header.Get("X-Slack-Signature")
		if why := h.verify(signature, r.Header.Get("X-Slack-Request-Timestamp"), body); why != "" {
			refuse(http.StatusUnauthorized, why)
			return
		}
		if h.challenged(w, kind, body) {
			return
		}
		h.deliver(w, r, Delivery{Kind: kind, Payload: payload(kind, body), Retry: retry}, signature, start)
	}
}

func (h *HTTP) deliver(w http.ResponseWriter, r *http.Request, d Delivery, signature string, start time.Time) {
	// Slack may hang up at three seconds; what is being recorded is recorded all the same.
	response, ack, outcome := h.o.handle(context.WithoutCancel(r.Context()), d)
	h.o.Observe(d.Kind, outcome, d.Retry, h.o.Now().Sub(start))
	if !ack {
		h.forget(signature)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	if response == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if err := json.NewEncoder(w).Encode(response); err != nil {
		h.o.Log.Warn("response not sent", "kind", d.Kind, "err", err)
	}
}

// verify says what is wrong with a signature, or "" (https://docs.slack.dev/authentication/verifying-requests-from-slack). A signature is
// good once: the signed time is in it, so that Slack's own retries have another.
func (h *HTTP) verify(signature, stamp string, body []byte) string {
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || seconds < 0 || seconds > math.MaxInt32<<8 {
		return "no timestamp"
	}
	now := h.o.Now()
	if age := now.Sub(time.Unix(seconds, 0)); age > window || age < -window {
		return "timestamp outside five minutes: check the clock"
	}
	mac := hmac.New(sha256.New, []byte(h.o.Secret))
	_, _ = mac.Write([]byte("v0:" + stamp + ":")) // never fails
	_, _ = mac.Write(body)
	if !hmac.Equal([]byte("v0="+hex.EncodeToString(mac.Sum(nil))), []byte(signature)) {
		return "wrong signature"
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for s, until := range h.seen {
		if now.After(until) {
			delete(h.seen, s)
		}
	}
	if _, again := h.seen[signature]; again {
		return "replayed"
	}
	h.seen[signature] = now.Add(2 * window)
	return ""
}

// forget makes a signature good again: its delivery was not kept.
func (h *HTTP) forget(signature string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.seen, signature)
}

// challenged answers Slack's check of the address.
func (h *HTTP) challenged(w http.ResponseWriter, kind string, body []byte) bool {
	if kind != Events {
		return false
	}
	var c struct{ Type, Challenge string }
	_ = json.Unmarshal(body, &c) // the handler says what is malformed
	if c.Type != "url_verification" {
		return false
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if err := json.NewEncoder(w).Encode(map[string]string{"challenge": c.Challenge}); err != nil {
		h.o.Log.Warn("challenge not answered", "err", err)
	}
	return true
}

// payload is the JSON of a request's body, whatever its form; nil if it has none.
func payload(kind string, body []byte) json.RawMessage {
	if kind == Events {
		return body
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil
	}
	if kind == Interactive {
		return json.RawMessage(form.Get("payload"))
	}
	fields := map[string]string{}
	for name := range form {
		fields[name] = form.Get(name)
	}
	out, err := json.Marshal(fields)
	if err != nil {
		return nil
	}
	return out
}
