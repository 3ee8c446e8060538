package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kildesvar/corpus"
	"kildesvar/internal/answer"
	"kildesvar/internal/article"
	"kildesvar/internal/assistant"
	"kildesvar/internal/embed/learned"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/index"
	"kildesvar/internal/llm"
	"kildesvar/internal/llm/llmtest"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/slackbot/check"
)

// modelDim is short, so that the many vectors go quickly over the wire.
const modelDim = 64

// vectorProvider is a fake provider of vectors, the local embedder's unless something is wrong with it, and an environment that uses it, with the
// built-in articles.
type vectorProvider struct {
	*llmtest.Server
	t    testing.TB
	dim  int
	vars map[string]string
	home func(string) string

	mu    sync.Mutex
	texts []string                                       // that it was asked for
	good  int                                            // those of them that were answered rightly
	wrong func(n int, texts []string) *llmtest.Embedding // nil: nothing; n counts the texts; a nil result is right
}

func newVectorProvider(t testing.TB, p llmtest.Protocol, dim int) *vectorProvider {
	t.Helper()
	pr := &vectorProvider{Server: llmtest.Start(t, p, nil), t: t, dim: dim, home: testEnv(t)}
	pr.Vectors = pr.answer
	articles := withoutQuestions(t)
	pr.vars = map[string]string{"KILDESVAR_EMBEDDER": "ollama:dansk:1b", "OLLAMA_HOST": pr.URL, "KILDESVAR_CORPUS": articles}
	if p == llmtest.OpenAI {
		pr.vars = map[string]string{"KILDESVAR_EMBEDDER": "openai:dansk", "OPENAI_BASE_URL": pr.URL, "OPENAI_API_KEY": llmtest.Key, "KILDESVAR_CORPUS": articles}
	}
	return pr
}

// withoutQuestions is a folder with the built-in articles without their entry questions, from which an index is built in no time.
func withoutQuestions(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, corpus.FS); err != nil {
		t.Fatal(err)
	}
	asked := regexp.MustCompile(`(?s)<!-- svarer på:.*?-->`)
	files, err := filepath.Glob(dir + "/civilsamfund/*.md")
	if err != nil || len(files) < 9 {
		t.Fatal(err, files)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err == nil {
			err = os.WriteFile(f, asked.ReplaceAll(data, nil), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func (p *vectorProvider) answer(_ string, texts []string) llmtest.Embedding {
	p.mu.Lock()
	p.texts = append(p.texts, texts...)
	n, wrong := len(p.texts), p.wrong
	p.mu.Unlock()
	if wrong != nil {
		if e := wrong(n, texts); e != nil {
			return *e
		}
	}
	p.mu.Lock()
	p.good += len(texts)
	p.mu.Unlock()
	vs, err := local.New(p.dim).Embed(context.Background(), texts)
	if err != nil {
		p.t.Error(err)
	}
	out := make([][]float64, len(vs))
	for i, v := range vs {
		for _, x := range v {
			out[i] = append(out[i], 3*float64(x)) // not of length 1
		}
	}
	return llmtest.Embedding{Vectors: out}
}

// goWrong says how it answers from now on, and forgets what it was asked.
func (p *vectorProvider) goWrong(wrong func(n int, texts []string) *llmtest.Embedding) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.texts, p.good, p.wrong = nil, 0, wrong
}

// asked are the texts since then.
func (p *vectorProvider) asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.texts)
}

// call runs the program in the environment, with more variables.
func (p *vectorProvider) call(more map[string]string, args ...string) result {
	p.t.Helper()
	vars := maps.Clone(p.vars)
	maps.Copy(vars, more)
	var out, errOut bytes.Buffer
	code := run(p.t.Context(), args, env{stdin: strings.NewReader(""), stdout: &out, stderr: &errOut, getenv: func(name string) string {
		if v, ok := vars[name]; ok {
			return v
		}
		return p.home(name)
	}})
	if all := out.String() + errOut.String(); strings.Contains(all, llmtest.Key) {
		p.t.Errorf("%v shows the key: %s", args, all)
	}
	return result{code, out.String(), errOut.String()}
}

