package particulars

import (
	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/reading"
)

// agentPrepositions join a word with the one who does it, has it or says it.
var agentPrepositions = reading.Set("af hos fra ifølge")

// checkAgents compares who stands behind a preposition: »udviklet af X«, »beslutningen hos X«. Where the passage has the same
// word and the same preposition, it must be the same one.
func (j *inspection) checkAgents() {
	for i := 1; i+1 < len(j.S.Toks); i++ {
		prep := j.S.Lower(i)
		if !agentPrepositions[prep] {
			continue
		}
		head, agent := contentBefore(j.S, i), j.S.Next(i)
		if head < 0 || agent < 0 || agent > i+3 || !j.IsMet(head) || j.Links[head].Strength < reading.SameWord || j.S.Toks[agent].Number > 0 {
			continue
		}
		if rival := agentOf(j.W, j.Links[head].Pos, prep); rival >= 0 && j.rivals(agent, rival, prep) {
			j.Fault(alignment.Actor, agent)
		}
	}
}

// contentBefore is the word of content before a token, not more than three tokens away, -1 for none.
func contentBefore(t *reading.Text, i int) int {
	for n := i - 1; n >= 0 && n >= i-3; n-- {
		if t.Toks[n].Weight >= reading.CommonWeight && t.Toks[n].Number == 0 {
			return n
		}
	}
	return -1
}

// agentOf is the word behind a preposition that follows a word with nothing of weight between, -1 for none.
func agentOf(t *reading.Text, head int, prep string) int {
	for p := head + 1; p < len(t.Toks) && p <= head+3 && t.Toks[p].Sent == t.Toks[head].Sent; p++ {
		if t.Toks[p].W.Lower == prep {
			if n := t.Next(p); n >= 0 && n <= p+3 {
				return n
			}
			return -1
		}
		if t.Toks[p].Weight >= reading.CommonWeight {
			return -1
		}
	}
	return -1
}

// rivals reports whether two agents are not the same. Both are persons or names, or behind »af« the passage's is a name.
func (j *inspection) rivals(agent, rival int, prep string) bool {
	a, r := &j.S.Toks[agent], &j.W.Toks[rival]
	if s, _ := alignment.Meet(a, r); s >= alignment.Met || !j.Free(agent, rival) || j.HasWord(rival) {
		return false
	}
	person := func(k *reading.Token) bool { return k.Name || k.Class(reading.Actor) }
	if l := j.Links[agent]; l.Pos >= 0 && alignment.Abs(l.Pos-rival) <= 4 {
		return false
	}
	return person(a) && person(r) || prep == "af" && r.Name
}
