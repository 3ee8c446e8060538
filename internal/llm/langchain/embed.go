package langchain

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"strings"

	"github.com/tmc/langchaingo/llms/ollama"
	"github.com/tmc/langchaingo/llms/openai"

	"kildesvar/internal/embed"
	"kildesvar/internal/llm"
)

// EmbedOptions of an embedder. Zero values are those named.
type EmbedOptions struct {
	// Dim is the length that vectors must have. OpenAI's models of the third generation shorten theirs to it. 0: the length
	// that the model gives, found out by one call.
	Dim   int
	Batch int // texts in one request to OpenAI, at most 2048; 0: 64. Ollama gets one at a time, langchaingo has no other way.
	Retry llm.RetryOptions
}

// batchBytes bounds a request to OpenAI, which takes 300,000 tokens in one.
const batchBytes = 400_000

// Embedder turns texts into vectors by a learned model. It is safe for concurrent use.
type Embedder struct {
	spec   llm.Spec
	dim    int
	o      EmbedOptions
	client *client
	talk   dialect
	ask    func(ctx context.Context, texts []string) ([][]float32, error) // langchaingo's
}

var _ embed.Embedder = (*Embedder)(nil)

// NewEmbedder makes an embedder for "openai:MODEL" or "ollama:MODEL". It asks the model once when eo.Dim is 0.
func NewEmbedder(ctx context.Context, spec llm.Spec, o Options, eo EmbedOptions) (*Embedder, error) {
	if eo.Batch <= 0 || eo.Batch > 2048 {
		eo.Batch = 64
	}
	e := &Embedder{spec: spec, dim: eo.Dim, o: eo}
	o = o.withDefaults()
	var err error
	switch {
	case spec.Model == "":
		err = &llm.Error{Kind: llm.ErrRequest, Detail: "no model is named"}
	case spec.Provider == llm.OpenAI:
		err = e.openAI(o)
	case spec.Provider == llm.Ollama:
		err = e.ollama(o)
	default:
		err = &llm.Error{Kind: llm.ErrRequest, Detail: fmt.Sprintf("no embeddings by %q: choose local, openai:MODEL or ollama:MODEL", spec.Provider)}
	}
	if err != nil {
		return nil, fmt.Errorf("embedder %s: %w", spec, err)
	}
	if e.dim == 0 {
		vs, err := e.batch(ctx, []string{"dimension"})
		if err != nil {
			e.Close()
			return nil, fmt.Errorf("embedder %s: find out the dimension: %w", spec, err)
		}
		e.dim = len(vs[0])
	}
	return e, nil
}

func (e *Embedder) openAI(o Options) error {
	home := "https://api.openai.com/v1"
	base, err := address(o.OpenAIBaseURL, home, "OPENAI_BASE_URL")
	if err != nil {
		return err
	}
	if o.OpenAIKey == "" && base == home {
		return missing("OPENAI")
	}
	e.client, e.talk = newClient(o, o.OpenAIKey), openAIVectors{}
	model, err := openai.New(openai.WithModel(e.spec.Model), openai.WithEmbeddingModel(e.spec.Model), openai.WithEmbeddingDimensions(e.o.Dim),
		openai.WithBaseURL(base), openai.WithToken(orNone(o.OpenAIKey)), openai.WithOrganization(""), openai.WithHTTPClient(e.client.http))
	if err != nil {
		return err
	}
	e.ask = model.CreateEmbedding
	return nil
}

func (e *Embedder) ollama(o Options) error {
	base, err := ollamaAddress(o.OllamaHost)
	if err != nil {
		return err
	}
	e.client, e.talk, e.o.Batch = newClient(o, ""), ollamaVectors{}, 1
	model, err := ollama.New(ollama.WithModel(e.spec.Model), ollama.WithServerURL(base), ollama.WithHTTPClient(e.client.http))
	if err != nil {
		return err
	}
	e.ask = model.CreateEmbedding
	return nil
}

// ID names provider, model and dimension: "openai:text-embedding-3-small/1536", escaped where a model's name has a slash.
func (e *Embedder) ID() string {
	return fmt.Sprintf("%s:%s/%d", e.spec.Provider, url.PathEscape(e.spec.Model), e.dim)
}

// Dim is the length of every vector.
func (e *Embedder) Dim() int { return e.dim }

// String is the ID: printing an embedder shows no key.
func (e *Embedder) String() string { return e.ID() }

// GoString is the ID too.
func (e *Embedder) GoString() string { return e.ID() }

// Close frees idle connections.
func (e *Embedder) Close() { e.client.http.CloseIdleConnections() }

