package danish

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold writes text in lower case with æ, ø, å as ae, oe, aa and without accents, as people type who lack the letters.
// Invalid bytes become U+FFFD.
func Fold(s string) string {
	plain := true
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 8)
	for _, r := range compose(s) {
		foldRune(&b, unicode.ToLower(r))
	}
	return b.String()
}

func foldRune(b *strings.Builder, r rune) {
	switch r {
	case 'æ', 'ä', 'ǽ', 'ǣ':
		b.WriteString("ae")
	case 'ø', 'ö', 'œ', 'ǿ':
		b.WriteString("oe")
	case 'å', 'ǻ':
		b.WriteString("aa")
	case 'ß':
		b.WriteString("ss")
	default:
		if r < utf8.RuneSelf {
			b.WriteByte(byte(r))
			return
		}
		if unicode.Is(unicode.Mn, r) {
			return
		}
		for _, d := range norm.NFD.String(string(r)) {
			if !unicode.Is(unicode.Mn, d) {
				b.WriteRune(d)
			}
		}
	}
}

// compose joins letters and combining accents; text that is composed already, as nearly all is, is returned as it is.
func compose(s string) string {
	if norm.NFC.IsNormalString(s) {
		return s
	}
	return norm.NFC.String(s)
}

// Lower is the form of a word that the functions on words expect: composed and in lower case.
func Lower(word string) string { return strings.ToLower(compose(word)) }
