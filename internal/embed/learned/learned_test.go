package learned

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"kildesvar/internal/embed/local"
)

const dim = 8

// model is a model on the other side of the network: it counts what it is asked and can fail.
type model struct {
	id   string // changes the vectors, not the name
	name string
	fail func(request int) error // by its number, 1 first
	bend func(vs [][]float32) [][]float32
	wait time.Duration

	mu       sync.Mutex
	requests int
	texts    []string
	running  atomic.Int32
	most     int32
}

func (m *model) ID() string {
	if m.name != "" {
		return m.name
	}
	return "fake/8"
}
func (m *model) Dim() int { return dim }

func (m *model) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	m.mu.Lock()
	m.requests++
	n := m.requests
	m.most = max(m.most, m.running.Add(1))
	m.mu.Unlock()
	defer m.running.Add(-1)
	if m.wait > 0 {
		select {
		case <-time.After(m.wait):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if m.fail != nil {
		if err := m.fail(n); err != nil {
			return nil, err
		}
	}
	m.mu.Lock()
	m.texts = append(m.texts, texts...)
	m.mu.Unlock()
	vs, err := vectorsOf(m.id, texts)
	if m.bend != nil {
		vs = m.bend(vs)
	}
	return vs, err
}

// vectorsOf are vectors of length 1 that depend on the text and the model alone.
func vectorsOf(id string, texts []string) ([][]float32, error) {
	var in []string
	for _, t := range texts {
		in = append(in, fmt.Sprintf("%sord%x", id, t))
	}
	return local.New(dim).Embed(context.Background(), in)
}

func same(t *testing.T, id string, texts []string, got [][]float32) {
	t.Helper()
	want, err := vectorsOf(id, texts)
	if err != nil || len(got) != len(texts) {
		t.Fatalf("%d vectors for %d texts, %v", len(got), len(texts), err)
	}
	for i := range want {
		if strings.TrimSpace(texts[i]) == "" {
			want[i] = make([]float32, dim)
		}
		if !slices.Equal(got[i], want[i]) {
			t.Errorf("%q: %v, want %v", texts[i], got[i], want[i])
		}
	}
}

func someTexts(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf("tekst %d", i))
	}
	return out
}

// TestResume: a build fails at its k-th request, for every k; the next goes on with all vectors that were made, asks for each text once, and
// once more for the one by which it sees that the model is the same.
func TestResume(t *testing.T) {
	texts := append(someTexts(23), "", "tekst 3") // a blank one, and one that stands twice
	broken := errors.New("broken")
	for k := 1; k <= 8; k++ {
		name := filepath.Join(t.TempDir(), "new", "folder", "x.vec")
		m := &model{fail: func(n int) error {
			if n == k {
				return broken
			}
			return nil
		}}
		o := Options{Texts: 3, Together: 1}
		first := Keep(name, m, o)
		if _, err := first.Embed(t.Context(), texts); !errors.Is(err, broken) {
			t.Fatalf("request %d: %v", k, err)
		}
		first.Close()
		made := len(m.texts)
		if made != 3*(k-1) {
			t.Fatalf("request %d: %d texts before it", k, made)
		}
		second := Keep(name, m, o)
		got, err := second.Embed(t.Context(), texts)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "", texts, got)
		again := 0
		if made > 0 {
			again = 1
		}
		if len(m.texts) != 23+again || second.Reused() != made {
			t.Errorf("request %d: %d texts asked for, %d reused; want %d and %d", k, len(m.texts), second.Reused(), 23+again, made)
		}
		second.Remove()
		if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the file is there still: %v", err)
		}
	}
}

// TestNotMixed: vectors of another embedder, or of another model that goes by the same name, are never used.
func TestNotMixed(t *testing.T) {
	texts := someTexts(6)
	name := filepath.Join(t.TempDir(), "x")
	build := func(m *model, want int) {
		t.Helper()
		k := Keep(name, m, Options{})
		defer k.Close()
		got, err := k.Embed(t.Context(), texts)
		if err != nil {
			t.Fatal(err)
		}
		same(t, m.id, texts, got)
		if k.Reused() != want {
			t.Errorf("%d reused, want %d", k.Reused(), want)
		}
	}
	build(&model{}, 0)
	build(&model{}, 6)
	build(&model{name: "other/8", id: "b"}, 0)
	build(&model{}, 0) // the other's have taken the place
	build(&model{id: "c"}, 0)
	build(&model{id: "c"}, 6)
}

