package privacy

import (
	"regexp"
	"slices"
	"strings"
)

// digit is one decimal digit of a folded text.
type digit struct {
	value int
	at    int // its byte
	gap   gap // what stands between it and the digit before
}

// gap is what stands before a digit.
type gap int

const (
	joined  gap = iota // nothing
	wrapped            // separators, a line break among them
	apart              // other separators
	broken             // anything else, or the beginning of the text
)

// maxGap is how many separator characters may stand between two digits of one number: »010203 - 1234«, a line break with indentation
// or the mark of a quotation.
const maxGap = 8

// findCPR returns the CPR numbers of a text. A CPR number is six digits that are a date (day 1-31, or 61-91 in administrative numbers;
// month; year in two digits, of the century that the seventh digit tells, or in four) and four more, with nothing, spaces, line breaks,
// dashes, dots or slashes between the groups, between pairs, or between all digits. After »CPR« the digits may be grouped in any way,
// O and l may stand for 0 and 1, and the date may be impossible: somebody's number with a slip is somebody's number. Modulus 11 is not
// asked for, since numbers without it are valid since October 2007; it decides where the look alone does not. A longer run of digits,
// and what is called an ISBN, is something else.
//
// The seventh digit's century is as in the CPR Office's »Personnummeret i CPR-systemet« (2008).
func findCPR(f *folded) []Finding {
	text := f.text
	if strings.Contains(text, "cpr") || strings.Contains(text, "personn") {
		text = spelled(text)
	}
	ds := digits(text)
	var found []Finding
	for i := 0; i < len(ds); {
		n := match(text, ds, i)
		if n == 0 {
			i++
			continue
		}
		from, to := f.span(ds[i].at, ds[i+n-1].at+1)
		found = append(found, Finding{from, to, CPR})
		i += n
	}
	return found
}

// labelled finds what stands after a label and consists of digits, and letters for 0 and 1, alone.
var labelled = regexp.MustCompile(`(?:cpr|personn(?:umme)?r)[a-z]{0,4}(?:[-. ]{0,2}(?:nr|no|nummer|nummeret)\b)?[^0-9a-z\x02]{0,6}(?:er )?([0-9oil|](?:[ \n./:,*_>-]{0,5}[0-9oil|]){9,11})`)

// spelled puts 0 and 1 where letters stand for them in a number after a label, and a hyphen for a comma.
func spelled(text string) string {
	out := []byte(text)
	for _, m := range labelled.FindAllStringSubmatchIndex(text, -1) {
		if d, _ := plain(text[m[2]:m[3]]); m[3] < len(text) && letter(text[m[3]]) || d == "" {
			continue
		}
		copy(out[m[2]:], likeDigits.Replace(text[m[2]:m[3]]))
	}
	return string(out)
}

var likeDigits = strings.NewReplacer("o", "0", "i", "1", "l", "1", "|", "1", ",", "-")

// digits lists the digits of a text with what stands before each.
func digits(text string) []digit {
	var ds []digit
	g, width := broken, 0
	for i := range len(text) {
		c := text[i]
		if isDigit(c) {
			ds = append(ds, digit{int(c - '0'), i, g})
			g, width = joined, 0
			continue
		}
		width++
		switch {
		case g == broken || width > maxGap:
			g = broken
		case c == '\n':
			g = wrapped
		case c == '>' && g == wrapped: // a quotation's next line
		case strings.IndexByte("-./_: |+*~'\"()", c) < 0:
			g = broken
		case g == joined:
			g = apart
		}
	}
	return ds
}

// Where gaps stand in a number people write: bit k is the gap before digit k. Every gap at once is well known too.
const (
	everyOf10 = 1<<10 - 2
	everyOf12 = 1<<12 - 2
)

var usual = map[int]map[uint]bool{
	10: {0: true, 1 << 6: true, 1<<2 | 1<<4: true, 1<<2 | 1<<4 | 1<<6: true, 1<<2 | 1<<4 | 1<<6 | 1<<8: true, 1<<6 | 1<<8: true, 1<<2 | 1<<6: true, 1<<4 | 1<<6: true, everyOf10: true},
	12: {0: true, 1 << 8: true, 1<<2 | 1<<4: true, 1<<2 | 1<<4 | 1<<8: true, 1<<2 | 1<<4 | 1<<8 | 1<<10: true, 1<<2 | 1<<4 | 1<<6 | 1<<8 | 1<<10: true, 1<<8 | 1<<10: true, everyOf12: true},
}

