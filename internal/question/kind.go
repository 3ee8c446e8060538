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

// Suits reports whether a sentence has the sort of thing that a question of the kind asks for: a number, a year, a name.
// Kinds that ask for no such thing suit every sentence.
func (k Kind) Suits(sentence string) bool {
	var has func(t danish.Token) bool
	switch k {
	case KindMany:
		has = func(t danish.Token) bool {
			return strings.ContainsFunc(t.Text, unicode.IsDigit) && !year(t.Text) || numerals[strings.ToLower(t.Text)]
		}
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

// year reports whether a token is a year.
func year(t string) bool {
	return len(t) == 4 && strings.Trim(t, "0123456789") == "" && (t[:2] == "18" || t[:2] == "19" || t[:2] == "20")
}

// numerals are numbers in words.
var numerals = map[string]bool{"to": true, "tre": true, "fire": true, "fem": true, "seks": true, "syv": true, "otte": true, "ni": true, "ti": true, "elleve": true, "tolv": true,
	"halvdelen": true, "tredjedel": true, "fjerdedel": true, "flertallet": true, "flest": true, "fleste": true}
