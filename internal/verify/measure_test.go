package verify

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"
)

// outcome is a pair with its verdict.
type outcome struct {
	pair    pair
	verdict Verdict
}

func judgeAll(v *Verifier, pairs []pair) []outcome {
	out := make([]outcome, 0, len(pairs))
	for _, p := range pairs {
		out = append(out, outcome{p, v.Check(p.Sentence, p.passages())})
	}
	return out
}

// measures are those of »not supported«.
type measures struct{ f1, precision, recall, falseAlarms float64 }

func measured(out []outcome) measures {
	var tp, fp, fn, tn float64
	for _, o := range out {
		switch {
		case !o.verdict.Supported && !o.pair.supported():
			tp++
		case !o.verdict.Supported:
			fp++
		case !o.pair.supported():
			fn++
		default:
			tn++
		}
	}
	m := measures{precision: tp / max(tp+fp, 1), recall: tp / max(tp+fn, 1), falseAlarms: fp / max(fp+tn, 1)}
	m.f1 = 2 * tp / max(2*tp+fp+fn, 1)
	return m
}

// resamples is how many samples a bootstrap interval is of.
const resamples = 1000

// interval is the 95 % bootstrap interval of a measure.
func interval(out []outcome, of func(measures) float64) (low, high float64) {
	r := rand.New(rand.NewSource(1))
	values := make([]float64, resamples)
	sample := make([]outcome, len(out))
	for i := range values {
		for k := range sample {
			sample[k] = out[r.Intn(len(out))]
		}
		values[i] = of(measured(sample))
	}
	slices.Sort(values)
	return values[resamples*25/1000], values[resamples*975/1000]
}

// report logs the measures with their intervals.
func report(t *testing.T, name string, out []outcome) measures {
	t.Helper()
	m := measured(out)
	line := fmt.Sprintf("%s, %d pairs:", name, len(out))
	for _, x := range []struct {
		name string
		of   func(measures) float64
	}{
		{"F1", func(m measures) float64 { return m.f1 }},
		{"precision", func(m measures) float64 { return m.precision }},
		{"recall", func(m measures) float64 { return m.recall }},
		{"false alarms", func(m measures) float64 { return m.falseAlarms }},
	} {
		low, high := interval(out, x.of)
		line += fmt.Sprintf(" %s %.3f [%.3f, %.3f]", x.name, x.of(m), low, high)
	}
	t.Log(line)
	return m
}
