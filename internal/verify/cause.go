package verify

// causeFirst are the marks before which the cause stands; before the others of effectFirst stands the effect.
var (
	causeFirst  = set("medfører medførte medføre fører førte føre derfor resulterer resulterede bevirker forårsager udløser")
	effectFirst = set("fordi skyldes skyldtes grund følge takket idet eftersom udspringer stammer")
)

// checkCause wants cause only where the passages have one, and cause and effect in their places.
func (j *judgement) checkCause() {
	for _, s := range j.sentenceMarks(strongCause) {
		switch {
		case j.have&(cause|strongCause) != 0:
		case j.have&weakCause == 0, j.have&correlation != 0:
			j.fault(Cause, s.pos)
		}
	}
	for _, s := range j.sentenceMarks(cause | strongCause | weakCause) {
		a := j.s.halves(s)
		if a.cause == nil {
			continue
		}
		for _, w := range j.windowMarks(cause | strongCause | weakCause) {
			if b := j.w.halves(w); b.cause != nil && !j.hasMark(s, w) && j.turned(a, b) {
				j.fault(Cause, s.pos)
				break
			}
		}
	}
}

// hasMark reports whether the window has the sentence's own mark besides w, so that w is not the one it stands on.
func (j *judgement) hasMark(s, w *mark) bool {
	if j.s.toks[s.pos].w.key == j.w.toks[w.pos].w.key {
		return false
	}
	for _, o := range j.windowMarks(cause | strongCause | weakCause) {
		if j.s.toks[s.pos].w.key == j.w.toks[o.pos].w.key {
			return true
		}
	}
	return false
}

// halves are the words of cause and of effect around a mark.
type halves struct{ cause, effect []int }

// halves parts the sentence of a mark at the mark.
func (t *text) halves(m *mark) halves {
	word := t.lower(m.pos)
	if m.n > 1 && word == "på" {
		word = "grund"
	}
	if m.n > 1 && word == "som" {
		word = "følge"
	}
	first, second := causeFirst[word], effectFirst[word]
	if !first && !second {
		return halves{}
	}
	sp := t.sents[t.toks[m.pos].sent]
	left, right := t.content(sp.from, m.pos), t.content(m.pos+m.n, sp.to)
	if m.pos == sp.from || len(left) == 0 && second { // Fordi …, …
		cut := m.pos + m.n
		for cut < sp.to && t.toks[cut].clause == t.toks[min(m.pos+m.n, sp.to-1)].clause {
			cut++
		}
		return halves{t.content(m.pos+m.n, cut), t.content(cut, sp.to)}
	}
	if first {
		return halves{left, right}
	}
	return halves{right, left}
}

// content are the words of content of a stretch, light ones too.
func (t *text) content(from, to int) []int {
	var out []int
	for i := from; i < to; i++ {
		if t.toks[i].weight > 0 && t.toks[i].number == 0 && !t.toks[i].name {
			out = append(out, i)
		}
	}
	return out
}

// turned reports whether the sentence's cause is the window's effect, and the other way round.
func (j *judgement) turned(s, w halves) bool {
	straight := j.overlap(s.cause, w.cause) + j.overlap(s.effect, w.effect)
	cross1, cross2 := j.overlap(s.cause, w.effect), j.overlap(s.effect, w.cause)
	return cross1 >= 1 && cross2 >= 1 && cross1+cross2 > straight+1
}

// overlap is how many words of the sentence meet words of the window.
func (j *judgement) overlap(s, w []int) int {
	n := 0
	for _, i := range s {
		if !j.isMet(i) {
			continue
		}
		for _, p := range w {
			if j.links[i].pos == p {
				n++
				break
			}
		}
	}
	return n
}
