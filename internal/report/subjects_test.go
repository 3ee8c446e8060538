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
	s := readSubjects("# note: x\n\nattest: børneattest* *attest\nbil: bil minibus*\nkursus: kursus* kurser\nlov18: §18\nid: id-kort*\na: begge\nb: begge\nfødevarer: hygiejnebevis*\n" +
		"lokale: lokale* | sal\nlokale/pris: lokale*/sal+pris/koster\nindsamling: samle+ind\ngæld: =gæld\n")
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
		"Er der lokaler?":                     {"lokale"},
		"Hvad koster salen?":                  {"lokale", "lokale/pris"},
		"Pris, og vores lokaler":              {"lokale", "lokale/pris"},
		"Må vi samle penge ind?":              {"indsamling"},
		"Ind med jer, vi skal samle":          nil,
		"Hvor længe gælder den?":              nil,
		"gæld":                                {"gæld"},
		"et foreningskursus":                  {"kursus"},
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
	if common, seldom := rarity("frivillige", ix), rarity("hjertestarter", ix); common >= 0.5 || seldom != 1 {
		t.Errorf("»frivillige« %v, »hjertestarter« %v", common, seldom)
	}
}

// TestSubjectList: the list is read to the end, has no subject and no word of a subject twice, and no small words but in sets.
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
			if w == "|" {
				continue
			}
			if seen[w] || strings.ToLower(w) != w || danish.StopWord(w) || strings.Trim(w, "*+/=") == "" {
				t.Errorf("%s: %s is twice, small, or not in lower case", name, w)
			}
			seen[w] = true
		}
	}
	if len(builtin().names) != len(names) || len(names) < 250 {
		t.Errorf("%d subjects read, %d in the list", len(builtin().names), len(names))
	}
}

// TestSubjectsUsedUp: what has counted in a set counts little by itself, a word that only points at a subject less than one that gives it
// away, and areas are those of the subjects.
func TestSubjectsUsedUp(t *testing.T) {
	ix := searcher(t).Index()
	s := readSubjects("lokale: lokale* | sal\nlokale/pris: lokale*+koster\n")
	alone, set, points := s.in("lokalet", ix), s.in("Hvad koster lokalet?", ix), s.in("salen", ix)
	if set[1] <= set[0] || set[0] >= alone[0] || points[0] >= alone[0] {
		t.Errorf("alone %v, in a set %v, pointing %v", alone, set, points)
	}
	if areas := s.wider(termVector{{Key: 0, Value: 0.3}, {Key: 1, Value: 0.9}}); len(areas) != 1 || areas[0].Key != 0 {
		t.Errorf("areas %v", areas)
	}
}
