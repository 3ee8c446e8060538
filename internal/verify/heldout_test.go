package verify

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
)

// mostStrange is the share of sentences that may be held to be supported by a passage of another article. Of the three that are, two
// are of what the other article says itself in other words.
const mostStrange = 0.006

// bounds are what a set of pairs may not fall behind.
type bounds struct{ f1, recall, alarms, light float64 }

// miss tells where a set falls behind, "" for nowhere.
func (b bounds) miss(all, light measures) string {
	if all.f1 >= b.f1 && all.recall >= b.recall && all.falseAlarms <= b.alarms && light.falseAlarms <= b.light {
		return ""
	}
	return fmt.Sprintf("%+v, false alarms without heavy rewording %.3f, are beyond %+v", all, light.falseAlarms, b)
}

// Bounds, a little below what was measured when all was fixed. The held-out articles: F1 0.829, recall 0.925, false alarms 0.433 (0.176
// without the heavy rewordings) of the old pairs; F1 0.729 [0.652, 0.795], recall 0.796, false alarms 0.151 [0.106, 0.197] of the natural
// ones, where the verifier before had 0.726, 0.785 and 0.147: what was learnt of the development articles' sentences helped the old pairs
// and not these. They were measured twice, before and after two rules and a word list that changed next to nothing on the development pairs
// were taken out; earlier verifiers had been measured on them, and their errors on the natural ones were read once. The goals are F1 0.85 and
// false alarms 0.08: reached on the natural pairs of the development articles, whose sentences were looked at, and not on the others.
var (
	heldOld     = bounds{0.80, 0.89, 0.46, 0.20}
	heldNatural = bounds{0.70, 0.75, 0.17, 0.17}
	devOld      = bounds{0.81, 0.87, 0.39, 0.17}
	devNatural  = bounds{0.84, 0.82, 0.07, 0.07}
)

// light are the outcomes but those of heavy rewordings.
func light(out []outcome) []outcome {
	return only(out, func(o outcome) bool { return !o.pair.heavy() })
}

// within judges both sets of pairs, of the development articles or the others, and holds them to their bounds.
func within(t *testing.T, v *Verifier, dev bool, name string, oldBounds, naturalBounds bounds) (old, nat []outcome) {
	t.Helper()
	old, nat = judgeAll(v, readPairs(t, dev)), judgeAll(v, readNatural(t, dev))
	if m := oldBounds.miss(report(t, name, old), report(t, name+" without heavy rewording", light(old))); m != "" {
		t.Error(m)
	}
	byLabel(t, old)
	all := report(t, name+", natural", nat)
	if m := naturalBounds.miss(all, all); m != "" {
		t.Error(m)
	}
	byLabel(t, nat)
	return old, nat
}

// TestHeldOut measures on the articles whose pairs nobody looked at while the verifier was made.
func TestHeldOut(t *testing.T) {
	c := theCorpus(t)
	old, nat := within(t, c.verifier, false, "held out", heldOld, heldNatural)
	own := builtIn{verifier: c.verifier, titles: c.titles}
	for _, p := range c.passages {
		if !slices.Contains(development, path.Base(p.Article)) {
			own.passages = append(own.passages, p)
		}
	}
	caught, total, _ := mutate(own)
	for _, kind := range sortedKeys(total) {
		t.Logf("mutations: %-10s %4d of %4d caught", kind, caught[kind], total[kind])
	}
	if testing.Verbose() {
		worst(t, old)
		worst(t, nat)
	}
}

// byLabel logs how many of each label are held to be supported.
func byLabel(t *testing.T, out []outcome) {
	t.Helper()
	supported, total := map[string]int{}, map[string]int{}
	for _, o := range out {
		total[o.pair.Label]++
		if o.verdict.Supported {
			supported[o.pair.Label]++
		}
	}
	for _, l := range sortedKeys(total) {
		t.Logf("%-12s %3d of %3d held to be supported", l, supported[l], total[l])
	}
}

func sortedKeys(m map[string]int) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// worst logs the ten errors that the verifier is surest of.
func worst(t *testing.T, out []outcome) {
	t.Helper()
	wrong := slices.DeleteFunc(slices.Clone(out), func(o outcome) bool { return o.verdict.Supported == o.pair.supported() })
	sure := func(o outcome) float64 { return max(o.verdict.Score, 1-o.verdict.Score) }
	slices.SortStableFunc(wrong, func(a, b outcome) int { return cmp.Compare(sure(b), sure(a)) })
	for _, o := range wrong[:min(10, len(wrong))] {
		t.Logf("%s is %s (%s), judged %.2f %v:\n\t%s\n\tfrom %s", o.pair.ID, o.pair.Label, o.pair.Kind, o.verdict.Score, o.verdict.Faults, o.pair.Sentence,
			strings.TrimSpace(o.pair.Passage))
	}
}

// TestDevelopment measures the same on the development articles, with the coefficients as they stand, and shows that the gate
// can fail: a verifier that supports everything is beyond the bounds, and one that supports nothing too.
func TestDevelopment(t *testing.T) {
	_, nat := within(t, theCorpus(t).verifier, true, "development", devOld, devNatural)
	for _, supported := range []bool{true, false} {
		for i := range nat {
			nat[i].verdict.Supported = supported
		}
		if m := measured(nat); heldNatural.miss(m, m) == "" {
			t.Errorf("the gate lets a verifier through that always says %v", supported)
		}
	}
}

// TestStrangers: sentences of the corpus are not supported by passages of other articles, but for very few.
func TestStrangers(t *testing.T) {
	n, wrong := strange(t, theCorpus(t).verifier)
	if n < 300 || float64(wrong) > mostStrange*float64(n) {
		t.Errorf("%d of %d sentences are held to be supported by a strange passage", wrong, n)
	}
}

// strange checks each sentence of the corpus against a passage of another article.
func strange(t *testing.T, v *Verifier) (n, wrong int) {
	t.Helper()
	c := theCorpus(t)
	for i := range c.passages {
		p, o := &c.passages[i], &c.passages[(i+len(c.passages)/2)%len(c.passages)]
		for k := range p.Sentences {
			if p.Article == o.Article || strings.Contains(o.Text, p.SentenceText(k)) {
				continue
			}
			n++
			if v.Check(p.SentenceText(k), c.cited(o)).Supported {
				wrong++
				t.Logf("supported by %s: %s", o.ID, p.SentenceText(k))
			}
		}
	}
	return n, wrong
}
