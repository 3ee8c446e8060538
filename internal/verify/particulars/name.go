package particulars

import (
	"strings"
	"unicode/utf8"

	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/reading"
)

// checkNames wants every proper name of the sentence to stand in the passages, and in the sentence that its clause is from.
func (j *inspection) checkNames() {
	for i := range j.S.Toks {
		k := j.S.Toks[i]
		if !k.Name || k.Number > 0 {
			continue
		}
		if !j.nameMet(i) {
			j.Fault(alignment.Name, i)
			continue
		}
		if j.foreignHome(i) {
			j.Fault(alignment.Actor, i)
		}
	}
}

// nameMet reports whether a name stands in the window or in its passages.
func (j *inspection) nameMet(i int) bool {
	l := j.Links[i]
	if l.Pos >= 0 && l.Strength >= alignment.CompoundOne {
		return true
	}
	for sent, p := range j.W.Passage {
		if !j.SharesPassage(p) || j.InWindow(sent) {
			continue
		}
		if o := j.M.Best[sent][i]; o.Pos >= 0 && o.Strength >= reading.SameSense {
			if j.otherName(j.Win.Sents[0]) && len(j.Win.Sents) == 1 {
				j.Doubted(alignment.Actor, i)
			}
			return true
		}
	}
	return j.acronym(j.S.Toks[i].Raw) || j.joined(i)
}

// acronym reports whether letters in capitals are the initials of words that stand together in the window.
func (j *inspection) acronym(raw string) bool {
	letters := []rune(strings.ToLower(raw))
	if len(letters) < 2 || len(letters) > 6 || strings.ToUpper(raw) != raw {
		return false
	}
	for _, sent := range j.Win.Sents {
		sp := j.W.Sents[sent]
		for from := sp.From; from+len(letters) <= sp.To; from++ {
			n := 0
			for n < len(letters) {
				r, _ := utf8.DecodeRuneInString(j.W.Toks[from+n].W.Lower)
				if r != letters[n] {
					break
				}
				n++
			}
			if n == len(letters) {
				return true
			}
		}
	}
	return false
}

// joined reports whether a name is met by a word of the window that begins with it: »EU« of »EU-landene«.
func (j *inspection) joined(i int) bool {
	f := j.S.Toks[i].W.Folded
	if len(f) < 4 {
		return false
	}
	base := strings.TrimSuffix(f, "s")
	for _, sent := range j.Win.Sents {
		for p := j.W.Sents[sent].From; p < j.W.Sents[sent].To; p++ {
			o := j.W.Toks[p].W.Folded
			if strings.TrimSuffix(o, "s") == base || len(base) >= 5 && strings.HasPrefix(o, base) {
				return true
			}
		}
	}
	return false
}

// foreignHome reports whether a name is of one sentence of the window and the rest of its clause of another that has names
// of its own.
func (j *inspection) foreignHome(i int) bool {
	at := j.Links[i].Pos
	if at < 0 || len(j.Win.Sents) < 2 {
		return false
	}
	own := j.W.Toks[at].Sent
	var here, there float64
	other := -1
	for _, sent := range j.Win.Sents {
		if sent == own {
			continue
		}
		if l := j.M.Best[sent][i]; l.Pos >= 0 && l.Strength >= alignment.CompoundOne {
			return false
		}
		other = sent
	}
	for n := range j.S.Toks {
		k := j.S.Toks[n]
		if k.Clause != j.S.Toks[i].Clause && alignment.Abs(n-i) > 6 || k.Name || n == i {
			continue
		}
		a, b := j.M.Best[own][n].Strength, j.M.Best[other][n].Strength
		here += k.Weight * a
		there += k.Weight * b
	}
	return there > here+1.2 && j.otherName(other) || j.borrowed(own, other)
}

// borrowed reports whether the sentence, which names somebody of one sentence of the window, also says what the other
// sentence says in somebody else's name: it has three words of that sentence alone and none of its names.
func (j *inspection) borrowed(own, other int) bool {
	names, named := 0, 0
	sp := j.W.Sents[other]
	for p := sp.From; p < sp.To; p++ {
		if j.W.Toks[p].Name {
			names++
		}
	}
	words := 0.0
	for n, k := range j.S.Toks {
		o, x := j.M.Best[own][n], j.M.Best[other][n]
		if k.Name && x.Pos >= 0 && x.Strength >= alignment.CompoundOne {
			named++
		}
		if k.Weight >= reading.CommonWeight && !k.Name && x.Strength >= reading.SameSense && o.Strength < alignment.Met {
			words += k.Weight
		}
	}
	return names > 0 && named == 0 && words >= 2
}

// otherName reports whether a sentence of the passages has a name that the sentence lacks, and that says something there.
func (j *inspection) otherName(sent int) bool {
	sp := j.W.Sents[sent]
	for p := sp.From; p < sp.To; p++ {
		if _, ok := j.Covered[p]; j.W.Toks[p].Name && !ok && !j.HasWord(p) {
			return true
		}
	}
	return false
}
