package verify

import "strings"

// periods are the words of »om ugen«, »pr. måned«.
var periods = map[string]string{"dagen": "day", "dag": "day", "dagligt": "day", "daglig": "day", "ugen": "week", "uge": "week", "ugentligt": "week", "ugentlig": "week",
	"måneden": "month", "måned": "month", "månedligt": "month", "månedlig": "month", "året": "year", "år": "year", "årligt": "year", "årlig": "year", "timen": "hour"}

// period is the period that »om«, »pr« or »hver« begins at a token, or that its word is.
func (t *text) period(i int) string {
	l := t.lower(i)
	if strings.HasSuffix(l, "lig") || strings.HasSuffix(l, "ligt") {
		return periods[l]
	}
	if l != "om" && l != "pr" && l != "hver" && l != "hvert" {
		return ""
	}
	return periods[t.lower(i+1)]
}

// checkPeriods wants »om ugen« where the passage has it, and not »om måneden«.
func (j *judgement) checkPeriods() {
	if len(j.s.numbers) == 0 {
		return
	}
	have := map[string]bool{}
	for _, sent := range j.win.sents {
		for p := j.w.sents[sent].from; p < j.w.sents[sent].to; p++ {
			have[j.w.period(p)] = true
		}
	}
	for i := range j.s.toks {
		if p := j.s.period(i); p != "" && !have[p] && (len(have) > 1 || j.s.lower(i) == "om") {
			j.fault(Unit, i)
		}
	}
}
