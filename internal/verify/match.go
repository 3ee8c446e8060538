package verify

import (
	"slices"
	"strings"

	"kildesvar/internal/lexical"
)

// How well words meet that are neither the same nor synonyms.
const (
	compoundBoth = 0.85 // both constituents are met
	compoundOne  = 0.7  // a word and the compound it is part of
	likeWord     = 0.75 // the same beginning: evaluere, evaluering
	likeGrams    = 0.7  // most of the letters
	halfCompound = 0.45 // one constituent of two
	met          = 0.55 // from here on a word counts as met
)

const (
	// minPrefix is how many letters words of one root share at least.
	minPrefix = 5
	// gramLikeness is the least Dice coefficient of the 4-grams of two spellings of a word.
	gramLikeness = 0.62
)

// meet is how well two words of content meet, 0 to 1. opposite tells that they meet as a word and its negation (lige, ulige).
func meet(a, b *token) (strength float64, opposite bool) {
	if a.w == b.w {
		return sameWord, false
	}
	if a.w.key == b.w.key {
		return sameWord, false
	}
	best := 0.0
	for _, gs := range [][]group{a.w.groups, a.groups} {
		best = max(best, shared(gs, b.w.groups), shared(gs, b.groups))
	}
	if best >= sameSense || a.w.stop || b.w.stop {
		return best, false
	}
	if prefixed(a.w.folded, b.w.folded) || prefixed(b.w.folded, a.w.folded) {
		return sameSense, true
	}
	best = max(best, compound(a.w, b.w), compound(b.w, a.w))
	if best < likeWord {
		best = max(best, alike(a.w, b.w))
	}
	return best, false
}

// shared is the strength of the best group that both have.
func shared(a, b []group) float64 {
	best := 0.0
	for _, x := range a {
		for _, y := range b {
			if x.id == y.id {
				best = max(best, min(x.strength, y.strength))
			}
		}
	}
	return best
}

// negators are the prefixes that negate a word.
var negators = []string{"u", "mis", "ikke"}

// prefixed reports whether a is b with a prefix that negates.
func prefixed(a, b string) bool {
	if len(b) < 4 {
		return false
	}
	for _, n := range negators {
		rest, ok := strings.CutPrefix(a, n)
		if !ok || len(rest) < 4 {
			continue
		}
		if rest == b || len(rest) >= 5 && len(b) >= 5 && abs(len(rest)-len(b)) <= 2 && commonPrefix(rest, b) >= min(len(rest), len(b))-1 {
			return true
		}
	}
	return false
}

func abs(n int) int { return max(n, -n) }

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// compound is how well a compound meets another word or compound.
func compound(a, b *word) float64 {
	if len(a.parts) == 0 {
		return 0
	}
	if slices.Contains(a.parts, b.key) {
		return compoundOne
	}
	for _, gs := range a.partGroups {
		if s := shared(gs, b.groups); s >= sameSense {
			return compoundOne - 0.1
		}
	}
	if len(b.parts) == 0 {
		return 0
	}
	hit := 0
	for i, p := range a.parts {
		if slices.Contains(b.parts, p) || slices.ContainsFunc(b.partGroups, func(g []group) bool { return shared(a.partGroups[i], g) > 0 }) {
			hit++
		}
	}
	switch {
	case hit == 0:
		return 0
	case hit == len(a.parts) && hit == len(b.parts):
		return compoundBoth
	}
	return halfCompound
}

// alike compares the letters of two words.
func alike(a, b *word) float64 {
	if len(a.folded) < 4 || len(b.folded) < 4 {
		return 0
	}
	short, long := min(len(a.folded), len(b.folded)), max(len(a.folded), len(b.folded))
	if particled(a.folded, b.folded) || particled(b.folded, a.folded) {
		return likeWord
	}
	if p := commonPrefix(a.folded, b.folded); p >= minPrefix && 10*p >= 7*short && 2*p >= long {
		return likeWord
	}
	if long-short > 4 || a.folded[0] != b.folded[0] && a.folded[len(a.folded)-1] != b.folded[len(b.folded)-1] {
		return 0
	}
	if dice(a.grams, b.grams) >= gramLikeness {
		return likeGrams
	}
	return 0
}

// particles stand before verbs without turning their sense: opfange, udvælge, fremvise.
var particles = []string{"op", "ud", "ind", "frem", "sammen", "til", "videre", "hen", "over"}

// particled reports whether a is b with a particle before it.
func particled(a, b string) bool {
	for _, p := range particles {
		if rest, ok := strings.CutPrefix(a, p); ok && len(rest) >= 4 && commonPrefix(rest, b) >= max(len(rest), len(b))-2 && len(b) >= 4 {
			return true
		}
	}
	return false
}

func dice(a, b []lexical.Key) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	both := 0
	for _, g := range a {
		if slices.Contains(b, g) {
			both++
		}
	}
	return 2 * float64(both) / float64(len(a)+len(b))
}

// link is where a word of the sentence meets the passages.
type link struct {
	pos      int // token of the passages, -1 for none
	strength float64
	opposite bool
}

// matcher aligns one sentence with the passages.
type matcher struct {
	s, w *text
	best [][]link // of each sentence of w, for each token of s
}

func newMatcher(s, w *text) *matcher {
	m := &matcher{s: s, w: w, best: make([][]link, len(w.sents))}
	all := make([]link, len(w.sents)*len(s.toks))
	for i, sp := range w.sents {
		row := all[i*len(s.toks) : (i+1)*len(s.toks)]
		for j := range row {
			row[j].pos = -1
		}
		for j := range s.toks {
			k := &s.toks[j]
			if k.number > 0 {
				row[j] = m.meetNumber(k, i)
			} else if k.weight > 0 {
				row[j] = m.meetWord(k, sp)
			}
		}
		m.best[i] = row
	}
	return m
}

// meetWord finds the word of a sentence that meets a token best.
func (m *matcher) meetWord(k *token, sp span) link {
	out := link{pos: -1}
	for p := sp.from; p < sp.to; p++ {
		o := &m.w.toks[p]
		if o.weight == 0 || o.number > 0 {
			continue
		}
		if s, opposite := meet(k, o); s > out.strength {
			out = link{p, s, opposite}
			if s == sameWord {
				break
			}
		}
	}
	if out.strength < 0.4 {
		return link{pos: -1}
	}
	return out
}

// meetNumber finds the number of a sentence that a number meets.
func (m *matcher) meetNumber(k *token, sent int) link {
	q := m.s.numbers[k.number-1]
	for _, p := range m.w.numbersIn(sent) {
		if q.meets(p) && q.sameUnit(p) {
			return link{p.pos, sameWord, false}
		}
	}
	return link{pos: -1}
}

// numbersIn are the numbers of one sentence.
func (t *text) numbersIn(sent int) []quantity {
	sp := t.sents[sent]
	from, _ := slices.BinarySearchFunc(t.numbers, sp.from, func(q quantity, at int) int { return q.pos - at })
	to, _ := slices.BinarySearchFunc(t.numbers, sp.to, func(q quantity, at int) int { return q.pos - at })
	return t.numbers[from:to]
}

// marksIn are the marks of one sentence.
func (t *text) marksIn(sent int) []mark {
	sp := t.sents[sent]
	from, _ := slices.BinarySearchFunc(t.marks, sp.from, func(q mark, at int) int { return q.pos - at })
	to, _ := slices.BinarySearchFunc(t.marks, sp.to, func(q mark, at int) int { return q.pos - at })
	return t.marks[from:to]
}