// TestBounds: texts and bytes of a request, requests side by side, and the file's size.
func TestBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &model{wait: time.Second}
		k := Keep("", m, Options{Texts: 2, Together: 3})
		start := time.Now()
		got, err := k.Embed(t.Context(), someTexts(18))
		if err != nil {
			t.Fatal(err)
		}
		same(t, "", someTexts(18), got)
		if m.most != 3 || m.requests != 9 || time.Since(start) != 3*time.Second {
			t.Errorf("%d requests, %d side by side, in %s", m.requests, m.most, time.Since(start))
		}
	})
	k := Keep("", &model{}, Options{Texts: 3, Bytes: 10})
	var sizes []string
	for _, r := range k.requests([]string{"a", "b", "c", "d", strings.Repeat("x", 30), "e", "123456789", "f", "gh"}) {
		sizes = append(sizes, fmt.Sprint(len(r)))
	}
	if got := strings.Join(sizes, " "); got != "3 1 1 2 2" {
		t.Errorf("requests of %s texts", got)
	}
	var log bytes.Buffer
	name := filepath.Join(t.TempDir(), "x")
	most := int64(headBytes + 5*(32+4*dim+4))
	k = Keep(name, &model{}, Options{Texts: 1, MaxBytes: most, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if _, err := k.Embed(t.Context(), someTexts(9)); err != nil {
		t.Fatal(err)
	}
	k.Close()
	if info, err := os.Stat(name); err != nil || info.Size() != most || strings.Count(log.String(), "greatest size") != 1 {
		t.Errorf("%v, %v; log: %s", info, err, &log)
	}
}

// TestWrongVectors: what the model should not give is an error, and is not kept.
func TestWrongVectors(t *testing.T) {
	for what, bend := range map[string]func(vs [][]float32) [][]float32{
		"too few":        func(vs [][]float32) [][]float32 { return vs[1:] },
		"too many":       func(vs [][]float32) [][]float32 { return append(vs, vs[0]) },
		"another length": func(vs [][]float32) [][]float32 { vs[1] = vs[1][1:]; return vs },
		"NaN":            func(vs [][]float32) [][]float32 { vs[1][2] = float32(math.NaN()); return vs },
		"infinite":       func(vs [][]float32) [][]float32 { vs[1][2] = float32(math.Inf(1)); return vs },
		"zero":           func(vs [][]float32) [][]float32 { vs[1] = make([]float32, dim); return vs },
		"too long":       func(vs [][]float32) [][]float32 { vs[1][2] += 2; return vs },
	} {
		name := filepath.Join(t.TempDir(), "x")
		k := Keep(name, &model{bend: bend}, Options{})
		if vs, err := k.Embed(t.Context(), someTexts(3)); !errors.Is(err, ErrVector) || vs != nil {
			t.Errorf("%s: %v, %v", what, vs, err)
		}
		if k.file.len() != 0 {
			t.Errorf("%s: kept", what)
		}
	}
}

// TestStop: a build that is stopped ends at once and leaves nothing running; what it had made is kept.
func TestStop(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	name := filepath.Join(t.TempDir(), "x")
	ctx, stop := context.WithCancel(t.Context())
	m := &model{fail: func(n int) error {
		if n == 3 {
			stop()
		}
		return nil
	}}
	k := Keep(name, m, Options{Texts: 1, Together: 1})
	if _, err := k.Embed(ctx, someTexts(9)); !errors.Is(err, context.Canceled) || m.requests > 4 {
		t.Errorf("%v after %d requests", err, m.requests)
	}
	k.Close()
	if k = Keep(name, m, Options{}); k.file.len() < 3 {
		t.Errorf("%d vectors are kept", k.file.len())
	}
	k.Close()
}

func TestPrefixed(t *testing.T) {
	for name, want := range map[string][2]string{
		"text-embedding-3-small": {"a", "a"}, "bge-m3": {"a", "a"}, "zylonai/multilingual-e5-large": {"passage: a", "query: a"},
		"nomic-embed-text:latest": {"search_document: a", "search_query: a"}, "snowflake-arctic-embed2:568m": {"a", "query: a"},
		"intfloat/multilingual-e5-large-instruct": {"a", "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: a"},
	} {
		m := &model{}
		text, question := Prefixed(m, name)
		for i, e := range []interface {
			Embed(context.Context, []string) ([][]float32, error)
		}{text, question} {
			m.texts = nil
			if _, err := e.Embed(t.Context(), []string{"a", " "}); err != nil || m.texts[0] != want[i] || strings.TrimSpace(m.texts[1]) != "" {
				t.Errorf("%s: %q, %v; want %q", name, m.texts, err, want[i])
			}
		}
		if text.ID() != question.ID() || (text.ID() == m.ID()) != (want[0] == "a" && want[1] == "a") || strings.Contains(text.ID(), "\n") {
			t.Errorf("%s: %q, %q", name, text.ID(), question.ID())
		}
	}
}
