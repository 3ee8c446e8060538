package verify

import (
	"embed" // the word lists are data beside the code
	"strings"
)

//go:embed data/marks.txt
var marksFile string

//go:embed data/synonyms
var synonymFiles embed.FS

//go:embed data/verbs.txt
var verbsFile string

//go:embed data/antonyms.txt
var antonymsFile string

// class is a set of the classes of data/marks.txt.
type class uint64

const (
	negation class = 1 << iota
	noNegation
	weakNegation
	lostNegation
	can
	should
	must
	may
	needNot
	cause
	strongCause
	weakCause
	correlation
	only
	level6
	level5
	level4
	level3
	level2
	level1
	passive
	symmetric
	say
	light
	actor
	english
	german
	swedish
	norwegian
	instruction
	imperative
	contrast
	around
	above
	below
	hedge
	whether
	asks
	comparative
	superlative
	movement
)

var classNames = map[string]class{"negation": negation, "no-negation": noNegation, "weak-negation": weakNegation, "lost-negation": lostNegation,
	"can": can, "should": should, "must": must, "may": may, "need-not": needNot, "cause": cause, "strong-cause": strongCause,
	"weak-cause": weakCause, "correlation": correlation, "only": only, "level6": level6, "level5": level5, "level4": level4,
	"level3": level3, "level2": level2, "level1": level1, "passive": passive, "symmetric": symmetric, "say": say, "light": light,
	"actor": actor, "english": english, "german": german, "swedish": swedish, "norwegian": norwegian, "instruction": instruction,
	"imperative": imperative, "contrast": contrast, "around": around, "above": above, "below": below,
	"hedge": hedge, "whether": whether, "asks": asks, "comparative": comparative, "superlative": superlative, "movement": movement}

// levels are the quantifiers' classes from many to few.
const levels = level6 | level5 | level4 | level3 | level2 | level1

// level is the place of a quantifier on the scale from 1 (few) to 6 (all), 0 for no quantifier.
func (c class) level() int {
	for i, l := range []class{level6, level5, level4, level3, level2, level1} {
		if c&l != 0 {
			return 6 - i
		}
	}
	return 0
}

// phrase is an entry of several words.
type phrase struct {
	words []string
	class class
}

// marks are the entries of data/marks.txt.
type marks struct {
	words    map[string]class
	prefixes []phrase // one word each
	phrases  map[string][]phrase
}

// lines calls do for each line of a data file that is no comment.
func lines(file string, do func(line string)) {
	for line := range strings.Lines(file) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			do(line)
		}
	}
}

func readMarks(file string) *marks {
	m := &marks{words: map[string]class{}, phrases: map[string][]phrase{}}
	var now class
	lines(file, func(line string) {
		if line[0] == '[' {
			c, ok := classNames[strings.Trim(line, "[]")]
			if !ok {
				panic("verify: data/marks.txt has the unknown class " + line)
			}
			now = c
			return
		}
		for entry := range strings.SplitSeq(line, ",") {
			m.add(strings.TrimSpace(entry), now)
		}
	})
	return m
}

func (m *marks) add(entry string, c class) {
	words := strings.Fields(entry)
	switch {
	case len(words) == 0:
	case len(words) > 1:
		m.phrases[words[0]] = append(m.phrases[words[0]], phrase{words, c})
	case strings.HasSuffix(entry, "*"):
		m.prefixes = append(m.prefixes, phrase{[]string{strings.TrimSuffix(entry, "*")}, c})
	default:
		m.words[entry] |= c
	}
}

// of returns the classes of one lower-case word.
func (m *marks) of(word string) class {
	c := m.words[word]
	for _, p := range m.prefixes {
		if strings.HasPrefix(word, p.words[0]) {
			c |= p.class
		}
	}
	return c
}

// is reports whether a phrase stands at the beginning of tokens.
func (p phrase) is(toks []token) bool {
	if len(p.words) > len(toks) {
		return false
	}
	for i, w := range p.words {
		lower := toks[i].w.lower
		if stem, star := strings.CutSuffix(w, "*"); lower != w && (!star || !strings.HasPrefix(lower, stem)) {
			return false
		}
	}
	return true
}

// modals are the verbs of modality with what else may stand for them.
var modals = map[string]class{"kan": can, "kunne": can, "bør": should, "burde": should, "skal": must, "skulle": must, "må": may}
