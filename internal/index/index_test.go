package index

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"kildesvar/corpus"
	"kildesvar/internal/article"
	"kildesvar/internal/classify"
	"kildesvar/internal/embed"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/lexical"
	"kildesvar/internal/vector"
	"kildesvar/internal/vector/chromem"
)

// smallCorpus is a theme of n articles whose text names the corpus.
func smallCorpus(name string, n int) fstest.MapFS {
	fsys := fstest.MapFS{
		"tema/litteratur.json": {Data: []byte(`[{"id": "a", "type": "book", "title": "Bog", "author": [{"family": "Hansen", "given": "Bo"}], "issued": {"date-parts": [[2001]]}}]`)},
		"tema/begreber.yaml":   {Data: []byte("- term: samskabelse\n  synonyms: [co-creation]\n  everyday: [gøre det sammen]\n  definition: Samskabelse er fælles udvikling [@a].\n")},
	}
	for i := range n {
		fsys[fmt.Sprintf("tema/artikel-%d.md", i)] = &fstest.MapFile{Data: fmt.Appendf(nil,
			"---\ntitle: Artikel %d\nurl: https://example.dk/%d\nupdated: 2026-01-31\nsummary: Kort.\n---\n## Hvad er %s?\n<!-- svarer på: Hvad betyder %s? | Hvem er %d? -->\n\n%s er navnet på korpus nummer %d [@a]. Det står her.\n\n- Et punkt om frivillige foreninger [@a].\n",
			i, i, name, name, i, name, i)}
	}
	return fsys
}

func testOptions(e embed.Embedder) Options {
	return Options{Embedder: e, NewStore: func(dim int) (vector.Store, error) { return chromem.New(dim) }}
}

