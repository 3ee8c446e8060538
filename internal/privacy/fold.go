package privacy

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What stands in a folded text for a mask and for a character with no plain likeness. Neither is part of anything found.
const (
	barrier = '\x02'
	other   = '\x01'
)

// folded is a text in plain ASCII. Its bytes are in the order of the text's characters; invisible characters have none, æ, ø and å two.
type folded struct {
	text  string // lower case
	cased string // as long, with capitals
	// start and end are where in the text given the character of each byte begins and ends.
	start, end []int32
}

// span is the stretch of the text given that bytes i to j of the folded text stand for.
func (f *folded) span(i, j int) (from, to int) { return int(f.start[i]), int(f.end[j-1]) }

// fold folds a text. The stretches between two masks are folded each by itself.
func fold(text string) *folded {
	b := &folder{cased: make([]byte, 0, len(text)+8), start: make([]int32, 0, len(text)+8), end: make([]int32, 0, len(text)+8)}
	from := 0
	for i := 0; i < len(text); i++ {
		if text[i] != '[' {
			continue
		}
		if n := maskAt(text[i:]); n > 0 {
			b.segment(text[from:i], from)
			b.emit(barrier, i, i+n)
			from = i + n
			i = from - 1
		}
	}
	b.segment(text[from:], from)
	cased := string(b.cased)
	return &folded{text: strings.ToLower(cased), cased: cased, start: b.start, end: b.end}
}

// maskAt is the length of the mask that the text begins with, or 0.
func maskAt(text string) int {
	for i := range kinds {
		if strings.HasPrefix(text, kinds[i].mask) {
			return len(kinds[i].mask)
		}
	}
	return 0
}

// folder makes a folded text.
type folder struct {
	cased      []byte
	start, end []int32
	wasRaised  bool // the last byte is a digit that stood above or below the line
}

func (b *folder) emit(c byte, from, to int) {
	b.wasRaised = false
	b.cased = append(b.cased, c)
	b.start = append(b.start, int32(from))
	b.end = append(b.end, int32(to))
}

func (b *folder) last() byte {
	if len(b.cased) == 0 {
		return 0
	}
	return b.cased[len(b.cased)-1]
}

// segment folds a stretch that holds no mask; base is where it stands in the text.
func (b *folder) segment(s string, base int) {
	first := len(b.cased)
	for i := 0; i < len(s); {
		r, size := decode(s[i:])
		b.rune(r, base+i, base+i+size, len(b.cased) == first)
		if n := len(b.cased) - 2; r == '_' && (n < first || !alnum(b.cased[n]) || i+size >= len(s) || !alnum(s[i+size]) && s[i+size] < utf8.RuneSelf) {
			b.cased[len(b.cased)-1] = ' ' // emphasis, not part of a word
		}
		i += size
	}
}

func alnum(c byte) bool {
	return c >= '0' && c <= '9' || letter(c)
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// rune emits what a character looks like. fresh: nothing stands before it.
func (b *folder) rune(r rune, from, to int, fresh bool) {
	if r >= '！' && r <= '～' { // full width
		r -= '！' - '!'
	}
	if r < utf8.RuneSelf {
		switch {
		case r == '\n' || r == '\r':
			r = '\n'
		case r < ' ' || r == 0x7f:
			r = ' '
		}
		b.emit(byte(r), from, to)
		return
	}
	if like, ok := likeness[r]; ok {
		for _, c := range []byte(like) {
			b.emit(c, from, to)
		}
		return
	}
	if v, ok := digitValue(r); ok {
		b.emit(byte('0'+v), from, to)
		return
	}
	if v, ok := raised(r); ok {
		// After a letter, digit or sign it is a footnote.
		if last := b.last(); fresh || last == ' ' || last == '\n' || last == '-' || b.wasRaised {
			b.emit(byte('0'+v), from, to)
			b.wasRaised = true
		} else {
			b.emit(other, from, to)
		}
		return
	}
	switch {
	case unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me):
		if r == '\u030a' && (b.last() == 'a' || b.last() == 'A') && !fresh { // å in two characters
			b.emit('a', from, to)
		}
	case unicode.IsSpace(r) || unicode.Is(unicode.Z, r):
		b.emit(' ', from, to)
	case unicode.Is(unicode.Pd, r):
		b.emit('-', from, to)
	case unicode.In(r, unicode.Pi, unicode.Pf, unicode.Ps, unicode.Pe):
		b.emit('"', from, to)
	case unicode.IsUpper(r):
		b.emit('X', from, to)
	case unicode.IsLetter(r):
		b.emit('x', from, to)
	default:
		b.emit(other, from, to)
	}
}

