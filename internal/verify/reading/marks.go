package reading

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

//go:embed data/infinitives.txt
var infinitivesFile string

//go:embed data/antonyms.txt
var antonymsFile string

// Class is a set of the classes of data/marks.txt.
type Class uint64

// The classes; data/marks.txt lists their words.
const (
	Negation Class = 1 << iota
	NoNegation
	WeakNegation
	LostNegation
	Can
	Should
	Must
	May
	NeedNot
	Cause
	StrongCause
	WeakCause
	Correlation
	Only
	Level6
	Level5
	Level4
	Level3
	Level2
	Level1
	passive
	Symmetric
	Say
	Light
	Actor
	English
	German
	Swedish
	Norwegian
	Instruction
	Imperative
	Contrast
	around
	Above
	Below
	Hedge
	Whether
	Asks
	Comparative
	Superlative
	Movement
	empty
)

var classNames = map[string]Class{"negation": Negation, "no-negation": NoNegation, "weak-negation": WeakNegation, "lost-negation": LostNegation,
	"can": Can, "should": Should, "must": Must, "may": May, "need-not": NeedNot, "cause": Cause, "strong-cause": StrongCause,
	"weak-cause": WeakCause, "correlation": Correlation, "only": Only, "level6": Level6, "level5": Level5, "level4": Level4,
	"level3": Level3, "level2": Level2, "level1": Level1, "passive": passive, "symmetric": Symmetric, "say": Say, "light": Light,
	"actor": Actor, "english": English, "german": German, "swedish": Swedish, "norwegian": Norwegian, "instruction": Instruction,
	"imperative": Imperative, "contrast": Contrast, "around": around, "above": Above, "below": Below,
	"hedge": Hedge, "whether": Whether, "asks": Asks, "comparative": Comparative, "superlative": Superlative, "movement": Movement, "empty": empty}

// Levels are the quantifiers' classes from many to few.
const Levels = Level6 | Level5 | Level4 | Level3 | Level2 | Level1

// Level is the place of a quantifier on the scale from 1 (few) to 6 (all), 0 for no quantifier.
func (c Class) Level() int {
	for i, l := range []Class{Level6, Level5, Level4, Level3, Level2, Level1} {
		if c&l != 0 {
			return 6 - i
		}
	}
	return 0
}

// phrase is an entry of several words.
type phrase struct {
	words []string
	class Class
}

// marks are the entries of data/marks.txt.
type marks struct {
	words    map[string]Class
	prefixes []phrase // one word each
	phrases  map[string][]phrase
}

// Lines calls do for each line of a data file that is no comment.
func Lines(file string, do func(line string)) {
	for line := range strings.Lines(file) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			do(line)
		}
	}
}

func readMarks(file string) *marks {
	m := &marks{words: map[string]Class{}, phrases: map[string][]phrase{}}
	var now Class
	Lines(file, func(line string) {
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

func (m *marks) add(entry string, c Class) {
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
func (m *marks) of(word string) Class {
	c := m.words[word]
	for _, p := range m.prefixes {
		if strings.HasPrefix(word, p.words[0]) {
			c |= p.class
		}
	}
	return c
}

// is reports whether a phrase stands at the beginning of tokens.
func (p phrase) is(toks []Token) bool {
	if len(p.words) > len(toks) {
		return false
	}
	for i, w := range p.words {
		lower := toks[i].W.Lower
		if stem, star := strings.CutSuffix(w, "*"); lower != w && (!star || !strings.HasPrefix(lower, stem)) {
			return false
		}
	}
	return true
}

// Modals are the verbs of modality with what else may stand for them.
var Modals = map[string]Class{"kan": Can, "kunne": Can, "bør": Should, "burde": Should, "skal": Must, "skulle": Must, "må": May}
