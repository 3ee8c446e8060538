package verify

// checkQuantifiers compares how many and how often: nothing may be said of more than the passages say it of, and few may not
// become many. A quantifier that the sentence leaves out is a feature, no fault.
func (j *judgement) checkQuantifiers() {
	inW := j.windowMarks(levels | only)
	used := map[*mark]bool{}
	for _, s := range j.sentenceMarks(levels | only) {
		if s.class&only != 0 {
			j.checkOnly(s)
		}
		if l := s.class.level(); l > 0 {
			j.checkLevel(s, l, inW, used)
		}
	}
	for _, w := range inW {
		if l := w.class.level(); !used[w] && l > 0 && l != 6 && j.coveredShare(w) >= 0.6 && !j.isCovered(w) {
			if len(j.sentenceMarks(levels|can|only)) == 0 && j.restricts(w) {
				j.feature.hedge++
			}
		}
	}
}

// restricts reports whether leaving a quantifier out says more than the passage: of few, of most, of often.
func (j *judgement) restricts(w *mark) bool { return w.class.level() != 2 }

// checkOnly wants »kun« to be restricted in the passages too.
func (j *judgement) checkOnly(s *mark) {
	if j.have&(only|negation|level1) == 0 && !j.anyWord(needs) && j.windowMarks(weakNegation) == nil {
		j.fault(Quantifier, s.pos)
	}
}

// needs are the words of a condition: what a thing requires, it has only with it.
var needs = set("kræver krav forudsætning forudsætninger betingelse nødvendig nødvendigt nødvendige lykkes først afhænger uundværlig")

// checkLevel compares a quantifier with those of the window that are about the same.
func (j *judgement) checkLevel(s *mark, level int, inW []*mark, used map[*mark]bool) {
	most, least, any := 0, 7, 0
	same := false
	for _, w := range inW {
		l := w.class.level()
		if l == 0 {
			continue
		}
		any = max(any, l)
		if j.s.lower(s.pos) == j.w.lower(w.pos) {
			same = true
		}
		if j.touches(s, w, true) {
			most, least = max(most, l), min(least, l)
			used[w] = true
		}
	}
	switch {
	case most > 0 && level >= 2 && (level > most || most == 1):
		if same && j.crowded(s, level, inW) {
			return
		}
		j.fault(Quantifier, s.pos)
	case most > 0 && level == 1 && least > 2:
		j.fault(Quantifier, s.pos)
	case most == 0 && same && level != 6:
	case most == 0:
		j.unmatched(s, level, any)
	}
}

// crowded reports whether the window has as many quantifiers of a level as the sentence, only elsewhere.
func (j *judgement) crowded(s *mark, level int, inW []*mark) bool {
	n := 0
	for _, w := range inW {
		if w.class.level() >= level {
			n++
		}
	}
	for _, o := range j.sentenceMarks(levels) {
		if o.class.level() >= level {
			n--
		}
	}
	return n >= 0 && j.metShare(s) < 0.67
}

// generic are the words with which a passage speaks of all or of most without a quantifier.
var generic = set("generelt hele begge overalt enhver ethvert uanset ligestillede ligeværdige ligeværdig ligeværd samme alle hver kræver ikke lige fælles sammen")

// unmatched judges a quantifier for which the window has none at that place.
func (j *judgement) unmatched(s *mark, level, any int) {
	switch {
	case any >= level && level >= 2 || any == 1 && level == 1:
		return
	case level == 6 && j.anyWord(generic), level >= 4 && j.have&(only|level6) != 0:
		return
	case level >= 4 && j.percentAbove(50):
		return
	case level >= 5:
		j.fault(Quantifier, s.pos)
	case level == 4 || level == 1 && !j.denied(s):
		j.fault(Quantifier, s.pos)
	case level == 3 && j.have&(level1|level2) != 0:
		j.feature.hedge++
	case level == 3:
		j.feature.hedge += 0.5
	}
}

// denied reports whether a negation of the window, of any strength, is about what a quantifier is about.
func (j *judgement) denied(s *mark) bool {
	if j.metShare(s) < 0.5 {
		return j.have&(negation|weakNegation|only) != 0
	}
	for _, w := range j.windowMarks(negation | weakNegation | only) {
		if j.touches(s, w, true) {
			return true
		}
	}
	return false
}

// anyWord reports whether the window has one of the words.
func (j *judgement) anyWord(words map[string]bool) bool {
	for _, sent := range j.win.sents {
		for p := j.w.sents[sent].from; p < j.w.sents[sent].to; p++ {
			if words[j.w.toks[p].w.lower] {
				return true
			}
		}
	}
	return false
}

// percentAbove reports whether the window has a percentage above a limit.
func (j *judgement) percentAbove(limit float64) bool {
	for _, sent := range j.win.sents {
		for _, q := range j.w.numbersIn(sent) {
			if q.unit == percent && q.low >= limit {
				return true
			}
		}
	}
	return false
}
