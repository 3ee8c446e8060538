package verify

import (
	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/claim"
	"kildesvar/internal/verify/particulars"
	"kildesvar/internal/verify/relation"
)

// judgement is one sentence held against one window, with what is found.
type judgement struct{ *alignment.Judgement }

// judge holds the sentence against a window.
func judge(m *alignment.Matcher, win alignment.Window) *judgement {
	j := &judgement{m.Align(win)}
	particulars.Check(j.Judgement)
	claim.Check(j.Judgement)
	j.checkContent()
	relation.Check(j.Judgement)
	return j
}
