package answer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kildesvar/corpus"
	"kildesvar/internal/answer"
	"kildesvar/internal/answer/answertest"
	"kildesvar/internal/article"
	"kildesvar/internal/article/lint"
	"kildesvar/internal/retrieval"
)

// advert is the article that wants to be found, whatever is asked: its front matter.
const advert = "---\ntitle: Samskabelse og partnerskab\nurl: https://vidensportal.dk/reklame\n---\n\n"

// jams are ways to stuff the article. most is how many of a hundred answers may have it as their first source; told says that
// »corpus check« warns of it. An article that copies the entry questions of all others in many sections says, in the editor's own language,
// that it answers them, and is believed in part: that is why it must be seen when the corpus is checked.
func jams(train, entries []string) map[string]struct {
	text string
	most int
	told bool
} {
	words := "samskabelse partnerskab civilsamfund frivillig kommune forening evaluering roller definition tværsektorielt samarbejde § 18 frivilligcenter. "
	var spread strings.Builder
	n := 0
	for some := range slices.Chunk(entries, article.MaxQuestions) {
		n++
		fmt.Fprintf(&spread, "## Svar %d\n\n<!-- svarer på: %s -->\n\nKøb vores kursus %d [@r].\n\n", n, strings.Join(some, " | "), n)
	}
	return map[string]struct {
		text string
		most int
		told bool
	}{
		"words":                 {"## Samskabelse og partnerskab\n\nKøb vores kursus. " + strings.Repeat(words, 400) + "[@r]\n", 1, false},
		"sentences":             {"## Hvad er samskabelse?\n\n" + strings.Repeat("Samskabelse er et kursus, og partnerskab er et kursus for frivillige i civilsamfundet. [@r]\n\n", 300), 1, false},
		"questions in the text": {"## Svar\n\n" + strings.Join(train, " [@r] ") + " Køb vores kursus [@r].\n", 5, false},
		"made-up entries":       {"## Svar\n\n<!-- svarer på: " + strings.Join(train, " | ") + " -->\n\nKøb vores kursus [@r].\n", 10, true},
		"copied entries":        {"## Svar\n\n<!-- svarer på: " + strings.Join(entries, " | ") + " -->\n\nKøb vores kursus [@r].\n", 5, true},
		"copied, spread out":    {spread.String(), 35, true},
	}
}

// TestJamming measures how far one stuffed article takes the answers of others over, with gold questions that it has not seen.
func TestJamming(t *testing.T) {
	gold, err := article.LoadGold(corpus.FS)
	if err != nil {
		t.Fatal(err)
	}
	own, err := article.Load(corpus.FS)
	if err != nil {
		t.Fatal(err)
	}
	var train, entries []string
	var asked []article.Gold
	for _, g := range gold {
		switch {
		case !g.Answerable || len(g.History) > 0:
		case g.Split == "train":
			train = append(train, strings.ReplaceAll(g.Question, "|", " "))
		case len(g.ID)%2 == 0: // every second or so
			asked = append(asked, g)
		}
	}
	for _, th := range own.Themes {
		for _, a := range th.Articles {
			for _, s := range a.Sections {
				entries = append(entries, s.Questions...)
			}
		}
	}
	if len(asked) < 40 || len(train) < 100 || len(entries) < 1000 {
		t.Fatalf("%d questions, %d to stuff with, %d entry questions", len(asked), len(train), len(entries))
	}
	if raceEnabled { // some five times slower, and nothing here is concurrent: the two ends are enough
		asked = asked[:len(asked)/2]
	}
	before, _ := jammed(t, answertest.Build(t, answertest.WithFiles(t, nil)), asked)
	for name, j := range jams(train, entries) {
		if raceEnabled && name != "words" && name != "copied entries" {
			continue
		}
		fsys := answertest.WithFiles(t, map[string]string{"reklame/reklame.md": advert + j.text, "reklame/litteratur.json": `[{"id": "r", "type": "book", "title": "Reklame"}]`})
		right, taken := jammed(t, answertest.Build(t, fsys), asked)
		t.Logf("%s: of %d questions the advert has %d, the right article %d (without it %d)", name, len(asked), taken, right, before)
		if 100*taken > j.most*len(asked) {
			t.Errorf("%s: %d of %d answers are the advert's, at most %d in a hundred may be", name, taken, len(asked), j.most)
		}
		told := slices.ContainsFunc(lint.Check(fsys), func(p article.Problem) bool {
			return p.File == "reklame/reklame.md" && p.Rule == "stuffed"
		})
		if told != j.told {
			t.Errorf("%s: »corpus check« warns of it: %v, want %v", name, told, j.told)
		}
	}
	for _, p := range lint.Check(corpus.FS) {
		if p.Rule == "stuffed" {
			t.Errorf("the built-in articles are warned of: %s", p)
		}
	}
}

// jammed counts answers whose first source is a right article, and those whose is the advert.
func jammed(t *testing.T, b answertest.Built, asked []article.Gold) (right, taken int) {
	t.Helper()
	for _, g := range asked {
		a := b.Ask(t, g.Question, retrieval.Past{})
		switch {
		case a.Status != answer.StatusAnswered:
		case strings.HasPrefix(a.Sources[0].Article, "reklame/"):
			taken++
		case slices.Contains(g.Articles, a.Sources[0].Article):
			right++
		}
	}
	return right, taken
}
