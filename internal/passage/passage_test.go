package passage_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"kildesvar/corpus"
	"kildesvar/internal/article"
	"kildesvar/internal/passage"
)

// load parses one article body.
func load(t testing.TB, body string) *article.Article {
	t.Helper()
	c, err := article.Load(fstest.MapFS{"tema/x.md": {Data: []byte("---\ntitle: T\n---\n" + body)},
		"tema/litteratur.json": {Data: []byte(`[{"id":"a","type":"book","title":"A"},{"id":"b","type":"book","title":"B"}]`)}})
	if err != nil {
		t.Fatal(err)
	}
	return c.Themes[0].Articles[0]
}

func builtIn(t testing.TB) []*article.Article {
	t.Helper()
	c, err := article.Load(corpus.FS)
	if err != nil {
		t.Fatal(err)
	}
	var all []*article.Article
	for _, th := range c.Themes {
		all = append(all, th.Articles...)
	}
	return all
}

// sentence is n words and a full stop.
func sentence(name string, n int) string {
	return strings.ToUpper(name[:1]) + name[1:] + strings.Repeat(" ord", n-1) + " [@a]."
}

// TestCutsAndMerges: the sizes in words of the passages that paragraphs of given sizes become.
func TestCutsAndMerges(t *testing.T) {
	for name, c := range map[string]struct {
		paragraphs [][]int // words of each sentence of each paragraph
		want       []int   // words of each passage
	}{
		"one short":                          {[][]int{{20}}, []int{20}},
		"merged up to the target":            {[][]int{{50}, {50}, {50}, {50}}, []int{150, 50}},
		"one word too many":                  {[][]int{{75}, {76}}, []int{75, 76}},
		"longer than the target stays":       {[][]int{{100, 100}}, []int{200}},
		"longest that stays":                 {[][]int{{110, 110}}, []int{220}},
		"cut at sentence ends":               {[][]int{{100, 50, 50, 50}}, []int{150, 100}},
		"the rest of a cut one is merged":    {[][]int{{140, 100}, {20}}, []int{140, 120}},
		"one endless sentence is kept":       {[][]int{{400}}, []int{400}},
		"an endless sentence among others":   {[][]int{{10, 400, 10}}, []int{10, 400, 10}},
		"short before long is not swallowed": {[][]int{{10}, {200}}, []int{10, 200}},
	} {
		t.Run(name, func(t *testing.T) {
			body := "## A\n"
			for _, p := range c.paragraphs {
				for _, n := range p {
					body += "\n" + sentence("et", n)
				}
				body += "\n"
			}
			var got []int
			for i, p := range passage.Split(load(t, body)) {
				got = append(got, len(strings.Fields(p.Text)))
				if want := fmt.Sprintf("tema/x#a.%d", i+1); p.ID != want {
					t.Errorf("id %s, want %s", p.ID, want)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("words of the passages: -want +got\n%s", diff)
			}
		})
	}
}

func TestFields(t *testing.T) {
	ps := passage.Split(load(t, "## A\n### B\n<!-- svarer på: Hvad? | Hvem? -->\n\nFørst [@a]. Så.\n\nDernæst [@b].\n\n## Tom\n\n## C\n\nSidst [@a; @b].\n"))
	if len(ps) != 2 {
		t.Fatalf("%d passages, want 2: a section without text has none", len(ps))
	}
	p := ps[0]
	if p.ID != "tema/x#b.1" || p.Article != "tema/x" || p.Section != "B" || p.Text != "Først. Så.\n\nDernæst." {
		t.Errorf("%+v", p)
	}
	if diff := cmp.Diff([]string{"A", "B"}, p.Path); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Hvad?", "Hvem?"}, p.Questions); diff != "" {
		t.Error(diff)
	}
	var got []string
	for i, s := range p.Sentences {
		got = append(got, fmt.Sprint(p.SentenceText(i), s.Paragraph, s.Keys))
	}
	if diff := cmp.Diff([]string{"Først.0 [a]", "Så.0 [a]", "Dernæst.1 [b]"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestIDsAreStable: other sections, and text added at the end of a section, change no other passage's id.
func TestIDsAreStable(t *testing.T) {
	text := func(ps []passage.Passage) map[string]string {
		m := map[string]string{}
		for _, p := range ps {
			m[p.ID] = p.Text
		}
		return m
	}
	long := sentence("en", 140)
	before := text(passage.Split(load(t, "## A\n\n"+long+"\n\n## B\n\n"+sentence("to", 30)+"\n")))
	after := text(passage.Split(load(t, "## Ny\n\nNyt [@a].\n\n## A\n\n"+long+"\n\n"+sentence("tre", 140)+"\n\n## B\n\n"+sentence("to", 30)+"\n")))
	for id, was := range before {
		if after[id] != was {
			t.Errorf("%s was %q, is %q", id, was, after[id])
		}
	}
	if len(after) != len(before)+2 {
		t.Errorf("%d passages, want %d", len(after), len(before)+2)
	}
}

// TestBuiltIn holds on the whole built-in corpus: ids are unique, and the passages hold every sentence of every article
// once, in order, with its words, keys and place in the file.
func TestBuiltIn(t *testing.T) {
	ids := map[string]bool{}
	for _, a := range builtIn(t) {
		file, err := fs.ReadFile(corpus.FS, a.Path)
		if err != nil {
			t.Fatal(err)
		}
		var want, got []string
		for _, s := range a.Sections {
			for _, p := range s.Paragraphs {
				for _, sent := range p.Sentences {
					want = append(want, fmt.Sprint(s.Slug, p.Text[sent.Start:sent.End], sent.Keys, sent.SrcStart, sent.SrcEnd))
				}
			}
		}
		ps := passage.Split(a)
		for i := range ps {
			p := &ps[i]
			if ids[p.ID] {
				t.Errorf("id %s twice", p.ID)
			}
			ids[p.ID] = true
			slug := p.ID[strings.IndexByte(p.ID, '#')+1 : strings.LastIndexByte(p.ID, '.')]
			at := 0
			for j, s := range p.Sentences {
				got = append(got, fmt.Sprint(slug, p.SentenceText(j), s.Keys, s.SrcStart, s.SrcEnd))
				if gap := p.Text[at:s.Start]; strings.TrimSpace(gap) != "" || strings.Contains(gap, "\n\n") != (j > 0 && s.Paragraph != p.Sentences[j-1].Paragraph) {
					t.Errorf("%s: %q between sentences %d and %d", p.ID, gap, j-1, j)
				}
				at = s.End
				if plain := strip(string(file[s.SrcStart:s.SrcEnd])); plain != p.SentenceText(j) {
					t.Errorf("%s: the file says\n%q\nthe sentence\n%q", p.ID, plain, p.SentenceText(j))
				}
			}
			if at != len(p.Text) {
				t.Errorf("%s: %q after the last sentence", p.ID, p.Text[at:])
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: sentences of the article (-) and of its passages (+)\n%s", a.ID, diff)
		}
		if len(got) < 10 {
			t.Errorf("%s has only %d sentences", a.ID, len(got))
		}
	}
}

var (
	citationGroup = regexp.MustCompile(`\s*\[[^\[\]]*@[^\[\]]*\]`)
	linkMarkup    = regexp.MustCompile(`\[([^\[\]]*)\]\([^()]*\)`)
	emphasis      = strings.NewReplacer("*", "", "_", "", "`", "")
)

// strip takes citations and markup from a stretch of Markdown, in another way than the parser does.
func strip(source string) string {
	s := citationGroup.ReplaceAllString(source, "")
	s = linkMarkup.ReplaceAllString(s, "$1")
	return strings.Join(strings.Fields(emphasis.Replace(s)), " ")
}

// FuzzSplit: of any article that parses, the passages hold every sentence once, within the text and the file.
func FuzzSplit(f *testing.F) {
	f.Add("## A\n\nEt [@a]. To. [@b]\n\n- tre\n- fire [@a]\n\n## A\n\n> fem\n")
	f.Add("uden\n## A\n## B\n\n" + strings.Repeat("Ord ord ord ord ord. ", 100))
	f.Add("## A\n\n" + strings.Repeat("ord ", 500) + "[@a]")
	f.Fuzz(func(t *testing.T, body string) {
		if len(body) > 32<<10 {
			return
		}
		data := "---\ntitle: T\n---\n" + body
		c, err := article.Load(fstest.MapFS{"t/x.md": {Data: []byte(data)}})
		if err != nil {
			return
		}
		a := c.Themes[0].Articles[0]
		want := 0
		for _, s := range a.Sections {
			for _, p := range s.Paragraphs {
				want += len(p.Sentences)
			}
		}
		got, ids := 0, map[string]bool{}
		for _, p := range passage.Split(a) {
			if ids[p.ID] || len(p.Sentences) == 0 {
				t.Errorf("passage %s with %d sentences; seen before: %v", p.ID, len(p.Sentences), ids[p.ID])
			}
			ids[p.ID] = true
			at := 0
			for _, s := range p.Sentences {
				if s.Start < at || s.End <= s.Start || s.End > len(p.Text) || s.SrcEnd < s.SrcStart || s.SrcEnd > len(data) {
					t.Fatalf("%s: sentence %+v of %q", p.ID, s, p.Text)
				}
				at = s.End
				got++
			}
		}
		if got != want {
			t.Errorf("%d sentences in passages, %d in the article", got, want)
		}
	})
}

func BenchmarkSplit(b *testing.B) {
	all := builtIn(b)
	b.ReportAllocs()
	for b.Loop() {
		for _, a := range all {
			passage.Split(a)
		}
	}
}