// match returns how many digits from i on form a CPR number, or 0.
func match(text string, ds []digit, i int) int {
	if ds[i].gap == joined {
		return 0
	}
	for _, n := range []int{12, 10} {
		if i+n <= len(ds) && (i+n == len(ds) || ds[i+n].gap != joined) && isCPR(text, ds, i, n) {
			return n
		}
	}
	return 0
}

// isCPR reports whether n digits from i on are a CPR number.
func isCPR(text string, ds []digit, i, n int) bool {
	num := ds[i : i+n]
	gaps, wraps, ok := shape(num)
	if !ok {
		return false
	}
	label := announced(text, num[0].at)
	if !date(num) {
		return label && n == 10 && (gaps == 0 || gaps == 1<<6)
	}
	if label && (usual[n][gaps] || alone(text, ds, i, n)) && (!stamp(text, num) || called(text, num[0].at, "cpr", "cprnr", "cprnummer", "personnr", "personnummer")) {
		return true
	}
	sure := n == 10 && modulus11(num)
	if (gaps == everyOf10 || gaps == everyOf12) && !even(text, num) {
		return false
	}
	// A line break may stand anywhere between pairs in what is else written in the usual way.
	rest := gaps &^ wraps
	switch {
	case usual[n][gaps], usual[n][rest] && n == 10 && wraps&^(1<<2|1<<4|1<<6) == 0, usual[n][rest] && sure, sure && gaps&0b101010101010 == 0:
	default:
		return false
	}
	around := word(text, num[0].at)
	if called(text, num[0].at, "isbn", "isbn10", "isbn13", "issn", "doi", "pmid", "orcid") || doi.MatchString(around) || amount(text, num) || stamp(text, num) {
		return false
	}
	inPath := num[0].at > 0 && text[num[0].at-1] == '/' && strings.Contains(around, "://") // where record numbers of ten digits are common
	doubtful := gaps == 0 && (inPath || inID(text, num[0].at, num[n-1].at+1)) ||
		called(text, num[0].at, "konto", "kontonr", "kontonummer", "iban", "tlf", "telefon", "mobil", "ean", "gln", "cvr", "faktura", "fakturanr", "ordrenr", "sagsnr", "sagsnummer", "journalnr", "jnr")
	return (!doubtful || sure) && (alone(text, ds, i, n) || sure && gaps == 1<<6)
}

// shape returns where the gaps stand, and which of them hold a line break.
func shape(num []digit) (gaps, wraps uint, ok bool) {
	for k := 1; k < len(num); k++ {
		switch num[k].gap {
		case broken:
			return 0, 0, false
		case wrapped:
			gaps |= 1 << k
			wraps |= 1 << k
		case apart:
			gaps |= 1 << k
		}
	}
	return gaps, wraps, true
}

// even reports whether the same stands between all digits: »1: 0 1 0 2 0 3 1 2 3 4« begins with another number.
func even(text string, num []digit) bool {
	for k := 2; k < len(num); k++ {
		if text[num[k-1].at:num[k].at][1:] != text[num[0].at+1:num[1].at] {
			return false
		}
	}
	return true
}

// announced reports whether »CPR« or »personnummer« stands a little before, with no other number and no mask between.
func announced(text string, at int) bool {
	before := text[max(0, at-60):at]
	if i := strings.LastIndexAny(before, "0123456789\x02"); i >= 0 {
		before = before[i+1:]
	}
	return strings.Contains(before, "cpr") || strings.Contains(before, "personn")
}

// called reports whether the word before is one of names; signs in and behind it do not count, nor a 10 or »nr« at its end.
func called(text string, at int, names ...string) bool {
	before := strings.TrimRightFunc(text[max(0, at-24):at], func(r rune) bool { return r != barrier && !alnum(byte(r)) })
	name := strings.ReplaceAll(strings.ReplaceAll(before[strings.LastIndexFunc(before, func(r rune) bool { return r != '-' && r != '.' && !alnum(byte(r)) })+1:], "-", ""), ".", "")
	return slices.Contains(names, name) || slices.Contains(names, strings.TrimRight(name, "0123456789nr"))
}

