package particulars

import (
	"strings"

	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/reading"
)

// periods are the words of »om ugen«, »pr. måned«.
var periods = map[string]string{"dagen": "day", "dag": "day", "dagligt": "day", "daglig": "day", "ugen": "week", "uge": "week", "ugentligt": "week", "ugentlig": "week",
	"måneden": "month", "måned": "month", "månedligt": "month", "månedlig": "month", "året": "year", "år": "year", "årligt": "year", "årlig": "year", "timen": "hour"}

// period is the period that »om«, »pr« or »hver« begins at a token, or that its word is.
func period(t *reading.Text, i int) string {
	l := t.Lower(i)
	if strings.HasSuffix(l, "lig") || strings.HasSuffix(l, "ligt") {
		return periods[l]
	}
	if l != "om" && l != "pr" && l != "hver" && l != "hvert" {
		return ""
	}
	return periods[t.Lower(i+1)]
}

// checkPeriods wants »om ugen« where the passage has it, and not »om måneden«.
func (j *inspection) checkPeriods() {
	if len(j.S.Numbers) == 0 {
		return
	}
	have := map[string]bool{}
	for _, sent := range j.Win.Sents {
		for p := j.W.Sents[sent].From; p < j.W.Sents[sent].To; p++ {
			have[period(j.W, p)] = true
		}
	}
	for i := range j.S.Toks {
		if p := period(j.S, i); p != "" && !have[p] && (len(have) > 1 || j.S.Lower(i) == "om") {
			j.Fault(alignment.Unit, i)
		}
	}
}
