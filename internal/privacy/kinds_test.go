package privacy

import (
	"slices"
	"strings"
	"testing"
)

// of are texts by the kind that is found in them; what is found stands between ⟨ and ⟩.
var of = map[Kind]string{
	CPREnd: `
de sidste fire er ⟨1234⟩
De sidste 4 cifre er: ⟨1234⟩
de fire sidste cifre i hendes cpr er ⟨1234⟩
løbenummer ⟨1234⟩
løbenr. ⟨1234⟩
Hun er født i maj, sidste fire: ⟨1234⟩
cpr slutter på ⟨1234⟩
CPR-nummeret ender på »⟨1234⟩«
cpr-nr. ⟨1234⟩
xxxxxx-⟨1234⟩
******-⟨1234⟩
DDMMÅÅ-⟨1234⟩
⟨1234⟩ er de sidste fire
de sidste fire er ⟨12 34⟩`,
	Phone: `
tlf. ⟨12345678⟩
tlf. ⟨20 30 40 50⟩
Ring til hende på ⟨20304050⟩
mobil: ⟨20-30-40-50⟩
⟨20 30 40 50⟩
har ⟨12 34 56 78⟩
Hun har ⟨3040 5060⟩ som nummer
⟨+45 20 30 40 50⟩
⟨+4520304050⟩
⟨0045 20304050⟩
(⟨+45⟩
⟨+46 70 123 45 67⟩
hendes nummer er ⟨20 304 050⟩
telefon ⟨20 30 40 50⟩ og ⟨30 40 50 60⟩
sms til ⟨２０３０４０５０⟩
fanges på ⟨2030.4050⟩
⟨<tel:+4520304050|20 30 40 50>⟩`,
	Email: `
skriv til ⟨mette.holm@gmail.com⟩
⟨METTE@HOLM.DK⟩.
⟨<mailto:mette@holm.dk|mette@holm.dk>⟩
⟨mette(at)holm.dk⟩
⟨mette [at] holm [dot] dk⟩
⟨mette snabel-a holm punktum dk⟩
⟨søren.østergård@kommune.dk⟩
<⟨a_b+c@x-y.co.uk⟩>
{"mail":"⟨mette@holm.dk⟩"}
mailto:⟨mette@holm.dk⟩
⟨mette@holm&#46;dk⟩
⟨mette%40holm.dk⟩`,
	Address: `
Hun bor på ⟨Bøgevej 12⟩
⟨Bøgevej 12, 3. tv, 8000 Aarhus C⟩
⟨Bøgevej 12B, st. th.⟩
⟨Store Kongensgade 45, 2. sal⟩
⟨H.C. Andersens Boulevard 12⟩
⟨Frederiksberg Allé 4, 1820 Frederiksberg C⟩
⟨Sankt Hans Gade 4⟩
hun bor på ⟨bøgevej 12⟩
⟨bøgevej 12, 3. tv⟩
bor på ⟨Solsikken 12⟩
adresse: ⟨Bøgebjerg 4, 5000 Odense⟩
⟨Solsikken 12, 8260 Viby J⟩
⟨BØGEVEJ 12⟩
⟨Bøgevej 12
8000 Aarhus⟩`,
	Account: `
reg.nr. ⟨1234 konto 1234567⟩
reg. ⟨1234 konto 12345678⟩
Reg.nr.: ⟨1234, kontonr.: 1234567890⟩
kontonummer ⟨1234567890⟩
konto ⟨1234 0001234567⟩
NemKonto: ⟨1234-1234567⟩
⟨DK50 0040 0440 1162 43⟩
⟨DK5000400440116243⟩
IBAN ⟨NO93 8601 1117 947⟩
hendes kontonummer er ⟨5479 1234567⟩`,
	CaseNo: `
sagsnr. ⟨24/010203⟩
sagsnr. ⟨2024-12345⟩
Sags-id: ⟨S2024-1234⟩
journalnr. ⟨27.45.00-G01-12-24⟩
j.nr. ⟨2024 - 1234⟩
J.nr.: ⟨24/1234⟩
sagsnummeret er ⟨123456⟩
sagen 24/⟨⟩
sag ⟨24/010203⟩
Acadre ⟨24/1234⟩`,
	Plate: `
nummerplade ⟨AB 12 345⟩
nummerpladen er ⟨AB12345⟩
bilen ⟨AB 12 345⟩
bil med nummerplade ⟨ab 12 345⟩
registreringsnummer ⟨XY 98 765⟩`,
	Document: `
pasnr. ⟨123456789⟩
pasnummer: ⟨P1234567⟩
opholdstilladelse ⟨12345678⟩
opholdskort nr. ⟨A12345678⟩
udlændingenummer ⟨12345678⟩
kørekort nr. ⟨12345678⟩
person-id ⟨87654321⟩`,
	Birth: `
født ⟨12. marts 1956⟩
født den ⟨12. marts 1956⟩
f. ⟨120356⟩
f. ⟨12.03.56⟩
født ⟨12-03-1956⟩
fødselsdato: ⟨12/3 1956⟩
fødselsdag ⟨12.03.1956⟩
født d. ⟨1. jan. 1990⟩
fødselsdato ⟨1956-03-12⟩
født ⟨12031956⟩
⟨120356⟩-xxxx`,
	Name: `
Min borger ⟨Karen Nielsen⟩ vil være frivillig
⟨Karen Nielsen⟩ har søgt om en besøgsven
Jeg har en sag om ⟨Ali Hassan Mohammed⟩
Hvad gør jeg med ⟨Mette Holm⟩, hun er bange for sin nye besøgsven?
min borger ⟨fru Jensen⟩ vil ikke lukke op
⟨Anne-Marie Østergård⟩ vil gerne være besøgsven
Må jeg give ⟨Lone K. Holms⟩ sag videre? Det er min sag.`,
}