// word is the stretch without spaces around a place, at most 200 bytes to either side.
func word(text string, at int) string {
	from := max(0, at-200)
	from += strings.LastIndexAny(text[from:at], " \n\"<\x02") + 1
	to := min(len(text), at+200)
	if i := strings.IndexAny(text[at:to], " \n\"<\x02"); i >= 0 {
		to = at + i
	}
	return text[from:to]
}

var doi = regexp.MustCompile(`(?:^|[^\d.])10\.\d{4,9}/|doi\.org/`)

// inID reports whether the digits are part of something that mixes digits and letters, such as a UUID or a hash.
func inID(text string, from, to int) bool {
	i, j := from, to
	for i > 0 && i > from-40 && (alnum(text[i-1]) || text[i-1] == '-') {
		i--
	}
	for j < len(text) && j < to+40 && (alnum(text[j]) || text[j] == '-') {
		j++
	}
	return mixed.MatchString(text[i:from]) || mixed.MatchString(text[to:j])
}

var mixed = regexp.MustCompile(`\d[a-z]|[a-z]\d`)

var money = regexp.MustCompile(`^(?:,\d\d?\b|,-| ?(?:kr|dkk|euro|mio|mia)\b)`)

// amount reports whether the digits, written in one, are an amount of money.
func amount(text string, num []digit) bool {
	last := num[len(num)-1].at
	return last-num[0].at == len(num)-1 && money.MatchString(text[last+1:min(len(text), last+8)])
}

// stamp reports whether the digits are of a date and a time: »2002 15:01:50«, »05:11:20 +0200«, »01.02.2023 12:34«. A colon may stand
// before the last four, or everywhere.
func stamp(text string, num []digit) bool {
	n := len(num)
	between := func(k int) string { return text[num[k-1].at+1 : num[k].at] }
	colons, others := false, false
	for k := 1; k < n; k++ {
		colon := strings.Contains(between(k), ":")
		colons = colons || colon && k != n-4
		others = others || !colon && between(k) != ""
	}
	clock := between(n-2) == "." && between(n-4) != "" && strings.TrimSpace(between(n-4)) == "" && num[n-4].value*10+num[n-3].value < 24 && num[n-2].value < 6
	return colons && others || clock || yearLike(text[num[0].at:num[3].at+1]) && num[4].gap != joined && num[6].gap != joined
}

// alone reports whether the number is not the inside of a longer grouped one, such as an ISBN-13 or an account number. Another CPR
// number may stand beside it: »010203-1234/311299-4321«.
func alone(text string, ds []digit, i, n int) bool {
	hyphened := func(k int) bool {
		return k > 0 && k < len(ds) && ds[k].gap == apart && slices.Contains([]string{"-", ".", "/"}, text[ds[k-1].at+1:ds[k].at])
	}
	like := func(k int) bool { // ten digits from k on look like a CPR number
		num := ds[max(0, k):min(len(ds), max(0, k)+10)]
		gaps, _, ok := shape(num)
		return k >= 0 && len(num) == 10 && ok && (gaps == 0 || gaps == 1<<6) && date(num)
	}
	return (!hyphened(i) || like(i-10)) && (!hyphened(i+n) || like(i+n))
}

// modulus11 is the check that all CPR numbers passed until October 2007.
func modulus11(num []digit) bool {
	sum := 0
	for i, w := range [...]int{4, 3, 2, 7, 6, 5, 4, 3, 2, 1} {
		sum += w * num[i].value
	}
	return sum%11 == 0
}

// date reports whether the digits begin with a date: DDMMYY and four more, or DDMMYYYY and four more.
func date(num []digit) bool {
	two := func(i int) int { return num[i].value*10 + num[i+1].value }
	day, year := two(0), century(two(4), num[6].value)
	if len(num) == 12 {
		if year = two(4)*100 + two(6); year < 1858 || year > 2057 {
			return false
		}
	}
	if day > 60 {
		day -= 60
	}
	return valid(day, two(2), year)
}

// century is the year that two digits mean with the seventh digit of a CPR number.
func century(year, seventh int) int {
	switch {
	case seventh <= 3, (seventh == 4 || seventh == 9) && year >= 37:
		return 1900 + year
	case seventh >= 5 && seventh <= 8 && year >= 58:
		return 1800 + year
	}
	return 2000 + year
}

// valid reports whether there is such a day.
func valid(day, month, year int) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	days := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		days = 29
	}
	return day <= days
}
