package report

import (
	_ "embed" // the list below
	"regexp"
	"slices"
	"strings"
	"sync"

	"kildesvar/internal/danish"
	"kildesvar/internal/index"
)

// subjectList are subjects that people ask about near any theme, with words that give each away.
//
//go:embed emner.txt
var subjectList string

// subjects finds subjects by words. It is immutable.
type subjects struct {
	names   []string
	words   map[string][]int // by key
	affixes []affix
	speller *danish.Speller // over the list's own words
}

// affix is how a word begins or ends, folded.
type affix struct {
	text    string
	bare    string // without the marks of æøå; empty where it has none or is too short to be told apart then
	atEnd   bool
	subject int
}

// builtin are the subjects of the list, read when first needed.
var builtin = sync.OnceValue(func() *subjects { return readSubjects(subjectList) })

// readSubjects reads lines such as »moms: moms* afgift«; lines without a colon, and comments, are passed over.
func readSubjects(list string) *subjects {
	s := &subjects{words: map[string][]int{}}
	spelling := map[string]int{}
	for line := range strings.Lines(list) {
		name, words, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		n := len(s.names)
		s.names = append(s.names, name)
		for _, w := range strings.Fields(words) {
			text := strings.Trim(w, "*")
			spelling[text] = 1
			switch {
			case strings.HasPrefix(w, "*"):
				s.affixes = append(s.affixes, affix{text: danish.TermOf(text), atEnd: true, subject: n})
			case strings.HasSuffix(w, "*"):
				s.affixes = append(s.affixes, affix{danish.Fold(text), withoutMarks(text), false, n})
			default:
				s.words[key(w)] = append(s.words[key(w)], n)
			}
		}
	}
	s.speller = danish.NewSpeller(spelling)
	return s
}

// key is a word's stem; adjectives in -ig keep that ending apart, so that »billig« is no »bil«.
func key(lower string) string {
	stem := danish.TermOf(lower)
	if igEnd.MatchString(lower) {
		stem += "|ig"
	}
	return stem
}

var (
	igEnd     = regexp.MustCompile(`ig(e|t|es|ere|st|ste)?$`)
	paragraph = regexp.MustCompile(`(§+|\bparagraf)\s*(\d)`)
	written   = regexp.MustCompile(`§?[\p{L}\p{N}]+([-.][\p{L}\p{N}]+)*`)
)

// in are the subjects that a text names, each with how surely, up to 1. A word is the less sure a sign the more entry questions of the index
// have it, since those are about the theme, and a word of two subjects is half a sign of each. Words that nobody knows are looked up once
// more as the list would spell them.
func (s *subjects) in(text string, ix *index.Index) map[int]float32 {
	out := map[int]float32{}
	lower := paragraph.ReplaceAllString(strings.ToLower(text), "§$2")
	for _, w := range written.FindAllString(lower, -1) {
		found := s.named(w, ix)
		for _, n := range found {
			out[n] = max(out[n], rarity(w, ix)/float32(len(found)))
		}
	}
	return out
}

// named are the subjects that a word of a text gives away: the word as a whole, else its parts between hyphens and dots, else what it was
// meant for.
func (s *subjects) named(word string, ix *index.Index) []int {
	found := s.of(word)
	if len(found) == 0 && strings.ContainsAny(word, "-.") {
		for _, part := range strings.FieldsFunc(word, func(r rune) bool { return r == '-' || r == '.' }) {
			found = append(found, s.of(part)...)
		}
	}
	if len(found) == 0 && ix.Words[word] == 0 && !danish.Everyday(word) && !danish.StopWord(word) {
		if c := s.speller.Correct(word); len(c) > 0 && c[0].Cost <= misspelt {
			found = s.of(c[0].Word)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// rarity is the idf of a word among the entry questions against that of a word none of them has: 0 to 1.
func rarity(word string, ix *index.Index) float32 {
	stems := ix.Analyser().Words([]string{word}, []float32{1}).Stems
	if len(stems) == 0 {
		return 1
	}
	return ix.Asked.Stems.IDF(stems[0].Key) / ix.Asked.Stems.IDF(0)
}

// withoutMarks writes æ, ø and å as a, o and a, as those do who know no other spelling; empty for a word without them or of fewer than
// five letters, which may be another word: »kør« and »kor«.
func withoutMarks(word string) string {
	if b := marks.Replace(word); b != word && len(b) >= 5 {
		return b
	}
	return ""
}

var marks = strings.NewReplacer("æ", "a", "ø", "o", "å", "a")

// misspelt is the cost up to which a word is taken for a misspelt one of the list: one slip in a word of ten letters.
const misspelt = 0.5

// of are the subjects that a lower-case word is a sign of, in no order.
func (s *subjects) of(word string) []int {
	out := slices.Clone(s.words[key(word)])
	whole, stem := danish.Fold(word), danish.TermOf(word)
	for _, a := range s.affixes {
		if !a.atEnd && (strings.HasPrefix(whole, a.text) || a.bare != "" && strings.HasPrefix(word, a.bare)) || a.atEnd && strings.HasSuffix(stem, a.text) {
			out = append(out, a.subject)
		}
	}
	return out
}
