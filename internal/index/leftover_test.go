package index

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"kildesvar/internal/embed/local"
	"kildesvar/internal/index/disk"
)

// TestNoLocks: without locks only what is old is deleted, or has a time so far ahead that the clock must have been set back.
func TestNoLocks(t *testing.T) {
	for age, gone := range map[time.Duration]bool{0: false, disk.TempAge / 2: false, 2 * disk.TempAge: true, -disk.TempAge / 2: false, -2 * disk.TempAge: true} {
		b := newBench(t, "left over", 1, 8, nil)
		p := &memProcess{memDisk: b.start, noLocks: true, ages: age}
		if err := b.ix.save(p, genFile); err != nil {
			t.Fatal(err)
		}
		if got := slices.Contains(b.start.files(genDir), disk.TempPrefix+"b"); got == gone {
			t.Errorf("%v old: there are %v", age, b.start.files(genDir))
		}
	}
}

// TestInItsPlace: what lies in a generation's place and is no generation is told of, never waited for, and never in the way of a new one
// unless it is a folder.
func TestInItsPlace(t *testing.T) {
	ix := mustBuild(t, smallCorpus("Alfa", 1), local.New(0))
	for name, c := range map[string]struct {
		put   func(file string) error
		stays bool
	}{
		"a pipe":                   {pipe, false},
		"an empty file":            {func(f string) error { return os.WriteFile(f, nil, 0o600) }, false},
		"a file nobody may read":   {func(f string) error { return os.WriteFile(f, []byte("x"), 0) }, false},
		"a link to nothing":        {func(f string) error { return os.Symlink(f+"-nothing", f) }, false},
		"a link to itself":         {func(f string) error { return os.Symlink(f, f) }, false},
		"a folder":                 {func(f string) error { return os.Mkdir(f, 0o700) }, true},
		"a folder with a file":     {func(f string) error { return os.MkdirAll(f+"/x", 0o700) }, true},
		"a link to a folder":       {func(f string) error { return os.Symlink(filepath.Dir(f), f) }, false},
		"a file of another format": {func(f string) error { return os.WriteFile(f, otherFormat(t, ix), 0o600) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "x.gen")
			if err := c.put(file); err != nil {
				t.Skip(err)
			}
			if _, err := Open(t.Context(), file, ix.Manifest, testOptions(local.New(0))); err == nil {
				t.Error("opened")
			}
			if _, err := Verify(file); err == nil {
				t.Error("verified")
			}
			if err := ix.Save(file); (err != nil) != c.stays {
				t.Errorf("save: %v", err)
			}
			info, err := os.Lstat(file)
			if err != nil || info.IsDir() != c.stays {
				t.Errorf("afterwards: %v, %v", info, err)
			}
			if left := names(t, filepath.Dir(file)); !slices.Equal(left, []string{"x.gen"}) {
				t.Errorf("there are %v", left)
			}
			if m, err := Verify(file); !c.stays && (err != nil || m != ix.Manifest) {
				t.Errorf("verify: %+v, %v", m, err)
			}
		})
	}
}

// otherFormat is a generation as another version would write it.
func otherFormat(t *testing.T, ix *Index) []byte {
	t.Helper()
	return withTable(t, saved(t, ix), func(t *table) { t.Manifest.Format++ }, nil)
}
