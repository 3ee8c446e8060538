package eval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kildesvar/internal/answer"
	"kildesvar/internal/article"
	"kildesvar/internal/assistant"
	"kildesvar/internal/passage"
	"kildesvar/internal/retrieval"
)

// near compares numbers that come from sums.
var near = cmpopts.EquateApprox(0, 1e-9)

// hits are passages of the articles named.
func hits(articles ...string) []retrieval.Hit {
	var out []retrieval.Hit
	for i, a := range articles {
		out = append(out, retrieval.Hit{Passage: &passage.Passage{ID: fmt.Sprintf("%s#s.%d", a, i), Article: a}})
	}
	return out
}

// replied is an answer with sources of the articles named.
func replied(text string, literature []string, articles ...string) *answer.Answer {
	a := &answer.Answer{Status: answer.StatusAnswered, Claims: []answer.Claim{{Text: text, Sources: []int{1}}}}
	for i, art := range articles {
		a.Sources = append(a.Sources, answer.Source{N: i + 1, Passage: art + "#s.1", Article: art})
	}
	for _, k := range literature {
		a.Literature = append(a.Literature, answer.Reference{ID: k})
	}
	return a
}

func TestMeasures(t *testing.T) {
	gold := article.Gold{Answerable: true, Articles: []string{"t/a", "t/b"}, Literature: []string{"k", "l"}, Facts: []string{"70 år | halvfjerds", "Æbler"}}
	refused := &answer.Answer{Status: answer.StatusNotCovered}
	log2 := func(x float64) float64 { return 1 / math.Log2(x) }
	for name, c := range map[string]struct {
		gold   article.Gold
		answer *answer.Answer
		hits   []retrieval.Hit
		want   map[string]float64
	}{
		"all right": {gold, replied("De fik æbler i halvfjerds dage.", []string{"k", "l", "m"}, "t/b", "t/a"), hits("t/a", "t/b"), map[string]float64{
			"recall@1": 1, "recall@5": 1, "mrr@10": 1, "ndcg@10": 1, "answer_rate": 1, "top_source_accuracy": 1, "citation_recall": 1,
			"citation_precision": 1, "fact_recall": 1, "literature_recall": 1, "false_refusal": 0}},
		"first source wrong": {gold, replied("AEBLER", []string{"k"}, "t/x", "t/a", "t/y", "t/z"), hits("t/x", "t/a"), map[string]float64{
			"recall@1": 0, "recall@5": 1, "mrr@10": 0.5, "ndcg@10": log2(3) / (1 + log2(3)), "answer_rate": 1, "top_source_accuracy": 0, "citation_recall": 1,
			"citation_precision": 0.25, "fact_recall": 0.5, "literature_recall": 0.5, "false_refusal": 0}},
		"all wrong": {gold, replied("Nej.", nil, "t/x"), hits("t/x"), map[string]float64{
			"recall@1": 0, "recall@5": 0, "mrr@10": 0, "ndcg@10": 0, "answer_rate": 1, "top_source_accuracy": 0, "citation_recall": 0,
			"citation_precision": 0, "fact_recall": 0, "literature_recall": 0, "false_refusal": 0}},
		"sixth": {gold, replied("Nej.", nil, "t/x"), hits("t/x", "t/x", "t/x", "t/x", "t/x", "t/a"), map[string]float64{
			"recall@1": 0, "recall@5": 0, "mrr@10": 1.0 / 6, "ndcg@10": log2(7) / (1 + log2(3) + log2(4) + log2(5) + log2(6) + log2(7)), "answer_rate": 1,
			"top_source_accuracy": 0, "citation_recall": 0, "citation_precision": 0, "fact_recall": 0, "literature_recall": 0, "false_refusal": 0}},
		"refused": {gold, refused, hits("t/a"), map[string]float64{
			"recall@1": 1, "recall@5": 1, "mrr@10": 1, "ndcg@10": 1, "answer_rate": 0, "top_source_accuracy": 0, "citation_recall": 0,
			"fact_recall": 0, "literature_recall": 0, "false_refusal": 1}},
		"nothing found": {article.Gold{Answerable: true, Articles: []string{"t/a"}}, refused, nil, map[string]float64{
			"recall@1": 0, "recall@5": 0, "mrr@10": 0, "ndcg@10": 0, "answer_rate": 0, "top_source_accuracy": 0, "citation_recall": 0, "false_refusal": 1}},
		"rightly refused":     {article.Gold{}, refused, hits("t/a"), map[string]float64{"refusal_recall": 1}},
		"a case":              {article.Gold{}, &answer.Answer{Status: answer.StatusPersonalCase}, nil, map[string]float64{"refusal_recall": 1}},
		"wrongly answered":    {article.Gold{}, replied("Jo.", nil, "t/a"), hits("t/a"), map[string]float64{"refusal_recall": 0}},
		"facts of empty text": {article.Gold{Answerable: true, Articles: []string{"t/a"}, Facts: []string{" | ", "x"}}, replied("x", nil, "t/a"), hits("t/a"), map[string]float64{"recall@1": 1, "recall@5": 1, "mrr@10": 1, "ndcg@10": 1, "answer_rate": 1, "top_source_accuracy": 1, "citation_recall": 1, "citation_precision": 1, "fact_recall": 0.5, "false_refusal": 0}},
	} {
		t.Run(name, func(t *testing.T) {
			got := measure(c.gold, c.answer, c.hits)
			if diff := cmp.Diff(c.want, got, near); diff != "" {
				t.Error(diff)
			}
			for m := range got {
				if !strings.Contains(" "+strings.Join(Names, " ")+" ", " "+m+" ") {
					t.Errorf("measure %s has no place in reports", m)
				}
			}
		})
	}
}

