package verify

import (
	"math"
	"strings"

	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/claim"
	"kildesvar/internal/verify/reading"
)

// leastCoverage is the share of a sentence's words below which it says something else.
const leastCoverage = 0.3

// checkContent measures how much of the sentence the window has.
func (j *judgement) checkContent() {
	f := &j.Feature
	var loose, met, all, run float64
	words := 0
	for i, k := range j.S.Toks {
		if k.Weight == 0 {
			continue
		}
		words++
		all += k.Weight
		if j.IsMet(i) {
			loose += k.Weight * (1 - j.Links[i].Strength)
			met += k.Weight
			run = 0
			j.likeness(i)
			continue
		}
		if j.titled(i) {
			run = 0
			f.Titled += k.Weight
			continue
		}
		if j.besideWindow(i) {
			run = 0
			continue
		}
		says := j.says(i)
		if k.Weight >= reading.CommonWeight {
			run += says
			f.Run = max(f.Run, run)
		}
	}
	if met > 0 {
		f.Gap = 1 - (met-loose)/all
	}
	long := min(1.4, max(0.7, math.Sqrt(10/float64(max(words, 1))))) // a long sentence may have a word more that is not met
	f.Run *= long
	if len(j.Win.Sents) > 1 {
		cost, joined := j.scattered()
		f.Scatter += long * cost
		if !joined {
			f.Two = 1
		}
	}
	if met == 0 || f.Gap > 1-leastCoverage {
		j.AddFault(Fault{Kind: Content, Text: "", Offset: -1})
	}
}

// likeness measures how loosely a met word is met.
func (j *judgement) likeness(i int) {
	l, weight := j.Links[i], j.S.Toks[i].Weight
	if n := j.Covered[l.Pos]; n != i && l.Strength < reading.SameWord && j.Links[n].Strength == reading.SameWord {
		j.Feature.Double += weight
	}
}

// says is how much an unmet word counts.
func (j *judgement) says(i int) float64 {
	if verbal(j.S, i) {
		return verbShare * j.S.Toks[i].Weight
	}
	return j.S.Toks[i].Weight
}

// titled reports whether a word that the window lacks stands in the titles above its passages.
func (j *judgement) titled(i int) bool { return j.outside(i, true) }

// besideWindow reports whether a word that the window lacks stands in another sentence of its passages.
func (j *judgement) besideWindow(i int) bool { return j.outside(i, false) }

func (j *judgement) outside(i int, title bool) bool {
	for sent, p := range j.W.Passage {
		if j.W.Title[sent] != title {
			continue
		}
		if l := j.M.Best[sent][i]; l.Pos >= 0 && l.Strength >= reading.SameSense && j.SharesPassage(p) && !j.InWindow(sent) {
			return true
		}
	}
	return false
}

// verbShare is how much an unmet verb counts against another word: who writes in other words changes the verbs first.
const verbShare = 0.4

// verbal reports whether a word is likely a verb: by what stands before it, or by its ending.
func verbal(t *reading.Text, i int) bool {
	l := t.Lower(i)
	if claim.VerbBehind[t.Lower(i-1)] || auxiliaries[t.Lower(i-1)] && strings.HasSuffix(l, "t") {
		return true
	}
	return t.Toks[i].W.Verb || strings.HasSuffix(l, "ede") || strings.HasSuffix(l, "es") && len(l) > 4
}

// auxiliaries stand before participles and infinitives.
var auxiliaries = reading.Set("har havde er var bliver blev blevet være også får og")

// leastStretch is the weight that a stretch of a sentence has at least when it says something of its own.
const leastStretch = 1.5

// scattered is how much of the sentence is not two stretches, each met by one of the window's sentences: the weight of the
// words on the wrong side of the best cut. joined reports whether that cut leaves something on both sides, and nothing on a wrong one.
func (j *judgement) scattered() (cost float64, joined bool) {
	a, b := j.M.Best[j.Win.Sents[0]], j.M.Best[j.Win.Sents[1]]
	cost = math.Inf(1)
	for range 2 {
		now, left, right := 0.0, 0.0, 0.0 // of the cut before the first word: all of b
		for i, k := range j.S.Toks {
			now += k.Weight * wrong(b[i], a[i])
			right += k.Weight
		}
		cost = min(cost, now)
		for i, k := range j.S.Toks {
			now += k.Weight * (wrong(a[i], b[i]) - wrong(b[i], a[i]))
			left, right = left+k.Weight, right-k.Weight
			if left < leastStretch || right > 0 && right < leastStretch {
				continue // a word alone is no stretch, but put into another's place
			}
			cost = min(cost, now)
			joined = joined || now == 0 && right > 0 && j.parted(i)
		}
		a, b = b, a
	}
	return cost, joined
}

// parted reports whether a clause begins, or »og« stands, between a word and the next that says something.
func (j *judgement) parted(i int) bool {
	for n := i + 1; n < len(j.S.Toks); n++ {
		if j.S.Toks[n].Clause != j.S.Toks[i].Clause || parting[j.S.Lower(n)] {
			return true
		}
		if j.S.Toks[n].Weight > 0 {
			return false
		}
	}
	return false
}

var parting = reading.Set("og men mens samt eller hvorimod")

// wrong is 1 when a word is met by the other sentence only.
func wrong(own, other alignment.Link) float64 {
	if own.Strength < alignment.Met && other.Strength >= alignment.Met {
		return 1
	}
	return 0
}
