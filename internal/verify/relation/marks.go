package relation

import (
	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/reading"
)

// The classes of marks whose coming and going tells something of most sentences. The others come and go with the words: »mere«, »mange«,
// »skal«, »gør«; what they change is for package claim to find.
var (
	added = []reading.Class{reading.Can | reading.May, reading.Cause | reading.StrongCause, reading.Only, reading.Level6 | reading.Level5, reading.Level3, reading.Level1,
		reading.Contrast, reading.Hedge, reading.Superlative, reading.Movement}
	lost = []reading.Class{reading.Negation | reading.WeakNegation | reading.LostNegation, reading.Can | reading.May, reading.Must, reading.Correlation, reading.Only,
		reading.Level6 | reading.Level5, reading.Level2, reading.Level1, reading.Contrast, reading.Whether | reading.Asks, reading.Comparative}
)

// marks compares the marks of the two sides by class: what the sentence has and the window lacks, or has elsewhere; and what the window
// has of what the sentence says, and the sentence lacks.
func (r *relation) marks() {
	for _, c := range added {
		ws := r.WindowMarks(c)
		for _, s := range r.SentenceMarks(c) {
			r.Feature.Added += without(ws, func(w *reading.Mark) bool { return r.Touches(s, w, true) })
		}
	}
	for _, c := range lost {
		ss := r.SentenceMarks(c)
		for _, w := range r.WindowMarks(c) {
			if share := r.CoveredShare(w); share >= 0.5 {
				r.Feature.Lost += share * without(ss, func(s *reading.Mark) bool { return r.Touches(s, w, true) })
			}
		}
	}
}

// without is 0 for a mark that has a partner among the others, 0.5 for one whose partner is elsewhere, and 1 for one that has none.
func without(others []*reading.Mark, partner func(*reading.Mark) bool) float64 {
	for _, o := range others {
		if partner(o) {
			return 0
		}
	}
	if len(others) > 0 {
		return 0.5
	}
	return 1
}

// leastClause is the weight that two clauses must have in common to be the same.
const leastClause = 2

// crossed weighs the words that have changed clauses: each stands in one clause of the sentence, and in the window in that of another
// clause of the sentence. »I et partnerskab er deltagerne sammen om …, mens samskabelse …«, where the window has it the other way round.
func (r *relation) crossed() {
	common := map[[2]int]float64{} // by clause of the sentence and of the window
	for _, i := range r.content {
		if r.IsMet(i) {
			common[[2]int{r.S.Toks[i].Clause, r.W.Toks[r.Links[i].Pos].Clause}] += r.S.Toks[i].Weight
		}
	}
	same := map[int]int{}    // clause of the sentence → that of the window which has most of it
	taken := map[int][]int{} // the other way round
	for k, v := range common {
		if o, ok := same[k[0]]; v >= leastClause && (!ok || v > common[[2]int{k[0], o}] || v == common[[2]int{k[0], o}] && k[1] < o) {
			same[k[0]] = k[1]
		}
	}
	for s, w := range same {
		taken[w] = append(taken[w], s)
	}
	for _, i := range r.content {
		own, ok := same[r.S.Toks[i].Clause]
		if !ok || !r.IsMet(i) || r.Links[i].Strength < reading.SameSense {
			continue
		}
		if c := r.W.Toks[r.Links[i].Pos].Clause; c != own && len(taken[c]) > 0 && !r.inClause(i, own) {
			r.Feature.Crossed += r.S.Toks[i].Weight
		}
	}
}

// inClause reports whether a word of a clause of the window meets a token.
func (r *relation) inClause(i, clause int) bool {
	for _, sent := range r.Win.Sents {
		for p := r.W.Sents[sent].From; p < r.W.Sents[sent].To; p++ {
			if r.W.Toks[p].Clause != clause || r.W.Toks[p].Weight == 0 {
				continue
			}
			if s, _ := alignment.Meet(&r.S.Toks[i], &r.W.Toks[p]); s >= alignment.Met {
				return true
			}
		}
	}
	return false
}
