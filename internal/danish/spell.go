package danish

import (
	"sort"
	"unicode/utf8"
)

// Speller proposes words of a corpus for words that are not in it. It is immutable.
type Speller struct {
	words  []string // as the corpus spells them, sorted
	folded []string
	counts []int
	grams  map[string][]int32 // trigram of the folded word → words
}

// Correction is a word of the corpus that a misspelt one may have been meant for.
type Correction struct {
	Word string
	// Cost is the weighted edit distance of the folded words for every five letters: 0 is the same but for æøå, 0.5 one
	// ordinary slip in a word of ten letters. Above 1 a correction is a guess.
	Cost float64
}

const (
	// minSpelt is the shortest word that is corrected: shorter ones are near too many others.
	minSpelt = 4
	// maxSpelt bounds the work on absurd words.
	maxSpelt = 40
	// maxCorrections is how many are proposed.
	maxCorrections = 5
	// spellTries is how many words that share trigrams are compared letter by letter.
	spellTries = 60
	spellGram  = 3
)

// NewSpeller makes a Speller from lower-case words with their counts.
func NewSpeller(words map[string]int) *Speller {
	s := &Speller{grams: map[string][]int32{}}
	for w := range words {
		if utf8.RuneCountInString(w) >= minSpelt && len(w) <= 2*maxSpelt && !hasDigit(w) {
			s.words = append(s.words, w)
		}
	}
	sort.Strings(s.words)
	for i, w := range s.words {
		f := Fold(w)
		s.folded = append(s.folded, f)
		s.counts = append(s.counts, words[w])
		for _, g := range Ngrams(w, spellGram) {
			if list := s.grams[g]; len(list) == 0 || list[len(list)-1] != int32(i) {
				s.grams[g] = append(list, int32(i))
			}
		}
	}
	return s
}

// Correct returns the corpus' words nearest to a lower-case word, the likeliest first; nil when none is near or the word is too
// short or too long to tell.
func (s *Speller) Correct(word string) []Correction {
	f := Fold(word)
	if len(f) < minSpelt || len(f) > maxSpelt || hasDigit(f) {
		return nil
	}
	tries := s.sharing(f)
	type scored struct {
		Correction
		count int
	}
	var found []scored
	for _, i := range tries {
		limit := float64(len(f)) / 5
		d := distance(f, s.folded[i], limit)
		if d > limit {
			continue
		}
		found = append(found, scored{Correction{s.words[i], 5 * d / float64(max(len(f), len(s.folded[i])))}, s.counts[i]})
	}
	sort.SliceStable(found, func(a, b int) bool {
		if found[a].Cost != found[b].Cost {
			return found[a].Cost < found[b].Cost
		}
		return found[a].count > found[b].count
	})
	var out []Correction
	for _, c := range found[:min(maxCorrections, len(found))] {
		out = append(out, c.Correction)
	}
	return out
}

// sharing returns the words that share most trigrams with a folded word.
func (s *Speller) sharing(f string) []int32 {
	grams := Ngrams(f, spellGram)
	shared := map[int32]int{}
	for _, g := range grams {
		for _, i := range s.grams[g] {
			shared[i]++
		}
	}
	var list []int32
	for i := range shared {
		if n := len(s.folded[i]); n <= len(f)+3 && n >= len(f)-3 {
			list = append(list, i)
		}
	}
	sort.Slice(list, func(a, b int) bool {
		da, db := dice(shared[list[a]], len(grams), len(s.folded[list[a]])), dice(shared[list[b]], len(grams), len(s.folded[list[b]]))
		if da != db {
			return da > db
		}
		return list[a] < list[b]
	})
	return list[:min(spellTries, len(list))]
}

// dice is the likeness of two sets of trigrams; a word of n letters with its two marks has n of them.
func dice(shared, a, b int) float64 { return 2 * float64(shared) / float64(a+b) }

// Costs of slips, by how often Danes make them: doubled letters, silent and swapped ones are slips of knowledge and
// of fast fingers; another letter is rarer.
const (
	slipDouble = 0.35 // frivilig, foreninng
	slipSilent = 0.6  // one of the letters that are written and not heard, or heard and not written
	slipSwap   = 0.6  // frivillgi
	slipVowel  = 0.6  // e for æ, o for å
	slipVoice  = 0.6  // b for p, d for t, g for k
	slipOther  = 1
)

// distance is the weighted Damerau-Levenshtein distance of two folded words (restricted edit distance), or more than limit.
func distance(a, b string, limit float64) float64 {
	n, m := len(a), len(b)
	rows := make([]float64, 3*(m+1))
	before, prev, cur := rows[:m+1], rows[m+1:2*(m+1)], rows[2*(m+1):]
	for j := 1; j <= m; j++ {
		prev[j] = prev[j-1] + insertCost(b, j-1)
	}
	for i := 1; i <= n; i++ {
		cur[0] = prev[0] + insertCost(a, i-1)
		best := cur[0]
		for j := 1; j <= m; j++ {
			c := prev[j-1] + substituteCost(a[i-1], b[j-1])
			c = min(c, prev[j]+insertCost(a, i-1), cur[j-1]+insertCost(b, j-1))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] && a[i-1] != a[i-2] {
				c = min(c, before[j-2]+slipSwap)
			}
			cur[j] = c
			best = min(best, c)
		}
		if best > limit {
			return best
		}
		before, prev, cur = prev, cur, before
	}
	return prev[m]
}

// insertCost is the cost of the letter at i that one of two words lacks.
func insertCost(s string, i int) float64 {
	switch c := s[i]; {
	case i > 0 && s[i-1] == c || i+1 < len(s) && s[i+1] == c:
		return slipDouble
	case i > 0 && (c == 'd' || c == 'h' || c == 'g' || c == 'e' || c == 'r' || c == 'v' || c == 'a' || c == 't'):
		return slipSilent
	}
	return slipOther
}

func substituteCost(a, b byte) float64 {
	switch {
	case a == b:
		return 0
	case vowel(a) && vowel(b):
		return slipVowel
	case voicePair(a, b) || voicePair(b, a):
		return slipVoice
	}
	return slipOther
}

func vowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		return true
	}
	return false
}

func voicePair(a, b byte) bool {
	switch a {
	case 'b':
		return b == 'p'
	case 'd':
		return b == 't'
	case 'g':
		return b == 'k'
	case 'c':
		return b == 's' || b == 'k'
	case 'v':
		return b == 'f'
	case 'j':
		return b == 'i' || b == 'g'
	}
	return false
}
