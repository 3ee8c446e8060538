package eval_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kildesvar/internal/answer"
	"kildesvar/internal/article"
	"kildesvar/internal/danish"
	"kildesvar/internal/eval"
	"kildesvar/internal/retrieval"
)

// fewest is how many gold questions a shape has at least.
const fewest = 12

// TestShapes keeps the whole answers to the gold questions of each shape in testdata/svar/<shape>.txt, as a person reads them, so that
// every change of wording is seen in review; and holds them to what every answer must be.
func TestShapes(t *testing.T) {
	byShape := map[string][]eval.Outcome{}
	for _, o := range outcomes(t, retrieval.DefaultWeights()) {
		if o.Gold.Shape != "" {
			byShape[o.Gold.Shape] = append(byShape[o.Gold.Shape], o)
		}
	}
	if len(byShape) < 15 {
		t.Errorf("only %d shapes", len(byShape))
	}
	for shape, all := range byShape {
		t.Run(shape, func(t *testing.T) {
			if len(all) < fewest {
				t.Errorf("%d gold questions, want %d", len(all), fewest)
			}
			var b strings.Builder
			for _, o := range all {
				b.WriteString(readable(o.Gold, o.Answer))
				for _, fault := range unreadable(o.Answer) {
					t.Errorf("%s: %s", o.Gold.ID, fault)
				}
			}
			golden(t, filepath.Join("testdata", "svar", shape+".txt"), b.String())
		})
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("answers have changed; if the change is wanted, run with -update (-was +is):\n%s", diff)
	}
}

// readable is a question with its answer as text.
func readable(g article.Gold, a *answer.Answer) string {
	var b strings.Builder
	for _, h := range g.History {
		fmt.Fprintf(&b, "%s: %s\n", map[string]string{"user": "Spørger", "assistant": "Kildesvar"}[h.Role], h.Text)
	}
	fmt.Fprintf(&b, "# %s\n", g.Question)
	if a.Status != answer.StatusAnswered {
		fmt.Fprintf(&b, "(%s) %s\n", a.Status, a.Reason)
	}
	for _, c := range a.Claims {
		fmt.Fprintf(&b, "%s %v\n", c.Text, c.Sources)
	}
	for _, s := range a.Sources {
		fmt.Fprintf(&b, "  [%d] %s, »%s«\n", s.N, s.Title, s.Section)
	}
	for _, n := range a.Notes {
		if !strings.Contains(n, "ikke gennemgået") { // stands under every answer
			fmt.Fprintf(&b, "  ! %s\n", n)
		}
	}
	for _, q := range a.Next {
		fmt.Fprintf(&b, "  → %s\n", q)
	}
	b.WriteString("\n")
	return b.String()
}

// pointing begin sentences that cannot stand first.
var pointing = []string{"det", "den", "de", "dette", "denne", "disse", "her", "han", "hun", "derfor", "derefter", "dermed", "desuden", "samtidig", "begge", "hertil"}

// unreadable lists what is wrong with an answer as a text: it begins with a word that points back to nothing, says something twice,
// or is too long; a question to go on with is the one just asked.
func unreadable(a *answer.Answer) (faults []string) {
	seen := map[string]bool{}
	for i, c := range a.Claims {
		if words := danish.Tokens(c.Text); i == 0 && len(words) > 0 && slices.Contains(pointing, strings.ToLower(words[0].Text)) {
			faults = append(faults, "begins with a word that points back: "+c.Text)
		}
		if seen[c.Text] {
			faults = append(faults, "says twice: "+c.Text)
		}
		seen[c.Text] = true
	}
	if len(a.Claims) > answer.MaxClaims {
		faults = append(faults, fmt.Sprintf("%d sentences", len(a.Claims)))
	}
	for _, q := range a.Next {
		if strings.EqualFold(strings.TrimRight(q, "? "), strings.TrimRight(a.Question, "? ")) {
			faults = append(faults, "the next question is the one asked: "+q)
		}
	}
	return faults
}
