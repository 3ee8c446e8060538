package answer_test

import (
	"strings"
	"testing"

	"kildesvar/internal/answer"
	"kildesvar/internal/prompt"
)

// leastSurviving is the share of an honest model's sentences that must be shown.
const leastSurviving = 0.5

// TestHonestModel: what faithful writers made of the passages is shown as a written answer.
func TestHonestModel(t *testing.T) {
	replies := honestReplies(t)
	texts := map[string]string{} // of passages, by id
	current := ""
	m := saying(func(_ string, passages []prompt.Passage) string {
		var out []string
		for line := range strings.SplitSeq(current, "\n") {
			at := strings.LastIndex(line, " [")
			if at < 0 {
				return line // it found no answer
			}
			var ids []string
			for id := range strings.SplitSeq(strings.Trim(line[at:], " []"), ", ") {
				for _, p := range passages {
					if p.Text == texts[id] {
						ids = append(ids, p.ID)
					}
				}
			}
			out = append(out, line[:at]+" ["+strings.Join(ids, ", ")+"]")
		}
		return strings.Join(out, "\n")
	})
	b, g := generative(t, m, answer.Options{})
	for i := range b.search.Index().Passages {
		p := &b.search.Index().Passages[i]
		texts[p.ID] = p.Text
	}
	sentences, written, answers, asked := 0, 0, 0, 0
	for _, q := range goldQuestions(t) {
		reply, ok := replies[q.ID]
		if !ok || reply == "INTET SVAR" {
			continue
		}
		current = reply
		before := m.calls.Load()
		a := composed(t, t.Context(), b, g, q.Question, pastOf(q))
		if m.calls.Load() == before {
			continue // refused or quoted without a model
		}
		asked++
		sentences += strings.Count(reply, "\n") + 1
		if a.Mode == answer.ModeGenerative {
			answers++
		}
		shown := map[string]bool{}
		for _, c := range a.Claims {
			shown[c.Text] = true
		}
		for line := range strings.SplitSeq(reply, "\n") {
			if s, _, _ := strings.Cut(line, " ["); a.Mode == answer.ModeGenerative && shown[strings.TrimSpace(s)] {
				written++
			} else if testing.Verbose() {
				t.Logf("%s: %s", q.ID, s)
			}
		}
	}
	share := float64(written) / float64(max(sentences, 1))
	u := g.Usage()
	t.Logf("%d questions, %d written answers; %d of %d sentences shown as they were written (%.3f); verified %d, refused %d", asked, answers, written, sentences, share, u.Verified, u.Refused)
	if asked < 100 || share < leastSurviving {
		t.Errorf("%d questions asked, %.3f of the sentences survive", asked, share)
	}
}
