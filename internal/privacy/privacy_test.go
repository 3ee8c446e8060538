package privacy

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFindSpellings(t *testing.T) {
	for _, text := range []string{
		"0102031234", "010203-1234", "010203 1234", "010203–1234", "010203—1234", "010203−1234", "010203.1234", "010203/1234", "010203 - 1234",
		"01 02 03 1234", "01.02.03-1234", "01/02-03 1234", "01-02-03-1234", "01 02 03 12 34", "0 1 0 2 0 3 1 2 3 4", "010203\n1234", "010203-\n  1234",
		"010203\u00a01234", "010203\u200b1234", "0102\u200d031234", "０１０２０３-１２３４", "٠١٠٢٠٣-١٢٣٤", "610203-1234", "890299 4321", "01021903-1234", "01-02-1903-1234", "010219031234",
		"290200-1234", "310899_1234", "010203:1234", "010203 \u2013 1234", "010203\u00ad1234",
	} {
		for _, frame := range []string{"%s", "CPR: %s", "cpr.nr.%s", "Borger (%s) har søgt.", "cpr%s", "har søgt %s, må hun?"} {
			in := fmt.Sprintf(frame, text)
			got, found := Mask(in)
			if len(found) != 1 || strings.ContainsAny(strings.ReplaceAll(got, CPRMask, ""), "0123456789０１") {
				t.Errorf("%q: masked as %q, %d found", in, got, len(found))
			}
			if want := strings.Replace(in, text, CPRMask, 1); got != want && len(found) == 1 {
				t.Errorf("%q: got %q, want %q", in, got, want)
			}
		}
	}
}

func TestFindSeveral(t *testing.T) {
	got, found := Mask("010203-1234 og 311299-4321; 0506701234.")
	if len(found) != 3 || got != CPRMask+" og "+CPRMask+"; "+CPRMask+"." {
		t.Errorf("got %q, %d found", got, len(found))
	}
}

func TestFalseFriends(t *testing.T) {
	for _, text := range []string{
		"", "§ 18, stk. 2", "lov nr. 1651 af 30. december 2024", "27.45.00", "tlf. 12 34 56 78", "+45 12 34 56 78", "CVR 12345678",
		"ISBN 978-87-7488-886-4", "ISBN 0102031234", "ISBN-10: 0-10-203123-4", "https://doi.org/10.1177/0899764011434558", "10.22439/dansoc.v31i2.6344",
		"2004, 2012, 2020 og 2024", "2015-2016", "fra 2004 til 2012", "156,2 mio. kr.", "320203-1234", "011303-1234", "310203-1234", "000203-1234", "01020312345", "12010203-1234",
		"1.525 foreninger", "3. juli 2024", "4404 01 02 03 12345",
		"EAN 5798000123456", "5790001234567", "EAN-nr. 5798 0012 34567", "ISBN 978-87-02-01020-3", "ISBN 87-02-01020-3", "ISSN 0102-0312", "KLE 27.45.00 G01",
		"§§ 18 og 18 a, 79, 81-83", "2019-2021", "2004, 2006, 2012-2020", "den 01.02.2023 kl. 12.34", "01.02.2023-31.12.2024", "1. februar 2003 og 12. marts 1904", "01/02 2023",
		"kl. 10.02-03.12", "+45 01 02 03 04", "tlf. 01020312 og 34567890", "sag 24/010203", "konto 1234 0102031234567", "https://example.dk/?id=99010203123499",
		"(01) 02 03", "1 2 3 4 5 6 7 8 9 10", "4.500 timer, 12.300 kr.", "10.1177/0102031234567", "https://www.worldcat.org/title/1011651366",
	} {
		if found := Find(text); len(found) > 0 {
			t.Errorf("%q: found %v", text, found)
		}
	}
}

// TestNoFalseHitsInCorpus runs over everything the built-in corpus has but the gold questions, which hold invented CPR numbers.
func TestNoFalseHitsInCorpus(t *testing.T) {
	files, err := filepath.Glob("../../corpus/*/*")
	if err != nil {
		t.Fatal(err)
	}
	words := 0
	for _, f := range files {
		if strings.HasSuffix(f, "spoergsmaal.yaml") {
			continue
		}
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		words += len(strings.Fields(string(data)))
		for _, hit := range Find(string(data)) {
			t.Errorf("%s: %q taken for a CPR number", f, data[hit.Start:hit.End])
		}
	}
	if words < 10_000 {
		t.Fatalf("only %d words read", words)
	}
}

func TestCase(t *testing.T) {
	scholar := func(w string) bool { return strings.EqualFold(w, "tortzen") || strings.EqualFold(w, "boje") }
	for text, want := range map[string]bool{
		"Må min borger være frivillig på dagpenge?":                        true,
		"jeg har en borger der gerne vil være besøgsven":                   true,
		"skal jeg give afslag på ansøgningen?":                             true,
		"Har hun ret til støtte efter § 18?":                               true,
		"Karin har søgt om støtte, hvad gør jeg":                           true,
		"Hans Jensen vil starte en forening":                               true,
		"mette på 43 vil gerne være frivillig":                             true,
		"en kvinde på 54 år vil gerne være besøgsven":                      true,
		"hvad siger I om [cpr-nummer fjernet]":                             true,
		"Hvad har Anne Tortzen skrevet om samskabelse?":                    false,
		"Hvem er Thomas Boje?":                                             false,
		"Hvad siger Jens Ulrich om samskabelse?":                           false,
		"Hvad er samskabelse?":                                             false,
		"Hvordan inddrager vi borgere i udsatte positioner?":               false,
		"Må borgere på offentlig forsørgelse være frivillige?":             false,
		"Hvor mange er frivillige i kommunen?":                             false,
		"Per år, hvor mange timer bruger en frivillig?":                    false,
		"skal vi give penge til foreningen efter § 18?":                    false,
		"hvordan kan vi som kommune samarbejde med et frivilligcenter":     false,
		"Kan en forening få støtte, hvis den ikke har frivillige?":         false,
		"hvilke roller har foreninger over for udsatte borgere i kommunen": false,
		"hvad gør vi når en forening ikke vil dokumentere deres indsats":   false,
	} {
		if got := Case(text, scholar); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func FuzzMask(f *testing.F) {
	for _, s := range []string{"010203-1234", "０１０２０３１２３４", "\xff010203\x001234", "٠١٠٢٠٣١٢٣٤", "0 1 0 2 0 3 1 2 3 4 5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		masked, found := Mask(s)
		last := 0
		for _, hit := range found {
			if hit.Start < last || hit.End <= hit.Start || hit.End > len(s) {
				t.Fatalf("findings out of order or bounds: %v in %q", found, s)
			}
			last = hit.End
		}
		if again := Find(masked); len(again) > 0 {
			t.Fatalf("%q: masked as %q, where %v is found again", s, masked, again)
		}
		for _, hit := range found {
			if n := len(digits(s[hit.Start:hit.End])); n != 10 && n != 12 {
				t.Fatalf("%q: finding of %d digits", s, n)
			}
		}
		CaseAfter(s, s, nil)
	})
}

func BenchmarkMask(b *testing.B) {
	text := strings.Repeat("Hvordan samarbejder kommunen med foreninger om § 18 i 2024? ", 10)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Mask(text)
		Case(text, nil)
	}
}
