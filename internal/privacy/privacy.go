// Package privacy finds personal data in a text and masks it, and recognises questions about a person's case.
//
// It knows Danish and nothing of the rest of the program, so that it could stand as a module of its own. CPR numbers are found in
// every spelling. Other kinds are found by their shape (e-mail addresses, telephone numbers, street addresses, IBAN) or by the words
// before them (»sagsnr.«, »født«); names only in a case, from a list of given names, and nobody is promised that they are found.
// Nothing found is ever logged or returned by an error.
//
// A text is first folded to plain lower-case ASCII (fold.go): digits of all scripts, dashes, spaces, escapes of HTML and JSON and
// invisible characters become what they look like, and everything else works on that.
//
// Invariants: findings are in order, do not overlap and hold no mask; offsets are in bytes of the text given; what is masked once
// stays as it is: Mask(Mask(x)) is Mask(x). The time of Find grows with the length of the text and not faster. All functions are safe
// for concurrent use.
package privacy

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// Kind says what was found.
type Kind string

// The kinds of personal data.
const (
	CPR       Kind = "cpr"       // a Danish civil registration number
	CPREnd    Kind = "cpr-end"   // the last four digits of one
	Name      Kind = "name"      // of a person in a case
	Birth     Kind = "birth"     // a date of birth
	Phone     Kind = "phone"     // a telephone number
	Email     Kind = "email"     // an e-mail address
	Address   Kind = "address"   // a street address
	Account   Kind = "account"   // a bank account
	CaseNo    Kind = "case"      // the number of a case or a journal entry
	Document  Kind = "document"  // the number of a passport, residence permit or licence
	Plate     Kind = "plate"     // a vehicle's registration
	maxRounds      = 12          // of searching what earlier findings have laid open
	ending         = " fjernet]" // of every mask
	CPRMask        = "[cpr-nummer" + ending
	NameMask       = "[navn" + ending
)

// kinds are all kinds in the order of their weight: what is of two kinds is of the first.
var kinds = []struct {
	kind Kind
	mask string // stands in a masked text where a value stood
	noun string // in the note to the asker
}{
	{CPR, CPRMask, "et CPR-nummer"},
	{CPREnd, "[cpr-cifre" + ending, "de sidste cifre af et CPR-nummer"},
	{Name, NameMask, "navnet på en person"},
	{Birth, "[fødselsdato" + ending, "en fødselsdato"},
	{Account, "[kontonummer" + ending, "et kontonummer"},
	{Document, "[dokumentnummer" + ending, "nummeret på et pas, en opholdstilladelse eller et kørekort"},
	{CaseNo, "[sagsnummer" + ending, "et sagsnummer"},
	{Plate, "[nummerplade" + ending, "en nummerplade"},
	{Phone, "[telefonnummer" + ending, "et telefonnummer"},
	{Email, "[mailadresse" + ending, "en mailadresse"},
	{Address, "[adresse" + ending, "en adresse"},
}

// Mask is what stands in a masked text for a value of the kind.
func (k Kind) Mask() string { return kinds[k.weight()].mask }

// weight is the kind's place in kinds.
func (k Kind) weight() int {
	for i := range kinds {
		if kinds[i].kind == k {
			return i
		}
	}
	return 0
}

// Finding is a stretch of a text that holds personal data.
type Finding struct {
	Start, End int
	Kind       Kind
}

// Options say what is not personal. The zero value keeps nothing and knows nobody.
type Options struct {
	// Keep reports whether a telephone number, e-mail address, street address, account or case number, as it stands in the text, is an
	// institution's and stays. nil: none is. Keeper makes one from public texts.
	Keep func(value string) bool
	// Allow are kinds that stay, such as a telephone number in an expert's reply.
	Allow []Kind
	// Known reports whether a word belongs to the theme, such as a scholar's name. nil: none does.
	Known func(word string) bool
}

// Find returns the personal data in a text.
func Find(text string, o Options) []Finding {
	_, found := Mask(text, o)
	return found
}

// Mask replaces everything Find finds. The findings' offsets are those of the text given. It looks again until nothing more is found:
// what is masked may lay open what stood beside it.
func Mask(text string, o Options) (masked string, found []Finding) {
	masked, at := replace(text, nil)
	for range maxRounds {
		more := search(masked, o)
		if len(more) == 0 {
			break
		}
		for _, m := range more {
			found = append(found, Finding{at.back(m.Start), at.back(m.End), m.Kind})
		}
		slices.SortFunc(found, func(a, b Finding) int { return cmp.Compare(a.Start, b.Start) })
		masked, at = replace(text, found)
	}
	return masked, found
}

// search looks once.
func search(text string, o Options) []Finding {
	f := fold(text)
	found := findCPR(f)
	found = append(found, findMarked(f, text, o)...)
	found = append(found, findNames(text, o.Known)...)
	return merge(slices.DeleteFunc(found, func(f Finding) bool { return slices.Contains(o.Allow, f.Kind) }))
}

// merge puts findings in order and makes one of those that overlap, of the weightier kind.
func merge(found []Finding) []Finding {
	slices.SortFunc(found, func(a, b Finding) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End)) })
	out := found[:0]
	for _, f := range found {
		if n := len(out); n > 0 && f.Start < out[n-1].End {
			out[n-1].End = max(out[n-1].End, f.End)
			if f.Kind.weight() < out[n-1].Kind.weight() {
				out[n-1].Kind = f.Kind
			}
			continue
		}
		out = append(out, f)
	}
	return out
}

// shifts say that the masked text from `masked` on is the text from `text` on.
type shifts []struct{ masked, text int }

// back is the place in the text of a place in the masked text that is in no mask, or at a mask's border.
func (s shifts) back(at int) int {
	i := sort.Search(len(s), func(i int) bool { return s[i].masked > at }) - 1
	return s[i].text + at - s[i].masked
}

// replace masks findings.
func replace(text string, found []Finding) (string, shifts) {
	var b strings.Builder
	s := shifts{{0, 0}}
	at := 0
	for _, f := range found {
		b.WriteString(text[at:f.Start])
		b.WriteString(f.Kind.Mask())
		at = f.End
		s = append(s, shifts{{b.Len(), at}}...)
	}
	b.WriteString(text[at:])
	return b.String(), s
}
