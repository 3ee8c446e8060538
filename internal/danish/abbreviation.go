package danish

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// abbreviations end with a point that ends no sentence, whatever follows.
var abbreviations = makeSet(`bl.a bla f.eks feks f.x fx jf jvf nr dvs d.v.s ca kl tlf inkl ekskl evt iflg ift i.f.t pga p.g.a hhv vedr red udg dr prof
adr afd bek lbk bkg lovbekg bekg vejl cirk div eksl fhv flg gns henh if ill iht i.h.t lb lign maks mht m.h.t ang alm obs opr oprind resp rk sml spec st skt sct str
th tidl uafh vha v.h.a d u jan feb febr apr aug sep sept okt nov dec hr fr frk forf oversat overs hrsg eds ed cf ibid vs t.eks o.s.v s.u pr t.o.m f.o.m p.t pt
nuv sdr gl`)

// numbered are abbreviations before a number. Some are words too (art, min, tab), so that nothing else makes them abbreviations.
var numbered = makeSet("art tab min s ss p pp kap bd bind fig pkt afsn vol mar sek sp")

// closing are abbreviations that may well end a sentence: then a capital letter follows.
var closing = makeSet(`osv o.s.v m.fl mfl m.m mm m.v mv etc kr pct o.l ol o.a o.lign olign u.å u.a inc ltd aps f ff årg årh tv stk mio mia mdr e.kr f.kr m.a`)

// titles begin the degrees and titles that stand before a name as well as at the end of a sentence.
var titles = []string{"cand.", "stud.", "lic.", "mag.", "dr.", "ph.d", "cand", "mag", "scient", "phil", "jur", "adj", "lekt"}

// months follow the day of a date; a writer may give them a capital.
var months = makeSet("januar februar marts april maj juni juli august september oktober november december")

// abbreviated reports whether the point at i, with the marks after it up to end, belongs to an abbreviation, an initial
// or an ordinal number.
func abbreviated(text string, i, end int) bool {
	word := wordBefore(text, i)
	if word == "" {
		return false
	}
	lower := Lower(word)
	rest := strings.TrimLeftFunc(text[end:], unicode.IsSpace)
	next, _ := utf8.DecodeRuneInString(rest)
	switch {
	case end > i+1:
		return false // the sentence's own quotation or parenthesis closes after the point
	case initial(word) || title(lower):
		return !beginner(rest)
	case closing[lower]:
		return !unicode.IsUpper(next)
	case abbreviations[lower]:
		return true
	case numbered[lower]:
		return unicode.IsDigit(next)
	}
	return ordinal(text, i, word, rest)
}

// wordBefore is the run of letters, digits, accents and inner points before i: »bl.a« of »bl.a.«.
func wordBefore(text string, i int) string {
	from := i
	for from > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:from])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && r != '.' {
			break
		}
		from -= size
	}
	return strings.TrimLeft(text[from:i], ".")
}

// initial reports whether a word is the initial of a name: one capital letter, or some with points (H.C).
func initial(word string) bool {
	for part := range strings.SplitSeq(word, ".") {
		r, size := utf8.DecodeRuneInString(part)
		if size != len(part) || !unicode.IsUpper(r) {
			return false
		}
	}
	return true
}

func title(lower string) bool {
	for _, t := range titles {
		if lower == t || strings.HasSuffix(t, ".") && strings.HasPrefix(lower, t) {
			return true
		}
	}
	return lower == "ph.d"
}

// beginner reports whether the next word is one that begins sentences and no names: Det, Hun, Derefter.
func beginner(rest string) bool {
	word := firstToken(rest)
	return utf8.RuneCountInString(word) > 1 && (StopWord(word) || beginners[word])
}

var beginners = makeSet("derefter dermed derfor desuden herefter hertil samtidig senere siden først endelig kommunen foreningen loven bogen artiklen")

// firstToken is the first word of a text, in lower case; it looks at the first letters only.
func firstToken(rest string) string {
	if ts := Tokens(rest[:min(len(rest), 40)]); len(ts) > 0 {
		return Lower(ts[0].Text)
	}
	return ""
}

// ordinal reports whether a number with a point is an ordinal: a date, or the number of an entry at the beginning of a line.
func ordinal(text string, i int, word, rest string) bool {
	if len(word) > 2 || strings.ContainsFunc(word, func(r rune) bool { return r < '0' || r > '9' }) {
		return false
	}
	if months[firstToken(rest)] {
		return true
	}
	before := strings.TrimRight(text[:i-len(word)], " \t(»“”\"")
	return before == "" || strings.HasSuffix(before, "\n")
}
