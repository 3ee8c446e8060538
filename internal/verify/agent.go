package verify

// agentPrepositions join a word with the one who does it, has it or says it.
var agentPrepositions = set("af hos fra ifølge")

// checkAgents compares who stands behind a preposition: »udviklet af X«, »beslutningen hos X«. Where the passage has the same
// word and the same preposition, it must be the same one.
func (j *judgement) checkAgents() {
	for i := 1; i+1 < len(j.s.toks); i++ {
		prep := j.s.lower(i)
		if !agentPrepositions[prep] {
			continue
		}
		head, agent := j.s.contentBefore(i), j.s.next(i)
		if head < 0 || agent < 0 || agent > i+3 || !j.isMet(head) || j.links[head].strength < sameWord || j.s.toks[agent].number > 0 {
			continue
		}
		if rival := j.w.agentOf(j.links[head].pos, prep); rival >= 0 && j.rivals(agent, rival, prep) {
			j.fault(Actor, agent)
		}
	}
}

// contentBefore is the word of content before a token, not more than three tokens away, -1 for none.
func (t *text) contentBefore(i int) int {
	for n := i - 1; n >= 0 && n >= i-3; n-- {
		if t.toks[n].weight >= commonWeight && t.toks[n].number == 0 {
			return n
		}
	}
	return -1
}

// agentOf is the word behind a preposition that follows a word with nothing of weight between, -1 for none.
func (t *text) agentOf(head int, prep string) int {
	for p := head + 1; p < len(t.toks) && p <= head+3 && t.toks[p].sent == t.toks[head].sent; p++ {
		if t.toks[p].w.lower == prep {
			if n := t.next(p); n >= 0 && n <= p+3 {
				return n
			}
			return -1
		}
		if t.toks[p].weight >= commonWeight {
			return -1
		}
	}
	return -1
}

// rivals reports whether two agents are not the same. Both are persons or names, or behind »af« the passage's is a name.
func (j *judgement) rivals(agent, rival int, prep string) bool {
	a, r := &j.s.toks[agent], &j.w.toks[rival]
	if s, _ := meet(a, r); s >= met || !j.free(agent, rival) || j.hasWord(rival) {
		return false
	}
	person := func(k *token) bool { return k.name || k.class(actor) }
	if l := j.links[agent]; l.pos >= 0 && abs(l.pos-rival) <= 4 {
		return false
	}
	return person(a) && person(r) || prep == "af" && r.name
}
