package verify

import (
	"fmt"
	"os"
	"testing"
)

func TestScratch(t *testing.T) {
	v := theCorpus(t).verifier
	ps := readPairs(t, true)
	tp, fp, fn, tn := 0, 0, 0, 0
	kindTP, kindFP := map[Kind]int{}, map[Kind]int{}
	show := os.Getenv("SHOW")
	for _, p := range ps {
		r := v.Check(p.Sentence, []string{p.Passage})
		seen := map[Kind]bool{}
		for _, f := range r.Faults {
			if !seen[f.Kind] {
				seen[f.Kind] = true
				if p.supported() {
					kindFP[f.Kind]++
				} else {
					kindTP[f.Kind]++
				}
			}
		}
		switch {
		case !r.Supported && !p.supported():
			tp++
		case !r.Supported && p.supported():
			fp++
			if show == "fp" {
				brief("FP", v, p, r)
			}
		case r.Supported && !p.supported():
			fn++
			if show == "fn" {
				brief("FN", v, p, r)
			}
		default:
			tn++
		}
	}
	P, R := float64(tp)/float64(tp+fp), float64(tp)/float64(tp+fn)
	fmt.Printf("n=%d tp=%d fp=%d fn=%d tn=%d P=%.3f R=%.3f F1=%.3f FA=%.3f\n", len(ps), tp, fp, fn, tn, P, R, 2*P*R/(P+R), float64(fp)/float64(fp+tn))
	for k, n := range kindTP {
		fmt.Printf("  %-11s caught %3d false %3d\n", k, n, kindFP[k])
	}
	for k, n := range kindFP {
		if kindTP[k] == 0 {
			fmt.Printf("  %-11s caught 0 false %3d\n", k, n)
		}
	}
}

func TestScratchIdentity(t *testing.T) {
	c := theCorpus(t)
	bad, n := 0, 0
	for _, p := range c.passages {
		for i := range p.Sentences {
			n++
			r := c.verifier.Check(p.SentenceText(i), []string{p.Text})
			if !r.Supported {
				bad++
				if bad <= 25 {
					fmt.Printf("%.2f %v %s\n", r.Score, r.Faults, p.SentenceText(i))
				}
			}
		}
	}
	fmt.Println("identity", n, "bad", bad)
}

func brief(tag string, v *Verifier, p pair, r Verdict) {
	if p.heavy() {
		return
	}
	s, w := v.lex.read(p.Sentence), v.lex.readAll([]string{p.Passage})
	m := newMatcher(s, w)
	var best *judgement
	for _, win := range m.windows() {
		j := m.judge(win)
		if best == nil || j.verdict(v.model).Score > best.verdict(v.model).Score {
			best = j
		}
	}
	line := ""
	for i, k := range s.toks {
		switch {
		case k.weight > 0 && !best.isMet(i):
			line += " [" + k.raw + "]"
		case k.weight > 0 && best.links[i].strength < 1:
			line += " " + k.raw + "~" + w.toks[best.links[i].pos].raw
		default:
			line += " " + k.raw
		}
	}
	fs := ""
	for _, f := range r.Faults {
		if f.Kind != Content || f.Text == "" {
			fs += string(f.Kind) + ":" + f.Text + " "
		}
	}
	fmt.Printf("%s %.2f %s/%s | %s %+.1f\n  S:%s\n", tag, r.Score, p.Label, p.Kind, fs, best.feature.list(), line)
	for _, sent := range best.win.sents {
		pl := ""
		for q := w.sents[sent].from; q < w.sents[sent].to; q++ {
			if _, ok := best.covered[q]; !ok && w.toks[q].weight > 0 {
				pl += " [" + w.toks[q].raw + "]"
			} else {
				pl += " " + w.toks[q].raw
			}
		}
		fmt.Println("    P:" + pl)
	}
}
