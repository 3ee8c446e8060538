package claim

import (
	"slices"
	"strings"

	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/reading"
)

// polarity pairs the negations of a sentence with those of the passages.
type polarity struct {
	j       *inspection
	claimed map[*reading.Mark]bool
	hardS   []*reading.Mark
	softS   []*reading.Mark
	hardW   []*reading.Mark
	softW   []*reading.Mark
}

// checkNegation finds negations that stand on one side only, and words that stand for their opposites.
func (j *inspection) checkNegation() {
	p := &polarity{j: j, claimed: map[*reading.Mark]bool{}}
	p.hardS, p.softS = split(j.SentenceMarks(reading.Negation | reading.WeakNegation))
	p.hardW, p.softW = split(j.WindowMarks(reading.Negation | reading.WeakNegation))
	p.pairSoft()
	p.checkFlips()
	j.checkSequence()
	p.checkAdded()
	p.checkDropped()
}

// split separates true negations from words that only come near one.
func split(all []*reading.Mark) (hard, soft []*reading.Mark) {
	for _, m := range all {
		if m.Class&reading.Negation != 0 {
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
			if !p.claimed[w] && p.j.S.Toks[s.Pos].W.Key == p.j.W.Toks[w.Pos].W.Key {
				p.claimed[s], p.claimed[w] = true, true
				break
			}
		}
	}
}

// claim finds an unclaimed mark for which ok holds, and claims it.
func (p *polarity) claim(marks []*reading.Mark, ok func(*reading.Mark) bool) bool {
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
	for i := range j.S.Toks {
		if l := j.Links[i]; l.Pos >= 0 && l.Opposite {
			if !p.flipped(i, l.Pos) {
				j.Fault(alignment.Negation, i)
			}
			continue
		}
		if pos, ok := j.antonym(i); ok && !p.flipped(i, pos) {
			j.Fault(alignment.Direction, i)
		}
	}
}

// flipped reports whether a negation on one side turns the opposites at i and pos into the same, and claims it.
func (p *polarity) flipped(i, pos int) bool {
	j := p.j
	inS := func(m *reading.Mark) bool {
		return m.Pos != i && (j.S.Toks[m.Pos].Clause == j.S.Toks[i].Clause || slices.Contains(m.Scope, i))
	}
	inW := func(m *reading.Mark) bool {
		return m.Pos != pos && (j.W.Toks[m.Pos].Clause == j.W.Toks[pos].Clause || slices.Contains(m.Scope, pos))
	}
	return p.claim(p.hardS, inS) || p.claim(p.hardW, inW) || p.claim(p.softS, inS) || p.claim(p.softW, inW)
}

// antonym finds the opposite of a word of the sentence in the window, when the window has not the word itself or another of
// its side. The opposite must stand where the sentence's neighbours stand.
func (j *inspection) antonym(i int) (int, bool) {
	k := j.S.Toks[i]
	if approximates(j.S, i) {
		return 0, false
	}
	if p := j.besideOpposite(i); p >= 0 {
		return p, true
	}
	if l := j.Links[i]; len(k.W.Sides) == 0 || l.Pos >= 0 && l.Strength == reading.SameWord {
		return 0, false
	} else if l.Pos >= 0 && l.Strength >= reading.SameSense {
		if _, other := opposed(k.W.Sides, j.W.Toks[l.Pos].W.Sides); !other {
			return 0, false
		}
	}
	found := -1
	for _, sent := range j.Win.Sents {
		for p := j.W.Sents[sent].From; p < j.W.Sents[sent].To; p++ {
			same, other := opposed(k.W.Sides, j.W.Toks[p].W.Sides)
			if j.W.Toks[p].Class(reading.Above|reading.Below) && bounds(j.W, p) {
				continue
			}
			if same && !other && !j.adjacentOther(i, p) {
				return 0, false
			}
			if other && found < 0 && (j.adjacent(i, p) || j.Free(i, p) && !j.HasWord(p) && j.neighbours(i, p)) {
				found = p
			}
		}
	}
	return found, found >= 0
}

