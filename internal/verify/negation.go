package verify

import "slices"

// polarity pairs the negations of a sentence with those of the passages.
type polarity struct {
	j       *judgement
	claimed map[*mark]bool
	hardS   []*mark
	softS   []*mark
	hardW   []*mark
	softW   []*mark
}

// checkNegation finds negations that stand on one side only, and words that stand for their opposites.
func (j *judgement) checkNegation() {
	p := &polarity{j: j, claimed: map[*mark]bool{}}
	p.hardS, p.softS = split(j.sentenceMarks(negation | weakNegation))
	p.hardW, p.softW = split(j.windowMarks(negation | weakNegation))
	p.pairSoft()
	p.checkFlips()
	p.checkAdded()
	p.checkDropped()
}

// split separates true negations from words that only come near one.
func split(all []*mark) (hard, soft []*mark) {
	for _, m := range all {
		if m.class&negation != 0 {
			hard = append(hard, m)
		} else {
			soft = append(soft, m)
		}
	}
	return hard, soft
}

// pairSoft pairs the weak negations that both sides have.
func (p *polarity) pairSoft() {
	for _, s := range p.softS {
		for _, w := range p.softW {
			if !p.claimed[w] && p.j.s.toks[s.pos].w.key == p.j.w.toks[w.pos].w.key {
				p.claimed[s], p.claimed[w] = true, true
				break
			}
		}
	}
}

// claim finds an unclaimed mark for which ok holds, and claims it.
func (p *polarity) claim(marks []*mark, ok func(*mark) bool) bool {
	for _, m := range marks {
		if !p.claimed[m] && ok(m) {
			p.claimed[m] = true
			return true
		}
	}
	return false
}

// checkFlips looks at the words that meet their opposite: each needs a negation on one side.
func (p *polarity) checkFlips() {
	j := p.j
	for i := range j.s.toks {
		if l := j.links[i]; l.pos >= 0 && l.opposite {
			if !p.flipped(i, l.pos) {
				j.fault(Negation, i)
			}
			continue
		}
		if pos, ok := j.antonym(i); ok && !p.flipped(i, pos) {
			j.fault(Direction, i)
		}
	}
}

// flipped reports whether a negation on one side turns the opposites at i and pos into the same, and claims it.
func (p *polarity) flipped(i, pos int) bool {
	j := p.j
	inS := func(m *mark) bool {
		return m.pos != i && (j.s.toks[m.pos].clause == j.s.toks[i].clause || slices.Contains(m.scope, i))
	}
	inW := func(m *mark) bool {
		return m.pos != pos && (j.w.toks[m.pos].clause == j.w.toks[pos].clause || slices.Contains(m.scope, pos))
	}
	return p.claim(p.hardS, inS) || p.claim(p.hardW, inW) || p.claim(p.softS, inS) || p.claim(p.softW, inW)
}

// antonym finds the opposite of a word of the sentence in the window, when the window has not the word itself or another of
// its side. The opposite must stand where the sentence's neighbours stand.
func (j *judgement) antonym(i int) (int, bool) {
	k := j.s.toks[i]
	if j.s.approximates(i) {
		return 0, false
	}
	if l := j.links[i]; len(k.w.sides) == 0 || l.pos >= 0 && l.strength == sameWord {
		return 0, false
	} else if l.pos >= 0 && l.strength >= sameSense {
		if _, other := opposed(k.w.sides, j.w.toks[l.pos].w.sides); !other {
			return 0, false
		}
	}
	found := -1
	for _, sent := range j.win.sents {
		for p := j.w.sents[sent].from; p < j.w.sents[sent].to; p++ {
			same, other := opposed(k.w.sides, j.w.toks[p].w.sides)
			if j.w.toks[p].class(above|below) && j.w.bounds(p) {
				continue
			}
			if same && !other && !j.adjacentOther(i, p) {
				return 0, false
			}
			if other && found < 0 && (j.adjacent(i, p) || j.free(i, p) && !j.hasWord(p) && j.neighbours(i, p)) {
				found = p
			}
		}
	}
	return found, found >= 0
}

