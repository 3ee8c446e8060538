package verify

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"kildesvar/internal/verify/verifytest"
)

// Floors of the mutations.
const (
	leastMutations = 2000
	leastCaught    = 0.97
)

// authors are the names that the corpus has before »og« and a name, after »ifølge«, or before a year.
func authors(c builtIn) []string {
	seen, common := map[string]bool{}, map[string]bool{}
	for _, p := range c.passages {
		for _, w := range strings.Fields(p.Text) {
			common[strings.Trim(w, ".,»«()")] = true
		}
	}
	for _, p := range c.passages {
		words := strings.Fields(p.Text)
		for i := 1; i+1 < len(words); i++ {
			w := strings.Trim(words[i], ".,»«()")
			r := []rune(w)
			if len(r) < 4 || !unicode.IsUpper(r[0]) || strings.ContainsAny(w, "-0123456789'’") || strings.ToUpper(w) == w || common[strings.ToLower(w)] {
				continue
			}
			next := strings.Trim(words[i+1], ".,")
			if words[i-1] == "ifølge" || words[i-1] == "hos" || words[i+1] == "og" && len(words) > i+2 && unicode.IsUpper([]rune(words[i+2])[0]) || next == "beskriver" {
				seen[strings.TrimSuffix(w, "s")] = true
			}
		}
	}
	var out []string
	for w := range seen {
		out = append(out, w)
	}
	slices.Sort(out)
	return out
}

// mutate judges all mutations of the corpus against their own passages.
func mutate(c builtIn) (caught, all map[string]int, missed []verifytest.Mutation) {
	caught, all = map[string]int{}, map[string]int{}
	names := authors(c)
	for i := range c.passages {
		p := &c.passages[i]
		for k := range p.Sentences {
			for _, m := range verifytest.Mutate(p.SentenceText(k), p.Text, names) {
				all[m.Kind]++
				if c.verifier.Check(m.Text, c.cited(p)).Supported {
					missed = append(missed, m)
				} else {
					caught[m.Kind]++
				}
			}
		}
	}
	return caught, all, missed
}

// TestMutations: a true sentence with one thing changed is not supported by its own passage.
func TestMutations(t *testing.T) {
	caught, all, missed := mutate(theCorpus(t))
	n, hit := 0, 0
	kinds := make([]string, 0, len(all))
	for k := range all {
		kinds = append(kinds, k)
		n, hit = n+all[k], hit+caught[k]
	}
	slices.Sort(kinds)
	for _, k := range kinds {
		t.Logf("%-10s %4d of %4d caught", k, caught[k], all[k])
	}
	for i := range missed {
		if i < 10 || testing.Verbose() && i < 40 {
			t.Logf("missed: %s: %s → %s: %s", missed[i].Kind, missed[i].From, missed[i].To, missed[i].Text)
		}
	}
	t.Logf("%d of %d mutations caught", hit, n)
	if n < leastMutations {
		t.Errorf("only %d mutations, want %d", n, leastMutations)
	}
	if rate := float64(hit) / float64(n); rate < leastCaught {
		t.Errorf("%.3f of the mutations are caught, want %.2f", rate, leastCaught)
	}
}

// TestTrueSentences: every sentence of the corpus is supported by its own passage.
func TestTrueSentences(t *testing.T) {
	c := theCorpus(t)
	for i := range c.passages {
		p := &c.passages[i]
		for k := range p.Sentences {
			if v := c.verifier.Check(p.SentenceText(k), c.cited(p)); !v.Supported {
				t.Errorf("%.2f %v: %s", v.Score, v.Faults, p.SentenceText(k))
			}
		}
	}
}
