package csl

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestLiteratureGolden formats the whole built-in literature.
func TestLiteratureGolden(t *testing.T) {
	data, err := os.ReadFile("../../corpus/civilsamfund/litteratur.json")
	if err != nil {
		t.Fatal(err)
	}
	items, faults := Decode(data)
	for _, f := range faults {
		t.Errorf("line %d: %s", f.Line, f.Message)
	}
	if len(items) < 150 {
		t.Fatalf("only %d items", len(items))
	}
	var b strings.Builder
	for _, it := range items {
		b.WriteString(it.ID + "\t" + it.Label() + "\t" + it.Reference() + "\n")
	}
	const golden = "testdata/references.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("references differ (-golden +now); -update rewrites:\n%s", diff)
	}
}

func TestReference(t *testing.T) {
	for name, c := range map[string]struct{ json, want string }{
		"journal, two authors": {`{"id":"a","type":"article-journal","title":"Voluntary Social Work as a Paradox","author":[{"family":"la Cour","given":"Anders"},{"family":"Højlund","given":"Holger"}],"issued":{"date-parts":[[2008]]},"container-title":"Acta Sociologica","volume":"51","issue":"1","page":"41-54","DOI":"10.1177/x"}`,
			"la Cour, A., & Højlund, H. (2008). Voluntary Social Work as a Paradox. Acta Sociologica, 51(1), 41–54. https://doi.org/10.1177/x"},
		"chapter": {`{"id":"a","type":"chapter","title":"Uformel frivillighed","author":[{"family":"Boje","given":"Thomas P."}],"editor":[{"family":"Fridberg","given":"Torben"},{"family":"Henriksen","given":"Lars Skov"}],"issued":{"date-parts":[["2014"]]},"container-title":"Udviklingen i frivilligt arbejde","publisher":"SFI","page":"10-20"}`,
			"Boje, T. P. (2014). Uformel frivillighed. I T. Fridberg & L. S. Henriksen (red.), Udviklingen i frivilligt arbejde (s. 10–20). SFI."},
		"report by an institution that publishes it": {`{"id":"a","type":"report","title":"Viden til gavn","author":[{"literal":"Socialstyrelsen"}],"issued":{"date-parts":[[2013]]},"publisher":"Socialstyrelsen"}`,
			"Socialstyrelsen. (2013). Viden til gavn."},
		"report in a series, edited": {`{"id":"a","type":"report","title":"Udviklingen","editor":[{"family":"Fridberg","given":"Torben"}],"issued":{"date-parts":[[2014]]},"publisher":"SFI","collection-title":"SFI-rapport","number":"14:09"}`,
			"Fridberg, T. (red.). (2014). Udviklingen (SFI-rapport nr. 14:09). SFI."},
		"web page without a year": {`{"id":"a","type":"webpage","title":"Hvad er samskabelse?","author":[{"literal":"Silkeborg Kommune"}],"URL":"https://example.dk/a"}`,
			"Silkeborg Kommune. (u.å.). Hvad er samskabelse? https://example.dk/a"},
		"act": {`{"id":"a","type":"legislation","title":"Lov om social service, lovbekendtgørelse nr. 909","author":[{"literal":"Folketinget"}],"issued":{"date-parts":[[2024]]}}`,
			"Lov om social service, lovbekendtgørelse nr. 909. (2024)."},
		"three authors, a double given name": {`{"id":"a","type":"book","title":"T","author":[{"family":"Ng","given":"Carl-Johan"},{"family":"B","given":"Bo Bent"},{"family":"C","given":"c"}],"issued":{"date-parts":[[2001]]},"publisher":"P","edition":"2"}`,
			"Ng, C.-J., B, B. B., & C, C. (2001). T (2. udg.). P."},
		"no author": {`{"id":"a","type":"report","title":"En titel"}`, "En titel. (u.å.)."},
		"thesis":    {`{"id":"a","type":"thesis","title":"T","author":[{"family":"X","given":"Y"}],"issued":{"date-parts":[[2016]]},"genre":"Ph.d.-afhandling","publisher":"RUC"}`, "X, Y. (2016). T [Ph.d.-afhandling, RUC]."},
		"thesis of a question": {`{"id":"a","type":"thesis","title":"T?","author":[{"family":"X","given":"Y"}],"publisher":"RUC","URL":" https://example.dk/a "}`,
			"X, Y. (u.å.). T? [Afhandling, RUC]. https://example.dk/a"},
		"chapter in a question, no editors": {`{"id":"a","type":"chapter","title":"T!","author":[{"family":"X","given":"J.R."}],"issued":{"date-parts":[[2001]]},"container-title":"Hvorfor?","publisher":"P"}`,
			"X, J. R. (2001). T! I Hvorfor? P."},
		"chapter without a book": {`{"id":"a","type":"chapter","title":"T","author":[{"family":"X","given":"Y"}],"publisher":"P"}`, "X, Y. (u.å.). T. P."},
		"chapter, three editors": {`{"id":"a","type":"chapter","title":"T","author":[{"family":"X","given":"Y"}],"editor":[{"family":"A","given":"B"},{"family":"C","given":"D"},{"family":"E","given":"F","non-dropping-particle":"van"}],"issued":{"date-parts":[[2001]]},"container-title":"Bog","publisher":"P","page":"1-2"}`,
			"X, Y. (2001). T. I B. A, D. C, & F. van E (red.), Bog (s. 1–2). P."},
		"institution that ends in a full stop": {`{"id":"a","type":"book","title":"T.","author":[{"literal":"Rådet m.fl."}],"issued":{"date-parts":[[2001]]},"edition":"2. reviderede udg.","publisher":"P"}`,
			"Rådet m.fl. (2001). T (2. reviderede udg.). P."},
		"two institutions": {`{"id":"a","type":"report","title":"T…","author":[{"literal":"A"},{"literal":"B"}],"issued":{"date-parts":[[2001]]}}`, "A & B. (2001). T…"},
		"title in quotes":  {`{"id":"a","type":"webpage","title":"Hvad er »det?«","author":[{"literal":"A"}],"DOI":"http://dx.doi.org/10.1/x"}`, "A. (u.å.). Hvad er »det?« https://doi.org/10.1/x"},
		"white space":      {`{"id":"a","type":"book","title":"En\n  titel","author":[{"literal":"A"}],"publisher":"P"}`, "A. (u.å.). En titel. P."},
	} {
		t.Run(name, func(t *testing.T) {
			items, faults := Decode([]byte("[" + c.json + "]"))
			if len(faults) > 0 || len(items) != 1 {
				t.Fatalf("faults %v, items %v", faults, items)
			}
			if got := items[0].Reference(); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestLiteratureForm reads the references as a librarian does.
func TestLiteratureForm(t *testing.T) {
	data, err := os.ReadFile("../../corpus/civilsamfund/litteratur.json")
	if err != nil {
		t.Fatal(err)
	}
	items, _ := Decode(data)
	year := regexp.MustCompile(`[.?!] \((?:\d{4}|u\.å\.)\)\. ?`)
	for _, it := range items {
		ref := it.Reference()
		text, url, _ := strings.Cut(ref, " http")
		switch {
		case !year.MatchString(ref) || len(year.FindAllString(ref, -1)) != 1:
			t.Errorf("year: %s", ref)
		case strings.Contains(ref, "..") || strings.Contains(ref, "?.") || strings.Contains(ref, "!.") || strings.Contains(ref, " ,") || strings.Contains(ref, "()"):
			t.Errorf("marks: %s", ref)
		case !strings.ContainsRune(".?!", last(text)):
			t.Errorf("no full stop before the address or at the end: %s", ref)
		case strings.HasSuffix(url, "."):
			t.Errorf("full stop after the address: %s", ref)
		case len(it.Author) > 1 && len(it.Author) <= 20 && strings.Count(ref, it.Author[len(it.Author)-1].last()) == 0:
			t.Errorf("last author missing: %s", ref)
		case len(it.Author) > 1 && it.Author[1].Family != "" && !strings.Contains(ref, "., & "):
			t.Errorf("no & before the last author: %s", ref)
		}
	}
}

func TestLabel(t *testing.T) {
	ng := []Name{{Family: "A"}, {Family: "B", Particle: "van"}, {Literal: "C"}}
	for want, it := range map[string]Item{
		"A, u.å.":                  {Author: ng[:1]},
		"A og van B, u.å.":         {Author: ng[:2]},
		"A m.fl., u.å.":            {Editor: ng},
		"En titel, u.å.":           {Title: "En titel"},
		"Lov om x (x-loven), u.å.": {Type: "legislation", Title: "Lov om x (x-loven), lov nr. 1", Author: []Name{{Literal: "Folketinget"}}},
		"Børneministeriet, u.å.":   {Type: "legislation", Title: "Vejledning", Author: []Name{{Literal: "Børneministeriet"}}},
	} {
		if got := it.Label(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestManyAuthors(t *testing.T) {
	it := Item{Type: "book", Title: "T"}
	for i := range 25 {
		it.Author = append(it.Author, Name{Family: string(rune('A' + i)), Given: "x"})
	}
	got := it.Reference()
	if !strings.Contains(got, "S, X., … Y, X. (u.å.)") {
		t.Errorf("more than twenty authors: %s", got)
	}
}

func TestTwentyAuthors(t *testing.T) {
	it := Item{Type: "book", Title: "T"}
	for i := range 20 {
		it.Author = append(it.Author, Name{Family: string(rune('A' + i)), Given: "x"})
	}
	got := it.Reference()
	for _, n := range it.Author {
		if !strings.Contains(got, n.Family+", X.") {
			t.Errorf("%s is left out: %s", n.Family, got)
		}
	}
	if !strings.Contains(got, "S, X., & T, X. (u.å.)") || strings.Contains(got, "…") {
		t.Errorf("twenty authors: %s", got)
	}
}

func TestDecodeFaults(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		rule string
		line int
	}{
		"not a list":        {`{"id":"a"}`, "json", 1},
		"cut off":           {"[\n{\"id\":\"a\",\"type\":\"book\",\"title\":\"T\"},\n{\"id\": ", "json", 3},
		"missing comma":     {"[\n{\"id\":\"a\",\"type\":\"book\",\"title\":\"T\"}\n{\"id\":\"b\"}]", "json", 3},
		"unknown field":     {"[\n{\"id\":\"a\",\"type\":\"book\",\"titel\":\"T\"}]", "field", 2},
		"wrong kind":        {"[{\"id\":\"a\",\"type\":\"book\",\"title\":[1]}]", "field", 1},
		"duplicate":         {"[{\"id\":\"a\",\"type\":\"book\",\"title\":\"T\"},\n\n{\"id\":\"a\",\"type\":\"book\",\"title\":\"T\"}]", "duplicate-id", 3},
		"no id":             {"[{\"type\":\"book\",\"title\":\"T\"}]", "missing-field", 1},
		"id with a space":   {"[{\"id\":\"a b\",\"type\":\"book\",\"title\":\"T\"}]", "id", 1},
		"unknown type":      {"[{\"id\":\"a\",\"type\":\"bok\",\"title\":\"T\"}]", "type", 1},
		"author without it": {"[{\"id\":\"a\",\"type\":\"book\",\"title\":\"T\",\"author\":[{\"given\":\"X\"}]}]", "name", 1},
	} {
		t.Run(name, func(t *testing.T) {
			_, faults := Decode([]byte(c.in))
			if len(faults) != 1 || faults[0].Rule != c.rule || faults[0].Line != c.line {
				t.Errorf("got %+v, want rule %s in line %d", faults, c.rule, c.line)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`[{"id":"a","type":"book","title":"T","author":[{"family":"X","given":"Y-Z"}],"issued":{"date-parts":[[2001]]}}]`))
	f.Add([]byte(`[`))
	f.Add([]byte(`[{"id":"a","issued":{"date-parts":[[]]}}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		items, faults := Decode(data)
		for _, it := range items {
			for _, s := range []string{it.Reference(), it.Label()} {
				if s == "" || s != oneLine(s) || !utf8.ValidString(s) {
					t.Errorf("%q is not one line, for %+v", s, it)
				}
			}
			if it.DOI == "" && it.URL == "" && !strings.ContainsRune(".?!…«»”\"’'", last(it.Reference())) {
				t.Errorf("no end: %q", it.Reference())
			}
		}
		for _, fl := range faults {
			if fl.Line < 1 || fl.Message == "" || fl.Rule == "" {
				t.Errorf("fault without place or message: %+v", fl)
			}
		}
	})
}
