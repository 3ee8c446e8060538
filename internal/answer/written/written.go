// Package written has a language model write answers and shows what of them is verified.
//
// The model is given the passages that the quoted answer stands on, and the next ones. Each sentence of its reply is shown when passages
// bear it out (package verify), it has literature behind it, and it holds nothing that can do harm: no links, mentions or markup, no
// personal data. Whether to answer at all, and everything around the sentences, is left to the composer that quotes (package answer), which
// also answers when the model fails, is late or too little of what it wrote is borne out.
//
// Invariants: those of every answer.Answer; what somebody has been told of while it was written stands at the answer's beginning; nothing
// that a model wrote reaches an asker of another scope.
package written

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"kildesvar/internal/answer"
	"kildesvar/internal/index"
	"kildesvar/internal/llm"
	"kildesvar/internal/prompt"
	"kildesvar/internal/question"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/sentence"
	"kildesvar/internal/verify"
)

// Notes under an answer that is quoted although there is a model.
const (
	noteNoModel    = "Sprogmodellen kunne ikke svare lige nu, så svaret er citeret ord for ord fra artiklerne."
	noteLate       = "Sprogmodellen blev ikke færdig i tide, så svaret er citeret ord for ord fra artiklerne."
	noteBudget     = "Dagens forbrug af sprogmodellen er nået, så svaret er citeret ord for ord fra artiklerne."
	noteUnverified = "Det, sprogmodellen skrev, kunne ikke bekræftes i artiklerne, så svaret er citeret ord for ord fra dem."
	noteMixed      = "Sprogmodellen blev ikke færdig, eller noget af det, den skrev, kunne ikke bekræftes. De sidste sætninger er citeret ord for ord fra artiklerne."
)

// Limits of a written answer.
const (
	// DefaultTimeout is what a whole answer may take; a fallback is ready before it.
	DefaultTimeout = 10 * time.Second
	// maxMargin, or a tenth of the time if that is less, is kept for everything that is not the model.
	maxMargin = 500 * time.Millisecond
	// repairTime is what must be left for asking again.
	repairTime = 2 * time.Second
	// maxCalls is how many calls of a model an answer may take.
	maxCalls = 3
	// replyTokens bounds the model's text: six sentences are some 300 tokens.
	replyTokens = 700
	// survive is the share of the model's sentences that must be verified for its answer to be shown.
	survive = 0.5
	// believe is the confidence from which a model that finds no answer in the passages is not believed.
	believe = 0.8
)

// Verifier says whether passages support a sentence. It is safe for concurrent use.
type Verifier interface {
	Check(sentence string, passages []verify.Passage) verify.Verdict
}

// Options of a composer. Zero values are those named.
type Options struct {
	Timeout time.Duration    // of an answer whose context has no deadline; 0: DefaultTimeout
	Steps   []Step           // what a model may do besides writing; none: nothing
	Keep    int              // how many written answers are kept to be given again; 0: 500, negative: none
	TTL     time.Duration    // for how long; 0: an hour
	Now     func() time.Time // the cache's clock; nil: time.Now
	Log     *slog.Logger     // nil: none
}

// Composer has a language model write answers and shows what is verified. What is refused, asked back or quoted otherwise is left to
// the extractive composer, which also answers when the model fails. It is safe for concurrent use.
type Composer struct {
	*answer.Extractive
	ix        *index.Index
	sentences sentence.Chooser
	model     llm.Generator
	verify    Verifier
	prompts   *prompt.Set
	o         Options
	cache     *cache // nil: nothing is kept
	usage     *usage
}

