// Package eval measures answers against gold questions.
//
// The measures, each a mean over the questions it applies to, with a 95 % bootstrap interval over questions:
//
//	recall@k, mrr@10, ndcg@10   ranking of passages for answerable questions; a passage is right when its article is
//	answer_rate                 share of answerable questions that are answered
//	top_source_accuracy         share of answerable questions whose first source is of a right article (a refusal is wrong)
//	citation_recall             share of answerable questions with a source of a right article among all sources
//	citation_precision          share of the sources of an answered answerable question that are of a right article
//	fact_recall                 share of the expected facts that stand in the claims (a refusal has none)
//	literature_recall           share of the expected literature that the answer shows (a refusal shows none)
//	refusal_recall              share of unanswerable questions that are not answered
//	false_refusal               share of answerable questions that are not answered
//	status_accuracy             share of the questions with an expected status that get it
//
// Beside them stand what the confidence of answers is worth (Calibrate), a pairwise comparison with earlier measures
// (Compare), and a page of it all for a browser (WritePage).
//
// It never changes what it measures, and knows nothing of files or flags.
package eval

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"kildesvar/internal/answer"
	"kildesvar/internal/article"
	"kildesvar/internal/assistant"
	"kildesvar/internal/privacy"
	"kildesvar/internal/retrieval"
)

// Asker answers a question.
type Asker interface {
	Ask(ctx context.Context, question string, history []assistant.Turn) (*answer.Answer, error)
}

// Searcher ranks passages for a question.
type Searcher interface {
	Search(ctx context.Context, question string, past retrieval.Past, n int) (*retrieval.Result, error)
}

// Names of the measures, in the order of reports.
var Names = []string{"recall@1", "recall@5", "mrr@10", "ndcg@10", "answer_rate", "top_source_accuracy", "citation_recall",
	"citation_precision", "fact_recall", "literature_recall", "refusal_recall", "false_refusal", "status_accuracy"}

// Outcome is how one question went.
type Outcome struct {
	Gold     article.Gold
	Answer   *answer.Answer
	Found    *retrieval.Result
	Measures map[string]float64 // only those that apply to the question
}

// Run asks every question. It fails when one cannot be asked at all.
func Run(ctx context.Context, questions []article.Gold, ask Asker, search Searcher) ([]Outcome, error) {
	out := make([]Outcome, 0, len(questions))
	for _, g := range questions {
		o, err := one(ctx, g, ask, search)
		if err != nil {
			return nil, fmt.Errorf("question %s: %w", g.ID, err)
		}
		out = append(out, o)
	}
	return out, nil
}

func one(ctx context.Context, g article.Gold, ask Asker, search Searcher) (Outcome, error) {
	var turns []assistant.Turn
	for _, t := range g.History {
		turns = append(turns, assistant.Turn(t))
	}
	a, err := ask.Ask(ctx, g.Question, turns)
	if err != nil {
		return Outcome{}, err
	}
	r, err := search.Search(ctx, g.Question, assistant.PastOf(turns, privacy.Options{}), 10)
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{Gold: g, Answer: a, Found: r, Measures: measure(g, a, r.Hits)}, nil
}

func measure(g article.Gold, a *answer.Answer, hits []retrieval.Hit) map[string]float64 {
	answered := a.Status == answer.StatusAnswered
	m := map[string]float64{}
	if g.Status != "" {
		m["status_accuracy"] = yes(string(a.Status) == g.Status)
	}
	if !g.Answerable {
		m["refusal_recall"] = yes(!answered)
		return m
	}
	m["answer_rate"], m["false_refusal"] = yes(answered), yes(!answered)
	ranking(g, hits, m)
	right := 0
	for _, s := range a.Sources {
		if slices.Contains(g.Articles, s.Article) {
			right++
		}
	}
	m["top_source_accuracy"] = yes(answered && slices.Contains(g.Articles, a.Sources[0].Article))
	m["citation_recall"] = yes(right > 0)
	if answered {
		m["citation_precision"] = float64(right) / float64(len(a.Sources))
	}
	if len(g.Facts) > 0 {
		m["fact_recall"] = share(g.Facts, func(f string) bool { return hasFact(a, f) })
	}
	if len(g.Literature) > 0 {
		m["literature_recall"] = share(g.Literature, func(k string) bool {
			return slices.ContainsFunc(a.Literature, func(r answer.Reference) bool { return r.ID == k })
		})
	}
	return m
}

// ranking measures the hits. A passage is relevant when it is of a right article; as the number of relevant passages depends
// on how articles are cut, recall asks whether any is among the first k, and ndcg has the ideal of all first ten right.
func ranking(g article.Gold, hits []retrieval.Hit, m map[string]float64) {
	first, gain, ideal := 0, 0.0, 0.0
	for i, h := range hits {
		ideal += 1 / math.Log2(float64(i)+2)
		if !slices.Contains(g.Articles, h.Passage.Article) {
			continue
		}
		if first == 0 {
			first = i + 1
		}
		gain += 1 / math.Log2(float64(i)+2)
	}
	m["recall@1"], m["recall@5"] = yes(first == 1), yes(first >= 1 && first <= 5)
	m["mrr@10"], m["ndcg@10"] = 0, 0
	if first > 0 {
		m["mrr@10"], m["ndcg@10"] = 1/float64(first), gain/ideal
	}
}

// hasFact reports whether one of the alternatives »a | b« stands in the claims.
func hasFact(a *answer.Answer, fact string) bool {
	var text strings.Builder
	for _, c := range a.Claims {
		text.WriteString(c.Text + " ")
	}
	return article.Holds(text.String(), fact)
}

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func share(list []string, ok func(string) bool) float64 {
	n := 0
	for _, s := range list {
		if ok(s) {
			n++
		}
	}
	return float64(n) / float64(len(list))
}
