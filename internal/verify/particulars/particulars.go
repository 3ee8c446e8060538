// Package particulars compares what a sentence tells in particular with its window: numbers with their units and what they
// count, periods, names, and who stands behind a word or a number.
//
// It leaves what is claimed of them to claim, the alignment of words to alignment, and the weighing to verify. Invariants: it
// adds faults and features, and links a number that it has found in other words to the window; run it before claim.
package particulars

import "kildesvar/internal/verify/alignment"

// inspection is a judgement whose particulars are looked at.
type inspection struct{ *alignment.Judgement }

// Check adds the faults and features of the particulars to a judgement.
func Check(judgement *alignment.Judgement) {
	j := &inspection{judgement}
	j.checkNumbers()
	j.checkNames()
	j.checkPeriods()
	j.checkSaid()
}
