package question

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kildesvar/internal/danish"
)

// Kind is what sort of thing a question asks for, by its question word. Question words are stop words to the index, but
// »hvem er frivillige« and »hvor mange er frivillige« have different answers.
type Kind string

// The kinds that are told apart. KindOther is everything else, »hvad« among it.
const (
	KindOther Kind = ""
	KindWho   Kind = "hvem"
	KindWhen  Kind = "hvornår"
	KindMany  Kind = "hvor mange"
	KindWhy   Kind = "hvorfor"
	KindHow   Kind = "hvordan"
	KindWhere Kind = "hvor"
	KindMay   Kind = "må"
)

// kindWords give the kind by a folded word, as people spell it.
var kindWords = map[string]Kind{
	"hvem": KindWho, "vem": KindWho, "hvems": KindWho, "hvis": KindWho,
	"hvornaar": KindWhen, "vornaar": KindWhen, "hvornar": KindWhen, "aarstal": KindWhen,
	"hvormange": KindMany, "vormange": KindMany, "antal": KindMany, "andel": KindMany, "procent": KindMany,
	"hvorfor": KindWhy, "vorfor": KindWhy, "begrundelse": KindWhy, "aarsag": KindWhy,
	"hvordan": KindHow, "vordan": KindHow, "hvorledes": KindHow,
	"hvor": KindWhere, "vor": KindWhere,
}

// amounts follow »hvor« when an amount is asked for.
var amounts = map[string]bool{"mange": true, "meget": true, "stor": true, "stort": true, "store": true, "laenge": true, "ofte": true, "tit": true, "lang": true, "faa": true, "hoej": true}

// KindOf returns the kind of the first question word of a text.
func KindOf(text string) Kind {
	words := danish.Tokens(text)
	for i, t := range words {
		w := danish.Fold(t.Text)
		k, ok := kindWords[w]
		switch {
		case w == "maa" && i <= 1:
			return KindMay
		case !ok:
			continue
		case k == KindWhere && i+1 < len(words) && amounts[danish.Fold(words[i+1].Text)]:
			return KindMany
		case w == "hvis" && i > 0:
			continue // »if«, not »whose«
		}
		return k
	}
	return KindOther
}

// whatIs asks what something is.
var whatIs = cues("^ hvad/va/vad/hva er\n ^ hvad/va/vad/hva siger §/paragraf/paragraffen\n ^ hvad/va/vad/hva staar der i §/paragraf/paragraffen")

// WhatIs reports whether a text asks what something is: »hvad er …«, »hvad siger § …«.
func WhatIs(text string) bool {
	words := foldedWords(text)
	return slices.ContainsFunc(whatIs, func(c cue) bool { return c.in(words) })
}

// named asks what something is called, and names it by what it is.
var named = cues("hvad/va/vad/hva _ kalder/kaldes/kald/hedder")[0]

// Named reports whether a text asks for a name: »hvad hedder det, når …«.
func Named(text string) bool { return named.in(foldedWords(text)) }

// counting begins a question that is answered by a number or a year, and by nothing else.
var counting = cues(`
	^ hvor/vor mange/stor/stort
	^ hvor/vor meget er/var/udgoer/koster/bruger/faar/fik
	^ hvormange/vormange
	^ hvornaar/hvornar/vornaar
`)

// Counting reports whether a text begins so: »vis, hvor mange …« does not.
func Counting(text string) bool {
	for _, s := range Asking(text) {
		if words := foldedWords(text[s.Start:s.End]); slices.ContainsFunc(counting, func(c cue) bool { return c.in(words) }) {
			return true
		}
	}
	return false
}

// yesNo are folded words that begin a question which is answered by yes or no.
var yesNo = set("er har kan maa ma skal gaelder passer virker findes faar bliver boer vil hoerer var blev taeller hjaelper goer")

// YesNo reports whether a text asks so.
func YesNo(text string) bool {
	asked := Asking(text)
	words := foldedWords(text[asked[0].Start:asked[0].End])
	return len(words) > 0 && yesNo[words[0]]
}

// says are folded words that ask what somebody says, or has found out.
var says = set(`siger sagt sagde mener mente anbefaler anbefalede anbefaling anbefalinger peger pegede foreslaar foreslog konkluderer konkluderede fandt finder viser viste undersoegt
	undersoegte undersoeger fremhaever fremhaevede kritiserer kritiserede advarer advarede beskriver beskrev forstaar forstod definerer definerede skelner raad`)

// Says reports whether a text asks what somebody says.
func Says(text string) bool {
	return slices.ContainsFunc(foldedWords(text), func(w string) bool { return says[w] })
}

// Suits reports whether a sentence has the sort of thing that a question of the kind asks for: a number, a year, a name.
// Kinds that ask for no such thing suit every sentence.
func (k Kind) Suits(sentence string) bool {
	var has func(t danish.Token) bool
	switch k {
	case KindMany:
		return counts(sentence)
	case KindWhen:
		has = func(t danish.Token) bool { return year(t.Text) }
	case KindWho:
		has = func(t danish.Token) bool {
			r, _ := utf8.DecodeRuneInString(t.Text)
			return t.Start > 0 && unicode.IsUpper(r)
		}
	default:
		return true
	}
	return slices.ContainsFunc(danish.Tokens(sentence), has)
}

// counts reports whether a sentence says how many or how much: it has a number that is no year, no date, no paragraph and no place in a
// list, or »hver tiende«.
func counts(sentence string) bool {
	words := danish.Tokens(sentence)
	folded := func(i int) string {
		if i < 0 || i >= len(words) {
			return ""
		}
		return danish.Fold(words[i].Text)
	}
	for i, t := range words {
		before := folded(i - 1)
		switch {
		case numerals[strings.ToLower(t.Text)], before == "hver" && strings.HasSuffix(folded(i), "nde"):
			return true
		case !strings.ContainsFunc(t.Text, unicode.IsDigit) || years(t.Text) || before == "§" || listed[before] || months[folded(i+1)]:
		case strings.HasSuffix(strings.TrimRight(sentence[:t.Start], " "), "§"):
		default:
			return true
		}
	}
	return false
}

// listed are folded words whose number says which one is meant, not how many there are.
var listed = set("§ stk nr nummer trin punkt kriterium kapitel paragraf lov")

var months = set("januar februar marts april maj juni juli august september oktober november december")

// years reports whether a token is a year, or two with a dash between them.
func years(t string) bool {
	from, to, both := strings.Cut(strings.ReplaceAll(t, "–", "-"), "-")
	return year(from) && (!both || year(to))
}

// year reports whether a token is a year.
func year(t string) bool {
	return len(t) == 4 && strings.Trim(t, "0123456789") == "" && (t[:2] == "18" || t[:2] == "19" || t[:2] == "20")
}

// numerals are numbers in words.
var numerals = map[string]bool{"to": true, "tre": true, "fire": true, "fem": true, "seks": true, "syv": true, "otte": true, "ni": true, "ti": true, "elleve": true, "tolv": true,
	"halvdelen": true, "tredjedel": true, "fjerdedel": true, "flertallet": true, "flest": true, "fleste": true}
