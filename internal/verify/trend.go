package verify

// trends are the words of rise (1) and of fall (-1).
var trends = map[string]int{"stiger": 1, "steg": 1, "steget": 1, "stigende": 1, "stigning": 1, "stigningen": 1, "vokser": 1, "voksede": 1, "vokset": 1, "voksende": 1, "vækst": 1,
	"øges": 1, "øget": 1, "fremgang": 1, "falder": -1, "faldt": -1, "faldet": -1, "faldende": -1, "fald": -1, "nedgang": -1, "dalede": -1, "mindsket": -1, "tilbagegang": -1}

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
