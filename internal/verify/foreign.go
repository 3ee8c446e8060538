package verify

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kildesvar/internal/verify/reading"
)

// suspicious are beginnings of links, mentions, images, code and markup.
var suspicious = []string{"http:", "https:", "www.", "mailto:", "<", "![", "](", "`", "{{", "ftp:", "data:", "javascript:", "xoxb-", "@"}

// foreign finds what no sentence about the passages has.
func foreign(s string, passages []Passage) []Fault {
	lower := lowerASCII(s)
	for _, f := range suspicious {
		if i := strings.Index(lower, f); i >= 0 {
			return []Fault{{Kind: Foreign, Text: f, Offset: i}}
		}
	}
	for i, r := range s {
		switch {
		case r == utf8.RuneError, unicode.IsControl(r) && r != '\n' && r != '\t', unicode.Is(unicode.Cf, r) && r != '\u00ad':
			return []Fault{{Kind: Foreign, Text: "", Offset: i}}
		case unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) && r != 'µ' && !has(passages, r):
			return []Fault{{Kind: Foreign, Text: string(r), Offset: i}}
		case unicode.Is(unicode.So, r) && !has(passages, r):
			return []Fault{{Kind: Foreign, Text: string(r), Offset: i}}
		}
	}
	return nil
}

// lowerASCII writes A to Z small and keeps every byte in its place.
func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func has(passages []Passage, r rune) bool {
	for _, p := range passages {
		if strings.ContainsRune(p.Text, r) {
			return true
		}
	}
	return false
}

// danishWords are small words that tell Danish from its neighbours and from English.
var danishWords = reading.Set("og er at af til det den de ikke en et som på for med der har kan skal bør må om fra ved i")

// foreignWords is how many small words of another language make a sentence foreign, when they are more than the Danish ones.
const foreignWords = 2

// language finds sentences in another language and orders to a reader or to a machine.
func language(s *reading.Text) *Fault {
	for _, m := range s.Marks {
		if m.Class&reading.Instruction != 0 {
			return &Fault{Kind: Foreign, Text: s.Toks[m.Pos].Raw, Offset: s.Toks[m.Pos].Start}
		}
	}
	for _, sp := range s.Sents {
		var count [4]int
		own, first := 0, -1
		for i := sp.From; i < sp.To; i++ {
			k := s.Toks[i]
			if danishWords[k.W.Lower] {
				own++
			}
			for n, c := range []reading.Class{reading.English, reading.German, reading.Swedish, reading.Norwegian} {
				if k.W.Class&c != 0 {
					count[n]++
					if first < 0 {
						first = i
					}
				}
			}
		}
		for n, c := range count {
			if c >= foreignWords && c > own || n > 0 && c >= foreignWords && 2*c >= own {
				return &Fault{Kind: Foreign, Text: s.Toks[first].Raw, Offset: s.Toks[first].Start}
			}
		}
	}
	return nil
}
