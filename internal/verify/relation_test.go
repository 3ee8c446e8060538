package verify

import (
	"testing"

	"kildesvar/internal/verify/alignment"
)

// featuresOf are the features of a sentence in the window that is judged best.
func featuresOf(t *testing.T, sentence, passage string) alignment.Features {
	t.Helper()
	v := theCorpus(t).verifier
	m := alignment.NewMatcher(v.lex.Read(sentence), v.lex.ReadAll(texts(passage)))
	var out alignment.Features
	most := -1.0
	for _, win := range m.Windows() {
		if j := judge(m, win); v.model.score(j.Feature) > most {
			out, most = j.Feature, v.model.score(j.Feature)
		}
	}
	if most < 0 {
		t.Fatalf("no window for %q", sentence)
	}
	return out
}

// TestRelations: each way of putting together the passage's words otherwise raises its own feature, and the passage itself none.
func TestRelations(t *testing.T) {
	const (
		contrast = "Høringen samler skriftlige indvendinger fra naboerne, mens lodtrækningen vælger deltagere til et panel."
		charter  = "Charteret fra 2001 blev fornyet i 2013 og er en fælles erklæring."
		support  = "Kommunen støtter foreningen med penge og lokaler hvert år."
	)
	for _, passage := range []string{contrast, charter, support} {
		if f := featuresOf(t, passage, passage); f != (alignment.Features{}) {
			t.Errorf("%q of itself: %+v", passage, f)
		}
	}
	for _, tt := range []struct {
		sentence, passage string
		of                func(alignment.Features) float64
	}{
		{"Lodtrækningen samler skriftlige indvendinger fra naboerne, mens høringen vælger deltagere til et panel.", contrast, func(f alignment.Features) float64 { return f.Crossed }},
		{"Charteret blev fornyet i 2001.", charter, func(f alignment.Features) float64 { return f.Rival }},
		{"Regionen støtter foreningen med penge og lokaler.", support, func(f alignment.Features) float64 { return f.Actors }},
		{"Kommunen støtter foreningen med cykler og lokaler.", support, func(f alignment.Features) float64 { return f.OddWords }},
		{"Kommunen kritiserer foreningen med penge og lokaler.", support, func(f alignment.Features) float64 { return f.OddVerbs }},
		{"Kommunen støtter foreningen, fordi den har penge og lokaler.", support, func(f alignment.Features) float64 { return f.Added }},
		{"Kommunen støtter foreningen med penge.", "Kommunen kan kun støtte foreningen med penge.", func(f alignment.Features) float64 { return f.Lost }},
		{"Kommunen giver foreningen penge.", "Kommunen giver ikke foreningen penge.", func(f alignment.Features) float64 { return f.Unsaid }},
	} {
		if f := featuresOf(t, tt.sentence, tt.passage); tt.of(f) == 0 {
			t.Errorf("%q from %q: %+v", tt.sentence, tt.passage, f)
		}
	}
}
