package verify

import (
	"flag"
	"fmt"
	"math"
	"path"
	"slices"
	"testing"

	"kildesvar/internal/verify/alignment"
)

var fit = flag.Bool("fit", false, "fit the coefficients of score.go on the development articles and print them")

// example is a pair with all that is found in its windows.
type example struct {
	pair    pair
	article string
	windows []*judgement
}

// examples judges the windows of pairs.
func examples(v *Verifier, pairs []pair) []example {
	out := make([]example, 0, len(pairs))
	for _, p := range pairs {
		s, w := v.lex.Read(p.Sentence), v.lex.ReadAll(p.passages())
		e := example{pair: p, article: path.Base(p.Article)}
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
	steps    = 1500
	rounds   = 3 // the windows are chosen anew with each round's model
	rate     = 0.3
	ridge    = 0.002 // L2
	positive = 1.0   // weight of a supported pair against one that is not; the trade-off that TestFit prints chose it
)

// train fits a model by gradient descent on the examples without a fault. Weights are held at or below zero, so that no fault
// in a sentence can ever raise its score.
func train(ex []example, m *model, positive float64) *model {
	for range rounds {
		m = descend(ex, m, positive)
	}
	return m
}

// sample is an example in the window that was chosen.
type sample struct {
	x    []float64
	y, w float64
}

func descend(ex []example, m *model, positive float64) *model {
	var all []sample
	for i := range ex {
		j := ex[i].best(m)
		if j == nil || len(j.Faults) > 0 {
			continue
		}
		x := j.Feature.List()
		s := sample{x: x[:], w: 1}
		if ex[i].pair.supported() {
			s.y, s.w = 1, positive
		}
		if ex[i].pair.heavy() {
			s.w *= heavyShare
		}
		all = append(all, s)
	}
	n := len(alignment.Features{}.List())
	w := make([]float64, n+1)
	for range steps {
		grad := make([]float64, n+1)
		total := 0.0
		for _, s := range all {
			z := w[n]
			for i := range s.x {
				z += w[i] * s.x[i]
			}
			d := s.w * (1/(1+math.Exp(-z)) - s.y)
			for i := range s.x {
				grad[i] += d * s.x[i]
			}
			grad[n] += d
			total += s.w
		}
		for i := range w {
			g := grad[i] / total
			if i < n {
				g += ridge * w[i]
			}
			w[i] -= rate * g
			if i < n {
				w[i] = min(w[i], 0)
			}
		}
	}
	return &model{w[n], fromList(w[:n])}
}

// heavyShare is the weight of a heavy rewording in the fit: nobody who keeps to the prompt writes so.
const heavyShare = 0.2

// fromList is the inverse of Features.List.
func fromList(w []float64) alignment.Features {
	f := alignment.Features{}
	for i, p := range f.Pointers() {
		*p = w[i]
	}
	return f
}

// strangeEvery is of how many supported pairs one is held against a strange passage.
const strangeEvery = 1

// strangers makes, of each third supported pair, one with the passage of another pair, which does not support it: the writers of the
// pairs made false sentences that are near their passage, and a model must learn that far away is no better.
func strangers(pairs []pair) []pair {
	var out []pair
	for i, p := range pairs {
		for k := 1; p.supported() && i%strangeEvery == 0 && k < len(pairs); k++ {
			if o := pairs[(i+k)%len(pairs)]; o.Passage != p.Passage {
				out = append(out, pair{ID: p.ID, Article: p.Article, Passage: o.Passage, Sentence: p.Sentence, Label: "not", Kind: "stranger", cited: o.cited})
				break
			}
		}
	}
	return out
}

// leaveOneOut judges each development article's pairs with a model fitted on the others' and on the rest.
func leaveOneOut(pairs, rest []example, m *model, positive float64) []outcome {
	var out []outcome
	for _, a := range development {
		learn := slices.Clone(rest)
		for _, e := range pairs {
			if e.article != a {
				learn = append(learn, e)
			}
		}
		fitted := train(learn, m, positive)
		for i := range pairs {
			if pairs[i].article == a && pairs[i].pair.Kind != "stranger" {
				o := outcome{pair: pairs[i].pair}
				if j := pairs[i].best(fitted); j != nil {
					o.verdict = j.verdict(fitted)
				}
				out = append(out, o)
			}
		}
	}
	return out
}

func natural(o outcome) bool { return o.pair.Kind == "faithful" || o.pair.Kind == "careless" }

// only are the outcomes for which ok holds.
func only(out []outcome, ok func(outcome) bool) []outcome {
	return slices.DeleteFunc(slices.Clone(out), func(o outcome) bool { return !ok(o) })
}

// TestFit prints coefficients (with -fit) and what leaving one article out gives.
func TestFit(t *testing.T) {
	if !*fit {
		t.Skip("only with -fit")
	}
	v := theCorpus(t).verifier
	pairs := append(readPairs(t, true), readNatural(t, true)...)
	own, rest := examples(v, append(pairs, strangers(pairs)...)), examples(v, rewordings(t))
	m := train(append(slices.Clone(own), rest...), v.model, positive)
	fmt.Printf("bias: %.2f,\n%+.2f\n", m.bias, m.weight)
	fitted := &Verifier{v.lex, m}
	report(t, "rewordings, which the fit has seen", judgeAll(fitted, rewordings(t)))
	n, wrong := strange(t, fitted)
	t.Logf("%d of %d strange sentences pass", wrong, n)
	old := func(out []outcome) []outcome { return light(only(out, func(o outcome) bool { return !natural(o) })) }
	for _, weight := range []float64{0.5, 0.7, 1, 1.25, 1.5, 2, 3, 5} { // the trade-off
		out := leaveOneOut(own, rest, v.model, weight)
		if weight == positive {
			report(t, "leave one article out", out)
			report(t, "old pairs without heavy rewording", old(out))
			report(t, "natural pairs", only(out, natural))
		}
		a, b := measured(old(out)), measured(only(out, natural))
		t.Logf("weight %4.1f: old pairs without heavy rewording: recall %.3f, false alarms %.3f, F1 %.3f; natural: recall %.3f, false alarms %.3f, F1 %.3f",
			weight, a.recall, a.falseAlarms, a.f1, b.recall, b.falseAlarms, b.f1)
	}
}
