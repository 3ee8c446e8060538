package written

import (
	"context"
	"slices"
	"strings"
	"time"

	"kildesvar/internal/answer"
	"kildesvar/internal/llm"
	"kildesvar/internal/privacy"
	"kildesvar/internal/prompt"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/sentence"
	"kildesvar/internal/verify"
)

// session is one question that a model answers: what it was given, and what of its reply may be shown so far.
type session struct {
	g       *Composer
	who     *asked
	r       *retrieval.Result
	base    *answer.Answer // the quoted answer
	data    prompt.Data
	place   map[string]int // of a passage's id in the prompt
	numbers []int          // of the passages in the index
	rules   [][]string     // the words of each line of the system prompt

	a      *answer.Answer // the written answer so far: claims, sources, literature
	claims []claimed      // the same as they can be kept
	have   []sentence.Candidate
	bad    []string // sentences that were not verified
	lines  int      // sentences read
	kept   int      // of them, shown
	follow bool     // the sentence before is shown, so that the next may point back to it
	none   bool     // the model says that the passages do not answer
}

// claimed is a sentence that may be shown: the model's, with the passages that support it, or one of the corpus.
type claimed struct {
	text  string
	by    []int // numbers of passages in the index
	quote bool
	at    sentence.Candidate // of a quote
}

func newSession(g *Composer, who *asked, text string, r *retrieval.Result, base *answer.Answer) *session {
	s := &session{g: g, who: who, r: r, base: base, place: map[string]int{}, follow: true}
	s.data, s.numbers = promptOf(g.ix, text, r, base.Sources)
	for i, p := range s.data.Passages {
		s.place[p.ID] = i
	}
	if system, _, err := g.prompts.Render(prompt.Answer, "user", s.data); err == nil {
		for line := range strings.SplitSeq(system, "\n") {
			s.rules = append(s.rules, wordsOf(line))
		}
	}
	s.a = g.Start(base.Question, answer.StatusAnswered)
	return s
}

// answer asks the model and makes the answer of what is verified, or gives the quoted one.
func (s *session) answer(ctx context.Context) *answer.Answer {
	key, keep := s.g.key(s.who.Scope, s.data, s.base)
	if keep {
		if old, ok := s.g.cache.get(key); ok {
			return s.again(old)
		}
	}
	if s.g.judged(ctx, s) {
		return s.refuse(s.g.model.Name())
	}
	reply, err := s.ask(ctx)
	switch {
	case err != nil:
		return s.failed(err)
	case s.none && s.base.Confidence < believe:
		return s.refuse(reply.Model)
	case s.none:
		return s.g.fall(s.base, answer.FallbackNothing, noteUnverified)
	}
	s.repair(ctx)
	s.quoteForBad()
	s.g.usage.change(func(u *Usage) { u.Verified += uint64(s.kept); u.Refused += uint64(s.lines - s.kept) })
	if s.kept == 0 || float64(s.kept) < survive*float64(min(s.lines, answer.MaxClaims)) {
		s.g.o.Log.Info("the model's answer was not verified", "model", reply.Model, "sentences", s.lines, "kept", s.kept)
		return s.complete(reply.Model, answer.FallbackUnverified, noteUnverified)
	}
	s.g.round(s.a, s.base, s.r, reply.Model)
	if keep {
		s.g.cache.put(key, shown{s.claims, reply.Model})
	}
	return s.a
}

// ask asks the model and takes its sentences, as they come if there is somebody to tell.
func (s *session) ask(ctx context.Context) (llm.Reply, error) {
	var stream func(string) error
	rest := ""
	if s.who.Emit != nil {
		stream = func(delta string) error {
			rest += delta
			for {
				line, more, ok := strings.Cut(rest, "\n")
				if !ok {
					return ctx.Err()
				}
				s.read(line)
				rest = more
			}
		}
	}
	reply, err := s.g.generate(ctx, s.who, prompt.Answer, "user", s.data, stream)
	if err != nil {
		return reply, err
	}
	if stream == nil {
		rest = reply.Text
	}
	for line := range strings.SplitSeq(rest, "\n") {
		s.read(line)
	}
	return reply, nil
}

