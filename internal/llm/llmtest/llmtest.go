// Package llmtest holds fake language models that speak the providers' wire protocols: OpenAI's chat completions and
// embeddings, Mistral's (OpenAI's with its own limits), Ollama's /api/chat and /api/embed, Anthropic's /v1/messages; whole
// answers and streams.
//
// The fakes are as strict about requests as the providers are, or stricter: headers, key, roles, unknown fields; a request
// they refuse fails the test. What they answer is the test's to say: a Script gives each prompt a Behaviour. Its Text is
// the place for everything a model can say wrongly (wrong numbers, injected instructions); its Fault is one of
// Misbehaviours, for everything that can go wrong with the transport and the protocol around a text.
//
// A Server listens on loopback, or in memory: then it can live in a testing/synctest bubble, where a minute of silence
// takes no time. It reads time from the time package alone.
//
// It is for tests: nothing of the program imports it.
package llmtest

import (
	"context"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Protocol is a wire protocol.
type Protocol string

// Protocols that a Server can speak.
const (
	OpenAI    Protocol = "openai"
	Mistral   Protocol = "mistral"
	Ollama    Protocol = "ollama"
	Anthropic Protocol = "anthropic"
)

// Protocols lists all.
func Protocols() []Protocol { return []Protocol{OpenAI, Mistral, Ollama, Anthropic} }

// Key is the only key that a Server accepts. It is recognisable, so that a test can look for it where it must not be.
const Key = "sk-test-5f0c-not-a-secret"

// Prompt is a request as a provider understands it.
type Prompt struct {
	N           int // 1 for the server's first request
	Model       string
	System      string
	User        string // the last user message
	MaxTokens   int    // 0: not given
	Temperature float64
	Stop        []string
	JSON        bool
	Stream      bool // the answer goes out as a stream
	NumCtx      int  // Ollama's context window; 0: not given
	truncate    bool // Ollama cuts a prompt that is too long
}

// Behaviour is how the model reacts to a prompt.
type Behaviour struct {
	Text      string        // what it says
	Reasoning string        // what it thinks first, in the protocol's own field where it has one, as <think>…</think> elsewhere
	Fault     *Misbehaviour // what goes wrong; nil: nothing
	Delay     time.Duration // before the answer begins
}

// Script decides how the model behaves. It may be called concurrently.
type Script func(Prompt) Behaviour

// Say is a script that always says the same.
func Say(text string) Script { return func(Prompt) Behaviour { return Behaviour{Text: text} } }

// Server is one fake provider.
type Server struct {
	Protocol Protocol
	URL      string // the base address in the form in which the provider's environment variable has it
	// Vectors answers the embedding endpoints; nil: VectorsOf. Set it before the first request.
	Vectors func(model string, texts []string) Embedding

	t      testing.TB
	script Script
	codec  codec
	dial   func(ctx context.Context, network, addr string) (net.Conn, error)
	host   string

	mu       sync.Mutex
	prompts  []Prompt
	strays   []string
	requests int
	running  sync.WaitGroup
}

// Start runs a server on loopback until the test ends.
func Start(t testing.TB, p Protocol, s Script) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var d net.Dialer
	return start(t, p, s, l, d.DialContext)
}

// StartInMemory runs a server that can be reached through its Dial alone. Call it inside a synctest bubble and Close it
// there.
func StartInMemory(t testing.TB, p Protocol, s Script) *Server {
	l := &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
	return start(t, p, s, l, l.dial)
}

func start(t testing.TB, p Protocol, s Script, l net.Listener, dial func(context.Context, string, string) (net.Conn, error)) *Server {
	srv := &Server{Protocol: p, t: t, script: s, dial: dial, host: l.Addr().String()}
	srv.URL = "http://" + srv.host
	switch p {
	case OpenAI, Mistral:
		srv.codec, srv.URL = openAI{mistral: p == Mistral}, srv.URL+"/v1"
	case Ollama:
		srv.codec = ollama{}
	case Anthropic:
		srv.codec = anthropic{}
	default:
		t.Fatalf("llmtest does not speak %q", p)
	}
	h := &http.Server{Handler: srv, ReadHeaderTimeout: time.Minute}
	srv.running.Go(func() { _ = h.Serve(l) }) // ends with Close
	t.Cleanup(func() {
		_ = h.Close()
		srv.running.Wait()
	})
	return srv
}

// Dial connects to the server, and to no other: an address that is not the server's is noted in Strays.
func (s *Server) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if addr != s.host {
		s.mu.Lock()
		s.strays = append(s.strays, addr)
		s.mu.Unlock()
		return nil, &net.OpError{Op: "dial", Net: network, Err: net.UnknownNetworkError("llmtest knows no " + addr)}
	}
	return s.dial(ctx, network, addr)
}

// Prompts are the chat requests so far.
func (s *Server) Prompts() []Prompt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.prompts)
}

// Requests counts all requests so far, those for embeddings too.
func (s *Server) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// Strays are addresses other than the server's that somebody tried to reach.
func (s *Server) Strays() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.strays)
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.running.Add(1)
	defer s.running.Done()
	s.mu.Lock()
	s.requests++
	s.mu.Unlock()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 16<<20))
	if err != nil {
		return // the client left
	}
	x := &exchange{w: w, r: r, codec: s.codec}
	if no := s.check(r, body); no != nil {
		s.refuse(x, no)
		return
	}
	if e, ok := s.codec.(embedder); ok && r.URL.Path == e.embedPath() {
		s.embed(x, e, body)
		return
	}
	p, no := s.codec.parse(r, body)
	if no != nil {
		s.refuse(x, no)
		return
	}
	s.mu.Lock()
	s.prompts = append(s.prompts, p)
	p.N = len(s.prompts)
	s.prompts[p.N-1].N = p.N
	s.mu.Unlock()
	x.prompt = p
	x.run(s.script(p))
}

// check is what all protocols ask of a request.
func (s *Server) check(r *http.Request, body []byte) *refusal {
	known := r.URL.Path == s.codec.path()
	if e, ok := s.codec.(embedder); ok {
		known = known || r.URL.Path == e.embedPath()
	}
	switch {
	case r.Method != http.MethodPost:
		return &refusal{http.StatusMethodNotAllowed, "method_not_allowed", "only POST is allowed"}
	case !known:
		return &refusal{http.StatusNotFound, "not_found", "unknown path " + r.URL.Path}
	case !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json"):
		return &refusal{http.StatusUnsupportedMediaType, "invalid_request_error", "the request is not application/json"}
	case len(body) == 0:
		return &refusal{http.StatusBadRequest, "invalid_request_error", "the request is empty"}
	}
	return s.codec.authorise(r)
}

// refuse answers a request that no provider would take. A wrong key is a state of the world; the rest fails the test.
func (s *Server) refuse(x *exchange, no *refusal) {
	if no.status != http.StatusUnauthorized {
		s.t.Errorf("llmtest %s: %s: %d %s: %s", s.Protocol, x.r.URL.Path, no.status, no.kind, no.message)
	}
	x.fail(no.status, no.kind, no.message)
}

// refusal is a provider's no to a request.
type refusal struct {
	status        int
	kind, message string
}

// pipeListener is a network of one server without a network.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return pipeAddr{} }

func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case l.conns <- there:
		return here, nil
	case <-l.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "llmtest.invalid:80" }
