package verify

import "kildesvar/internal/lexical"

// An edit is one word set in, put for another or taken out of a stretch that is otherwise word for word the passage's. Copying
// with one change is how a writer most often errs, and there nothing need be guessed: the words around tell what was changed.

// keyAt is the key of a token within its sentence; before and behind it stand bounds that equal each other.
func (t *text) keyAt(i, sent int) lexical.Key {
	if i < 0 || i >= len(t.toks) || t.toks[i].sent != sent {
		return 0
	}
	return t.toks[i].w.key
}

// around2 words
const around2 = 2

// sameAround reports whether a token of the sentence and one of the passages have the same word before them and behind them,
// at the distances given, and another word beside one of these, so that it is no chance.
func (j *judgement) sameAround(i, skipS, p, skipW int) bool {
	s, w := j.s.toks[min(i, len(j.s.toks)-1)].sent, j.w.toks[p].sent
	before := j.s.keyAt(i-1, s) == j.w.keyAt(p-1, w) || i == 0 && p-1 == j.w.sents[w].from && articles[j.w.lower(p-1)]
	behind := j.s.keyAt(i+skipS, s) == j.w.keyAt(p+skipW, w)
	if !before || !behind {
		return false
	}
	far := j.s.keyAt(i-2, s) == j.w.keyAt(p-2, w) && j.s.keyAt(i-2, s) != 0
	further := j.s.keyAt(i+skipS+1, s) == j.w.keyAt(p+skipW+1, w) && j.s.keyAt(i+skipS+1, s) != 0
	return far || further
}

// checkEdits looks for edits that change what is claimed.
func (j *judgement) checkEdits() {
	budget := maxEdits
	for _, sent := range j.win.sents {
		sp := j.w.sents[sent]
		for i := range j.s.toks {
			for p := sp.from; p < sp.to; p++ {
				if budget -= j.editAt(i, p, sp.from); budget <= 0 {
					return
				}
			}
		}
	}
}

// maxEdits bounds the places of one window that are looked at, so that texts which repeat themselves take no longer.
const maxEdits = 200

// editAt judges the edit at word i of the sentence and word p of the passages, if there is one. It returns 1 when it looked.
func (j *judgement) editAt(i, p, from int) int {
	differ := j.s.toks[i].w.key != j.w.toks[p].w.key
	looked := 0
	switch {
	case differ && j.sameAround(i, 1, p, 1):
		looked = 1
		if !j.verbatim(i-around2, i+around2+1) {
			j.substituted(i, p)
		}
	case differ && j.sameAround(i, 1, p, 0):
		looked = 1
		if !j.verbatim(i-around2, i+around2+1) {
			j.insertedAt(i)
		}
	}
	if p > from && j.sameAround(i, 0, p, 1) {
		looked = 1
		if !j.verbatim(i-around2, i+around2+1) {
			j.deletedAt(p)
		}
	}
	return looked
}

// verbatim reports whether the window has a stretch of the sentence word for word.
func (j *judgement) verbatim(from, to int) bool {
	from, to = max(from, 0), min(to, len(j.s.toks))
	for _, sent := range j.win.sents {
		sp := j.w.sents[sent]
		for p := sp.from; p+to-from <= sp.to; p++ {
			n := 0
			for from+n < to && j.s.toks[from+n].w.key == j.w.toks[p+n].w.key {
				n++
			}
			if from+n == to {
				return true
			}
		}
	}
	return false
}

// strange reports whether a word is none that the word lists know and has no Danish ending, so that it is likely a name.
func (k *token) strange() bool {
	w := k.w
	return !w.stop && len(w.groups) == 0 && len(w.parts) == 0 && len(w.sides) == 0 && w.class == 0 && w.weight == fullWeight && !danishEnding(w.lower)
}

