package claim

import (
	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/reading"
)

// trends are the words of rise (1) and of fall (-1).
var trends = map[string]int{"stiger": 1, "steg": 1, "steget": 1, "stigende": 1, "stigning": 1, "stigningen": 1, "vokser": 1, "voksede": 1, "vokset": 1, "voksende": 1, "vækst": 1,
	"øges": 1, "øget": 1, "fremgang": 1, "falder": -1, "faldt": -1, "faldet": -1, "faldende": -1, "fald": -1, "nedgang": -1, "dalede": -1, "mindsket": -1, "tilbagegang": -1}

// trendWord reports whether the window has a word of the same trend.
func (j *inspection) trendWord(sign int) bool {
	for _, sent := range j.Win.Sents {
		for p := j.W.Sents[sent].From; p < j.W.Sents[sent].To; p++ {
			w := j.W.Toks[p].W
			if trends[w.Lower] == sign || w.Class&reading.Comparative != 0 {
				return true
			}
		}
	}
	return false
}

// sizes of a comparison.
var (
	more = reading.Set("større højere flere mere oftere hyppigere bedre stærkere længere vigtigere lettere tættere")
	less = reading.Set("mindre lavere færre sjældnere dårligere værre svagere kortere ringere sværere løsere")
)

// bigger judges »større i A end i B« by the numbers beside A and B in one sentence of the window. It is not known when these
// are missing or one.
func (j *inspection) bigger(at int) (known, right bool) {
	word := j.S.Lower(at)
	if !more[word] && !less[word] {
		return false, false
	}
	end := at
	for end < len(j.S.Toks) && j.S.Lower(end) != "end" {
		end++
	}
	a, b := j.S.Next(at), -1
	if end < len(j.S.Toks) {
		b = j.S.Next(end)
	}
	if a < 0 || b < 0 || a > end || !j.IsMet(a) || !j.IsMet(b) {
		return false, false
	}
	x, okX := j.numberBeside(j.Links[a].Pos)
	y, okY := j.numberBeside(j.Links[b].Pos)
	if !okX || !okY || x.Unit != y.Unit || x.Pos == y.Pos || x.Low == y.Low {
		return false, false
	}
	return true, x.Low > y.Low == more[word]
}

// numberBeside is the number nearest to a word of the passages, but for years.
func (j *inspection) numberBeside(p int) (reading.Quantity, bool) {
	var best reading.Quantity
	least := 8
	for _, q := range j.W.NumbersIn(j.W.Toks[p].Sent) {
		if d := alignment.Abs(q.Pos - p); d < least && q.Unit != reading.Year {
			best, least = q, d
		}
	}
	return best, least < 8
}
