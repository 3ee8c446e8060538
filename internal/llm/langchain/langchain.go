// Package langchain is the one adapter to langchaingo: it makes generators for OpenAI (and everything that speaks its
// protocol), Mistral, Ollama and Anthropic, and embedders for OpenAI and Ollama. Policies (retries, budgets, chains) are
// llm's; this package makes one call and says truly how it ended.
//
// langchaingo writes the requests and puts the texts together, but it is silent about much: an early end of a stream, a
// timeout or an error frame gives part of a text and no error, 429 is a string, Ollama's reason to stop and cut prompts are
// not seen. Therefore a guard (an http.RoundTripper) sits below it, understands each protocol by itself, hands on only what
// is sound, frame by frame, and keeps a record of the call: status, Retry-After, error frames, end mark, finish reason,
// tokens, text. After each call the record decides, not langchaingo's return values, and the two texts must be the same.
//
// Invariants: those of llm; beyond them
//   - Nothing in a response is read without bound: neither in time (Options.Timeout, Idle) nor in size (MaxBytes).
//   - A redirect is never followed: the key would go with it, Go takes only standard headers off.
//   - The environment is not read: langchaingo looks for keys and addresses there, so that it is always given all of them.
//   - No error, log or String holds a key; the details of 401 and 403 are left out, for providers echo keys in them.
//
// A stream in which a frame of text comes twice is not noticed when the protocol has no mark to notice it by (OpenAI,
// Anthropic); a doubled end, start or Ollama line is.
//
// Mistral goes through langchaingo's OpenAI client with Mistral's address, not through llms/mistral: the SDK behind that one
// takes no context and no http.Client, and sleeps between retries of its own. Google AI is left out: langchaingo's adapter
// brings 39 modules.
//
// Third-party: langchaingo, which the project names as its way to language models; its leaf packages alone are imported.
package langchain

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/anthropic"
	"github.com/tmc/langchaingo/llms/ollama"
	"github.com/tmc/langchaingo/llms/openai"

	"kildesvar/internal/llm"
)

// Options say where the providers are. Zero values are those named.
type Options struct {
	OpenAIKey        string `json:"-"` // OPENAI_API_KEY; needed for OpenAI's own address only
	OpenAIBaseURL    string // OPENAI_BASE_URL, with /v1 at its end; empty: https://api.openai.com/v1
	AnthropicKey     string `json:"-"` // ANTHROPIC_API_KEY
	AnthropicBaseURL string // ANTHROPIC_BASE_URL, without /v1; empty: https://api.anthropic.com
	MistralKey       string `json:"-"` // MISTRAL_API_KEY
	MistralBaseURL   string // with or without /v1; empty: https://api.mistral.ai/v1
	OllamaHost       string // OLLAMA_HOST, with or without http:// and port; empty: 127.0.0.1:11434

	Timeout  time.Duration // of one call, from connecting to the last byte; 0: 60 s
	Idle     time.Duration // between two signs of life once a stream has begun; 0: 20 s
	MaxBytes int64         // of one response; 0: 4 MiB
	NumCtx   int           // Ollama's context window in tokens, prompt and reply together; 0: 8192

	// Dial connects; nil: the network.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Proxy chooses a proxy; nil: none. http.ProxyFromEnvironment obeys the usual variables.
	Proxy func(*http.Request) (*url.URL, error)
	Now   func() time.Time // nil: time.Now
}

// String leaves the keys out.
func (o Options) String() string {
	return fmt.Sprintf("langchain.Options{openai %q anthropic %q mistral %q ollama %q}", o.OpenAIBaseURL, o.AnthropicBaseURL, o.MistralBaseURL, o.OllamaHost)
}

// GoString leaves the keys out too.
func (o Options) GoString() string { return o.String() }

