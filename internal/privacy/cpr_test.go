package privacy

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestFindSpellings(t *testing.T) {
	for _, text := range []string{
		"0102031234", "010203-1234", "010203 1234", "010203–1234", "010203—1234", "010203−1234", "010203.1234", "010203/1234", "010203 - 1234",
		"01 02 03 1234", "01.02.03-1234", "01/02-03 1234", "01-02-03-1234", "01 02 03 12 34", "0 1 0 2 0 3 1 2 3 4", "010203\n1234", "010203-\n  1234",
		"010203\u00a01234", "010203\u200b1234", "0102\u200d031234", "０１０２０３-１２３４", "٠١٠٢٠٣-١٢٣٤", "610203-1234", "890296 4321", "01021903-1234", "01-02-1903-1234", "010219031234",
		"290200-4234", "310899_1234", "010203:1234", "01 0203 1234", "0102 03 1234", "01. 02. 03 - 1234", "010203**-**1234", "010203\r\n> > 1234", "01:02:03:1234", "07.10.2012/5128", "010203 \u2013 1234", "010203\u00ad1234", "𝟘𝟙𝟘𝟚𝟘𝟛-𝟙𝟚𝟛𝟜",
	} {
		for _, frame := range []string{"%s", "CPR: %s", "cpr.nr.%s", "Borger (%s) har søgt.", "cpr%s", "har søgt %s, må hun?"} {
			in := fmt.Sprintf(frame, text)
			got, found := Mask(in, Options{})
			if want := strings.Replace(in, text, CPRMask, 1); got != want || len(found) != 1 {
				t.Errorf("%q: got %q, want %q", in, got, want)
			}
		}
	}
}

// TestFindLabelled: after »CPR« letters may stand for digits, the grouping may be any, and the date may have a slip.
func TestFindLabelled(t *testing.T) {
	for _, text := range []string{"O1O2O3-l234", "lO/Ol/lO O4lO", "o1o2o3l234", "0l02O3 l2 34", "0102 03,1234", "010 203 1234", "310203-1234", "3102031234", "01020 31234", "0102031\n234", "O10203,\nI234"} {
		for _, label := range []string{"CPR: ", "cpr-nr. ", "CPR nr.: ", "cpr.nr. ", "»CPR:« ", "personnummer ", "CPR-nummeret er ", "cpr "} {
			in := "Borgerens " + label + text + " skal rettes"
			if got, found := Mask(in, Options{}); len(found) != 1 || found[0].Kind != CPR || !strings.HasSuffix(got, label+CPRMask+" skal rettes") {
				t.Errorf("%q: %q", in, got)
			}
		}
	}
}

