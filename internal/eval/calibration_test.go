package eval

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kildesvar/internal/answer"
	"kildesvar/internal/article"
	"kildesvar/internal/chart"
)

// sure is an outcome of a question with this confidence.
func sure(confidence float64, answerable, right bool) Outcome {
	a := replied("x", nil, "t/a")
	a.Confidence = confidence
	o := Outcome{Gold: article.Gold{Answerable: answerable, Articles: []string{"t/a"}}, Answer: a, Measures: map[string]float64{}}
	if answerable {
		o.Measures["top_source_accuracy"] = yes(right)
	}
	return o
}

// declined is an outcome of a question that was not answered.
func declined(status answer.Status, confidence float64, answerable bool) Outcome {
	return Outcome{Gold: article.Gold{Answerable: answerable}, Answer: &answer.Answer{Status: status, Confidence: confidence}}
}

func TestCalibrate(t *testing.T) {
	outcomes := []Outcome{
		declined(answer.StatusNotCovered, 0.10, false), declined(answer.StatusNotCovered, 0.14, true), declined(answer.StatusPersonalCase, 0.99, false),
		sure(0.6, true, true), sure(0.9, true, false), sure(0.6, false, false), sure(1, true, true), sure(0.9, true, true),
	}
	got := Calibrate(outcomes)
	want := Calibration{
		// 1 right; then two at 0.9, one of them wrong; then two at 0.6, one of them wrong.
		Curve: []Point{{1, 1.0 / 8, 0}, {0.9, 3.0 / 8, 1.0 / 3}, {0.6, 5.0 / 8, 2.0 / 5}},
		AURC:  (0 + 2*1.0/3 + 2*2.0/5) / 5,
		Answers: Reliability{N: 5, ECE: 2.0/5*0.1 + 3.0/5*math.Abs(2.8/3-2.0/3), Bins: []Bin{
			{From: 0.6, To: 0.7, N: 2, Confidence: 0.6, Share: 0.5}, {From: 0.9, To: 1, N: 3, Confidence: 2.8 / 3, Share: 2.0 / 3}}},
		Corpus: Reliability{N: 7, ECE: 2.0/7*0.38 + 2.0/7*0.1 + 3.0/7*(1-2.8/3), Bins: []Bin{
			{From: 0.1, To: 0.2, N: 2, Confidence: 0.12, Share: 0.5}, {From: 0.6, To: 0.7, N: 2, Confidence: 0.6, Share: 0.5},
			{From: 0.9, To: 1, N: 3, Confidence: 2.8 / 3, Share: 1}}},
	}
	for _, r := range []*Reliability{&got.Answers, &got.Corpus} {
		for i, b := range r.Bins {
			if b.Low < 0 || b.Low > b.Share || b.High < b.Share || b.High > 1 {
				t.Errorf("interval of %+v", b)
			}
			r.Bins[i].Low, r.Bins[i].High = 0, 0
		}
	}
	if diff := cmp.Diff(want, got, near); diff != "" {
		t.Error(diff)
	}
	// The order of equal confidences means nothing.
	outcomes[3], outcomes[5] = outcomes[5], outcomes[3]
	if diff := cmp.Diff(want.Curve, Calibrate(outcomes).Curve, near); diff != "" {
		t.Error(diff)
	}
	if none := Calibrate(nil); none.Curve == nil || none.Answers.Bins == nil || none.AURC != 0 || none.Answers.ECE != 0 {
		t.Errorf("of nothing: %+v", none)
	}
}

// TestWilson compares with Brown, Cai and DasGupta's (2001) formula worked by hand: 8 of 10 is 0.490 to 0.943.
func TestWilson(t *testing.T) {
	low, high := wilson(0.8, 10)
	if math.Abs(low-0.490) > 5e-4 || math.Abs(high-0.943) > 5e-4 {
		t.Errorf("%.4f to %.4f", low, high)
	}
}

func TestThin(t *testing.T) {
	var points []Point
	for i := range 1000 {
		points = append(points, Point{Coverage: float64(i)})
	}
	got := thin(points)
	if len(got) != maxPoints || got[0] != points[0] || got[maxPoints-1] != points[999] {
		t.Errorf("%d points from %v to %v", len(got), got[0], got[len(got)-1])
	}
	if same := thin(points[:maxPoints]); len(same) != maxPoints {
		t.Errorf("%d points of few", len(same))
	}
}

// TestByArticle: a question stands under each of its right articles, one that has no answer under none.
func TestByArticle(t *testing.T) {
	two := sure(0.9, true, true)
	two.Gold.Articles = []string{"t/a", "t/b"}
	none := sure(0.9, false, false)
	r := Summarise([]Outcome{sure(0.8, true, true), two, none})
	if len(r.ByArticle) != 2 || r.ByArticle["t/a"].Questions != 2 || r.ByArticle["t/b"].Questions != 1 {
		t.Errorf("%+v", r.ByArticle)
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		ByArticle    map[string]any `json:"by_article"`
		RiskCoverage []Point        `json:"risk_coverage"`
		Reliability  Reliability    `json:"reliability"`
		Corpus       Reliability    `json:"reliability_corpus"`
		ECE          float64        `json:"ece"`
		Baseline     any            `json:"baseline"`
	}
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	if len(m.ByArticle) != 2 || len(m.RiskCoverage) != 2 || m.Reliability.N != 3 || m.Corpus.N != 3 || m.ECE != m.Reliability.ECE || m.Baseline != nil {
		t.Errorf("%s", data)
	}
}

func TestNumbers(t *testing.T) {
	for got, want := range map[string]string{chart.Decimal(-0.0004): "0,000", chart.Decimal(-0.25): "−0,250", chart.Decimal(1): "1,000", chart.Percent(0.125): "12 %", chart.Percent(1): "100 %"} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	c := curveChart(Calibration{Curve: []Point{{0.9, 0.5, 0.31}}}, 0.9)
	if top := c.Y[5].Label; top != "40 %" {
		t.Errorf("a risk of 0.31 is drawn on a scale to %s", top)
	}
	if at := fmt.Sprint(c.Dots[0].X); at != fmt.Sprint((c.Left+c.Right)/2) {
		t.Errorf("a coverage of a half stands at %s of %v to %v", at, c.Left, c.Right)
	}
}
