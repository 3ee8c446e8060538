package verify

func (j *judgement) checkParticulars() {
	j.checkNumbers()
	j.checkNames()
	j.checkAgents()
	j.checkPeriods()
	j.checkAttributed()
}
