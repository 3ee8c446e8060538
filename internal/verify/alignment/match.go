package alignment

import (
	"slices"
	"strings"

	"kildesvar/internal/lexical"
	"kildesvar/internal/verify/reading"
)

// How well words meet that are neither the same nor synonyms.
const (
	CompoundBoth = 0.85 // both constituents are met
	CompoundOne  = 0.7  // a word and the compound it is part of
	LikeWord     = 0.75 // the same beginning: evaluere, evaluering
	likeGrams    = 0.7  // most of the letters
	halfCompound = 0.45 // one constituent of two
	Met          = 0.55 // from here on a word counts as met
)

const (
	// minPrefix is how many letters words of one root share at least.
	minPrefix = 5
	// gramLikeness is the least Dice coefficient of the 4-grams of two spellings of a word.
	gramLikeness = 0.62
)

// Meet is how well two words of content meet, 0 to 1. opposite tells that they meet as a word and its negation (lige, ulige).
func Meet(a, b *reading.Token) (strength float64, opposite bool) {
	if a.W == b.W {
		return reading.SameWord, false
	}
	if a.W.Key == b.W.Key {
		return reading.SameWord, false
	}
	best := 0.0
	for _, gs := range [][]reading.Group{a.W.Groups, a.Groups} {
		best = max(best, shared(gs, b.W.Groups), shared(gs, b.Groups))
	}
	if best >= reading.SameSense || a.W.Stop || b.W.Stop {
		return best, false
	}
	if prefixed(a.W.Folded, b.W.Folded) || prefixed(b.W.Folded, a.W.Folded) {
		return reading.SameSense, true
	}
	best = max(best, compound(a.W, b.W), compound(b.W, a.W), partOf(a.Groups, b.W), partOf(b.Groups, a.W))
	if best < LikeWord && (a.W.Class^b.W.Class)&reading.Actor == 0 { // kommunen is not kommunikerer
		best = max(best, alike(a.W, b.W))
	}
	return best, false
}

// shared is the strength of the best group that both have.
func shared(a, b []reading.Group) float64 {
	best := 0.0
	for _, x := range a {
		for _, y := range b {
			if x.Id == y.Id {
				best = max(best, min(x.Strength, y.Strength))
			}
		}
	}
	return best
}

// partOf is how well a phrase meets a compound that has a synonym of it: »bakke op«, ledelsesopbakning.
func partOf(phrase []reading.Group, w *reading.Word) float64 {
	for _, gs := range w.PartGroups {
		if shared(phrase, gs) >= reading.SameSense {
			return CompoundOne - 0.1
		}
	}
	return 0
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
		if rest == b || len(rest) >= 5 && len(b) >= 5 && Abs(len(rest)-len(b)) <= 2 && commonPrefix(rest, b) >= min(len(rest), len(b))-1 {
			return true
		}
	}
	return false
}

// Abs is the absolute value.
func Abs(n int) int { return max(n, -n) }

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// compound is how well a compound meets another word or compound.
func compound(a, b *reading.Word) float64 {
	if len(a.Parts) == 0 {
		return 0
	}
	if slices.Contains(a.Parts, b.Key) {
		return CompoundOne
	}
	for _, gs := range a.PartGroups {
		if s := shared(gs, b.Groups); s >= reading.SameSense {
			return CompoundOne - 0.1
		}
	}
	if len(b.Parts) == 0 {
		return 0
	}
	hit := 0
	for i, p := range a.Parts {
		if slices.Contains(b.Parts, p) || slices.ContainsFunc(b.PartGroups, func(g []reading.Group) bool { return shared(a.PartGroups[i], g) > 0 }) {
			hit++
		}
	}
	switch {
	case hit == 0:
		return 0
	case hit == len(a.Parts) && hit == len(b.Parts):
		return CompoundBoth
	}
	return halfCompound
}

// alike compares the letters of two words.
func alike(a, b *reading.Word) float64 {
	if len(a.Folded) < 4 || len(b.Folded) < 4 {
		return 0
	}
	short, long := min(len(a.Folded), len(b.Folded)), max(len(a.Folded), len(b.Folded))
	if particled(a.Folded, b.Folded) || particled(b.Folded, a.Folded) {
		return LikeWord
	}
	if p := commonPrefix(a.Folded, b.Folded); p >= minPrefix && 10*p >= 7*short && (2*p >= long || p > minPrefix+1 && 5*p >= 2*long) {
		return LikeWord
	}
	if long-short > 4 || a.Folded[0] != b.Folded[0] && a.Folded[len(a.Folded)-1] != b.Folded[len(b.Folded)-1] {
		return 0
	}
	if dice(a.Grams, b.Grams) >= gramLikeness {
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

// Link is where a word of the sentence meets the passages.
type Link struct {
	Pos      int // token of the passages, -1 for none
	Strength float64
	Opposite bool
}

// Matcher aligns one sentence with the passages.
type Matcher struct {
	S, W *reading.Text
	Best [][]Link // of each sentence of w, for each token of s
}

// NewMatcher aligns a sentence with the passages.
func NewMatcher(s, w *reading.Text) *Matcher {
	m := &Matcher{S: s, W: w, Best: make([][]Link, len(w.Sents))}
	all := make([]Link, len(w.Sents)*len(s.Toks))
	for i, sp := range w.Sents {
		row := all[i*len(s.Toks) : (i+1)*len(s.Toks)]
		for j := range row {
			row[j].Pos = -1
		}
		for j := range s.Toks {
			k := &s.Toks[j]
			if k.Number > 0 {
				row[j] = m.meetNumber(k, i)
			} else if k.Weight > 0 {
				row[j] = m.meetWord(k, sp)
			}
		}
		m.Best[i] = row
	}
	return m
}

// meetWord finds the word of a sentence that meets a token best.
func (m *Matcher) meetWord(k *reading.Token, sp reading.Span) Link {
	out := Link{Pos: -1}
	for p := sp.From; p < sp.To; p++ {
		o := &m.W.Toks[p]
		if o.Weight == 0 || o.Number > 0 {
			continue
		}
		if s, opposite := Meet(k, o); s > out.Strength {
			out = Link{p, s, opposite}
			if s == reading.SameWord {
				break
			}
		}
	}
	if out.Strength < 0.4 {
		return Link{Pos: -1}
	}
	return out
}

// meetNumber finds the number of a sentence that a number meets.
func (m *Matcher) meetNumber(k *reading.Token, sent int) Link {
	q := m.S.Numbers[k.Number-1]
	for _, p := range m.W.NumbersIn(sent) {
		if q.Meets(p) && q.SameUnit(p) {
			return Link{p.Pos, reading.SameWord, false}
		}
	}
	return Link{Pos: -1}
}
