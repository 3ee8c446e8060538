package verify

import "strings"

// slot is the place in the window that belongs to a word of the sentence: between what its nearest met neighbours meet.
type slot struct {
	left, right int  // tokens of the passages, or the bounds of a sentence; -1 when unknown
	exact       bool // both neighbours are met exactly
	free        int  // the first word of content between that the sentence has not, -1 for none
}

// slotOf finds the slot of a token in one sentence of the window.
func (j *judgement) slotOf(i, sent int) slot {
	out := slot{left: -1, right: -1, free: -1, exact: true}
	sp := j.w.sents[sent]
	for n := i - 1; n >= 0 && n >= i-8; n-- {
		if l := j.m.best[sent][n]; l.pos >= 0 && j.s.toks[n].weight > 0 {
			out.left, out.exact = j.linkIn(n, sent), out.exact && l.strength >= sameSense
			break
		}
		if j.s.toks[n].weight >= fullWeight {
			out.exact = false
		}
	}
	for n := i + 1; n < len(j.s.toks) && n <= i+8; n++ {
		if l := j.m.best[sent][n]; l.pos >= 0 && j.s.toks[n].weight > 0 {
			out.right, out.exact = j.linkIn(n, sent), out.exact && l.strength >= sameSense
			break
		}
		if j.s.toks[n].weight >= fullWeight {
			out.exact = false
		}
	}
	from, to := out.left, out.right
	switch {
	case from < 0 && to < 0:
		return out
	case from < 0:
		from = max(sp.from-1, to-5)
	case to < 0:
		to = min(sp.to, from+6)
	}
	for p := from + 1; p < to; p++ {
		if _, ok := j.covered[p]; !ok && j.w.toks[p].weight >= commonWeight {
			out.free = p
			break
		}
	}
	return out
}

// linkIn is the place in a sentence that a token meets, the chosen one if it is there.
func (j *judgement) linkIn(n, sent int) int {
	if l := j.links[n]; l.pos >= 0 && j.w.toks[l.pos].sent == sent {
		return l.pos
	}
	return j.m.best[sent][n].pos
}

// checkSlots finds members of lists that the passage's list does not have, and words of one sentence of the window in the slot
// of another word of the other sentence: the sentence says of the one what the passage says of the other.
func (j *judgement) checkSlots() {
	home := j.homes()
	for i, k := range j.s.toks {
		if k.weight < commonWeight || k.number > 0 {
			continue
		}
		at := j.slotOf(i, home[i])
		tight := at.left >= 0 && (at.right < 0 || at.right > at.left && at.right-at.left <= 7) || at.left < 0 && i == 0 && at.right >= 0 && at.right-j.w.sents[home[i]].from <= 2
		switch {
		case j.isMet(i):
			own := j.m.best[home[i]][i]
			if own.strength < met && at.free >= 0 && at.exact && j.sameSlot(i, at, home[i]) {
				j.fault(Order, i)
			}
			j.lent(i)
		case tight && at.exact && at.free < 0 && j.listed(i) && k.w.class&light == 0:
			j.fault(Content, i)
		}
	}
}

// lent finds a word that alone is taken from one sentence of the window while the rest is the other's, where it stands in the
// slot of a rival.
func (j *judgement) lent(i int) {
	if len(j.win.sents) < 2 {
		return
	}
	for n, other := range j.win.sents {
		own := j.win.sents[1-n]
		if j.m.best[other][i].strength >= met || j.m.best[own][i].strength < sameSense || j.alone(own, other, i) >= 1 || j.alone(other, own, -1) < 1.5 {
			continue
		}
		if at := j.slotOf(i, other); at.free >= 0 && at.exact && j.sameSlot(i, at, other) {
			j.fault(Order, i)
		}
	}
}

