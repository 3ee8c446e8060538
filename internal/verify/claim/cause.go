package claim

import (
	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/reading"
)

// causeFirst are the marks before which the cause stands; before the others of effectFirst stands the effect.
var (
	causeFirst  = reading.Set("medfører medførte medføre fører førte føre derfor resulterer resulterede bevirker forårsager udløser")
	effectFirst = reading.Set("fordi skyldes skyldtes grund følge takket idet eftersom udspringer stammer")
)

// checkCause wants cause only where the passages have one, and cause and effect in their places.
func (j *inspection) checkCause() {
	for _, s := range j.SentenceMarks(reading.StrongCause) {
		switch {
		case j.S.Lower(s.Pos) == "derfor": // mostly joins sentences
			if j.Have&(reading.Cause|reading.StrongCause|reading.WeakCause) == 0 {
				j.Doubted(alignment.Cause, s.Pos)
			}
		case j.Have&(reading.Cause|reading.StrongCause) != 0:
		case j.Have&reading.WeakCause == 0, j.Have&reading.Correlation != 0:
			j.Fault(alignment.Cause, s.Pos)
		}
	}
	for _, s := range j.SentenceMarks(reading.Cause | reading.StrongCause | reading.WeakCause) {
		a := halvesOf(j.S, s)
		if a.cause == nil {
			continue
		}
		for _, w := range j.WindowMarks(reading.Cause | reading.StrongCause | reading.WeakCause) {
			if b := halvesOf(j.W, w); b.cause != nil && !j.hasMark(s, w) && j.turned(a, b) {
				j.Fault(alignment.Cause, s.Pos)
				break
			}
		}
	}
}

// hasMark reports whether the window has the sentence's own mark besides w, so that w is not the one it stands on.
func (j *inspection) hasMark(s, w *reading.Mark) bool {
	if j.S.Toks[s.Pos].W.Key == j.W.Toks[w.Pos].W.Key {
		return false
	}
	for _, o := range j.WindowMarks(reading.Cause | reading.StrongCause | reading.WeakCause) {
		if j.S.Toks[s.Pos].W.Key == j.W.Toks[o.Pos].W.Key {
			return true
		}
	}
	return false
}

// halves are the words of cause and of effect around a mark.
type halves struct{ cause, effect []int }

// halvesOf parts the sentence of a mark at the mark.
func halvesOf(t *reading.Text, m *reading.Mark) halves {
	word := t.Lower(m.Pos)
	if m.N > 1 && word == "på" {
		word = "grund"
	}
	if m.N > 1 && word == "som" {
		word = "følge"
	}
	first, second := causeFirst[word], effectFirst[word]
	if !first && !second {
		return halves{}
	}
	sp := t.Sents[t.Toks[m.Pos].Sent]
	left, right := content(t, sp.From, m.Pos), content(t, m.Pos+m.N, sp.To)
	if m.Pos == sp.From || len(left) == 0 && second { // Fordi …, …
		cut := m.Pos + m.N
		for cut < sp.To && t.Toks[cut].Clause == t.Toks[min(m.Pos+m.N, sp.To-1)].Clause {
			cut++
		}
		return halves{content(t, m.Pos+m.N, cut), content(t, cut, sp.To)}
	}
	if first {
		return halves{left, right}
	}
	return halves{right, left}
}

// content are the words of content of a stretch, light ones too.
func content(t *reading.Text, from, to int) []int {
	var out []int
	for i := from; i < to; i++ {
		if t.Toks[i].Weight > 0 && t.Toks[i].Number == 0 && !t.Toks[i].Name {
			out = append(out, i)
		}
	}
	return out
}

// turned reports whether the sentence's cause is the window's effect, and the other way round.
func (j *inspection) turned(s, w halves) bool {
	straight := j.overlap(s.cause, w.cause) + j.overlap(s.effect, w.effect)
	cross1, cross2 := j.overlap(s.cause, w.effect), j.overlap(s.effect, w.cause)
	return cross1 >= 1 && cross2 >= 1 && cross1+cross2 > straight+1
}

// overlap is how many words of the sentence meet words of the window.
func (j *inspection) overlap(s, w []int) int {
	n := 0
	for _, i := range s {
		if !j.IsMet(i) {
			continue
		}
		for _, p := range w {
			if j.Links[i].Pos == p {
				n++
				break
			}
		}
	}
	return n
}
