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
