package report

import (
	"kildesvar/internal/journal"
	"kildesvar/internal/question"
)

// What the parts of a report are called in Danish, by their names in it.
var (
	outcomeWords = map[string]string{string(Answered): "Besvaret", string(Refused): "Artiklerne svarer ikke", string(Personal): "Om en person eller sag",
		string(Unclear): "Uklart, spurgt tilbage", string(Talk): "Hilsen, tak eller om assistenten", string(Notice): "Besked i stedet for svar", string(Failed): "Mislykket",
		string(Open): "Ikke besvaret endnu", string(Declined): "Ikke til assistenten"}
	surfaceWords = map[string]string{string(journal.Mention): "Nævnt i en kanal", string(journal.DM): "Direkte besked", string(journal.Pane): "Ruden til assistenter",
		string(journal.Slash): "Kommandoen /kilde", string(journal.Shortcut): "Genvejen »Besvar denne besked«", string(journal.Followup): "Knap under et svar"}
	shapeWords = map[string]string{"other": "Andet", string(question.ShapeDefinition): "Hvad et ord betyder", string(question.ShapeComparison): "Forskel på to ting",
		string(question.ShapeFigures): "Tal", string(question.ShapeHow): "Hvordan man gør", string(question.ShapeLaw): "Hvad man må og skal",
		string(question.ShapeWho): "Hvem der gør hvad", string(question.ShapeExamples): "Eksempler", string(question.ShapeLiterature): "Litteratur",
		string(question.ShapeOverview): "Overblik", string(question.ShapeMore): "Mere om det samme"}
	reasonWords = map[string]string{"": "Ingen grund angivet", "forkert": "Svaret er forkert", "mangler": "Der mangler noget", "foraeldet": "Kilden er forældet",
		"andet_spoergsmaal": "Det var ikke det, der blev spurgt om"}
	stateWords = map[string]string{string(journal.Open): "Ikke taget", string(journal.Taken): "Taget", string(journal.Solved): "Løst"}
)

// said is the Danish for a name, or the name itself where there is none.
func said(words map[string]string, name string) string {
	if w, ok := words[name]; ok {
		return w
	}
	return name
}

// OutcomeText says in Danish what an outcome is.
func OutcomeText(name string) string { return said(outcomeWords, name) }

// SurfaceText is OutcomeText for a surface.
func SurfaceText(name string) string { return said(surfaceWords, name) }

// ShapeText is OutcomeText for a shape.
func ShapeText(name string) string { return said(shapeWords, name) }

// ReasonText is OutcomeText for the reason of a rating.
func ReasonText(name string) string { return said(reasonWords, name) }

// StateText is OutcomeText for the state of an escalation.
func StateText(name string) string { return said(stateWords, name) }

// N is how many of a kind there were.
func N(counts []Count, name string) int {
	for _, c := range counts {
		if c.Name == name {
			return c.N
		}
	}
	return 0
}
