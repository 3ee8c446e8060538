package report

import (
	_ "embed" // the list below
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"

	"kildesvar/internal/classify"
	"kildesvar/internal/danish"
	"kildesvar/internal/index"
)

// subjectList are subjects that people ask about near any theme, with words that give each away. It was written from knowledge of the
// field and of Danish; its head says how a line reads.
//
//go:embed emner.txt
var subjectList string

// subjects finds subjects by words. It is immutable.
type subjects struct {
	names   []string
	areas   []int             // of each subject: the number of the first with the same name before the slash
	words   map[string][]sign // by key
	begins  map[string][]sign // by how a word begins, folded
	bare    map[string][]sign // by how it begins without the marks of æøå; only where it is too long to be taken for another word
	ends    map[string][]sign // by how its stem ends
	sets    []set             // words that count when all are there
	tails   map[string][]sign // of the list's own words, by stem: a compound that the list lacks is known by its head
	speller *danish.Speller   // over the list's own words
}

// sign is what a word is a sign of: a subject, or one of several words which together are one.
type sign struct {
	subject int
	set     int // number of the set, from 1; 0 for a word that is a sign by itself
	part    int // its number in the set
	weak    bool
}

// set is words that together are a sign of a subject.
type set struct {
	subject int
	small   []bool // which of them are small words, in the order in which they stand in the list
}

// How surely a word is a sign, at most. Chosen by hand, before the coefficients of pairModel were fitted.
const (
	weakSign      = 0.4
	togetherSign  = 0.9 // words of a set, if they are rare; at least leastTogether
	leastTogether = 0.5
	usedUp        = 0.3 // what a word still counts by itself that has counted in a set
	headSign      = 0.6 // the head of a compound that the list lacks
)

// builtin are the subjects of the list, read when first needed.
var builtin = sync.OnceValue(func() *subjects { return readSubjects(subjectList) })

// readSubjects reads lines such as »moms: moms* salg+afgift | afgift«; lines without a colon, and comments, are passed over.
func readSubjects(list string) *subjects {
	s := &subjects{words: map[string][]sign{}, begins: map[string][]sign{}, bare: map[string][]sign{}, ends: map[string][]sign{}, tails: map[string][]sign{},
		sets: make([]set, 1)}
	spelling, first := map[string]int{}, map[string]int{}
	for line := range strings.Lines(list) {
		name, words, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		is := sign{subject: len(s.names)}
		s.names = append(s.names, name)
		area, _, _ := strings.Cut(name, "/")
		if _, ok := first[area]; !ok {
			first[area] = is.subject
		}
		s.areas = append(s.areas, first[area])
		for _, w := range strings.Fields(words) {
			if w == "|" {
				is.weak = true
				continue
			}
			s.add(w, is, spelling)
		}
	}
	s.speller = danish.NewSpeller(spelling)
	return s
}

// add takes a word of the list, or a set of words.
func (s *subjects) add(word string, is sign, spelling map[string]int) {
	if parts := strings.Split(word, "+"); len(parts) > 1 {
		is.set = len(s.sets)
		these := set{subject: is.subject}
		for is.part = range parts {
			small := true
			for other := range strings.SplitSeq(parts[is.part], "/") {
				s.addOne(other, is)
				small = small && danish.StopWord(other)
			}
			these.small = append(these.small, small)
		}
		s.sets = append(s.sets, these)
		return
	}
	text := strings.Trim(word, "*"+exact)
	spelling[text] = 1
	if stem := danish.TermOf(text); len(stem) >= shortestHead {
		s.tails[stem] = append(s.tails[stem], is)
	}
	s.addOne(word, is)
}

// shortestHead is how many letters a head must have, since shorter ones end many a word by chance.
const shortestHead = 5

