package langchain

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kildesvar/internal/llm"
	"kildesvar/internal/llm/llmtest"
)

var vectorProtocols = []llmtest.Protocol{llmtest.OpenAI, llmtest.Ollama}

func embedder(t *testing.T, srv *llmtest.Server, eo EmbedOptions) (*Embedder, error) {
	t.Helper()
	e, err := NewEmbedder(t.Context(), llm.Spec{Provider: string(srv.Protocol), Model: "org/m"}, optionsFor(srv), eo)
	if err == nil {
		t.Cleanup(e.Close)
	}
	return e, err
}

// once tries one time only.
var once = EmbedOptions{Dim: llmtest.Dim, Retry: llm.RetryOptions{Tries: 1}}

func TestEmbed(t *testing.T) {
	for _, p := range vectorProtocols {
		srv := llmtest.Start(t, p, nil)
		e, err := embedder(t, srv, EmbedOptions{Batch: 3})
		if err != nil {
			t.Fatal(err)
		}
		if e.Dim() != llmtest.Dim || e.ID() != fmt.Sprintf("%s:org%%2Fm/%d", p, llmtest.Dim) {
			t.Errorf("%s: dim %d, id %s", p, e.Dim(), e.ID())
		}
		texts := []string{"a", "", "b", "c", " \n", "d", "æøå"}
		vs, err := e.Embed(t.Context(), texts)
		if err != nil || len(vs) != len(texts) {
			t.Fatal(err, len(vs))
		}
		for i, v := range vs {
			want := llmtest.VectorsOf(texts[i:i+1], 0)[0]
			var sum, dot, norm float64
			for j, x := range v {
				sum += float64(x) * float64(x)
				dot += float64(x) * want[j]
				norm += want[j] * want[j]
			}
			switch blank := strings.TrimSpace(texts[i]) == ""; {
			case len(v) != e.Dim():
				t.Errorf("%s %q: length %d", p, texts[i], len(v))
			case blank && sum != 0:
				t.Errorf("%s %q: not zero", p, texts[i])
			case !blank && (math.Abs(sum-1) > 1e-5 || math.Abs(dot/math.Sqrt(norm)-1) > 1e-5):
				t.Errorf("%s %q: squared length %v, another direction than the model's: %v", p, texts[i], sum, dot/math.Sqrt(norm))
			}
		}
		want := 3 // one for the dimension, two batches of five texts
		if p == llmtest.Ollama {
			want = 6
		}
		if n := srv.Requests(); n != want {
			t.Errorf("%s: %d requests, want %d", p, n, want)
		}
		if vs, err := e.Embed(t.Context(), nil); err != nil || len(vs) != 0 {
			t.Errorf("nothing: %v, %v", vs, err)
		}
	}
}

// TestEmbedFaults: no vector is made up.
func TestEmbedFaults(t *testing.T) {
	good := llmtest.VectorsOf([]string{"x"}, 0)[0]
	for name, vectors := range map[string][][]float64{
		"none": {}, "too many": {good, good}, "another length": {good[:4]}, "zero": {make([]float64, llmtest.Dim)}, "null": {nil},
		"beyond float32": {append([]float64{1e300}, good[1:]...)},
	} {
		for _, p := range vectorProtocols {
			srv := llmtest.Start(t, p, nil)
			srv.Vectors = func(string, []string) llmtest.Embedding { return llmtest.Embedding{Vectors: vectors} }
			e, err := embedder(t, srv, once)
			if err != nil {
				t.Fatal(err)
			}
			vs, err := e.Embed(t.Context(), []string{"x"})
			if !errors.Is(err, llm.ErrMalformed) || vs != nil {
				t.Errorf("%s, %s: %v, %v", p, name, vs, err)
			}
		}
	}
}

