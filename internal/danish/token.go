package danish

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Token is a word, a number or a paragraph sign of a text.
type Token struct {
	Text       string // as written
	Start, End int    // bytes
}

// Tokens splits text into runs of letters and digits. A number keeps the points and commas between its digits (27.45.00,
// 15,5); § is a token of its own; everything else separates.
func Tokens(text string) []Token {
	out := make([]Token, 0, len(text)/6+1)
	start := -1
	flush := func(end int) {
		if start >= 0 {
			out = append(out, Token{text[start:end], start, end})
			start = -1
		}
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case wordRune(r, size):
			if start < 0 {
				start = i
			}
		case r == '§':
			flush(i)
			out = append(out, Token{text[i : i+size], i, i + size})
		case (r == '.' || r == ',') && start >= 0 && betweenDigits(text, i):
			// part of a number
		case start >= 0 && accent(r):
			// belongs to the letter before
		default:
			flush(i)
		}
		i += size
	}
	flush(len(text))
	return out
}

func wordRune(r rune, size int) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return (r != utf8.RuneError || size > 1) && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// accent reports whether a rune is a combining mark. The selectors that make a sign an emoji are none.
func accent(r rune) bool {
	return unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Variation_Selector, r)
}

func betweenDigits(s string, i int) bool {
	return i > 0 && i+1 < len(s) && asciiDigit(s[i-1]) && asciiDigit(s[i+1])
}

func asciiDigit(b byte) bool { return b >= '0' && b <= '9' }

// hasDigit reports whether a word is a number or holds one, and so is never stemmed.
func hasDigit(word string) bool { return strings.ContainsFunc(word, unicode.IsDigit) }
