package verify

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameAt marks a token that is a proper name: it has a capital, and if it begins a sentence, something else that tells.
func (t *text) nameAt(i int) {
	k := &t.toks[i]
	r, _ := utf8.DecodeRuneInString(k.raw)
	if !unicode.IsUpper(r) || k.w.digits != "" || utf8.RuneCountInString(k.raw) < 2 {
		return
	}
	quoted := i > 0 && strings.ContainsAny(t.gaps[i-1], "»“\"„")
	switch {
	case !k.first && k.w.stop || quoted:
		return
	case k.first:
		k.name = t.namedFirst(i)
	default:
		k.name = true
	}
	if k.name {
		k.weight = nameWeight
	}
}

// namedFirst reports whether a sentence's first word is a name: an abbreviation in capitals, or a word without a Danish ending
// that is followed by another name or by what only people do.
func (t *text) namedFirst(i int) bool {
	k := t.toks[i]
	if authority(k.w.lower) {
		return true
	}
	if k.w.stop || k.w.class&(actor|imperative|light) != 0 || k.w.everyday() || k.weight < fullWeight {
		return false
	}
	if strings.ToUpper(k.raw) == k.raw {
		return true
	}
	for j := i + 1; j < len(t.toks) && j <= i+4 && !t.toks[j].first; j++ {
		n := t.toks[j]
		r, _ := utf8.DecodeRuneInString(n.raw)
		if unicode.IsUpper(r) && !n.w.stop {
			return j == i+1 || t.toks[j-1].w.lower == "og" || strings.Contains(t.gaps[i], ",")
		}
		if n.w.class&say != 0 {
			return j == i+1 && !danishEnding(k.w.lower)
		}
		if n.w.lower != "og" {
			return false
		}
	}
	return false
}

// everyday reports whether a word stands in the list of general synonyms.
func (w *word) everyday() bool {
	for _, g := range w.groups {
		if g.strength == sameSense {
			return true
		}
	}
	return false
}

// authority reports whether a word is the name of an authority: Socialstyrelsen, Kulturministeriet.
func authority(lower string) bool {
	lower = strings.TrimSuffix(lower, "s")
	return len(lower) > 11 && (strings.HasSuffix(lower, "styrelsen") || strings.HasSuffix(lower, "ministeriet")) && lower != "bestyrelsen"
}

// danishEnding reports whether a word ends as Danish nouns in the plural or the definite form do.
func danishEnding(w string) bool {
	for _, e := range []string{"erne", "ene", "ne", "et", "er", "ing", "ingen", "hed", "heden", "ion", "ionen", "e", "else", "elsen"} {
		if strings.HasSuffix(w, e) && len(w) > len(e)+3 {
			return e != "en" && e != "er" && e != "e" || len(w) > 8
		}
	}
	return false
}
