package verify

import "strings"

// checkNumbers wants every number of the sentence to stand in the window, with its unit and about the same thing.
func (j *judgement) checkNumbers() {
	for i := range j.s.numbers {
		q := &j.s.numbers[i]
		if j.links[q.pos].pos >= 0 {
			if j.aboutOther(q) || j.borrowedNumber(q) {
				j.fault(q.kindOf(), q.pos)
			}
			continue
		}
		switch {
		case j.unitWrong(q):
			j.fault(Unit, q.pos)
		case j.counted(q) || j.summed(q) || j.elsewhere(q):
			j.links[q.pos] = link{j.w.sents[j.win.sents[0]].from, sameWord, false}
		default:
			j.fault(q.kindOf(), q.pos)
		}
	}
	j.checkCrossed()
}

// unitWrong reports whether the window has the number, but counting something else.
func (j *judgement) unitWrong(q *quantity) bool {
	for _, sent := range j.win.sents {
		for _, p := range j.w.numbersIn(sent) {
			if q.low == p.low && q.high == p.high && !q.sameUnit(p) {
				return true
			}
		}
	}
	return false
}

// elsewhere reports whether a year or a paragraph that the window lacks stands in the same passage, in a sentence beside it.
func (j *judgement) elsewhere(q *quantity) bool {
	if q.unit != year || len(j.win.sents) > 1 {
		return false
	}
	for _, sent := range j.win.sents {
		for _, near := range []int{sent - 1, sent + 1} {
			if near < 0 || near >= len(j.w.sents) || j.w.passage[near] != j.w.passage[sent] {
				continue
			}
			for _, p := range j.w.numbersIn(near) {
				if q.meets(p) && q.sameUnit(p) && len(j.w.numbersIn(sent)) == 0 {
					return true
				}
			}
		}
	}
	return false
}

// counted reports whether a small number counts what a sentence of the window lists: »tre roller« of »a, b og c«.
func (j *judgement) counted(q *quantity) bool {
	if q.unit != plain || q.low != q.high || q.low < 2 || q.low > 8 {
		return false
	}
	for _, sent := range j.win.sents {
		for _, p := range j.w.numbersIn(sent) {
			if p.unit == plain && p.low <= 12 {
				return false // the passage counts itself
			}
		}
	}
	for _, sent := range j.win.sents {
		if j.w.lists(sent, int(q.low)) {
			return true
		}
	}
	return false
}

// summed reports whether a number is the sum of two that a sentence of the window joins by »og«: »tre store og to små«.
func (j *judgement) summed(q *quantity) bool {
	for _, sent := range j.win.sents {
		in := j.w.numbersIn(sent)
		for i := 1; i < len(in); i++ {
			a, b := in[i-1], in[i]
			if a.unit == q.unit && b.unit == q.unit && q.unit != year && near(a.low+b.low, q.low) && b.pos-a.pos <= 4 && j.w.marksOg(a.pos, b.pos) {
				return true
			}
		}
	}
	return false
}

// marksOg reports whether »og« stands between two tokens.
func (t *text) marksOg(from, to int) bool {
	for i := from + 1; i < to; i++ {
		if t.toks[i].w.lower == "og" {
			return true
		}
	}
	return false
}

// lists reports whether a sentence has a list of n members: members parted by commas, the last by »og« or »eller«.
func (t *text) lists(sent, n int) bool {
	sp := t.sents[sent]
	for i := sp.from; i < sp.to; i++ {
		if t.toks[i].w.lower != "og" && t.toks[i].w.lower != "eller" {
			continue
		}
		members := 2
		for p := i - 2; p >= sp.from && p >= i-8*members && members <= 8; p-- {
			if strings.Contains(t.gaps[p], ",") {
				members++
			}
		}
		if n == 2 || members == n {
			return true
		}
	}
	return false
}

// thing is the word of content next to a number: what it counts, or when.
func (t *text) thing(q *quantity) int {
	for i := q.pos + q.n; i < len(t.toks) && i < q.pos+q.n+4 && t.toks[i].clause == t.toks[q.pos].clause; i++ {
		if t.toks[i].weight >= commonWeight && t.toks[i].number == 0 {
			return i
		}
	}
	for i := q.pos - 1; i >= 0 && i > q.pos-4; i-- {
		if t.toks[i].weight >= commonWeight && t.toks[i].number == 0 {
			return i
		}
	}
	return -1
}

