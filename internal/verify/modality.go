package verify

// modal is the modality of a mark that is a modal verb, else 0.
func (t *text) modal(m *mark) class { return modals[t.lower(m.pos)] }

// accepts says which marks of the passages bear out a modality in the sentence.
func accepts(c class) class {
	switch c {
	case can:
		return can | may
	case should:
		return should | imperative
	case must:
		return must | may
	}
	return can | must | should | may | imperative
}

// checkModality compares kan, bør, skal and må near the same words.
func (j *judgement) checkModality() {
	inW := j.windowMarks(can | should | must | may | imperative | needNot)
	inS := j.sentenceMarks(can | should | must | may | imperative | needNot)
	for _, s := range inS {
		c := j.s.modal(s)
		if c == 0 {
			j.checkFreed(s, inW)
			continue
		}
		if modals[j.s.lower(s.pos-1)] != 0 {
			continue // skal kunne: the first counts
		}
		switch met, conflict := j.modalMet(s, c, inW); {
		case met:
		case (c == must || c == should) && !conflict:
			j.feature.hedge += plainDuty
		default:
			j.fault(Modality, s.pos)
		}
	}
	for _, w := range inW {
		c := j.w.modal(w)
		if c == 0 || len(w.scope) == 0 || !j.aboutVerb(w) || c == can && j.w.begins(w.pos, asking) {
			continue
		}
		if !j.modalKept(w, c, inS) {
			j.missing(Modality, w.pos)
		}
	}
}

// plainDuty is how much of a hedge it is to say »skal« or »bør« of what the passage says plainly: a good evaluation does, or should.
const plainDuty = 0.7

// modalMet reports whether the window bears out a modal verb of the sentence, and whether it has another there.
func (j *judgement) modalMet(s *mark, c class, inW []*mark) (met, conflict bool) {
	excuse := false
	for _, w := range inW {
		verb := j.w.modal(w)
		touch := j.touches(s, w, true)
		switch {
		case touch && w.class&needNot != 0 && c == can:
			return true, false
		case touch && w.class&accepts(c) != 0 && (verb == 0 || verb&accepts(c) != 0):
			if verb != 0 {
				return true, false
			}
			excuse = true
		case touch && verb != 0 && j.touches(s, w, false):
			conflict = true
		case w.class&accepts(c) != 0 && (verb == 0 || verb&accepts(c) != 0):
			excuse = true
		}
	}
	return !conflict && (excuse || c == can || c == may || j.s.begins(s.pos, asking)), conflict
}

// free and bound are words other than verbs for what one may and for what one must.
var (
	free  = set("mulighed muligheden muligheder muligt lov tilladt tillader valgfrit")
	bound = set("pålægger pålagt pålægges kræver krav pligt forpligter forpligtet forpligtede skal påbudt obligatorisk tvinger")
)

// checkFreed finds a duty of the passages that the sentence makes a possibility.
func (j *judgement) checkFreed(s *mark, inW []*mark) {
	if !free[j.s.lower(s.pos)] {
		return
	}
	duty := false
	for _, w := range inW {
		if w.class&(can|may) != 0 && w.class&must == 0 {
			return
		}
		duty = duty || bound[j.w.lower(w.pos)]
	}
	if duty {
		j.fault(Modality, s.pos)
	}
}

// asking begin clauses that ask (how it is to be done), conditional those that suppose.
var (
	asking      = set("hvordan hvad hvor hvem hvilke hvilken hvilket hvornår om")
	conditional = set("når hvis såfremt")
)

// begins reports whether the clause of a token begins with one of the words.
func (t *text) begins(i int, words map[string]bool) bool {
	from := i
	for from > 0 && t.toks[from-1].clause == t.toks[i].clause {
		from--
	}
	return words[t.toks[from].w.lower]
}

// aboutVerb reports whether the sentence has the first words of a modal verb's scope, so that it speaks of the same.
func (j *judgement) aboutVerb(w *mark) bool {
	first, ok := j.covered[w.scope[0]]
	return ok && j.links[first].strength >= sameSense && j.coveredShare(w) >= 0.6
}

// modalKept reports whether the sentence keeps a modal verb of the window in some form.
func (j *judgement) modalKept(w *mark, c class, inS []*mark) bool {
	if i, ok := j.covered[w.scope[0]]; ok && c == can && j.s.begins(i, conditional) {
		return true
	}
	for _, s := range inS {
		if s.class&(accepts(c)|c) != 0 {
			return true
		}
		if j.s.modal(s) != 0 && j.touches(s, w, true) {
			return true // another verb there is judged by itself
		}
	}
	return false
}