// besideOpposite is the opposite of a word of the sentence that stands in the window next to the word which stands beside it in the
// sentence, -1 for none: »når bevillingen begynder«, »når bevillingen slutter«.
func (j *inspection) besideOpposite(i int) int {
	if len(j.S.Toks[i].W.Sides) == 0 {
		return -1
	}
	if n := contentBefore(j.S, i); j.anchors(i, n) {
		q := j.Links[n].Pos
		if p := j.W.Next(q); p >= 0 && p <= q+3 && j.opposes(i, p, q) {
			return p
		}
	}
	if n := j.S.Next(i); n <= i+3 && j.anchors(i, n) {
		q := j.Links[n].Pos
		if p := contentBefore(j.W, q); p >= 0 && j.opposes(i, p, q) {
			return p
		}
	}
	return -1
}

// anchors reports whether a word beside i, in its clause, is met as it is.
func (j *inspection) anchors(i, n int) bool {
	return n >= 0 && j.IsMet(n) && j.Links[n].Strength >= reading.SameSense && j.S.Toks[n].Clause == j.S.Toks[i].Clause && j.S.Toks[n].Number == 0
}

// opposes reports whether a word of the window beside q is only the opposite of a word of the sentence, and meets no other.
func (j *inspection) opposes(i, p, q int) bool {
	same, other := opposed(j.S.Toks[i].W.Sides, j.W.Toks[p].W.Sides)
	return other && !same && j.Free(i, p) && j.W.Toks[p].Clause == j.W.Toks[q].Clause && j.W.Toks[p].Sent == j.W.Toks[q].Sent && !j.HasWord(p)
}

// contentBefore is the word of content right before a token, or up to three tokens before it, -1 for none.
func contentBefore(t *reading.Text, i int) int {
	for n := i - 1; n >= 0 && n >= i-3; n-- {
		if t.Toks[n].Weight >= reading.CommonWeight {
			return n
		}
	}
	return -1
}

// checkSequence finds »efter« where the window has »før«, before a clause or a word that both have.
func (j *inspection) checkSequence() {
	for i := range j.S.Toks {
		k := &j.S.Toks[i]
		if !sequence[k.W.Lower] {
			continue
		}
		n := j.S.Next(i)
		if n < 0 || n > i+4 || !j.IsMet(n) || j.Links[n].Strength < reading.SameSense {
			continue
		}
		q := j.Links[n].Pos
		for p := q - 1; p >= 0 && p >= q-4 && j.W.Toks[p].Sent == j.W.Toks[q].Sent; p-- {
			if !sequence[j.W.Lower(p)] {
				continue
			}
			if same, other := opposed(k.W.Sides, j.W.Toks[p].W.Sides); other && !same && !j.HasWord(p) {
				j.Fault(alignment.Direction, i)
			}
			break
		}
	}
}

// sequence are the words of before and after.
var sequence = reading.Set("før inden efter")

// approximates reports whether a word makes the number behind it a bound: »mindre end 10«.
func approximates(t *reading.Text, i int) bool {
	return t.Toks[i].Class(reading.Above|reading.Below|reading.Comparative) && (t.Lower(i+1) == "end" && i+2 < len(t.Toks) && t.Toks[i+2].Number > 0 || i+1 < len(t.Toks) && t.Toks[i+1].Number > 0)
}

// bounds reports whether a word is the »mindst« or »højst« of a number.
func bounds(t *reading.Text, p int) bool {
	return p+1 < len(t.Toks) && (t.Toks[p+1].Number > 0 || reading.NotNumbers[t.Lower(p+1)])
}

// adjacent reports whether the next word of content after i meets the next after p.
func (j *inspection) adjacent(i, p int) bool {
	n, q := j.S.Next(i), j.W.Next(p)
	return n >= 0 && q >= 0 && n-i <= 3 && q-p <= 3 && j.IsMet(n) && j.Links[n].Strength >= reading.SameSense && j.W.Toks[q].W.Key == j.W.Toks[j.Links[n].Pos].W.Key
}

// adjacentOther reports whether a word of the passages on the same side as i is said there of something else that the
// sentence has.
func (j *inspection) adjacentOther(i, p int) bool {
	n, ok := j.Covered[p]
	return ok && n != i
}

