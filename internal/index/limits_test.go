//go:build linux

package index

import (
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"kildesvar/internal/embed/local"
)

// nobody is a user without rights.
const nobody = 65534

func init() {
	// A limit on the size of files is a disk that is full after the first pages.
	childJobs["full"] = func() error {
		signal.Ignore(syscall.SIGXFSZ)
		return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 20_000, Max: 20_000})
	}
	// The rights of files mean nothing to root.
	childJobs["powerless"] = func() error {
		if os.Getuid() != 0 {
			return nil
		}
		return syscall.Setuid(nobody)
	}
}

// TestNoRoom: on a full or read-only disk the work is done without the cache, with one warning a run that names the reason;
// the old generation stays, and nothing is left behind.
func TestNoRoom(t *testing.T) {
	for _, c := range []struct {
		name, job string
		rights    os.FileMode
		reason    string
	}{
		{"full", "full", 0o755, "file too large"},
		{"read-only", "powerless", 0o555, "permission denied"},
		{"forbidden", "powerless", 0o000, "permission denied"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "data", "x.gen")
			data := filepath.Dir(file)
			old := mustBuild(t, smallCorpus("Gamma", childArticles), local.New(0))
			if err := old.Save(file); err != nil {
				t.Fatal(err)
			}
			for name, rights := range map[string]os.FileMode{filepath.Dir(dir): 0o755, dir: 0o755, file: 0o644, data: c.rights} {
				if err := os.Chmod(name, rights); err != nil {
					t.Fatal(err)
				}
			}
			t.Cleanup(func() { _ = os.Chmod(data, 0o700) }) // so that it can be deleted
			log, err := start(t, c.job, 3, file).wait()
			if err != nil {
				t.Errorf("child: %v", err)
			}
			warnings := 0
			for line := range strings.Lines(log) {
				if strings.Contains(line, "generation is not kept") {
					warnings++
					if !strings.Contains(line, c.reason) || !strings.Contains(line, data) {
						t.Errorf("the warning lacks %q or the folder: %s", c.reason, line)
					}
				}
			}
			if warnings != 3 {
				t.Errorf("%d warnings in three runs:\n%s", warnings, log)
			}
			if err := os.Chmod(data, 0o700); err != nil {
				t.Fatal(err)
			}
			if left := names(t, data); len(left) != 1 {
				t.Errorf("left behind: %v", left)
			}
			if _, err := Open(t.Context(), file, old.Manifest, testOptions(local.New(0))); err != nil {
				t.Errorf("the old generation: %v", err)
			}
		})
	}
}

// TestReadOnlyOpens: a good generation in a read-only folder is opened, not built anew.
func TestReadOnlyOpens(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "x.gen")
	if err := mustBuild(t, smallCorpus("Alfa", childArticles), local.New(0)).Save(file); err != nil {
		t.Fatal(err)
	}
	for name, rights := range map[string]os.FileMode{filepath.Dir(dir): 0o755, file: 0o444, dir: 0o555} {
		if err := os.Chmod(name, rights); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
	if log, err := start(t, "powerless", 1, file).wait(); err != nil || log != "" {
		t.Errorf("child: %v\n%s", err, log)
	}
}
