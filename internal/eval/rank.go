package eval

import (
	"context"
	"fmt"
	"math"
	"slices"

	"kildesvar/internal/assistant"
	"kildesvar/internal/privacy"
)

// Listed is a passage among those found for a question: its evidence, and whether it is of a right article.
type Listed struct {
	Evidence []float64 // in the order of the hit's
	Right    bool
}

// rankDepth is how many hits of a question the ranking is fitted to.
const rankDepth = 60

// RankingLists are what the ranking is fitted to: the hits of the train split's answerable questions that have both right and wrong ones,
// and the evidence's names. It fails as the search does.
func RankingLists(ctx context.Context, outcomes []Outcome, search Searcher) (lists [][]Listed, names []string, err error) {
	for _, o := range outcomes {
		if o.Gold.Split != "train" || !o.Gold.Answerable {
			continue
		}
		var turns []assistant.Turn
		for _, t := range o.Gold.History {
			turns = append(turns, assistant.Turn(t))
		}
		r, err := search.Search(ctx, o.Gold.Question, assistant.PastOf(turns, privacy.Options{}), rankDepth)
		if err != nil {
			return nil, nil, fmt.Errorf("question %s: %w", o.Gold.ID, err)
		}
		var list []Listed
		right := 0
		for _, h := range r.Hits {
			if len(h.Evidence) == 0 { // put there for another reason than its rank
				continue
			}
			l := Listed{Right: slices.Contains(o.Gold.Articles, h.Passage.Article)}
			if l.Right {
				right++
			}
			names = names[:0]
			for _, e := range h.Evidence {
				l.Evidence, names = append(l.Evidence, e.Value), append(names, e.Name)
			}
			list = append(list, l)
		}
		if right > 0 && right < len(list) {
			lists = append(lists, list)
		}
	}
	return lists, names, nil
}

// FitRanking returns a weight for each kind of evidence: a listwise softmax regression (the top-one likelihood of Cao et al., Learning to
// Rank, 2007, with the right passages' chances added up) with an L2 penalty. Equal input gives equal output.
func FitRanking(lists [][]Listed) []float64 {
	if len(lists) == 0 {
		return nil
	}
	return descend(len(lists[0][0].Evidence), 5_000, 2, 1e-9, func(w []float64) ([]float64, float64) { return listGradient(lists, w) })
}

// listGradient is that of the mean negative log likelihood of a right passage being drawn first, plus the penalty.
func listGradient(lists [][]Listed, w []float64) ([]float64, float64) {
	grad := make([]float64, len(w))
	loss, n := 0.0, float64(len(lists))
	for _, list := range lists {
		chances := make([]float64, len(list))
		all, right := 0.0, 0.0
		for i, l := range list {
			var z float64
			for j, v := range l.Evidence {
				z += w[j] * v
			}
			chances[i] = math.Exp(z)
			all += chances[i]
			if l.Right {
				right += chances[i]
			}
		}
		loss += math.Log(all/right) / n
		for i, l := range list {
			d := chances[i] / all
			if l.Right {
				d -= chances[i] / right
			}
			for j, v := range l.Evidence {
				grad[j] += d * v / n
			}
		}
	}
	for j := range w {
		grad[j] += ridge * w[j] / n
		loss += ridge * w[j] * w[j] / (2 * n)
	}
	return grad, loss
}
