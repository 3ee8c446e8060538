package reading

import (
	"testing"

	"kildesvar/internal/danish"
	"kildesvar/internal/lexical"
)

func lexicon() *Lexicon {
	return NewLexicon(lexical.NewAnalyser(danish.NewSplitter(map[string]int{"kommune": 3, "støtte": 3})), nil)
}

// TestNumbers: numbers are read with their units, whatever way they are written.
func TestNumbers(t *testing.T) {
	l := lexicon()
	for _, tt := range []struct {
		text string
		low  float64
		unit Measure
	}{
		{"To ud af tre kommuner svarede.", 200.0 / 3, Percent},
		{"Hver femte leder svarede.", 20, Percent},
		{"Halvdelen svarede.", 50, Percent},
		{"Puljen er på 2,5 mio. kr.", 2.5e6, money},
		{"Efter servicelovens § 18 skal kommunen.", 18, Section},
		{"Det var 41 procent.", 41, Percent},
		{"Det skete i 2012.", 2012, Year},
		{"Syv kommuner svarede.", 7, Plain},
	} {
		got := l.Read(tt.text).Numbers
		if len(got) != 1 || !Near(got[0].Low, tt.low) || got[0].Unit != tt.unit {
			t.Errorf("%s: %+v, want %v %s", tt.text, got, tt.low, tt.unit)
		}
	}
}

// TestPhrases: a phrase is a synonym with its small words, and none without them.
func TestPhrases(t *testing.T) {
	l := lexicon()
	grouped := func(text string, tok int) bool { return len(l.Read(text).Toks[tok].Groups) > 0 }
	if !grouped("Kommunen står i spidsen for arbejdet.", 3) {
		t.Error("»stå i spidsen« is not read as a phrase")
	}
	if grouped("Kommunen går til møder.", 1) {
		t.Error("»går« alone is read as »gå ud fra«")
	}
}
