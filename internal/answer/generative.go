package answer

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"kildesvar/internal/lexical"
	"kildesvar/internal/llm"
	"kildesvar/internal/question"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/verify"
)

// ModeGenerative marks answers that a language model wrote and that were verified sentence by sentence.
const ModeGenerative = "generative"

// Notes of a generative answer, and of one that fell back.
const (
	noteNoModel    = "Sprogmodellen kunne ikke svare lige nu, så svaret er citeret ord for ord fra artiklerne."
	noteUnverified = "Det, sprogmodellen skrev, kunne ikke bekræftes i artiklerne, så svaret er citeret ord for ord fra dem."
)

// Limits of a generative answer.
const (
	// generativeTime is what both calls to the model may take together; a fallback is ready long before a person gives up.
	generativeTime = 8 * time.Second
	// repairTime is what must be left for asking again.
	repairTime = 2 * time.Second
	// replyTokens bounds the model's text: six sentences are some 300 tokens.
	replyTokens = 700
	// survive is the share of the model's sentences that must be verified for its answer to be shown.
	survive = 0.5
	// quoted is the likeness (Jaccard, over stems) from which a sentence of the corpus stands for one that was not verified.
	quotedFor = 0.3
	// maxLines is how many lines of a reply are read.
	maxLines = 20
	// believe is the confidence from which a model that finds no answer in the passages is not believed.
	believe = 0.8
	nothing = "INTET SVAR"
)

// Verifier says whether passages support a sentence. It is safe for concurrent use.
type Verifier interface {
	Check(sentence string, passages []string) verify.Verdict
}

// Generative has a language model write answers and shows what is verified. What is refused, asked back or quoted otherwise is left to
// the extractive composer, which also answers when the model fails. It is safe for concurrent use.
type Generative struct {
	*Extractive
	model   llm.Generator
	verify  Verifier
	prompts *Prompts
	log     *slog.Logger
}

// NewGenerative returns a composer over the same index as e.
func NewGenerative(e *Extractive, model llm.Generator, v Verifier, p *Prompts, log *slog.Logger) *Generative {
	return &Generative{Extractive: e, model: model, verify: v, prompts: p, log: log}
}

// written is a sentence of the model's with the passages it names, by place in the prompt.
type written struct {
	text  string
	cites []int
}

// Compose answers a question. It never fails: what goes wrong with the model is a note under the quoted answer.
func (g *Generative) Compose(ctx context.Context, text string, r *retrieval.Result) *Answer {
	base := g.Extractive.Compose(ctx, text, r)
	if base.Status != StatusAnswered || r.Shape == question.ShapeOverview || r.Shape == question.ShapeLiterature || r.Shape == question.ShapeMore {
		return base // a way through articles and lists of literature are quoted as they stand
	}
	ctx, cancel := context.WithTimeout(ctx, generativeTime)
	defer cancel()
	d, numbers := promptOf(g.ix, text, r, base.Sources)
	s := &session{g: g, data: d, numbers: numbers}
	reply, lines, err := s.ask(ctx, "user", d)
	switch {
	case err != nil:
		g.log.Warn("no answer from the model", "model", g.model.Name(), "err", err)
		return withNote(base, noteNoModel)
	case len(lines) == 0 && base.Confidence < believe:
		a := g.notCovered(text, r, base.Confidence)
		a.Model, a.Prompt, a.Shape = reply.Model, g.prompts.version, base.Shape
		return a
	case len(lines) == 0:
		return withNote(base, noteUnverified)
	}
	good, bad := s.sort(lines)
	if len(bad) > 0 && left(ctx) > repairTime {
		d.Rejected = bad
		if _, again, err := s.ask(ctx, "repair", d); err == nil {
			var more []claimed
			more, bad = s.sort(again) // what the model has left out is gone
			good = append(good, more...)
		}
	}
	return g.show(base, s, good, bad, len(lines), reply, r)
}

// show makes the answer of what was verified, or leaves the quoted one.
func (g *Generative) show(base *Answer, s *session, good []claimed, bad []string, lines int, reply llm.Reply, r *retrieval.Result) *Answer {
	good = s.withQuotes(good, bad)
	kept := 0
	for _, c := range good {
		if !c.quote {
			kept++
		}
	}
	if len(good) == 0 || float64(kept) < survive*float64(min(lines, MaxClaims)) {
		g.log.Info("the model's answer was not verified", "model", reply.Model, "sentences", lines, "kept", kept)
		return withNote(base, noteUnverified)
	}
	a := g.start(base.Question, StatusAnswered)
	a.Mode, a.Model, a.Prompt, a.Shape, a.Confidence = ModeGenerative, reply.Model, g.prompts.version, base.Shape, base.Confidence
	a.PromptTokens, a.ReplyTokens = reply.PromptTokens, reply.ReplyTokens
	for _, c := range good[:min(MaxClaims, len(good))] {
		g.state(a, c)
	}
	a.Related, a.Notes, a.Next = base.Related, base.Notes, base.Next
	return a
}

// withNote adds a note to an answer.
func withNote(a *Answer, note string) *Answer {
	a.Notes = append([]string{note}, a.Notes...)
	return a
}

// left is the time until ctx ends.
func left(ctx context.Context) time.Duration {
	end, ok := ctx.Deadline()
	if !ok {
		return generativeTime
	}
	return time.Until(end)
}