// must runs it and wants it to be done.
func (p *vectorProvider) must(args ...string) string {
	p.t.Helper()
	r := p.call(nil, args...)
	if r.code != exitDone || r.stderr != "" {
		p.t.Fatalf("%v: exit code %d, %s", args, r.code, r.stderr)
	}
	return r.stdout
}

func (p *vectorProvider) files() (names []string) {
	for _, f := range list(p.t.(*testing.T), filepath.Join(p.home("KILDESVAR_DATA"), "index")) {
		names = append(names, filepath.Base(f))
	}
	return names
}

// eager takes the patience out of building, for tests of what goes wrong.
func eager(t *testing.T) {
	retry, timeout := embedRetry, embedTimeout
	embedRetry, embedTimeout = llm.RetryOptions{Tries: 2, Base: time.Millisecond, Total: 20 * time.Millisecond}, 300*time.Millisecond
	t.Cleanup(func() { embedRetry, embedTimeout = retry, timeout })
}

var embedProtocols = []llmtest.Protocol{llmtest.OpenAI, llmtest.Ollama}

// TestSameOverTheWire: the local embedder behind either protocol ranks as it does here. Everything between the two is left as it was.
func TestSameOverTheWire(t *testing.T) {
	ix, err := builtInIndex()
	if err != nil {
		t.Fatal(err)
	}
	here, err := retrieval.New(ix, local.New(0), retrieval.DefaultWeights())
	if err != nil {
		t.Fatal(err)
	}
	gold, err := article.LoadGold(corpus.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, proto := range embedProtocols {
		p := newVectorProvider(t, proto, local.DefaultDim)
		getenv := func(name string) string { return p.vars[name] }
		values := map[string]string{"embedder": p.vars["KILDESVAR_EMBEDDER"], "openai-api-key": p.vars["OPENAI_API_KEY"], "openai-base-url": p.vars["OPENAI_BASE_URL"], "ollama-host": p.vars["OLLAMA_HOST"], "data": t.TempDir()}
		a := &app{env: env{stderr: &bytes.Buffer{}, getenv: getenv}, cfg: &config{getenv: getenv, values: values}}
		e, err := a.embedding(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := index.Ensure(t.Context(), corpus.FS, "", a.indexing(e))
		if err != nil {
			t.Fatal(err)
		}
		there, err := retrieval.New(theirs, e.question, retrieval.DefaultWeights())
		if err != nil {
			t.Fatal(err)
		}
		searched := 0
		for i := 0; i < len(gold); i += 12 {
			want, err := here.Search(t.Context(), gold[i].Question, retrieval.Past{}, 0)
			if err != nil {
				t.Fatal(err)
			}
			got, err := there.Search(t.Context(), gold[i].Question, retrieval.Past{}, 0)
			if err != nil || len(got.Hits) != len(want.Hits) {
				t.Fatalf("%s, %q: %d hits, want %d; %v", proto, gold[i].Question, len(got.Hits), len(want.Hits), err)
			}
			for j := range want.Hits {
				if got.Hits[j].Passage.ID != want.Hits[j].Passage.ID || math.Abs(got.Hits[j].Score-want.Hits[j].Score) > 1e-4 {
					t.Errorf("%s, %q: hit %d is %s (%f), want %s (%f)", proto, gold[i].Question, j+1, got.Hits[j].Passage.ID, got.Hits[j].Score, want.Hits[j].Passage.ID, want.Hits[j].Score)
				}
			}
			searched++
		}
		if searched < 50 || p.Requests() < searched/2 {
			t.Errorf("%s: %d searches with %d requests", proto, searched, p.Requests())
		}
	}
}

// TestLearnedEmbedder: the commands with a learned embedder. It is asked for each passage once, and for each question.
func TestLearnedEmbedder(t *testing.T) {
	for _, proto := range embedProtocols {
		t.Run(string(proto), func(t *testing.T) {
			p := newVectorProvider(t, proto, modelDim)
			var out indexOutput
			if err := json.Unmarshal([]byte(p.must("index", "--json")), &out); err != nil {
				t.Fatal(err)
			}
			if n := len(p.asked()); n != out.Passages+1 { // and one for the dimension
				t.Errorf("%d texts asked for, want %d", n, out.Passages+1)
			}
			if got := p.files(); len(got) != 1 || !strings.Contains(got[0], "-") {
				t.Errorf("there are %v", got)
			}
			p.goWrong(nil)
			p.must("index")
			if r := p.call(nil, "check"); !strings.Contains(r.stdout, "✓ Indeks: generation "+out.Generation+" er hel og passer") {
				t.Errorf("check: %+v", r)
			}
			if n := len(p.asked()); n != 0 {
				t.Errorf("%d texts asked for with nothing to build", n)
			}
			var a answer.Answer
			if err := json.Unmarshal([]byte(p.must("ask", "--json", "Hvad er samskabelse?")), &a); err != nil {
				t.Fatal(err)
			}
			if a.Status != answer.StatusAnswered || slices.Contains(a.Notes, assistant.NoVectorNote) || a.Generation != out.Generation || !slices.Equal(p.asked(), []string{"Hvad er samskabelse?"}) {
				t.Errorf("%+v; asked for %q", a, p.asked())
			}
			if got := p.must("search", "--explain", "frivilligcentre"); !strings.Contains(got, "vector       1.00 × 1.00") {
				t.Errorf("no hit has the best likeness:\n%s", got)
			}
			r := p.call(nil, "doctor", "--json")
			var findings []check.Finding
			if err := json.Unmarshal([]byte(r.stdout), &findings); err != nil {
				t.Fatal(err)
			}
			ok := func(name, want string) {
				t.Helper()
				if !slices.ContainsFunc(findings, func(f check.Finding) bool {
					return f.Name == name && f.Problem == "" && strings.Contains(f.Detail, want)
				}) {
					t.Errorf("doctor does not say %q of %s: %s", want, name, r.stdout)
				}
			}
			ok("Søgning efter betydning", "med 64 tal")
			ok("Artikler", out.Generation)
			p.goWrong(nil)
			if r := p.call(map[string]string{"KILDESVAR_EMBEDDER": "local"}, "ask", "Hvad er samskabelse?"); r.code != exitDone || len(p.asked()) != 0 || len(p.files()) != 2 {
				t.Errorf("with the local embedder: %+v, %d texts asked for, files %v", r, len(p.asked()), p.files())
			}
			p.dim = modelDim / 2 // a new version of the model, by the same name
			if r := p.call(nil, "index", "--rebuild"); r.code != exitDone || r.stderr != "" {
				t.Errorf("rebuild: %+v", r)
			}
			if n := len(p.asked()); n != out.Passages+1 {
				t.Errorf("%d texts asked for by a rebuild, want %d", n, out.Passages+1)
			}
			p.must("ask", "Hvad er samskabelse?")
		})
	}
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
			r := p.call(nil, "ask", "--json", "Hvad er forskellen på samskabelse og et partnerskab?")
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

// TestAnotherModel: a model that is another one under the same name is seen by doctor.
func TestAnotherModel(t *testing.T) {
	p := newVectorProvider(t, llmtest.OpenAI, modelDim)
	p.must("index")
	p.goWrong(func(_ int, texts []string) *llmtest.Embedding {
		return &llmtest.Embedding{Vectors: llmtest.VectorsOf(texts, modelDim)}
	})
	if r := p.call(nil, "doctor"); r.code != exitProblems || !strings.Contains(r.stdout, "er en anden model end den") {
		t.Errorf("%+v", r)
	}
}

// TestNoCanaryInVectors: no personal data goes to the provider of vectors, from the question or from the conversation before it.
func TestNoCanaryInVectors(t *testing.T) {
	p := newVectorProvider(t, llmtest.OpenAI, modelDim)
	p.must("index")
	p.goWrong(nil)
	history := filepath.Join(t.TempDir(), "samtale.json")
	data, err := json.Marshal([]assistant.Turn{{Role: "user", Text: "Hvad er samskabelse? " + everything()}, {Role: "assistant", Text: everything()}})
	if err == nil {
		err = os.WriteFile(history, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range canaries {
		before := len(p.asked())
		if r := p.call(nil, "ask", "Hvad er samskabelse? "+c.text); r.code != exitDone {
			t.Fatal(r)
		}
		p.call(nil, "ask", "--history", history, "og hvem betaler? "+c.text)
		p.call(nil, "search", "partnerskaber "+c.text)
		if len(p.asked()) == before {
			t.Errorf("canary %d: nothing was asked", i)
		}
	}
	flown(t, "what the provider was sent", strings.Join(p.asked(), "\n"))
	if !slices.ContainsFunc(p.asked(), func(s string) bool { return strings.Contains(s, "hvem betaler") && strings.Contains(s, "samskabelse") }) {
		t.Errorf("the conversation had no part in it: %q", p.asked())
	}
}

// TestEmbedderSettings: what is not set, or set wrongly, is wrong usage, and the line says what to set.
func TestEmbedderSettings(t *testing.T) {
	p := newVectorProvider(t, llmtest.OpenAI, modelDim)
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(llmtest.Key+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		vars map[string]string
		code int
		told string
	}{
		"key from a file": {map[string]string{"OPENAI_API_KEY": "", "OPENAI_API_KEY_FILE": key}, exitDone, ""},
		"no key":          {map[string]string{"OPENAI_API_KEY": "", "OPENAI_BASE_URL": ""}, exitUsage, "OPENAI_API_KEY"},
		"no address":      {map[string]string{"OPENAI_BASE_URL": "localhost"}, exitUsage, "OPENAI_BASE_URL"},
		"no host":         {map[string]string{"KILDESVAR_EMBEDDER": "ollama:x", "OLLAMA_HOST": "http://a b"}, exitUsage, "OLLAMA_HOST"},
		"no model":        {map[string]string{"KILDESVAR_EMBEDDER": "openai:"}, exitUsage, "openai:MODEL"},
		"two":             {map[string]string{"KILDESVAR_EMBEDDER": "openai:a,ollama:b"}, exitUsage, "openai:MODEL"},
		"none":            {map[string]string{"KILDESVAR_EMBEDDER": "none"}, exitUsage, "local"},
		"no vectors":      {map[string]string{"KILDESVAR_EMBEDDER": "anthropic:x"}, exitUsage, "local"},
	} {
		r := p.call(c.vars, "ask", "Hvad er samskabelse?")
		if r.code != c.code || c.code == exitDone && r.stderr != "" || c.code != exitDone && (notOneLine(r.stderr) != "" || !strings.Contains(r.stderr, c.told)) {
			t.Errorf("%s: %+v", name, r)
		}
	}
	p.vars["OPENAI_API_KEY"] = "sk-en-anden"
	if r := p.call(map[string]string{"KILDESVAR_EMBEDDER": "openai:endnu-en"}, "ask", "x"); r.code != exitFailed || !strings.Contains(r.stderr, "ret OPENAI_API_KEY") || strings.Contains(r.stderr, "sk-en-anden") {
		t.Errorf("wrong key: %+v", r)
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

// TestFitVector: eval says which weight would be best.
func TestFitVector(t *testing.T) {
	p := newVectorProvider(t, llmtest.OpenAI, modelDim)
	questions := filepath.Join(t.TempDir(), "q.yaml")
	var text strings.Builder
	for i, q := range []string{"Hvad er samskabelse?", "Hvad er et partnerskab?", "Hvad gør frivillige?", "Hvad er et frivilligcenter?"} {
		fmt.Fprintf(&text, "- {id: q%d, question: \"%s\", audience: nyansat, answerable: true, articles: [civilsamfund/samskabelse], split: %s}\n", i, q, []string{"train", "test"}[i%2])
	}
	if err := os.WriteFile(questions, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	got := p.must("eval", "--fit-vector", "--questions", questions)
	for _, want := range []string{"delen train", "delen test", "vector 1.50", "Nu bruges 1.00 for openai:dansk/64", "Bedst på delen train"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not said:\n%s", want, got)
		}
	}
	if r := p.call(nil, "eval", "--fit-vector", "--questions", questions, "--split", "test"); r.code != exitUsage {
		t.Errorf("without the train split: %+v", r)
	}
}
