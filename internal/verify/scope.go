package verify

import (
	"slices"
	"strings"
)

// reach is how many tokens away a mark's scope is looked for.
const reach = 30

// scopeOf are the content words that a mark is about: the next three of its clause, or else of the rest of the sentence, and
// the word right before it.
func (t *text) scopeOf(m *mark) []int {
	if m.class&^(light|actor|say|passive|symmetric|english|german|swedish|norwegian) == 0 {
		return nil
	}
	var out []int
	k := t.toks[m.pos]
	end := min(t.sents[k.sent].to, m.pos+m.n+reach)
	widest := 3
	if m.class&negation != 0 {
		widest = 5
	}
	for i := m.pos + m.n; i < end && len(out) < widest; i++ {
		if least := (widest + 1) / 3; len(out) >= least && t.toks[i].clause != t.toks[out[0]].clause {
			break
		}
		if t.toks[i].weight > 0 && t.toks[i].number == 0 && (m.class&(can|should|must|may) == 0 || !t.toks[i].name) {
			out = append(out, i)
		}
	}
	if m.class&(can|should|must|may) != 0 && m.n == 1 {
		out = t.verbFirst(m.pos, out)
	}
	if i := m.pos - 1; i >= 0 && t.toks[i].clause == k.clause && t.toks[i].sent == k.sent && t.toks[i].weight > 0 && t.toks[i].number == 0 {
		out = append(out, i)
	}
	for i := m.pos - 1; i >= max(t.sents[k.sent].from, m.pos-reach) && len(out) == 0; i-- {
		if t.toks[i].weight > 0 {
			out = append(out, i)
		}
	}
	return out
}

// verbFirst moves the first infinitive after a modal verb to the front of its scope, and drops what stands before it.
func (t *text) verbFirst(pos int, scope []int) []int {
	end := min(t.sents[t.toks[pos].sent].to, pos+14)
	for i := pos + 1; i < end; i++ {
		k, prev := t.toks[i], t.lower(i-1)
		if k.weight == 0 || k.name || k.number > 0 || prev == "s" || prepositions[prev] || articles[prev] || t.toks[i-1].name && strings.HasSuffix(prev, "s") {
			continue
		}
		if l := k.w.lower; strings.HasSuffix(l, "e") || strings.HasSuffix(l, "es") || strings.HasSuffix(l, "å") || strings.HasSuffix(l, "ås") {
			out := []int{i}
			for _, o := range scope {
				if o > i {
					out = append(out, o)
				}
			}
			for n := i + 1; n < end && len(out) < 3 && t.toks[n].clause == k.clause; n++ {
				if t.toks[n].weight > 0 && t.toks[n].number == 0 && !t.toks[n].name && !slices.Contains(out, n) {
					out = append(out, n)
				}
			}
			return out
		}
	}
	return scope
}

var articles = set("en et den det de denne dette disse deres sin sit sine")

// prepositions tell the roles of nouns.
var prepositions = set("af fra hos ifølge for til efter med om på i over under mellem mod ved gennem uden blandt som end")