// session is one question with its passages.
type session struct {
	g       *Generative
	data    promptData
	numbers []int // of the passages in the index
}

// claimed is a sentence that may be shown: the model's, with the passages that support it, or one of the corpus.
type claimed struct {
	text  string
	by    []int // numbers of passages in the index
	quote bool
	at    candidate // of a quote
	stems map[lexical.Key]bool
}

// ask asks the model and reads its lines. No lines means that it found no answer.
func (s *session) ask(ctx context.Context, part string, d promptData) (llm.Reply, []written, error) {
	system, err := s.g.prompts.render("system", d)
	if err != nil {
		return llm.Reply{}, nil, err
	}
	user, err := s.g.prompts.render(part, d)
	if err != nil {
		return llm.Reply{}, nil, err
	}
	reply, err := s.g.model.Generate(ctx, llm.Request{System: system, User: user, MaxTokens: replyTokens})
	if err != nil {
		return llm.Reply{}, nil, err
	}
	return reply, s.lines(reply.Text), nil
}

// sort verifies sentences: those that a passage supports, with the passages that do, and the texts of the others. The passages a
// sentence names are tried first; where they do not support it another one may, and is then the one that is cited.
func (s *session) sort(lines []written) (good []claimed, bad []string) {
	c := chooser{ix: s.g.ix}
	for _, w := range lines {
		by := s.supporters(w)
		if len(by) == 0 {
			bad = append(bad, w.text)
			continue
		}
		good = append(good, claimed{text: w.text, by: by, stems: c.stems(w.text)})
	}
	return good, bad
}

// supporters are the passages that support a sentence.
func (s *session) supporters(w written) []int {
	try := func(places []int) []int {
		texts := make([]string, len(places))
		for i, p := range places {
			texts[i] = s.g.ix.Passages[s.numbers[p]].Text
		}
		v := s.g.verify.Check(w.text, texts)
		if !v.Supported {
			return nil
		}
		out := make([]int, 0, len(v.By))
		for _, i := range v.By {
			out = append(out, s.numbers[places[i]])
		}
		return out
	}
	if len(w.cites) > 0 {
		if by := try(w.cites); len(by) > 0 {
			return by
		}
	}
	for p := range s.numbers {
		if !slices.Contains(w.cites, p) {
			if by := try([]int{p}); len(by) > 0 {
				return by
			}
		}
	}
	return nil
}

// withQuotes drops sentences that say the same, and puts for each that was not verified the sentence of the corpus most like it, if one
// is like it and not there already.
func (s *session) withQuotes(good []claimed, bad []string) []claimed {
	var out []claimed
	var have []candidate
	add := func(c claimed) {
		as := candidate{passage: -1 - len(have), stems: c.stems}
		if c.quote {
			as = c.at
		}
		if !repeats(as, have) {
			have, out = append(have, as), append(out, c)
		}
	}
	for _, c := range good {
		add(c)
	}
	c := chooser{ix: s.g.ix}
	for _, text := range bad {
		stems := c.stems(text)
		best, likeness := candidate{}, quotedFor
		for _, n := range s.numbers {
			for i := range s.g.ix.Passages[n].Sentences {
				q := c.one(n, i, 0)
				if v := jaccard(stems, q.stems); v > likeness && !c.pointsBack(q) {
					best, likeness = q, v
				}
			}
		}
		if best.stems != nil {
			add(claimed{text: s.g.ix.Passages[best.passage].SentenceText(best.sentence), by: []int{best.passage}, quote: true, at: best, stems: best.stems})
		}
	}
	return out
}

// state adds a claim with its sources, and the literature behind the sentences of the passages that it stands on.
func (g *Generative) state(a *Answer, c claimed) {
	if c.quote {
		g.claim(a, c.at)
		return
	}
	claim := Claim{Text: c.text, Literature: []string{}}
	for _, n := range c.by {
		keys := g.behind(n, c.stems)
		claim.Sources = append(claim.Sources, g.source(a, n, keys))
		for _, k := range keys {
			if !slices.Contains(claim.Literature, k) {
				claim.Literature = append(claim.Literature, k)
			}
		}
		g.refer(a, g.ix.Passages[n].Article, keys)
	}
	a.Claims = append(a.Claims, claim)
}

// alsoBehind is the share of the best sentence's likeness from which another sentence's literature counts too.
const alsoBehind = 0.7

// behind are the literature keys of the sentences of a passage that are most like a claim.
func (g *Generative) behind(passage int, stems map[lexical.Key]bool) []string {
	p := &g.ix.Passages[passage]
	c := chooser{ix: g.ix}
	likeness := make([]float64, len(p.Sentences))
	best := 0.0
	for i := range p.Sentences {
		likeness[i] = jaccard(stems, c.stems(p.SentenceText(i)))
		best = max(best, likeness[i])
	}
	keys := []string{}
	for i, s := range p.Sentences {
		if best == 0 || likeness[i] < alsoBehind*best {
			continue
		}
		for _, k := range g.keys(p.Article, s.Keys) {
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	return keys
}

func jaccard(a, b map[lexical.Key]bool) float64 {
	both := 0
	for k := range a {
		if b[k] {
			both++
		}
	}
	union := len(a) + len(b) - both
	if union == 0 {
		return 0
	}
	return float64(both) / float64(union)
}
