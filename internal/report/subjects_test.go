package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kildesvar/internal/danish"
)

// TestSubjectsIn: words give subjects away in their forms, misspelt, without æøå, and in parts; look-alikes do not.
func TestSubjectsIn(t *testing.T) {
	ix := searcher(t).Index()
	s := readSubjects("# note: x\n\nattest: børneattest* *attest\nbil: bil minibus*\nkursus: kursus* kurser\nlov18: §18\nid: id-kort*\na: begge\nb: begge\nfødevarer: hygiejnebevis*\n")
	for text, want := range map[string][]string{
		"Skal vi have børneattester?":         {"attest"},
		"boerneattest og borneattest":         {"attest"},
		"Hvem laver straffeattesten?":         {"attest"},
		"Må man køre bilen?":                  {"bil"},
		"Det er billigt, billige og billigst": nil,
		"§ 18, § 18-puljen, paragraf 18":      {"lov18"},
		"børn under 18":                       nil,
		"id-kortet":                           {"id"},
		"kursus-bil":                          {"kursus"},
		"uden-bil":                            {"bil"},
		"hygjejnebevis":                       {"fødevarer"},
		"begge":                               {"a", "b"},
		"note x":                              nil,
		"":                                    nil,
	} {
		var got []string
		for n, sure := range s.in(text, ix) {
			got = append(got, s.names[n])
			if sure <= 0 || sure > 1 || text == "begge" && sure > 0.5 {
				t.Errorf("%q: %s as surely as %v", text, s.names[n], sure)
			}
		}
		slices.Sort(got)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%q: %s", text, d)
		}
	}
}

// TestRarity: words of the theme's own entry questions say less than words that none of them has.
func TestRarity(t *testing.T) {
	ix := searcher(t).Index()
	if common, seldom := rarity("frivillige", ix), rarity("hjertestarter", ix); common >= 0.3 || seldom != 1 {
		t.Errorf("»frivillige« %v, »hjertestarter« %v", common, seldom)
	}
}

// TestSubjectList: the list is read to the end, has no subject and no word of a subject twice, and no small words.
func TestSubjectList(t *testing.T) {
	names := map[string]bool{}
	for line := range strings.Lines(subjectList) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, words, ok := strings.Cut(line, ": ")
		if !ok || names[name] {
			t.Errorf("%s: no subject, or twice", line)
		}
		names[name] = true
		seen := map[string]bool{}
		for _, w := range strings.Fields(words) {
			if seen[w] || strings.ToLower(w) != w || danish.StopWord(w) || strings.Trim(w, "*") == "" {
				t.Errorf("%s: %s is twice, small, or not in lower case", name, w)
			}
			seen[w] = true
		}
	}
	if len(builtin().names) != len(names) || len(names) < 100 {
		t.Errorf("%d subjects read, %d in the list", len(builtin().names), len(names))
	}
}
