package danish

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// Speller proposes words of a corpus for words that are not in it. It is immutable.
type Speller struct {
	words   []string // as the corpus spells them, sorted
	letters []string // the same, see letters
	counts  []int
	sizes   []uint8            // how many trigrams a word has
	grams   map[string][]int32 // trigram of the folded word → words
}

// Correction is a word of the corpus that a misspelt one may have been meant for.
type Correction struct {
	Word string
	// Cost is the weighted edit distance for every five letters: 0 is the same but for æøå, 0.5 one ordinary slip in a word
	// of ten letters. Above 1 a correction is a guess. At 0.75 it is right for 97 % of a list of misspellings and meddles
	// with 2 % of the everyday words that the articles lack (TestMisspellings, TestEverydayWords).
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
	// shortWord is the length below which a slip weighs more: short words have many neighbours.
	shortWord = 7
	// leastDice is the least likeness worth a comparison; one wrong letter inside a word of four leaves a quarter.
	leastDice = 0.2
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
		grams := Ngrams(w, spellGram)
		s.letters = append(s.letters, letters(Fold(w)))
		s.counts = append(s.counts, words[w])
		s.sizes = append(s.sizes, uint8(min(len(grams), 255)))
		for _, g := range grams {
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
	typed := letters(f)
	type scored struct {
		Correction
		count int
	}
	var found []scored
	for _, i := range s.sharing(f) {
		limit := float64(len(typed)) / 5
		d := distance(typed, s.letters[i], limit)
		if d > limit {
			continue
		}
		n := float64(max(len(typed), len(s.letters[i])))
		found = append(found, scored{Correction{s.words[i], 5 * d / n * max(1, shortWord/n)}, s.counts[i]})
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
	shared := make([]uint8, len(s.words))
	var touched []int32
	for _, g := range grams {
		for _, i := range s.grams[g] {
			if n := int(s.sizes[i]); n > len(grams)+3 || n < len(grams)-3 {
				continue
			}
			if shared[i] == 0 {
				touched = append(touched, i)
			}
			shared[i]++
		}
	}
	type likeness struct {
		word int32
		dice float64
	}
	list := make([]likeness, 0, len(touched)/4)
	for _, i := range touched {
		if d := dice(int(shared[i]), len(grams), int(s.sizes[i])); d >= leastDice {
			list = append(list, likeness{i, d})
		}
	}
	slices.SortFunc(list, func(a, b likeness) int {
		return cmp.Or(cmp.Compare(b.dice, a.dice), cmp.Compare(a.word, b.word))
	})
	out := make([]int32, 0, spellTries)
	for _, l := range list[:min(spellTries, len(list))] {
		out = append(out, l.word)
	}
	return out
}

// dice is the likeness of two sets of trigrams.
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
	slipFirst  = 0.5 // more for the first letter, which is seldom wrong
	slipLast   = 0.2 // more for a last letter too many that is no ending: politi is not politik
)

// letters writes a folded word with one byte for each letter: æ, ø and å are one again, in Latin-1.
func letters(folded string) string { return latin.Replace(folded) }

var latin = strings.NewReplacer("aa", "\xe5", "ae", "\xe6", "oe", "\xf8")

// distance is the weighted Damerau-Levenshtein distance of two words in letters (restricted edit distance), or more than limit.
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
			if i == 1 && j == 1 && a[0] != b[0] {
				c += slipFirst
			}
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
	case i == 0:
		return slipOther + slipFirst
	case s[i-1] == c || i+1 < len(s) && s[i+1] == c:
		return slipDouble
	case strings.IndexByte("dhgervat", c) >= 0:
		return slipSilent
	case i == len(s)-1 && c != 's' && c != 'n':
		return slipOther + slipLast
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
	case 'a', 'e', 'i', 'o', 'u', 'y', '\xe5', '\xe6', '\xf8':
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
