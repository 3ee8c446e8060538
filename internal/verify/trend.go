package verify

// trends are the words of rise (1) and of fall (-1).
var trends = map[string]int{"stiger": 1, "steg": 1, "steget": 1, "stigende": 1, "stigning": 1, "stigningen": 1, "vokser": 1, "voksede": 1, "vokset": 1, "voksende": 1, "vækst": 1,
	"øges": 1, "øget": 1, "fremgang": 1, "falder": -1, "faldt": -1, "faldet": -1, "faldende": -1, "fald": -1, "nedgang": -1, "dalede": -1, "mindsket": -1, "tilbagegang": -1}

// checkTrends wants a rise or a fall to stand in the window: as a word, or as two numbers of one unit in the order of their
// years.
func (j *judgement) checkTrends() {
	for i := range j.s.toks {
		sign := trends[j.s.lower(i)]
		if sign == 0 || j.isMet(i) && j.links[i].strength >= sameSense {
			continue
		}
		if told := j.told(); told != 0 && told != sign || told == 0 && !j.trendWord(sign) {
			j.fault(Direction, i)
		}
	}
}

// trendWord reports whether the window has a word of the same trend.
func (j *judgement) trendWord(sign int) bool {
	for _, sent := range j.win.sents {
		for p := j.w.sents[sent].from; p < j.w.sents[sent].to; p++ {
			w := j.w.toks[p].w
			if trends[w.lower] == sign || w.class&comparative != 0 {
				return true
			}
		}
	}
	return false
}

// told is the sign of the change between the first two numbers of one unit in a sentence of the window, 0 when there are
// none. Two years, one after each number, give the direction of time.
func (j *judgement) told() int {
	for _, sent := range j.win.sents {
		var values, years []float64
		var unit measure
		for _, q := range j.w.numbersIn(sent) {
			switch {
			case q.unit == year:
				years = append(years, q.low)
			case len(values) == 0 || q.unit == unit:
				values, unit = append(values, q.low), q.unit
			}
		}
		if len(values) < 2 || len(years) != 2 || values[0] == values[1] {
			continue
		}
		if (values[1] > values[0]) == (years[1] > years[0]) {
			return 1
		}
		return -1
	}
	return 0
}

// checkMoved wants what strengthens or weakens to do so in the window too.
func (j *judgement) checkMoved() {
	for _, s := range j.sentenceMarks(movement) {
		if j.isMet(s.pos) || j.s.toks[s.pos].weight == 0 || j.metShare(s) < 0.67 {
			continue
		}
		if !j.sameSide(s.pos) {
			j.fault(Direction, s.pos)
		}
	}
}

// sameSide reports whether the window has a word on the side of a word of the sentence, or a comparative.
func (j *judgement) sameSide(i int) bool {
	for _, sent := range j.win.sents {
		for p := j.w.sents[sent].from; p < j.w.sents[sent].to; p++ {
			w := j.w.toks[p].w
			if same, _ := opposed(j.s.toks[i].w.sides, w.sides); same || w.class&comparative != 0 {
				return true
			}
		}
	}
	return false
}

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

// sizes of a comparison.
var (
	more = set("større højere flere mere oftere hyppigere")
	less = set("mindre lavere færre sjældnere")
)

// bigger judges »større i A end i B« by the numbers beside A and B in one sentence of the window. It is not known when these
// are missing or one.
func (j *judgement) bigger(at int) (known, right bool) {
	word := j.s.lower(at)
	if !more[word] && !less[word] {
		return false, false
	}
	end := at
	for end < len(j.s.toks) && j.s.lower(end) != "end" {
		end++
	}
	a, b := j.s.next(at), -1
	if end < len(j.s.toks) {
		b = j.s.next(end)
	}
	if a < 0 || b < 0 || a > end || !j.isMet(a) || !j.isMet(b) {
		return false, false
	}
	x, okX := j.numberBeside(j.links[a].pos)
	y, okY := j.numberBeside(j.links[b].pos)
	if !okX || !okY || x.unit != y.unit || x.pos == y.pos || x.low == y.low {
		return false, false
	}
	return true, x.low > y.low == more[word]
}

// numberBeside is the number nearest to a word of the passages, but for years.
func (j *judgement) numberBeside(p int) (quantity, bool) {
	var best quantity
	least := 8
	for _, q := range j.w.numbersIn(j.w.toks[p].sent) {
		if d := abs(q.pos - p); d < least && q.unit != year {
			best, least = q, d
		}
	}
	return best, least < 8
}
