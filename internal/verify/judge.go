package verify

import (
	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/claim"
	"kildesvar/internal/verify/particulars"
)

// judgement is one sentence held against one window, with what is found.
type judgement struct{ *alignment.Judgement }

// judge holds the sentence against a window.
func judge(m *alignment.Matcher, win alignment.Window) *judgement {
	j := &judgement{m.Align(win)}
	particulars.Check(j.Judgement)
	claim.Check(j.Judgement)
	j.checkContent()
	return j
}