// repair asks once more for the sentences that were not verified. What the model leaves out then is gone.
func (s *session) repair(ctx context.Context) {
	end, _ := ctx.Deadline()
	if len(s.bad) == 0 || len(s.a.Claims) >= answer.MaxClaims || time.Until(end) < repairTime || s.who.called() >= maxCalls {
		return
	}
	d := s.data
	d.Rejected = s.bad[:min(len(s.bad), answer.MaxClaims)]
	reply, err := s.g.generate(ctx, s.who, prompt.Answer, prompt.RepairPart, d, nil)
	if err != nil {
		return
	}
	lines := s.lines
	s.bad, s.follow = nil, false
	for line := range strings.SplitSeq(reply.Text, "\n") {
		s.read(line)
	}
	s.lines = lines // what was repaired is counted once
}

// take shows a sentence if it is verified, and remembers it otherwise.
func (s *session) take(w written) {
	if s.lines >= maxSentences || len(s.a.Claims) >= answer.MaxClaims {
		return
	}
	s.lines++
	cl, ok := s.claim(w)
	if !ok {
		text, _ := privacy.Mask(w.text, privacy.Options{}) // it goes into the next prompt
		s.bad, s.follow = append(s.bad, text), false
		return
	}
	s.follow = true
	if !s.show(cl) {
		s.lines-- // it is said already
		return
	}
	s.kept++
}

// claim is a sentence of the model's that may be shown: one that the passages support, that has literature behind it, and that does not
// point back to one that is not shown. Where the corpus says it in nearly the same words, the corpus' own are taken.
func (s *session) claim(w written) (claimed, bool) {
	if recites(w.text, s.rules) {
		return claimed{}, false
	}
	by := s.supporters(w)
	if len(by) == 0 {
		return claimed{}, false
	}
	cl := claimed{text: w.text, by: by, at: s.g.sentences.Elsewhere(w.text)}
	if q, ok := s.nearly(cl); ok {
		return q, s.follow || !s.g.sentences.PointsBack(q.at)
	}
	cl.by = slices.DeleteFunc(by, func(n int) bool { return len(s.g.behind(n, cl.at)) == 0 })
	return cl, len(cl.by) > 0 && (s.follow || !sentence.Points(w.text))
}

// show adds a sentence to the answer and tells of it, unless it says what is there already.
func (s *session) show(c claimed) bool {
	if len(s.a.Claims) >= answer.MaxClaims || sentence.Repeats(c.at, s.have) {
		return false
	}
	s.have, s.claims = append(s.have, c.at), append(s.claims, c)
	s.g.state(s.a, c)
	if s.who.Emit != nil {
		last := s.a.Claims[len(s.a.Claims)-1]
		var sources []answer.Source
		for _, n := range last.Sources {
			sources = append(sources, s.a.Sources[n-1])
		}
		s.who.Emit(last, sources)
	}
	return true
}

