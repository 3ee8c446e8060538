package verify

// free reports whether no other word of the sentence meets a word of the passages.
func (j *judgement) free(i, p int) bool {
	n, taken := j.covered[p]
	return !taken || n == i
}

// hasWord reports whether the sentence has a word of the passages in the same form.
func (j *judgement) hasWord(p int) bool {
	for i := range j.s.toks {
		if j.s.toks[i].w.key == j.w.toks[p].w.key {
			return true
		}
	}
	return false
}

// alone is the weight of the words but one that the first sentence meets and the second does not.
func (j *judgement) alone(own, other, but int) float64 {
	var out float64
	for n, k := range j.s.toks {
		if n != but && j.m.best[own][n].strength >= sameSense && j.m.best[other][n].strength < met {
			out += k.weight
		}
	}
	return out
}

// kindOf is the kind of fault that a wrong number is.
func (q quantity) kindOf() Kind {
	switch q.unit {
	case year, decade:
		return Year
	case percent, points:
		return Percent
	case section, clauseN:
		return Paragraph
	}
	return Number
}
