package particulars

import (
	"strings"

	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/reading"
)

// checkNumbers wants every number of the sentence to stand in the window, with its unit and about the same thing.
func (j *inspection) checkNumbers() {
	for i := range j.S.Numbers {
		q := &j.S.Numbers[i]
		if j.Links[q.Pos].Pos >= 0 {
			switch {
			case j.aboutOther(q):
				j.Fault(alignment.KindOf(q), q.Pos)
			case j.borrowedNumber(q) && len(j.S.Numbers) > 2:
				j.Doubted(alignment.KindOf(q), q.Pos)
			case j.borrowedNumber(q):
				j.Fault(alignment.KindOf(q), q.Pos)
			}
			continue
		}
		switch {
		case j.unitWrong(q):
			j.Fault(alignment.Unit, q.Pos)
		case j.counted(q) || j.summed(q) || j.elsewhere(q):
			j.Links[q.Pos] = alignment.Link{Pos: j.W.Sents[j.Win.Sents[0]].From, Strength: reading.SameWord}
		default:
			j.Fault(alignment.KindOf(q), q.Pos)
		}
	}
	j.checkCrossed()
}

// unitWrong reports whether the window has the number, but counting something else.
func (j *inspection) unitWrong(q *reading.Quantity) bool {
	for _, sent := range j.Win.Sents {
		for _, p := range j.W.NumbersIn(sent) {
			if q.Low == p.Low && q.High == p.High && !q.SameUnit(p) {
				return true
			}
		}
	}
	return false
}

// elsewhere reports whether a year or a paragraph that the window lacks stands in the same passage, in a sentence beside it.
func (j *inspection) elsewhere(q *reading.Quantity) bool {
	if q.Unit != reading.Year || len(j.Win.Sents) > 1 {
		return false
	}
	for _, sent := range j.Win.Sents {
		for _, near := range []int{sent - 1, sent + 1} {
			if near < 0 || near >= len(j.W.Sents) || j.W.Passage[near] != j.W.Passage[sent] {
				continue
			}
			for _, p := range j.W.NumbersIn(near) {
				if q.Meets(p) && q.SameUnit(p) && len(j.W.NumbersIn(sent)) == 0 {
					return true
				}
			}
		}
	}
	return false
}

// counted reports whether a small number counts what a sentence of the window lists: »tre roller« of »a, b og c«.
func (j *inspection) counted(q *reading.Quantity) bool {
	if q.Unit != reading.Plain || q.Low != q.High || q.Low < 2 || q.Low > 8 {
		return false
	}
	for _, sent := range j.Win.Sents {
		for _, p := range j.W.NumbersIn(sent) {
			if p.Unit == reading.Plain && p.Low <= 12 {
				return false // the passage counts itself
			}
		}
	}
	for _, sent := range j.Win.Sents {
		if lists(j.W, sent, int(q.Low)) {
			return true
		}
	}
	return false
}

// summed reports whether a number is the sum of two that a sentence of the window joins by »og«: »tre store og to små«.
func (j *inspection) summed(q *reading.Quantity) bool {
	for _, sent := range j.Win.Sents {
		in := j.W.NumbersIn(sent)
		for i := 1; i < len(in); i++ {
			a, b := in[i-1], in[i]
			if a.Unit == q.Unit && b.Unit == q.Unit && q.Unit != reading.Year && reading.Near(a.Low+b.Low, q.Low) && b.Pos-a.Pos <= 4 && marksOg(j.W, a.Pos, b.Pos) {
				return true
			}
		}
	}
	return false
}

// marksOg reports whether »og« stands between two tokens.
func marksOg(t *reading.Text, from, to int) bool {
	for i := from + 1; i < to; i++ {
		if t.Toks[i].W.Lower == "og" {
			return true
		}
	}
	return false
}

// lists reports whether a sentence has a list of n members: members parted by commas, the last by »og« or »eller«.
func lists(t *reading.Text, sent, n int) bool {
	sp := t.Sents[sent]
	for i := sp.From; i < sp.To; i++ {
		if t.Toks[i].W.Lower != "og" && t.Toks[i].W.Lower != "eller" {
			continue
		}
		members := 2
		for p := i - 2; p >= sp.From && p >= i-8*members && members <= 8; p-- {
			if strings.Contains(t.Gaps[p], ",") {
				members++
			}
		}
		if n == 2 || members == n {
			return true
		}
	}
	return false
}

