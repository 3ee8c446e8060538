package langchain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"kildesvar/internal/llm"
)

// dialect is what the guard must know of a protocol. Its values have no state.
type dialect interface {
	// edit changes the request that langchaingo wrote.
	edit(request map[string]json.RawMessage)
	// framed says whether the answer comes in frames, when a stream was asked for or not.
	framed(asked bool) bool
	// whole reads an answer that does not.
	whole(body []byte, end *ending) error
	// frames reads one that does.
	frames(end *ending) reader
}

// reader reads a stream line by line.
type reader interface {
	// line takes a line without its end and returns what langchaingo shall see of it; done after the end mark.
	line(text []byte) (pass []byte, done bool, err error)
}

// ending is what the guard knows of a call.
type ending struct {
	text                      string
	finish                    llm.FinishReason
	finished                  bool // the provider said that, perhaps not why, the text ended
	promptTokens, replyTokens int
	served                    string
	vectors                   [][]float64
	err                       error
}

// record is the guard's record of one call.
type record struct {
	talk   dialect
	framed bool
	ctx    context.Context //nolint:containedctx // the call's, for its readers
	cancel context.CancelFunc

	mu       sync.Mutex
	ending   ending
	complete bool // the end mark was seen
}

// fail keeps the first error.
func (r *record) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ending.err == nil && !r.complete {
		r.ending.err = err
	}
}

// broken records why a transport failed.
func (r *record) broken(err error) {
	if r.ctx.Err() != nil {
		r.fail(llm.Ended(r.ctx, "", ""))
		return
	}
	if t, ok := errors.AsType[net.Error](err); ok && t.Timeout() {
		r.fail(&llm.Error{Kind: llm.ErrTimeout, Err: err})
		return
	}
	r.fail(&llm.Error{Kind: llm.ErrUnavailable, Err: err})
}

// end is the call's ending; without an end mark it is an error.
func (r *record) end() ending {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.ending.err != nil || r.complete:
	case r.ctx.Err() != nil:
		r.ending.err = llm.Ended(r.ctx, "", "")
	default:
		r.ending.err = &llm.Error{Kind: llm.ErrUnavailable, Detail: "the call ended without an answer"}
	}
	return r.ending
}

// recordKey is where a call's context holds its record.
type recordKey struct{}

// client is an http.Client with the guard in it.
type client struct {
	o    Options
	http *http.Client
}

