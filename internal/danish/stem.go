package danish

import (
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
`)

// compoundForms are the irregular forms that also end compounds: håndbøger, tillidsmænd, frivilligcentre.
var compoundForms = []string{"bøger", "bøgerne", "bøgernes", "mænd", "mændene", "mænds", "børn", "børnene", "børns", "mødre", "fædre",
	"kræfter", "kræfterne", "rødder", "søstre", "centre", "centrene", "centrenes", "centret", "centrets", "centeret", "centerets",
	"medlemmer", "medlemmerne", "medlemmers", "rådet", "rådets", "rådene", "lovene", "lovens", "loven", "love"}

func makeIrregular(list string) map[string]string {
	m := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(list), "\n") {
		base, forms, _ := strings.Cut(line, ":")
		m[base] = base
		for _, f := range strings.Fields(forms) {
			m[f] = base
		}
	}
	for form, base := range m { // the same words typed without æøå
		m[Fold(form)] = Fold(base)
	}
	return m
}

// maxStemBytes is the longest word that is stemmed; what is longer is no word.
const maxStemBytes = 100

// Stem returns the stem of a lower-case word: the Danish Snowball stem, but for a list of irregular words. Words with
// digits, and what is too long to be a word, are returned as they are.
func Stem(word string) string {
	if len(word) > maxStemBytes || hasDigit(word) {
		return word
	}
	word = compose(word)
	if base, ok := irregular[word]; ok {
		return snowball.Stem(base, true)
	}
	for _, form := range compoundForms {
		if len(word) > len(form)+2 && strings.HasSuffix(word, form) {
			return snowball.Stem(word[:len(word)-len(form)]+irregular[form], true)
		}
	}
	if !utf8.ValidString(word) {
		return word
	}
	return snowball.Stem(word, true)
}