// thingOf is the word of content next to a number: what it counts, or when.
func thingOf(t *reading.Text, q *reading.Quantity) int {
	for i := q.Pos + q.N; i < len(t.Toks) && i < q.Pos+q.N+4 && t.Toks[i].Clause == t.Toks[q.Pos].Clause; i++ {
		if t.Toks[i].Weight >= reading.CommonWeight && t.Toks[i].Number == 0 {
			return i
		}
	}
	for i := q.Pos - 1; i >= 0 && i > q.Pos-4; i-- {
		if t.Toks[i].Weight >= reading.CommonWeight && t.Toks[i].Number == 0 {
			return i
		}
	}
	return -1
}

// aboutOther reports whether the sentence gives a number to a thing to which the window gives another number of that unit.
func (j *inspection) aboutOther(q *reading.Quantity) bool {
	thing := thingOf(j.S, q)
	if thing < 0 || !j.IsMet(thing) || j.Links[thing].Strength < reading.SameSense {
		return false
	}
	at, own := j.Links[thing].Pos, j.Links[q.Pos].Pos
	for _, sent := range j.Win.Sents {
		for _, p := range j.W.NumbersIn(sent) {
			if p.Pos == own || q.Unit == reading.Year || p.Unit == reading.Year || !q.SameUnit(p) || q.Meets(p) || j.saysNumber(p) {
				continue
			}
			owner := thingOf(j.W, &p)
			if owner == at && alignment.Abs(own-at) > alignment.Abs(p.Pos-at)+2 && !j.repeated(at, own) {
				return true
			}
		}
	}
	return false
}

// borrowedNumber reports whether a number alone is taken from one sentence of the window while the rest is the other's, which
// has a number of that sort itself.
func (j *inspection) borrowedNumber(q *reading.Quantity) bool {
	if len(j.Win.Sents) < 2 {
		return false
	}
	for n, other := range j.Win.Sents {
		own := j.Win.Sents[1-n]
		if j.M.Best[other][q.Pos].Pos >= 0 || j.M.Best[own][q.Pos].Pos < 0 || j.Alone(own, other, q.Pos) > 0.6*j.Alone(other, own, -1) || j.Alone(other, own, -1) < 1 {
			continue
		}
		for _, p := range j.W.NumbersIn(other) {
			if p.Unit == q.Unit && !j.saysNumber(p) {
				return true
			}
		}
	}
	return false
}

// saysNumber reports whether the sentence has a number of the window.
func (j *inspection) saysNumber(p reading.Quantity) bool {
	for i := range j.S.Numbers {
		if q := &j.S.Numbers[i]; q.Meets(p) && q.SameUnit(p) {
			return true
		}
	}
	return false
}

// repeated reports whether the word at a place stands nearer to another place too.
func (j *inspection) repeated(at, near int) bool {
	sp := j.W.Sents[j.W.Toks[near].Sent]
	for p := max(sp.From, near-4); p < min(sp.To, near+6); p++ {
		if p != at && j.W.Toks[p].W.Key == j.W.Toks[at].W.Key {
			return true
		}
	}
	return false
}

// checkCrossed finds two numbers of one unit that have changed places.
func (j *inspection) checkCrossed() {
	for a := range j.S.Numbers {
		for b := a + 1; b < len(j.S.Numbers) && b < a+4; b++ {
			p, q := &j.S.Numbers[a], &j.S.Numbers[b]
			if p.Unit != q.Unit && !p.SameUnit(*q) || p.Low == q.Low || j.Links[p.Pos].Pos < 0 || j.Links[q.Pos].Pos < 0 {
				continue
			}
			if j.crossed(p, q) {
				j.Fault(alignment.KindOf(p), p.Pos)
			}
		}
	}
}

// anchor is what a number belongs to: the year beside it, or else the thing.
func (j *inspection) anchor(q *reading.Quantity) int {
	best, least := -1, 7
	for i := range j.S.Numbers {
		if y := &j.S.Numbers[i]; y.Unit == reading.Year && alignment.Abs(y.Pos-q.Pos) < least {
			best, least = y.Pos, alignment.Abs(y.Pos-q.Pos)
		}
	}
	if best >= 0 {
		return best
	}
	return thingOf(j.S, q)
}

// crossed reports whether the things of two numbers stand in the window each nearer to the other's number.
func (j *inspection) crossed(p, q *reading.Quantity) bool {
	if p.Unit == reading.Year {
		return false
	}
	x, y := j.anchor(p), j.anchor(q)
	if x < 0 || y < 0 || x == y || !j.IsMet(x) || !j.IsMet(y) {
		return false
	}
	pw, qw, xw, yw := j.Links[p.Pos].Pos, j.Links[q.Pos].Pos, j.Links[x].Pos, j.Links[y].Pos
	if xw == yw {
		return false
	}
	return alignment.Abs(pw-xw) > alignment.Abs(pw-yw) && alignment.Abs(qw-yw) > alignment.Abs(qw-xw)
}
