package danish

import (
	"slices"
	"strings"
)

// Splitter finds the constituents (led) of compounds, with a corpus' own words as its dictionary. It is immutable.
type Splitter struct {
	heads   map[string]head
	stems   map[string]string // folded stem → the corpus' commonest word with it, folded, for the last constituent, which is inflected
	longest int               // letters of the longest of heads
}

// head is what may stand as a constituent.
type head struct {
	word string // as the corpus spells it
	term string // its term
	stem bool   // only a stem (arbejd+s+deling), not a word that can stand last
}

// Sizes of compounds, in letters of the folded word.
const (
	minPart     = 3  // the shortest constituent
	minCompound = 7  // shorter words are left whole
	maxCompound = 60 // longer ones are no words
	minStem     = 5  // the shortest stem that is a constituent without being a word
	// rareFour is how often a word of four letters must stand in the corpus to be believed as a constituent.
	rareFour = 2
)

// derivations are the endings before which a constituent may stand without another: medborger+skab, samfund+s+mæssig.
var derivations = []string{"skab", "skabet", "skaber", "skaberne", "skabers", "skabets", "hed", "heden", "hedens", "heder", "hederne",
	"maessig", "maessige", "maessigt", "fuld", "fulde", "fuldt", "loes", "loese", "loest"}

// links may stand between two constituents.
var links = []string{"", "s", "e", "er"}

// NewSplitter makes a Splitter from lower-case words with their counts. The words themselves are split too.
func NewSplitter(words map[string]int) *Splitter {
	s := &Splitter{heads: make(map[string]head, 2*len(words)), stems: make(map[string]string, len(words))}
	counts := make(map[string]int, len(words))
	for w, n := range words {
		f := Fold(w)
		if !believed(words, w, f, n) {
			continue
		}
		if old, ok := s.heads[f]; !ok || n > counts[f] || n == counts[f] && w < old.word {
			s.heads[f], counts[f] = head{word: w}, n
		}
	}
	for w := range seeds {
		if f := Fold(w); s.heads[f].word == "" {
			s.heads[f] = head{word: w}
		}
	}
	s.addStems(counts)
	for f := range s.heads {
		s.longest = max(s.longest, len(f))
	}
	return s
}

// believed reports whether a word may be a constituent. A long form in -s beside the word itself is that word with its link;
// a short one may be another (dans, hals).
func believed(words map[string]int, w, f string, n int) bool {
	switch {
	case len(f) < minPart || len(f) > maxCompound || hasDigit(w) || StopWord(w) || notHeads[f] && notTails[f]:
		return false
	case len(f) == minPart:
		return shortParts[f]
	case len(f) == minPart+1 && n < rareFour:
		return false
	}
	base, genitive := strings.CutSuffix(w, "s")
	return !genitive || len(w) < minCompound || words[base] == 0
}

// addStems adds the stems of the words, with the commonest word for each.
func (s *Splitter) addStems(counts map[string]int) {
	folded := make([]string, 0, len(s.heads))
	for f := range s.heads {
		folded = append(folded, f)
	}
	slices.Sort(folded)
	best := make(map[string]int, len(folded))
	for _, f := range folded {
		h := s.heads[f]
		t := TermOf(h.word)
		h.term = t
		s.heads[f] = h
		if len(t) < minPart || notTails[t] {
			continue
		}
		if _, ok := s.stems[t]; !ok || counts[f] > best[t] {
			s.stems[t], best[t] = f, counts[f]
		}
	}
	for t, f := range s.stems {
		if len(t) < minStem || notHeads[t] {
			continue
		}
		for _, form := range []string{t, t + "e"} {
			if old, ok := s.heads[form]; !ok || old.stem && form == t { // a stem itself before another's with e
				s.heads[form] = head{s.heads[f].word, t, true}
			}
		}
	}
}

// Split returns the constituents of a lower-case word in their order, as the corpus spells them, or nil when it is no
// compound of the corpus' words. Constituents that are compounds themselves are split further. A word with an ending that
// makes another word of it (medborgerskab) has the one constituent before the ending.
func (s *Splitter) Split(word string) []string {
	if len(word) > 2*maxCompound || hasDigit(word) {
		return nil
	}
	f := Fold(word)
	if len(f) < minCompound || len(f) > maxCompound {
		return nil
	}
	return s.parts(f)
}