// addOne takes a word with or without a star.
func (s *subjects) addOne(word string, is sign) {
	text := strings.Trim(word, "*"+exact)
	switch {
	case strings.HasPrefix(word, "*"):
		put(s.ends, danish.TermOf(text), is)
	case strings.HasSuffix(word, "*"):
		put(s.begins, danish.Fold(text), is)
		if bare := withoutMarks(text); bare != "" {
			put(s.bare, bare, is)
		}
	case strings.HasPrefix(word, exact):
		put(s.words, word, is)
	default:
		put(s.words, key(word), is)
		if bare := withoutMarks(text); bare != "" && key(bare) != key(word) {
			put(s.words, key(bare), is)
		}
	}
}

// exact stands before a word of which no other form counts.
const exact = "="

func put(m map[string][]sign, text string, is sign) { m[text] = append(m[text], is) }

// key is a word's stem; adjectives in -ig keep that ending apart, so that »billig« is no »bil«, and small words are as they stand.
func key(lower string) string {
	if danish.StopWord(lower) {
		return exact + lower
	}
	stem := danish.TermOf(lower)
	if igEnd.MatchString(lower) {
		stem += "|ig"
	}
	return stem
}

var (
	igEnd     = regexp.MustCompile(`ig(e|t|es|ere|st|ste)?$`)
	paragraph = regexp.MustCompile(`(§+|\bparagraf)\s*(\d)`)
	written   = regexp.MustCompile(`§?[\p{L}\p{N}]+([-./][\p{L}\p{N}]+)*`)
)

// in are the subjects that a text names (without an index, by the list's own words only), each with how surely, up to 1. A word is the less sure a sign the more entry questions of the index
// have it, since those are about the theme, and a word of two subjects is half a sign of each. Words that nobody knows are looked up once
// more as the list would spell them.
func (s *subjects) in(text string, ix *index.Index) map[int]float32 {
	lower := paragraph.ReplaceAllString(strings.ToLower(text), "§$2")
	var all [][]sign
	var rare, share []float32
	for _, w := range written.FindAllString(lower, -1) {
		found, sure := s.named(w, ix)
		all, rare, share = append(all, found), append(rare, rarity(w, ix)), append(share, sure)
	}
	out := map[int]float32{}
	used := s.gather(all, rare, out)
	for i, found := range all {
		sure := rare[i] * share[i]
		if used[i] {
			sure *= usedUp
		}
		strong, weak := alone(found, false), alone(found, true)
		for _, n := range strong {
			out[n] = max(out[n], sure/float32(len(strong)))
		}
		for _, n := range weak {
			out[n] = max(out[n], weakSign*sure/float32(len(weak)))
		}
	}
	return out
}

// gather finds the sets of words of which all are there, and says which words they used.
func (s *subjects) gather(all [][]sign, rare []float32, out map[int]float32) (used []bool) {
	used = make([]bool, len(all))
	at := map[int][][]int{} // where the words of each set stand
	for i, found := range all {
		for _, is := range found {
			if is.set > 0 {
				if at[is.set] == nil {
					at[is.set] = make([][]int, len(s.sets[is.set].small))
				}
				at[is.set][is.part] = append(at[is.set][is.part], i)
			}
		}
	}
	for n, where := range at {
		if !s.sets[n].holds(where) {
			continue
		}
		most := float32(leastTogether)
		for part, places := range where {
			for _, i := range places {
				used[i] = true
				if !s.sets[n].small[part] {
					most = max(most, rare[i])
				}
			}
		}
		subject := s.sets[n].subject
		out[subject] = max(out[subject], togetherSign*most)
	}
	return used
}

// nearby is within how many words a small word must follow the one before it in the list, so that »stoppe … med« is not any »med«.
const nearby = 4

// holds says if all words of a set are there, the small ones behind the ones that they stand behind in the list; a small word that stands
// first in the list is to stand before the next.
func (w set) holds(where [][]int) bool {
	for part, places := range where {
		if len(places) == 0 {
			return false
		}
		if part > 0 && (w.small[part] || part == 1 && w.small[0]) && !follows(where[part-1], places) {
			return false
		}
	}
	return true
}

// follows says if one of the later places is shortly after one of the earlier.
func follows(earlier, later []int) bool {
	for _, i := range earlier {
		for _, j := range later {
			if j > i && j <= i+nearby {
				return true
			}
		}
	}
	return false
}

