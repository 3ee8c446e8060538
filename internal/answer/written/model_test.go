package written_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"kildesvar/internal/answer"
	"kildesvar/internal/answer/answertest"
	"kildesvar/internal/answer/written"
	"kildesvar/internal/article"
	"kildesvar/internal/assistant"
	"kildesvar/internal/llm"
	"kildesvar/internal/prompt"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/verify"
	"kildesvar/prompts"
)

// thePrompts are the program's own.
var thePrompts = sync.OnceValues(func() (*prompt.Set, error) { return prompt.Parse(prompts.FS) })

// model is a language model in the process: a function from what it is asked to what it says.
type model struct {
	say   func(ctx context.Context, r llm.Request) (string, error)
	calls atomic.Int32
}

func (m *model) Name() string { return "openai:falsk" }

func (m *model) Generate(ctx context.Context, r llm.Request) (llm.Reply, error) {
	m.calls.Add(1)
	text, err := m.say(ctx, r)
	if err != nil {
		return llm.Reply{}, err
	}
	if r.Stream != nil {
		for _, piece := range strings.SplitAfter(text, " ") {
			if err := r.Stream(piece); err != nil {
				return llm.Reply{}, err
			}
		}
	}
	return llm.Reply{Text: text, FinishReason: llm.FinishStop, PromptTokens: llm.EstimateTokens(r.System + r.User), ReplyTokens: llm.EstimateTokens(text), Model: m.Name()}, nil
}

// saying is a model that always says what f makes of the passages and the question it is given.
func saying(f func(q string, passages []prompt.Passage) string) *model {
	return &model{say: func(_ context.Context, r llm.Request) (string, error) { return f(asked(r.User)), nil }}
}

// asked reads a prompt back.
func asked(user string) (q string, passages []prompt.Passage) {
	sc := bufio.NewScanner(strings.NewReader(user))
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		line := sc.Text()
		if rest, ok := strings.CutPrefix(line, "Spørgsmål: "); ok {
			_ = json.Unmarshal([]byte(rest), &q) // our own JSON
		}
		var p prompt.Passage
		if strings.HasPrefix(line, "{") && json.Unmarshal([]byte(line), &p) == nil {
			passages = append(passages, p)
		}
	}
	return q, passages
}

// verifierOf is the program's verifier for a corpus.
func verifierOf(b answertest.Built) *verify.Verifier {
	ix := b.Searcher.Index()
	return verify.New(ix.Analyser(), written.Concepts(ix))
}

var builtInVerifier = sync.OnceValue(func() *verify.Verifier {
	b, err := answertest.BuiltIn()
	if err != nil {
		panic(err)
	}
	return verifierOf(b)
})

// generative is a composer over the built-in corpus with a model.
func generative(t testing.TB, m llm.Generator, o written.Options) (answertest.Built, *written.Composer) {
	t.Helper()
	b, err := answertest.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return b, over(t, b, builtInVerifier(), m, o)
}

// over is a composer over any corpus.
func over(t testing.TB, b answertest.Built, v written.Verifier, m llm.Generator, o written.Options) *written.Composer {
	t.Helper()
	p, err := thePrompts()
	if err != nil {
		t.Fatal(err)
	}
	return written.New(b.Composer, m, v, p, o)
}

// composed asks a composer.
func composed(t testing.TB, b answertest.Built, g *written.Composer, q string, past retrieval.Past) *answer.Answer {
	t.Helper()
	r, err := b.Searcher.Search(t.Context(), q, past, 0)
	if err != nil {
		t.Fatal(err)
	}
	return g.Compose(written.Begin(t.Context()), q, r)
}

// honestReplies are replies of faithful writers to gold questions, by question: lines »sentence [passage id]«.
func honestReplies(t testing.TB) map[string]string {
	t.Helper()
	data, err := os.ReadFile("testdata/aerlige.txt")
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]string{}
	for part := range strings.SplitSeq("\n"+string(data), "\n##### ") {
		if id, text, ok := strings.Cut(part, "\n"); ok {
			byID[id] = strings.TrimSpace(text)
		}
	}
	return byID
}

// turnsOf is the conversation before a gold question as a front end has it.
func turnsOf(g article.Gold) (out []assistant.Turn) {
	for _, turn := range g.History {
		out = append(out, assistant.Turn{Role: turn.Role, Text: turn.Text})
	}
	return out
}

// turns are earlier questions as a front end has them.
func turns(questions ...string) (out []assistant.Turn) {
	for _, q := range questions {
		out = append(out, assistant.Turn{Role: "user", Text: q})
	}
	return out
}