// outcomes are n questions of which the first right ones are right.
func outcomes(n, right int) []Outcome {
	var out []Outcome
	for i := range n {
		g := article.Gold{ID: fmt.Sprint(i), Answerable: true, Audience: "nyansat", Split: []string{"train", "test"}[i%2], Tags: []string{"alle", fmt.Sprint("t", i%3)}}
		out = append(out, Outcome{Gold: g, Answer: replied("x", nil, "t/a"), Measures: map[string]float64{"recall@1": yes(i < right)}})
	}
	return out
}

func TestSummarise(t *testing.T) {
	r := Summarise(outcomes(100, 80))
	m := r.Measures["recall@1"]
	if r.Questions != 100 || m.N != 100 || math.Abs(m.Value-0.8) > 1e-9 {
		t.Errorf("%d questions, %+v", r.Questions, m)
	}
	// The binomial interval for 80 of 100 is about 0.71 to 0.87.
	if m.Low < 0.68 || m.Low > 0.75 || m.High < 0.84 || m.High > 0.91 {
		t.Errorf("interval [%.3f; %.3f]", m.Low, m.High)
	}
	if _, ok := r.Measures["fact_recall"]; ok {
		t.Error("a measure that applies to no question is reported")
	}
	if diff := cmp.Diff(r, Summarise(outcomes(100, 80))); diff != "" {
		t.Errorf("equal outcomes, other report:\n%s", diff)
	}
	if r.ByTag["alle"].Questions != 100 || r.ByTag["t0"].Questions != 34 || r.BySplit["test"].Questions != 50 || r.ByAudience["nyansat"].Questions != 100 {
		t.Errorf("groups: %d %d %d %d", r.ByTag["alle"].Questions, r.ByTag["t0"].Questions, r.BySplit["test"].Questions, r.ByAudience["nyansat"].Questions)
	}
	if got := Groups(r.ByTag); !cmp.Equal(got, []string{"alle", "t0", "t1", "t2"}) {
		t.Errorf("groups %v", got)
	}
	for _, n := range []int{0, 20} {
		if m := Summarise(outcomes(20, n)).Measures["recall@1"]; m.Low != m.Value || m.High != m.Value {
			t.Errorf("no variation, but an interval: %+v", m)
		}
	}
	if got := Summarise(nil); got.Questions != 0 || len(got.Measures) != 0 {
		t.Errorf("nothing measured, but %+v", got)
	}
}

func TestReportJSON(t *testing.T) {
	data, err := json.Marshal(Summarise(outcomes(10, 5)))
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	if m["questions"] != 10.0 || m["recall@1"] != 0.5 {
		t.Errorf("%s", data)
	}
	for _, k := range []string{"by_tag", "by_audience", "by_split", "intervals", "counts"} {
		if _, ok := m[k].(map[string]any); !ok {
			t.Errorf("%s is %T", k, m[k])
		}
	}
}