// supporters are the passages that support a sentence. Those that it names are tried first; where they do not support it another one may,
// and is then the one that is cited.
func (s *session) supporters(w written) []int {
	try := func(places []int) []int {
		texts, passages := make([]string, len(places)), make([]verify.Passage, len(places))
		for i, p := range places {
			x := &s.g.ix.Passages[s.numbers[p]]
			art, _ := s.g.ix.Article(x.Article)
			texts[i], passages[i] = x.Text, verify.Passage{Title: art.Title, Section: x.Section, Text: x.Text}
		}
		v := s.g.verify.Check(w.text, passages)
		if !v.Supported || discloses(w.text, texts, s.g.ix) {
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

// Likeness of a model's sentence to one of the corpus.
const (
	// nearlySame is the share of the longer one's words that they have in common, in order, from which the corpus' own is shown: so few
	// words make no paraphrase, but they can make a lie.
	nearlySame = 0.8
	// quotedFor (Jaccard, over stems) is where a sentence of the corpus stands for one that was not verified.
	quotedFor = 0.3
)

// nearly is the sentence of the corpus that a model's is all but word for word.
func (s *session) nearly(cl claimed) (claimed, bool) {
	words := wordsOf(cl.text)
	var near *sentence.Candidate
	for _, n := range slices.Concat(cl.by, s.numbers) {
		p := &s.g.ix.Passages[n]
		for i := range p.Sentences {
			text := p.SentenceText(i)
			if text == cl.text {
				return s.quote(s.g.sentences.One(n, i, 0)), true
			}
			other := wordsOf(text)
			if longest := max(len(words), len(other)); common(words, other) >= int(nearlySame*float64(longest)+0.5) {
				if q := s.g.sentences.One(n, i, 0); near == nil && !s.g.sentences.PointsBack(q) {
					near = &q
				}
			}
		}
	}
	if near == nil {
		return claimed{}, false
	}
	return s.quote(*near), true
}

// quote is a sentence of the corpus.
func (s *session) quote(at sentence.Candidate) claimed {
	return claimed{text: s.g.ix.Passages[at.Passage].SentenceText(at.Sentence), by: []int{at.Passage}, quote: true, at: at}
}

// quoteForBad puts for each sentence that was not verified the one of the corpus most like it, if one is like it and not there already.
func (s *session) quoteForBad() {
	for _, text := range s.bad {
		bad, best, likeness := s.g.sentences.Elsewhere(text), sentence.Candidate{}, quotedFor
		for _, n := range s.numbers {
			for i := range s.g.ix.Passages[n].Sentences {
				q := s.g.sentences.One(n, i, 0)
				if v := sentence.Likeness(bad, q); v > likeness && !s.g.sentences.PointsBack(q) {
					best, likeness = q, v
				}
			}
		}
		if likeness > quotedFor && s.kept > 0 {
			s.show(s.quote(best))
		}
	}
}

// failed is the quoted answer; what was shown already stays at its beginning.
func (s *session) failed(err error) *answer.Answer {
	kind, note := fallbackOf(err)
	return s.complete(s.g.model.Name(), kind, note)
}

// complete gives the quoted answer. Sentences that somebody was told of stand before it.
func (s *session) complete(model, kind, note string) *answer.Answer {
	if s.who.Emit == nil || len(s.a.Claims) == 0 {
		return s.g.fall(s.base, kind, note)
	}
	for _, q := range s.base.Claims {
		n := slices.IndexFunc(s.numbers, func(n int) bool { return s.g.ix.Passages[n].ID == s.base.Sources[q.Sources[0]-1].Passage })
		if n < 0 {
			continue
		}
		for i := range s.g.ix.Passages[s.numbers[n]].Sentences {
			if s.g.ix.Passages[s.numbers[n]].SentenceText(i) == q.Text {
				s.show(s.quote(s.g.sentences.One(s.numbers[n], i, 0)))
				break
			}
		}
	}
	s.g.round(s.a, s.base, s.r, model)
	return s.g.fall(s.a, kind, noteMixed)
}

// again puts a kept answer together.
func (s *session) again(old shown) *answer.Answer {
	for _, c := range old.claims {
		s.show(c)
	}
	s.g.round(s.a, s.base, s.r, old.model)
	s.a.Cached = true
	s.g.usage.change(func(u *Usage) { u.CacheHits++ })
	return s.a
}

// refuse says that the articles do not answer.
func (s *session) refuse(model string) *answer.Answer {
	a := s.g.NotCovered(s.base.Question, s.r, s.base.Confidence)
	a.Model, a.Prompt, a.Shape = model, s.g.prompts.Version(), s.base.Shape
	return a
}
