package claim

import (
	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/reading"
)

// slot is the place in the window that belongs to a word of the sentence: between what its nearest met neighbours meet.
type slot struct {
	left, right int  // tokens of the passages, or the bounds of a sentence; -1 when unknown
	exact       bool // both neighbours are met exactly
	free        int  // the first word of content between that the sentence has not, -1 for none
}

// slotOf finds the slot of a token in one sentence of the window.
func (j *inspection) slotOf(i, sent int) slot {
	out := slot{left: -1, right: -1, free: -1, exact: true}
	sp := j.W.Sents[sent]
	for n := i - 1; n >= 0 && n >= i-8; n-- {
		if l := j.M.Best[sent][n]; l.Pos >= 0 && j.S.Toks[n].Weight > 0 {
			out.left, out.exact = j.linkIn(n, sent), out.exact && l.Strength >= reading.SameSense
			break
		}
		if j.S.Toks[n].Weight >= reading.FullWeight {
			out.exact = false
		}
	}
	for n := i + 1; n < len(j.S.Toks) && n <= i+8; n++ {
		if l := j.M.Best[sent][n]; l.Pos >= 0 && j.S.Toks[n].Weight > 0 {
			out.right, out.exact = j.linkIn(n, sent), out.exact && l.Strength >= reading.SameSense
			break
		}
		if j.S.Toks[n].Weight >= reading.FullWeight {
			out.exact = false
		}
	}
	from, to := out.left, out.right
	switch {
	case from < 0 && to < 0:
		return out
	case from < 0:
		from = max(sp.From-1, to-5)
	case to < 0:
		to = min(sp.To, from+6)
	}
	for p := from + 1; p < to; p++ {
		if _, ok := j.Covered[p]; !ok && j.W.Toks[p].Weight >= reading.CommonWeight {
			out.free = p
			break
		}
	}
	return out
}

// linkIn is the place in a sentence that a token meets, the chosen one if it is there.
func (j *inspection) linkIn(n, sent int) int {
	if l := j.Links[n]; l.Pos >= 0 && j.W.Toks[l.Pos].Sent == sent {
		return l.Pos
	}
	return j.M.Best[sent][n].Pos
}

// checkSlots finds words of one sentence of the window in the slot of another word of the other sentence: the sentence says of the one
// what the passage says of the other.
func (j *inspection) checkSlots() {
	home := j.Homes()
	for i, k := range j.S.Toks {
		if k.Weight < reading.CommonWeight || k.Number > 0 || !j.IsMet(i) {
			continue
		}
		if at := j.slotOf(i, home[i]); j.M.Best[home[i]][i].Strength < alignment.Met && at.free >= 0 && at.exact && j.sameSlot(i, at, home[i]) {
			j.Fault(alignment.Order, i)
		}
		j.lent(i)
	}
}

// lent finds a word that alone is taken from one sentence of the window while the rest is the other's, where it stands in the
// slot of a rival.
func (j *inspection) lent(i int) {
	if len(j.Win.Sents) < 2 {
		return
	}
	for n, other := range j.Win.Sents {
		own := j.Win.Sents[1-n]
		if j.M.Best[other][i].Strength >= alignment.Met || j.M.Best[own][i].Strength < reading.SameSense || j.Alone(own, other, i) >= 1 || j.Alone(other, own, -1) < 1.5 {
			continue
		}
		if at := j.slotOf(i, other); at.free >= 0 && at.exact && j.sameSlot(i, at, other) {
			j.Fault(alignment.Order, i)
		}
	}
}

// sameSlot reports whether the free word of a slot is a rival of a word of the sentence: a name for a name, and otherwise a
// word right between the same neighbours.
func (j *inspection) sameSlot(i int, at slot, sent int) bool {
	rival := j.W.Toks[at.free]
	if j.S.Toks[i].Name != rival.Name {
		return false
	}
	if at.left >= 0 && at.right >= 0 {
		return at.right > at.left && at.right-at.left <= 4
	}
	if at.left < 0 {
		return at.right >= 0 && i <= 3 && at.free-j.W.Sents[sent].From <= 3
	}
	return at.free-at.left <= 2
}