func mustBuild(t testing.TB, fsys fs.FS, e embed.Embedder) *Index {
	t.Helper()
	c, err := article.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	ix, err := Build(t.Context(), c, nil, testOptions(e))
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

// equalIndexes compares everything that is stored, and what is derived from it by use.
func equalIndexes(t *testing.T, a, b *Index) {
	t.Helper()
	for name, pair := range map[string][2]any{
		"manifest": {a.Manifest, b.Manifest}, "articles": {a.Articles, b.Articles}, "passages": {a.Passages, b.Passages}, "questions": {a.Questions, b.Questions},
		"concepts": {a.Concepts, b.Concepts}, "words": {a.Words, b.Words}, "body": {a.Body, b.Body}, "asked": {a.Asked, b.Asked},
		"references": {a.references, b.references}, "article numbers": {a.articles, b.articles}, "hashes": {a.hashes, b.hashes}, "dim": {a.dim, b.dim},
		"topics": {a.Topics, b.Topics}, "edge": {a.Edge, b.Edge}, "sections": {a.Sections, b.Sections},
	} {
		if diff := cmp.Diff(pair[0], pair[1], cmp.AllowUnexported(lexical.Index{}, classify.Model{}), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if !slices.Equal(a.flat, b.flat) {
		t.Error("vectors differ")
	}
	if a.Vectors.Len() != b.Vectors.Len() {
		t.Errorf("stores of %d and %d vectors", a.Vectors.Len(), b.Vectors.Len())
	}
	q := a.flat[:a.dim]
	ma, err := a.Vectors.Search(t.Context(), q, 5)
	if err != nil {
		t.Fatal(err)
	}
	mb, err := b.Vectors.Search(t.Context(), q, 5)
	if err != nil || len(ma) == 0 || !slices.Equal(ma, mb) {
		t.Errorf("searches differ: %v, %v (%v)", ma, mb, err)
	}
	text := "frivilligforeningernes samskabelse"
	if diff := cmp.Diff(a.Analyser().Text(text), b.Analyser().Text(text)); diff != "" {
		t.Errorf("analysers differ: %s", diff)
	}
	if diff := cmp.Diff(a.Speller().Correct("samskapelse"), b.Speller().Correct("samskapelse")); diff != "" {
		t.Errorf("spellers differ: %s", diff)
	}
}

// TestRoundTrip saves and opens the built-in corpus; a second build gives the same bytes.
func TestRoundTrip(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	e := local.New(0)
	ix := mustBuild(t, corpus.FS, e)
	dir := t.TempDir()
	file := filepath.Join(dir, "deep", "er", "x.gen")
	if err := ix.Save(file); err != nil {
		t.Fatal(err)
	}
	got, err := Open(t.Context(), file, ix.Manifest, testOptions(e))
	if err != nil {
		t.Fatal(err)
	}
	equalIndexes(t, ix, got)
	other := filepath.Join(dir, "y.gen")
	if err := mustBuild(t, corpus.FS, local.New(0)).Save(other); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(read(t, file), read(t, other)) {
		t.Error("two builds of one corpus saved different bytes")
	}
	for i := range got.Passages {
		if got.Passages[i].Questions != nil {
			t.Fatalf("%s keeps its questions, which stand in Index.Questions", got.Passages[i].ID)
		}
	}
	if len(got.Questions) == 0 || len(got.Concepts) == 0 {
		t.Errorf("%d questions, %d concepts", len(got.Questions), len(got.Concepts))
	}
}

// TestContents checks what a small index holds.
func TestContents(t *testing.T) {
	ix := mustBuild(t, smallCorpus("Alfa", 3), local.New(0))
	a, ok := ix.Article("tema/artikel-1")
	if want := (Article{ID: "tema/artikel-1", Title: "Artikel 1", URL: "https://example.dk/1", Summary: "Kort.", Updated: "2026-01-31", First: 1, Last: 2}); !ok || *a != want {
		t.Errorf("article %+v, want %+v", a, want)
	}
	if _, ok := ix.Article("tema/findes-ikke"); ok {
		t.Error("an article that does not exist")
	}
	want := []Question{{Text: "Hvad betyder Alfa?", First: 0, Last: 1}, {Text: "Hvem er 0?", First: 0, Last: 1}, {Text: "Hvad betyder Alfa?", First: 1, Last: 2}, {Text: "Hvem er 1?", First: 1, Last: 2}, {Text: "Hvad betyder Alfa?", First: 2, Last: 3}, {Text: "Hvem er 2?", First: 2, Last: 3}}
	if diff := cmp.Diff(want, ix.Questions); diff != "" {
		t.Error(diff)
	}
	for _, id := range []string{"tema/artikel-1", "tema/artikel-1#hvad-er-alfa.1"} {
		if r, ok := ix.Reference(id, "a"); !ok || r != "Hansen, B. (2001). Bog." {
			t.Errorf("reference from %s: %q, %v", id, r, ok)
		}
	}
	if _, ok := ix.Reference("andet/artikel", "a"); ok {
		t.Error("another theme's literature was found")
	}
	for word, n := range map[string]int{"alfa": 9, "co": 1, "punkt": 3, "artikel": 3} {
		if ix.Words[word] != n {
			t.Errorf("%s counted %d times, want %d", word, ix.Words[word], n)
		}
	}
}

// countingEmbedder counts texts and can fail or return nonsense.
type countingEmbedder struct {
	embed.Embedder
	texts atomic.Int64
	bend  func(ctx context.Context, vs [][]float32) ([][]float32, error)
}

func (c *countingEmbedder) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	c.texts.Add(int64(len(texts)))
	vs, err := c.Embedder.Embed(ctx, texts)
	if err != nil || c.bend == nil {
		return vs, err
	}
	return c.bend(ctx, vs)
}

// TestIncremental: only passages with new text are embedded, wherever the others have moved, and the result is the same
// as a build from nothing.
func TestIncremental(t *testing.T) {
	fsys := smallCorpus("Alfa", 200)
	e := &countingEmbedder{Embedder: local.New(0)}
	old := mustBuild(t, fsys, e)
	if n := e.texts.Swap(0); n != 200 {
		t.Fatalf("%d texts embedded, want 200", n)
	}
	fsys["tema/aaa-ny.md"] = &fstest.MapFile{Data: []byte("---\ntitle: Ny\n---\n## Ny\n\nHelt ny tekst [@a].\n")}
	fsys["tema/artikel-7.md"].Data = bytes.ReplaceAll(fsys["tema/artikel-7.md"].Data, []byte("står her"), []byte("står der"))
	delete(fsys, "tema/artikel-9.md")
	c, err := article.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	var steps []string
	opt := testOptions(e)
	opt.Progress = func(done, total int) { steps = append(steps, fmt.Sprintf("%d/%d", done, total)) }
	ix, err := Build(t.Context(), c, old, opt)
	if err != nil {
		t.Fatal(err)
	}
	if n := e.texts.Load(); n != 2 {
		t.Errorf("%d texts embedded, want the 2 new ones", n)
	}
	if diff := cmp.Diff([]string{"198/200", "200/200"}, steps); diff != "" {
		t.Errorf("progress: %s", diff)
	}
	equalIndexes(t, mustBuild(t, fsys, local.New(0)), ix)
	if e.texts.Store(0); mustBuildFrom(t, c, ix, local.New(64)).dim != 64 {
		t.Error("vectors of another embedder were kept")
	}
}

func mustBuildFrom(t *testing.T, c *article.Corpus, old *Index, e embed.Embedder) *Index {
	t.Helper()
	ix, err := Build(t.Context(), c, old, testOptions(e))
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

// TestBuildFails: a failing or lying embedder is an error, and nothing is left running or on disk.
func TestBuildFails(t *testing.T) {
	boom := errors.New("boom")
	c, err := article.Load(smallCorpus("Alfa", 500))
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		bend func(ctx context.Context, vs [][]float32) ([][]float32, error)
		want string
	}{
		"fails":        {func(context.Context, [][]float32) ([][]float32, error) { return nil, boom }, "boom"},
		"too few":      {func(_ context.Context, vs [][]float32) ([][]float32, error) { return vs[1:], nil }, "vectors for"},
		"wrong length": {func(_ context.Context, vs [][]float32) ([][]float32, error) { vs[0] = vs[0][1:]; return vs, nil }, "dimensions"},
		"no unit":      {func(_ context.Context, vs [][]float32) ([][]float32, error) { vs[0][0] += 3; return vs, nil }, "length 1"},
		"gives up late": {func(ctx context.Context, _ [][]float32) ([][]float32, error) {
			return nil, fmt.Errorf("late: %w", boom)
		}, "late"},
	} {
		t.Run(name, func(t *testing.T) {
			defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
			e := &countingEmbedder{Embedder: local.New(0), bend: tc.bend}
			if _, err := Build(t.Context(), c, nil, testOptions(e)); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%v, want an error with %q", err, tc.want)
			}
			file := filepath.Join(t.TempDir(), "x.gen")
			if _, err := Ensure(t.Context(), smallCorpus("Alfa", 500), file, testOptions(e)); err == nil {
				t.Error("Ensure did not mind")
			}
			if left := names(t, filepath.Dir(file)); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// TestBuildStops: a failing store and a cancelled context are errors too.
func TestBuildStops(t *testing.T) {
	boom := errors.New("boom")
	c, err := article.Load(smallCorpus("Alfa", 500))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("store fails", func(t *testing.T) {
		opt := testOptions(local.New(0))
		opt.NewStore = func(int) (vector.Store, error) { return nil, boom }
		if _, err := Build(t.Context(), c, nil, opt); !errors.Is(err, boom) {
			t.Errorf("%v, want boom", err)
		}
	})
	t.Run("cancelled before", func(t *testing.T) {
		defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := Build(ctx, c, nil, testOptions(local.New(0))); !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want context.Canceled", err)
		}
	})
	t.Run("cancelled while embedding", func(t *testing.T) {
		defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		e := &countingEmbedder{Embedder: local.New(0), bend: func(ctx context.Context, _ [][]float32) ([][]float32, error) {
			cancel()
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		if _, err := Build(ctx, c, nil, testOptions(e)); !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want context.Canceled", err)
		}
	})
	t.Run("cancelled with nothing to embed", func(t *testing.T) {
		old := mustBuildFrom(t, c, nil, local.New(0))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := Build(ctx, c, old, testOptions(local.New(0))); !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want context.Canceled", err)
		}
	})
}

// TestEnsure: built once, opened after that, rebuilt with the old vectors when the corpus changes, with new ones when the
// file is damaged; used without a file where none can be kept.
func TestEnsure(t *testing.T) {
	fsys := smallCorpus("Alfa", 5)
	file := filepath.Join(t.TempDir(), "x.gen")
	step := func(name, file string, wantTexts int64, wantLog string) {
		t.Helper()
		e := &countingEmbedder{Embedder: local.New(0)}
		opt := testOptions(e)
		var log bytes.Buffer
		opt.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		ix, err := Ensure(t.Context(), fsys, file, opt)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if n := e.texts.Load(); n != wantTexts {
			t.Errorf("%s: %d texts embedded, want %d", name, n, wantTexts)
		}
		if !strings.Contains(log.String(), wantLog) || wantLog == "" && log.Len() > 0 {
			t.Errorf("%s: the log lacks %q:\n%s", name, wantLog, &log)
		}
		equalIndexes(t, mustBuild(t, fsys, local.New(0)), ix)
	}
	step("no file wanted", "", 5, "")
	step("first", file, 5, "no generation yet")
	step("again", file, 0, "generation opened")
	fsys["tema/artikel-2.md"].Data = bytes.ReplaceAll(fsys["tema/artikel-2.md"].Data, []byte("Alfa"), []byte("Beta"))
	step("changed", file, 1, "the corpus has changed")
	step("changed, again", file, 0, "generation opened")
	data := read(t, file)
	data[len(data)/2] ^= 1
	write(t, file, data)
	step("damaged", file, 5, "damaged generation")
	step("mended", file, 0, "generation opened")
	data = read(t, file)
	data[len(magic)+20] ^= 1
	write(t, file, data)
	fsys["tema/artikel-3.md"].Data = bytes.ReplaceAll(fsys["tema/artikel-3.md"].Data, []byte("Alfa"), []byte("Beta"))
	step("stale and damaged", file, 5, "the corpus has changed")
	write(t, file, []byte("KSVARGEN"))
	step("cut to nothing", file, 5, "damaged generation")

	blocked := filepath.Join(filepath.Dir(file), "blocked")
	write(t, blocked, nil)
	step("a file where a folder should be", filepath.Join(blocked, "x.gen"), 5, "generation is not kept")
	folder := filepath.Join(filepath.Dir(file), "folder.gen")
	if err := os.MkdirAll(filepath.Join(folder, "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	step("a folder where the file should be", folder, 5, "generation is not kept")
	if left := names(t, filepath.Dir(file)); len(left) != 3 {
		t.Errorf("left behind: %v", left)
	}
}

func TestEnsureFaultyCorpus(t *testing.T) {
	fsys := smallCorpus("Alfa", 2)
	fsys["tema/artikel-1.md"].Data = []byte("intet")
	var fault *article.FaultError
	if _, err := Ensure(t.Context(), fsys, "", testOptions(local.New(0))); !errors.As(err, &fault) {
		t.Errorf("%v, want a FaultError", err)
	}
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func write(t testing.TB, file string, data []byte) {
	t.Helper()
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func names(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}
