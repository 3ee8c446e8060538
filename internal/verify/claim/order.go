package claim

import (
	"strings"

	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/reading"
)

// checkOrder finds words that have changed places: who does what to whom, what is set against what.
func (j *inspection) checkOrder() {
	var met []int
	for i := range j.S.Toks {
		if j.IsMet(i) && j.S.Toks[i].Weight >= reading.CommonWeight && j.Links[i].Strength >= alignment.CompoundOne {
			met = append(met, i)
		}
	}
	for x, a := range met {
		for _, b := range met[x+1 : min(len(met), x+8)] {
			pa, pb := j.Links[a].Pos, j.Links[b].Pos
			if j.W.Toks[pa].Sent != j.W.Toks[pb].Sent || pa == pb {
				continue
			}
			if pa > pb && j.exchanged(a, b) {
				j.Fault(alignment.Actor, a)
			}
		}
	}
}

// exchanged reports whether two words that stand in the window the other way round have changed roles. They have when they
// stand on different sides of the same pivot (a verb that both sides have, »end«, »frem for«) and neither side has the
// prepositions of a passive; or when each has the other's preposition.
func (j *inspection) exchanged(a, b int) bool {
	pa, pb := j.Links[a].Pos, j.Links[b].Pos
	if j.Links[a].Strength < alignment.CompoundBoth || j.Links[b].Strength < alignment.CompoundBoth || j.W.Toks[pa].W.Key == j.W.Toks[pb].W.Key || b-a > 30 || pa-pb > 30 {
		return false
	}
	sa, sb, wa, wb := before(j.S, a), before(j.S, b), before(j.W, pa), before(j.W, pb)
	if j.contrasted(a, b) {
		return true
	}
	if left, between := j.anchored(a, b); left >= 0 {
		if _, opposite := opposed(j.S.Toks[left].W.Sides, j.S.Toks[between].W.Sides); opposite && j.S.Toks[left].W.Verb || j.alikeRoles(a, b) {
			return true
		}
		j.Doubted(alignment.Actor, a)
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
// second in the window, and a word between them meets one between. It returns that word before and that between, or -1.
func (j *inspection) anchored(a, b int) (left, between int) {
	pa, pb := j.Links[a].Pos, j.Links[b].Pos
	if VerbBehind[j.S.Lower(a-1)] != VerbBehind[j.S.Lower(b-1)] || VerbBehind[j.W.Lower(pa-1)] != VerbBehind[j.W.Lower(pb-1)] {
		return -1, -1
	}
	left = -1
	for n := a - 1; n >= 0 && left < 0; n-- {
		if j.S.Toks[n].Weight > 0 {
			left = n
		}
	}
	if left < 0 || !j.IsMet(left) || j.Links[left].Strength < reading.SameSense {
		return -1, -1
	}
	pl := j.Links[left].Pos
	if pl >= pb || pb-pl > 6 || bareList(j.S, a, b) {
		return -1, -1
	}
	crowd := 0
	for p := pl + 1; p < pb; p++ {
		if j.W.Toks[p].Weight >= reading.CommonWeight {
			crowd++
		}
	}
	if crowd > 1 {
		return -1, -1
	}
	for i := a + 1; i < b; i++ {
		if l := j.Links[i]; l.Pos > pb && l.Pos < pa && l.Strength == reading.SameWord && j.S.Toks[i].Weight > 0 {
			return left, i
		}
	}
	return -1, -1
}

// listless are words that tell the members of a list apart.
var listless = reading.Set("nederst øverst først sidst midten midt derefter siden henholdsvis")

// VerbBehind stand before verbs.
var VerbBehind = reading.Set("der som at man vi kan kunne skal skulle vil må bør ikke")

// bareList reports whether two words are members of one list, with nothing but members between.
func bareList(t *reading.Text, a, b int) bool {
	for i := a + 1; i < b; i++ {
		k := t.Toks[i]
		if k.Weight == 0 && !listWords[k.W.Lower] && k.W.Lower != "til" && k.W.Lower != "af" {
			return false
		}
		if k.Class(reading.Superlative) || listless[k.W.Lower] {
			return false
		}
		if strings.ContainsAny(t.Gaps[i], ".;:") {
			return false
		}
	}
	return true
}

// passiveBefore are the prepositions before the one who does something in a passive sentence.
var passiveBefore = reading.Set("af fra hos ifølge for til efter med om på")

// before is the preposition that governs a word: the nearest, not beyond another word of content.
func before(t *reading.Text, i int) string {
	for p := i - 1; p >= 0 && p >= i-4 && t.Toks[p].Sent == t.Toks[i].Sent; p-- {
		if l := t.Toks[p].W.Lower; reading.Prepositions[l] {
			if t.Lower(p+1) == "at" {
				return "" // til at deltage
			}
			return l
		}
		if t.Toks[p].Weight >= reading.FullWeight && !t.Toks[p].Name && p < i-1 {
			break
		}
	}
	return ""
}

// alikeRoles reports whether two words can stand for each other: two actors, two names, or two words of one length of weight
// around a contrast.
func (j *inspection) alikeRoles(a, b int) bool {
	x, y := j.S.Toks[a], j.S.Toks[b]
	if x.W.Class&reading.Actor != 0 && y.W.Class&reading.Actor != 0 || x.Name && y.Name {
		return true
	}
	return x.Weight >= reading.CommonWeight && y.Weight >= reading.CommonWeight && !x.Name && !y.Name && j.contrasted(a, b)
}

// contrasted reports whether a contrast stands between two words in the sentence and in the window.
func (j *inspection) contrasted(a, b int) bool {
	pa, pb := j.Links[a].Pos, j.Links[b].Pos
	if !marked(j.S, a, b, reading.Contrast) || !marked(j.W, pb, pa, reading.Contrast) {
		return false
	}
	x, y := degree(j.S, a, b), degree(j.W, pb, pa)
	return x == 0 || y == 0 || x == y // »A er bedre end B« is »B er dårligere end A«
}

// degree is 1 when a comparative of more stands between two words, -1 for one of less, 0 for none.
func degree(t *reading.Text, from, to int) int {
	for i := from; i <= to; i++ {
		switch l := t.Lower(i); {
		case more[l]:
			return 1
		case less[l]:
			return -1
		}
	}
	return 0
}

func marked(t *reading.Text, from, to int, c reading.Class) bool {
	for i := from + 1; i < to; i++ {
		if t.Toks[i].W.Class&c != 0 {
			return true
		}
		if t.Toks[i].W.Lower == "for" && t.Lower(i-1) == "frem" || t.Toks[i].W.Lower == "for" && t.Lower(i-1) == "stedet" {
			return true
		}
	}
	return false
}

// pivot reports whether something that turns on its sides stands between the words, the same in the sentence (from a to b) and
// in the window (from pb to pa): a contrast, or a word of content that is no coordination.
func (j *inspection) pivot(a, b, pb, pa int) bool {
	if j.contrasted(a, b) {
		return true
	}
	for i := a + 1; i < b; i++ {
		k := j.S.Toks[i]
		if k.W.Class&reading.Symmetric != 0 {
			return false
		}
		if l := j.Links[i]; l.Pos > pb && l.Pos < pa && l.Strength >= alignment.LikeWord && k.Weight > 0 && !k.Name && k.W.Class&(reading.Actor|reading.Say) == 0 {
			return !coordinated(j.S, a, b)
		}
	}
	return false
}

// coordinated reports whether only »og« or »eller« and light words part two words.
func coordinated(t *reading.Text, a, b int) bool {
	for i := a + 1; i < b; i++ {
		if l := t.Toks[i].W.Lower; l == "og" || l == "eller" || l == "samt" {
			return b-a <= 4
		}
	}
	return false
}
