package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"kildesvar/internal/answer"
	"kildesvar/internal/assistant"
	"kildesvar/internal/embed/learned"
	"kildesvar/internal/index"
	"kildesvar/internal/llm"
	"kildesvar/internal/llm/llmtest"
)

// eager takes the patience out of building, for tests of what goes wrong.
func eager(t *testing.T) {
	retry, timeout := embedRetry, embedTimeout
	embedRetry, embedTimeout = llm.RetryOptions{Tries: 2, Base: time.Millisecond, Total: 20 * time.Millisecond}, 300*time.Millisecond
	t.Cleanup(func() { embedRetry, embedTimeout = retry, timeout })
}

// wrongs are answers that no embedder should give, with a word of what the person at the command line is told.
func wrongs() map[string]struct {
	protocol llmtest.Protocol // empty: both
	answer   func(texts []string) *llmtest.Embedding
	told     string
} {
	fault := func(name string) func([]string) *llmtest.Embedding {
		return func([]string) *llmtest.Embedding {
			return &llmtest.Embedding{Vectors: [][]float64{{1}}, Fault: llmtest.Find(name)}
		}
	}
	vectors := func(change func(vs [][]float64) [][]float64) func([]string) *llmtest.Embedding {
		return func(texts []string) *llmtest.Embedding {
			return &llmtest.Embedding{Vectors: change(llmtest.VectorsOf(texts, modelDim))}
		}
	}
	raw := func(body string) func([]string) *llmtest.Embedding {
		return func([]string) *llmtest.Embedding { return &llmtest.Embedding{Raw: body} }
	}
	type c = struct {
		protocol llmtest.Protocol
		answer   func(texts []string) *llmtest.Embedding
		told     string
	}
	return map[string]c{
		"wrong count":       {"", vectors(func(vs [][]float64) [][]float64 { return append(vs, vs[0]) }), "svarer forkert"},
		"none":              {"", vectors(func([][]float64) [][]float64 { return [][]float64{} }), "svarer forkert"},
		"other dimension":   {"", vectors(func(vs [][]float64) [][]float64 { vs[0] = vs[0][1:]; return vs }), "--rebuild"},
		"zero":              {"", vectors(func(vs [][]float64) [][]float64 { vs[0] = make([]float64, modelDim); return vs }), "svarer forkert"},
		"NaN":               {llmtest.Ollama, raw(`{"embeddings":[[NaN,1]]}`), "svarer forkert"},
		"wrong order index": {llmtest.OpenAI, raw(`{"data":[{"index":7,"embedding":[1]}]}`), "svarer forkert"},
		"null":              {"", raw("null"), "svarer forkert"},
		"garbage":           {"", fault("HTML page with 200"), "svarer forkert"},
		"half":              {"", fault("half an answer, properly ended"), "svarer forkert"},
		"cut":               {"", fault("connection cut mid-stream"), "kan ikke nås"},
		"429":               {"", fault("429 with seconds"), "for ofte"},
		"500":               {"", fault("500"), "kan ikke nås"},
		"hang":              {"", fault("hang before headers"), "ikke i tide"},
		"401":               {llmtest.OpenAI, fault("401"), "OPENAI_API_KEY"},
		"403":               {llmtest.Ollama, fault("403"), "OLLAMA_HOST"},
		"404":               {"", fault("404 unknown model"), "findes ikke"},
		"413":               {"", fault("413"), "så lang en tekst"},
		"quota":             {llmtest.OpenAI, fault("429 quota used up"), "brugt op"},
		"redirect":          {"", fault("redirect to another host"), "kan ikke bruges"},
	}
}

// TestFaultyBuild: whatever the provider does while the index is built, one line says in Danish what is wrong and what to do; the vectors made
// before stay, and when it is well again no passage is asked for twice.
func TestFaultyBuild(t *testing.T) {
	eager(t)
	for _, proto := range embedProtocols {
		p := newVectorProvider(t, proto, modelDim)
		var passages int
		for name, w := range wrongs() {
			if w.protocol != "" && w.protocol != proto {
				continue
			}
			if err := os.RemoveAll(p.home("KILDESVAR_DATA")); err != nil {
				t.Fatal(err)
			}
			p.goWrong(func(n int, texts []string) *llmtest.Embedding {
				if n <= 70 { // the dimension, and one request of 64 or some of one
					return nil
				}
				return w.answer(texts)
			})
			r := p.call(nil, "index")
			if r.code != exitFailed || r.stdout != "" || notOneLine(r.stderr) != "" || !strings.Contains(r.stderr, w.told) {
				t.Errorf("%s, %s: %+v %s, want %q", proto, name, r, notOneLine(r.stderr), w.told)
			}
			if got := p.files(); len(got) != 1 || !strings.HasSuffix(got[0], index.Unfinished) {
				t.Errorf("%s, %s: there are %v", proto, name, got)
			}
			if name != "zero" && name != "500" { // it takes time
				continue
			}
			made := p.good - 1 // without the dimension
			p.goWrong(nil)
			var out indexOutput
			if err := json.Unmarshal([]byte(p.must("index", "--json")), &out); err != nil {
				t.Fatal(err)
			}
			passages = out.Passages
			lost := map[llmtest.Protocol]int{llmtest.OpenAI: 64, llmtest.Ollama: 8}[proto]             // under way when another request failed
			if n := len(p.asked()) - 2; n < passages-made || n > passages-made+lost || n >= passages { // the dimension, and one to see that the model is the same
				t.Errorf("%s, %s: %d of %d texts asked for when it was well again, %d were made before", proto, name, n, passages, made)
			}
		}
		if passages == 0 {
			t.Error("nothing was built")
		}
	}
}

