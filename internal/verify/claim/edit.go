package claim

import (
	"kildesvar/internal/lexical"
	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/reading"
)

// An edit is one word set in, put for another or taken out of a stretch that is otherwise word for word the passage's. Copying
// with one change is how a writer most often errs, and there nothing need be guessed: the words around tell what was changed.

// keyAt is the key of a token within its sentence; before and behind it stand bounds that equal each other.
func keyAt(t *reading.Text, i, sent int) lexical.Key {
	if i < 0 || i >= len(t.Toks) || t.Toks[i].Sent != sent {
		return 0
	}
	return t.Toks[i].W.Key
}

// pastArticle is the key at a token, or before it when an article stands there, 0 at a bound.
func pastArticle(t *reading.Text, i, sent int) lexical.Key {
	if i >= 0 && t.Toks[i].Sent == sent && reading.Articles[t.Toks[i].W.Lower] {
		i--
	}
	return keyAt(t, i, sent)
}

// near is how many words on each side of an edit must stand so in the window for the edit to be none.
const near = 2

// sameAround reports whether a token of the sentence and one of the passages have the same word before them and behind them,
// at the distances given, and another word beside one of these, so that it is no chance.
func (j *inspection) sameAround(i, skipS, p, skipW int) bool {
	s, w := j.S.Toks[min(i, len(j.S.Toks)-1)].Sent, j.W.Toks[p].Sent
	before := keyAt(j.S, i-1, s) == keyAt(j.W, p-1, w) || pastArticle(j.S, i-1, s) == pastArticle(j.W, p-1, w) || i == 0 && p-1 == j.W.Sents[w].From && reading.Articles[j.W.Lower(p-1)]
	behind := keyAt(j.S, i+skipS, s) == keyAt(j.W, p+skipW, w)
	if !before || !behind {
		return false
	}
	far := pastArticle(j.S, i-2, s) == pastArticle(j.W, p-2, w) && pastArticle(j.S, i-2, s) != 0
	further := keyAt(j.S, i+skipS+1, s) == keyAt(j.W, p+skipW+1, w) && keyAt(j.S, i+skipS+1, s) != 0
	return far || further
}

// checkEdits looks for edits that change what is claimed.
func (j *inspection) checkEdits() {
	budget := maxEdits
	for _, sent := range j.Win.Sents {
		sp := j.W.Sents[sent]
		for i := range j.S.Toks {
			for p := sp.From; p < sp.To; p++ {
				if budget -= j.editAt(i, p, sp.From); budget <= 0 {
					return
				}
			}
		}
	}
}

// maxEdits bounds the places of one window that are looked at, so that texts which repeat themselves take no longer.
const maxEdits = 200

// editAt judges the edit at word i of the sentence and word p of the passages, if there is one. It returns 1 when it looked.
func (j *inspection) editAt(i, p, from int) int {
	differ := j.S.Toks[i].W.Key != j.W.Toks[p].W.Key
	looked := 0
	switch {
	case differ && j.sameAround(i, 1, p, 1):
		looked = 1
		if !j.verbatim(i-near, i+near+1) {
			j.substituted(i, p)
		}
	case differ && j.sameAround(i, 1, p, 0):
		looked = 1
		if !j.verbatim(i-near, i+near+1) {
			j.insertedAt(i)
		}
	}
	if p > from && j.sameAround(i, 0, p, 1) {
		looked = 1
		if !j.verbatim(i-near, i+near+1) {
			j.deletedAt(p)
		}
	}
	return looked
}

// verbatim reports whether the window has a stretch of the sentence word for word.
func (j *inspection) verbatim(from, to int) bool {
	from, to = max(from, 0), min(to, len(j.S.Toks))
	for _, sent := range j.Win.Sents {
		sp := j.W.Sents[sent]
		for p := sp.From; p+to-from <= sp.To; p++ {
			n := 0
			for from+n < to && j.S.Toks[from+n].W.Key == j.W.Toks[p+n].W.Key {
				n++
			}
			if from+n == to {
				return true
			}
		}
	}
	return false
}

// strange reports whether a word is none that the word lists know and has no Danish ending, so that it is likely a name.
func strange(k *reading.Token) bool {
	w := k.W
	return !w.Stop && len(w.Groups) == 0 && len(w.Parts) == 0 && len(w.Sides) == 0 && w.Class == 0 && w.Weight == reading.FullWeight && !reading.DanishEnding(w.Lower)
}