// New returns a composer over the same index as e.
func New(e *answer.Extractive, model llm.Generator, v Verifier, p *prompt.Set, o Options) *Composer {
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Keep == 0 {
		o.Keep = 500
	}
	if o.TTL <= 0 {
		o.TTL = time.Hour
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	g := &Composer{Extractive: e, ix: e.Index(), sentences: sentence.New(e.Index()), model: model, verify: v, prompts: p, o: o, usage: newUsage()}
	if o.Keep > 0 {
		g.cache = newCache(o.Keep, o.TTL, o.Now)
	}
	return g
}

// Usage is what the models did so far.
func (g *Composer) Usage() Usage { return g.usage.snapshot() }

// Concepts are an index' concepts in the verifier's form.
func Concepts(ix *index.Index) []verify.Concept {
	out := make([]verify.Concept, len(ix.Concepts))
	for i, c := range ix.Concepts {
		out[i] = verify.Concept{Term: c.Term, Synonyms: c.Synonyms, Everyday: c.Everyday}
	}
	return out
}

// Compose answers a question. It never fails, and is done before ctx' deadline, or Options.Timeout without one: what goes wrong with the
// model is a note under the quoted answer.
func (g *Composer) Compose(ctx context.Context, text string, r *retrieval.Result) *answer.Answer {
	who := askingOf(ctx)
	base := g.Extractive.Compose(ctx, text, r)
	if base.Status != answer.StatusAnswered || r.Shape == question.ShapeOverview || r.Shape == question.ShapeLiterature || r.Shape == question.ShapeMore {
		return who.bill(base) // a way through articles and lists of literature are quoted as they stand
	}
	ctx, cancel := g.limited(ctx)
	defer cancel()
	s := newSession(g, who, text, r, base)
	return who.bill(s.answer(ctx))
}

// limited is a context that ends soon enough for the rest to be done in time.
func (g *Composer) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	end := time.Now().Add(g.o.Timeout)
	if e, ok := ctx.Deadline(); ok && e.Before(end) {
		end = e
	}
	return context.WithDeadline(ctx, end.Add(-min(maxMargin, time.Until(end)/10)))
}

// generate asks the model once and counts it.
func (g *Composer) generate(ctx context.Context, who *asked, n prompt.Name, part string, d prompt.Data, stream func(string) error) (llm.Reply, error) {
	system, user, err := g.prompts.Render(n, part, d)
	if err != nil {
		return llm.Reply{}, err
	}
	start := time.Now()
	reply, err := g.model.Generate(ctx, llm.Request{System: system, User: user, MaxTokens: replyTokens, Stream: stream})
	took := time.Since(start)
	who.spend(reply, took)
	outcome := "ok"
	if err != nil {
		outcome, _ = fallbackOf(err)
		g.o.Log.Warn("no reply from the model", "prompt", string(n), "err", err)
	}
	g.usage.change(func(u *Usage) {
		u.Calls[outcome]++
		u.PromptTokens += uint64(max(reply.PromptTokens, 0))
		u.ReplyTokens += uint64(max(reply.ReplyTokens, 0))
		u.Took += took
	})
	return reply, err
}

// fall is the quoted answer with a line that says why it is one.
func (g *Composer) fall(base *answer.Answer, kind, note string) *answer.Answer {
	g.usage.change(func(u *Usage) { u.Fallbacks[kind]++ })
	base.Fallback = kind
	base.Notes = append([]string{note}, base.Notes...)
	return base
}

// round gives a written answer what stands around the sentences of the quoted one.
func (g *Composer) round(a, base *answer.Answer, r *retrieval.Result, model string) {
	a.Mode, a.Model, a.Prompt = answer.ModeGenerative, model, g.prompts.Version()
	g.Around(a, base, r)
	g.usage.change(func(u *Usage) { u.Written++ })
}

// key is what a written answer depends on, and who may see it.
func (g *Composer) key(scope string, d prompt.Data, base *answer.Answer) (cacheKey, bool) {
	system, user, err := g.prompts.Render(prompt.Answer, "user", d)
	if g.cache == nil || scope == "" || err != nil {
		return cacheKey{}, false
	}
	parts := []string{scope, base.Generation, g.prompts.Version(), g.model.Name(), base.Question, strings.Join(d.Before, "\n"), base.Shape, system, user}
	for _, c := range base.Claims { // it depends on what the last reply said
		parts = append(parts, c.Text)
	}
	return keyOf(parts...), true
}
