package eval

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"sort"
)

// resamples is how many bootstrap samples an interval rests on.
const resamples = 2000

// Measure is a mean with its 95 % bootstrap interval.
type Measure struct {
	Value     float64
	Low, High float64
	N         int // questions it applies to
}

// Report is the measures of a set of questions and of its groups. Groups have measures alone.
type Report struct {
	Questions   int
	Measures    map[string]Measure
	ByTag       map[string]Report
	ByAudience  map[string]Report
	BySplit     map[string]Report
	ByShape     map[string]Report // questions whose gold says which shape of answer it asks for
	ByArticle   map[string]Report // answerable questions by each of their right articles
	Calibration *Calibration
	Baseline    *Comparison // with earlier measures, when there are any; Summarise leaves it nil
}

// Summarise computes a report. Equal outcomes give equal reports: the bootstrap is seeded.
func Summarise(outcomes []Outcome) Report {
	r := group(outcomes)
	r.ByTag = split(outcomes, func(o Outcome) []string { return o.Gold.Tags })
	r.ByAudience = split(outcomes, func(o Outcome) []string { return []string{o.Gold.Audience} })
	r.BySplit = split(outcomes, func(o Outcome) []string { return []string{o.Gold.Split} })
	r.ByShape = split(outcomes, func(o Outcome) []string {
		if o.Gold.Shape == "" {
			return nil
		}
		return []string{o.Gold.Shape}
	})
	r.ByArticle = split(outcomes, func(o Outcome) []string {
		if !o.Gold.Answerable {
			return nil
		}
		return o.Gold.Articles
	})
	c := Calibrate(outcomes)
	r.Calibration = &c
	return r
}

func split(outcomes []Outcome, keys func(Outcome) []string) map[string]Report {
	groups := map[string][]Outcome{}
	for _, o := range outcomes {
		for _, k := range keys(o) {
			groups[k] = append(groups[k], o)
		}
	}
	out := make(map[string]Report, len(groups))
	for k, g := range groups {
		out[k] = group(g)
	}
	return out
}

func group(outcomes []Outcome) Report {
	r := Report{Questions: len(outcomes), Measures: map[string]Measure{}}
	for _, name := range Names {
		var values []float64
		for _, o := range outcomes {
			if v, ok := o.Measures[name]; ok {
				values = append(values, v)
			}
		}
		if len(values) > 0 {
			r.Measures[name] = bootstrap(values)
		}
	}
	return r
}

// bootstrap gives the mean and the percentile interval of Efron (1979) over questions.
func bootstrap(values []float64) Measure {
	m := Measure{Value: mean(values), N: len(values)}
	rng := rand.New(rand.NewPCG(1, uint64(len(values))))
	means := make([]float64, resamples)
	for i := range means {
		var sum float64
		for range values {
			sum += values[rng.IntN(len(values))]
		}
		means[i] = sum / float64(len(values))
	}
	sort.Float64s(means)
	m.Low, m.High = means[resamples*25/1000], means[resamples*975/1000-1]
	return m
}

func mean(values []float64) float64 {
	var sum float64
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// MarshalJSON gives the contract's form: the measures by name at the top level, intervals under "intervals"; the fields of
// Calibration and "ece", that of its Answers, at the top level too.
func (r Report) MarshalJSON() ([]byte, error) {
	m := map[string]any{"questions": r.Questions}
	intervals := map[string][2]float64{}
	counts := map[string]int{}
	for name, v := range r.Measures {
		m[name] = v.Value
		intervals[name] = [2]float64{v.Low, v.High}
		counts[name] = v.N
	}
	m["intervals"], m["counts"] = intervals, counts
	for name, g := range map[string]map[string]Report{"by_tag": r.ByTag, "by_audience": r.ByAudience, "by_split": r.BySplit, "by_shape": r.ByShape, "by_article": r.ByArticle} {
		if g != nil {
			m[name] = g
		}
	}
	if c := r.Calibration; c != nil {
		m["risk_coverage"], m["aurc"], m["ece"] = c.Curve, c.AURC, c.Answers.ECE
		m["reliability"], m["reliability_corpus"] = c.Answers, c.Corpus
	}
	if r.Baseline != nil {
		m["baseline"] = r.Baseline
	}
	return json.Marshal(m)
}

// Groups returns the names of a map of reports in order.
func Groups(m map[string]Report) []string {
	names := make([]string, 0, len(m))
	for k := range m {
		names = append(names, k)
	}
	slices.Sort(names)
	return names
}