// opposed reports whether two words stand on the same side of a pair of opposites, or on different ones.
func opposed(a, b []reading.Side) (same, other bool) {
	for _, x := range a {
		for _, y := range b {
			if x.Pair == y.Pair {
				same = same || x.Left == y.Left
				other = other || x.Left != y.Left
			}
		}
	}
	return same, other
}

// neighbours reports whether a word of content near i in the sentence meets one near p.
func (j *inspection) neighbours(i, p int) bool {
	for n := max(0, i-5); n < min(len(j.S.Toks), i+6); n++ {
		if n == i || !j.IsMet(n) || j.S.Toks[n].Weight == 0 {
			continue
		}
		if q := j.Links[n].Pos; q != p && j.W.Toks[q].Sent == j.W.Toks[p].Sent && alignment.Abs(q-p) <= 6 {
			return true
		}
	}
	return false
}

// checkAdded looks for a partner of each negation of the sentence.
func (p *polarity) checkAdded() {
	j := p.j
	var open []*reading.Mark
	for _, s := range p.hardS {
		if p.claimed[s] {
			continue
		}
		near := func(w *reading.Mark) bool { return j.Touches(s, w, false) }
		wide := func(w *reading.Mark) bool { return j.Touches(s, w, true) && !p.elsewhere(w) }
		if p.claim(p.hardW, near) || p.claim(p.hardW, wide) || p.claim(p.softW, near) || p.claim(p.softW, wide) {
			continue
		}
		open = append(open, s)
	}
	for _, s := range open {
		if bare(j.S, s) && p.claim(p.hardW, func(w *reading.Mark) bool { return j.S.Toks[s.Pos].W.Key == j.W.Toks[w.Pos].W.Key }) {
			continue
		}
		any := func(w *reading.Mark) bool { return j.CoveredShare(w) < 0.6 }
		if j.MetShare(s) < 0.5 && (p.claim(p.hardW, any) || p.claim(p.softW, any)) {
			continue
		}
		j.Fault(alignment.Negation, s.Pos)
	}
}

// bare reports whether a negation has nothing behind it in its clause that it negates: »aldrig har været det«.
func bare(t *reading.Text, m *reading.Mark) bool {
	for i := m.Pos + 1; i < len(t.Toks) && t.Toks[i].Clause == t.Toks[m.Pos].Clause && i < m.Pos+5; i++ {
		if t.Toks[i].Weight > 0 && t.Toks[i].Number == 0 {
			return false
		}
	}
	return true
}

// elsewhere reports whether what a negation of the passages negates stands in the sentence outside all its negations.
func (p *polarity) elsewhere(w *reading.Mark) bool {
	j := p.j
	out := false
	for _, q := range w.Scope {
		i, ok := j.Covered[q]
		if !ok || j.W.Toks[q].Weight < reading.CommonWeight || q < w.Pos {
			continue
		}
		for _, s := range p.hardS {
			if slices.Contains(s.Scope, i) {
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
	weak := append(append([]*reading.Mark(nil), p.softS...), p.hardS...)
	for _, w := range append(append([]*reading.Mark(nil), p.hardW...), p.softW...) {
		if p.claimed[w] || w.Class&(reading.Negation|reading.LostNegation) == 0 || j.CoveredShare(w) < dropped || j.isCovered(w) {
			continue
		}
		if !p.claim(weak, func(s *reading.Mark) bool { return !j.own(s) && (j.Touches(s, w, true) || j.MetShare(s) < 0.5) }) {
			if w.Class&reading.Negation != 0 || strings.HasPrefix(j.W.Lower(w.Pos), "mangl") {
				j.Missing(alignment.Negation, w.Pos)
			} else {
				j.DoubtMissing(alignment.Negation, w.Pos)
			}
		}
	}
}

// dropped is the share of a negation's scope from which a sentence that has it tells of the same.
const dropped = 0.6

// own reports whether a mark's own word stands in the window too, where it negates nothing that the sentence lacks: »afgrænser«.
func (j *inspection) own(s *reading.Mark) bool {
	return s.Class&reading.Negation == 0 && j.IsMet(s.Pos) && j.Links[s.Pos].Strength >= reading.SameSense
}

// isCovered reports whether the sentence has a mark's own word.
func (j *inspection) isCovered(w *reading.Mark) bool {
	_, ok := j.Covered[w.Pos]
	return ok
}
