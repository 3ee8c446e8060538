package index

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kildesvar/internal/embed"
	"kildesvar/internal/embed/learned"
	"kildesvar/internal/embed/local"
)

// learnedOptions treat an embedder as a learned one that is asked for one text at a time.
func learnedOptions(e embed.Embedder) Options {
	opt := testOptions(e)
	opt.Learned = &learned.Options{Texts: 1, Together: 1}
	return opt
}

// slowEmbedder takes its time and notes in a file how many texts it was asked for, a byte each.
type slowEmbedder struct {
	embed.Embedder
	notes string
}

func (s *slowEmbedder) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	time.Sleep(3 * time.Millisecond) // a model's; nothing waits for it
	f, err := os.OpenFile(s.notes, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if _, err := f.Write(make([]byte, len(texts))); err != nil {
		return nil, err
	}
	return s.Embedder.Embed(ctx, texts)
}

// TestResumeAfterKill kills a process (SIGKILL) that builds with a slow model, again and again, until one comes to its end. No vector that
// was kept is asked for again: each kill costs at most the one under way and the one by which the next sees that the model is the same. The
// generation is the one that a build in one go makes.
func TestResumeAfterKill(t *testing.T) {
	rng := rand.New(rand.NewPCG(*seedFlag, 2))
	want := saved(t, mustBuild(t, smallCorpus("Alfa", childArticles), local.New(0)))
	kills, resumed := 0, 0
	rounds := 3
	if testing.Short() || raceEnabled {
		rounds = 1
	}
	for range rounds {
		file := filepath.Join(t.TempDir(), "x.gen")
		killed := 0
		for run := 0; ; run++ {
			p := start(t, "learn", 1, file)
			if run < 5 {
				more := 1 + rng.IntN(8)
				for before := asked(file); asked(file) < before+more && asked(file) < childArticles && !p.ended(); {
					time.Sleep(time.Millisecond) // until it has made some vectors
				}
				time.Sleep(time.Duration(rng.Int64N(int64(4 * time.Millisecond)))) // the random moment between two of them
				if err := p.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
					t.Fatal(err)
				}
			}
			log, err := p.wait()
			if strings.Contains(log, "goes on") {
				resumed++
			}
			if err == nil {
				break
			}
			if run >= 5 {
				t.Fatalf("%v\n%s", err, log)
			}
			killed++
		}
		kills += killed
		if got := read(t, file); !bytes.Equal(got, want) {
			t.Error("another generation than that of a build in one go")
		}
		if n := asked(file); n < childArticles || n > childArticles+2*killed {
			t.Errorf("%d texts asked for with %d kills, %d are enough", n, killed, childArticles)
		}
		if got := names(t, filepath.Dir(file)); !slices.Equal(got, []string{"x.gen", "x.gen.asked"}) {
			t.Errorf("left behind: %v", got)
		}
	}
	t.Logf("%d kills, %d builds went on", kills, resumed)
	if kills < 2*rounds || resumed == 0 {
		t.Errorf("%d kills, %d builds went on: the moments were not random enough", kills, resumed)
	}
}

// ended reports whether a child has closed its output.
func (p *process) ended() bool {
	select {
	case <-p.read:
		return true
	default:
		return false
	}
}

// asked is how many texts a child has asked for.
func asked(file string) int {
	info, err := os.Stat(file + ".asked")
	if err != nil {
		return 0 // none yet
	}
	return int(info.Size())
}

// failingEmbedder fails at its k-th request.
type failingEmbedder struct {
	countingEmbedder
	requests, at int
}

var errModel = errors.New("model")

func (f *failingEmbedder) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	if f.requests++; f.requests == f.at {
		return nil, errModel
	}
	return f.countingEmbedder.Embed(ctx, texts)
}

