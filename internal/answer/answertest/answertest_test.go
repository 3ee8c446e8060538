package answertest

import (
	"encoding/base64"
	"strings"
	"testing"
)

// TestInjections: every place and both languages are attacked in many ways, and what is said to be encoded is.
func TestInjections(t *testing.T) {
	all := Injections()
	places, languages, ways, texts := map[Place]int{}, map[string]int{}, map[string]int{}, map[string]bool{}
	for _, in := range all {
		places[in.Place]++
		languages[in.Language]++
		ways[in.Way]++
		if key := string(in.Place) + in.Text; texts[key] {
			t.Errorf("line %d: %q stands twice", in.Line, in.Text)
		} else {
			texts[key] = true
		}
		if in.Text == "" || strings.ContainsAny(in.Text, "\n\t") {
			t.Errorf("line %d: %q is not one line of text", in.Line, in.Text)
		}
		if in.Way == "base64" {
			_, code, _ := strings.Cut(in.Text, ": ")
			if plain, err := base64.StdEncoding.DecodeString(code); err != nil || !strings.Contains(string(plain), Marker) {
				t.Errorf("line %d: %q, %v", in.Line, plain, err)
			}
		}
	}
	if len(all) < 150 || len(ways) < 12 {
		t.Errorf("%d texts in %d ways", len(all), len(ways))
	}
	for _, p := range []Place{Question, History, Thread, Article, Heading, Title, Literature, FileName, DisplayName} {
		if places[p] < 4 {
			t.Errorf("%d texts for %s", places[p], p)
		}
		if n := len(Injections(p)); n != places[p] {
			t.Errorf("%d texts of %d for %s", n, places[p], p)
		}
		delete(places, p)
	}
	if len(places) > 0 || languages["da"] < 60 || languages["en"] < 60 || languages["da"]+languages["en"] != len(all) {
		t.Errorf("other places %v, languages %v", places, languages)
	}
}

// TestBrokenLines: a fault in the file is seen.
func TestBrokenLines(t *testing.T) {
	for _, line := range []string{"", "question\tda\tplain", "question\tda\tplain\t\\q", "question\tda\tplain\ta\tb"} {
		if in, err := read(line); err == nil {
			t.Errorf("%q is read as %+v", line, in)
		}
	}
}
