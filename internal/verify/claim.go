package verify

func (j *judgement) checkClaims() {
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
	j.checkMoved()
}
