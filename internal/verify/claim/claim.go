// Package claim compares what a sentence claims with what its window claims: negation, modality, quantifiers, comparison and
// direction, cause, who does what to whom, and words put for others in what is otherwise copied.
//
// It leaves numbers, names and who says a thing to particulars, the alignment of words to alignment, and the weighing to verify.
// Invariants: it only adds faults and features; a claim that the window makes word for word is no fault.
package claim

import "kildesvar/internal/verify/alignment"

// inspection is a judgement whose claims are looked at.
type inspection struct{ *alignment.Judgement }

// Check adds the faults and features of the claims to a judgement.
func Check(judgement *alignment.Judgement) {
	j := &inspection{judgement}
	j.checkNegation()
	j.checkModality()
	j.checkQuantifiers()
	j.checkCause()
	j.checkOrder()
	j.checkSwapped()
	j.checkEdits()
	j.checkSlots()
	j.checkCompared()
	j.checkAsserted()
}