// substituted judges word i that stands for word p.
func (j *judgement) substituted(i, p int) {
	a, b := &j.s.toks[i], &j.w.toks[p]
	x, y := a.w, b.w
	if a.number > 0 && b.number > 0 {
		if q, r := j.s.numbers[a.number-1], j.w.numbers[b.number-1]; q.pos == i && r.pos == p && (!q.meets(r) || q.approx != 0 && q.approx == r.approx) {
			j.fault(q.kindOf(), i)
		}
		return
	}
	if a.number > 0 || b.number > 0 {
		return
	}
	m, n := modals[x.lower], modals[y.lower]
	_, opposite := opposed(x.sides, y.sides)
	la, lb := x.class.level(), y.class.level()
	switch {
	case m != 0 && n != 0 && m != n && m&accepts(n) == 0:
		j.fault(Modality, i)
	case opposite:
		j.fault(Direction, i)
	case x.class&negation != y.class&negation && (x.class|y.class)&(weakNegation|noNegation|only) == 0:
		j.fault(Negation, i)
	case la > 0 && lb > 0 && (la > lb || la == 1), la >= 4 && lb == 0 && y.class&only == 0:
		j.fault(Quantifier, i)
	case x.class&only != 0 && y.class&(only|negation|level1) == 0:
		j.fault(Quantifier, i)
	default:
		strength, turned := meet(a, b)
		switch {
		case turned:
			j.fault(Negation, i)
		case strength >= sameSense:
		case j.hyphened(i) && strength < met && !j.isMet(i):
			j.fault(Name, i)
		case a.name && b.name || b.name && a.first && a.weight >= commonWeight, a.first && b.first && strength == 0 && a.strange():
			j.fault(Name, i)
		case x.class&actor != 0 && y.class&actor != 0:
			j.fault(Actor, i)
		case strength < met && a.weight >= fullWeight && b.weight >= fullWeight && j.isMet(i) && j.links[i].strength >= sameSense && j.free(i, p) && !j.hasWord(p) &&
			j.w.toks[j.links[i].pos].clause != b.clause:
			j.fault(Actor, i)
		case strength < met && a.weight >= fullWeight && b.weight >= fullWeight && !j.isMet(i):
			j.feature.edited++
		}
	}
}

// hyphened reports whether a word is joined to another by a hyphen, as in co-creation.
func (j *judgement) hyphened(i int) bool {
	return i > 0 && j.s.gaps[i-1] == "-" || i+1 < len(j.s.toks) && j.s.gaps[i] == "-"
}

// insertedAt judges a word that stands where the passage has nothing.
func (j *judgement) insertedAt(i int) {
	switch c := j.s.toks[i].w.class; {
	case modals[j.s.toks[i].w.lower]&(must|should) != 0 && !j.windowWord(i):
		j.fault(Modality, i)
	case c&negation != 0:
		if j.s.count(negation) > j.countInWindow(negation) || len(j.win.sents) > 1 {
			j.fault(Negation, i)
		}
	case c.level() >= 4 && j.levelNear(i, c.level()), c.level() == 1 && j.windowWord(i):
	case c.level() >= 4, c.level() == 1, c&only != 0:
		j.fault(Quantifier, i)
	}
}

// levelNear reports whether a quantifier of the window is about what the one at i is about, and is no weaker. It must be
// another than those that the sentence has too.
func (j *judgement) levelNear(i, level int) bool {
	for _, s := range j.sentenceMarks(levels) {
		if s.pos != i {
			continue
		}
		for _, w := range j.windowMarks(levels) {
			if w.class.level() >= level && !j.isCovered(w) && !j.hasWord(w.pos) && j.touches(s, w, true) {
				return true
			}
		}
	}
	return false
}

// windowWord reports whether the window has a word of the sentence.
func (j *judgement) windowWord(i int) bool {
	for _, sent := range j.win.sents {
		for p := j.w.sents[sent].from; p < j.w.sents[sent].to; p++ {
			if j.w.toks[p].w.key == j.s.toks[i].w.key {
				return true
			}
		}
	}
	return false
}

// count is how many words of a text have a class.
func (t *text) count(c class) int {
	n := 0
	for i := range t.toks {
		if t.toks[i].w.class&c != 0 {
			n++
		}
	}
	return n
}

// countInWindow is how many words of the window have a class.
func (j *judgement) countInWindow(c class) int {
	n := 0
	for _, sent := range j.win.sents {
		for p := j.w.sents[sent].from; p < j.w.sents[sent].to; p++ {
			if j.w.toks[p].w.class&c != 0 {
				n++
			}
		}
	}
	return n
}

// deletedAt judges a word of the passages that the sentence lacks.
func (j *judgement) deletedAt(p int) {
	switch c := j.w.toks[p].w.class; {
	case c&(negation|lostNegation) != 0:
		if j.s.count(negation|lostNegation) < j.countInWindow(negation|lostNegation) {
			j.missing(Negation, p)
		}
	case modals[j.w.toks[p].w.lower] != 0:
		if !j.hasWord(p) {
			j.missing(Modality, p)
		}
	}
}
