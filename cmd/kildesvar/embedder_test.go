package main

import (
	"bytes"
	"context"
	"encoding/json"
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

	"kildesvar/corpus"
	"kildesvar/internal/answer"
	"kildesvar/internal/article"
	"kildesvar/internal/assistant"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/index"
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
