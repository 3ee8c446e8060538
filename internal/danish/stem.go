package danish

import (
	"slices"
	"strings"
	"unicode/utf8"

	"kildesvar/internal/danish/snowball"
)

// irregular gives the dictionary form of words whose stem the Snowball rules miss: plurals with another vowel, and
// words that the rules would cut down to a stranger's stem. Listed are all forms that occur.
var irregular = makeIrregular(`
bog: bøger bøgerne bøgers bøgernes
bonde: bønder bønderne
barn: børn børnene børns børnenes
bror: brødre brødrene brødres
datter: døtre døtrene
far: fædre fædrene
mor: mødre mødrene mødres
fod: fødder fødderne
hånd: hænder hænderne hænders
kraft: kræfter kræfterne kræfters
mand: mænd mændene mænds mændenes
nat: nætter nætterne
rod: rødder rødderne
tand: tænder tænderne
øje: øjne øjnene
søster: søstre søstrene
ånd: ånder ånderne
stad: stæder stæderne
sted: steder stederne stedets stedet
studerende: studerende studerendes
pårørende: pårørende pårørendes
lov: love lovene lovens loven lovs
råd: rådene rådenes rådet rådets
år: årene årenes året årets års
aften: aftner aftnerne
museum: museer museerne museet
center: centre centrene centeret centerets centret centrets centres centrenes
medlem: medlemmer medlemmerne medlemmers medlemmernes medlemmet medlemmets
kollega: kolleger kollegerne kollegers kollegernes kollegaer kollegaerne kollegaen
kriterium: kriterier kriterierne kriteriet kriteriets kriteriernes
medium: medier medierne mediet mediers mediernes
by: byer byen byerne byens byers byernes
`)

// compoundForms are the irregular forms that also end compounds: håndbøger, tillidsmænd, frivilligcentre.
var compoundForms = []string{"bøger", "bøgerne", "bøgernes", "mænd", "mændene", "mænds", "børn", "børnene", "børns", "mødre", "fædre",
	"kræfter", "kræfterne", "rødder", "søstre", "centre", "centrene", "centrenes", "centret", "centrets", "centeret", "centerets",
	"medlemmer", "medlemmerne", "medlemmers", "rådet", "rådets", "rådene", "lovene", "lovens", "loven", "love"}

// compoundFolded are the compoundForms, folded.
var compoundFolded = foldEach(compoundForms)

func foldEach(words []string) []string {
	out := make([]string, 0, len(words))
	for _, w := range words {
		out = append(out, Fold(w))
	}
	return out
}

// irregularFolded are all irregular forms, folded.
var irregularFolded = foldAll()

func foldAll() map[string]bool {
	m := map[string]bool{}
	for f := range irregular {
		m[Fold(f)] = true
	}
	return m
}

// irregularEnd reports whether a folded word is an irregular form, or a compound with one.
func irregularEnd(f string) bool {
	if irregularFolded[f] {
		return true
	}
	return slices.ContainsFunc(compoundFolded, func(form string) bool { return strings.HasSuffix(f, form) })
}

func makeIrregular(list string) map[string]string {
	m := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(list), "\n") {
		base, forms, _ := strings.Cut(line, ":")
		m[base] = base
		for _, f := range strings.Fields(forms) {
			m[f] = base
		}
	}
	return m
}

// maxStemBytes is the longest word that is stemmed; what is longer is no word.
const maxStemBytes = 100

// Stem returns the stem of a lower-case word: the Danish Snowball stem, but for a list of irregular words. A word typed
// without æøå has the same stem as its true spelling: the stemmer would otherwise take the »er« of »aktoer« off. Words with
// digits, and what is too long to be a word, are returned as they are. A stem is a key, not for show.
func Stem(word string) string {
	if len(word) > maxStemBytes || hasDigit(word) || !utf8.ValidString(word) {
		return word
	}
	word = unfold(compose(word))
	if base, ok := irregular[word]; ok {
		return snowball.Stem(base, true)
	}
	for _, form := range compoundForms {
		if len(word) > len(form)+2 && strings.HasSuffix(word, form) {
			return snowball.Stem(word[:len(word)-len(form)]+irregular[form], true)
		}
	}
	return snowball.Stem(word, true)
}

// openNouns end with a or o, so that their endings make ae and oe which are no æ and ø: temaet, risikoen. Foreign words are
// many, but few of them take endings in Danish texts of welfare.
var openNouns = strings.Fields(`tema skema dilemma firma klima drama arena data corona kamera propaganda kollega villa sofa aroma
diploma stigma trauma panorama charisma agenda veranda trivia mama paradigma diaspora
kano euro radio video foto konto logo motto risiko saldo disko studio scenario portfolio ghetto kilo memo embargo bistro metro banko tempo
credo veto ego fiasko ratio silo info intro demo avokado torso solo cello piano`)

// openEndings are the endings that such nouns take.
var openEndings = makeSet("e er en et erne ernes ens ets ers eres ene")

// unfold writes æ, ø and å where they were typed as ae, oe and aa.
func unfold(word string) string {
	if !strings.Contains(word, "ae") && !strings.Contains(word, "oe") && !strings.Contains(word, "aa") {
		return word
	}
	end := len(word)
	for i := len(word) - 1; i > 2 && i >= len(word)-6; i-- {
		if (word[i] == 'a' || word[i] == 'o') && openEndings[word[i+1:]] && openNoun(word[:i+1]) {
			end = i + 1
		}
	}
	return digraphs.Replace(word[:end]) + word[end:]
}

var digraphs = strings.NewReplacer("aa", "å", "ae", "æ", "oe", "ø")

// openNoun reports whether a word is one of openNouns or a compound with one.
func openNoun(word string) bool {
	for _, n := range openNouns {
		if strings.HasSuffix(word, n) && (len(word) == len(n) || len(word) > len(n)+2) {
			return true
		}
	}
	return false
}
