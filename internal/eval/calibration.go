package eval

import (
	"math"
	"slices"
	"sort"

	"kildesvar/internal/answer"
)

// bins is how many bins of equal width a reliability diagram has, as in Guo et al. (2017).
const bins = 10

// maxPoints is how many points a risk–coverage curve has at most; more cannot be told apart in a picture.
const maxPoints = 200

// Calibration is what the confidence of answers is worth.
//
// An answer is right when the question is answerable and the first source is of a right article. Curve and Answers look at
// the answered questions; Corpus looks at all but the personal cases, which are declined whatever the confidence, and asks
// what the confidence promises: whether the corpus answers the question at all.
type Calibration struct {
	Curve   []Point     `json:"risk_coverage"`
	AURC    float64     `json:"aurc"` // mean risk over the answered questions, taken by falling confidence; 0 is perfect
	Answers Reliability `json:"reliability"`
	Corpus  Reliability `json:"reliability_corpus"`
}

// Point is a place on the risk–coverage curve: what would come of answering only at this confidence and above.
type Point struct {
	Confidence float64 `json:"confidence"`
	Coverage   float64 `json:"coverage"` // share of all questions that are answered
	Risk       float64 `json:"risk"`     // share of those answers that are wrong
}

// Reliability compares confidence with what happened.
type Reliability struct {
	N    int     `json:"n"`
	ECE  float64 `json:"ece"`  // expected calibration error: mean distance of confidence and share over the questions, by bins
	Bins []Bin   `json:"bins"` // those with questions, by rising confidence
}

// Bin is the questions of which the confidence is in [From, To); the last bin has 1 too.
type Bin struct {
	From       float64 `json:"from"`
	To         float64 `json:"to"`
	N          int     `json:"n"`
	Confidence float64 `json:"confidence"` // mean
	Share      float64 `json:"share"`      // of the questions that went well
	Low        float64 `json:"low"`        // 95 % interval of Share after Wilson (1927)
	High       float64 `json:"high"`
}

// guess is a confidence and whether it came true.
type guess struct {
	confidence float64
	right      bool
}

// Calibrate measures the confidence of outcomes.
func Calibrate(outcomes []Outcome) Calibration {
	var answers, corpus []guess
	for _, o := range outcomes {
		if o.Answer.Status == answer.StatusAnswered {
			answers = append(answers, guess{o.Answer.Confidence, o.Gold.Answerable && o.Measures["top_source_accuracy"] == 1})
		}
		if o.Answer.Status != answer.StatusPersonalCase {
			corpus = append(corpus, guess{o.Answer.Confidence, o.Gold.Answerable})
		}
	}
	c := Calibration{Answers: reliability(answers), Corpus: reliability(corpus)}
	c.Curve, c.AURC = riskCoverage(answers, len(outcomes))
	return c
}

// riskCoverage answers by falling confidence. Answers of equal confidence come together, so that their order means nothing.
func riskCoverage(answers []guess, questions int) ([]Point, float64) {
	sorted := slices.Clone(answers)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].confidence > sorted[j].confidence })
	points := []Point{}
	wrong, area, from := 0, 0.0, 0
	for i, g := range sorted {
		if !g.right {
			wrong++
		}
		if i+1 < len(sorted) && sorted[i+1].confidence == g.confidence {
			continue
		}
		risk := float64(wrong) / float64(i+1)
		points = append(points, Point{g.confidence, float64(i+1) / float64(questions), risk})
		area += risk * float64(i+1-from)
		from = i + 1
	}
	if len(sorted) > 0 {
		area /= float64(len(sorted))
	}
	return thin(points), area
}

// thin leaves at most maxPoints evenly spread points, the first and the last among them.
func thin(points []Point) []Point {
	if len(points) <= maxPoints {
		return points
	}
	out := make([]Point, maxPoints)
	for i := range out {
		out[i] = points[i*(len(points)-1)/(maxPoints-1)]
	}
	return out
}

func reliability(guesses []guess) Reliability {
	r := Reliability{N: len(guesses), Bins: []Bin{}}
	for b := range bins {
		bin := Bin{From: float64(b) / bins, To: float64(b+1) / bins}
		right, sum := 0, 0.0
		for _, g := range guesses {
			if min(int(g.confidence*bins), bins-1) != b {
				continue
			}
			bin.N++
			sum += g.confidence
			if g.right {
				right++
			}
		}
		if bin.N == 0 {
			continue
		}
		n := float64(bin.N)
		bin.Confidence, bin.Share = sum/n, float64(right)/n
		bin.Low, bin.High = wilson(bin.Share, n)
		r.ECE += n / float64(len(guesses)) * math.Abs(bin.Confidence-bin.Share)
		r.Bins = append(r.Bins, bin)
	}
	return r
}

// wilson is the 95 % score interval of a share of n.
func wilson(share, n float64) (low, high float64) {
	const z = 1.959964
	middle := (share + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(share*(1-share)/n+z*z/(4*n*n))
	return max(0, middle-half), min(1, middle+half)
}
