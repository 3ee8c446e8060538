package verify

import "strings"

// checkOrder finds words that have changed places: who does what to whom, what is set against what.
func (j *judgement) checkOrder() {
	var met []int
	for i := range j.s.toks {
		if j.isMet(i) && j.s.toks[i].weight >= commonWeight && j.links[i].strength >= compoundOne {
			met = append(met, i)
		}
	}
	for x, a := range met {
		for _, b := range met[x+1 : min(len(met), x+8)] {
			pa, pb := j.links[a].pos, j.links[b].pos
			if j.w.toks[pa].sent != j.w.toks[pb].sent || pa == pb {
				continue
			}
			if pa > pb && j.exchanged(a, b) {
				j.fault(Actor, a)
			}
		}
	}
}

// exchanged reports whether two words that stand in the window the other way round have changed roles. They have when they
// stand on different sides of the same pivot (a verb that both sides have, »end«, »frem for«) and neither side has the
// prepositions of a passive; or when each has the other's preposition.
func (j *judgement) exchanged(a, b int) bool {
	pa, pb := j.links[a].pos, j.links[b].pos
	if j.links[a].strength < compoundBoth || j.links[b].strength < compoundBoth || j.w.toks[pa].w.key == j.w.toks[pb].w.key || b-a > 30 || pa-pb > 30 {
		return false
	}
	sa, sb, wa, wb := j.s.before(a), j.s.before(b), j.w.before(pa), j.w.before(pb)
	if j.contrasted(a, b) || j.anchored(a, b) {
		return true
	}
	if b-a > 14 || pa-pb > 16 || sa != "" && sa == wa || sb != "" && sb == wb {
		return false // too far, or each with its own preposition still
	}
	if sa != sb && sa == wb && sb == wa && (sa == "fra" || sb == "fra" || sa == "til" || sb == "til") {
		return true
	}
	if !j.alikeRoles(a, b) {
		return false
	}
	if passiveBefore[sa] != passiveBefore[wa] || passiveBefore[sb] != passiveBefore[wb] {
		return false
	}
	return j.pivot(a, b, pb, pa)
}

// anchored reports whether two words stand each in the other's place: the word before the first meets the word before the
// second in the window, and a word between them meets one between.
func (j *judgement) anchored(a, b int) bool {
	pa, pb := j.links[a].pos, j.links[b].pos
	if verbBehind[j.s.lower(a-1)] != verbBehind[j.s.lower(b-1)] || verbBehind[j.w.lower(pa-1)] != verbBehind[j.w.lower(pb-1)] {
		return false
	}
	left := -1
	for n := a - 1; n >= 0 && left < 0; n-- {
		if j.s.toks[n].weight > 0 {
			left = n
		}
	}
	if left < 0 || !j.isMet(left) || j.links[left].strength < sameSense {
		return false
	}
	pl := j.links[left].pos
	if pl >= pb || pb-pl > 6 || j.s.bareList(a, b) {
		return false
	}
	between := 0
	for p := pl + 1; p < pb; p++ {
		if j.w.toks[p].weight >= commonWeight {
			between++
		}
	}
	if between > 1 {
		return false
	}
	for i := a + 1; i < b; i++ {
		if l := j.links[i]; l.pos > pb && l.pos < pa && l.strength == sameWord && j.s.toks[i].weight > 0 {
			return true
		}
	}
	return false
}

// listless are words that tell the members of a list apart.
var listless = set("nederst øverst først sidst midten midt derefter siden henholdsvis")

// verbBehind stand before verbs.
var verbBehind = set("der som at man vi kan kunne skal skulle vil må bør ikke")

// bareList reports whether two words are members of one list, with nothing but members between.
func (t *text) bareList(a, b int) bool {
	for i := a + 1; i < b; i++ {
		k := t.toks[i]
		if k.weight == 0 && !listWords[k.w.lower] && k.w.lower != "til" && k.w.lower != "af" {
			return false
		}
		if k.class(superlative) || listless[k.w.lower] {
			return false
		}
		if strings.ContainsAny(t.gaps[i], ".;:") {
			return false
		}
	}
	return true
}

// passiveBefore are the prepositions before the one who does something in a passive sentence.
var passiveBefore = set("af fra hos ifølge for til efter med om på")

// before is the preposition that governs a word: the nearest, not beyond another word of content.
func (t *text) before(i int) string {
	for p := i - 1; p >= 0 && p >= i-4 && t.toks[p].sent == t.toks[i].sent; p-- {
		if l := t.toks[p].w.lower; prepositions[l] {
			if t.lower(p+1) == "at" {
				return "" // til at deltage
			}
			return l
		}
		if t.toks[p].weight >= fullWeight && !t.toks[p].name && p < i-1 {
			break
		}
	}
	return ""
}

// alikeRoles reports whether two words can stand for each other: two actors, two names, or two words of one length of weight
// around a contrast.
func (j *judgement) alikeRoles(a, b int) bool {
	x, y := j.s.toks[a], j.s.toks[b]
	if x.w.class&actor != 0 && y.w.class&actor != 0 || x.name && y.name {
		return true
	}
	return x.weight >= commonWeight && y.weight >= commonWeight && !x.name && !y.name && j.contrasted(a, b)
}

// contrasted reports whether a contrast stands between two words in the sentence and in the window.
func (j *judgement) contrasted(a, b int) bool {
	return j.s.marked(a, b, contrast) && j.w.marked(j.links[b].pos, j.links[a].pos, contrast)
}

func (t *text) marked(from, to int, c class) bool {
	for i := from + 1; i < to; i++ {
		if t.toks[i].w.class&c != 0 {
			return true
		}
		if t.toks[i].w.lower == "for" && t.lower(i-1) == "frem" || t.toks[i].w.lower == "for" && t.lower(i-1) == "stedet" {
			return true
		}
	}
	return false
}

// pivot reports whether something that turns on its sides stands between the words, the same in the sentence (from a to b) and
// in the window (from pb to pa): a contrast, or a word of content that is no coordination.
func (j *judgement) pivot(a, b, pb, pa int) bool {
	if j.contrasted(a, b) {
		return true
	}
	for i := a + 1; i < b; i++ {
		k := j.s.toks[i]
		if k.w.class&symmetric != 0 {
			return false
		}
		if l := j.links[i]; l.pos > pb && l.pos < pa && l.strength >= likeWord && k.weight > 0 && !k.name && k.w.class&actor == 0 {
			return !j.s.coordinated(a, b)
		}
	}
	return false
}

// coordinated reports whether only »og« or »eller« and light words part two words.
func (t *text) coordinated(a, b int) bool {
	for i := a + 1; i < b; i++ {
		if l := t.toks[i].w.lower; l == "og" || l == "eller" || l == "samt" {
			return b-a <= 4
		}
	}
	return false
}
