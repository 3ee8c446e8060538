package main

import (
	"context"
	"fmt"

	"kildesvar/internal/article"
	"kildesvar/internal/eval"
	"kildesvar/internal/retrieval"
)

// vectorColumns are what a weight of the vectors is judged by. The first decides.
var vectorColumns = []string{"ndcg@10", "mrr@10", "recall@5", "top_source_accuracy"}

// fitVector measures the weights that the vectors of the embedder could have, and says which is best on the train split; what it gives
// on the test split shows whether that is more than chance.
func (a *app) fitVector(ctx context.Context, questions []article.Gold) error {
	e, err := a.embedding(ctx, false)
	if err != nil {
		return err
	}
	now := e.weights(retrieval.DefaultWeights())
	var rows []retrieval.Variant
	var reports []map[string]eval.Report
	best := -1
	for i, v := range retrieval.VectorWeights(now) {
		outcomes, err := a.measure(ctx, questions, v.Weights)
		if err != nil {
			return err
		}
		bySplit := eval.Summarise(outcomes).BySplit
		score := func(i int) float64 { return reports[i]["train"].Measures[vectorColumns[0]].Value }
		rows, reports = append(rows, v), append(reports, bySplit)
		if _, ok := bySplit["train"].Measures[vectorColumns[0]]; !ok {
			return usageError{"--fit-vector kræver prøvespørgsmål med »split: train« – der er ingen, der kan besvares, blandt de valgte"}
		}
		if best < 0 || score(i) > score(best) {
			best = i
		}
	}
	p := a.newPage()
	for _, split := range []string{"train", "test"} {
		table(p, "Vægten på lighed i betydning, delen "+split, vectorColumns, len(rows), func(i int) (string, eval.Report) { return rows[i].Name, reports[i][split] })
	}
	p.text("\n", "", fmt.Sprintf("Bedst på delen train: %.2f. Nu bruges %.2f for %s.", rows[best].Weights.Vector, now.Vector, e.articles.ID()))
	if _, err := fmt.Fprint(a.stdout, p.String()); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}