// TestKinds finds each kind whole, and nothing else.
func TestKinds(t *testing.T) {
	for kind, list := range of {
		n := 0
		for _, marked := range examples(list) {
			if strings.Contains(marked, "⟨⟩") || strings.HasPrefix(marked, "(") {
				continue
			}
			n++
			text, want := unmark(marked)
			var got []string
			for _, f := range Find(text, Options{}) {
				got = append(got, text[f.Start:f.End])
				if f.Kind != kind {
					t.Errorf("%q: %q is found as %s, not %s", text, text[f.Start:f.End], f.Kind, kind)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s in %q: got %q, want %q", kind, text, got, want)
			}
		}
		if n < 5 {
			t.Errorf("only %d examples of %s", n, kind)
		}
	}
}

// examples splits a list at line breaks that begin an example: one with nothing marked goes on with the one before.
func examples(list string) (out []string) {
	open := false
	for line := range strings.SplitSeq(strings.TrimSpace(list), "\n") {
		if open {
			out[len(out)-1] += "\n" + line
		} else {
			out = append(out, line)
		}
		open = strings.Count(out[len(out)-1], "⟨") > strings.Count(out[len(out)-1], "⟩")
	}
	return out
}

// unmark takes the marks off.
func unmark(marked string) (text string, values []string) {
	parts := strings.FieldsFunc(marked, func(r rune) bool { return r == '⟨' || r == '⟩' })
	inside := strings.HasPrefix(marked, "⟨")
	for _, p := range parts {
		if inside {
			values = append(values, p)
		}
		inside = !inside
	}
	return strings.Join(parts, ""), values
}

// impersonal are texts that look a little like personal data.
var impersonal = strings.Split(strings.TrimSpace(`
Overvej 3 ting, før du går i gang
Alle 12 kommuner er med
I Danmark alle 98 kommuner
Underveje 4 spørgsmål
på vej 3 gange om ugen
vælg udvej 2
de sidste fire år 2019
de sidste fire: 2020
i de sidste 4 år var 1234 med
CPR blev indført i 1968
cpr-nummer og navn skal ikke skrives
født i 1956
født efter 1. januar 2004
Grundtvig, født 8. september 1783
f.eks. 120 foreninger
kontoen blev oprettet 12.03.2024
på hendes konto mangler 3.000 kr
kontoen viser 125.000 kr.
konto 2012-2013
sagen fra 2012-2013
sagen om 120 frivillige
sag C-123/45
sag 2012-2013
bilen er 10 000 kr værd
bil og 12 345 andre ting
opholdstilladelse fra 12-03-2024
pas på 12345678
kontakt os i 2012-2013
ringe i 2012 2013
kontaktes inden 12.03.2024
telefonrådgivning i 2024 for 12.345.678 kr.
på 16 24 25 34 procent
12 34 56 78 90
se [@ibsen-2016, s. 12] og [@boje-2017]
@anna hvad er samskabelse?
https://medium.com/@anna.dk/tekst
http://bd-cons.com/site/brmanagingtocollaborate.htm@opendocument.htm
arbejder i Frederiksberg Kommune 2024
i Region 2
bor i Gruppe 12
Politica 45, 2013 Aarhus
Se figur 3, 2004 København
Tabel 12, 2020 Forlag
Ringvej i Aarhus
Vesterbrogade og Nørrebrogade
journalnummer 2024
dokument 12
sagsnr. 12
løbenummer findes ikke
Mary Fonden har givet støtte til min borger
Mette Holm Centret har åbent
Johns Hopkins-projektet har vist det
Karen Nielsen og Ole Jensen
`), "\n")

func TestImpersonal(t *testing.T) {
	for _, text := range impersonal {
		for _, f := range Find(text, Options{}) {
			t.Errorf("%q: %q taken for %s", text, text[f.Start:f.End], f.Kind)
		}
	}
}

// TestKnownNames: whom the theme knows keeps the name, unless somebody of that name acts.
func TestKnownNames(t *testing.T) {
	known := func(w string) bool { return strings.EqualFold(w, "tortzen") }
	for text, want := range map[string]string{
		"Min borger vil læse Anne Tortzens bog":     "Min borger vil læse Anne Tortzens bog",
		"Min borger kender Anne Holm":               "Min borger kender " + NameMask,
		"Anne Tortzen har søgt om en besøgsven":     NameMask + " har søgt om en besøgsven",
		"Hvad har Anne Holm skrevet om ledelse?":    "Hvad har Anne Holm skrevet om ledelse?",
		"Hvad siger Anne Holm, og hvad mener hun?":  "Hvad siger Anne Holm, og hvad mener hun?",
		"Må min borger Anne Tortzen være med?":      "Må min borger Anne Tortzen være med?",
		"Min borger Ole bor hos Anne K. Holm nu":    "Min borger Ole bor hos " + NameMask + " nu",
		"Anne\nHolm har søgt, og det er min borger": "Anne\nHolm har søgt, og det er min borger",
	} {
		if got, _ := Mask(text, Options{Known: known}); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestKeep: what an institution publishes stays, in whatever spelling; what people have does not.
func TestKeep(t *testing.T) {
	articles := []string{"Center for Frivilligt Socialt Arbejde har telefon 66 14 60 61 og mail info@frivillighed.dk.", "Adressen er Albanigade 54E, 5000 Odense C.",
		"Skriv til anna.berg@frivillighed.dk. Principafgørelse, j.nr. 2015-2121. Støt på reg.nr. 1234 konto 1234567."}
	keep := Keeper(slices.Values(articles))
	for _, text := range []string{"Hvem svarer på 66 14 60 61?", "Er tlf. 66146061 åben?", "+45 66 14 60 61", "Hvem er anna.berg@frivillighed.dk?", "<mailto:ANNA.BERG@frivillighed.dk|Anna>", "albanigade 54e, 5000 odense c", "Albanigade 54E, 5000 Odense C",
		"Hvad siger j.nr. 2015-2121?", "kontakt@minforening.dk", "reg.nr. 1234 konto 1234567"} {
		if got, _ := Mask(text, Options{Keep: keep}); got != text {
			t.Errorf("%q: masked as %q", text, got)
		}
	}
	for _, text := range []string{"Hvem svarer på 66 14 60 62?", "mette@frivillighed.dk", "infoholm@gmail.com", "Albanigade 55, 5000 Odense C", "j.nr. 2015-2122", "010203-1234"} {
		if got, _ := Mask(text, Options{Keep: keep}); got == text {
			t.Errorf("%q is kept", text)
		}
	}
	if got, _ := Mask("66146061 010203-1234", Options{Keep: func(string) bool { return true }}); !strings.HasSuffix(got, CPRMask) {
		t.Errorf("a CPR number is kept: %q", got)
	}
}
