package verify

// judge holds the sentence against a window.
func (m *matcher) judge(win window) *judgement {
	j := &judgement{m: m, s: m.s, w: m.w, win: win, covered: map[int]int{}}
	j.align()
	for _, sent := range win.sents {
		for _, k := range j.w.marksIn(sent) {
			j.have |= k.class
		}
	}
	j.checkParticulars()
	j.checkClaims()
	j.checkContent()
	return j
}
