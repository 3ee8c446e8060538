package report

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"slices"
	"sync"
	"testing"

	"kildesvar/corpus"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/index"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/vector"
	"kildesvar/internal/vector/chromem"
)

// opened is the built-in corpus' searcher, made once.
var opened = sync.OnceValues(func() (*retrieval.Searcher, error) {
	e := local.New(0)
	ix, err := index.Ensure(context.Background(), corpus.FS, "", index.Options{Embedder: e, NewStore: func(dim int) (vector.Store, error) { return chromem.New(dim) }})
	if err != nil {
		return nil, err
	}
	return retrieval.New(ix, e, retrieval.DefaultWeights())
})

func searcher(t testing.TB) *retrieval.Searcher {
	t.Helper()
	s, err := opened()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// labelled is a true group of testdata/grupper.jsonl: questions that one new section would answer.
type labelled struct {
	Group     string   `json:"group"`
	Split     string   `json:"split"` // train: the threshold was chosen on it; test: held out. Whole groups are on one side
	Questions []string `json:"questions"`
}

func labels(t testing.TB) (out []labelled) {
	t.Helper()
	data, err := os.ReadFile("testdata/grupper.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		var g labelled
		if err := json.Unmarshal(line, &g); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		out = append(out, g)
	}
	return out
}

// half are the questions of a split with the numbers of their groups.
func half(groups []labelled, split string) (questions []string, truth []int) {
	for n, g := range groups {
		if g.Split == split || split == "both" {
			for _, q := range g.Questions {
				questions, truth = append(questions, q), append(truth, n)
			}
		}
	}
	return questions, truth
}

// pairwise compares clusters with the truth, pair by pair.
func pairwise(clusters [][]int, truth []int) (precision, recall, f1 float64) {
	of := make([]int, len(truth))
	for c, members := range clusters {
		for _, i := range members {
			of[i] = c
		}
	}
	var right, found, wanted float64
	for i := range truth {
		for j := range i {
			together, belong := of[i] == of[j], truth[i] == truth[j]
			if together {
				found++
			}
			if belong {
				wanted++
			}
			if together && belong {
				right++
			}
		}
	}
	return right / found, right / wanted, 2 * right / (found + wanted)
}

// TestGrouping measures the grouping on questions written for it. The threshold was chosen on train; the floors are below what was
// measured when they were set (train 0.61, test 0.65, both halves together 0.55), and far
// below the 0.80 that is wanted. Train alone chose weights and threshold, but whoever wrote the questions also wrote the words of aktoerer.txt
// and saw the figures of both halves: test is a little kind. What is missed is told apart by meaning alone:
// »fyre«, »bortvise« and »afskedige« share no letters, and nothing here knows that they are one.
func TestGrouping(t *testing.T) {
	s, groups := searcher(t), labels(t)
	n, several := 0, 0
	seen := map[string]bool{}
	for _, g := range groups {
		n += len(g.Questions)
		if len(g.Questions) > 1 {
			several++
		}
		for _, q := range g.Questions {
			if seen[q] {
				t.Errorf("%q stands there twice", q)
			}
			seen[q] = true
		}
	}
	if n < 220 || len(groups) < 60 || several == len(groups) {
		t.Fatalf("%d questions in %d groups, %d of several", n, len(groups), several)
	}
	for split, floor := range map[string]float64{"train": 0.59, "test": 0.63, "both": 0.53} {
		texts, truth := half(groups, split)
		qs, err := understand(t.Context(), texts, s)
		if err != nil {
			t.Fatal(err)
		}
		clusters := group(qs)
		p, r, f1 := pairwise(clusters, truth)
		t.Logf("%s: %d questions, %d clusters; pairwise precision %.3f, recall %.3f, F1 %.3f", split, len(texts), len(clusters), p, r, f1)
		if f1 < floor {
			t.Errorf("%s: F1 %.3f is below %.2f", split, f1, floor)
		}
		// The floor can fail: all in one cluster, and each for itself.
		one := make([]int, len(texts))
		for i := range one {
			one[i] = i
		}
		if _, _, f := pairwise([][]int{one}, truth); f >= floor {
			t.Errorf("%s: one cluster passes with %.3f", split, f)
		}
		slices.Reverse(qs)
		slices.Reverse(truth)
		if _, _, other := pairwise(group(qs), truth); other < f1-0.03 || other > f1+0.03 {
			t.Errorf("%s: F1 %.3f, but %.3f with the questions in reverse", split, f1, other)
		}
	}
}

func BenchmarkGroup(b *testing.B) {
	s := searcher(b)
	texts, _ := half(labels(b), "train")
	qs, err := understand(b.Context(), texts, s)
	if err != nil {
		b.Fatal(err)
	}
	for len(qs) < MaxGrouped {
		qs = append(qs, qs[:min(len(qs), MaxGrouped-len(qs))]...)
	}
	for b.Loop() {
		group(qs)
	}
}
