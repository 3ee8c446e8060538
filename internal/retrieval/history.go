package retrieval

import (
	"strings"

	"kildesvar/internal/danish"
)

// followUpWords begin or mark a question that leans on the one before it.
var followUpWords = map[string]bool{"og": true, "men": true, "så": true, "saa": true, "hvad med": true, "også": true,
	"det": true, "den": true, "de": true, "dem": true, "dette": true, "disse": true, "der": true, "dér": true, "deres": true, "dens": true, "dets": true,
	"han": true, "hun": true, "hans": true, "hendes": true, "uddyb": true, "mere": true, "andre": true, "anden": true, "andet": true, "sidste": true, "første": true,
	"ellers": true, "eksempel": true, "eksempler": true, "kilde": true, "kilden": true, "kilder": true, "forskellen": true}

// standAlone is how many content words a question has that needs no earlier one.
const standAlone = 4

// Earlier returns the earlier user questions that a question follows up on, newest first and joined, or "" when it stands
// alone. questions are the user's earlier ones, oldest first.
//
// A question leans on the one before when it is short or points back (»og hvem betaler?«, »hvad med ulemperne?«), which
// is decided by its own words alone: no model is asked.
func Earlier(question string, questions []string) string {
	if len(questions) == 0 || !leans(question) {
		return ""
	}
	last := questions[len(questions)-1]
	if len(questions) > 1 && leans(last) {
		return last + "\n" + questions[len(questions)-2]
	}
	return last
}

// leans reports whether a question points back or is too short to stand alone.
func leans(question string) bool {
	content, points := 0, false
	lower := strings.ToLower(strings.TrimSpace(question))
	for _, t := range danish.Tokens(lower) {
		if !danish.StopWord(t.Text) {
			content++
		}
		points = points || followUpWords[t.Text]
	}
	if strings.HasPrefix(lower, "hvad med") || strings.HasPrefix(lower, "og ") || strings.HasPrefix(lower, "men ") {
		return true
	}
	return content <= 2 || points && content <= standAlone
}
