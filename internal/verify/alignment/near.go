package alignment

import "kildesvar/internal/verify/reading"

// Free reports whether no other word of the sentence meets a word of the passages.
func (j *Judgement) Free(i, p int) bool {
	n, taken := j.Covered[p]
	return !taken || n == i
}

// HasWord reports whether the sentence has a word of the passages in the same form.
func (j *Judgement) HasWord(p int) bool {
	for i := range j.S.Toks {
		if j.S.Toks[i].W.Key == j.W.Toks[p].W.Key {
			return true
		}
	}
	return false
}

// Alone is the weight of the words but one that the first sentence meets and the second does not.
func (j *Judgement) Alone(own, other, but int) float64 {
	var out float64
	for n, k := range j.S.Toks {
		if n != but && j.M.Best[own][n].Strength >= reading.SameSense && j.M.Best[other][n].Strength < Met {
			out += k.Weight
		}
	}
	return out
}

// KindOf is the kind of fault that a wrong number is.
func KindOf(q *reading.Quantity) Kind {
	switch q.Unit {
	case reading.Year, reading.Decade:
		return Year
	case reading.Percent, reading.Points:
		return Percent
	case reading.Section, reading.ClauseN:
		return Paragraph
	}
	return Number
}

// SharesPassage reports whether the window has a sentence of the passage.
func (j *Judgement) SharesPassage(p int) bool {
	for _, sent := range j.Win.Sents {
		if j.W.Passage[sent] == p {
			return true
		}
	}
	return false
}

// AnyWord reports whether the window has one of the words.
func (j *Judgement) AnyWord(words map[string]bool) bool {
	for _, sent := range j.Win.Sents {
		for p := j.W.Sents[sent].From; p < j.W.Sents[sent].To; p++ {
			if words[j.W.Toks[p].W.Lower] {
				return true
			}
		}
	}
	return false
}

// HasWindowWord reports whether the window has a word of the sentence.
func (j *Judgement) HasWindowWord(i int) bool {
	for _, sent := range j.Win.Sents {
		for p := j.W.Sents[sent].From; p < j.W.Sents[sent].To; p++ {
			if j.W.Toks[p].W.Key == j.S.Toks[i].W.Key {
				return true
			}
		}
	}
	return false
}

// CountInWindow is how many words of the window have a class.
func (j *Judgement) CountInWindow(c reading.Class) int {
	n := 0
	for _, sent := range j.Win.Sents {
		for p := j.W.Sents[sent].From; p < j.W.Sents[sent].To; p++ {
			if j.W.Toks[p].W.Class&c != 0 {
				n++
			}
		}
	}
	return n
}