// TestEmbedOrder: items in another order, each with its number, are put right; langchaingo does not.
func TestEmbedOrder(t *testing.T) {
	srv := llmtest.Start(t, llmtest.OpenAI, nil)
	e, err := embedder(t, srv, once)
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{"a", "b", "c"}
	want, err := e.Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	srv.Vectors = func(_ string, texts []string) llmtest.Embedding {
		return llmtest.Embedding{Vectors: llmtest.VectorsOf(texts, 0), Shuffled: true}
	}
	got, err := e.Embed(t.Context(), texts)
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v\n%v %v", got, want, err)
	}
}

// TestEmbedTransport: the transport's faults are those of generators.
func TestEmbedTransport(t *testing.T) {
	for name, want := range map[string]error{
		"hang before headers": llm.ErrTimeout, "hang mid-stream": llm.ErrTimeout, "connection cut mid-stream": llm.ErrUnavailable, "429 with seconds": llm.ErrRateLimited,
		"500": llm.ErrUnavailable, "401": llm.ErrKey, "404 unknown model": llm.ErrUnknownModel, "empty body": llm.ErrMalformed,
		"HTML page with 200": llm.ErrMalformed, "gzip bomb": llm.ErrMalformed, "redirect to another host": llm.ErrRequest, "error with 200": llm.ErrUnavailable,
		"half an answer, properly ended": llm.ErrMalformed, "duplicate frames": llm.ErrMalformed, "413": llm.ErrPromptTooLong,
	} {
		for _, p := range vectorProtocols {
			t.Run(fmt.Sprintf("%s/%s", p, name), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					srv := llmtest.StartInMemory(t, p, nil)
					srv.Vectors = func(string, []string) llmtest.Embedding {
						return llmtest.Embedding{Vectors: [][]float64{{1, 2}}, Fault: llmtest.Find(name)}
					}
					start := time.Now()
					e, err := embedder(t, srv, EmbedOptions{Retry: llm.RetryOptions{Tries: 1}})
					if e != nil || !errors.Is(err, want) || strings.Contains(err.Error(), llmtest.Key) || time.Since(start) > time.Minute {
						t.Errorf("%v, want %v", err, want)
					}
				})
			})
		}
	}
}

// TestEmbedPatience: it comes back when the provider says so, and stops when the caller leaves.
func TestEmbedPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := llmtest.StartInMemory(t, llmtest.OpenAI, nil)
		n := 0
		srv.Vectors = func(_ string, texts []string) llmtest.Embedding {
			if n++; n == 1 {
				return llmtest.Embedding{Fault: llmtest.Find("429 with seconds")}
			}
			return llmtest.Embedding{Vectors: llmtest.VectorsOf(texts, 0)}
		}
		start := time.Now()
		e, err := embedder(t, srv, EmbedOptions{})
		if err != nil || time.Since(start) < llmtest.RetryAfter {
			t.Fatalf("%v after %s", err, time.Since(start))
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if vs, err := e.Embed(ctx, []string{"a"}); !errors.Is(err, context.Canceled) || vs != nil {
			t.Errorf("cancelled: %v, %v", vs, err)
		}
	})
}

func TestEmbedderRefuses(t *testing.T) {
	for spec, kind := range map[llm.Spec]error{
		{Provider: llm.OpenAI, Model: "m"}: llm.ErrKey, {Provider: llm.OpenAI}: llm.ErrRequest,
		{Provider: llm.Anthropic, Model: "m"}: llm.ErrRequest, {Provider: "local", Model: "m"}: llm.ErrRequest,
	} {
		if _, err := NewEmbedder(t.Context(), spec, Options{}, EmbedOptions{}); !errors.Is(err, kind) {
			t.Errorf("%s: %v", spec, err)
		}
	}
}

// TestEmbedDimension: OpenAI is asked for the length that was chosen.
func TestEmbedDimension(t *testing.T) {
	srv := llmtest.Start(t, llmtest.OpenAI, nil)
	e, err := embedder(t, srv, EmbedOptions{Dim: 5})
	if err != nil {
		t.Fatal(err)
	}
	if vs, err := e.Embed(t.Context(), []string{"a"}); err != nil || len(vs[0]) != 5 {
		t.Errorf("%v, %v", vs, err)
	}
}