// TestFindBeside are numbers with something close by.
func TestFindBeside(t *testing.T) {
	for in, want := range map[string]string{
		"010203-1234/311299-4321":                      CPRMask + "/" + CPRMask,
		"0102031234-3112994321-0506701234":             CPRMask + "-" + CPRMask + "-" + CPRMask,
		"https://borger.dk/sag/010203-1234":            "https://borger.dk/sag/" + CPRMask,
		"https://borger.dk/?cpr=0102031234&x=1":        "https://borger.dk/?cpr=" + CPRMask + "&x=1",
		"<tel:0102031234|010203-1234>":                 CPRMask,
		"notat2-070761-4285.pdf":                       "notat2-" + CPRMask + ".pdf",
		"010203-1234@borger.dk":                        CPRMask,
		"konto 1234 0102031234":                        "konto " + CPRMask,
		"010203 (1234)":                                CPRMask + ")",
		"cpr 010203-1234, født 010203, tlf 20304050":   "cpr " + CPRMask + ", født [fødselsdato fjernet], tlf [telefonnummer fjernet]",
		"CPR-nr.: 010203-1234 og kontonr.: 1234567890": "CPR-nr.: " + CPRMask + " og kontonr.: [kontonummer fjernet]",
		"010203-1234\n020304-4321\n0506701234":         CPRMask + "\n" + CPRMask + "\n" + CPRMask,
	} {
		if got, _ := Mask(in, Options{}); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestFalseFriends(t *testing.T) {
	for _, text := range []string{
		"", "§ 18, stk. 2", "lov nr. 1651 af 30. december 2024", "27.45.00", "CVR 12345678", "CVR 12 34 56 78", "CVR-nr. 20304050", "20304050",
		"ISBN 978-87-7488-886-4", "ISBN 0102031234", "ISBN-10: 0-10-203123-4", "https://doi.org/10.1177/0899764011434558", "10.22439/dansoc.v31i2.6344",
		"2004, 2012, 2020 og 2024", "2015-2016", "fra 2004 til 2012", "156,2 mio. kr.", "320203-1234", "011303-1234", "310203-1234", "000203-1234", "01020312345", "12010203-1234",
		"1.525 foreninger", "3. juli 2024", "4404 01 02 03 12345", "290200-1234", "890299-4321", "310404 1111", "290223-1234",
		"EAN 5798000123456", "5790001234567", "EAN-nr. 5798 0012 34567", "ISBN 978-87-02-01020-3", "ISBN 87-02-01020-3", "ISSN 0102-0312", "KLE 27.45.00 G01", `"ISBN": "8702010203"`,
		"§§ 18 og 18 a, 79, 81-83", "2019-2021", "2019 2021", "2004, 2006, 2012-2020", "den 01.02.2023 kl. 12.34", "01.02.2023 12:34", "01.02.23 12:34", "23 Jun 2004 05:11:20 +0000", "13 Oct 2002 15:01:50", "2007-01-31 00:00", "2012-12-14:50", "T5:01:02.048176", "sendt 12. maj 2010 10:11:12 +0200", "CPR-opslag den 12.03.24 10:15", "CPR-registret 12.03.2024 10.15", "01.02.2023-31.12.2024", "1. februar 2003 og 12. marts 1904", "01/02 2023",
		"kl. 10.02-03.12", "https://example.dk/?id=99010203123499", "2010-12 2012", "s. 1012-1020", "31(2), 12-34", "12.03.2024",
		"(01) 02 03", "1 2 3 4 5 6 7 8 9 10", "4.500 timer, 12.300 kr.", "10.1177/0102031234567", "10.1177/0102031234", "https://www.worldcat.org/title/1011651366", "0102031233,50 kr.", "1012201235 kr.",
		"550e8400-e29b-41d4-a716-010203123455", "3f0102031235ab9", "8000 8200", "4500 5200 kr.", "12 13 14 15 og 16", "1 20 30 40 50", "127.0.0.1", "27.45.12.34",
	} {
		if found := Find(text, Options{}); len(found) > 0 {
			t.Errorf("%q: found %v", text, found)
		}
	}
}

// person draws a CPR number: ten digits, and the year in full.
func person(r *rand.Rand) (number string, year int) {
	for {
		day, month, seventh := 1+r.IntN(31), 1+r.IntN(12), r.IntN(10)
		y := r.IntN(100)
		year = century(y, seventh)
		if !valid(day, month, year) {
			continue
		}
		if r.IntN(8) == 0 {
			day += 60
		}
		return fmt.Sprintf("%02d%02d%02d%d%03d", day, month, y, seventh, r.IntN(1000)), year
	}
}

var (
	spacings  = []string{" ", "\u00a0", "\u2009", "\u202f", "\u2007", "\u3000", "\t"}
	dashings  = []string{"-", "–", "—", "−", "‐", "‑", "‒", "―", "－", "﹣", "."}
	unseens   = []string{"\u200b", "\u200d", "\u200e", "\u2060", "\u00ad", "\ufeff", "\u202d", "\u2068"}
	breakings = []string{"\n", "\r\n", "\n  ", "-\n", " \n> ", "\\n", "\u2028"}
	zeros     = []rune{'０', '٠', '۰', '०', '০', '๐', '𝟎', '𝟘', '𝟬', '𝟶'}
	framings  = []string{"%s", "Min borger %s vil være frivillig.", "»%s«", "\"%s\"", "(%s)", "**%s**", "`%s`", "_%s_", "> %s", "- %s", `{"text":"%s"}`, `{"cpr": "%s", "alder": 42}`, "[%s](https://example.dk)",
		"A &amp; B, %s &lt;her&gt;", "<mailto:a@b.dk|a@b.dk> %s", "CPR: %s", "cpr-nr. %s", "»CPR:« %s", "CPR nr.: %s", "cpr.nr.%s", "personnummer %s", "|%s|x|", "Se %s; det er 3. gang i 2024.", "borgeren,%s,har søgt", "har%s", "nr.1: %s"}
)

func pick[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }

// spell writes a number in one of the ways people and programs do. labelled: it will stand after »CPR«.
func spell(r *rand.Rand, n string, year int, labelled bool) string {
	sep := func() string {
		switch r.IntN(8) {
		case 0:
			return pick(r, spacings) + pick(r, dashings) + pick(r, spacings)
		case 1, 2:
			return pick(r, spacings)
		case 3:
			return pick(r, []string{"/", "_", ":", "·", "／", "&nbsp;", "&ndash;", "&#45;", "\\-", "\\u2013", "%20", "-"})
		}
		return pick(r, dashings)
	}
	groups := []string{n[:2], n[2:4], n[4:6], n[6:]}
	if r.IntN(5) == 0 {
		groups[2] = fmt.Sprint(year)
	}
	var s string
	switch r.IntN(8) {
	case 0:
		s = strings.Join(groups, "")
	case 1, 2, 3:
		s = strings.Join(groups[:3], "") + sep() + groups[3]
	case 4:
		dot := pick(r, []string{" ", ".", "-", "/", "–", "\u00a0"})
		s = strings.Join(groups[:3], dot) + sep() + groups[3]
	case 5:
		s = strings.Join([]string{n[:2], n[2:4], n[4:6], n[6:8], n[8:]}, pick(r, spacings))
	case 6:
		s = strings.Join(strings.Split(n, ""), pick(r, []string{" ", "-", "\u00a0", "."}))
	case 7:
		s = strings.Join(groups[:3], "") + pick(r, breakings) + groups[3]
	}
	if labelled && r.IntN(3) == 0 {
		s = strings.NewReplacer("0", pick(r, []string{"O", "o", "0"}), "1", pick(r, []string{"l", "I", "1"})).Replace(s)
		if strings.Contains(s, "\\") || strings.Contains(s, "&") || strings.Contains(s, "%") {
			return n
		}
		return s
	}
	if strings.ContainsAny(s, "\\&%") { // an escape stays as it is
		return s
	}
	if r.IntN(4) == 0 {
		zero := pick(r, zeros)
		s = strings.Map(func(c rune) rune {
			if c >= '0' && c <= '9' {
				return zero + c - '0'
			}
			return c
		}, s)
	}
	if r.IntN(4) == 0 {
		rs := []rune(s)
		at := 1 + r.IntN(len(rs)-1)
		s = string(rs[:at]) + pick(r, unseens) + string(rs[at:])
	}
	return s
}

// TestEverySpelling draws numbers, spellings and sentences around them: all are found, whole, and nothing else is.
func TestEverySpelling(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 2024))
	seen := map[string]bool{}
	missed := 0
	for len(seen) < 6_000 {
		n, year := person(r)
		frame := pick(r, framings)
		value := spell(r, n, year, strings.Contains(strings.ToLower(frame), "cpr:") || strings.Contains(frame, "cpr-nr"))
		in := strings.Replace(frame, "%s", value, 1)
		if seen[in] {
			continue
		}
		seen[in] = true
		masked, found := Mask(in, Options{})
		cprs := 0
		for _, f := range found {
			if f.Kind == CPR {
				cprs++
				if got := in[f.Start:f.End]; !strings.Contains(got, value) && strings.Trim(value, "\u200b\u200d\u200e\u2060\u00ad\ufeff\u202d\u2068") != got {
					t.Errorf("%q: only %q is masked", in, got)
				}
			}
		}
		if cprs != 1 {
			if missed++; missed < 20 {
				t.Errorf("%q: masked as %q", in, masked)
			}
		}
	}
	t.Logf("%d of %d spellings found", len(seen)-missed, len(seen))
}
