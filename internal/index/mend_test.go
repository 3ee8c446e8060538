package index

import "testing"

func TestMend(t *testing.T) {
	right := map[string]string{"frivilig": "frivillig", "komune": "kommune"}
	for text, want := range map[string]string{"Hvad er frivilig hjælp?": "Hvad er frivillig hjælp?", "Komune eller forening?": "Kommune eller forening?", "frivilige": "frivilige", "": ""} {
		if got := rewrite(text, right); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	ix := &Index{Words: map[string]int{}, Articles: []Article{{Title: "Frivillig frivillig frivillig sektor"}}, Questions: []Question{{Text: "hvad er frivilig"}, {Text: "hvad er sektoren"}, {Text: "frivilig", StandIn: true}, {Text: "hvad er en fritidsklub"}}}
	ix.countText()
	ix.mend()
	for i, want := range []string{"hvad er frivillig", "hvad er sektoren", "frivilig", "hvad er en fritidsklub"} {
		if got := ix.Questions[i].Text; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
