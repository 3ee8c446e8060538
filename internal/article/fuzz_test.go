package article

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"kildesvar/corpus"
	"kildesvar/internal/article/articletest"
)

// FuzzArticle: whatever the bytes, parsing gives an article whose offsets hold, or a fatal problem.
func FuzzArticle(f *testing.F) {
	for _, name := range []string{"tema", "samskabelse"} {
		text, err := fs.ReadFile(corpus.FS, "civilsamfund/"+name+".md")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text[:min(4000, len(text))])
	}
	for _, s := range []string{articletest.WholeArticle, "\ufeff---\r\ntitle: T\r\n---\r\n## A\r\n[@a; @b, s. 2] x.\r\n", "---\ntitle: T\n---\n## A\n## A\n## A 2\n&amp; \\[ `x` <a@b.dk> <!-- svarer på: a|b -->",
		"---\ntitle: T\n---\n- a\n  - b [@c]\n> d\n\n<!-- x", "---\n---\n", "---"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 64<<10 {
			return
		}
		_, problems := Read(fstest.MapFS{"t/x.md": {Data: data}})
		for _, p := range problems {
			if p.File == "t/x.md" && p.Line > strings.Count(string(data), "\n")+1 {
				t.Errorf("%v: no such line", p)
			}
		}
		l := &loader{fsys: fstest.MapFS{"t/x.md": {Data: data}}, hash: noHash{}}
		text := l.file("t/x.md")
		var a *Article
		if text != nil {
			a = l.article("t", "x.md", text)
		}
		if a == nil {
			if !slices.ContainsFunc(problems, func(p Problem) bool { return p.Fatal }) {
				t.Error("no article and no fatal problem")
			}
			return
		}
		checkOffsets(t, a, data)
	})
}

// checkOffsets: slugs are unique, sentences stand in order and cover their paragraph, and point at bytes of the file in order.
func checkOffsets(t *testing.T, a *Article, data []byte) {
	t.Helper()
	slugs := map[string]bool{}
	for _, s := range a.Sections {
		if slugs[s.Slug] || s.Slug == "" {
			t.Errorf("slug %q twice or empty", s.Slug)
		}
		slugs[s.Slug] = true
		for _, p := range s.Paragraphs {
			if !utf8.ValidString(p.Text) || p.Text != strings.TrimSpace(p.Text) || len(p.Sentences) == 0 {
				t.Errorf("paragraph text %q", p.Text)
			}
			at := 0
			for _, sent := range p.Sentences {
				if sent.Start < at || sent.End <= sent.Start || sent.End > len(p.Text) || strings.TrimSpace(p.Text[at:sent.Start]) != "" {
					t.Fatalf("sentence [%d,%d) after %d of %q", sent.Start, sent.End, at, p.Text)
				}
				at = sent.End
				if sent.SrcStart < 0 || sent.SrcEnd < sent.SrcStart || sent.SrcEnd > len(data) {
					t.Errorf("sentence %q: source [%d,%d) of %d", p.Text[sent.Start:sent.End], sent.SrcStart, sent.SrcEnd, len(data))
				}
				if sent.Cited && len(sent.Keys) == 0 {
					t.Errorf("sentence %q is cited without keys", p.Text[sent.Start:sent.End])
				}
			}
			if strings.TrimSpace(p.Text[at:]) != "" {
				t.Errorf("text after the last sentence: %q", p.Text[at:])
			}
		}
	}
}

func FuzzCitationKeys(f *testing.F) {
	for _, s := range []string{"[@a]", "[@a; @b, s. 12]", "[-@å_1.]", "[x@y.dk]", "[@{a}]", "@@a@b", "[@a@b]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, group string) {
		keys := CitationKeys(group)
		for i, k := range keys {
			if k == "" || slices.Contains(keys[:i], k) || strings.ContainsAny(k, "@ []{};,\n") {
				t.Errorf("%q gave keys %q", group, keys)
			}
			if !strings.Contains(group, "@"+k) {
				t.Errorf("%q gave key %q", group, k)
			}
		}
	})
}

// FuzzFrontMatter: whatever stands between the dashes, there is an article with a title or a fatal problem on one of its lines.
func FuzzFrontMatter(f *testing.F) {
	for _, s := range []string{"title: T", "title: \"T", "title: [a, b]\nurl: https://x.dk", "titel: T", "title: T\ntitle: U", "\ttitle: T", "title: &a T\nsummary: *a",
		"title: !!binary aGVq", "--- \ntitle: T", "? {a: b}", "title: T\r\nupdated: 2026-02-30\r\n", "\ufefftitle: T", "<<: *x", "title: |\n  T\n\n  U"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, meta string) {
		if len(meta) > 32<<10 {
			return
		}
		data := []byte("---\n" + meta + "\n---\n")
		l := &loader{fsys: fstest.MapFS{"t/x.md": {Data: data}}, hash: noHash{}}
		text := l.file("t/x.md")
		if text == nil {
			return // not UTF-8
		}
		a := &Article{ID: "t/x", Path: "t/x.md"}
		base, ok := l.frontMatter(a, text)
		if ok && (a.Title == "" || base < len("---\n---\n") || base > len(data)) {
			t.Errorf("%q: title %q, text from %d", data, a.Title, base)
		}
		if fatal := slices.ContainsFunc(l.problems, func(p Problem) bool { return p.Fatal }); fatal == ok {
			t.Errorf("%q: read %v, and fatal problems: %v", data, ok, l.problems)
		}
		checkLines(t, data, l.problems)
	})
}

// checkLines: problems tell a line of the file, and what is wrong in one line.
func checkLines(t *testing.T, data []byte, problems []Problem) {
	t.Helper()
	for _, p := range problems {
		articletest.Within(t, data, p.Line)
		articletest.Readable(t, p.String(), p.Message)
	}
}