// sameSlot reports whether the free word of a slot is a rival of a word of the sentence: a name for a name, and otherwise a
// word right between the same neighbours.
func (j *judgement) sameSlot(i int, at slot, sent int) bool {
	rival := j.w.toks[at.free]
	if j.s.toks[i].name != rival.name {
		return false
	}
	if at.left >= 0 && at.right >= 0 {
		return at.right > at.left && at.right-at.left <= 4
	}
	if at.left < 0 {
		return at.right >= 0 && i <= 3 && at.free-j.w.sents[sent].from <= 3
	}
	return at.free-at.left <= 2
}

// listed reports whether a token is a member of a list: a comma or »og« on both sides of it.
func (j *judgement) listed(i int) bool {
	before := i > 0 && (strings.Contains(j.s.gaps[i-1], ",") || listWords[j.s.toks[i-1].w.lower])
	after := strings.Contains(j.s.gaps[i], ",") || i+1 < len(j.s.toks) && listWords[j.s.toks[i+1].w.lower]
	return before && after || before && (listWords[j.s.lower(i-1)]) && (i+1 >= len(j.s.toks) || prepositions[j.s.lower(i+1)])
}

var listWords = set("og eller samt")

// checkCompared wants a comparison only where the passages compare, and the most of something only where they rank.
func (j *judgement) checkCompared() {
	for _, s := range j.sentenceMarks(comparative) {
		if !j.s.approximates(s.pos) && (j.s.comparedBy(s.pos) && !j.compares(s) || j.newDegree(s)) {
			j.fault(Direction, s.pos)
		}
	}
	for _, s := range j.sentenceMarks(comparative) {
		if lessens[j.s.lower(s.pos)] && !j.s.approximates(s.pos) && j.metShare(s) >= 0.67 && j.have&(comparative|weakNegation|lostNegation|negation|level1) == 0 && !j.trendWord(-1) {
			j.fault(Direction, s.pos)
		}
	}
	for _, s := range j.sentenceMarks(superlative) {
		if j.have&(superlative|comparative|level4|level5|only) == 0 {
			j.fault(Direction, s.pos)
		}
	}
}

// lessens are the comparatives that take away.
var lessens = set("mindre færre lavere")

// newDegree reports whether a comparative is of an adjective that the window has nothing like, though it has what is compared.
func (j *judgement) newDegree(s *mark) bool {
	return j.s.toks[s.pos].weight > 0 && j.have&movement == 0 && !j.isMet(s.pos) && j.metShare(s) >= 0.67 && !j.compares(s)
}

// comparedBy reports whether »end« follows a comparative.
func (t *text) comparedBy(at int) bool {
	for i := at + 1; i < len(t.toks) && i < at+14; i++ {
		if t.toks[i].w.lower == "end" {
			return true
		}
	}
	return false
}

// compares reports whether the window has a comparison that the sentence's may be.
func (j *judgement) compares(s *mark) bool {
	word := j.s.toks[s.pos].w
	if j.s.toks[s.pos].weight > 0 && j.isMet(s.pos) && j.links[s.pos].strength >= sameSense {
		return true
	}
	if known, right := j.bigger(s.pos); known {
		return right
	}
	if j.s.comparedBy(s.pos) && j.have&contrast == 0 {
		return len(j.s.numbers) > 1
	}
	for _, w := range j.windowMarks(comparative | superlative | contrast) {
		other := j.w.toks[w.pos].w
		same, opposite := opposed(word.sides, other.sides)
		if other.key == word.key || same || opposite || j.touches(s, w, true) {
			return true
		}
	}
	return len(j.s.numbers) > 1
}

// checkAsserted finds what the passages ask or expect and the sentence says as if it were so.
func (j *judgement) checkAsserted() {
	for _, w := range j.windowMarks(whether) {
		if len(w.scope) > 1 && j.coveredShare(w) >= 0.6 && len(j.sentenceMarks(asks)) == 0 {
			j.missing(Modality, w.pos)
		}
	}
	for _, w := range j.windowMarks(hedge) {
		if j.coveredShare(w) >= 0.6 && !j.isCovered(w) && len(j.sentenceMarks(hedge|can|should|must|whether)) == 0 {
			j.feature.hedge++
		}
	}
}
