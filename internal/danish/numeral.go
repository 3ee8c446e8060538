package danish

import (
	"strconv"
	"strings"
)

// Numbers as words. Forms of one number are joined by colons; the ordinals stand among them, for »5.« is written both ways.
const (
	smallNumbers = `nul en:et:første to:anden:andet tre:tredje fire:fjerde fem:femte seks:sjette syv:syvende otte:ottende ni:niende ti:tiende
elleve:ellevte tolv:tolvte tretten:trettende fjorten:fjortende femten:femtende seksten:sekstende sytten:syttende atten:attende nitten:nittende`
	// tenNumbers are 20 to 90; the long forms live on in the ordinals.
	tenNumbers = `tyve:tyvende tredive:tredivte fyrre:fyrretyve:fyrretyvende halvtreds:halvtredsindstyve:halvtredsindstyvende
tres:tresindstyve:tresindstyvende halvfjerds:halvfjerdsindstyve:halvfjerdsindstyvende firs:firsindstyve:firsindstyvende
halvfems:halvfemsindstyve:halvfemsindstyvende`
	largeNumbers = `hundrede:hundred tusind:tusinde`
)

// numerals are the folded words for numbers, with their digits.
var numerals = makeNumerals()

func makeNumerals() map[string]string {
	m := map[string]string{}
	each := func(list string, do func(i int, word string)) {
		for i, words := range strings.Fields(list) {
			for _, w := range strings.Split(words, ":") {
				do(i, Fold(w))
			}
		}
	}
	var units []string // en, to, … ni
	each(smallNumbers, func(n int, w string) {
		m[w] = strconv.Itoa(n)
		if n >= 1 && n <= 9 && len(units) < n {
			units = append(units, w)
		}
	})
	each(tenNumbers, func(i int, w string) {
		ten := 10 * (i + 2)
		m[w] = strconv.Itoa(ten)
		for u, unit := range units {
			m[unit+"og"+w] = strconv.Itoa(ten + u + 1) // femogtyve
		}
	})
	each(largeNumbers, func(i int, w string) {
		size := []int{100, 1000}[i]
		m[w], m["et"+w] = strconv.Itoa(size), strconv.Itoa(size)
		for u, unit := range units {
			m[unit+w] = strconv.Itoa((u + 1) * size) // tohundrede
		}
	})
	return m
}

// Digits returns the digits of a whole number or ordinal that is written as one lower-case word, with or without æøå (»fem«,
// »femte«: 5; »enogtyve«: 21; »tohundrede«: 200), and a number's own digits without the points between its thousands
// (»18.000«: 18000); "" for every other word.
func Digits(word string) string {
	word = Fold(word)
	if d, ok := numerals[word]; ok {
		return d
	}
	if allDigits(word) {
		return word
	}
	groups := strings.Split(word, ".")
	if first := groups[0]; len(groups) < 2 || len(first) > 3 || first[:min(1, len(first))] == "0" || !allDigits(first) {
		return ""
	}
	for _, g := range groups[1:] {
		if len(g) != 3 || !allDigits(g) {
			return ""
		}
	}
	return strings.Join(groups, "")
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