// substituted judges word i that stands for word p.
func (j *inspection) substituted(i, p int) {
	a, b := &j.S.Toks[i], &j.W.Toks[p]
	x, y := a.W, b.W
	if a.Number > 0 && b.Number > 0 {
		if q, r := j.S.Numbers[a.Number-1], j.W.Numbers[b.Number-1]; q.Pos == i && r.Pos == p && (j.Links[i].Pos < 0 || j.Free(i, p)) && (!q.Meets(r) || q.Approx != 0 && q.Approx == r.Approx) {
			j.Fault(alignment.KindOf(&q), i)
		}
		return
	}
	if a.Number > 0 || b.Number > 0 {
		return
	}
	m, n := reading.Modals[x.Lower], reading.Modals[y.Lower]
	_, opposite := opposed(x.Sides, y.Sides)
	la, lb := x.Class.Level(), y.Class.Level()
	switch {
	case m != 0 && n != 0 && m != n && m&accepts(n) == 0:
		j.Fault(alignment.Modality, i)
	case opposite:
		j.Fault(alignment.Direction, i)
	case x.Class&reading.Negation != y.Class&reading.Negation && (x.Class|y.Class)&(reading.WeakNegation|reading.NoNegation|reading.Only) == 0:
		j.Fault(alignment.Negation, i)
	case la > 0 && lb > 0 && (la > lb || la == 1), la >= 4 && lb == 0 && y.Class&reading.Only == 0:
		j.Fault(alignment.Quantifier, i)
	case x.Class&reading.Only != 0 && y.Class&(reading.Only|reading.Negation|reading.Level1) == 0:
		j.Fault(alignment.Quantifier, i)
	default:
		strength, turned := alignment.Meet(a, b)
		switch {
		case turned:
			j.Fault(alignment.Negation, i)
		case strength >= reading.SameSense:
		case j.hyphened(i) && strength < alignment.Met && !j.IsMet(i):
			j.Fault(alignment.Name, i)
		case a.Name && b.Name || b.Name && a.First && a.Weight >= reading.CommonWeight, a.First && b.First && strength == 0 && strange(a):
			j.Fault(alignment.Name, i)
		case x.Class&reading.Actor != 0 && y.Class&reading.Actor != 0:
			j.Fault(alignment.Actor, i)
		case strength < alignment.Met && a.Weight >= reading.FullWeight && b.Weight >= reading.FullWeight && j.IsMet(i) && j.Links[i].Strength >= reading.SameSense && j.Free(i, p) && !j.HasWord(p) &&
			j.W.Toks[j.Links[i].Pos].Clause != b.Clause:
			j.Fault(alignment.Actor, i)
		case strength < alignment.Met && a.Weight >= reading.FullWeight && b.Weight >= reading.FullWeight && !j.IsMet(i):
			j.Feature.Edited++
		}
	}
}

// hyphened reports whether a word is joined to another by a hyphen, as in co-creation.
func (j *inspection) hyphened(i int) bool {
	return i > 0 && j.S.Gaps[i-1] == "-" || i+1 < len(j.S.Toks) && j.S.Gaps[i] == "-"
}

// insertedAt judges a word that stands where the passage has nothing.
func (j *inspection) insertedAt(i int) {
	switch c := j.S.Toks[i].W.Class; {
	case reading.Modals[j.S.Toks[i].W.Lower]&(reading.Must|reading.Should) != 0 && !j.HasWindowWord(i):
		j.Feature.Duty++
	case c&reading.Negation != 0:
		if j.S.Count(reading.Negation) > j.CountInWindow(reading.Negation) || len(j.Win.Sents) > 1 {
			j.Fault(alignment.Negation, i)
		}
	case c.Level() >= 4 && j.levelNear(i, c.Level()), c.Level() == 1 && j.HasWindowWord(i):
	case c.Level() >= 4, c.Level() == 1, c&reading.Only != 0:
		j.Fault(alignment.Quantifier, i)
	}
}

// levelNear reports whether a quantifier of the window is about what the one at i is about, and is no weaker. It must be
// another than those that the sentence has too.
func (j *inspection) levelNear(i, level int) bool {
	for _, s := range j.SentenceMarks(reading.Levels) {
		if s.Pos != i {
			continue
		}
		for _, w := range j.WindowMarks(reading.Levels) {
			if w.Class.Level() >= level && !j.isCovered(w) && !j.HasWord(w.Pos) && j.Touches(s, w, true) {
				return true
			}
		}
	}
	return false
}

// deletedAt judges a word of the passages that the sentence lacks.
func (j *inspection) deletedAt(p int) {
	switch c := j.W.Toks[p].W.Class; {
	case c&(reading.Negation|reading.LostNegation) != 0:
		if j.S.Count(reading.Negation|reading.LostNegation) < j.CountInWindow(reading.Negation|reading.LostNegation) {
			j.Missing(alignment.Negation, p)
		}
	case reading.Modals[j.W.Toks[p].W.Lower] != 0:
		if !j.HasWord(p) {
			j.Missing(alignment.Modality, p)
		}
	}
}
