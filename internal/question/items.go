package question

import (
	"strconv"
	"strings"

	"kildesvar/internal/danish"
)

// Items are the numbers of the items of a list that a question asks for: »trin 4«, »det tredje kriterium«, »de første to trin«. noun is
// what the list's items are called, n how many there are, told the last one that has been told, 0 for none. A question that names
// the list and no item (»trin for trin«, »kriterierne«) asks for all. It is nil when the question does neither.
func Items(text, noun string, n, told int) (out []int) {
	words := foldedWords(text)
	noun = danish.Fold(noun)
	list, named := false, false
	span := func(from, to int) {
		named = true
		for i := max(from, 1); i <= min(to, n); i++ {
			out = append(out, i)
		}
	}
	for i, w := range words {
		if !itemWord(w, noun) {
			continue
		}
		list = list || i == 0 || !singling[words[i-1]]
		if i+1 < len(words) {
			if k := small(words[i+1]); k > 0 {
				span(k, k)
				continue
			}
		}
		if i == 0 {
			continue
		}
		before, count := words[i-1], 0
		if i > 1 && small(before) > 1 && ends[words[i-2]] { // »de første to trin«
			before, count = words[i-2], small(before)
		} else if i > 1 && ends[before] && small(words[i-2]) > 1 { // »de to første trin«
			count = small(words[i-2])
		}
		switch {
		case count > 0 && before == "sidste":
			span(n-count+1, n)
		case count > 0:
			span(1, count)
		case before == "sidste" && told > 0 && i > 1 && words[i-2] == "de":
			span(told+1, n)
		case before == "sidste":
			span(n, n)
		case ordinals[before] > 0:
			span(ordinals[before], ordinals[before])
		}
	}
	if list && !named {
		span(1, n)
	}
	return out
}

// OneItem reports whether a question asks which item of a list it is: »hvilket trin …«.
func OneItem(text, noun string) bool {
	words := foldedWords(text)
	noun = danish.Fold(noun)
	for i, w := range words {
		if i > 0 && itemWord(w, noun) && singling[words[i-1]] {
			return true
		}
	}
	return false
}

// singling are folded words that ask for one item without saying which.
var singling = set("hvilket hvilken et en dette det")

// ends are folded words for the two ends of a list.
var ends = set("foerste forste sidste")

// itemWord reports whether a folded word is a form of what a list's items are called: »trinnet« of »trin«, »kriterier« of »kriterium«.
func itemWord(word, noun string) bool {
	const stem = 4
	if len(noun) < stem || !strings.HasPrefix(word, noun[:stem]) {
		return false
	}
	return len(word) <= len(noun)+len("erne")
}

// small is a number below ten, in digits or words; 0 for anything else.
func small(word string) int {
	n, err := strconv.Atoi(danish.Digits(word))
	if err != nil || n < 1 || n > 9 {
		return 0
	}
	return n
}
