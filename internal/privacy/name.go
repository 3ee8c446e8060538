package privacy

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// place is a word of a text with where it stands.
type place struct {
	text       string
	start, end int
}

// wordsOf are the words of a text.
func wordsOf(text string) []place {
	var out []place
	for _, at := range aWord.FindAllStringIndex(text, -1) {
		out = append(out, place{text[at[0]:at[1]], at[0], at[1]})
	}
	return out
}

var aWord = regexp.MustCompile(`[\p{L}\p{N}]+`)

func capital(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(r)
}

// given reports whether a word is a given name, also in the genitive.
func given(word string) bool {
	lower := strings.ToLower(word)
	return givenNames[lower] || givenNames[strings.TrimSuffix(lower, "s")]
}

// namesPerson reports whether a given name stands in the text as somebody who has or does something.
func namesPerson(text string, known func(string) bool) bool {
	words := wordsOf(text)
	for i, w := range words {
		if !given(w.text) {
			continue
		}
		lower, big, next := strings.ToLower(w.text), capital(w.text), ""
		if i+1 < len(words) {
			next = words[i+1].text
		}
		switch {
		case public(words[i+1:], known):
			continue // a scholar or an organisation
		case big && capital(next):
			return true
		case big && (doing.MatchString(strings.ToLower(next)) || next == "" || !givenNames[lower]):
			return true
		case !big && !ambiguousNames[lower] && doing.MatchString(next):
			return true
		}
	}
	return false
}

// findNames returns the names of persons in a case: a given name with a surname, or a title with one, where the text speaks of a
// case in some other way too, or the person acts. Scholars and organisations of the theme stay.
func findNames(text string, known func(string) bool) []Finding {
	words := wordsOf(text)
	var names []Finding
	acts := false
	for i := 0; i+1 < len(words); i++ {
		to := i + 1
		switch {
		case !capital(words[to].text) || !beside(text, words[i], words[to]):
			continue
		case title[strings.ToLower(words[i].text)]:
			if given(words[to].text) && to+1 < len(words) && capital(words[to+1].text) { // »fru Karen Holm« is found as Karen Holm
				continue
			}
			if public(words[i+1:], known) || known != nil && known(words[to].text) && !acting[follower(words, to)] {
				continue
			}
		case !capital(words[i].text) || !given(words[i].text) || public(words[i+1:], known):
			continue
		}
		for to+1 < len(words) && to < i+3 && capital(words[to+1].text) && beside(text, words[to], words[to+1]) {
			to++
		}
		if to+1 < len(words) && text[words[to].end:words[to+1].start] == "-" { // »Johns Hopkins-projektet«
			i = to
			continue
		}
		names = append(names, Finding{words[i].start, words[to].end, Name})
		acts = acts || acting[follower(words, to)]
		i = to
	}
	if len(names) == 0 {
		return nil
	}
	text = beginning(text)
	lower := strings.ToLower(text)
	if cued(lower) || (acts || pronounced(text, lower, "")) && !authorship.MatchString(lower) {
		return names
	}
	return nil
}

// follower is the word after another.
func follower(words []place, i int) string {
	if i+1 < len(words) {
		return words[i+1].text
	}
	return ""
}

// beside reports whether nothing but a space, a hyphen or an initial's full stop stands between two words.
func beside(text string, a, b place) bool {
	between := text[a.end:b.start]
	return between == " " || between == "-" || between == "\u00a0" || (between == ". " || between == ".") && (utf8.RuneCountInString(a.text) == 1 || title[strings.ToLower(a.text)])
}

// title is what stands before a surname.
var title = set("familien fru frue fr hr herr frøken frk")

// public reports whether the words after a given name make it a scholar's or an organisation's.
func public(next []place, known func(string) bool) bool {
	return known != nil && ofTheme(next, known) || founded(next)
}

// bodiesAfter are words that make the name before them an organisation's: »Mary Fonden«.
var bodiesAfter = set("fonden fond foundation stiftelse stiftelsen hu hus huset skole skolen hospital hospitalet kirke kirken sogn center centret centeret instituttet forening foreningen forlag")

// founded reports whether one of the next two words makes a name an organisation's.
func founded(next []place) bool {
	return slices.ContainsFunc(next[:min(2, len(next))], func(w place) bool { return bodiesAfter[strings.TrimSuffix(strings.ToLower(w.text), "s")] })
}

// ofTheme reports whether one of the capitalised words after a given name is of the theme, also in the genitive, and nobody who acts.
func ofTheme(next []place, known func(string) bool) bool {
	for i, w := range next[:min(3, len(next))] {
		if !capital(w.text) {
			return false
		}
		if known(w.text) || known(strings.TrimSuffix(w.text, "s")) {
			return !acting[follower(next, i)]
		}
	}
	return false
}

// ambiguousNames are given names that are also words when written small.
var ambiguousNames = set("sander sine hans rune line dan said steen bo per tage dan bent kim finn mark ole else maja eva jan rose my sten storm bjørn ulf lone lise linda max noah jonas ask asger birk brian nadia tim tom mary maria anne inger merete martin")

// givenNames are common given names in Denmark.
var givenNames = set(givenList)

//go:embed fornavne.txt
var givenList string

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
