package article

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"kildesvar/internal/article/articletest"
)

// wants checks that Load refuses fsys at once with this problem, and that Fingerprint does if it can see it.
func wants(t *testing.T, fsys fs.FS, file, rule string) Problem {
	t.Helper()
	began := time.Now()
	_, err := Load(fsys)
	var fault *FaultError
	if !errors.As(err, &fault) {
		t.Fatalf("Load: %v, want a FaultError", err)
	}
	if fault.First.File != file || fault.First.Rule != rule || fault.First.Message == "" || !strings.Contains(fault.Error(), file) {
		t.Errorf("Load: %v; want rule %s in %s", err, rule, file)
	}
	if d := time.Since(began); d > 10*time.Second {
		t.Errorf("it took %v", d)
	}
	articletest.Readable(t, fault.First.String(), fault.First.Message)
	return fault.First
}

// folder is a corpus folder on disk with one whole theme, opened as the program does.
func folder(t *testing.T) (dir string, fsys fs.FS) {
	t.Helper()
	dir = t.TempDir()
	write(t, filepath.Join(dir, "tema/x.md"), articletest.WholeArticle)
	write(t, filepath.Join(dir, "tema/litteratur.json"), articletest.WholeLiterature)
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	if _, err := Load(root.FS()); err != nil {
		t.Fatalf("the folder should be whole to begin with: %v", err)
	}
	return dir, root.FS()
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestSymlinks(t *testing.T) {
	for name, link := range map[string]string{"tema/y.md": "x.md", "tema/z.md": "/etc/passwd", "andet": "tema", "tema/begreber.yaml": "findes-ikke"} {
		t.Run(name, func(t *testing.T) {
			dir, fsys := folder(t)
			if err := os.Symlink(link, filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
			wants(t, fsys, name, "symlink")
			if _, err := Fingerprint(fsys); err == nil {
				t.Error("Fingerprint did not mind")
			}
		})
	}
}

// TestPipe: a pipe in the folder is refused rather than waited for.
func TestPipe(t *testing.T) {
	dir, fsys := folder(t)
	if err := syscall.Mkfifo(filepath.Join(dir, "tema/roer.md"), 0o600); err != nil {
		t.Skip("no pipes here:", err)
	}
	wants(t, fsys, "tema/roer.md", "unreadable")
}

func TestEncoding(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		line int
	}{
		"latin-1":       {"---\ntitle: T\n---\n\n## A\n\nPr\xf8v [@a].\n", 7},
		"cut short":     {"---\ntitle: \xc3", 2},
		"utf-16":        {"\xff\xfe-\x00-\x00-\x00", 1},
		"surrogate":     {"---\ntitle: T\n---\n\xed\xa0\x80\n", 4},
		"right to left": {"---\ntitle: T\n---\n\n\n\xe2\x80\n", 6},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{"tema/x.md": {Data: []byte(c.text)}}
			if p := wants(t, fsys, "tema/x.md", "encoding"); p.Line != c.line {
				t.Errorf("line %d, want %d", p.Line, c.line)
			}
		})
	}
}

// countingFS counts the bytes read from files that have no end of their own.
type countingFS struct {
	fstest.MapFS
	endless string
	size    int64
	read    atomic.Int64
}

func (c *countingFS) Open(name string) (fs.File, error) {
	f, err := c.MapFS.Open(name)
	if err == nil && name == c.endless {
		f = &endlessFile{f, c, 0}
	}
	return f, err
}

type endlessFile struct {
	fs.File
	c  *countingFS
	at int64
}

func (f *endlessFile) Read(p []byte) (int, error) {
	if f.at >= f.c.size {
		return 0, io.EOF
	}
	for i := range p {
		p[i] = 'a'
	}
	f.at += int64(len(p))
	f.c.read.Add(int64(len(p)))
	return len(p), nil
}

// TestTooLarge: of a 50 MB article no more is read than the limit, whatever its size claims to be.
func TestTooLarge(t *testing.T) {
	for file, limit := range map[string]int64{"tema/x.md": MaxArticleBytes, "tema/litteratur.json": MaxDataBytes} {
		t.Run(file, func(t *testing.T) {
			c := &countingFS{MapFS: fstest.MapFS{"tema/x.md": {Data: []byte(articletest.WholeArticle)}, "tema/litteratur.json": {Data: []byte(articletest.WholeLiterature)}},
				endless: file, size: 50 << 20}
			wants(t, c, file, "too-large")
			if n := c.read.Load(); n > limit+1<<20 {
				t.Errorf("%d bytes read; the limit is %d", n, limit)
			}
		})
	}
}

