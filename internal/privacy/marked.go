package privacy

import (
	"regexp"
	"slices"
	"strings"
)

// rule finds one kind of personal data in a folded text, lower case unless cased.
type rule struct {
	kind  Kind
	needs []string // one of which stands in a text that has anything to find; empty: any
	re    *regexp.Regexp
	group int // what is found: a group of re
	last  int // and the last group of what is found, if another
	cased bool
	good  func(text string, from, to int) bool // decides on what is found; nil: it is
}

// rules are in no order: findings that overlap are merged.
var rules = slices.Concat(numberRules, contactRules, addressRules)

// keepable are the kinds that an institution may have too.
var keepable = map[Kind]bool{Phone: true, Email: true, Address: true, Account: true, CaseNo: true}

// findMarked finds what is known by its shape or by the words before it.
func findMarked(f *folded, text string, o Options) []Finding {
	if !strings.ContainsAny(f.text, "0123456789@") && !strings.Contains(f.text, "nabel") && !strings.Contains(f.text, "at)") && !strings.Contains(f.text, "at]") {
		return nil
	}
	var found []Finding
	for i := range rules {
		r := &rules[i]
		if len(r.needs) > 0 && !slices.ContainsFunc(r.needs, func(n string) bool { return strings.Contains(f.text, n) }) {
			continue
		}
		in := f.text
		if r.cased {
			in = f.cased
		}
		for _, m := range r.re.FindAllStringSubmatchIndex(in, -1) {
			from, to := m[2*r.group], m[2*max(r.group, r.last)+1]
			if to <= from || r.good != nil && !r.good(in, from, to) {
				continue
			}
			start, end := f.span(from, to)
			if keepable[r.kind] && o.Keep != nil && o.Keep(text[start:end]) {
				continue
			}
			found = append(found, Finding{start, end, r.kind})
		}
	}
	return found
}

// is stands between a label and its value.
const is = `(?: (?:er|var|lyder|hedder))?[ \n.:=#"'*(]{0,5}`

// month begins the name of a month.
const month = `(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)[a-z]{0,6}`

