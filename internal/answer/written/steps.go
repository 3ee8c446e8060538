package written

import (
	"context"
	"slices"
	"strings"
	"time"

	"kildesvar/internal/answer"
	"kildesvar/internal/danish"
	"kildesvar/internal/privacy"
	"kildesvar/internal/prompt"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/sentence"
)

// Step is something a model may do besides writing the answer. Each costs a call and time; none is taken unless it is asked for, since
// what they bring can only be measured with a real model.
type Step string

// The steps. At most one of StepCondense and StepRewrite is taken for a question.
const (
	StepCondense Step = "condense" // make a follow-up a question that stands alone, and search for that too
	StepRewrite  Step = "rewrite"  // put a question whose answer is uncertain into the corpus' terms, and search for that too
	StepJudge    Step = "judge"    // refuse, where the passages do not answer after all; never the other way round
	StepNext     Step = "next"     // questions to go on with
)

// Steps are all steps.
func Steps() []Step { return []Step{StepCondense, StepRewrite, StepJudge, StepNext} }

// Limits of the steps.
const (
	maxQueries = 3
	longQuery  = 200             // bytes
	stepTime   = 3 * time.Second // a step that is not done by then is left out
	nextTime   = time.Second     // what must be left to ask for questions to go on with
)

func (g *Composer) takes(s Step) bool { return slices.Contains(g.o.Steps, s) }

// Queries are other ways to search for a question: itself as a question that stands alone, or in the corpus' terms. They add nothing to
// what is asked: one with a number that the conversation has not, or with personal data, is left out.
func (g *Composer) Queries(ctx context.Context, text string, r *retrieval.Result) []string {
	d := prompt.Data{Most: maxQueries, Question: text, Before: r.Query.Before()}
	name := prompt.Condense
	switch {
	case !r.Shape.Asks() || len(r.Hits) == 0:
		return nil
	case g.takes(StepCondense) && len(d.Before) > 0:
		d.Most = 1
	case g.takes(StepRewrite) && g.Confidence(r) < believe:
		name = prompt.Rewrite
		for _, c := range g.ix.Concepts {
			d.Terms = append(d.Terms, c.Term)
		}
	default:
		return nil
	}
	known := numbersOf(text + "\n" + strings.Join(d.Before, "\n"))
	var out []string
	for _, q := range g.listed(ctx, name, d) {
		if len(q) > longQuery || q == text || slices.Contains(out, q) || len(out) == d.Most || len(privacy.Find(q, privacy.Options{})) > 0 {
			continue
		}
		if slices.ContainsFunc(numbersOf(q), func(n string) bool { return !slices.Contains(known, n) }) {
			continue
		}
		out = append(out, q)
	}
	return out
}

// numbersOf are the words of a text that hold a digit.
func numbersOf(text string) (out []string) {
	for _, t := range danish.Tokens(text) {
		if strings.ContainsAny(t.Text, "0123456789") {
			out = append(out, t.Text)
		}
	}
	return out
}

// listed are the clean lines of a reply; none when it fails.
func (g *Composer) listed(ctx context.Context, name prompt.Name, d prompt.Data) (out []string) {
	ctx, cancel := g.limited(ctx)
	defer cancel()
	ctx, stop := context.WithTimeout(ctx, stepTime)
	defer stop()
	reply, err := g.generate(ctx, askingOf(ctx), name, "user", d, nil)
	if err != nil {
		return nil
	}
	for line := range strings.SplitSeq(reply.Text, "\n") {
		line = listMark.ReplaceAllString(strings.TrimSpace(line), "")
		if len(line) > maxLine || strings.EqualFold(strings.Trim(line, ".! "), nothing) {
			continue
		}
		if line = oneLine(line); line != "" && !foreign.MatchString(line) {
			out = append(out, line)
		}
	}
	return out
}

// judged reports whether a model finds that the passages do not answer. It is asked only where that is uncertain, and believed only when
// it says so in one word.
func (g *Composer) judged(ctx context.Context, s *session) bool {
	if !g.takes(StepJudge) || s.base.Confidence >= believe {
		return false
	}
	ctx, stop := context.WithTimeout(ctx, stepTime)
	defer stop()
	reply, err := g.generate(ctx, s.who, prompt.Judge, "user", s.data, nil)
	return err == nil && strings.EqualFold(strings.Trim(reply.Text, " .!\n"), "nej")
}

// Answers reports whether the quoting composer answers what was searched for.
func (g *Composer) Answers(text string, r *retrieval.Result) bool {
	return g.Extractive.Compose(context.Background(), text, r).Status == answer.StatusAnswered
}

// Following are questions that a model would go on with, after an answer. Whether the assistant answers them is for the caller to find out.
func (g *Composer) Following(ctx context.Context, a *answer.Answer) []string {
	if !g.takes(StepNext) || a.Mode != answer.ModeGenerative || a.Cached {
		return nil
	}
	limit, cancel := g.limited(ctx)
	defer cancel()
	if end, _ := limit.Deadline(); time.Until(end) < nextTime {
		return nil
	}
	d := prompt.Data{Most: answer.MaxNext, Question: a.Question}
	for _, s := range a.Sources {
		d.Passages = append(d.Passages, prompt.Passage{ID: opaque(a.Generation, s.Passage), Article: s.Title, Section: s.Section, Text: s.Quote})
	}
	have := []sentence.Candidate{g.sentences.Elsewhere(a.Question)}
	var out []string
	for _, q := range g.listed(ctx, prompt.Next, d) {
		as := g.sentences.Elsewhere(q)
		if answer.GoesOn(q) && !sentence.Repeats(as, have) && len(privacy.Find(q, privacy.Options{})) == 0 {
			have, out = append(have, as), append(out, q)
		}
	}
	askingOf(ctx).bill(a)
	return out
}
