package written_test

import (
	"strings"
	"testing"

	"kildesvar/internal/answer"
	"kildesvar/internal/answer/answertest"
	"kildesvar/internal/answer/written"
	"kildesvar/internal/prompt"
)

// What must come of an honest model's sentences, of those about passages that it was given. A sentence survives when it is verified in an
// answer that is shown as a written one; where it stands very near the corpus' own, that is shown.
const (
	leastSurviving = 0.88
	leastWritten   = 0.80 // of its answers
)

// writer is a model that answers with a reply of testdata, as far as it was given the passages.
type writer struct {
	model
	texts map[string]string // of passages, by id
	reply string
	lines int // of the reply, about passages that were given
}

func newWriter(b answertest.Built) *writer {
	w := &writer{texts: map[string]string{}}
	for i := range b.Searcher.Index().Passages {
		p := &b.Searcher.Index().Passages[i]
		w.texts[p.ID] = p.Text
	}
	w.say = saying(func(_ string, passages []prompt.Passage) string {
		var out []string
		for line := range strings.SplitSeq(w.reply, "\n") {
			text, ids, _ := strings.Cut(line, " [")
			var cites []string
			for id := range strings.SplitSeq(strings.Trim(ids, "]"), ", ") {
				for _, p := range passages {
					if p.Text == w.texts[id] {
						cites = append(cites, p.ID)
					}
				}
			}
			if len(cites) > strings.Count(ids, ",") {
				out = append(out, text+" ["+strings.Join(cites, ", ")+"]")
			}
		}
		w.lines = len(out)
		if len(out) == 0 {
			return "INTET SVAR"
		}
		return strings.Join(out, "\n")
	}).say
	return w
}

// TestHonestModel: what faithful writers made of the passages is shown as a written answer.
func TestHonestModel(t *testing.T) {
	replies := honestReplies(t)
	b, err := answertest.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	w := newWriter(b)
	g := over(t, b, builtInVerifier(), w, written.Options{})
	sentences, survived, alike, answers, asked := 0, 0, 0, 0, 0
	for i, q := range answertest.Gold(t) {
		if replies[q.ID] == "" || replies[q.ID] == "INTET SVAR" || raceEnabled && i%5 != 0 {
			continue
		}
		w.reply, w.lines = replies[q.ID], 0
		before := g.Usage().Verified
		a := composed(t, b, g, q.Question, answertest.PastOf(q))
		if w.lines == 0 {
			continue // refused, quoted without a model, or from other passages than the writer had
		}
		asked++
		sentences += w.lines
		if a.Mode != answer.ModeGenerative {
			continue
		}
		answers++
		survived += int(g.Usage().Verified - before)
		for _, c := range a.Claims {
			if strings.Contains("\n"+w.reply, "\n"+c.Text+" [") {
				alike++
			}
		}
	}
	share := float64(survived) / float64(max(sentences, 1))
	t.Logf("%d questions, %d written answers; %d of %d sentences survive (%.3f), %d as they were written", asked, answers, survived, sentences, share, alike)
	if !raceEnabled && asked < 100 || share < leastSurviving || float64(answers) < leastWritten*float64(asked) {
		t.Errorf("%d questions asked, %d answers written, %.3f of the sentences survive", asked, answers, share)
	}
}
