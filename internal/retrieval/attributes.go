package retrieval

import (
	"strings"

	"kildesvar/internal/danish"
	"kildesvar/internal/query"
)

// attributes are stems of what is asked of a thing and stands beside its name where it is known at all: its address, its price, who leads
// it today. An answer without the word is none, however much it tells of the thing.
var attributes = termSet(`telefonnummer telefonnummeret telefon tlf mobilnummer adresse adressen mail mailadresse email e-mail hjemmeside hjemmesiden website åbningstid åbningstider åbningstiderne
	pris prisen priser gebyr frist fristen ansøgningsfrist deadline formand formanden forkvinde næstformand direktør direktøren borgmester kasserer
	cvr-nummer kontonummer bøde straf timeløn månedsløn kursus kurset skema formular blanket skabelon skabelonen logo telefontid postnummer medlemstal budget budgettet omsætning
	sidetal isbn oplag`)

func termSet(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[danish.TermOf(w)] = true
	}
	return m
}

// exact reports whether a word must be met as it is: a number, also in words (»det niende trin«), a place, or an attribute.
func exact(w query.Word) bool {
	return w.Number || w.Place || attributes[danish.TermOf(w.Text)] || ordinal(w.Text)
}

// smallNumbers are in too many texts to tell anything.
var smallNumbers = map[string]bool{"0": true, "1": true, "2": true}

// ordinal reports whether a word is a number in words from three up.
func ordinal(word string) bool {
	d := danish.Digits(word)
	return d != "" && !smallNumbers[d]
}
