package report

import (
	"flag"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

var fitPairs = flag.Bool("fit", false, "fit the model of pairs anew and show its coefficients and thresholds")

// forgetful is the list of subjects without some of its words, drawn at random, as questions will have words that it lacks.
func forgetful(seed uint64, keep float64) *subjects {
	r := rand.New(rand.NewPCG(seed, 7))
	var kept strings.Builder
	for line := range strings.Lines(subjectList) {
		name, words, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		kept.WriteString(name + ":")
		for _, w := range strings.Fields(words) {
			if w == "|" || r.Float64() < keep {
				kept.WriteString(" " + w)
			}
		}
		kept.WriteString("\n")
	}
	return readSubjects(kept.String())
}

// sample is questions that were grouped on their own, with their true groups.
type sample struct {
	qs    []meaning
	truth []int
}

// rows are the features of all pairs, and which belong together.
func rows(samples []sample) (x [][features]float64, y []bool) {
	for _, s := range samples {
		for i := range s.qs {
			for j := range i {
				x, y = append(x, compare(&s.qs[i], &s.qs[j])), append(y, s.truth[i] == s.truth[j])
			}
		}
	}
	return x, y
}

// ridge is the L2 penalty on all coefficients but the bias.
const ridge = 1

// fit is logistic regression by Newton's method, in steps of at most 1.
func fit(x [][features]float64, y []bool) (w [features]float64) {
	for range 40 {
		var h [features][features + 1]float64 // the Hessian and, last, the gradient
		for i, row := range x {
			p := probability(w, row)
			miss := -p
			if y[i] {
				miss++
			}
			for k, v := range row {
				h[k][features] += miss * v
				for l, u := range row {
					h[k][l] += p * (1 - p) * v * u
				}
			}
		}
		h[0][0] += 1e-6
		for k := 1; k < features; k++ {
			h[k][k] += ridge
			h[k][features] -= ridge * w[k]
		}
		step := solved(h)
		longest := 1.0
		for _, v := range step {
			longest = max(longest, math.Abs(v))
		}
		for k, v := range step {
			w[k] += v / longest
		}
	}
	return w
}

// solved is the solution of linear equations by Gauss and Jordan; h is positive definite, so no pivot is 0.
func solved(h [features][features + 1]float64) (out [features]float64) {
	for k := range h {
		for l := range h {
			if l == k {
				continue
			}
			f := h[l][k] / h[k][k]
			for c := k; c <= features; c++ {
				h[l][c] -= f * h[k][c]
			}
		}
	}
	for k := range h {
		out[k] = h[k][features] / h[k][k]
	}
	return out
}

// TestFit recovers the coefficients that pairs were drawn with.
func TestFit(t *testing.T) {
	want := [features]float64{-1, 2, -1, 0.5, 1, 0, -2, 1, 0.5}
	r := rand.New(rand.NewPCG(3, 4))
	var x [][features]float64
	var y []bool
	for range 20000 {
		row := [features]float64{1}
		for k := 1; k < features; k++ {
			row[k] = r.Float64()
		}
		x, y = append(x, row), append(y, r.Float64() < probability(want, row))
	}
	for k, v := range fit(x, y) {
		if math.Abs(v-want[k]) > 0.2 {
			t.Errorf("coefficient %d is %.2f, want %.2f", k, v, want[k])
		}
	}
}

// TestFitPairs shows, with -fit, the coefficients of pairModel, and F1 by threshold on each set with a model that was fitted to the others.
// Each set is grouped on its own, with lists of subjects that lack a third of the words.
func TestFitPairs(t *testing.T) {
	if !*fitPairs {
		t.Skip("only with -fit")
	}
	s, sets := searcher(t), map[string][]sample{}
	groups := append(labels(t, "grupper.jsonl"), labels(t, "egne.jsonl")...)
	names := []string{"train", "test", "egne1", "egne2", "egne3", "egne4", "egne5"}
	for _, list := range []*subjects{forgetful(1, 0.65), forgetful(2, 0.65), forgetful(3, 0.8)} {
		for _, name := range names {
			texts, truth := half(groups, name)
			qs, err := understand(t.Context(), texts, s, list)
			if err != nil {
				t.Fatal(err)
			}
			sets[name] = append(sets[name], sample{qs, truth})
		}
	}
	var all []sample
	thresholds := []float32{0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4}
	sum := make([]float64, len(thresholds))
	for _, name := range names {
		var others []sample
		for _, other := range names {
			if other != name {
				others = append(others, sets[other]...)
			}
		}
		w := fit(rows(others))
		all = append(all, sets[name]...)
		for n, threshold := range thresholds {
			f := 0.0
			for _, one := range sets[name] {
				c := linked(len(one.qs), threshold, func(i, j int) float32 { return float32(probability(w, compare(&one.qs[i], &one.qs[j]))) })
				_, _, f1 := pairwise(c, one.truth)
				f += f1 / float64(len(sets[name]))
			}
			sum[n] += f / float64(len(names))
			t.Logf("%s left out, threshold %.2f: F1 %.3f", name, threshold, f)
		}
	}
	w := fit(rows(all))
	t.Logf("pairModel: %.2f; mean F1 by threshold %v: %.3f, best at %v", w, thresholds, sum, thresholds[slices.Index(sum, slices.Max(sum))])
}
