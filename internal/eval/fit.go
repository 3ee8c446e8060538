package eval

import (
	"math"
	"slices"
	"sort"
	"strings"

	"kildesvar/internal/answer"
	"kildesvar/internal/article"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/sentence"
)

// ridge is the L2 penalty of Fit; it keeps coefficients of rare features small.
const ridge = 0.5

// Fit returns the coefficients of a logistic regression with an L2 penalty on all but the first (the bias). Equal input gives equal output.
func Fit(x [][]float64, y []bool) []float64 {
	if len(x) == 0 {
		return nil
	}
	return descend(len(x[0]), 20_000, 0.5, 1e-10, func(w []float64) ([]float64, float64) { return gradient(x, y, w) })
}

// descend is gradient descent from zero with a step that halves when the loss grows. It ends after so many rounds, or when the loss
// changes by less than still.
func descend(size, rounds int, step, still float64, gradient func(w []float64) ([]float64, float64)) []float64 {
	w := make([]float64, size)
	last := math.Inf(1)
	for range rounds {
		grad, loss := gradient(w)
		if loss > last {
			step /= 2
		}
		if math.Abs(last-loss) < still || step < 1e-9 {
			break
		}
		last = loss
		for j := range w {
			w[j] -= step * grad[j]
		}
	}
	return w
}

// gradient is that of the mean log loss plus the penalty.
func gradient(x [][]float64, y []bool, w []float64) ([]float64, float64) {
	grad := make([]float64, len(w))
	loss, n := 0.0, float64(len(x))
	for i, row := range x {
		var z float64
		for j, v := range row {
			z += w[j] * v
		}
		p := 1 / (1 + math.Exp(-z))
		target := 0.0
		if y[i] {
			target = 1
			loss -= math.Log(max(p, 1e-12)) / n
		} else {
			loss -= math.Log(max(1-p, 1e-12)) / n
		}
		for j, v := range row {
			grad[j] += (p - target) * v / n
		}
	}
	for j := 1; j < len(w); j++ {
		grad[j] += ridge * w[j] / n
		loss += ridge * w[j] * w[j] / (2 * n)
	}
	return grad, loss
}

// ConfidenceRows are what the confidence model is fitted to: the signals of the train split's questions whose answer depends on it, and
// whether the articles answer them.
func ConfidenceRows(outcomes []Outcome) (x [][]float64, y []bool) {
	for _, o := range outcomes {
		depends := o.Answer.Status == answer.StatusAnswered || o.Answer.Status == answer.StatusNotCovered
		if o.Gold.Split == "train" && depends && o.Found.Shape.Asks() {
			x, y = append(x, o.Found.Signals.Features()), append(y, o.Gold.Answerable)
		}
	}
	return x, y
}

// SentenceRows are what the sentence model is fitted to: the sentences of the first hits for the train split's answerable questions. One
// is right when it is of a right article and has one of the question's facts.
func SentenceRows(outcomes []Outcome, examples func(*retrieval.Result) []sentence.Example) (x [][]float64, y []bool) {
	for _, o := range outcomes {
		if o.Gold.Split != "train" || !o.Gold.Answerable || len(o.Gold.Facts) == 0 {
			continue
		}
		for _, e := range examples(o.Found) {
			right := slices.Contains(o.Gold.Articles, e.Article) && slices.ContainsFunc(o.Gold.Facts, func(f string) bool { return article.Holds(e.Text, f) })
			x, y = append(x, e.Features), append(y, right)
		}
	}
	return x, y
}

// Threshold is a lowest confidence to answer at, and what comes of it: the shares of answerable and of unanswerable questions
// that are refused.
type Threshold struct{ Value, FalseRefusal, RefusalRecall float64 }

// Thresholds are those that refuse 1, 2, … n hundredths of the answerable questions.
func Thresholds(x [][]float64, y []bool, m interface{ Probability([]float64) float64 }, n int) (out []Threshold) {
	var good, bad []float64
	for i, row := range x {
		if p := m.Probability(row); y[i] {
			good = append(good, p)
		} else {
			bad = append(bad, p)
		}
	}
	if len(good) == 0 || len(bad) == 0 {
		return nil
	}
	slices.Sort(good)
	slices.Sort(bad)
	for k := range n {
		v := good[(k+1)*len(good)/100]
		refused, _ := slices.BinarySearch(good, v)
		rightly, _ := slices.BinarySearch(bad, v)
		out = append(out, Threshold{v, float64(refused) / float64(len(good)), float64(rightly) / float64(len(bad))})
	}
	return out
}

// AblationRow is a report with one kind of evidence switched off.
type AblationRow struct {
	Name   string
	Report Report
}

// Worst returns the n outcomes with the lowest scores, worst first: wrong or missing sources, facts not shown, answers to what
// the corpus does not answer.
func Worst(outcomes []Outcome, n int) []Outcome {
	sorted := append([]Outcome(nil), outcomes...)
	sort.SliceStable(sorted, func(i, j int) bool { return goodness(sorted[i]) < goodness(sorted[j]) })
	return sorted[:min(n, len(sorted))]
}

func goodness(o Outcome) float64 {
	if !o.Gold.Answerable {
		return 2*o.Measures["refusal_recall"] - o.Answer.Confidence
	}
	return o.Measures["top_source_accuracy"] + o.Measures["fact_recall"]
}

// Why says in a line how an outcome fell short.
func Why(o Outcome) string {
	var parts []string
	answered := o.Answer.Status == answer.StatusAnswered
	switch {
	case !o.Gold.Answerable && answered:
		parts = append(parts, "besvaret, men korpus har ikke svaret")
	case o.Gold.Answerable && !answered:
		parts = append(parts, "afvist ("+string(o.Answer.Status)+")")
	}
	if o.Gold.Answerable && answered {
		if o.Measures["top_source_accuracy"] == 0 {
			parts = append(parts, "første kilde er "+o.Answer.Sources[0].Passage+", ventet "+strings.Join(o.Gold.Articles, " eller "))
		}
		for _, f := range o.Gold.Facts {
			if !hasFact(o.Answer, f) {
				parts = append(parts, "mangler »"+f+"«")
			}
		}
	}
	if len(parts) == 0 {
		return faultless
	}
	return strings.Join(parts, "; ")
}

// faultless is what Why says of an outcome that did not fall short.
const faultless = "uden fejl"

// Faulty reports whether Why has something to say.
func Faulty(o Outcome) bool { return Why(o) != faultless }
