package verify

import (
	"strings"
	"sync"
	"unicode/utf8"

	"kildesvar/internal/danish"
	"kildesvar/internal/lexical"
)

// word is what is known of a lower-case word. It is immutable.
type word struct {
	lower, folded string
	stop          bool
	key           lexical.Key   // of its stem
	parts         []lexical.Key // of its constituents, when it is a compound
	partGroups    [][]group     // the synonyms of each constituent
	grams         []lexical.Key
	groups        []group
	sides         []side // of pairs of opposites
	class         class
	weight        float64 // how much it says: 0 for stop words
	digits        string  // of a whole number, see danish.Digits
}

// group is a set of synonyms that a word belongs to.
type group struct {
	id       int
	strength float64
}

// side is one side of a pair of opposites.
type side struct {
	pair int
	left bool
}

// How well words meet.
const (
	sameWord    = 1.0
	sameConcept = 0.95
	sameSense   = 0.9
	sameEvery   = 0.6 // an everyday word for a concept
	sameField   = 0.6 // a wider or narrower word
)

// Weights of words.
const (
	fullWeight   = 1.0
	commonWeight = 0.5
	lightWeight  = 0.25
	nameWeight   = 1.3
)

// cacheWords bounds how many distinct words are remembered.
const cacheWords = 100_000

// weighty are stop words that a claim can turn on.
var weighty = set("god godt gode")

// synonym is an entry of several content words.
type synonym struct {
	keys  []lexical.Key
	group group
}

// lexicon knows words. It is safe for concurrent use.
type lexicon struct {
	analyser *lexical.Analyser
	marks    *marks
	groups   map[lexical.Key][]group
	phrases  map[lexical.Key][]synonym // by the first key
	sides    map[string][]side
	verbs    map[string]string // form of an irregular verb → infinitive
	mu       sync.RWMutex
	cache    map[string]*word
}

func newLexicon(a *lexical.Analyser, concepts []Concept) *lexicon {
	l := &lexicon{analyser: a, marks: readMarks(marksFile), groups: map[lexical.Key][]group{}, phrases: map[lexical.Key][]synonym{},
		sides: map[string][]side{}, verbs: map[string]string{}, cache: map[string]*word{}}
	lines(verbsFile, func(line string) {
		forms := strings.Fields(line)
		for _, f := range forms {
			l.verbs[f] = forms[0]
		}
	})
	id := 0
	for _, file := range synonyms() {
		lines(file, func(line string) {
			id++
			strength := sameSense
			if rest, ok := strings.CutPrefix(line, "~"); ok {
				line, strength = rest, sameField
			}
			seen := map[lexical.Key]bool{}
			for entry := range strings.SplitSeq(line, ",") {
				l.addSynonym(entry, group{id, strength}, seen)
			}
		})
	}
	for _, c := range concepts {
		id++
		seen := map[lexical.Key]bool{}
		for _, s := range append([]string{c.Term}, c.Synonyms...) {
			l.addSynonym(s, group{id, sameConcept}, seen)
		}
		for _, s := range c.Everyday {
			l.addSynonym(s, group{id, sameEvery}, seen)
		}
	}
	l.readSides()
	return l
}

// synonyms are the files of data/synonyms.
func synonyms() []string {
	dir, err := synonymFiles.ReadDir("data/synonyms")
	if err != nil {
		panic(err) // embedded
	}
	var out []string
	for _, e := range dir {
		b, err := synonymFiles.ReadFile("data/synonyms/" + e.Name())
		if err != nil {
			panic(err)
		}
		out = append(out, string(b))
	}
	return out
}

// readSides reads the pairs of opposites.
func (l *lexicon) readSides() {
	pair := 0
	lines(antonymsFile, func(line string) {
		left, right, _ := strings.Cut(line, "|")
		for _, w := range strings.Fields(left) {
			l.sides[w] = append(l.sides[w], side{pair, true})
		}
		for _, w := range strings.Fields(right) {
			l.sides[w] = append(l.sides[w], side{pair, false})
		}
		pair++
	})
}