// alone are the subjects, each once and in order, that a word is a sign of by itself.
func alone(found []sign, weak bool) (out []int) {
	for _, is := range found {
		if is.set == 0 && is.weak == weak {
			out = append(out, is.subject)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// named are what a word of a text is a sign of, and how surely, up to 1: the word as a whole, else its parts between hyphens and dots, else
// what it was meant for, else the head of what may be a compound.
func (s *subjects) named(word string, ix *index.Index) (found []sign, sure float32) {
	found = s.signs(word)
	if len(found) == 0 && strings.ContainsAny(word, "-./") {
		for _, part := range strings.FieldsFunc(word, func(r rune) bool { return r == '-' || r == '.' || r == '/' }) {
			found = append(found, s.signs(part)...)
		}
	}
	known := ix == nil || ix.Words[word] > 0 || danish.Everyday(word) || danish.StopWord(word)
	if len(found) == 0 && !known {
		if c := s.speller.Correct(word); len(c) > 0 && c[0].Cost <= misspelt {
			found = s.signs(c[0].Word)
		}
	}
	if !slices.ContainsFunc(found, func(is sign) bool { return is.set == 0 }) && ix != nil && !danish.StopWord(word) {
		if head := s.head(word); len(head) > 0 {
			return append(found, head...), headSign
		}
	}
	return found, 1
}

// head is the longest word of the list that a word ends in.
func (s *subjects) head(word string) []sign {
	stem := danish.TermOf(word)
	for from := 3; len(stem)-from >= shortestHead; from++ {
		if found := s.tails[stem[from:]]; len(found) > 0 {
			return found
		}
	}
	return nil
}

// rarity is the root of the idf of a word among the entry questions against that of a word none of them has: 0 to 1. The root, since the list
// has few words by chance: F1 0.01 more on questions that its writer had not seen. 1 without an index.
func rarity(word string, ix *index.Index) float32 {
	if ix == nil {
		return 1
	}
	stems := ix.Analyser().Words([]string{word}, []float32{1}).Stems
	if len(stems) == 0 {
		return 1
	}
	return float32(math.Sqrt(float64(ix.Asked.Stems.IDF(stems[0].Key) / ix.Asked.Stems.IDF(0))))
}

// withoutMarks writes æ, ø and å, also where they stand as ae, oe and aa, as a, o and a, as those do who know no other spelling; empty for a
// word without them or of fewer than five letters, which may be another word: »kør« and »kor«.
func withoutMarks(word string) string {
	if b := marks.Replace(word); b != word && len(b) >= 5 {
		return b
	}
	return ""
}

var marks = strings.NewReplacer("æ", "a", "ø", "o", "å", "a", "ae", "a", "oe", "o", "aa", "a")

// misspelt is the cost up to which a word is taken for a misspelt one of the list: one slip in a word of ten letters.
const misspelt = 0.5

// wider are the areas of subjects, each as surely as the surest of its subjects.
func (s *subjects) wider(found termVector) (areas termVector) {
	best := map[int]float32{}
	for _, f := range found {
		area := s.areas[f.Key]
		best[area] = max(best[area], f.Value)
	}
	for n, v := range best {
		areas = append(areas, classify.Feature{Key: uint64(n), Value: v})
	}
	return unit(areas)
}

// signs are what a lower-case word is a sign of as it stands, in no order.
func (s *subjects) signs(word string) []sign {
	out := slices.Clone(s.words[key(word)])
	if !danish.StopWord(word) {
		out = append(out, s.words[exact+word]...)
	}
	whole, stem := danish.Fold(word), danish.TermOf(word)
	for i := 1; i <= len(whole); i++ {
		out = append(out, s.begins[whole[:i]]...)
	}
	bare := marks.Replace(word)
	for i := 1; i <= len(bare); i++ {
		out = append(out, s.bare[bare[:i]]...)
	}
	for i := range stem {
		out = append(out, s.ends[stem[i:]]...)
	}
	return out
}
