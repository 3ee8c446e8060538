package claim

import (
	"slices"

	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/reading"
)

// modal is the modality of a mark that is a modal verb, else 0.
func modal(t *reading.Text, m *reading.Mark) reading.Class { return reading.Modals[t.Lower(m.Pos)] }

// accepts says which marks of the passages bear out a modality in the sentence.
func accepts(c reading.Class) reading.Class {
	switch c {
	case reading.Can:
		return reading.Can | reading.May
	case reading.Should:
		return reading.Should | reading.Imperative
	case reading.Must:
		return reading.Must | reading.May
	}
	return reading.Can | reading.Must | reading.Should | reading.May | reading.Imperative
}

// checkModality compares kan, bør, skal and må near the same words.
func (j *inspection) checkModality() {
	inW := j.WindowMarks(reading.Can | reading.Should | reading.Must | reading.May | reading.Imperative | reading.NeedNot)
	inS := j.SentenceMarks(reading.Can | reading.Should | reading.Must | reading.May | reading.Imperative | reading.NeedNot)
	for _, s := range inS {
		c := modal(j.S, s)
		if c == 0 {
			continue
		}
		if j.afterModal(s.Pos) {
			continue // skal kunne: the first counts
		}
		if c == reading.Should && !slices.ContainsFunc(inW, func(w *reading.Mark) bool { return w.Class&(reading.Should|reading.Imperative) != 0 }) {
			j.Fault(alignment.Modality, s.Pos) // nothing there is advice
			continue
		}
		switch met, conflict := j.modalMet(s, c, inW); {
		case met && c == reading.Can && j.weakened(s, inW):
			j.Feature.Weakened++
		case met && (c == reading.Must || c == reading.Should) && !j.sameModal(s, c, inW):
			j.Feature.Duty++
		case met:
		case (c == reading.Must || c == reading.Should) && !conflict:
			j.Feature.Duty++
		default:
			j.Fault(alignment.Modality, s.Pos)
		}
	}
	j.checkExempt(inS, inW)
	for _, w := range inW {
		c := modal(j.W, w)
		if c == 0 || len(w.Scope) == 0 || !j.aboutVerb(w) || c == reading.Can && begins(j.W, w.Pos, asking) {
			continue
		}
		if !j.modalKept(w, c, inS) {
			j.Missing(alignment.Modality, w.Pos)
		}
	}
}

// weakened reports whether the window makes a duty of what the sentence makes a possibility.
func (j *inspection) weakened(s *reading.Mark, inW []*reading.Mark) bool {
	for _, w := range inW {
		if w.Class&(reading.Can|reading.May|reading.NeedNot) != 0 && j.Touches(s, w, true) {
			return false
		}
	}
	for _, w := range inW {
		if w.Class&(reading.Must|reading.Should|reading.Imperative) != 0 && j.Touches(s, w, true) {
			return true
		}
	}
	return false
}

// sameModal reports whether the window has the modality of the sentence about the same.
func (j *inspection) sameModal(s *reading.Mark, c reading.Class, inW []*reading.Mark) bool {
	for _, w := range inW {
		if w.Class&c != 0 && j.Touches(s, w, true) {
			return true
		}
	}
	return false
}

// checkExempt finds a duty in the sentence of which the window says that it is none.
func (j *inspection) checkExempt(inS, inW []*reading.Mark) {
	for _, w := range inW {
		for _, s := range inS {
			if w.Class&reading.NeedNot != 0 && s.Class&reading.Must != 0 && s.Class&reading.NeedNot == 0 && len(j.SentenceMarks(reading.NeedNot)) == 0 && !j.deniedAt(s.Pos) && j.Touches(s, w, false) {
				j.Fault(alignment.Modality, s.Pos)
			}
		}
	}
}

// deniedAt reports whether a negation stands in the clause of a token.
func (j *inspection) deniedAt(i int) bool {
	for _, n := range j.SentenceMarks(reading.Negation) {
		if j.S.Toks[n.Pos].Clause == j.S.Toks[i].Clause {
			return true
		}
	}
	return false
}

// afterModal reports whether a modal verb is the infinitive of another: »kunne« behind »skal«.
func (j *inspection) afterModal(i int) bool { return behindModal(j.S, i) }

// behindModal reports whether a modal verb of a text is the infinitive of another.
func behindModal(t *reading.Text, i int) bool {
	if l := t.Lower(i); l != "kunne" && l != "skulle" && l != "burde" {
		return reading.Modals[t.Lower(i-1)] != 0
	}
	for n := i - 1; n >= 0 && t.Toks[n].Clause == t.Toks[i].Clause; n-- {
		if reading.Modals[t.Lower(n)] != 0 {
			return true
		}
	}
	return false
}

// modalMet reports whether the window bears out a modal verb of the sentence, and whether it has another there.
func (j *inspection) modalMet(s *reading.Mark, c reading.Class, inW []*reading.Mark) (met, conflict bool) {
	excuse := false
	for _, w := range inW {
		verb := modal(j.W, w)
		if verb != 0 && behindModal(j.W, w.Pos) {
			continue // bør kunne: the first counts
		}
		touch := j.Touches(s, w, true)
		switch {
		case touch && w.Class&reading.NeedNot != 0 && c == reading.Can:
			return true, false
		case touch && w.Class&accepts(c) != 0 && (verb == 0 || verb&accepts(c) != 0):
			if verb != 0 {
				return true, false
			}
			excuse = true
		case touch && verb != 0 && j.Touches(s, w, false):
			conflict = true
		case w.Class&accepts(c) != 0 && (verb == 0 || verb&accepts(c) != 0):
			excuse = true
		}
	}
	return !conflict && (excuse || c == reading.Can || c == reading.May || begins(j.S, s.Pos, asking)), conflict
}

// asking begin clauses that ask (how it is to be done), conditional those that suppose.
var (
	asking      = reading.Set("hvordan hvad hvor hvem hvilke hvilken hvilket hvornår om")
	conditional = reading.Set("når hvis såfremt")
)

// begins reports whether the clause of a token begins with one of the words.
func begins(t *reading.Text, i int, words map[string]bool) bool {
	from := i
	for from > 0 && t.Toks[from-1].Clause == t.Toks[i].Clause {
		from--
	}
	return words[t.Toks[from].W.Lower]
}

// aboutVerb reports whether the sentence has the first words of a modal verb's scope, so that it speaks of the same.
func (j *inspection) aboutVerb(w *reading.Mark) bool {
	first, ok := j.Covered[w.Scope[0]]
	return ok && j.Links[first].Strength >= reading.SameSense && j.CoveredShare(w) >= 0.6
}

// modalKept reports whether the sentence keeps a modal verb of the window in some form.
func (j *inspection) modalKept(w *reading.Mark, c reading.Class, inS []*reading.Mark) bool {
	if i, ok := j.Covered[w.Scope[0]]; ok && c == reading.Can && begins(j.S, i, conditional) {
		return true
	}
	for _, s := range inS {
		if s.Class&(accepts(c)|c) != 0 {
			return true
		}
		if modal(j.S, s) != 0 && j.Touches(s, w, true) {
			return true // another verb there is judged by itself
		}
	}
	return false
}