// addSynonym makes an entry, a word or a phrase, a member of a group. The small words that a phrase begins with are left out
// (på forhånd), unless they count or deny; those behind are part of it (gå ud fra). A phrase that shares a word with an earlier
// member is left out: of »kollektiv frivillighed« and »refleksiv frivillighed«, what differs is no synonym.
func (l *lexicon) addSynonym(entry string, g group, seen map[lexical.Key]bool) {
	var keys []lexical.Key
	shares, content := false, 0
	for _, t := range danish.Tokens(entry) {
		lower := danish.Lower(t.Text)
		stop := danish.StopWord(lower) && lower != "give" // whose past »gav« is no stop word
		if stop && counting[lower] && len(keys) == 0 {
			return
		}
		if stop && len(keys) == 0 {
			continue
		}
		k := l.keyOf(lower)
		keys = append(keys, k)
		if !stop {
			content++
			shares = shares || seen[k]
			seen[k] = true
		}
	}
	switch {
	case len(keys) == 0 || shares && content > 1:
	case len(keys) == 1:
		l.groups[keys[0]] = append(l.groups[keys[0]], g)
	default:
		l.phrases[keys[0]] = append(l.phrases[keys[0]], synonym{keys, g})
	}
}

// counting are small words at the beginning of a phrase that are its sense.
var counting = set("ikke ingen intet uden aldrig ej få mange nogle flere færre mere mindre alle alt hver hvert kun en et én ét to begge lidt meget anden andet")

// keyOf is the key of a word, which for a form of an irregular verb is its infinitive's.
func (l *lexicon) keyOf(lower string) lexical.Key {
	if base, ok := l.verbs[lower]; ok {
		return stem(base)
	}
	return stem(lower)
}

// word returns what is known of a word as it is written.
func (l *lexicon) word(written string) *word {
	lower := danish.Lower(written)
	l.mu.RLock()
	w := l.cache[lower]
	l.mu.RUnlock()
	if w != nil {
		return w
	}
	w = l.look(lower)
	l.mu.Lock()
	if len(l.cache) < cacheWords {
		l.cache[lower] = w
	}
	l.mu.Unlock()
	return w
}

// endings are those that the stemmer leaves on, with what the dictionary form has for them: uklart, krævede, viste, skrives.
var endings = [][2]string{{"ede", "e"}, {"ede", ""}, {"te", "e"}, {"te", ""}, {"et", "e"}, {"es", "e"}, {"t", ""}, {"t", "e"}, {"ende", "e"}, {"s", ""}, {"r", ""}}

// bases are the words that a form may be of.
func bases(lower string) []string {
	var out []string
	for _, e := range endings {
		if b, ok := strings.CutSuffix(lower, e[0]); ok && len(b) >= 4 {
			out = append(out, b+e[1])
		}
	}
	return out
}

func (l *lexicon) look(lower string) *word {
	w := &word{lower: lower, folded: danish.Fold(lower), stop: danish.StopWord(lower), key: l.keyOf(lower), class: l.marks.of(lower),
		sides: l.sides[lower], digits: danish.Digits(lower)}
	w.groups = l.groups[w.key]
	for _, base := range bases(lower) {
		if len(w.groups) == 0 {
			w.groups = l.groups[stem(base)]
		}
		if len(w.sides) == 0 {
			w.sides = l.sides[base]
		}
	}
	terms := l.analyser.Words([]string{lower}, []float32{1})
	for _, t := range terms.Grams {
		w.grams = append(w.grams, t.Key)
	}
	for i, t := range terms.Stems {
		if i > 0 {
			w.parts = append(w.parts, t.Key)
			w.partGroups = append(w.partGroups, l.groups[t.Key])
		}
	}
	switch {
	case weighty[lower]:
		w.weight = commonWeight
	case w.stop || utf8.RuneCountInString(lower) < 2 || w.digits != "":
	case modals[lower] != 0, w.class&(around|above|below) != 0:
	case w.class&light != 0:
		w.weight = lightWeight
	case danish.Common(lower) && len(w.sides) == 0:
		w.weight = commonWeight
	default:
		w.weight = fullWeight
	}
	return w
}

// Concept is a term of the field with the words that mean it: each of them is met by any other.
type Concept struct {
	Term     string
	Synonyms []string // the same thing
	Everyday []string // what people say for it; looser, so a match counts for less
}

// stem is the key of a word's term.
func stem(lower string) lexical.Key { return lexical.KeyOf(danish.TermOf(lower)) }
