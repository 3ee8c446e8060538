package verify

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"testing"
)

// mostStrange is the share of sentences that may be held to be supported by a passage of another article.
const mostStrange = 0.005

// Floors of the held-out articles, near the unfavourable ends of the intervals that they had when this verifier was first
// measured on them as a whole: F1 0.790, recall 0.871, false alarms 0.471, 0.265 without the heavy rewordings. Nothing was chosen
// by them. The goal, false alarms of 0.08, is far from reached.
const (
	floorF1       = 0.73
	floorRecall   = 0.81
	ceilingAlarms = 0.56 // of all supported sentences, a third of which share few words with their passages
	ceilingLight  = 0.38 // of those that are not heavily reworded
)

// TestHeldOut measures on the articles whose pairs nobody looked at while the verifier was made.
func TestHeldOut(t *testing.T) {
	c := theCorpus(t)
	out := judgeAll(c.verifier, readPairs(t, false))
	all := report(t, "held out", out)
	light := report(t, "held out without heavy rewording", slices.DeleteFunc(slices.Clone(out), func(o outcome) bool { return o.pair.heavy() }))
	byLabel(t, out)
	own := builtIn{verifier: c.verifier}
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
		worst(t, out)
	}
	if all.f1 < floorF1 || all.recall < floorRecall || all.falseAlarms > ceilingAlarms || light.falseAlarms > ceilingLight {
		t.Errorf("F1 %.3f, recall %.3f, false alarms %.3f (%.3f without heavy rewording) are beyond the floors", all.f1, all.recall, all.falseAlarms, light.falseAlarms)
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
// can fail: a verifier that supports everything is beyond the floors.
func TestDevelopment(t *testing.T) {
	v := theCorpus(t).verifier
	pairs := readPairs(t, true)
	out := judgeAll(v, pairs)
	if m := report(t, "development", out); m.f1 < floorF1 || m.recall < floorRecall || m.falseAlarms > ceilingAlarms {
		t.Errorf("%+v is beyond the floors", m)
	}
	byLabel(t, out)
	for i := range out {
		out[i].verdict.Supported = true
	}
	if measured(out).f1 >= floorF1 {
		t.Error("the gate lets a verifier through that supports everything")
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
