package reading

import (
	"strings"
	"unicode/utf8"

	"kildesvar/internal/danish"
	"kildesvar/internal/lexical"
)

// Word is what is known of a lower-case word. It is immutable.
type Word struct {
	Lower, Folded string
	Stop          bool
	Key           lexical.Key   // of its stem
	Parts         []lexical.Key // of its constituents, when it is a compound
	PartGroups    [][]Group     // the synonyms of each constituent
	Grams         []lexical.Key
	Groups        []Group
	Sides         []Side // of pairs of opposites
	Class         Class
	Verb          bool    // a form of a verb, and hardly of a noun
	Weight        float64 // how much it says: 0 for stop words
	digits        string  // of a whole number, see danish.Digits
}

// Group is a set of synonyms that a word belongs to.
type Group struct {
	Id       int
	Strength float64
}

// Side is one side of a pair of opposites.
type Side struct {
	Pair int
	Left bool
}

// How well words meet.
const (
	SameWord    = 1.0
	sameConcept = 0.95
	SameSense   = 0.9
	sameEvery   = 0.6 // an everyday word for a concept
	sameField   = 0.6 // a wider or narrower word
)

// Weights of words.
const (
	FullWeight   = 1.0
	CommonWeight = 0.5
	lightWeight  = 0.25
	nameWeight   = 1.3
)

// weighty are stop words that a claim can turn on.
var weighty = Set("god godt gode")

// synonym is an entry of several content words.
type synonym struct {
	keys  []lexical.Key
	group Group
}

// Lexicon knows words. It is safe for concurrent use.
type Lexicon struct {
	Analyser *lexical.Analyser
	marks    *marks
	groups   map[lexical.Key][]Group
	phrases  map[lexical.Key][]synonym // by the first key
	sides    map[string][]Side
	verbs    map[string]string    // form of an irregular verb → infinitive
	finite   map[string]bool      // infinitives of regular verbs
	light    map[lexical.Key]bool // of infinitives that say little
	seen     danish.Memo[*Word]
}

// NewLexicon returns a Lexicon that analyses words with a and lets the words of each concept stand for each other.
func NewLexicon(a *lexical.Analyser, concepts []Concept) *Lexicon {
	l := &Lexicon{Analyser: a, marks: readMarks(marksFile), groups: map[lexical.Key][]Group{}, phrases: map[lexical.Key][]synonym{},
		sides: map[string][]Side{}, verbs: map[string]string{}, finite: map[string]bool{}, light: map[lexical.Key]bool{}}
	Lines(verbsFile, func(line string) {
		forms := strings.Fields(line)
		for _, f := range append(forms, forms[0]+"r") { // står: the stemmer leaves the present of short verbs
			l.verbs[f] = forms[0]
		}
	})
	id := 0
	Lines(infinitivesFile, func(line string) {
		for _, w := range strings.Fields(line) {
			l.finite[w] = true
		}
	})
	for _, file := range synonyms() {
		Lines(file, func(line string) {
			id++
			strength := SameSense
			if rest, ok := strings.CutPrefix(line, "~"); ok {
				line, strength = rest, sameField
			}
			seen := map[lexical.Key]bool{}
			for entry := range strings.SplitSeq(line, ",") {
				l.addSynonym(entry, Group{id, strength}, seen)
			}
		})
	}
	for _, c := range concepts {
		id++
		seen := map[lexical.Key]bool{}
		for _, s := range append([]string{c.Term}, c.Synonyms...) {
			l.addSynonym(s, Group{id, sameConcept}, seen)
		}
		for _, s := range c.Everyday {
			l.addSynonym(s, Group{id, sameEvery}, seen)
		}
	}
	l.readSides()
	for w, c := range l.marks.words {
		if c&Light != 0 && (l.finite[w] || l.verbs[w] == w) {
			l.light[l.keyOf(w)] = true
		}
	}
	return l
}

// verbForms are endings of forms that are hardly nouns, with what the infinitive has for them.
var verbForms = [][2]string{{"r", ""}, {"ede", "e"}, {"ede", ""}, {"te", "e"}, {"des", ""}, {"s", ""}}

