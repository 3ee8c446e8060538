package question

import (
	"slices"
	"strings"
	"testing"
)

func TestShape(t *testing.T) {
	for want, questions := range map[Shape][]string{
		ShapeDefinition: {"Hvad betyder medborgerskab?", "hva dækker ordet hybrid over", "hvad menes der med effekt", "Definition på en forening?", "hvad er det nu det hedder når man måler"},
		ShapeComparison: {"Hvad er forskellen på en klub og en kreds?", "er det det samme som en fond", "forskelen mellem dem", "hvordan adskiller de sig"},
		ShapeFigures: {"Hvor mange er med?", "hvormange klubber findes der", "er antallet steget", "hvor stor en andel", "Hvornår kom loven?", "statistik over medlemmer",
			"hvor tit mødes de"},
		ShapeHow:        {"Hvordan begynder man?", "hvad skal vi huske", "hvorfor går det galt?", "faldgruber ved aftaler", "vordan laver man en plan"},
		ShapeLaw:        {"Må vi betale dem?", "hvad siger § 18", "er det lovligt", "har kommunen pligt til at hjælpe", "hvem bestemmer"},
		ShapeWho:        {"Hvem hjælper foreninger?", "hvilke aktører findes der"},
		ShapeExamples:   {"Giv et eksempel", "eksempler på klubber", "hvor har man prøvet det", "nævn nogle steder", "eksempel på en forening tak", "et par eksempler på partnerskaber, tak"},
		ShapeLiterature: {"Hvad har Hansen skrevet om klubber?", "hvem siger det", "hvilken undersøgelse viser det?", "litteratur om fonde", "kilde?", "findes der forskning i det"},
		ShapeOverview:   {"Hvor begynder jeg?", "hvad handler temaet om", "giv mig et overblik", "Hvilke artikler er der?", "hvad skal jeg læse først"},
		ShapeMore:       {"Uddyb punkt 2", "fortæl mere", "uddyb", "kan du uddybe det?", "det andet punkt"},
		ShapeAbout:      {"Hvad kan du?", "er du et menneske", "gemmer du det jeg skriver?", "hvor ved du alt det fra?", "kan jeg stole på dig"},
		ShapeGreeting:   {"Hej", "godmorgen!", "hej med dig", "Hejsa kildesvar"},
		ShapeThanks:     {"Tak!", "mange tak for hjælpen", "👍", "fedt, tak", "ok"},
		ShapeOther:      {"samskabelse", "Hvad er en forening?", "", "tak for kaffe, men hvad er en klub?"},
	} {
		for _, q := range questions {
			if got := Read(q).Shape; got != want {
				t.Errorf("%q is read as %q, want %q", q, got, want)
			}
		}
	}
}

// TestShapeMisspelt: a letter too few or too many in a long word makes no difference, and a word of one cue is never taken for a
// misspelt one of another.
func TestShapeMisspelt(t *testing.T) {
	for q, want := range map[string]Shape{"vad er forskelen på dem": ShapeComparison, "gi et eksemple": ShapeExamples, "hvad siger foreningen": ShapeOther, "værdier i stedet for kontrakt": ShapeOther, "forældre i foreninger": ShapeOther, "hvad siger loven": ShapeLaw} {
		if got := Read(q).Shape; got != want {
			t.Errorf("%q is read as %q, want %q", q, got, want)
		}
	}
}

func TestPoint(t *testing.T) {
	for q, want := range map[string]int{"uddyb punkt 2": 2, "fortæl mere om punkt nr. 3": 3, "det andet punkt": 2, "uddyb tredje punkt": 3, "punkt": 0, "hvad er punktet": 0, "kilde nummer": 0} {
		if got := Read(q).Point; got != want {
			t.Errorf("%q: point %d, want %d", q, got, want)
		}
	}
}

func TestSuits(t *testing.T) {
	for _, c := range []struct {
		question, sentence string
		want               bool
	}{
		{"Hvor mange er med?", "Cirka 40 procent er med.", true},
		{"Hvor mange er med?", "Mange er med.", false},
		{"Hvornår kom loven?", "Loven kom i 2014.", true},
		{"Hvem vandt?", "Det gjorde Anna.", true},
		{"Må vi det?", "Efter lovens § 18 skal kommunen.", true},
		{"Giv et eksempel", "Et sted er fx en café.", true},
		{"hvad er en forening", "En forening er en forening.", false},
	} {
		if got := Read(c.question).Suits(c.sentence); got != c.want {
			t.Errorf("%q and %q: %v", c.question, c.sentence, got)
		}
	}
}

// TestMaker: who made a thing is told by sentences that name somebody and say so.
func TestMaker(t *testing.T) {
	for q, want := range map[string]bool{"Hvem har fundet på det?": true, "hvem har udviklet metoden og hvornår": true, "hvem fandt på ordet klub": true, "hvem er med": false, "hvem tager fat først": false} {
		if r := Read(q); r.Maker != want || want && r.Shape != ShapeWho {
			t.Errorf("%q: %+v", q, r)
		}
	}
	r := Read("Hvem har fundet på det?")
	if !r.Suits("Det er udviklet af Anna Holm.") || r.Suits("Det kritiserer Anna Holm.") || r.Suits("Det er udviklet over tid.") {
		t.Error("what tells who made it is not told from other sentences")
	}
	if asked := Asking("hvad er en pulje?? min chef vil vide det"); len(asked) != 1 || asked[0].Start != 0 {
		t.Errorf("what follows a question mark is asked: %v", asked)
	}
}