// TestResumeAfterFault: the model fails at its k-th request, for every k; so in a first build, a rebuild, and after the corpus has changed.
func TestResumeAfterFault(t *testing.T) {
	const n = 9
	fsys := smallCorpus("Alfa", n)
	want := saved(t, mustBuild(t, fsys, local.New(0)))
	for how, build := range map[string]func(fsys fs.FS, file string, opt Options) (*Index, error){
		"first": func(fsys fs.FS, file string, opt Options) (*Index, error) {
			return Ensure(t.Context(), fsys, file, opt)
		},
		"rebuild": func(fsys fs.FS, file string, opt Options) (*Index, error) {
			return Rebuild(t.Context(), fsys, file, opt)
		},
	} {
		for k := 1; k <= n; k++ {
			file := filepath.Join(t.TempDir(), "x.gen")
			e := &failingEmbedder{at: k}
			e.Embedder = local.New(0)
			if _, err := build(fsys, file, learnedOptions(e)); !errors.Is(err, errModel) {
				t.Fatalf("%s, request %d: %v", how, k, err)
			}
			if got := names(t, filepath.Dir(file)); !slices.Equal(got, []string{"x.gen.vec"}) {
				t.Errorf("%s, request %d: there are %v", how, k, got)
			}
			if _, err := build(fsys, file, learnedOptions(e)); err != nil {
				t.Fatalf("%s, request %d: %v", how, k, err)
			}
			again := min(k-1, 1) // to see that the model is the same
			if got := e.texts.Load(); got != int64(n+again) || !bytes.Equal(read(t, file), want) {
				t.Errorf("%s, request %d: %d texts asked for, want %d; as in one go: %v", how, k, got, n+again, bytes.Equal(read(t, file), want))
			}
			if got := names(t, filepath.Dir(file)); !slices.Equal(got, []string{"x.gen"}) {
				t.Errorf("%s, request %d: left behind: %v", how, k, got)
			}
		}
	}
}

// TestUnsaved: the vectors stay until a generation holds them.
func TestUnsaved(t *testing.T) {
	fsys := smallCorpus("Alfa", 5)
	file := filepath.Join(t.TempDir(), "x.gen")
	if err := os.MkdirAll(filepath.Join(file, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	e := &countingEmbedder{Embedder: local.New(0)}
	if _, err := Ensure(t.Context(), fsys, file, learnedOptions(e)); err != nil {
		t.Fatal(err)
	}
	if _, err := Rebuild(t.Context(), fsys, file, learnedOptions(e)); err == nil {
		t.Error("saved over a folder")
	}
	if err := os.RemoveAll(file); err != nil {
		t.Fatal(err)
	}
	if _, err := Ensure(t.Context(), fsys, file, learnedOptions(e)); err != nil || e.texts.Load() != 5+2 {
		t.Errorf("%d texts asked for, want 7: %v", e.texts.Load(), err)
	}
	if got := names(t, filepath.Dir(file)); !slices.Equal(got, []string{"x.gen"}) {
		t.Errorf("left behind: %v", got)
	}
	if _, err := Ensure(t.Context(), fsys, "", learnedOptions(e)); err != nil || e.texts.Load() != 5+2+5 {
		t.Errorf("without a file %d texts asked for, want 12: %v", e.texts.Load(), err)
	}
}

// TestNotMixed: vectors of a generation are used again only if the model still makes the same ones, whatever its name, and a model with
// another name begins anew.
func TestNotMixed(t *testing.T) {
	fsys := smallCorpus("Alfa", 20)
	file := filepath.Join(t.TempDir(), "x.gen")
	build := func(e embed.Embedder, wantTexts int64, wantLog string) *Index {
		t.Helper()
		c := &countingEmbedder{Embedder: e}
		opt := learnedOptions(c)
		var log bytes.Buffer
		opt.Log = slog.New(slog.NewTextHandler(&log, nil))
		ix, err := Ensure(t.Context(), fsys, file, opt)
		if err != nil {
			t.Fatal(err)
		}
		if c.texts.Load() != wantTexts || !strings.Contains(log.String(), wantLog) {
			t.Errorf("%d texts asked for, want %d; log: %s", c.texts.Load(), wantTexts, &log)
		}
		if clean := mustBuild(t, fsys, e); !slices.Equal(ix.flat, clean.flat) {
			t.Error("vectors of two models are mixed")
		}
		return ix
	}
	change := func(i int) {
		f := fmt.Sprintf("tema/artikel-%d.md", i)
		fsys[f] = &fstest.MapFile{Data: bytes.ReplaceAll(fsys[f].Data, []byte("Alfa"), []byte("Beta"))}
	}
	build(local.New(0), 20, "no generation")
	change(3)
	build(local.New(0), 2, "corpus has changed") // the new one, and one to see that the model is the same
	change(4)
	build(turned{local.New(0)}, 20, "the model has changed")
	build(turned{local.New(0)}, 0, "")
	other := build(local.New(64), 20, "not local-64")
	if m, err := ManifestOf(file); err != nil || m != other.Manifest || !strings.Contains(m.Embedder, "64") {
		t.Errorf("%+v, %v", m, err)
	}
	if _, err := ManifestOf(file + "x"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// turned is another model by the same name.
type turned struct{ embed.Embedder }

func (m turned) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	vs, err := m.Embedder.Embed(ctx, texts)
	for _, v := range vs {
		slices.Reverse(v)
	}
	return vs, err
}
