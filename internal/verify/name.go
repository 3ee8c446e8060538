package verify

import (
	"strings"
	"unicode/utf8"
)

// checkNames wants every proper name of the sentence to stand in the passages, and in the sentence that its clause is from.
func (j *judgement) checkNames() {
	for i := range j.s.toks {
		k := j.s.toks[i]
		if !k.name || k.number > 0 {
			continue
		}
		if !j.nameMet(i) {
			j.fault(Name, i)
			continue
		}
		if j.foreignHome(i) {
			j.fault(Actor, i)
		}
	}
}

// nameMet reports whether a name stands in the window or in its passages.
func (j *judgement) nameMet(i int) bool {
	l := j.links[i]
	if l.pos >= 0 && l.strength >= compoundOne {
		return true
	}
	for sent, p := range j.w.passage {
		if !j.sharesPassage(p) || j.inWindow(sent) {
			continue
		}
		if o := j.m.best[sent][i]; o.pos >= 0 && o.strength >= sameSense {
			j.feature.scatter += 0.5
			return true
		}
	}
	return j.acronym(j.s.toks[i].raw) || j.joined(i)
}

// sharesPassage reports whether the window has a sentence of the passage.
func (j *judgement) sharesPassage(p int) bool {
	for _, sent := range j.win.sents {
		if j.w.passage[sent] == p {
			return true
		}
	}
	return false
}

// acronym reports whether letters in capitals are the initials of words that stand together in the window.
func (j *judgement) acronym(raw string) bool {
	letters := []rune(strings.ToLower(raw))
	if len(letters) < 2 || len(letters) > 6 || strings.ToUpper(raw) != raw {
		return false
	}
	for _, sent := range j.win.sents {
		sp := j.w.sents[sent]
		for from := sp.from; from+len(letters) <= sp.to; from++ {
			n := 0
			for n < len(letters) {
				r, _ := utf8.DecodeRuneInString(j.w.toks[from+n].w.lower)
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
func (j *judgement) joined(i int) bool {
	f := j.s.toks[i].w.folded
	if len(f) < 4 {
		return false
	}
	base := strings.TrimSuffix(f, "s")
	for _, sent := range j.win.sents {
		for p := j.w.sents[sent].from; p < j.w.sents[sent].to; p++ {
			o := j.w.toks[p].w.folded
			if strings.TrimSuffix(o, "s") == base || len(base) >= 5 && strings.HasPrefix(o, base) {
				return true
			}
		}
	}
	return false
}

// foreignHome reports whether a name is of one sentence of the window and the rest of its clause of another that has names
// of its own.
func (j *judgement) foreignHome(i int) bool {
	at := j.links[i].pos
	if at < 0 || len(j.win.sents) < 2 {
		return false
	}
	own := j.w.toks[at].sent
	var here, there float64
	other := -1
	for _, sent := range j.win.sents {
		if sent == own {
			continue
		}
		if l := j.m.best[sent][i]; l.pos >= 0 && l.strength >= compoundOne {
			return false
		}
		other = sent
	}
	for n := range j.s.toks {
		k := j.s.toks[n]
		if k.clause != j.s.toks[i].clause && abs(n-i) > 6 || k.name || n == i {
			continue
		}
		a, b := j.m.best[own][n].strength, j.m.best[other][n].strength
		here += k.weight * a
		there += k.weight * b
	}
	return there > here+1.2 && j.otherName(other) || j.borrowed(own, other)
}

// borrowed reports whether the sentence, which names somebody of one sentence of the window, also says what the other
// sentence says in somebody else's name: it has three words of that sentence alone and none of its names.
func (j *judgement) borrowed(own, other int) bool {
	names, named := 0, 0
	sp := j.w.sents[other]
	for p := sp.from; p < sp.to; p++ {
		if j.w.toks[p].name {
			names++
		}
	}
	words := 0.0
	for n, k := range j.s.toks {
		o, x := j.m.best[own][n], j.m.best[other][n]
		if k.name && x.pos >= 0 && x.strength >= compoundOne {
			named++
		}
		if k.weight >= commonWeight && !k.name && x.strength >= sameSense && o.strength < met {
			words += k.weight
		}
	}
	return names > 0 && named == 0 && words >= 2
}

// otherName reports whether a sentence of the passages has a name that the sentence lacks, and that says something there.
func (j *judgement) otherName(sent int) bool {
	sp := j.w.sents[sent]
	for p := sp.from; p < sp.to; p++ {
		if _, ok := j.covered[p]; j.w.toks[p].name && !ok && !j.hasWord(p) {
			return true
		}
	}
	return false
}
