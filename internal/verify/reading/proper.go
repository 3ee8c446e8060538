package reading

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameAt marks a token that is a proper name: it has a capital, and if it begins a sentence, something else that tells.
func (t *Text) nameAt(i int) {
	k := &t.Toks[i]
	r, _ := utf8.DecodeRuneInString(k.Raw)
	if !unicode.IsUpper(r) || k.W.digits != "" || utf8.RuneCountInString(k.Raw) < 2 {
		return
	}
	quoted := i > 0 && strings.ContainsAny(t.Gaps[i-1], "»“\"„")
	switch {
	case !k.First && k.W.Stop || quoted:
		return
	case k.First:
		k.Name = t.namedFirst(i)
	default:
		k.Name = true
	}
	if k.Name {
		k.Weight = nameWeight
	}
}

// namedFirst reports whether a sentence's first word is a name: an abbreviation in capitals, or a word without a Danish ending
// that is followed by another name or by what only people do.
func (t *Text) namedFirst(i int) bool {
	k := t.Toks[i]
	if authority(k.W.Lower) {
		return true
	}
	if utf8.RuneCountInString(k.Raw) > 2 && strings.ToUpper(k.Raw) == k.Raw && !k.W.Stop {
		return true
	}
	if k.W.Stop || k.W.Class&(Actor|Imperative|Light) != 0 || k.W.everyday() || k.Weight < FullWeight {
		return false
	}
	if strings.ToUpper(k.Raw) == k.Raw {
		return true
	}
	for j := i + 1; j < len(t.Toks) && j <= i+4 && !t.Toks[j].First; j++ {
		n := t.Toks[j]
		r, _ := utf8.DecodeRuneInString(n.Raw)
		if unicode.IsUpper(r) && !n.W.Stop {
			return j == i+1 || t.Toks[j-1].W.Lower == "og" || strings.Contains(t.Gaps[i], ",")
		}
		if n.W.Class&Say != 0 {
			return j == i+1 && !DanishEnding(k.W.Lower)
		}
		if n.W.Lower != "og" {
			return false
		}
	}
	return false
}

// everyday reports whether a word stands in the list of general synonyms.
func (w *Word) everyday() bool {
	for _, g := range w.Groups {
		if g.Strength == SameSense {
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

// DanishEnding reports whether a word ends as Danish nouns in the plural or the definite form do.
func DanishEnding(w string) bool {
	for _, e := range []string{"erne", "ene", "ne", "et", "er", "ing", "ingen", "hed", "heden", "ion", "ionen", "e", "else", "elsen"} {
		if strings.HasSuffix(w, e) && len(w) > len(e)+3 {
			return e != "en" && e != "er" && e != "e" || len(w) > 8
		}
	}
	return false
}
