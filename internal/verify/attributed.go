package verify

// checkAttributed compares whose number it is, where one sentence of the window gives the numbers of several: each number
// belongs to the »ifølge« behind it.
func (j *judgement) checkAttributed() {
	if len(j.s.numbers) == 0 {
		return
	}
	for _, sent := range j.win.sents {
		sources := j.w.sources(sent)
		if len(sources) < 2 {
			continue
		}
		said := -1
		for _, n := range sources {
			if j.hasWord(n) {
				if said >= 0 {
					said = -2
					break
				}
				said = n
			}
		}
		for i := range j.s.numbers {
			q := &j.s.numbers[i]
			p := j.links[q.pos].pos
			if said < 0 || p < 0 || j.w.toks[p].sent != sent {
				continue
			}
			if own := ownSource(sources, p); own >= 0 && j.w.toks[own].w.key != j.w.toks[said].w.key {
				j.fault(Actor, q.pos)
			}
		}
	}
}

// sources are the names behind »ifølge« in a sentence.
func (t *text) sources(sent int) []int {
	var out []int
	for p := t.sents[sent].from; p+1 < t.sents[sent].to && len(out) < 8; p++ {
		if t.toks[p].w.lower == "ifølge" && t.toks[p+1].name {
			out = append(out, p+1)
		}
	}
	return out
}

// ownSource is the first source behind a number, -1 for none.
func ownSource(sources []int, p int) int {
	for _, n := range sources {
		if n > p {
			return n
		}
	}
	return -1
}