// TestLargest: the largest article allowed, of the most awkward text, is read in good time.
func TestLargest(t *testing.T) {
	for name, unit := range map[string]string{"words": "ord ", "brackets": "[", "citations": "[@a] ", "entities": "&amp;", "ampersands": "&", "points": "a. ",
		"stars": "*a _b ", "quotes": "»", "parentheses": "(", "comments": "<!-- ", "links": "[a](b) ", "backticks": "` `` ``` "} {
		t.Run(name, func(t *testing.T) {
			text := "---\ntitle: T\n---\n\n## A\n\n"
			text += strings.Repeat(unit, (256<<10)/len(unit))
			began := time.Now()
			_, _ = Load(fstest.MapFS{"tema/x.md": {Data: []byte(text)}, "tema/litteratur.json": {Data: []byte(articletest.WholeLiterature)}})
			limit := 5 * time.Second // of a tenth of one that is needed
			if raceEnabled {
				limit *= 8
			}
			if d := time.Since(began); d > limit {
				t.Errorf("256 KB took %v", d)
			}
		})
	}
}

func TestManyFiles(t *testing.T) {
	fsys := fstest.MapFS{"tema/litteratur.json": {Data: []byte(articletest.WholeLiterature)}}
	for i := range 10_000 {
		fsys[fmt.Sprintf("tema/a%05d.md", i)] = &fstest.MapFile{Data: []byte(articletest.WholeArticle)}
	}
	began := time.Now()
	c, err := Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(c.Themes[0].Articles); n != 10_000 || c.Themes[0].Articles[1].ID != "tema/a00001" {
		t.Errorf("%d articles, the second %s", n, c.Themes[0].Articles[1].ID)
	}
	if d := time.Since(began); d > 20*time.Second {
		t.Errorf("10,000 articles took %v", d)
	}
	for i := 10_000; i <= MaxFiles; i++ {
		fsys[fmt.Sprintf("tema/a%05d.md", i)] = &fstest.MapFile{}
	}
	wants(t, fsys, ".", "too-many-files")
}

// failingFS fails to open or read one name.
type failingFS struct {
	fs.FS
	name string
	err  error
}

func (f failingFS) Open(name string) (fs.File, error) {
	if name == f.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: f.err}
	}
	return f.FS.Open(name)
}

func TestUnreadable(t *testing.T) {
	whole := fstest.MapFS{"tema/x.md": {Data: []byte(articletest.WholeArticle)}, "tema/litteratur.json": {Data: []byte(articletest.WholeLiterature)}}
	for _, name := range []string{".", "tema", "tema/x.md", "tema/litteratur.json"} {
		for _, c := range []struct {
			err  error
			want string
		}{{fs.ErrPermission, "adgang nægtet"}, {fs.ErrNotExist, "findes ikke"}, {syscall.EIO, "input/output error"}} {
			p := wants(t, failingFS{whole, name, c.err}, name, "unreadable")
			if !strings.Contains(p.Message, c.want) {
				t.Errorf("%v: message %q does not say %q", c.err, p.Message, c.want)
			}
		}
	}
}

// TestYAMLBomb: aliases that would unfold to billions are refused, not unfolded.
func TestYAMLBomb(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("---\ntitle: T\na0: &a0 [x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 9), ","))
	}
	b.WriteString("---\n")
	wants(t, fstest.MapFS{"tema/x.md": {Data: b.Bytes()}}, "tema/x.md", "front-matter")

	deep := strings.Repeat("[", 100_000)
	wants(t, fstest.MapFS{"tema/x.md": {Data: []byte("---\ntitle: " + deep + "\n---\n")}}, "tema/x.md", "front-matter")
}