// isVerb reports whether a word is a form of a known verb other than one that is as likely a noun.
func (l *Lexicon) isVerb(lower string) bool {
	if _, ok := l.verbs[lower]; ok {
		return !strings.HasSuffix(lower, "e") || strings.HasSuffix(lower, "te") || strings.HasSuffix(lower, "ede")
	}
	for _, e := range []string{"erer", "erede", "eres", "eredes", "erende"} { // of verbs in -ere
		if strings.HasSuffix(lower, e) && len(lower) > len(e)+3 {
			return true
		}
	}
	for _, e := range verbForms {
		if b, ok := strings.CutSuffix(lower, e[0]); ok && (l.finite[b+e[1]] || l.verbs[b+e[1]] == b+e[1] && b+e[1] != "") {
			return true
		}
	}
	return false
}

// synonyms are the files of data/synonyms.
func synonyms() []string {
	dir, err := synonymFiles.ReadDir("data/synonyms")
	if err != nil {
		panic(err) // embedded
	}
	out := make([]string, 0, len(dir))
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
func (l *Lexicon) readSides() {
	pair := 0
	Lines(antonymsFile, func(line string) {
		left, right, _ := strings.Cut(line, "|")
		for _, w := range strings.Fields(left) {
			l.sides[w] = append(l.sides[w], Side{pair, true})
		}
		for _, w := range strings.Fields(right) {
			l.sides[w] = append(l.sides[w], Side{pair, false})
		}
		pair++
	})
}

// addSynonym makes an entry, a word or a phrase, a member of a group. The small words that a phrase begins with are left out
// (på forhånd), unless they count or deny; those behind are part of it (gå ud fra). A phrase that shares a word with an earlier
// member is left out: of »kollektiv frivillighed« and »refleksiv frivillighed«, what differs is no synonym.
func (l *Lexicon) addSynonym(entry string, g Group, seen map[lexical.Key]bool) {
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
var counting = Set("ikke ingen intet uden aldrig ej få mange nogle flere færre mere mindre alle alt hver hvert kun en et én ét to begge lidt meget anden andet")

// keyOf is the key of a word, which for a form of an irregular verb is its infinitive's.
func (l *Lexicon) keyOf(lower string) lexical.Key {
	if base, ok := l.verbs[lower]; ok {
		return stem(base)
	}
	return stem(lower)
}

// word returns what is known of a word as it is written.
func (l *Lexicon) word(written string) *Word {
	return l.seen.Of(danish.Lower(written), l.look)
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

func (l *Lexicon) look(lower string) *Word {
	w := &Word{Lower: lower, Folded: danish.Fold(lower), Stop: danish.StopWord(lower), Key: l.keyOf(lower), Class: l.marks.of(lower),
		Sides: l.sides[lower], digits: danish.Digits(lower)}
	w.Groups = l.groups[w.Key]
	w.Verb = l.isVerb(lower)
	if w.Class == 0 && w.Verb && l.light[w.Key] {
		w.Class = Light
	}
	for _, base := range bases(lower) {
		if len(w.Groups) == 0 {
			w.Groups = l.groups[stem(base)]
		}
		if len(w.Sides) == 0 {
			w.Sides = l.sides[base]
		}
	}
	terms := l.Analyser.Words([]string{lower}, []float32{1})
	for _, t := range terms.Grams {
		w.Grams = append(w.Grams, t.Key)
	}
	for i, t := range terms.Stems {
		if i > 0 {
			w.Parts = append(w.Parts, t.Key)
			w.PartGroups = append(w.PartGroups, l.groups[t.Key])
		}
	}
	switch {
	case weighty[lower]:
		w.Weight = CommonWeight
	case w.Stop || utf8.RuneCountInString(lower) < 2 || w.digits != "":
	case w.Class&empty != 0, Modals[lower] != 0, w.Class&(around|Above|Below) != 0:
	case w.Class&Light != 0:
		w.Weight = lightWeight
	case danish.Common(lower) && len(w.Sides) == 0:
		w.Weight = CommonWeight
	default:
		w.Weight = FullWeight
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