// likeness is the plain likeness of characters that their Unicode class does not tell.
var likeness = func() map[rune]string {
	m := map[rune]string{'æ': "ae", 'Æ': "Ae", 'ø': "oe", 'Ø': "Oe", 'å': "aa", 'Å': "Aa", 'ä': "ae", 'Ä': "Ae", 'ö': "oe", 'Ö': "Oe", 'ß': "ss", 'þ': "th", 'Þ': "Th",
		'\u0085': "\n", '\u2028': "\n", '\u2029': "\n", '\u2800': " ", '\u2019': "'", '\u2018': "'", '`': "'"}
	for plain, those := range map[string]string{
		"a": "áàâãā", "A": "ÁÀÂÃĀ", "c": "çćč", "C": "ÇĆČ", "d": "ðđ", "D": "ÐĐ", "e": "éèêëēęе", "E": "ÉÈÊËĒЕ", "i": "íìîïīıіІ", "I": "ÍÌÎÏİ", "l": "łⅼ", "L": "Ł", "n": "ñńň", "N": "ÑŃŇ",
		"o": "óòôõőōоο", "O": "ÓÒÔÕŐŌОΟ", "r": "řŕ", "R": "ŘŔ", "s": "šśş", "S": "ŠŚŞ", "t": "ţť", "u": "úùûüūů", "U": "ÚÙÛÜŪŮ", "y": "ýÿ", "Y": "ÝŸ", "z": "žźż", "Z": "ŽŹŻ",
		"-": "\u2212\u02d7\u2043\u2500\u2501\u30fc\u2e3a", ".": "\u00b7\u2022\u2027\u2219\u22c5\u30fb\ufe52\u2024\uff61\u3002", "/": "\u2044\u2215\u29f8", ":": "\u2236\ufe55\ua789", "|": "\u00a6\u2502\u2223", "~": "\u223c",
		"\"": "\u2033\u2032\u201e\u201a", "_": "\u2017",
	} {
		for _, r := range those {
			m[r] = plain
		}
	}
	return m
}()

// digitValue is the value of a decimal digit: ASCII, full-width, Arabic-Indic and all others Unicode calls Nd. They come in runs
// of ten that begin with the zero.
func digitValue(r rune) (int, bool) {
	if r >= '0' && r <= '9' {
		return int(r - '0'), true
	}
	if r < utf8.RuneSelf || !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	zero := r // the ranges of letters' digits hold ten, that of mathematical digits fifty
	for zero > 0 && unicode.Is(unicode.Nd, zero-1) && (r-zero < 9 || r >= '𝟎') {
		zero--
	}
	return int(r-zero) % 10, true
}

// raised is the value of a digit above or below the line or in a circle.
func raised(r rune) (int, bool) {
	i := utf8.RuneCountInString(aloft[:max(0, strings.IndexRune(aloft, r))])
	return i % 10, strings.ContainsRune(aloft, r)
}

const aloft = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉⓪①②③④⑤⑥⑦⑧⑨"

// entities are HTML's names for characters that may stand in a number.
var entities = map[string]rune{"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\'', "nbsp": ' ', "thinsp": ' ', "ensp": ' ', "emsp": ' ', "ndash": '-', "mdash": '-', "minus": '-', "hyphen": '-',
	"shy": '\u00ad', "zwj": '\u200d', "zwnj": '\u200c', "lrm": '\u200e', "rlm": '\u200f', "sol": '/', "period": '.', "commat": '@', "aelig": 'æ', "oslash": 'ø', "aring": 'å', "middot": '.'}

// decode is the first character of a text and its length in bytes. HTML's entities, also twice escaped, the escapes of JSON and
// Markdown and those of web addresses count as the character they stand for.
func decode(s string) (rune, int) {
	switch s[0] {
	case '&':
		if r, n := entity(s); n > 0 {
			return r, n
		}
	case '\\':
		if r, n := escape(s); n > 0 {
			return r, n
		}
	case '%':
		if v, err := strconv.ParseUint(s[1:min(3, len(s))], 16, 7); err == nil && len(s) > 2 && strings.ContainsRune(" -./@+:\n", rune(v)) {
			return rune(v), 3
		}
	}
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n == 1 {
		return '\ufffc', 1 // no digit, no letter, no space
	}
	return r, n
}

func entity(s string) (rune, int) {
	at := 1
	for at < 9 && strings.HasPrefix(s[at:], "amp;") {
		at += len("amp;")
	}
	rest := s[at:]
	end := strings.IndexByte(rest[:min(len(rest), 10)], ';')
	if end > 0 {
		name := strings.ToLower(rest[:end])
		if r, ok := entities[name]; ok {
			return r, at + end + 1
		}
		if num, ok := strings.CutPrefix(name, "#"); ok {
			base := 10
			if h, ok := strings.CutPrefix(num, "x"); ok {
				num, base = h, 16
			}
			if v, err := strconv.ParseUint(num, base, 21); err == nil && v > 0 {
				return rune(v), at + end + 1
			}
		}
	}
	if at > 1 {
		return '&', at
	}
	return 0, 0
}

func escape(s string) (rune, int) {
	if len(s) < 2 {
		return 0, 0
	}
	switch c := s[1]; {
	case c == 'n' || c == 'r' || c == 't':
		return '\n', 2
	case c == 'u' && len(s) >= 6:
		if v, err := strconv.ParseUint(s[2:6], 16, 16); err == nil {
			return rune(v), 6
		}
	case c > ' ' && c < utf8.RuneSelf && !alnum(c):
		return rune(c), 2
	}
	return 0, 0
}
