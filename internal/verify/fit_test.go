package verify

import (
	"flag"
	"fmt"
	"math"
	"path"
	"slices"
	"testing"

	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/verifytest"
)

var fit = flag.Bool("fit", false, "fit the coefficients of score.go on the development articles and print them")

// example is a pair with all that is found in its windows.
type example struct {
	pair    pair
	article string
	weight  float64 // in the fit
	windows []*judgement
}

// examples judges the windows of pairs that weigh alike.
func examples(v *Verifier, pairs []pair, weight float64) []example {
	out := make([]example, 0, len(pairs))
	for _, p := range pairs {
		s, w := v.lex.Read(p.Sentence), v.lex.ReadAll(p.passages())
		e := example{pair: p, article: path.Base(p.Article), weight: weight}
		if p.heavy() {
			e.weight *= heavyShare
		}
		m := alignment.NewMatcher(s, w)
		for _, win := range m.Windows() {
			e.windows = append(e.windows, judge(m, win))
		}
		out = append(out, e)
	}
	return out
}

// best is the window that a model likes best, nil for none.
func (e *example) best(m *model) *judgement {
	var out *judgement
	most := -1.0
	for _, j := range e.windows {
		if score := j.verdict(m).Score; score > most {
			out, most = j, score
		}
	}
	return out
}

// Settings of the fit.
const (
	steps  = 400
	rounds = 3 // the windows are chosen anew with each round's model
	rate   = 0.4
	ridge  = 0.008 // L2, of the weights of features of unit variance
	spread = 0.03  // least standard deviation that a feature is taken to have
)

// Weights of the sets in the fit. Those that are made by machine are many and alike.
const (
	rewordingWeight = 0.7
	strangerWeight  = 0.5
	trueWeight      = 0.3
	lieWeight       = 0.25
	mutationWeight  = 0.2
	heavyShare      = 0.2 // of a heavy rewording: nobody who keeps to the prompt writes so
)

// sample is an example in the window that was chosen, its features scaled to unit variance.
type sample struct {
	x    []float64
	y, w float64
}

// train fits a model on the examples without a fault, by projected gradient descent with momentum. Weights are held at or below zero, so
// that no fault in a sentence can ever raise its score. A supported example weighs positive times what others do.
func train(ex []example, m *model, positive float64) *model {
	for range rounds {
		var all []sample
		for i := range ex {
			j := ex[i].best(m)
			if j == nil || len(j.Faults) > 0 {
				continue
			}
			x := j.Feature.List()
			s := sample{x: x[:], w: ex[i].weight}
			if ex[i].pair.supported() {
				s.y = 1
				s.w *= positive
			}
			all = append(all, s)
		}
		m = descend(all)
	}
	return m
}

// scale divides the features by their standard deviations, which it returns.
func scale(all []sample) []float64 {
	out := make([]float64, len(all[0].x))
	for k := range out {
		var sum, squares float64
		for _, s := range all {
			sum, squares = sum+s.x[k], squares+s.x[k]*s.x[k]
		}
		n := float64(len(all))
		out[k] = max(spread, math.Sqrt(max(0, squares/n-sum*sum/n/n)))
		for _, s := range all {
			s.x[k] /= out[k]
		}
	}
	return out
}

func descend(all []sample) *model {
	deviation := scale(all)
	n := len(deviation)
	w, momentum, total := make([]float64, n+1), make([]float64, n+1), 0.0
	for _, s := range all {
		total += s.w
	}
	for step := range steps {
		at, grad := make([]float64, n+1), make([]float64, n+1)
		for k := range at {
			at[k] = w[k] + float64(step)/float64(step+3)*momentum[k]
		}
		for _, s := range all {
			z := at[n]
			for k, x := range s.x {
				z += at[k] * x
			}
			d := s.w / total * (1/(1+math.Exp(-z)) - s.y)
			for k, x := range s.x {
				grad[k] += d * x
			}
			grad[n] += d
		}
		for k := range at {
			next := at[k] - rate*grad[k]
			if k < n {
				next = min(0, next-rate*ridge*at[k])
			}
			w[k], momentum[k] = next, next-w[k]
		}
	}
	for k := range deviation {
		w[k] /= deviation[k]
	}
	return &model{w[n], fromList(w[:n])}
}

// fromList is the inverse of Features.List.
func fromList(w []float64) alignment.Features {
	f := alignment.Features{}
	for i, p := range f.Pointers() {
		*p = w[i]
	}
	return f
}

// strangers makes, of each supported pair, one with the passage of another pair, which does not support it: the writers of the
// pairs made false sentences that are near their passage, and a model must learn that far away is no better.
func strangers(pairs []pair) []pair {
	var out []pair
	for i, p := range pairs {
		for k := 1; p.supported() && k < len(pairs); k++ {
			if o := pairs[(i+k)%len(pairs)]; o.Passage != p.Passage {
				out = append(out, pair{ID: p.ID, Article: p.Article, Passage: o.Passage, Sentence: p.Sentence, Label: "not", Kind: "stranger", cited: o.cited})
				break
			}
		}
	}
	return out
}

