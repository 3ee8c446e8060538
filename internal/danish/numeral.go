package danish

import "strings"

// numerals are the numbers that people write both as words and as digits.
var numerals = makeNumerals(`en:første et to:anden:andet tre:tredje fire:fjerde fem:femte seks:sjette syv:syvende otte:ottende ni:niende ti:tiende
elleve:ellevte tolv:tolvte`)

func makeNumerals(list string) map[string]string {
	digits := strings.Fields("1 1 2 3 4 5 6 7 8 9 10 11 12")
	m := map[string]string{}
	for i, words := range strings.Fields(list) {
		for _, w := range strings.Split(words, ":") {
			m[w], m[Fold(w)] = digits[i], digits[i]
		}
	}
	return m
}

// Digits returns the digits of a small number or ordinal written as a lower-case word (»fem«, »femte«: 5), and the word's own
// digits when it is a number already; "" for every other word.
func Digits(word string) string {
	if d, ok := numerals[word]; ok {
		return d
	}
	if word != "" && strings.Trim(word, "0123456789") == "" {
		return word
	}
	return ""
}