func (o Options) withDefaults() Options {
	if o.Timeout <= 0 {
		o.Timeout = time.Minute
	}
	if o.Idle <= 0 {
		o.Idle = 20 * time.Second
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 4 << 20
	}
	if o.NumCtx <= 0 {
		o.NumCtx = 8192
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Generator asks one model. It is safe for concurrent use.
type Generator struct {
	spec   llm.Spec
	model  llms.Model
	client *client
	talk   dialect
	extra  []llms.CallOption
}

// New makes a generator. It opens no connection; a wrong address, a missing key and a provider that is left out are errors
// that say what to set.
func New(spec llm.Spec, o Options) (*Generator, error) {
	o = o.withDefaults()
	g := &Generator{spec: spec}
	var err error
	switch spec.Provider {
	case llm.OpenAI, llm.Mistral:
		err = g.openAI(o)
	case llm.Ollama:
		err = g.ollama(o)
	case llm.Anthropic:
		err = g.anthropic(o)
	case llm.GoogleAI:
		err = &llm.Error{Kind: llm.ErrRequest, Detail: "googleai is left out of this program, its library brings too much with it; choose openai, ollama, anthropic or mistral"}
	default:
		err = &llm.Error{Kind: llm.ErrRequest, Detail: fmt.Sprintf("unknown provider %q", spec.Provider)}
	}
	if err == nil && spec.Model == "" {
		err = &llm.Error{Kind: llm.ErrRequest, Detail: "no model is named"}
	}
	if err != nil {
		return nil, fmt.Errorf("language model %s: %w", spec, err)
	}
	return g, nil
}

// ownTemperature matches OpenAI's models that refuse every temperature but their own; langchaingo knows some of them.
var ownTemperature = regexp.MustCompile(`^o\d`)

func (g *Generator) openAI(o Options) error {
	base, key, env := o.OpenAIBaseURL, o.OpenAIKey, "OPENAI"
	home := "https://api.openai.com/v1"
	talk := openAIChat{}
	if ownTemperature.MatchString(g.spec.Model) {
		talk.drop = append(talk.drop, "temperature")
	}
	if g.spec.Provider == llm.Mistral {
		base, key, env, home = o.MistralBaseURL, o.MistralKey, "MISTRAL", "https://api.mistral.ai/v1"
		if base != "" {
			base = strings.TrimSuffix(strings.TrimRight(base, "/"), "/v1") + "/v1"
		}
		talk.drop = append(talk.drop, "stream_options") // Mistral answers 422 to it
		g.extra = []llms.CallOption{llms.WithMetadata(map[string]any{"openai:use_legacy_max_tokens": true})}
	}
	base, err := address(base, home, env+"_BASE_URL")
	if err != nil {
		return err
	}
	if key == "" && base == home {
		return missing(env)
	}
	g.client, g.talk = newClient(o, key), talk
	g.model, err = openai.New(openai.WithModel(g.spec.Model), openai.WithBaseURL(base), openai.WithToken(orNone(key)),
		openai.WithOrganization(""), openai.WithHTTPClient(g.client.http))
	return err
}

func (g *Generator) anthropic(o Options) error {
	if o.AnthropicKey == "" {
		return missing("ANTHROPIC")
	}
	base, err := address(o.AnthropicBaseURL, "https://api.anthropic.com", "ANTHROPIC_BASE_URL")
	if err != nil {
		return err
	}
	g.client, g.talk = newClient(o, o.AnthropicKey), anthropicChat{}
	g.model, err = anthropic.New(anthropic.WithModel(g.spec.Model), anthropic.WithToken(o.AnthropicKey),
		anthropic.WithBaseURL(strings.TrimSuffix(base, "/v1")+"/v1"), anthropic.WithHTTPClient(g.client.http))
	return err
}

func (g *Generator) ollama(o Options) error {
	base, err := ollamaAddress(o.OllamaHost)
	if err != nil {
		return err
	}
	g.client, g.talk = newClient(o, ""), ollamaChat{numCtx: o.NumCtx}
	g.model, err = ollama.New(ollama.WithModel(g.spec.Model), ollama.WithServerURL(base), ollama.WithHTTPClient(g.client.http),
		ollama.WithRunnerNumCtx(o.NumCtx))
	return err
}

// noKey is sent where a server of the operator's own wants none; the guard takes it off again.
const noKey = "none"

func orNone(key string) string {
	if key == "" {
		return noKey
	}
	return key
}

func missing(env string) error {
	return &llm.Error{Kind: llm.ErrKey, Detail: "set " + env + "_API_KEY"}
}

// address checks a base address; empty is home.
func address(text, home, env string) (string, error) {
	if text == "" {
		return home, nil
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return "", &llm.Error{Kind: llm.ErrRequest, Detail: env + " is not an address: write https://HOST/PATH"}
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", &llm.Error{Kind: llm.ErrRequest, Detail: env + " holds more than an address: write https://HOST/PATH, and the key in its own setting"}
	}
	return strings.TrimRight(u.String(), "/"), nil
}

// ollamaAddress reads OLLAMA_HOST as Ollama's own client does: port 11434, or the scheme's when a scheme is given; an
// address that means "all interfaces" is this machine.
func ollamaAddress(text string) (string, error) {
	const port = "11434"
	text = strings.Trim(strings.TrimSpace(text), `"'`)
	if text == "" {
		return "http://127.0.0.1:" + port, nil
	}
	full := text
	if !strings.Contains(full, "://") {
		if ip := net.ParseIP(full); ip != nil && strings.Contains(full, ":") {
			full = "[" + full + "]"
		}
		full = "http://" + full
	}
	if strings.HasPrefix(full, "http://:") {
		full = "http://127.0.0.1" + strings.TrimPrefix(full, "http://")
	}
	if _, err := address(full, "", "OLLAMA_HOST"); err != nil {
		return "", err
	}
	u, err := url.Parse(full)
	if err != nil {
		return "", &llm.Error{Kind: llm.ErrRequest, Detail: "OLLAMA_HOST is not an address: write HOST:PORT"}
	}
	host := u.Hostname()
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	switch {
	case u.Port() != "":
		u.Host = net.JoinHostPort(host, u.Port())
	case !strings.Contains(text, "://"):
		u.Host = net.JoinHostPort(host, port)
	}
	return strings.TrimRight(u.String(), "/"), nil
}

// Name is the spec.
func (g *Generator) Name() string { return g.spec.String() }

// String is the spec: printing a generator shows no key.
func (g *Generator) String() string { return g.spec.String() }

// GoString is the spec too.
func (g *Generator) GoString() string { return g.spec.String() }

// Close frees idle connections.
func (g *Generator) Close() { g.client.http.CloseIdleConnections() }
