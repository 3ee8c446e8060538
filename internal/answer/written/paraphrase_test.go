package written_test

import (
	"strings"
	"testing"

	"kildesvar/internal/answer/answertest"
	"kildesvar/internal/answer/written"
	"kildesvar/internal/prompt"
	"kildesvar/internal/verify/verifytest"
)

// mostThrough is the share of lies in other words than the corpus' that may be shown. It is what the verifier lets through, for here no
// sentence of the corpus stands near enough to be shown instead.
const mostThrough = 0.05

// TestLyingParaphrases: faithful writers' sentences, each made false in one place, between true ones. These are the hardest lies there are:
// plausible, in other words than the passage's, under its number.
func TestLyingParaphrases(t *testing.T) {
	replies := honestReplies(t)
	b, err := answertest.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for i := range b.Searcher.Index().Passages {
		p := &b.Searcher.Index().Passages[i]
		texts[p.ID] = p.Text
	}
	reply := ""
	m := saying(func(_ string, passages []prompt.Passage) string {
		return strings.Join(append(strings.Split(reply, "\n"), honest(passages, 3)...), "\n")
	})
	_, g := generative(t, m, written.Options{Keep: -1})
	told, through := 0, 0
	for i, q := range answertest.Gold(t) {
		if replies[q.ID] == "" || raceEnabled && i%9 != 0 {
			continue
		}
		lies := map[string]string{}
		var lines []string
		for line := range strings.SplitSeq(replies[q.ID], "\n") {
			s, ids, ok := strings.Cut(line, " [")
			if !ok {
				continue
			}
			id, _, _ := strings.Cut(strings.Trim(ids, "]"), ", ")
			ms := verifytest.Mutate(s, texts[id], strangers)
			for k := 0; k < len(ms) && k < 2; k++ {
				l := ms[(i+k*7)%len(ms)]
				lies[l.Text] = l.Kind
				lines = append(lines, l.Text)
			}
		}
		if len(lines) == 0 {
			continue
		}
		reply = strings.Join(lines, "\n")
		a := composed(t, b, g, q.Question, answertest.PastOf(q))
		told += len(lies)
		for _, c := range a.Claims {
			if kind, ok := lies[c.Text]; ok {
				through++
				t.Logf("%s: %s: %s", q.ID, kind, c.Text)
			}
		}
	}
	t.Logf("%d of %d lies are shown", through, told)
	if !raceEnabled && told < 100 || float64(through) > mostThrough*float64(told) {
		t.Errorf("%d of %d lies are shown", through, told)
	}
}
