package lint_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kildesvar/internal/article"
	"kildesvar/internal/article/articletest"
	"kildesvar/internal/article/lint"
)

// TestNested: text that nests deeply, or almost ends a construct again and again, costs no more than other text of its size.
func TestNested(t *testing.T) {
	lines := func(unit string, n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.Repeat("  ", i) + unit + "\n")
		}
		return b.String()
	}
	const size = 128 << 10
	for name, text := range map[string]string{
		"quotes":               strings.Repeat(">", size),
		"quotes with blanks":   strings.Repeat("> ", size/2),
		"lists in a line":      strings.Repeat("- ", size/2),
		"numbers in a line":    strings.Repeat("1. ", size/3),
		"lists in lists":       lines("- a", 350),
		"quotes in lists":      strings.Repeat("> - ", size/4),
		"brackets both ways":   strings.Repeat("[", size/2) + strings.Repeat("]", size/2),
		"pictures":             strings.Repeat("![", size/2),
		"links in links":       strings.Repeat("[a](", size/4),
		"references":           strings.Repeat("[a]: b\n", size/7),
		"stars":                strings.Repeat("*", size),
		"stars and words":      strings.Repeat("**a *", size/5),
		"underscores":          strings.Repeat("_a", size/2),
		"tags":                 strings.Repeat("<a ", size/3),
		"angles":               strings.Repeat("<", size),
		"comments not closed":  strings.Repeat("<!-- ", size/5),
		"comments":             strings.Repeat("<!---->", size/7),
		"declarations":         strings.Repeat("<!A ", size/4),
		"instructions":         strings.Repeat("<? ", size/3),
		"backslashes":          strings.Repeat("\\", size),
		"citations open":       strings.Repeat("[@a; ", size/5),
		"citations long":       strings.Repeat("[@"+strings.Repeat("a", 399)+"] ", size/403),
		"headings":             strings.Repeat("## A\n", size/5),
		"heading levels":       strings.Repeat("# A\n## B\n### C\n#### D\n##### E\n###### F\n", size/40),
		"rules":                strings.Repeat("---\n", size/4),
		"empty lines":          strings.Repeat("\n", size),
		"tabs":                 strings.Repeat("\t", size),
		"questions":            "<!-- svarer på: " + strings.Repeat("a?|", size/3) + " -->",
		"one word":             strings.Repeat("æ", size/2),
		"abbreviations":        strings.Repeat("bl.a. f.eks. ", size/13),
		"breaks":               strings.Repeat("* * *\n", size/6),
		"just under":           strings.Repeat(strings.Repeat("> ", 32)+"a\n\n", size/67),
		"just enough brackets": strings.Repeat(strings.Repeat("[a](", 999)+"\n\n", size/4000),
		"entities long":        strings.Repeat("&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", size/40),
	} {
		t.Run(name, func(t *testing.T) {
			bounded(t, "---\ntitle: T\n---\n\n## A\n\n"+text+"\n\nSlut [@a].\n")
		})
	}
	keys := &strings.Builder{}
	for i := range 20_000 {
		fmt.Fprintf(keys, "k%d: v\n", i)
	}
	for name, front := range map[string]string{
		"long value":    "title: T\nsummary: " + strings.Repeat("ord ", 400_000),
		"many keys":     "title: T\n" + keys.String(),
		"never closed":  "title: T\n" + strings.Repeat("summary", 200_000),
		"nested flow":   "title: T\nsummary: " + strings.Repeat("{a: ", 20_000),
		"nested blocks": "title: T\nsummary:\n" + lines("a:", 350),
		"one name":      strings.Repeat("&a ", 50_000),
		"long title":    "title: " + strings.Repeat("æ", 500_000),
		"tags":          "title: " + strings.Repeat("!!str ", 50_000) + "T",
	} {
		t.Run("front matter: "+name, func(t *testing.T) {
			bounded(t, "---\n"+front+"\n---\n\n## A\n\nTekst [@a].\n")
		})
	}
}

// bounded loads and checks one article and wants an answer or a problem in good time and memory.
func bounded(t *testing.T, text string) {
	t.Helper()
	fsys := fstest.MapFS{"tema/x.md": {Data: []byte(text)}, "tema/litteratur.json": {Data: []byte(articletest.WholeLiterature)}}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	_, err := article.Load(fsys)
	problems := lint.Check(fsys)
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	var fault *article.FaultError
	if err != nil && !errors.As(err, &fault) {
		t.Errorf("%v", err)
	}
	for _, p := range problems[:min(len(problems), 20)] {
		articletest.Readable(t, p.String(), p.Message)
	}
	limit := 10 * time.Second
	if raceEnabled {
		limit *= 8
	}
	if took > limit {
		t.Errorf("%d KB took %v", len(text)>>10, took)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<30 {
		t.Errorf("%d KB made %d MB", len(text)>>10, n>>20)
	}
	if testing.Verbose() {
		t.Logf("%v, %d MB, %d problems", took, (after.TotalAlloc-before.TotalAlloc)>>20, len(problems))
	}
}
