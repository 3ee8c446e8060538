package learned

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// TestDamage cuts the file at every length, and changes each of its bytes: what was damaged is made anew, and no vector is wrong.
func TestDamage(t *testing.T) {
	texts := someTexts(4)
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole")
	k := Keep(whole, &model{}, Options{})
	if _, err := k.Embed(t.Context(), texts); err != nil {
		t.Fatal(err)
	}
	k.Close()
	data, err := os.ReadFile(whole)
	if err != nil || len(data) != headBytes+4*(32+4*dim+4) {
		t.Fatalf("%d bytes, %v", len(data), err)
	}
	try := func(what string, data []byte, atLeast int) {
		t.Helper()
		name := filepath.Join(dir, "x")
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		k := Keep(name, &model{}, Options{})
		defer func() { k.Remove() }()
		got, err := k.Embed(t.Context(), texts)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		same(t, "", texts, got)
		if k.Reused() != atLeast {
			t.Errorf("%s: %d reused, want %d", what, k.Reused(), atLeast)
		}
		k.Close()
		k = Keep(name, &model{}, Options{}) // and it was mended
		if got, err := k.Embed(t.Context(), texts); err != nil || k.Reused() != 4 {
			t.Errorf("%s, the time after: %d reused, %v", what, k.Reused(), err)
		} else {
			same(t, "", texts, got)
		}
	}
	record := 32 + 4*dim + 4
	for n := range len(data) {
		try(fmt.Sprintf("cut at %d", n), data[:n], max(n-headBytes, 0)/record)
		bent := bytes.Clone(data)
		bent[n] ^= 0x40
		want := 3
		if n < headBytes {
			want = 0
		}
		try(fmt.Sprintf("byte %d", n), bent, want)
	}
	try("zeros after it", append(bytes.Clone(data), make([]byte, 3*record+1)...), 4)
}

// flaky is storage whose k-th operation fails, writing half of what it should.
type flaky struct {
	storage
	at, n *int
}

var errDisk = errors.New("disk")

func (f flaky) hit() bool { *f.n++; return *f.n == *f.at }

func (f flaky) ReadAt(p []byte, off int64) (int, error) {
	if f.hit() {
		return 0, errDisk
	}
	return f.storage.ReadAt(p, off)
}

func (f flaky) WriteAt(p []byte, off int64) (int, error) {
	if f.hit() {
		n, _ := f.storage.WriteAt(p[:len(p)/2], off)
		return n, errDisk
	}
	return f.storage.WriteAt(p, off)
}

func (f flaky) Truncate(size int64) error {
	if f.hit() {
		return errDisk
	}
	return f.storage.Truncate(size)
}

func (f flaky) Close() error {
	_ = f.storage.Close() // it is freed in any case
	if f.hit() {
		return errDisk
	}
	return nil
}

// TestFaults lets every operation of the disk fail, in a build from nothing and in one that goes on: there are vectors all the same, and what
// is left behind is sound.
func TestFaults(t *testing.T) {
	texts := someTexts(9)
	points := 0
	for _, start := range []int{0, 5} {
		for at := 1; ; at++ {
			name := filepath.Join(t.TempDir(), "x")
			k := Keep(name, &model{}, Options{Texts: 2, Together: 1})
			if _, err := k.Embed(t.Context(), texts[:start]); err != nil {
				t.Fatal(err)
			}
			k.Close()
			n := 0
			k = keep(name, &model{}, Options{Texts: 2, Together: 1}, func(name string) (storage, int64, error) {
				f, size, err := openDisk(name)
				return flaky{f, &at, &n}, size, err
			})
			got, err := k.Embed(t.Context(), texts)
			if err != nil {
				t.Fatalf("operation %d: %v", at, err)
			}
			same(t, "", texts, got)
			k.Close()
			k = Keep(name, &model{}, Options{})
			if got, err = k.Embed(t.Context(), texts); err != nil {
				t.Fatalf("operation %d, the next build: %v", at, err)
			}
			same(t, "", texts, got)
			k.Close()
			if n < at {
				break
			}
			points++
		}
	}
	if points < 15 {
		t.Errorf("only %d operations failed", points)
	}
}

// TestTwoBuilders: of two builds the second keeps nothing, and both are right.
func TestTwoBuilders(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x")
	a, b := Keep(name, &model{}, Options{}), Keep(name, &model{}, Options{})
	if b.file != nil {
		if runtime.GOOS == "linux" {
			t.Fatal("two builds keep vectors in one file")
		}
		t.Skip("no locks on this system")
	}
	for _, k := range []*Keeper{a, b} {
		got, err := k.Embed(t.Context(), someTexts(5))
		if err != nil {
			t.Fatal(err)
		}
		same(t, "", someTexts(5), got)
	}
	b.Remove()
	a.Close()
	if k := Keep(name, &model{}, Options{}); k.file.len() != 5 {
		t.Errorf("%d vectors are kept", k.file.len())
	}
	pipe := t.TempDir() // neither a folder nor anything else that is no file
	if k := Keep(pipe, &model{}, Options{}); k.file != nil {
		t.Error("a folder was opened")
	}
}
