package article

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/fstest"
	"time"
)

const (
	wholeArticle    = "---\ntitle: T\n---\n\n## A\n\nTekst [@a].\n"
	wholeLiterature = `[{"id": "a", "type": "book", "title": "A"}]`
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
	return fault.First
}

// folder is a corpus folder on disk with one whole theme, opened as the program does.
func folder(t *testing.T) (dir string, fsys fs.FS) {
	t.Helper()
	dir = t.TempDir()
	write(t, filepath.Join(dir, "tema/x.md"), wholeArticle)
	write(t, filepath.Join(dir, "tema/litteratur.json"), wholeLiterature)
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
			c := &countingFS{MapFS: fstest.MapFS{"tema/x.md": {Data: []byte(wholeArticle)}, "tema/litteratur.json": {Data: []byte(wholeLiterature)}},
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
			t.Parallel()
			text := "---\ntitle: T\n---\n\n## A\n\n"
			text += strings.Repeat(unit, (256<<10)/len(unit))
			began := time.Now()
			_, _ = Load(fstest.MapFS{"tema/x.md": {Data: []byte(text)}, "tema/litteratur.json": {Data: []byte(wholeLiterature)}})
			if d := time.Since(began); d > 5*time.Second {
				t.Errorf("256 KB took %v", d)
			}
		})
	}
}

func TestManyFiles(t *testing.T) {
	fsys := fstest.MapFS{"tema/litteratur.json": {Data: []byte(wholeLiterature)}}
	for i := range 10_000 {
		fsys[fmt.Sprintf("tema/a%05d.md", i)] = &fstest.MapFile{Data: []byte(wholeArticle)}
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
	whole := fstest.MapFS{"tema/x.md": {Data: []byte(wholeArticle)}, "tema/litteratur.json": {Data: []byte(wholeLiterature)}}
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
		return fstest.MapFS{"tema/x.md": {Data: []byte(wholeArticle)}, "tema/litteratur.json": {Data: []byte(wholeLiterature)}}
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
		"text":    func(f fstest.MapFS) { f["tema/x.md"].Data = []byte(wholeArticle + " ") },
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