// numberRules find numbers by the words before them.
var numberRules = []rule{
	{kind: CPREnd, needs: []string{"sidste", "loebe", "cifre"}, good: lastFour, group: 1,
		re: regexp.MustCompile(`\b(?:(?:sidste (?:fire|4)|(?:fire|4) sidste)(?: (?:cifre|tal|i|af|paa|hans|hendes|borgerens|mit|sit|dit|nummeret|cpr(?:[-. ]?(?:nr|nummer|nummeret))?\.?)){0,5}|loebe-?(?:nummer|nummeret|nr\.?)|cpr-?cifre(?:ne)?|kontrolcifre(?:ne)?)` +
			`(?: (?:er|var|lyder|hedder))?[ :="'*(-]{0,4}(\d[ .-]?\d[ .-]?\d[ .-]?\d)\b`)},
	{kind: CPREnd, needs: []string{"cpr"}, good: ends, group: 1, re: regexp.MustCompile(`\bcpr[^\d\x02\n]{0,60}\b(?:slutter|ender) (?:paa|med) ?["'*]?(\d{4})\b`)},
	{kind: CPREnd, needs: []string{"cpr"}, good: ends, group: 1, re: regexp.MustCompile(`\bcpr[-. ]{0,2}(?:nr|nummer|nummeret)` + is + `(\d{4})\b`)},
	{kind: CPREnd, needs: []string{"sidste", "loebe"}, good: begins, group: 1, re: regexp.MustCompile(`\b(\d{4}) (?:er|som) (?:(?:de|hans|hendes|borgerens) )?(?:sidste (?:fire|4)|(?:fire|4) sidste|loebenummer)\b`)},
	{kind: CPREnd, needs: []string{"xx", "**", "ddmm", "##", "??"}, good: ends, group: 1, re: regexp.MustCompile(`(?:x{6}|\*{6}|#{6}|\?{6}|\bddmm(?:aa){1,2})[- ]?(\d{4})\b`)},

	{kind: Birth, needs: []string{"foed", "f."}, good: born, group: 1, re: regexp.MustCompile(
		`\b(?:foedt|foedselsdag(?:en)?|foedselsdato(?:en)?|foedselsaar|foed|foeds\.? ?dato|f\.(?: ?d\.)?)(?: er| den| d\.| dag(?:en)?)?[ :.]{0,3}(` +
			`\d{1,2}\.? ?` + month + `\.? ?(?:19\d\d|20\d\d|\d\d)|\d{1,2}[ ./-]{1,2}\d{1,2}[ ./-]{1,2}(?:19\d\d|20\d\d|\d\d)|(?:19|20)\d\d-\d\d-\d\d|\d{6}(?:\d\d)?)\b`)},
	{kind: Birth, needs: []string{"xx", "**", "##", "??"}, good: born, group: 1, re: regexp.MustCompile(`\b(\d{6})[- ]?(?:x{4}|\*{4}|#{4}|\?{4})`)},

	{kind: CaseNo, needs: []string{"sag", "j.", "jnr", "j nr", "journal", "acadre", "dok"}, good: threeDigits, group: 1, re: regexp.MustCompile(
		`\b(?:sags?[- ]?(?:nr|nummer|nummeret|numre|id|no)|(?:sagen|sagens) (?:nr|nummer|id)|journal[- ]?(?:nr|nummer|nummeret|id)|j\.? ?-?nr|dok(?:ument)?-?(?:nr|nummer|id)|acadre(?:-?nr)?)\b` + is +
			`([a-z]{0,5}-?\d[\da-z]*(?:(?: ?[-/] ?|\.)[a-z]{0,3}\d[\da-z]*)*)`)},
	{kind: CaseNo, needs: []string{"sag"}, good: notYears, group: 1, re: regexp.MustCompile(`\bsag(?:en)?:? (\d{2,4}[-/]\d{3,8})\b`)},

	{kind: Account, needs: []string{"dk"}, good: ends, re: regexp.MustCompile(`\bdk ?\d\d(?:[ .-]?\d{4}){3}[ .-]?\d\d\b`)},
	{kind: Account, needs: []string{"iban"}, good: ends, group: 1, re: regexp.MustCompile(`\biban(?:-?(?:nr|nummer))?` + is + `([a-z]{2}\d\d(?: ?[a-z0-9]{4}){2,7}(?: ?\d{1,3})?)\b`)},
	{kind: Account, needs: []string{"reg"}, good: ends, group: 1, last: 2, re: regexp.MustCompile(
		`\breg(?:istrerings)?[-. ]{0,2}(?:nr|nummer|nummeret|no)?` + is + `(\d{4})\b[^\d\x02]{0,25}(\d(?:[ .-]?\d){5,9})\b`)},
	{kind: Account, needs: []string{"konto"}, good: account, group: 1, re: regexp.MustCompile(
		`\b[a-z]{0,12}konto(?:en|nr|nummer|nummeret)?\b[^\d\x02]{0,25}(\d{4}[ ./-]{1,3}\d(?:[ .-]?\d){5,9}|\d(?:[ .-]?\d){5,13})\b`)},

	{kind: Plate, needs: []string{"plade", "reg", "bil", "koeretoej", "knallert"}, good: plate, group: 1, cased: true, re: regexp.MustCompile(
		`(?i)\b(?:nummerplade(?:n|r|rne)?|indregistrering[a-z]*|registreringsnummer(?:et)?|reg\.? ?nr|bil(?:en|s|ens)?|koeretoej(?:et)?|knallert(?:en)?)\b[^\x02\n]{0,30}?\b([a-z]{2} ?\d{2} ?\d{3})\b`)},
	{kind: Document, needs: []string{"pas", "ophold", "koerekort", "udl", "person-id", "personid", "id-kort", "sundhedskort"}, good: document, group: 1, re: regexp.MustCompile(
		`\b(?:pas(?:set)?[- ]?(?:nr|nummer|nummeret)|passport[a-z ]{0,8}|opholds(?:tilladelse|kort|bevis|nummer|nr)[a-z]*|koerekort[a-z]*|udlaendinge?-?(?:nr|nummer|id)[a-z]*|udl\.? ?nr|person-?id|id-?kort[a-z]*|sundhedskort[a-z]*)\b` +
			`[^\d\x02\n]{0,20}?\b([a-z]{0,3}-?\d(?:[ -]?\d){5,11})\b`)},
}

// begins reports whether no other digits stand close before.
func begins(text string, from, _ int) bool {
	return from == 0 || !isDigit(text[from-1]) && (from == 1 || strings.IndexByte("-./,", text[from-1]) < 0 || !isDigit(text[from-2]))
}