// Embed returns one vector of length 1 for each text, all zeros for a blank one. It makes no vector up: a text too long
// for the model is ErrPromptTooLong, a vector of another length or with a number that is none is ErrMalformed.
func (e *Embedder) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	var at []int // where the texts of the batch stand
	var batch []string
	size := 0
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		vs, err := e.batch(ctx, batch)
		if err != nil {
			return fmt.Errorf("embed texts %d to %d of %d: %w", at[0]+1, at[len(at)-1]+1, len(texts), err)
		}
		for i, v := range vs {
			out[at[i]] = v
		}
		at, batch, size = at[:0], batch[:0], 0
		return nil
	}
	for i, text := range texts {
		if strings.TrimSpace(text) == "" {
			out[i] = make([]float32, e.dim)
			continue
		}
		if len(batch) == e.o.Batch || size+len(text) > batchBytes {
			if err := flush(); err != nil {
				return nil, err
			}
		}
		at, batch, size = append(at, i), append(batch, text), size+len(text)
	}
	if err := flush(); err != nil {
		return nil, err
	}
	return out, nil
}

// batch asks for the vectors of texts that are not blank, with patience.
func (e *Embedder) batch(ctx context.Context, texts []string) ([][]float32, error) {
	var out [][]float32
	err := e.o.Retry.Do(ctx, func(ctx context.Context) (err error) {
		if out, err = e.once(ctx, texts); err != nil {
			err.(*llm.Error).Model = e.spec.String() //nolint:errorlint,forcetypeassert // once makes no others
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// once makes one call. Its errors are *llm.Error.
func (e *Embedder) once(ctx context.Context, texts []string) ([][]float32, error) {
	call, rec, done := e.client.begin(ctx, e.talk, false)
	defer done()
	seen, err := e.ask(call, texts)
	end := rec.end()
	switch {
	case end.err != nil && ctx.Err() != nil:
		return nil, llm.Ended(ctx, "", "")
	case end.err != nil:
		return nil, hide(end.err, texts...)
	case err != nil:
		return nil, malformed("langchaingo cannot read the answer")
	case len(end.vectors) != len(texts) || len(seen) != len(texts):
		return nil, malformed(fmt.Sprintf("%d vectors for %d texts", len(end.vectors), len(texts)))
	}
	out := make([][]float32, len(texts))
	for i, v := range end.vectors {
		if e.dim != 0 && len(v) != e.dim || len(v) == 0 || len(v) != len(end.vectors[0]) {
			return nil, malformed(fmt.Sprintf("a vector of length %d, want %d", len(v), e.dim))
		}
		if out[i] = unit(v); out[i] == nil {
			return nil, malformed("a vector without direction, or with numbers beyond measure")
		}
	}
	return out, nil
}

// unit gives a vector the length 1; nil when it has no direction.
func unit(v []float64) []float32 {
	most := 0.0
	for _, x := range v {
		most = max(most, math.Abs(x)) // NaN stays NaN
	}
	if most == 0 || math.IsInf(most, 0) || math.IsNaN(most) {
		return nil
	}
	sum := 0.0
	for _, x := range v {
		sum += x / most * (x / most) // neither overflows nor vanishes
	}
	norm := math.Sqrt(sum)
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(x / most / norm)
	}
	return out
}

// openAIVectors is OpenAI's /embeddings.
type openAIVectors struct{}

func (openAIVectors) edit(request map[string]json.RawMessage) {
	request["encoding_format"] = json.RawMessage(`"float"`)
}
func (openAIVectors) framed(bool) bool      { return false }
func (openAIVectors) frames(*ending) reader { return nil }

// whole puts the vectors in the order of their texts; langchaingo keeps the order of arrival.
func (openAIVectors) whole(body []byte, end *ending) error {
	var a struct {
		explanation
		Data []struct {
			Index     int       `json:"index"`
			Embedding []float64 `json:"embedding"`
		} `json:"data"`
	}
	if json.Unmarshal(body, &a) != nil {
		return malformed("not the JSON of embeddings")
	}
	if words, isError := a.read(); isError {
		return frameError(words)
	}
	end.vectors = make([][]float64, len(a.Data))
	for _, d := range a.Data {
		if d.Index < 0 || d.Index >= len(a.Data) || end.vectors[d.Index] != nil || d.Embedding == nil {
			return malformed("embeddings whose numbers do not fit together")
		}
		end.vectors[d.Index] = d.Embedding
	}
	return nil
}

// ollamaVectors is Ollama's /api/embed.
type ollamaVectors struct{}

// edit asks that a text which does not fit be refused rather than cut.
func (ollamaVectors) edit(request map[string]json.RawMessage) {
	request["truncate"] = json.RawMessage("false")
}
func (ollamaVectors) framed(bool) bool      { return false }
func (ollamaVectors) frames(*ending) reader { return nil }

func (ollamaVectors) whole(body []byte, end *ending) error {
	var a struct {
		Error      json.RawMessage `json:"error"`
		Embeddings [][]float64     `json:"embeddings"`
	}
	if json.Unmarshal(body, &a) != nil {
		return malformed("not the JSON of embeddings")
	}
	if words, isError := (explanation{Error: a.Error}).read(); isError {
		return frameError(words)
	}
	end.vectors = a.Embeddings
	return nil
}