// listWords join the members of a list.
var listWords = reading.Set("og eller samt")

// checkCompared wants a comparison only where the passages compare, and the most of something only where they rank.
func (j *inspection) checkCompared() {
	for _, s := range j.SentenceMarks(reading.Comparative) {
		if !approximates(j.S, s.Pos) && (comparedBy(j.S, s.Pos) && !j.compares(s) || j.newDegree(s)) {
			j.Fault(alignment.Direction, s.Pos)
		}
	}
	for _, s := range j.SentenceMarks(reading.Comparative) {
		if lessens[j.S.Lower(s.Pos)] && !approximates(j.S, s.Pos) && j.MetShare(s) >= 0.67 && j.Have&(reading.Comparative|reading.WeakNegation|reading.LostNegation|reading.Negation|reading.Level1) == 0 && !j.trendWord(-1) {
			j.Fault(alignment.Direction, s.Pos)
		}
	}
	for _, s := range j.SentenceMarks(reading.Superlative) {
		if j.Have&(reading.Superlative|reading.Comparative|reading.Level4|reading.Level5|reading.Only) == 0 {
			j.Fault(alignment.Direction, s.Pos)
		}
	}
}

// lessens are the comparatives that take away.
var lessens = reading.Set("mindre færre lavere")

// newDegree reports whether a comparative is of an adjective that the window has nothing like, though it has what is compared.
func (j *inspection) newDegree(s *reading.Mark) bool {
	return j.S.Lower(s.Pos) != "flere" && j.S.Toks[s.Pos].Weight > 0 && j.Have&reading.Movement == 0 && !j.IsMet(s.Pos) && j.MetShare(s) >= 0.67 && !j.compares(s)
}

// comparedBy reports whether »end« follows a comparative.
func comparedBy(t *reading.Text, at int) bool {
	for i := at + 1; i < len(t.Toks) && i < at+14; i++ {
		if t.Toks[i].W.Lower == "end" {
			return true
		}
	}
	return false
}

// compares reports whether the window has a comparison that the sentence's may be.
func (j *inspection) compares(s *reading.Mark) bool {
	word := j.S.Toks[s.Pos].W
	if j.S.Toks[s.Pos].Weight > 0 && j.IsMet(s.Pos) && j.W.Toks[j.Links[s.Pos].Pos].Class(reading.Comparative|reading.Superlative|reading.Movement) {
		return true
	}
	if known, right := j.bigger(s.Pos); known {
		return right
	}
	if comparedBy(j.S, s.Pos) && j.Have&reading.Contrast == 0 {
		return len(j.S.Numbers) > 1
	}
	for _, w := range j.WindowMarks(reading.Comparative | reading.Superlative | reading.Contrast) {
		other := j.W.Toks[w.Pos].W
		same, opposite := opposed(word.Sides, other.Sides)
		if other.Key == word.Key || same || opposite || j.Touches(s, w, true) {
			return true
		}
	}
	return len(j.S.Numbers) > 1
}

// checkAsserted finds what the passages ask or expect and the sentence says as if it were so.
func (j *inspection) checkAsserted() {
	for _, w := range j.WindowMarks(reading.Whether) {
		if len(w.Scope) > 1 && j.CoveredShare(w) >= 0.6 && len(j.SentenceMarks(reading.Asks)) == 0 {
			j.Missing(alignment.Modality, w.Pos)
		}
	}
	for _, w := range j.WindowMarks(reading.Hedge) {
		if j.CoveredShare(w) >= 0.6 && !j.isCovered(w) && len(j.SentenceMarks(reading.Hedge|reading.Can|reading.Should|reading.Must|reading.Whether)) == 0 {
			j.Feature.Hedge++
		}
	}
}