// aboutOther reports whether the sentence gives a number to a thing to which the window gives another number of that unit.
func (j *judgement) aboutOther(q *quantity) bool {
	thing := j.s.thing(q)
	if thing < 0 || !j.isMet(thing) || j.links[thing].strength < sameSense {
		return false
	}
	at, own := j.links[thing].pos, j.links[q.pos].pos
	for _, sent := range j.win.sents {
		for _, p := range j.w.numbersIn(sent) {
			if p.pos == own || q.unit == year || p.unit == year || !q.sameUnit(p) || q.meets(p) || j.saysNumber(p) {
				continue
			}
			owner := j.w.thing(&p)
			if owner == at && abs(own-at) > abs(p.pos-at)+2 && !j.repeated(at, own) {
				return true
			}
		}
	}
	return false
}

// borrowedNumber reports whether a number alone is taken from one sentence of the window while the rest is the other's, which
// has a number of that sort itself.
func (j *judgement) borrowedNumber(q *quantity) bool {
	if len(j.win.sents) < 2 {
		return false
	}
	for n, other := range j.win.sents {
		own := j.win.sents[1-n]
		if j.m.best[other][q.pos].pos >= 0 || j.m.best[own][q.pos].pos < 0 || j.alone(own, other, q.pos) > 0.6*j.alone(other, own, -1) || j.alone(other, own, -1) < 1 {
			continue
		}
		for _, p := range j.w.numbersIn(other) {
			if p.unit == q.unit && !j.saysNumber(p) {
				return true
			}
		}
	}
	return false
}

// saysNumber reports whether the sentence has a number of the window.
func (j *judgement) saysNumber(p quantity) bool {
	for i := range j.s.numbers {
		if q := &j.s.numbers[i]; q.meets(p) && q.sameUnit(p) {
			return true
		}
	}
	return false
}

// repeated reports whether the word at a place stands nearer to another place too.
func (j *judgement) repeated(at, near int) bool {
	sp := j.w.sents[j.w.toks[near].sent]
	for p := max(sp.from, near-4); p < min(sp.to, near+6); p++ {
		if j.w.toks[p].w.key == j.w.toks[at].w.key {
			return true
		}
	}
	return false
}

// checkCrossed finds two numbers of one unit that have changed places.
func (j *judgement) checkCrossed() {
	for a := range j.s.numbers {
		for b := a + 1; b < len(j.s.numbers) && b < a+4; b++ {
			p, q := &j.s.numbers[a], &j.s.numbers[b]
			if p.unit != q.unit && !p.sameUnit(*q) || p.low == q.low || j.links[p.pos].pos < 0 || j.links[q.pos].pos < 0 {
				continue
			}
			if j.crossed(p, q) {
				j.fault(p.kindOf(), p.pos)
			}
		}
	}
}

// anchor is what a number belongs to: the year beside it, or else the thing.
func (j *judgement) anchor(q *quantity) int {
	best, least := -1, 7
	for i := range j.s.numbers {
		if y := &j.s.numbers[i]; y.unit == year && abs(y.pos-q.pos) < least {
			best, least = y.pos, abs(y.pos-q.pos)
		}
	}
	if best >= 0 {
		return best
	}
	return j.s.thing(q)
}

// crossed reports whether the things of two numbers stand in the window each nearer to the other's number.
func (j *judgement) crossed(p, q *quantity) bool {
	if p.unit == year {
		return false
	}
	x, y := j.anchor(p), j.anchor(q)
	if x < 0 || y < 0 || x == y || !j.isMet(x) || !j.isMet(y) {
		return false
	}
	pw, qw, xw, yw := j.links[p.pos].pos, j.links[q.pos].pos, j.links[x].pos, j.links[y].pos
	if xw == yw {
		return false
	}
	return abs(pw-xw) > abs(pw-yw) && abs(qw-yw) > abs(qw-xw)
}