// TestFaultyQuestion: whatever the provider does when a question comes, the question is answered by its words, in time, and the reader is told. A
// measurement fails instead.
func TestFaultyQuestion(t *testing.T) {
	eager(t)
	for _, proto := range embedProtocols {
		p := newVectorProvider(t, proto, modelDim)
		p.must("index")
		for name, w := range wrongs() {
			if w.protocol != "" && w.protocol != proto {
				continue
			}
			p.goWrong(func(_ int, texts []string) *llmtest.Embedding { return w.answer(texts) })
			start := time.Now()
			r := p.call(nil, "ask", "--json", "Hvad er samskabelse?")
			took := time.Since(start)
			var a answer.Answer
			if err := json.Unmarshal([]byte(r.stdout), &a); err != nil || r.code != exitDone {
				t.Fatalf("%s, %s: %+v, %v", proto, name, r, err)
			}
			if a.Status != answer.StatusAnswered || !slices.Contains(a.Notes, assistant.NoVectorNote) || took > 5*time.Second {
				t.Errorf("%s, %s: %s after %s, notes %q", proto, name, a.Status, took, a.Notes)
			}
		}
		p.goWrong(func(_ int, texts []string) *llmtest.Embedding { return wrongs()["401"].answer(texts) })
		if r := p.call(nil, "search", "frivilligcentre"); r.code != exitDone || !strings.Contains(r.stderr, assistant.NoVectorNote) || r.stdout == "" {
			t.Errorf("%s: search: %+v", proto, r)
		}
		if r := p.call(nil, "eval", "--questions", "../../corpus/civilsamfund/spoergsmaal.yaml", "--tag", "definition"); r.code != exitFailed || r.stdout != "" || notOneLine(r.stderr) != "" {
			t.Errorf("%s: eval: %+v", proto, r)
		}
		if r := p.call(nil, "doctor"); r.code != exitProblems || !strings.Contains(r.stdout, "✗ Søgning efter betydning: »"+p.vars["KILDESVAR_EMBEDDER"]) {
			t.Errorf("%s: doctor: %+v", proto, r)
		}
	}
}

// TestEmbedderReasons: every kind of failure says what to do.
func TestEmbedderReasons(t *testing.T) {
	for _, kind := range []error{llm.ErrRateLimited, llm.ErrUnavailable, llm.ErrTimeout, llm.ErrMalformed, llm.ErrPromptTooLong, llm.ErrKey, llm.ErrRequest, llm.ErrUnknownModel, llm.ErrBudget, llm.ErrRefused} {
		for _, status := range []int{0, 400} {
			for _, provider := range []string{llm.OpenAI, llm.Ollama} {
				err := fmt.Errorf("build: %w", embedderError{spec: llm.Spec{Provider: provider, Model: "m"}, err: &llm.Error{Kind: kind, Status: status, Detail: "a\nb"}, again: true})
				text, code := inDanish(err)
				if notOneLine("kildesvar: "+text+"\n") != "" || code != exitFailed && code != exitUsage {
					t.Errorf("%v: %q, exit code %d", err, text, code)
				}
			}
		}
	}
	a := &app{cfg: &config{values: map[string]string{"embedder": "ollama:x"}}}
	for err, want := range map[error]bool{&llm.Error{Kind: llm.ErrTimeout}: true, learned.ErrVector: true, &llm.Error{Kind: context.Canceled}: false, errors.New("disk"): false} {
		var fault embedderError
		if got := a.embedderFault(err); errors.As(got, &fault) != want {
			t.Errorf("%v became %v", err, got)
		}
	}
	if a.embedderFault(nil) != nil {
		t.Error("nothing became an error")
	}
}