// approximates reports whether a word makes the number behind it a bound: »mindre end 10«.
func (t *text) approximates(i int) bool {
	return t.toks[i].class(above|below|comparative) && (t.lower(i+1) == "end" && i+2 < len(t.toks) && t.toks[i+2].number > 0 || i+1 < len(t.toks) && t.toks[i+1].number > 0)
}

// bounds reports whether a word is the »mindst« or »højst« of a number.
func (t *text) bounds(p int) bool {
	return p+1 < len(t.toks) && (t.toks[p+1].number > 0 || notNumbers[t.lower(p+1)])
}

// adjacent reports whether the next word of content after i meets the next after p.
func (j *judgement) adjacent(i, p int) bool {
	n, q := j.s.next(i), j.w.next(p)
	return n >= 0 && q >= 0 && n-i <= 3 && q-p <= 3 && j.isMet(n) && j.links[n].strength >= sameSense && j.w.toks[q].w.key == j.w.toks[j.links[n].pos].w.key
}

// adjacentOther reports whether a word of the passages on the same side as i is said there of something else that the
// sentence has.
func (j *judgement) adjacentOther(i, p int) bool {
	n, ok := j.covered[p]
	return ok && n != i
}

// opposed reports whether two words stand on the same side of a pair of opposites, or on different ones.
func opposed(a, b []side) (same, other bool) {
	for _, x := range a {
		for _, y := range b {
			if x.pair == y.pair {
				same = same || x.left == y.left
				other = other || x.left != y.left
			}
		}
	}
	return same, other
}

// neighbours reports whether a word of content near i in the sentence meets one near p.
func (j *judgement) neighbours(i, p int) bool {
	for n := max(0, i-5); n < min(len(j.s.toks), i+6); n++ {
		if n == i || !j.isMet(n) || j.s.toks[n].weight == 0 {
			continue
		}
		if q := j.links[n].pos; q != p && j.w.toks[q].sent == j.w.toks[p].sent && abs(q-p) <= 6 {
			return true
		}
	}
	return false
}

// checkAdded looks for a partner of each negation of the sentence.
func (p *polarity) checkAdded() {
	j := p.j
	var open []*mark
	for _, s := range p.hardS {
		if p.claimed[s] {
			continue
		}
		near := func(w *mark) bool { return j.touches(s, w, false) }
		wide := func(w *mark) bool { return j.touches(s, w, true) && !p.elsewhere(w) }
		if p.claim(p.hardW, near) || p.claim(p.hardW, wide) || p.claim(p.softW, near) || p.claim(p.softW, wide) {
			continue
		}
		open = append(open, s)
	}
	for _, s := range open {
		any := func(w *mark) bool { return j.coveredShare(w) < 0.6 }
		if j.metShare(s) < 0.5 && (p.claim(p.hardW, any) || p.claim(p.softW, any)) {
			continue
		}
		j.fault(Negation, s.pos)
	}
}

// elsewhere reports whether what a negation of the passages negates stands in the sentence outside all its negations.
func (p *polarity) elsewhere(w *mark) bool {
	j := p.j
	out := false
	for _, q := range w.scope {
		i, ok := j.covered[q]
		if !ok || j.w.toks[q].weight < commonWeight || q < w.pos {
			continue
		}
		for _, s := range p.hardS {
			if slices.Contains(s.scope, i) {
				return false
			}
		}
		out = true
	}
	return out
}

// checkDropped looks for the negations of the passages whose words the sentence has without them.
func (p *polarity) checkDropped() {
	j := p.j
	weak := append(append([]*mark(nil), p.softS...), p.hardS...)
	for _, w := range append(append([]*mark(nil), p.hardW...), p.softW...) {
		if p.claimed[w] || w.class&(negation|lostNegation) == 0 || j.coveredShare(w) < 0.6 || j.isCovered(w) {
			continue
		}
		if !p.claim(weak, func(s *mark) bool { return j.touches(s, w, true) || j.metShare(s) < 0.5 }) {
			j.missing(Negation, w.pos)
		}
	}
}

// isCovered reports whether the sentence has a mark's own word.
func (j *judgement) isCovered(w *mark) bool {
	_, ok := j.covered[w.pos]
	return ok
}
