package danish

import "strings"

// Splitter finds the constituents (led) of compounds, with a corpus' own words as its dictionary. It is immutable.
type Splitter struct {
	words map[string]string // folded word → the word as the corpus spells it
	stems map[string]bool   // folded stems, for the last constituent, which is inflected
}

// Sizes of compounds, in letters of the folded word.
const (
	minPart     = 3  // the shortest constituent
	minCompound = 7  // shorter words are left whole
	maxCompound = 60 // longer ones are no words
	// rareShort is how often a three-letter word must stand in the corpus to be believed as a constituent.
	rareShort = 3
)

// notParts are words and endings that look like constituents and are none: derivational endings, prefixes and small
// words that many words begin or end with by chance.
var notParts = makeSet(`hed hede heder heden skab skabe skaber skabt lig lige ing inge dom som bar fuld ere ede ende else elser ens ens ene isk
sam med for til ude uden inden over under efter mod op ind af paa ved fra gen mis van ude bort frem sammen hjem
den det der her men man sig sin ser set vil kan var har han hun kun nej hen nu da os en et er at og de du jeg vi
rel rer ter ner ger ker ler res tes les ges des nes ret rne
ion tion ation eret erne erer ering iver ivt ive
ste sten stes eren ers
lings lingen ninger ningen ling ning inger ingen ings`)

// derivations are the endings after which a constituent may stand without them: medborger+skab, frivillig+hed.
var derivations = []string{"skab", "skabet", "skaber", "skaberne", "skabers", "hed", "heden", "hedens", "hedens", "heder"}

// links may stand between two constituents.
var links = []string{"", "s", "e", "er"}

// NewSplitter makes a Splitter from lower-case words with their counts. The words themselves are split too.
func NewSplitter(words map[string]int) *Splitter {
	s := &Splitter{words: make(map[string]string, len(words)), stems: make(map[string]bool, len(words))}
	counts := make(map[string]int, len(words))
	for w, n := range words {
		f := Fold(w)
		if len(f) < minPart || len(f) > maxCompound || hasDigit(w) || StopWord(w) || notParts[f] {
			continue
		}
		if len(f) == minPart && n < rareShort {
			continue
		}
		if old, ok := s.words[f]; !ok || n > counts[f] || n == counts[f] && w < old {
			s.words[f], counts[f] = w, n
		}
	}
	for _, w := range s.words {
		if t := TermOf(w); len(t) >= minPart && !notParts[t] {
			s.stems[t] = true
		}
	}
	return s
}

// Split returns the constituents of a lower-case word in their order, as the corpus spells them, or nil when it is no
// compound of the corpus' words. Constituents that are compounds themselves are split further.
func (s *Splitter) Split(word string) []string {
	if len(word) > 2*maxCompound || hasDigit(word) {
		return nil
	}
	f := Fold(word)
	if len(f) < minCompound || len(f) > maxCompound {
		return nil
	}
	parts := s.best(f)
	if len(parts) < 2 {
		return s.derived(f)
	}
	var out []string
	for _, p := range parts {
		if inner := s.inner(p); inner != nil {
			out = append(out, inner...)
			continue
		}
		out = append(out, p)
	}
	return out
}

// inner splits a constituent that is a compound itself.
func (s *Splitter) inner(part string) []string {
	f := Fold(part)
	if len(f) < minCompound {
		return nil
	}
	if parts := s.best(f); len(parts) >= 2 {
		return parts
	}
	return nil
}

// derived takes a derivational ending off: medborgerskab gives medborger.
func (s *Splitter) derived(f string) []string {
	for _, d := range derivations {
		base, ok := strings.CutSuffix(f, d)
		if !ok || len(base) < 4 {
			continue
		}
		for _, l := range links {
			if w, ok := s.words[strings.TrimSuffix(base, l)]; ok && strings.HasSuffix(base, l) {
				return []string{w}
			}
		}
	}
	return nil
}

// path is the best way to split the first letters of a word.
type path struct {
	cost  int
	from  int // where its last constituent begins
	part  string
	valid bool
}

// best finds the split with the lowest cost: few constituents, long ones, few links. A whole word is no split, so the
// first constituent must end before the word does.
func (s *Splitter) best(f string) []string {
	paths := make([]path, len(f)+1)
	paths[0] = path{valid: true}
	for end := minPart; end < len(f); end++ {
		s.heads(f, end, paths)
	}
	last := path{}
	for from := minPart; from <= len(f)-minPart; from++ {
		if !paths[from].valid || from == 0 {
			continue
		}
		tail := f[from:]
		part, ok := s.tail(tail)
		if !ok {
			continue
		}
		if c := paths[from].cost + cost(tail); !last.valid || c < last.cost {
			last = path{c, from, part, true}
		}
	}
	if !last.valid {
		return nil
	}
	parts := []string{last.part}
	for at := last.from; at > 0; at = paths[at].from {
		parts = append(parts, paths[at].part)
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return parts
}

// heads finds the constituents, with their link, that end at end.
func (s *Splitter) heads(f string, end int, paths []path) {
	for _, l := range links {
		if !strings.HasSuffix(f[:end], l) {
			continue
		}
		stop := end - len(l)
		for from := 0; from <= stop-minPart; from++ {
			if !paths[from].valid {
				continue
			}
			w, ok := s.words[f[from:stop]]
			if !ok {
				continue
			}
			c := paths[from].cost + cost(f[from:stop]) + len(l)
			if !paths[end].valid || c < paths[end].cost {
				paths[end] = path{c, from, w, true}
			}
		}
	}
}

// tail accepts a last constituent: a word of the corpus, or another form of one.
func (s *Splitter) tail(f string) (string, bool) {
	if notParts[f] || len(f) < minPart {
		return "", false
	}
	if w, ok := s.words[f]; ok {
		return w, true
	}
	if t := TermOf(f); len(t) > minPart && s.stems[t] {
		return f, true
	}
	return "", false
}

// cost makes long constituents cheaper than several short ones.
func cost(part string) int {
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
