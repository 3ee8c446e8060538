package privacy

import (
	"strings"
	"testing"
	"time"
)

func TestFindSeveral(t *testing.T) {
	got, found := Mask("010203-1234 og 311299-4321; 0506701234.", Options{})
	if len(found) != 3 || got != CPRMask+" og "+CPRMask+"; "+CPRMask+"." {
		t.Errorf("got %q, %d found", got, len(found))
	}
}

// TestFindOffsets: findings are stretches of the text given, also when one lies beside another's mask.
func TestFindOffsets(t *testing.T) {
	text := "Ring på +45 20 30 40 50 til mette\u200b@holm.dk om 010203-1234, født 12. marts 1956 på Bøgevej 12, 8000 Aarhus C."
	want := []string{"+45 20 30 40 50", "mette\u200b@holm.dk", "010203-1234", "12. marts 1956", "Bøgevej 12, 8000 Aarhus C"}
	var got []string
	for _, f := range Find(text, Options{}) {
		got = append(got, text[f.Start:f.End])
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNote(t *testing.T) {
	if got := Note(nil); got != "" {
		t.Errorf("a note about nothing: %q", got)
	}
	for want, ks := range map[string][]Kind{
		"indeholde et CPR-nummer. Oplysningen er fjernet":                                   {CPR},
		"indeholde et CPR-nummer og et telefonnummer. Oplysningerne er fjernet":             {Phone, CPR, Phone},
		"indeholde et CPR-nummer, et telefonnummer og en mailadresse. Oplysningerne er":     {Email, Phone, CPR},
		"indeholde navnet på en person og en adresse. Oplysningerne er":                     {Name, Address},
		"indeholde nummeret på et pas, en opholdstilladelse eller et kørekort. Oplysningen": {Document},
	} {
		got := Note(ks)
		if !strings.Contains(got, want) || !strings.HasSuffix(got, "Slet også din besked dér, hvor du skrev den.") {
			t.Errorf("%v: %q", ks, got)
		}
		if again := Find(got, Options{}); len(again) > 0 {
			t.Errorf("the note holds personal data: %q", got)
		}
	}
	for _, k := range kinds { // every kind has its own words
		if k.kind.Mask() != k.mask || !strings.HasPrefix(k.mask, "[") || !strings.HasSuffix(k.mask, ending) || !strings.Contains(Note([]Kind{k.kind}), k.noun) {
			t.Errorf("%s: mask %q, noun %q", k.kind, k.mask, k.noun)
		}
	}
}

func TestKindsAndWithout(t *testing.T) {
	masked, _ := Mask("Kan mette@holm.dk (tlf. 20 30 40 50) være besøgsven?", Options{})
	if got := Kinds(masked); len(got) != 2 || got[0] != Phone || got[1] != Email {
		t.Errorf("kinds %v of %q", got, masked)
	}
	if got := Without(masked); got != "Kan (tlf. ) være besøgsven?" {
		t.Errorf("without masks: %q", got)
	}
	if Kinds("Oplysningen er fjernet]") != nil || Without("a  b") != "a  b" {
		t.Error("a text with no mask is not left alone")
	}
}

func FuzzMask(f *testing.F) {
	for _, s := range []string{"010203-1234", "０１０２０３１２３４", "\xff010203\x001234", "٠١٠٢٠٣١٢٣٤", "0 1 0 2 0 3 1 2 3 4 5", "[cpr-nummer fjernet]1234", "cpr O1O2O3-l234", "12-010203-1234-20 30 40 50",
		"tlf 20304050010203-1234", "a@b.dk@c.dk", "&amp;#48;&#49;0203&nbsp;1234", "010203\\n1234", "_20 30 40 50_", "reg. 1234 konto 1234567 20 30 40 50", "f. 120356-xxxx", "min borger Karen Holm Nielsen",
		"Bøgevej 12, 3. tv, 8000 Aarhus C", "<mailto:a@b.dk|a@b.dk><tel:+4520304050|20>", "j.nr. 2024-1234/5", "bilen AB 12 345", "²⁰³⁰", "a\u030ab"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		masked, found := Mask(s, Options{})
		last := 0
		for _, hit := range found {
			if hit.Start < last || hit.End <= hit.Start || hit.End > len(s) {
				t.Fatalf("findings out of order or bounds: %v in %q", found, s)
			}
			last = hit.End
		}
		if again, _ := Mask(masked, Options{}); again != masked {
			t.Fatalf("%q: masked as %q, and that as %q", s, masked, again)
		}
		for _, hit := range found {
			if hit.Kind == CPR && hit.End-hit.Start < 10 {
				t.Fatalf("%q: finding of %d bytes", s, hit.End-hit.Start)
			}
		}
		CaseAfter(s, s, nil)
		Kinds(Without(masked))
	})
}

// cost are texts that could make a search slow.
func cost(n int) map[string]string {
	fill := func(s string) string { return strings.Repeat(s, n/len(s)+1)[:n] }
	return map[string]string{
		"ordinary":  fill("Hvordan samarbejder kommunen med foreninger om indsatser i nærmiljøet? "),
		"numbers":   fill("I 2024 gav § 18 1.250 kr. til 12 foreninger. "),
		"digits":    fill("0123456789"),
		"pairs":     fill("20 30 40 50 "),
		"cpr":       fill("010203-1234 "),
		"labels":    fill("cpr tlf konto sagsnr født pas nr "),
		"ats":       fill("a@"),
		"local":     fill("a.") + "@",
		"mailto":    fill("<mailto:"),
		"brackets":  fill("["),
		"ampersand": fill("&amp;"),
		"names":     fill("Karen Nielsen "),
		"streets":   fill("Store Vej "),
		"chain":     fill("1-010203-1234"),
	}
}

// TestLinear: four times the text takes four times as long and something for chance, not sixteen times. The sizes are such that regexp
// works in the same way for both.
func TestLinear(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("measures time")
	}
	const small = 64_000
	once := func(text string) time.Duration {
		start := time.Now()
		Mask(text, Options{})
		return time.Since(start)
	}
	long := cost(4 * small)
	for name, text := range cost(small) {
		var ratio float64
		for range 4 { // others share the machine
			fast := min(once(text), once(text))
			if ratio = float64(once(long[name])) / float64(fast); ratio < 9 {
				break
			}
		}
		if ratio >= 9 {
			t.Errorf("%s: four times the text takes %.1f times as long", name, ratio)
		}
	}
}

func BenchmarkMask(b *testing.B) {
	for name, text := range cost(16_000) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				Mask(text, Options{})
			}
		})
	}
	b.Run("question", func(b *testing.B) {
		text := "Kan en borger på kontanthjælp være frivillig i en forening, og hvad siger § 18 om det?"
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			Mask(text, Options{})
		}
	})
}
