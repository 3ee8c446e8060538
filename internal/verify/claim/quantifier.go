package claim

import (
	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/reading"
)

// checkQuantifiers compares how many and how often: nothing may be said of more than the passages say it of, and few may not
// become many. A quantifier that the sentence leaves out is a feature, no fault.
func (j *inspection) checkQuantifiers() {
	inW := j.WindowMarks(reading.Levels | reading.Only)
	used := map[*reading.Mark]bool{}
	for _, s := range j.SentenceMarks(reading.Levels | reading.Only) {
		if s.Class&reading.Only != 0 {
			j.checkOnly(s)
		}
		if l := s.Class.Level(); l > 0 {
			j.checkLevel(s, l, inW, used)
		}
	}
	for _, w := range inW {
		if l := w.Class.Level(); !used[w] && l > 0 && l != 6 && j.CoveredShare(w) >= 0.6 && !j.isCovered(w) {
			if len(j.SentenceMarks(reading.Levels|reading.Can|reading.Only)) == 0 && j.restricts(w) {
				j.Feature.Hedge++
			}
		}
	}
}

// restricts reports whether leaving a quantifier out says more than the passage: of few, of most, of often.
func (j *inspection) restricts(w *reading.Mark) bool { return w.Class.Level() != 2 }

// checkOnly wants »kun« to be restricted in the passages too, about the same.
func (j *inspection) checkOnly(s *reading.Mark) {
	if j.AnyWord(needs) || j.AnyWord(narrow) {
		return
	}
	for _, w := range j.WindowMarks(reading.Only | reading.Negation | reading.Level1 | reading.LostNegation) {
		if w.Class&reading.Only != 0 || j.Touches(s, w, true) || j.MetShare(s) < 0.5 {
			return
		}
	}
	next, word := s.Pos+s.N, j.S.Lower(s.Pos)
	if word == "blot" || word == "bare" || j.S.Lower(s.Pos-1) == "eller" || begins(j.S, s.Pos, conditional) || next < len(j.S.Toks) && (j.S.Toks[next].Number > 0 || single[j.S.Lower(next)]) {
		j.Doubted(alignment.Quantifier, s.Pos) // of a number it may be an opinion, of a case a way to speak
		return
	}
	j.Fault(alignment.Quantifier, s.Pos)
}

var (
	narrow = reading.Set("begrænset begrænsede begrænser ringe nøjes")
	single = reading.Set("én ét")
)

// needs are the words of a condition: what a thing requires, it has only with it.
var needs = reading.Set("kræver krav forudsætning forudsætninger betingelse nødvendig nødvendigt nødvendige lykkes først afhænger uundværlig")

// checkLevel compares a quantifier with those of the window that are about the same.
func (j *inspection) checkLevel(s *reading.Mark, level int, inW []*reading.Mark, used map[*reading.Mark]bool) {
	most, least, any := 0, 7, 0
	same := false
	head := j.sameHead(s, inW)
	for _, w := range inW {
		l := w.Class.Level()
		if l == 0 {
			continue
		}
		any = max(any, l)
		if j.S.Lower(s.Pos) == j.W.Lower(w.Pos) {
			same = true
		}
		if (head == nil || head == w) && j.Touches(s, w, true) {
			most, least = max(most, l), min(least, l)
			used[w] = true
		}
	}
	switch {
	case most > 0 && level >= 2 && (level > most || most == 1):
		if same && j.crowded(s, level, inW) {
			return
		}
		j.Fault(alignment.Quantifier, s.Pos)
	case most > 0 && level == 1 && least > 2:
		j.Fault(alignment.Quantifier, s.Pos)
	case most == 0 && same && level != 6:
	case most == 0:
		j.unmatched(s, level, any)
	}
}

// sameHead is the quantifier of the window right before the word that the sentence has right behind its own, nil for none or several.
func (j *inspection) sameHead(s *reading.Mark, inW []*reading.Mark) (out *reading.Mark) {
	if len(s.Scope) == 0 || s.Scope[0] < s.Pos || !j.IsMet(s.Scope[0]) || j.Links[s.Scope[0]].Strength < reading.SameSense {
		return nil
	}
	for _, w := range inW {
		if w.Class.Level() > 0 && len(w.Scope) > 0 && w.Scope[0] == j.Links[s.Scope[0]].Pos {
			if out != nil {
				return nil
			}
			out = w
		}
	}
	return out
}

// crowded reports whether the window has as many quantifiers of a level as the sentence, only elsewhere.
func (j *inspection) crowded(s *reading.Mark, level int, inW []*reading.Mark) bool {
	n := 0
	for _, w := range inW {
		if w.Class.Level() >= level {
			n++
		}
	}
	for _, o := range j.SentenceMarks(reading.Levels) {
		if o.Class.Level() >= level {
			n--
		}
	}
	return n >= 0 && j.MetShare(s) < 0.67
}

// generic are the words with which a passage speaks of all or of most without a quantifier.
var generic = reading.Set("generelt hele begge overalt enhver ethvert uanset ligestillede alle hver samtlige")

// always are the words for which »altid« may stand.
var always = reading.Set("altid hver uanset generelt overalt enhver ethvert konstant løbende aldrig")

// unmatched judges a quantifier for which the window has none at that place.
func (j *inspection) unmatched(s *reading.Mark, level, any int) {
	switch {
	case any >= level && level >= 2 || any == 1 && level == 1:
		return
	case j.S.Lower(s.Pos) == "altid":
		if !j.AnyWord(always) {
			j.Fault(alignment.Quantifier, s.Pos)
		}
	case level == 6 && j.AnyWord(generic), level >= 4 && j.Have&(reading.Only|reading.Level6) != 0:
		return
	case level >= 4 && j.percentAbove(50):
		return
	case each[j.S.Lower(s.Pos)]:
		j.Doubted(alignment.Quantifier, s.Pos) // of each of what the passage speaks of in the plural
	case level >= 5:
		j.Fault(alignment.Quantifier, s.Pos)
	case level == 4 || level == 1 && !j.denied(s):
		j.Fault(alignment.Quantifier, s.Pos)
	case level == 3 && j.Have&(reading.Level1|reading.Level2) != 0:
		j.Feature.Hedge++
	case level == 3:
		j.Feature.Hedge += 0.5
	}
}

// each are the quantifiers that part what is said among many.
var each = reading.Set("hver hvert")

// denied reports whether a negation of the window, of any strength, is about what a quantifier is about.
func (j *inspection) denied(s *reading.Mark) bool {
	if j.MetShare(s) < 0.5 {
		return j.Have&(reading.Negation|reading.WeakNegation|reading.Only) != 0
	}
	for _, w := range j.WindowMarks(reading.Negation | reading.WeakNegation | reading.Only) {
		if j.Touches(s, w, true) {
			return true
		}
	}
	return false
}

// percentAbove reports whether the window has a percentage above a limit.
func (j *inspection) percentAbove(limit float64) bool {
	for _, sent := range j.Win.Sents {
		for _, q := range j.W.NumbersIn(sent) {
			if q.Unit == reading.Percent && q.Low >= limit {
				return true
			}
		}
	}
	return false
}