// TestFingerprint changes with every file of the corpus but the gold questions.
func TestFingerprint(t *testing.T) {
	base := func() fstest.MapFS {
		return fstest.MapFS{"tema/x.md": {Data: []byte(articletest.WholeArticle)}, "tema/litteratur.json": {Data: []byte(articletest.WholeLiterature)}}
	}
	sum := func(f fstest.MapFS) string {
		s, err := Fingerprint(f)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first := sum(base())
	for name, change := range map[string]func(fstest.MapFS){
		"text":    func(f fstest.MapFS) { f["tema/x.md"].Data = []byte(articletest.WholeArticle + " ") },
		"name":    func(f fstest.MapFS) { f["tema/y.md"] = f["tema/x.md"]; delete(f, "tema/x.md") },
		"new":     func(f fstest.MapFS) { f["tema/y.md"] = f["tema/x.md"] },
		"concept": func(f fstest.MapFS) { f["tema/begreber.yaml"] = &fstest.MapFile{} },
		"theme":   func(f fstest.MapFS) { f["b/x.md"] = f["tema/x.md"] },
	} {
		f := base()
		change(f)
		if sum(f) == first {
			t.Errorf("%s: the fingerprint did not change", name)
		}
	}
	f := base()
	f["tema/spoergsmaal.yaml"] = &fstest.MapFile{Data: []byte("- id: g\n  question: Hvad?\n")}
	f["README.md"] = &fstest.MapFile{Data: []byte("x")}
	if sum(f) != first {
		t.Error("gold questions or the guide changed the fingerprint")
	}
}

// internals are words of the libraries, which say nothing to an editor.
var internals = []string{"yaml:", "json:", "unmarshal", "invalid", "unexpected", "!!", "line ", "0x"}

// TestBadFiles: every kind of broken file in a folder is one clear line with its place, and none of the libraries' own words.
func TestBadFiles(t *testing.T) {
	long := strings.Repeat("æ", 100_000)
	for name, c := range map[string]struct {
		file, text, rule string
		line             int
	}{
		"YAML: open quotation":    {"x.md", "---\ntitle: \"T\n---\n", "front-matter", 3},
		"YAML: tabulator":         {"x.md", "---\ntitle: T\n\turl: x\n---\n", "front-matter", 3},
		"YAML: colon":             {"x.md", "---\ntitle: T: U\n---\n", "front-matter", 2},
		"YAML: list for text":     {"x.md", "---\ntitle: T\nsummary: [a]\n---\n", "front-matter", 3},
		"YAML: twice":             {"x.md", "---\ntitle: T\ntitle: U\n---\n", "front-matter", 3},
		"YAML: unknown key":       {"x.md", "---\ntitle: T\nforfatter: Bo\n---\n", "front-matter", 3},
		"YAML: long unknown key":  {"x.md", "---\ntitle: T\n" + long + ": Bo\n---\n", "front-matter", 3},
		"no front matter":         {"x.md", "## A\n\nTekst [@a].\n", "front-matter", 1},
		"no title":                {"x.md", "---\nsummary: S\n---\n", "missing-field", 1},
		"empty article":           {"x.md", "", "front-matter", 1},
		"binary":                  {"x.md", "\x00\x01\x7fELF\xff", "encoding", 1},
		"unknown literature":      {"x.md", "---\ntitle: T\n---\n\n## A\n\nTekst [@mangler].\n", "unknown-key", 7},
		"JSON: missing comma":     {"litteratur.json", "[\n{\"id\": \"a\" \"title\": \"A\"}]", "json", 2},
		"JSON: cut short":         {"litteratur.json", "[\n{\"id\": \"a\"", "json", 2},
		"JSON: no list":           {"litteratur.json", "{\"id\": \"a\"}", "json", 1},
		"JSON: empty":             {"litteratur.json", "", "json", 1},
		"JSON: unknown key":       {"litteratur.json", "[{\"id\": \"a\", \"type\": \"book\", \"title\": \"A\", \"titel\": \"A\"}]", "field", 1},
		"JSON: id of two lines":   {"litteratur.json", "[{\"id\": \"a\\nb\", \"type\": \"book\", \"title\": \"A\"}]", "id", 1},
		"JSON: endless id":        {"litteratur.json", "[{\"id\": \"a " + long + "\", \"type\": \"book\", \"title\": \"A\"}]", "id", 1},
		"JSON: deep":              {"litteratur.json", strings.Repeat("[", 200_000), "json", 1},
		"concepts: indentation":   {"begreber.yaml", "- term: a\n everyday: [b]\n", "yaml", 1},
		"concepts: unknown key":   {"begreber.yaml", "- term: a\n  everday: [b]\n", "yaml", 1},
		"concepts: no list":       {"begreber.yaml", "term: a\n", "yaml", 1},
		"concepts: endless alias": {"begreber.yaml", "- &a [*a]\n", "yaml", 1},
	} {
		t.Run(name, func(t *testing.T) {
			dir, fsys := folder(t)
			write(t, filepath.Join(dir, "tema", c.file), c.text)
			p := wants(t, fsys, "tema/"+c.file, c.rule)
			if p.Line != c.line {
				t.Errorf("line %d, want %d", p.Line, c.line)
			}
			for _, w := range internals {
				if strings.Contains(p.Message, w) {
					t.Errorf("%q has words of a library: %s", p, w)
				}
			}
			if _, all := Read(fsys); !slices.Contains(all, p) {
				t.Errorf("it is not among all problems: %v", p)
			}
		})
	}
}

// TestFiftyMegabytes: a real file of that size is refused by name, without its bytes being read in.
func TestFiftyMegabytes(t *testing.T) {
	dir, fsys := folder(t)
	if err := os.Truncate(filepath.Join(dir, "tema/x.md"), 50<<20); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	p := wants(t, fsys, "tema/x.md", "too-large")
	runtime.ReadMemStats(&after)
	if !strings.Contains(p.Message, "2 MB") {
		t.Errorf("%v does not tell the limit", p)
	}
	if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 20 {
		t.Errorf("%d MB allocated", used)
	}
}