// ends reports whether no other digits stand close behind.
func ends(text string, _, to int) bool {
	return to == len(text) || to+1 == len(text) || strings.IndexByte("-./", text[to]) < 0 || !isDigit(text[to+1])
}

// lastFour: »de sidste fire: 2019« may be years, unless it says »er« or »cifre«.
func lastFour(text string, from, to int) bool {
	if !ends(text, from, to) {
		return false
	}
	before := text[max(0, from-40):from]
	said := strings.Contains(before, "cifre") || strings.Contains(before, "cpr") || strings.Contains(before, "loebe") || strings.HasSuffix(strings.TrimRight(before, " :=\"'*(-"), " er")
	return said || !yearLike(text[from:to])
}

// yearLike reports whether four digits may be a year.
func yearLike(s string) bool { return len(s) == 4 && s >= "1500" && s <= "2099" }

// plain are the digits of a stretch, and where others stand between them as bits.
func plain(s string) (digits string, gaps uint) {
	out := make([]byte, 0, len(s))
	gap := false
	for i := range len(s) {
		if !isDigit(s[i]) {
			gap = true
			continue
		}
		if gap && len(out) > 0 {
			gaps |= 1 << len(out)
		}
		out, gap = append(out, s[i]), false
	}
	return string(out), gaps
}

func number(s string) (n int) {
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// calendar reads a date in digits: day, month, year, or year-month-day, or all in one.
func calendar(s string) (year int, ok bool) {
	d := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if len(d) == 1 && (len(d[0]) == 6 || len(d[0]) == 8) {
		d = []string{d[0][:2], d[0][2:4], d[0][4:]}
	}
	if len(d) != 3 {
		return 0, false
	}
	if len(d[0]) == 4 {
		d[0], d[2] = d[2], d[0]
	}
	if year = number(d[2]); len(d[2]) == 2 {
		year += 1900
		if !valid(number(d[0]), number(d[1]), year) {
			year += 100
		}
	}
	return year, len(d[2])%2 == 0 && valid(number(d[0]), number(d[1]), year)
}

// born reports whether what is found is the date of a birth since 1900.
func born(text string, from, to int) bool {
	year, ok := calendar(text[from:to])
	return ends(text, from, to) && begins(text, from, to) && (ok && year >= 1900 && year < 2100 || strings.ContainsAny(text[from:to], "aeou"))
}

func threeDigits(text string, from, to int) bool {
	d, _ := plain(text[from:to])
	return len(d) >= 3 && !yearLike(text[from:to])
}

// years reports whether a stretch is two years.
func years(s string) bool {
	d, gaps := plain(s)
	return len(d) == 8 && gaps == 1<<4 && yearLike(d[:4]) && yearLike(d[4:])
}

func notYears(text string, from, to int) bool { return !years(text[from:to]) && ends(text, from, to) }

// dated reports whether a stretch is a date such as 12.03.2024 or 2024-03-12.
func dated(s string) bool {
	_, ok := calendar(s)
	_, gaps := plain(s)
	return ok && gaps != 0
}

var (
	thousands = regexp.MustCompile(`^\d{1,3}(?:[. ]\d{3})+$`)
	measure   = regexp.MustCompile(`^(?:,\d|,-| ?(?:kr|kroner|dkk|euro|mio|mia|procent|pct|aar|aarige|timer|frivillige|personer|borgere|medlemmer|%)\b| ?%)`)
)

// measured reports whether a unit stands behind.
func measured(text string, to int) bool { return measure.MatchString(text[to:min(len(text), to+14)]) }

func account(text string, from, to int) bool {
	return document(text, from, to) && !thousands.MatchString(text[from:to])
}

func document(text string, from, to int) bool {
	s := text[from:to]
	return ends(text, from, to) && !years(s) && !dated(s) && !measured(text, to)
}

// smallWords are words of two letters; they begin no plate when written small.
var smallWords = set("af at da de den du ej en er et fx ha he ja jo ca kr nr op os og pr se si to ud vi bi dk ok om el ni ti")

func plate(cased string, from, to int) bool {
	two := cased[from : from+2]
	return (two == strings.ToUpper(two) || !smallWords[strings.ToLower(two)]) && ends(cased, from, to) && !measured(strings.ToLower(cased[to:min(len(cased), to+14)]), 0)
}
