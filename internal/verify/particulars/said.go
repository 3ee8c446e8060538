package particulars

import (
	"strings"

	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/reading"
)

// stances are the beginnings of verbs that tell more of who is quoted than that it was written: each of them needs its like in the passage.
var stances = []string{"anbefal", "konklud", "bevis", "fraråd", "kritiser", "opfordr", "foreskriv", "kræve", "dokumenter", "bekræft", "afvis", "advar"}

// researches are the beginnings of words for research.
var researches = []string{"forsk", "stud", "undersøg", "review", "analyse", "litteratur", "artikel", "rapport", "evaluer", "målin", "gennemg"}

// checkSaid wants »anbefaler« where somebody recommends, and »forskning viser« where the passage speaks of research.
func (j *inspection) checkSaid() {
	for i := range j.S.Toks {
		l := j.S.Lower(i)
		switch {
		case begun(l, stances) && j.S.Toks[i].W.Verb && !j.IsMet(i) && j.byName(i) && j.Have&(reading.Should|reading.Imperative) == 0:
			j.Fault(alignment.Content, i)
		case strings.HasPrefix(l, "forskning") && len(l) <= len("forskningen") && shows[j.S.Lower(i+1)] && !j.researched():
			j.Fault(alignment.Actor, i)
		}
	}
}

// shows are the verbs of a finding.
var shows = reading.Set("viser peger viste dokumenterer siger tyder har bekræfter")

// byName reports whether a name stands in the clause before a word, or right behind it.
func (j *inspection) byName(i int) bool {
	for n := max(0, i-12); n < min(len(j.S.Toks), i+4); n++ {
		if j.S.Toks[n].Name {
			return true
		}
	}
	return false
}

// researched reports whether the window speaks of research.
func (j *inspection) researched() bool {
	for _, sent := range j.Win.Sents {
		for p := j.W.Sents[sent].From; p < j.W.Sents[sent].To; p++ {
			if begun(j.W.Lower(p), researches) {
				return true
			}
		}
	}
	return false
}

func begun(word string, beginnings []string) bool {
	for _, b := range beginnings {
		if strings.HasPrefix(word, b) {
			return true
		}
	}
	return false
}