// TestFit separates what a known rule separates.
func TestFit(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var x [][]float64
	var y []bool
	for range 400 {
		a, b, noise := rng.Float64(), rng.Float64(), rng.Float64()
		x, y = append(x, []float64{1, a, b, noise}), append(y, 3*a-2*b > 0.5)
	}
	w := Fit(x, y)
	right := 0
	for i, row := range x {
		var z float64
		for j, v := range row {
			z += w[j] * v
		}
		if (z > 0) == y[i] {
			right++
		}
	}
	if right < 380 || w[1] <= 0 || w[2] >= 0 || math.Abs(w[3]) > math.Abs(w[2])/4 {
		t.Errorf("%d of 400 right with %v", right, w)
	}
	if diff := cmp.Diff(w, Fit(x, y)); diff != "" {
		t.Errorf("equal input, other coefficients:\n%s", diff)
	}
	if Fit(nil, nil) != nil {
		t.Error("coefficients from nothing")
	}
	for _, v := range Fit([][]float64{{1, 1}, {1, 0}}, []bool{true, false}) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Errorf("a perfect separation gives %v", v)
		}
	}
}

func TestWorst(t *testing.T) {
	gold := article.Gold{ID: "god", Answerable: true, Articles: []string{"t/a"}, Facts: []string{"x"}}
	good := Outcome{Gold: gold, Answer: replied("x", nil, "t/a")}
	bad := Outcome{Gold: article.Gold{ID: "ond"}, Answer: replied("x", nil, "t/a")}
	bad.Answer.Confidence = 0.9
	missing := Outcome{Gold: article.Gold{ID: "mangler", Answerable: true, Articles: []string{"t/b"}, Facts: []string{"y"}}, Answer: replied("x", nil, "t/a")}
	refused := Outcome{Gold: article.Gold{ID: "afvist", Answerable: true}, Answer: &answer.Answer{Status: answer.StatusNotCovered}}
	all := []Outcome{good, bad, missing, refused}
	for i := range all {
		all[i].Measures = measure(all[i].Gold, all[i].Answer, nil)
	}
	worst := Worst(all, 9)
	if len(worst) != 4 || worst[0].Gold.ID != "ond" || worst[3].Gold.ID != "god" || len(Worst(all, 1)) != 1 || all[0].Gold.ID != "god" {
		t.Errorf("order %v", worst)
	}
	for i, want := range []string{"uden fejl", "besvaret, men korpus har ikke svaret", "første kilde er t/a#s.1, ventet t/b; mangler »y«", "afvist (not_covered)"} {
		if got := Why(all[i]); got != want {
			t.Errorf("%s: %q, want %q", all[i].Gold.ID, got, want)
		}
	}
}

// scripted asks and searches by script.
type scripted struct {
	err     error
	history []assistant.Turn
	earlier []string
}

func (s *scripted) Ask(_ context.Context, _ string, history []assistant.Turn) (*answer.Answer, error) {
	s.history = history
	return replied("x", nil, "t/a"), s.err
}

func (s *scripted) Search(_ context.Context, _ string, past retrieval.Past, _ int) (*retrieval.Result, error) {
	s.earlier = past.Questions
	return &retrieval.Result{Hits: hits("t/a")}, nil
}

func TestRun(t *testing.T) {
	s := &scripted{}
	g := article.Gold{ID: "a", Question: "og det?", Answerable: true, Articles: []string{"t/a"},
		History: []article.Turn{{Role: "user", Text: "Hvad er kompost?"}, {Role: "assistant", Text: "Jord."}}}
	got, err := Run(t.Context(), []article.Gold{g}, s, s)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].Measures["top_source_accuracy"] != 1 || len(s.history) != 2 || !slices.Equal(s.earlier, []string{"Hvad er kompost?"}) {
		t.Errorf("outcomes %+v, history %v, earlier %q", got, s.history, s.earlier)
	}
	s.err = errors.New("broken")
	if _, err := Run(t.Context(), []article.Gold{g}, s, s); !errors.Is(err, s.err) || !strings.Contains(err.Error(), "question a") {
		t.Errorf("error %v", err)
	}
}
