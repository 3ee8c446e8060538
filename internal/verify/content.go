package verify

import (
	"math"
	"strings"
)

// leastCoverage is the share of a sentence's words below which it says something else.
const leastCoverage = 0.3

// checkContent measures how much of the sentence the window has.
func (j *judgement) checkContent() {
	f := &j.feature
	var loose, met, all, unmet float64
	run := 0.0
	words := 0
	for i, k := range j.s.toks {
		if k.weight == 0 {
			continue
		}
		words++
		all += k.weight
		if j.isMet(i) {
			loose += k.weight * (1 - j.links[i].strength)
			met += k.weight
			run = 0
			continue
		}
		if j.besideWindow(i) {
			run = 0
			continue
		}
		unmet += k.weight
		says := k.weight
		if j.s.verbal(i) {
			says *= verbShare
		}
		if k.weight >= commonWeight {
			run += says
			f.run = max(f.run, run)
		}
	}
	if met > 0 {
		f.gap = 1 - (met-loose)/all
	}
	f.surplus = max(0, unmet-j.spare())
	if len(j.win.sents) > 1 {
		f.two = 1
	}
	long := min(1.4, max(0.7, math.Sqrt(10/float64(max(words, 1))))) // a long sentence may have a word more that is not met
	f.run *= long
	if all > 0 {
		f.scatter += long * j.scattered()
	}
	if met == 0 || f.gap > 1-leastCoverage {
		j.addFault(Fault{Content, "", -1})
	}
}

// besideWindow reports whether a word that the window lacks stands in another sentence of its passages.
func (j *judgement) besideWindow(i int) bool {
	for sent, p := range j.w.passage {
		if l := j.m.best[sent][i]; l.pos >= 0 && l.strength >= sameSense && j.sharesPassage(p) && !j.inWindow(sent) {
			return true
		}
	}
	return false
}

// spare is the weight of the window's words that the sentence has not met. A window of two sentences has what the nearer lacks.
func (j *judgement) spare() float64 {
	var out float64
	for _, sent := range j.win.sents {
		for p := j.w.sents[sent].from; p < j.w.sents[sent].to; p++ {
			if _, ok := j.covered[p]; !ok && j.w.toks[p].number == 0 && !j.w.toks[p].name {
				out += j.w.toks[p].weight
			}
		}
	}
	return out
}

// verbShare is how much an unmet verb counts against another word: who writes in other words changes the verbs first.
const verbShare = 0.4

// verbal reports whether a word is likely a verb: by what stands before it, or by its ending.
func (t *text) verbal(i int) bool {
	l := t.lower(i)
	if verbBehind[t.lower(i-1)] || auxiliaries[t.lower(i-1)] {
		return true
	}
	return strings.HasSuffix(l, "ede") || strings.HasSuffix(l, "es") && len(l) > 4
}

// auxiliaries stand before participles and infinitives.
var auxiliaries = set("har havde er var bliver blev blevet være også får og")

// scattered is how much of the sentence is not two stretches, each met by one of the window's sentences: the weight of the
// words on the wrong side of the best cut.
func (j *judgement) scattered() float64 {
	if len(j.win.sents) < 2 {
		return 0
	}
	a, b := j.m.best[j.win.sents[0]], j.m.best[j.win.sents[1]]
	least := math.Inf(1)
	for range 2 {
		cost := 0.0 // of the cut before the first word: all of b
		for i, k := range j.s.toks {
			cost += k.weight * wrong(b[i], a[i])
		}
		least = min(least, cost)
		for i, k := range j.s.toks {
			cost += k.weight * (wrong(a[i], b[i]) - wrong(b[i], a[i]))
			least = min(least, cost)
		}
		a, b = b, a
	}
	return least
}

// wrong is 1 when a word is met by the other sentence only.
func wrong(own, other link) float64 {
	if own.strength < met && other.strength >= met {
		return 1
	}
	return 0
}
