// Package privacy finds personal data in a text and masks it, and recognises questions about a person's case.
//
// It knows Danish and nothing of the rest of the program, so that it could stand as a module of its own. CPR numbers are found in
// every spelling; names are not promised to be found. Nothing found is ever logged or returned by an error.
//
// Invariants: findings are in order and do not overlap; offsets are in bytes of the text given.
package privacy

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind says what was found.
type Kind string

// CPR is a Danish civil registration number.
const CPR Kind = "cpr"

// CPRMask stands in a masked text where a CPR number stood.
const CPRMask = "[cpr-nummer fjernet]"

// Finding is a stretch of a text that holds personal data.
type Finding struct {
	Start, End int
	Kind       Kind
}

// Mask replaces everything Find finds.
func Mask(text string) (string, []Finding) {
	found := Find(text)
	if len(found) == 0 {
		return text, nil
	}
	var b strings.Builder
	at := 0
	for _, f := range found {
		b.WriteString(text[at:f.Start])
		b.WriteString(CPRMask)
		at = f.End
	}
	b.WriteString(text[at:])
	return b.String(), found
}

// digit is one decimal digit of a text, whatever its script or width.
type digit struct {
	value      int
	start, end int
	gap        gap // what stands between it and the digit before
}

type gap int

const (
	joined gap = iota // nothing
	apart             // separators only
	broken            // anything else, or the beginning of the text
)

// maxGap is how many separator characters may stand between two digits of one number: »010203 - 1234«, a line break with indentation.
const maxGap = 6

// Find returns the CPR numbers in a text. A CPR number is six digits that are a date (day 1-31, or 61-91 in administrative
// numbers; month; year in two or four digits) and four more, with nothing, spaces, line breaks, dashes, dots, slashes or
// invisible characters between the groups, between pairs, or between all digits. Modulus 11 is not asked for (numbers without
// it are valid since October 2007) but in the path of a web address. A longer run of digits, and what is called an ISBN, is something else.
func Find(text string) []Finding {
	ds := digits(text)
	var found []Finding
	for i := 0; i < len(ds); {
		n := match(text, ds, i)
		if n == 0 {
			i++
			continue
		}
		found = append(found, Finding{ds[i].start, ds[i+n-1].end, CPR})
		i += n
	}
	return found
}

// digits lists the digits of a text with what stands before each.
func digits(text string) []digit {
	var ds []digit
	g, width := broken, 0
	for i, r := range text {
		size := utf8.RuneLen(r)
		if size < 0 || r == utf8.RuneError {
			size = 1
		}
		if v, ok := digitValue(r); ok {
			ds = append(ds, digit{v, i, i + size, g})
			g, width = joined, 0
			continue
		}
		width++
		if g != broken && separator(r) && width <= maxGap {
			g = apart
		} else {
			g = broken
		}
	}
	return ds
}

// digitValue is the value of a decimal digit: ASCII, full-width, Arabic-Indic and all others Unicode calls Nd.
func digitValue(r rune) (int, bool) {
	if r >= '0' && r <= '9' {
		return int(r - '0'), true
	}
	if r < utf8.RuneSelf || !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	// Decimal digits come in runs of ten that begin at a multiple of 10 from their block's zero.
	zero := r
	for unicode.Is(unicode.Nd, zero-1) && r-zero < 9 {
		zero--
	}
	return int(r-zero) % 10, true
}

func separator(r rune) bool {
	switch r {
	case '-', '.', '/', '_', ':', '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212', '\ufe58', '\ufe63', '\uff0d', '\u00ad', '\u00b7', '\u2022', '|', '+', '*', '~':
		return true
	}
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) // Cf: zero-width and bidirectional characters
}

// match returns how many digits from i on form a CPR number, or 0.
func match(text string, ds []digit, i int) int {
	if ds[i].gap == joined || named(text, ds[i].start) {
		return 0
	}
	for _, n := range []int{10, 12} {
		if i+n > len(ds) || i+n < len(ds) && ds[i+n].gap == joined {
			continue
		}
		if date(ds[i:i+n]) && shape(ds[i:i+n]) && alone(text, ds, i, n) && (!inPath(text, ds[i].start) || modulus11(ds[i:i+n])) {
			return n
		}
	}
	return 0
}

// shape reports whether the gaps stand where people put them: between day, month, year and the last four, between pairs,
// or everywhere.
func shape(ds []digit) bool {
	gaps := 0
	pairs := true
	for k := 1; k < len(ds); k++ {
		switch ds[k].gap {
		case broken:
			return false
		case apart:
			gaps++
			if k%2 == 1 {
				pairs = false
			}
		}
	}
	return gaps == len(ds)-1 || pairs
}

// alone reports whether the number is not the inside of a longer grouped one, such as an ISBN-13 or an account number.
func alone(text string, ds []digit, i, n int) bool {
	hyphened := func(from, to int) bool { s := text[from:to]; return s == "-" || s == "." || s == "/" }
	if i > 0 && ds[i].gap == apart && hyphened(ds[i-1].end, ds[i].start) {
		return false
	}
	if i+n < len(ds) && ds[i+n].gap == apart && hyphened(ds[i+n-1].end, ds[i+n].start) {
		return false
	}
	return true
}

// named reports whether the digits are announced as another kind of number.
func named(text string, at int) bool {
	before := strings.ToLower(strings.TrimRight(text[max(0, at-12):at], " :.-\u00a0"))
	for _, name := range []string{"isbn", "isbn-10", "isbn-13", "doi", "issn"} {
		if strings.HasSuffix(before, name) {
			return true
		}
	}
	return strings.HasSuffix(text[:at], "doi.org/")
}

// inPath reports whether the digits begin a segment of a web address' path, where record numbers of ten digits are common:
// there a number must also pass modulus 11.
func inPath(text string, at int) bool {
	if at == 0 || text[at-1] != '/' {
		return false
	}
	return strings.Contains(text[strings.LastIndexAny(text[:at], " \t\n\"<(")+1:at], "://")
}

// modulus11 is the check that all CPR numbers passed until October 2007.
func modulus11(ds []digit) bool {
	if len(ds) != 10 {
		return true
	}
	sum := 0
	for i, w := range [...]int{4, 3, 2, 7, 6, 5, 4, 3, 2, 1} {
		sum += w * ds[i].value
	}
	return sum%11 == 0
}

// date reports whether the digits begin with a date: DDMMYY and four more, or DDMMYYYY and four more.
func date(ds []digit) bool {
	two := func(i int) int { return ds[i].value*10 + ds[i+1].value }
	day, month := two(0), two(2)
	if day > 60 {
		day -= 60
	}
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	if len(ds) == 12 {
		if century := two(4); century != 18 && century != 19 && century != 20 {
			return false
		}
	}
	// February has 29 days here: two digits of a year do not tell the century.
	days := [...]int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	return day <= days[month-1]
}
