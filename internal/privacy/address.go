package privacy

import (
	"regexp"
	"strings"
)

// The parts of a Danish address in a folded text that keeps its capitals.
const (
	// street ends most names of streets.
	street = `(?i:vej|vejen|gade|gaden|alle|alleen|straede|straedet|plads|pladsen|torv|torvet|boulevard|boulevarden|vaenge|vaenget|parken|haven|bakken|bakke|toften|tofte|marken|lunden|stien|dalen|hoejen|engen|krogen|kaj|brinken|svinget|ringen|kvarteret|skraenten|vangen|kanten|hegnet|esplanaden|promenade)`
	house  = ` (?:nr\.? ?)?\d{1,3}(?:[A-Za-z]\b| [A-Z]\b|\b)`
	door   = `(?:(?i:tv|th|mf)\b\.?|(?i:doer|vaer\.?|lejl\.?) ?\d{1,4}\b)`
	floor  = `(?:,? ?(?:(?:(?i:st|kl)\b\.?|\d{1,2}\.)(?: ?(?i:sal\b)\.?)?,? ?` + door + `|(?i:st)\.|\d{1,2}\.? ?(?i:sal)\b\.?))`
	town   = `(?:,?[ \n]{0,2}(?:DK-)?\d{4} [A-Z][A-Za-z]+(?: [A-Z][A-Za-z]{0,15}\b)?)`
	named  = `[A-Z][A-Za-z.'-]*`
)

// addressRules find street addresses: a street's name with a house number, what may follow, and what else is called an address.
var addressRules = []rule{
	{kind: Address, cased: true, good: streetName, re: regexp.MustCompile(
		`\b(?:(?:` + named + ` ){0,3}[A-Z][A-Za-z'-]*` + street + `|(?:` + named + ` ){1,3}` + street + `)` + house + floor + `?` + town + `?`)},
	{kind: Address, cased: true, good: smallStreet, re: regexp.MustCompile(`\b[a-z]{3,}(?:vej|gade|alle|straede|boulevard|vaenget|parken)(?:en)?` + house + `(?:` + floor + town + `?|` + town + `)?`)},
	{kind: Address, needs: []string{"bor ", "boende", "adresse", "bopael", "flyt", "hjemme paa"}, cased: true, group: 1, good: housed, re: regexp.MustCompile(
		`\b(?i:bor (?:paa|i)|boende(?: paa)?|adressen?(?: er)?|bopael|flytte[rt]? (?:til|fra|ind paa)|hjemme paa)[ :\n]{1,3}((?:` + named + ` ){0,2}` + named + house + floor + `?` + town + `?)`)},
	// With postcode and town behind the number any name is a street's, unless the postcode may be a year.
	{kind: Address, cased: true, good: housed, re: regexp.MustCompile(`\b(?:` + named + ` ){0,2}` + named + house + floor + `?,?[ \n]{0,2}(?:DK-)?(?:0\d|1[0-8]|2[1-9]|[3-9]\d)\d\d [A-Z][a-z]+(?: [A-Z]\b)?`)},
}

// noStreets are words that end like a street's name and come before numbers.
var noStreets = set("overvej genvej omvej udvej undervej hjemvej midtvej hovedvej motorvej gangvej adgangsvej indsatsvej samskabelsesvej metodevej fremvej tilvej forvej uddannelsesvej karrierevej sagsgang alle lunden haven")

// streetName reports whether what ends like a street is one.
func streetName(text string, from, to int) bool {
	name := strings.ToLower(strings.TrimRight(text[from:from+strings.IndexFunc(text[from:to], func(r rune) bool { return r >= '0' && r <= '9' })], " nr."))
	last := name[strings.LastIndexByte(name, ' ')+1:]
	return !noStreets[last] && !counted(text, to)
}

var unit = regexp.MustCompile(`^(?:[.,]\d| (?:i|gange|kommuner|organisationer|foreninger|frivillige|borgere|ting|trin|spoergsmaal|kriterier)\b)?`)

// counted reports whether the number belongs to what follows: »3,5«, »12 kommuner«.
func counted(text string, to int) bool {
	tail := strings.ToLower(text[to:min(len(text), to+16)])
	return unit.FindString(tail) != "" || measured(tail, 0) || len(tail) > 1 && (tail[0] == '-' || tail[0] == '/') && isDigit(tail[1]) && len(tail) > 3 && isDigit(tail[3])
}

var dwelling = regexp.MustCompile(`(?i)\b(?:bor|boede|boende|adresse[a-z]*|bopael|flytte[a-z]*|besoeg[a-z]*|hjemme|paa|i|fra|til)[ :\n"(]{1,3}$`)

// smallStreet: written small it needs a floor, a town or »bor på« beside it.
func smallStreet(text string, from, to int) bool {
	if !streetName(text, from, to) {
		return false
	}
	d, _ := plain(text[from:to])
	return len(d) > 3 || strings.Contains(text[from:to], ".") || dwelling.MatchString(text[max(0, from-20):from])
}

// housed: after »bor på« a capital is enough, but a region or a team is no house.
func housed(text string, from, to int) bool {
	first, _, _ := strings.Cut(strings.ToLower(text[from:to]), " ")
	return !divisions[first] && !counted(text, to)
}

var divisions = set("region zone distrikt kvarter fase trin niveau model figur tabel kapitel afsnit side bind nr paragraf gruppe hold team januar februar marts april maj juni juli august september oktober november december")
