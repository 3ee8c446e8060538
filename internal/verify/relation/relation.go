// Package relation measures how a sentence puts together the words that it has from its window: how much is copied and what is odd in it,
// which words come from apart or stand in another's place, and which marks of claims only one side has.
//
// It decides nothing: each measure is a feature that verify weighs. There are few of them, each of many things alike, on purpose: with a
// weight for each class of marks and each sort of word the score fitted the articles it had seen better and all others worse.
// Invariant: a sentence of the window has 0 of each.
package relation

import (
	"kildesvar/internal/danish"
	"kildesvar/internal/lexical"
	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/reading"
)

// relation is a judgement whose relations are measured.
type relation struct {
	*alignment.Judgement
	copied  float64 // share of the words that stand as they stand in the window
	content []int   // tokens of content of the sentence
}

// Check adds the features of the relations to a judgement.
func Check(j *alignment.Judgement) {
	r := &relation{Judgement: j}
	for i := range j.S.Toks {
		if j.S.Toks[i].Weight >= reading.CommonWeight {
			r.content = append(r.content, i)
		}
	}
	r.copied = r.copiedShare()
	r.unmet()
	r.away()
	r.crossed()
	r.rivals()
	r.numbers()
	r.actors()
	r.negations()
	r.marks()
}

// stretch is how many words make a copied stretch.
const stretch = 3

// gram is the keys of a stretch.
type gram [stretch]lexical.Key

func gramAt(t *reading.Text, i int) (g gram) {
	for n := range g {
		g[n] = t.Toks[i+n].W.Key
	}
	return g
}

// copiedShare is the share of the sentence's words that stand in a stretch which the window has word for word.
func (r *relation) copiedShare() float64 {
	n := len(r.S.Toks)
	found := map[gram]bool{}
	for i := 0; i+stretch <= n; i++ {
		found[gramAt(r.S, i)] = false
	}
	for _, sent := range r.Win.Sents {
		for p := r.W.Sents[sent].From; p+stretch <= r.W.Sents[sent].To; p++ {
			g := gramAt(r.W, p)
			if had, ok := found[g]; ok && !had {
				found[g] = true
			}
		}
	}
	count, done := 0, 0
	for i := 0; i+stretch <= n; i++ {
		if found[gramAt(r.S, i)] {
			count += i + stretch - max(i, done)
			done = i + stretch
		}
	}
	return float64(count) / float64(max(n, 1))
}

// unmet weighs the unmet words of a copied sentence, where each is likelier a change than another way to say it; and compounds, which say
// much, in any.
func (r *relation) unmet() {
	f := &r.Feature
	for i := range r.S.Toks {
		k := &r.S.Toks[i]
		if r.IsMet(i) || k.Number > 0 || k.Weight < reading.CommonWeight {
			continue
		}
		if r.outside(i, true) {
			continue
		}
		if k.W.Verb {
			f.OddVerbs += r.copied * k.Weight
		} else {
			f.OddWords += r.copied * sayingOf(k)
		}
		if r.outside(i, false) {
			f.Stray += r.copied * k.Weight
			if k.Name {
				f.Away++
			}
		}
		if len(k.W.Parts) > 0 && !k.Name && !k.Class(reading.Actor) {
			f.Compound++
		}
	}
}

// sayingOf is how much a word says of the subject: »stor« can turn a claim, but stands in sentences about anything.
func sayingOf(k *reading.Token) float64 {
	if danish.Common(k.W.Lower) {
		return min(k.Weight, reading.CommonWeight)
	}
	return k.Weight
}

// outside reports whether an unmet word stands in the titles of the passages, or in a sentence of theirs outside the window.
func (r *relation) outside(i int, title bool) bool {
	for sent := range r.W.Sents {
		if r.W.Title[sent] == title && !r.InWindow(sent) && r.M.Best[sent][i].Strength >= reading.SameSense {
			return true
		}
	}
	return false
}

// away counts the names, numbers and actors that come from another sentence than the rest of their clause.
func (r *relation) away() {
	if len(r.Win.Sents) < 2 {
		return
	}
	home := r.Homes()
	for _, i := range r.content {
		k := &r.S.Toks[i]
		if r.IsMet(i) && r.M.Best[home[i]][i].Strength < alignment.Met && (k.Name || k.Number > 0 || k.Class(reading.Actor)) {
			r.Feature.Away++
		}
	}
}

// neighbour is the next word of content on a side, -1 when it is not met.
func (r *relation) neighbour(x, step int) int {
	x += step
	if x < 0 || x >= len(r.content) || !r.IsMet(r.content[x]) {
		return -1
	}
	return r.content[x]
}

