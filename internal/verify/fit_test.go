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

// example is what the logistic function sees of a pair.
type example struct {
	pair    pair
	feature alignment.Features
	faulty  bool // has a fault whatever the score
}

// examples judges pairs under a model, which chooses among windows.
func examples(v *Verifier, m *model, pairs []pair) []example {
	out := make([]example, 0, len(pairs))
	for _, p := range pairs {
		s, w := v.lex.Read(p.Sentence), v.lex.ReadAll(p.passages())
		var best *judgement
		var score float64
		mt := alignment.NewMatcher(s, w)
		for _, win := range mt.Windows() {
			j := judge(mt, win)
			if got := j.verdict(m).Score; best == nil || got > score {
				best, score = j, got
			}
		}
		out = append(out, example{p, best.Feature, len(best.Faults) > 0})
	}
	return out
}

// Settings of the fit.
const (
	steps    = 6000
	rate     = 0.05
	ridge    = 0.02 // L2, per example
	positive = 1.0  // weight of a supported pair against one that is not; the trade-off that TestFit prints chose it
)

// train fits a model by gradient descent on the examples without a fault. Weights are held at or below zero, so that no fault
// in a sentence can ever raise its score. The heavy rewordings are among them.
func train(ex []example, positive float64) *model {
	n := len(alignment.Features{}.List())
	w := make([]float64, n+1)
	for range steps {
		grad := make([]float64, n+1)
		total := 0.0
		for _, e := range ex {
			if e.faulty {
				continue
			}
			x := e.feature.List()
			z := w[n]
			for i := range x {
				z += w[i] * x[i]
			}
			y, weight := 0.0, 1.0
			if e.pair.supported() {
				y, weight = 1, positive
			}
			d := weight * (1/(1+math.Exp(-z)) - y)
			for i := range x {
				grad[i] += d * x[i]
			}
			grad[n] += d
			total += weight
		}
		for i := range w {
			g := grad[i] / total
			if i < n {
				g += ridge * w[i] / 10
			}
			w[i] -= rate * 4 * g
			if i < n {
				w[i] = min(w[i], 0)
			}
		}
	}
	return &model{w[n], fromList(w[:n])}
}

// fromList is the inverse of features.list.
func fromList(w []float64) alignment.Features {
	f := alignment.Features{}
	for i, p := range f.Pointers() {
		*p = w[i]
	}
	return f
}

// strangers is how many passages a supported sentence is paired with that do not support it.
const strangers = 3

// withStrangers adds each supported sentence with the passages of other pairs, which do not support it: the writers of the
// pairs made false sentences that are near their passage, and a model must learn that far away is no better.
func withStrangers(pairs []pair) []pair {
	out := slices.Clone(pairs)
	for i, p := range pairs {
		added := 0
		for k := 1; p.supported() && k < len(pairs) && added < strangers; k++ {
			if o := pairs[(i+k)%len(pairs)]; o.Passage != p.Passage && o.Passage != out[len(out)-1].Passage {
				out = append(out, pair{p.ID, p.Article, o.Passage, p.Sentence, "not", "stranger", o.cited})
				added++
			}
		}
	}
	return out
}

// leaveOneOut checks each development article's pairs with a model fitted on the others.
func leaveOneOut(v *Verifier, pairs []pair, m *model, positive float64) []outcome {
	var out []outcome
	for _, a := range development {
		var rest, own []pair
		for _, p := range pairs {
			if path.Base(p.Article) == a {
				own = append(own, p)
			} else {
				rest = append(rest, p)
			}
		}
		fitted := train(examples(v, m, withStrangers(rest)), positive)
		out = append(out, judgeAll(&Verifier{v.lex, fitted}, own)...)
	}
	return out
}

// TestFit prints coefficients (with -fit) and what leaving one article out gives.
func TestFit(t *testing.T) {
	if !*fit {
		t.Skip("only with -fit")
	}
	v := theCorpus(t).verifier
	pairs := readPairs(t, true)
	m := v.model
	for range 2 {
		m = train(examples(v, m, withStrangers(append(rewordings(t), pairs...))), positive)
	}
	fmt.Printf("bias: %.2f,\n%+.2f\n", m.bias, m.weight)
	fitted := &Verifier{v.lex, m}
	report(t, "rewordings, which the fit has seen", judgeAll(fitted, rewordings(t)))
	n, wrong := strange(t, fitted)
	t.Logf("%d of %d strange sentences pass", wrong, n)
	out := leaveOneOut(v, pairs, v.model, positive)
	report(t, "leave one article out", out)
	heavy := slices.DeleteFunc(slices.Clone(out), func(o outcome) bool { return o.pair.heavy() })
	report(t, "the same without heavy rewording", heavy)
	for _, weight := range []float64{0.3, 0.5, 1, 1.5, 2.5, 4, 8, 16} { // the trade-off
		all := leaveOneOut(v, pairs, v.model, weight)
		light := slices.DeleteFunc(slices.Clone(all), func(o outcome) bool { return o.pair.heavy() })
		m := measured(all)
		t.Logf("weight %4.1f: recall %.3f, false alarms %.3f (%.3f without heavy rewording), F1 %.3f", weight, m.recall, m.falseAlarms, measured(light).falseAlarms, m.f1)
	}
}