func TestPointsBack(t *testing.T) {
	for text, want := range map[string]string{"Alle taler om puljer her. Kan du forklare det?": "Alle taler om puljer her.", "Min chef siger bispestav. Hvad er det?": "Min chef siger bispestav.",
		"Alle taler om puljer. Hvad er det værd?": "", "hvad er det?": "", "Hvad er en pulje?": ""} {
		if got := PointsBack(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestList: »de tre roller« is answered by a sentence that lists three.
func TestList(t *testing.T) {
	for q, want := range map[string]int{"Hvad er de tre roller?": 3, "hvilke 5 krav er der": 5, "hvad er klubbens to mål": 2, "hvad er en rolle": 0, "hvor mange er de": 0, "de en til to møder": 0} {
		if got := Read(q).List; got != want {
			t.Errorf("%q: %d, want %d", q, got, want)
		}
	}
	r := Read("Hvad er de tre roller?")
	if !r.Suits("Klubben har tre roller: vært, ven og vagt.") || r.Suits("Klubbens tre roller er mange.") || r.Suits("Klubben har to roller: vært og ven.") {
		t.Error("a list is not told from other sentences")
	}
}

func TestEnglish(t *testing.T) {
	for q, want := range map[string]bool{"What is the difference between the two?": true, "how many are there": true, "på engelsk: what about the costs of it?": true,
		"Hvad er co-creation?": false, "hvad siger Theory of Change": false, "samskabelse": false, "": false} {
		if got := English(q); got != want {
			t.Errorf("%q: %v", q, got)
		}
	}
	if got := Danish("How many volunteers are there?"); !strings.Contains(got, "hvor mange") || !strings.Contains(got, "frivillig") {
		t.Errorf("Danish words: %q", got)
	}
	if got := Danish("Where do I start?"); !strings.Contains(got, "begynde") {
		t.Errorf("Danish words: %q", got)
	}
}

// TestGlossary holds the glossary to its form: a phrase, a tab, Danish words; sorted, no phrase twice.
func TestGlossary(t *testing.T) {
	before, n := "", 0
	for i, line := range strings.Split(strings.TrimSuffix(glossary, "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		en, da, ok := strings.Cut(line, "\t")
		if !ok || en == "" || da == "" || en != strings.ToLower(en) || strings.TrimSpace(en) != en || strings.Contains(da, "\t") {
			t.Errorf("line %d: %q", i+1, line)
		}
		if en <= before {
			t.Errorf("line %d: %q does not come after %q", i+1, en, before)
		}
		before = en
		n++
	}
	if n < 5000 {
		t.Errorf("only %d phrases", n)
	}
}

func TestClauses(t *testing.T) {
	for text, want := range map[string][]string{
		"Hvad er en pulje, og hvem giver den?":       {"Hvad er en pulje", "hvem giver den?"},
		"Hvad er en pulje? Hvem giver den?":          {"Hvad er en pulje?", "Hvem giver den?"},
		"Jeg er ny her. Hvad er en pulje?":           nil,
		"Hvad er forskellen på en pulje og en fond?": nil,
		"": nil,
	} {
		if got := Clauses(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestAsking(t *testing.T) {
	for text, want := range map[string]string{
		"Jeg er ny i Randers. Hvad er en pulje?":         "Hvad er en pulje?",
		"Vi skal mødes på fredag: hvem skal med?":        "hvem skal med?",
		"puljer og fonde":                                "puljer og fonde",
		"Hvad er en pulje? Hvem giver den?":              "Hvad er en pulje? Hvem giver den?",
		"Hvad er tallet? Jeg skal bruge det i et notat.": "Hvad er tallet?",
	} {
		var got []string
		for _, s := range Asking(text) {
			got = append(got, text[s.Start:s.End])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q asks %q, want %q", text, got, want)
		}
	}
}

func TestAsks(t *testing.T) {
	for text, want := range map[string]bool{"Hvad er det?": true, "Det er uklart?": true, "Forklar det nærmere": true, "hvornår, og hvordan": true, "og hvad så": true,
		"Det var godt at vide": false, "": false, "Vi tager den på mødet": false} {
		if got := Asks(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"Hvad er en pulje, og hvem giver den?", "uddyb punkt 2", "What is § 18?", "👍", "a: b: c?", strings.Repeat("og hvad ", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if r := Read(s); r.Point < 0 || r.Point > 9 {
			t.Errorf("point %d", r.Point)
		}
		for _, span := range Asking(s) {
			if span.Start < 0 || span.End > len(s) || span.Start > span.End {
				t.Errorf("span %v of %d bytes", span, len(s))
			}
		}
		for _, c := range Clauses(s) {
			if !strings.Contains(s, c) {
				t.Errorf("%q does not stand in the text", c)
			}
		}
		Danish(s)
	})
}

func BenchmarkRead(b *testing.B) {
	const q = "Jeg er ny i forvaltningen og sidder med en aftale. Hvad er forskellen på et partnerskab og samskabelse, og hvem bestemmer?"
	b.ReportAllocs()
	for b.Loop() {
		Read(q)
	}
}
