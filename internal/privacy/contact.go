package privacy

import (
	"iter"
	"regexp"
	"strings"
)

// contactRules find telephone numbers and e-mail addresses.
var contactRules = []rule{
	{kind: Phone, needs: []string{"45"}, good: ends, group: 1, re: regexp.MustCompile(`(?:^|[^a-z0-9+])(\(?(?:\+ ?|00 ?)45\)?(?:[ ./-]{0,2}\d){8})\b`)},
	{kind: Phone, needs: []string{"+"}, good: ends, group: 1, re: regexp.MustCompile(`(?:^|[^a-z0-9+])(\+[1-9]\d{0,2}(?:[ .()/-]{0,2}\d){7,12})\b`)},
	{kind: Phone, needs: []string{"tlf", "tel", "mob", "fastnet", "ring", "sms", "kald", "fax", "whatsapp", "nummer", "kontakt", "traeffes", "fanges"}, good: phone, group: 1, re: regexp.MustCompile(
		`\b(?:tlf|tel|telefon(?:en|nummer|nummeret|nr)?|mob|mobil(?:en|nummer|nummeret|nr|telefon)?|fastnet|ring(?:e|er|es)?|sms|kald|opkald|fax|mobilepay|whatsapp|(?:hans|hendes|deres|mit|min|borgerens) nummer(?:et)?|kontakt(?:es|e|er)?|traeffes|fanges)\b` +
			`[^\d\x02]{0,30}(\d(?:[ ./-]{0,2}\d){7})\b`)},
	{kind: Phone, good: pairs, re: regexp.MustCompile(`\b\d\d(?: \d\d){3,}\b|\b\d\d(?:-\d\d){3,}\b`)},
	{kind: Phone, good: fours, re: regexp.MustCompile(`\b[2-9]\d{3} \d{4}\b`)},
	{kind: Phone, needs: []string{"<tel:"}, re: regexp.MustCompile(`<tel:\+?[\d ().-]{6,20}(?:\|[^>\x02\n]*)?>`)},

	{kind: Email, needs: []string{"<mailto:"}, re: regexp.MustCompile(`<mailto:[^>@\x02\n]*@[^>\x02\n]*>`)},
	{kind: Email, needs: []string{"@", "nabel", "(at)", "[at]", "{at}"}, good: email, re: regexp.MustCompile(
		`[a-z0-9][a-z0-9._%+'-]*(?:@| @ | ?[(\[{] ?(?:at|@|snabel-?a) ?[)\]}] ?| snabel-?a )[a-z0-9][a-z0-9-]*(?:` + dot + `[a-z0-9][a-z0-9-]*)*` + dot + `[a-z]{2,24}\b`)},
}

const dot = `(?:\.| ?[(\[{] ?(?:dot|punktum) ?[)\]}] ?| punktum )`

// phone8 are the groupings of a Danish telephone number.
var phone8 = map[uint]bool{0: true, 1<<2 | 1<<4 | 1<<6: true, 1 << 4: true, 1<<3 | 1<<5: true, 1<<2 | 1<<5: true, 1<<3 | 1<<6: true, 1<<8 - 2: true}

// phone reports whether what stands after »tlf.« or »ring til« is a telephone number.
func phone(text string, from, to int) bool {
	d, gaps := plain(text[from:to])
	return d[0] != '0' && phone8[gaps] && !years(text[from:to]) && free(text, from, to)
}

// free reports whether a number is no part of a longer one, no measure, and not announced as another kind.
func free(text string, from, to int) bool {
	if to+1 < len(text) && text[to] == ' ' && isDigit(text[to+1]) || from > 1 && text[from-1] == ' ' && isDigit(text[from-2]) {
		return false
	}
	return begins(text, from, to) && ends(text, from, to) && !measured(text, to) && !called(text, from, otherNumbers...)
}

// otherNumbers are names of numbers that are no telephone's.
var otherNumbers = strings.Fields("cvr cvrnummer se ean gln isbn issn kle konto kontonummer sags journal j lov pnummer reg doi bind post postnumre")

// pairs reports whether pairs of digits in a row are one telephone number or several.
func pairs(text string, from, to int) bool {
	d, _ := plain(text[from:to])
	for i := 0; i < len(d); i += 8 {
		if len(d)%8 != 0 || d[i] == '0' || d[i] == '1' && counting(d[i:i+8]) {
			return false
		}
	}
	return free(text, from, to)
}

// counting reports whether four pairs of digits go up by the same small step: »12 13 14 15«.
func counting(d string) bool {
	step := number(d[2:4]) - number(d[:2])
	return step > 0 && step <= 10 && number(d[4:6])-number(d[2:4]) == step && number(d[6:])-number(d[4:6]) == step
}

// fours reports whether two groups of four digits are a telephone number and no years, postcodes or round amounts.
func fours(text string, from, to int) bool {
	a, b := text[from:from+4], text[to-4:to]
	round := strings.HasSuffix(a, "0") && strings.HasSuffix(b, "00") || strings.HasSuffix(a, "00") && strings.HasSuffix(b, "0")
	return !yearLike(a) && !yearLike(b) && !round && free(text, from, to)
}

// notDomains end file names that look like addresses.
var notDomains = set("htm html php asp aspx jsp pdf png jpg jpeg gif svg md json yaml txt docx xlsx csv xml")

func email(text string, from, to int) bool {
	if notDomains[text[strings.LastIndexAny(text[from:to], ". ])}")+from+1:to]] {
		return false
	}
	return from == 0 || strings.IndexByte("@\\", text[from-1]) < 0
}

// role are mailboxes that belong to an office and not to a person.
var role = regexp.MustCompile(`^(?:info|kontakt|post|mail|kommunen?|sekretariat(?:et)?|reception(?:en)?|hovedpostkasse|sikkerpost|frivillig|frivilligcenter|kontor(?:et)?|presse|redaktion(?:en)?)@`)

// Keeper returns a Keep for Options: it keeps what stands in public texts, such as a corpus' articles, in any spelling, and mailboxes
// of an office such as info@ and kontakt@. The texts are read once, before Keeper returns.
func Keeper(texts iter.Seq[string]) func(value string) bool {
	public := map[string]bool{}
	for t := range texts {
		learn := Options{Keep: func(value string) bool { public[key(value)] = true; return true }}
		findMarked(fold(t), t, learn)
	}
	return func(value string) bool {
		k := key(value)
		return public[k] || role.MatchString(k)
	}
}

// key is a value without what differs between spellings: a number's digits without +45, an address in small letters.
func key(value string) string {
	f := fold(value)
	if strings.Contains(f.text, "@") {
		v := strings.TrimSuffix(strings.TrimPrefix(f.text, "<mailto:"), ">")
		v, _, _ = strings.Cut(v, "|")
		return strings.ReplaceAll(v, " ", "")
	}
	if strings.ContainsFunc(f.text, func(r rune) bool { return r >= 'a' && r <= 'z' }) {
		return strings.Join(strings.FieldsFunc(f.text, func(r rune) bool { return r == ' ' || r == '.' || r == ',' || r == '-' || r == '\n' }), " ")
	}
	d, _ := plain(f.text)
	if d = strings.TrimPrefix(d, "00"); len(d) == 10 {
		d = strings.TrimPrefix(d, "45")
	}
	return d
}
