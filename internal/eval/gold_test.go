package eval_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kildesvar/corpus"
	"kildesvar/internal/answer"
	"kildesvar/internal/article"
	"kildesvar/internal/assistant"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/eval"
	"kildesvar/internal/index"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/vector"
	"kildesvar/internal/vector/chromem"
)

var update = flag.Bool("update", false, "write the measures anew")

// floors are what the held-out half must keep: the lowest value of each measure, the highest of false_refusal.
var floors = map[string]float64{
	"top_source_accuracy": 0.80, "fact_recall": 0.70, "citation_precision": 0.85, "literature_recall": 0.75, "refusal_recall": 0.80, "false_refusal": 0.08,
}

// below lists the measures of a report that do not keep the floors.
func below(r eval.Report) (out []string) {
	for _, name := range eval.Names {
		limit, ok := floors[name]
		v := r.Measures[name].Value
		if ok && (name == "false_refusal" && v > limit || name != "false_refusal" && v < limit) {
			out = append(out, fmt.Sprintf("%s is %.3f, the limit is %.2f", name, v, limit))
		}
	}
	return out
}

var builtIn = sync.OnceValues(func() (*index.Index, error) {
	c, err := article.Load(corpus.FS)
	if err != nil {
		return nil, err
	}
	return built(c)
})

func built(c *article.Corpus) (*index.Index, error) {
	return index.Build(context.Background(), c, nil, index.Options{Embedder: local.New(0), NewStore: func(dim int) (vector.Store, error) { return chromem.New(dim) }})
}

// measure asks all gold questions of the built-in corpus.
func measure(t *testing.T, w retrieval.Weights) eval.Report {
	t.Helper()
	return eval.Summarise(outcomes(t, w))
}

func outcomes(t *testing.T, w retrieval.Weights) []eval.Outcome {
	t.Helper()
	ix, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	return outcomesOf(t, ix, w)
}

// outcomesOf are those of all gold questions over an index of the built-in theme.
func outcomesOf(t *testing.T, ix *index.Index, w retrieval.Weights) []eval.Outcome {
	t.Helper()
	s, err := retrieval.New(ix, local.New(0), w)
	if err != nil {
		t.Fatal(err)
	}
	gold, err := article.LoadGold(corpus.FS)
	if err != nil {
		t.Fatal(err)
	}
	a := assistant.New(s, answer.NewExtractive(ix, retrieval.DefaultModel(), answer.DefaultThreshold), time.Now)
	all, err := eval.Run(t.Context(), gold, a, s)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestGold measures the built-in corpus. The measures stand in testdata/maal.txt, so that every change of theirs is seen in
// review, and those of the held-out half keep the floors.
func TestGold(t *testing.T) {
	const file = "testdata/maal.txt"
	r := measure(t, retrieval.DefaultWeights())
	for _, fault := range below(r.BySplit["test"]) {
		t.Error(fault)
	}
	got := render(r)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("measures have changed; if the change is wanted, run with -update (-was +is):\n%s", diff)
	}
}

// TestPlainCorpus measures articles that nobody has written entry questions for, as an editor's first draft is. Measured on the train
// split when the floors were set: first source 0.66, refused rightly 0.76 (the questions of strangers among them are nearer to the theme).
func TestPlainCorpus(t *testing.T) {
	c, err := article.Load(corpus.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, th := range c.Themes {
		for _, a := range th.Articles {
			a.Unanswered = nil
			for i := range a.Sections {
				a.Sections[i].Questions = nil
			}
		}
	}
	ix, err := built(c)
	if err != nil {
		t.Fatal(err)
	}
	r := eval.Summarise(outcomesOf(t, ix, retrieval.DefaultWeights())).BySplit["train"]
	top, refused := r.Measures["top_source_accuracy"].Value, r.Measures["refusal_recall"].Value
	t.Logf("first source right %.2f, refused rightly %.2f, false refusals %.2f", top, refused, r.Measures["false_refusal"].Value)
	if top < 0.60 || refused < 0.74 {
		t.Errorf("first source right %.2f, want 0.60; refused rightly %.2f, want 0.74", top, refused)
	}
}

// TestFloorsBite: a ranking that hardly knows what is asked does not keep the floors.
func TestFloorsBite(t *testing.T) {
	r := measure(t, retrieval.Weights{BodyStems: 1})
	if faults := below(r.BySplit["test"]); len(faults) == 0 {
		t.Error("words of the text alone keep every floor")
	}
}

// render writes measures to two decimals, so that nothing but a real change shows.
func render(r eval.Report) []byte {
	var b bytes.Buffer
	columns := []string{"recall@1", "recall@5", "top_source_accuracy", "citation_precision", "fact_recall", "literature_recall", "refusal_recall", "false_refusal"}
	fmt.Fprintf(&b, "%-22s %4s %s\n", "", "n", strings.Join(columns, " "))
	row := func(name string, r eval.Report) {
		fmt.Fprintf(&b, "%-22s %4d", name, r.Questions)
		for _, c := range columns {
			if m, ok := r.Measures[c]; ok {
				fmt.Fprintf(&b, " %*.2f", len(c), m.Value)
			} else {
				fmt.Fprintf(&b, " %*s", len(c), "-")
			}
		}
		b.WriteByte('\n')
	}
	row("all", r)
	for _, groups := range []map[string]eval.Report{r.BySplit, r.ByTag, r.ByAudience} {
		for _, name := range eval.Groups(groups) {
			row(name, groups[name])
		}
	}
	lines := slices.Collect(strings.Lines(b.String()))
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \n") + "\n"
	}
	return []byte(strings.Join(lines, ""))
}
