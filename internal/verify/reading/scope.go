package reading

import (
	"slices"
	"strings"
)

// reach is how many tokens away a mark's scope is looked for.
const reach = 30

// scopeOf are the content words that a mark is about: the next three of its clause, or else of the rest of the sentence, and
// the word right before it.
func (t *Text) scopeOf(m *Mark) []int {
	if m.Class&^(Light|Actor|Say|passive|Symmetric|English|German|Swedish|Norwegian) == 0 {
		return nil
	}
	var out []int
	k := t.Toks[m.Pos]
	end := min(t.Sents[k.Sent].To, m.Pos+m.N+reach)
	widest := 3
	if m.Class&Negation != 0 {
		widest = 5
	}
	for i := m.Pos + m.N; i < end && len(out) < widest; i++ {
		if least := (widest + 1) / 3; len(out) >= least && t.Toks[i].Clause != t.Toks[out[0]].Clause {
			break
		}
		if t.Toks[i].Weight > 0 && t.Toks[i].Number == 0 && (m.Class&(Can|Should|Must|May) == 0 || !t.Toks[i].Name) {
			out = append(out, i)
		}
	}
	if m.Class&(Can|Should|Must|May) != 0 && m.N == 1 {
		out = t.verbFirst(m.Pos, out)
	}
	if i := m.Pos - 1; i >= 0 && t.Toks[i].Clause == k.Clause && t.Toks[i].Sent == k.Sent && t.Toks[i].Weight > 0 && t.Toks[i].Number == 0 {
		out = append(out, i)
	}
	for i := m.Pos - 1; i >= max(t.Sents[k.Sent].From, m.Pos-reach) && len(out) == 0; i-- {
		if t.Toks[i].Weight > 0 {
			out = append(out, i)
		}
	}
	return out
}

// verbFirst moves the first infinitive after a modal verb to the front of its scope, and drops what stands before it.
func (t *Text) verbFirst(pos int, scope []int) []int {
	end := min(t.Sents[t.Toks[pos].Sent].To, pos+14)
	for i := pos + 1; i < end; i++ {
		k, prev := t.Toks[i], t.Lower(i-1)
		if i > pos+1 && Modals[k.W.Lower] != 0 && k.Clause != t.Toks[pos].Clause {
			break // the infinitive is the other's
		}
		if k.Weight == 0 || k.Name || k.Number > 0 || prev == "s" || Prepositions[prev] || Articles[prev] || t.Toks[i-1].Name && strings.HasSuffix(prev, "s") {
			continue
		}
		if l := k.W.Lower; strings.HasSuffix(l, "e") || strings.HasSuffix(l, "es") || strings.HasSuffix(l, "å") || strings.HasSuffix(l, "ås") {
			out := []int{i}
			for _, o := range scope {
				if o > i {
					out = append(out, o)
				}
			}
			for n := i + 1; n < end && len(out) < 3 && t.Toks[n].Clause == k.Clause; n++ {
				if t.Toks[n].Weight > 0 && t.Toks[n].Number == 0 && !t.Toks[n].Name && !slices.Contains(out, n) {
					out = append(out, n)
				}
			}
			return out
		}
	}
	return scope
}

// Articles are articles and what stands like them before a noun.
var Articles = Set("en et den det de denne dette disse deres sin sit sine")

// Prepositions tell the roles of nouns.
var Prepositions = Set("af fra hos ifølge for til efter med om på i over under mellem mod ved gennem uden blandt som end")