// rivals counts the actors and names whose neighbours in the sentence stand in the window with another one that the sentence lacks.
func (r *relation) rivals() {
	for x, i := range r.content {
		k := &r.S.Toks[i]
		if !k.Class(reading.Actor) && !k.Name {
			continue
		}
		for _, step := range []int{-1, 1} {
			n := r.neighbour(x, step)
			if n < 0 || r.Links[n].Strength < reading.SameSense || r.S.Toks[n].Clause != k.Clause {
				continue
			}
			p := r.Links[n].Pos
			here := r.IsMet(i) && r.W.Toks[r.Links[i].Pos].Clause == r.W.Toks[p].Clause
			if !here && r.rivalNear(k, p) {
				r.Feature.Rival++
			}
		}
	}
}

// rivalNear reports whether another of the same sort stands in the clause of p, without the word itself.
func (r *relation) rivalNear(k *reading.Token, p int) bool {
	found := false
	sp := r.W.Sents[r.W.Toks[p].Sent]
	for q := sp.From; q < sp.To; q++ {
		o := &r.W.Toks[q]
		if o.Clause != r.W.Toks[p].Clause || q == p {
			continue
		}
		if o.W.Key == k.W.Key {
			return false
		}
		if (k.Class(reading.Actor) && o.Class(reading.Actor) || k.Name && o.Name) && !r.HasWord(q) {
			s, _ := alignment.Meet(k, o)
			found = found || s < alignment.Met
		}
	}
	return found
}

// reach is how many tokens before a number the word that it belongs to may stand, in the sentence and in the window.
const reach = 4

// numbers counts the numbers behind a word that has another number of that unit behind it in the window.
func (r *relation) numbers() {
	for n := range r.S.Numbers {
		q := &r.S.Numbers[n]
		x := r.owner(q.Pos)
		if x < 0 || !r.IsMet(x) || r.Links[q.Pos].Pos < 0 {
			continue
		}
		p := r.Links[x].Pos
		other, own := false, false
		for _, o := range r.W.NumbersIn(r.W.Toks[p].Sent) {
			if o.Pos > p && o.Pos <= p+reach && o.Unit == q.Unit {
				meets := q.Meets(o)
				own, other = own || meets, other || !meets
			}
		}
		if other && !own {
			r.Feature.Rival++
		}
	}
}

// owner is the word of content right before a number, -1 for none.
func (r *relation) owner(pos int) int {
	for i := pos - 1; i >= 0 && i >= pos-reach && r.S.Toks[i].Number == 0; i-- {
		if r.S.Toks[i].Weight >= reading.CommonWeight {
			return i
		}
	}
	return -1
}

// actors counts the actors that are not met, and those that the window has not under that name while it has others that the sentence
// lacks.
func (r *relation) actors() {
	free := 0
	for _, sent := range r.Win.Sents {
		for p := r.W.Sents[sent].From; p < r.W.Sents[sent].To; p++ {
			if r.W.Toks[p].Class(reading.Actor) && !r.HasWord(p) {
				free++
			}
		}
	}
	for i := range r.S.Toks {
		k := &r.S.Toks[i]
		if !k.Class(reading.Actor) || k.Weight == 0 {
			continue
		}
		if !r.IsMet(i) && !k.Name && k.Number == 0 {
			r.Feature.Actors++
		}
		if free > 0 && k.Weight >= reading.CommonWeight && !r.HasWindowWord(i) {
			free--
			r.Feature.Actors++
		}
	}
}

// saidShare is the share of a clause from which on the sentence has it.
const saidShare = 0.6

// negations counts the negations of the window whose clause the sentence has, beyond the negations of any sort that it has itself.
func (r *relation) negations() {
	said, all, covered := 0, map[int]float64{}, map[int]float64{} // by clause
	for _, sent := range r.Win.Sents {
		for p := r.W.Sents[sent].From; p < r.W.Sents[sent].To; p++ {
			k := &r.W.Toks[p]
			all[k.Clause] += k.Weight
			if _, ok := r.Covered[p]; ok {
				covered[k.Clause] += k.Weight
			}
		}
	}
	for _, m := range r.WindowMarks(reading.Negation) {
		if c := r.W.Toks[m.Pos].Clause; all[c] > 0 && covered[c] >= saidShare*all[c] {
			said++
		}
	}
	own := len(r.SentenceMarks(reading.Negation)) + len(r.SentenceMarks(reading.WeakNegation|reading.LostNegation|reading.Only))
	r.Feature.Unsaid = float64(max(0, said-own))
}
