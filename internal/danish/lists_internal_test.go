package danish

import (
	"os"
	"strings"
	"testing"
)

// TestListsOnce: no word stands twice, or on two lists, and all are written as the functions expect them.
func TestListsOnce(t *testing.T) {
	seen := map[string]string{}
	for _, l := range []struct{ name, words string }{{"stop", stopList}, {"common", commonList}, {"place", placeList}} {
		for _, w := range strings.Fields(l.words) {
			if Lower(w) != w {
				t.Errorf("%s is not in lower case", w)
			}
			if n := len(Tokens(w)); n != 1 {
				t.Errorf("%s is %d words", w, n)
			}
			if at, ok := seen[w]; ok {
				t.Errorf("%s is on the lists %s and %s", w, at, l.name)
			}
			seen[w] = l.name
		}
	}
	if len(seen) < 500 {
		t.Errorf("only %d words", len(seen))
	}
}

// peoples are words that are near a place's people on the list, and rightly so.
var peoples = makeSet("amerikaneren englænderne")

// TestPlacesAmongWords: neither the articles' words nor the most common Danish ones are taken for a misspelt place.
func TestPlacesAmongWords(t *testing.T) {
	var text string
	for _, file := range []string{"testdata/vocabulary.txt", "snowball/testdata/stems.txt"} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text += string(data)
	}
	words, named := 0, 0
	for _, tok := range Tokens(text) {
		w, f := Lower(tok.Text), Fold(tok.Text)
		words++
		if p := placeNames().folded; p[f] || p[strings.TrimSuffix(f, "s")] {
			named++
			continue
		}
		if Place(w) && !peoples[w] {
			t.Errorf("%s is taken for a place", w)
		}
	}
	t.Logf("%d words, %d of them places", words, named)
	if words < 8_000 || named < 20 {
		t.Errorf("%d words with %d places", words, named)
	}
}