func (s *Splitter) parts(f string) []string {
	parts := s.best(f)
	if len(parts) < 2 && !derivable(f) {
		return nil
	}
	term := s.termOf(f)
	switch {
	case wholes[term]:
		return nil
	case len(parts) < 2:
		return s.derived(f)
	case s.heads[parts[0]].term == term: // antallet is antal with an ending
		return nil
	}
	out := make([]string, 0, len(parts)+1)
	for _, p := range parts {
		if len(p) >= minCompound {
			if inner := s.parts(p); len(inner) > 1 {
				out = append(out, inner...)
				continue
			}
		}
		out = append(out, s.heads[p].word)
	}
	return out
}

// termOf is TermOf, but for the corpus' own words, whose terms are known.
func (s *Splitter) termOf(f string) string {
	if h, ok := s.heads[f]; ok && !h.stem {
		return h.term
	}
	return TermOf(f)
}

func derivable(f string) bool {
	return slices.ContainsFunc(derivations, func(d string) bool { return strings.HasSuffix(f, d) })
}

// derived takes a derivational ending off: medborgerskab gives medborger.
func (s *Splitter) derived(f string) []string {
	for _, d := range derivations {
		base, ok := strings.CutSuffix(f, d)
		if !ok || len(base) < 4 {
			continue
		}
		for _, l := range links {
			part, linked := strings.CutSuffix(base, l)
			h, ok := s.heads[part]
			if !linked || !ok || notHeads[part] || h.stem && strings.HasPrefix(Fold(h.word), base) {
				continue // the last: virksom is but the stem of virksomhed
			}
			return []string{h.word}
		}
	}
	return nil
}

// path is the best way to split the first letters of a word: its cost plus one (0: there is none), and where its last
// constituent begins and stops, before its link.
type path struct{ cost, from, stop uint8 }

// best finds the split with the lowest cost: few constituents, long ones, few links. A whole word is no split, so the
// first constituent must end before the word does. It returns keys of heads.
func (s *Splitter) best(f string) []string {
	var store [maxCompound + 1]path
	paths := store[:len(f)+1]
	paths[0].cost = 1
	var last path
	var tail string
	for from := 0; from <= len(f)-minPart; from++ {
		if paths[from].cost == 0 {
			continue
		}
		if from >= minPart {
			if part, ok := s.tail(f[from:]); ok {
				if c := paths[from].cost + cost(f[from:]); last.cost == 0 || c < last.cost {
					last, tail = path{cost: c, from: uint8(from)}, part
				}
			}
		}
		s.extend(f, from, paths)
	}
	if last.cost == 0 {
		return nil
	}
	parts := append(make([]string, 0, 4), tail)
	for at := last.from; at > 0; at = paths[at].from {
		parts = append(parts, f[paths[at].from:paths[at].stop])
	}
	slices.Reverse(parts)
	return parts
}

// extend adds the constituents that begin at from, with their links.
func (s *Splitter) extend(f string, from int, paths []path) {
	for stop := from + minPart; stop <= min(len(f)-minPart, from+s.longest); stop++ {
		h, ok := s.heads[f[from:stop]]
		if !ok || notHeads[f[from:stop]] {
			continue
		}
		c := paths[from].cost + cost(f[from:stop])
		if h.stem {
			c++
		}
		for _, l := range links {
			end := stop + len(l)
			if end > len(f)-minPart || f[stop:end] != l {
				continue
			}
			if p, linked := &paths[end], c+uint8(len(l)); p.cost == 0 || linked < p.cost {
				*p = path{linked, uint8(from), uint8(stop)}
			}
		}
	}
}

// tail accepts a last constituent: a word of the corpus, or another form of one. It returns the word's key.
func (s *Splitter) tail(f string) (string, bool) {
	if notTails[f] {
		return "", false
	}
	if h, ok := s.heads[f]; ok && !h.stem {
		return f, true
	}
	if !s.inflected(f) {
		return "", false
	}
	t := TermOf(f)
	w, ok := s.stems[t]
	if fits := len(t) > minPart || shortParts[t] && strings.HasPrefix(f, t) && openEndings[f[len(t):]]; !ok || !fits {
		return "", false
	}
	return w, true
}

// longestEnding is the most letters that stemming takes off: erendes, then lig.
const longestEnding = 10

// inflected reports whether f can be the form of a known stem. It is a quick look before the stemmer, which is slow: but
// for the irregular words a stem is the beginning of its word.
func (s *Splitter) inflected(f string) bool {
	for n := len(f); n >= max(minPart, len(f)-longestEnding); n-- {
		if _, ok := s.stems[f[:n]]; ok {
			return true
		}
	}
	return irregularEnd(f)
}

// cost makes long constituents cheaper than several short ones.
func cost(part string) uint8 {
	if len(part) == minPart {
		return 8
	}
	return 5
}

func makeSet(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