func newClient(o Options, key string) *client {
	t := &http.Transport{
		Proxy:                  o.Proxy,
		DialContext:            o.Dial,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConnsPerHost:    8,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		DisableCompression:     true, // what is packed is refused: a small packet can hold a very large text
		ForceAttemptHTTP2:      true,
	}
	if t.DialContext == nil {
		t.DialContext = (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	}
	return &client{o: o, http: &http.Client{Transport: &guard{o: o, key: key, next: t}}}
}

// begin makes the context of one call. done frees it.
func (c *client) begin(ctx context.Context, talk dialect, stream bool) (call context.Context, rec *record, done func()) {
	timed, stop := context.WithTimeout(ctx, c.o.Timeout)
	rec = &record{talk: talk, framed: talk.framed(stream), ctx: timed, cancel: stop}
	return context.WithValue(timed, recordKey{}, rec), rec, stop
}

// guard is the http.RoundTripper below langchaingo.
type guard struct {
	o    Options
	key  string
	next http.RoundTripper
}

// CloseIdleConnections is what http.Client.CloseIdleConnections looks for.
func (g *guard) CloseIdleConnections() {
	if c, ok := g.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// errSeen is all that langchaingo learns of a failure; the record holds the rest.
var errSeen = errors.New("see the record")

// RoundTrip makes the call. langchaingo gets a sound answer, or errSeen.
func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	rec, ok := req.Context().Value(recordKey{}).(*record)
	if !ok {
		return nil, errors.New("langchain: a call without a record")
	}
	req, err := g.prepare(req, rec)
	if err != nil {
		rec.fail(err)
		return nil, errSeen
	}
	resp, err := g.next.RoundTrip(req)
	if err != nil {
		rec.broken(err)
		return nil, errSeen
	}
	if err := g.receive(resp, rec); err != nil {
		_ = resp.Body.Close() // nothing more is wanted of it
		rec.fail(err)
		return nil, errSeen
	}
	return resp, nil
}

// prepare edits the request.
func (g *guard) prepare(req *http.Request, rec *record) (*http.Request, error) {
	body, err := io.ReadAll(req.Body)
	_ = req.Body.Close() // it is in memory
	var fields map[string]json.RawMessage
	if err == nil {
		err = json.Unmarshal(body, &fields)
	}
	if err == nil {
		rec.talk.edit(fields)
		body, err = json.Marshal(fields)
	}
	if err != nil {
		return nil, &llm.Error{Kind: llm.ErrRequest, Err: err}
	}
	out := req.Clone(req.Context()) // a RoundTripper must not change what it is given
	out.Body = io.NopCloser(bytes.NewReader(body))
	out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	out.ContentLength = int64(len(body))
	if out.Header.Get("Authorization") == "Bearer "+noKey && g.key == "" {
		out.Header.Del("Authorization")
	}
	return out, nil
}

// receive checks a response's header, and its body if it is whole; a stream it wraps.
func (g *guard) receive(resp *http.Response, rec *record) error {
	if resp.StatusCode != http.StatusOK {
		return g.refused(resp, rec)
	}
	if how := resp.Header.Get("Content-Encoding"); how != "" && how != "identity" {
		return &llm.Error{Kind: llm.ErrMalformed, Detail: "packed although that was not asked for"}
	}
	if !rec.framed {
		return g.readWhole(resp, rec)
	}
	rec.mu.Lock()
	lines := rec.talk.frames(&rec.ending)
	rec.mu.Unlock()
	resp.Body = newStream(resp.Body, lines, rec, g)
	resp.ContentLength = -1
	return nil
}

func (g *guard) readWhole(resp *http.Response, rec *record) error {
	body, err := io.ReadAll(io.LimitReader(resp.Body, g.o.MaxBytes+1))
	_ = resp.Body.Close() // it was read, or what is left is not wanted
	switch {
	case err != nil:
		rec.broken(err)
		return errSeen
	case int64(len(body)) > g.o.MaxBytes:
		return tooLarge(g.o.MaxBytes)
	case len(bytes.TrimSpace(body)) == 0:
		return &llm.Error{Kind: llm.ErrMalformed, Detail: "empty answer"}
	case !utf8.Valid(body):
		return errNotUTF8()
	}
	rec.mu.Lock()
	defer rec.mu.Unlock()
	if err := rec.talk.whole(body, &rec.ending); err != nil {
		return clean(err, g.key)
	}
	rec.complete = true
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return nil
}

func tooLarge(most int64) error {
	return &llm.Error{Kind: llm.ErrMalformed, Detail: fmt.Sprintf("the answer is larger than %d bytes", most)}
}

func errNotUTF8() error { return &llm.Error{Kind: llm.ErrMalformed, Detail: "not valid UTF-8"} }

// refusedBytes and refusedTime bound what is read of an error's explanation.
const (
	refusedBytes = 16 << 10
	refusedTime  = 2 * time.Second
)

// refused turns a status into an error.
func (g *guard) refused(resp *http.Response, rec *record) error {
	timer := time.AfterFunc(refusedTime, rec.cancel)
	body, _ := io.ReadAll(io.LimitReader(resp.Body, refusedBytes)) // an explanation that does not come is no news
	timer.Stop()
	e := statusError(resp.StatusCode, body)
	e.RetryAfter = retryAfter(resp.Header, g.o.Now())
	return clean(e, g.key)
}

// clean takes the key out of an error's words, should a provider echo it, and bounds them.
func clean(err error, key string) error {
	e, ok := err.(*llm.Error) //nolint:errorlint // dialects make them
	if !ok {
		return err
	}
	if key != "" {
		e.Detail = strings.ReplaceAll(e.Detail, key, "[key]")
	}
	e.Detail = shorten(e.Detail)
	return e
}