// lies are the supported sentences of faithful writers, each changed in one place.
func lies(pairs []pair) []pair {
	var out []pair
	for _, p := range pairs {
		if p.Kind != "faithful" || !p.supported() {
			continue
		}
		for _, m := range verifytest.Mutate(p.Sentence, p.Passage, []string{"Rasmussen", "Bjerregaard", "Oxford Research"}) {
			out = append(out, pair{ID: p.ID, Article: p.Article, Passage: p.Passage, Sentence: m.Text, Label: "not", Kind: "lie", cited: p.cited})
		}
	}
	return out
}

// mutationEvery is of how many mutations of the corpus one is learnt from.
const mutationEvery = 4

// corpusPairs are the sentences of the development articles, and mutations of them.
func corpusPairs(c builtIn) (trues, mutations []pair) {
	names := authors(c)
	for i := range c.passages {
		p := &c.passages[i]
		if !slices.Contains(development, path.Base(p.Article)) {
			continue
		}
		for k := range p.Sentences {
			trues = append(trues, pair{Article: p.Article, Sentence: p.SentenceText(k), cited: c.cited(p), Label: "supported", Kind: "corpus"})
			for n, m := range verifytest.Mutate(p.SentenceText(k), p.Text, names) {
				if (n+k)%mutationEvery == 0 {
					mutations = append(mutations, pair{Article: p.Article, Sentence: m.Text, cited: c.cited(p), Label: "not", Kind: "mutation"})
				}
			}
		}
	}
	return trues, mutations
}

// lesson is all that the coefficients are fitted on: development articles only.
func lesson(t *testing.T) []example {
	t.Helper()
	c := theCorpus(t)
	v := c.verifier
	old, nat := readPairs(t, true), readNatural(t, true)
	trues, mutations := corpusPairs(c)
	var out []example
	for _, set := range []struct {
		pairs  []pair
		weight float64
	}{
		{old, 1}, {nat, 1}, {readWritten(t, false), 1}, {rewordings(t), rewordingWeight}, {strangers(append(slices.Clone(old), nat...)), strangerWeight},
		{lies(nat), lieWeight}, {trues, trueWeight}, {mutations, mutationWeight},
	} {
		out = append(out, examples(v, set.pairs, set.weight)...)
	}
	return out
}

// leaveOneOut judges each development article's examples with a model fitted on all others.
func leaveOneOut(all []example, m *model, positive float64) []outcome {
	var out []outcome
	for _, a := range development {
		var learn []example
		for _, e := range all {
			if e.article != a {
				learn = append(learn, e)
			}
		}
		fitted := train(learn, m, positive)
		for i := range all {
			if all[i].article == a {
				o := outcome{pair: all[i].pair}
				if j := all[i].best(fitted); j != nil {
					o.verdict = j.verdict(fitted)
				}
				out = append(out, o)
			}
		}
	}
	return out
}

// The sets of outcomes.
func ofOld(o outcome) bool     { return !ofNatural(o) && !ofWritten(o) && !ofMachine(o) && !o.pair.heavy() }
func ofNatural(o outcome) bool { return isSentence(o.pair) && o.pair.writer == 0 }
func ofWritten(o outcome) bool { return isSentence(o.pair) && o.pair.writer > 0 }
func ofLies(o outcome) bool    { return o.pair.Kind == "lie" }
func ofMachine(o outcome) bool {
	return slices.Contains([]string{"stranger", "lie", "corpus", "mutation"}, o.pair.Kind)
}

func isSentence(p pair) bool { return p.Kind == "faithful" || p.Kind == "careless" }

// only are the outcomes for which ok holds.
func only(out []outcome, ok func(outcome) bool) []outcome {
	return slices.DeleteFunc(slices.Clone(out), func(o outcome) bool { return !ok(o) })
}

// at is what the outcomes would be at another threshold.
func at(out []outcome, threshold float64) []outcome {
	out = slices.Clone(out)
	for i := range out {
		out[i].verdict.Supported = out[i].verdict.Score >= threshold
	}
	return out
}

// TestFit prints coefficients (with -fit), and what leaving one article out gives at several thresholds.
func TestFit(t *testing.T) {
	if !*fit {
		t.Skip("only with -fit")
	}
	v := theCorpus(t).verifier
	all := lesson(t)
	m := train(all, v.model, 1)
	fmt.Printf("bias: %.2f,\n%+.2f\n", m.bias, m.weight)
	n, wrong := strange(t, &Verifier{v.lex, m})
	t.Logf("%d of %d strange sentences pass", wrong, n)
	out := leaveOneOut(all, v.model, 1)
	report(t, "old pairs without heavy rewording", only(out, ofOld))
	report(t, "natural pairs", only(out, ofNatural))
	report(t, "written pairs", only(out, ofWritten))
	for threshold := 0.4; threshold < 0.85; threshold += 0.025 {
		now := at(out, threshold)
		a, b, c, d := measured(only(now, ofOld)), measured(only(now, ofNatural)), measured(only(now, ofWritten)), measured(only(now, ofLies))
		t.Logf("threshold %.3f: old F1 %.3f, false alarms %.3f; natural F1 %.3f, false alarms %.3f, passed %.3f; written F1 %.3f, false alarms %.3f, passed %.3f; lies passed %.3f",
			threshold, a.f1, a.falseAlarms, b.f1, b.falseAlarms, 1-b.recall, c.f1, c.falseAlarms, 1-c.recall, 1-d.recall)
	}
}
