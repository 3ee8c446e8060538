package journal_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"kildesvar/internal/journal"
)

// unprivileged makes the file system treat this test's thread as one without rights, also when root runs the tests. The thread is not
// given back: it ends with the test's goroutine.
func unprivileged(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	runtime.LockOSThread()
	if err := syscall.Setfsuid(65534); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Setfsuid(0) })
}

func TestReadOnlyFolder(t *testing.T) {
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o555); err != nil {
		t.Fatal(err)
	}
	unprivileged(t)
	for _, f := range []string{folder, filepath.Join(folder, "below")} {
		if _, err := journal.OpenSQLite(t.Context(), f, journal.Options{}); !errors.Is(err, journal.ErrReadOnly) {
			t.Errorf("%s: error %v", f, err)
		}
	}
}

func TestReadOnlyFile(t *testing.T) {
	folder := t.TempDir()
	if err := open(t, folder, journal.Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(folder, journal.File), 0o400); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(filepath.Join(folder, journal.File), 65534, -1); err != nil && os.Geteuid() == 0 {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	unprivileged(t)
	if _, err := journal.OpenSQLite(t.Context(), folder, journal.Options{}); !errors.Is(err, journal.ErrReadOnly) {
		t.Errorf("error %v", err)
	}
}
