package disk_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"kildesvar/internal/index/disk"
)

// save writes a small file.
func save(file string) error {
	return disk.Save(disk.Real{}, file, func(w io.Writer) error {
		_, err := io.WriteString(w, "whole")
		return err
	})
}

// names are what a folder holds, in order.
func names(t *testing.T, dir string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

// TestLeftovers: the next save deletes what a killed process left behind, whatever the clock says, and nothing else.
func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	for name, age := range map[string]time.Duration{disk.TempPrefix + "old": 2 * disk.TempAge, disk.TempPrefix + "fresh": 0, disk.TempPrefix + "future": -1000 * disk.TempAge,
		"other": 2 * disk.TempAge, "y.gen": 2 * disk.TempAge} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		then := time.Now().Add(-age)
		if err := os.Chtimes(file, then, then); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, disk.TempPrefix+"folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	if list, err := (disk.Real{}).Leftovers(dir); len(list) != 3 || err != nil {
		t.Errorf("%d left over, %v", len(list), err)
	}
	unlock, err := disk.Real{}.Lock(dir, false) // somebody is writing
	if err != nil {
		if runtime.GOOS == "linux" {
			t.Fatal(err)
		}
		t.Skip("no locks here: ", err)
	}
	if err := save(filepath.Join(dir, "x.gen")); err != nil {
		t.Fatal(err)
	}
	if list, err := (disk.Real{}).Leftovers(dir); len(list) != 3 || err != nil {
		t.Errorf("while another process writes: %d left over, %v", len(list), err)
	}
	unlock()
	if err := disk.Writable(disk.Real{}, dir); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(names(t, dir)); got != "["+disk.TempPrefix+"folder other x.gen y.gen]" {
		t.Errorf("left: %s", got)
	}
	if list, err := (disk.Real{}).Leftovers(filepath.Join(dir, "none")); len(list) != 0 || err == nil {
		t.Errorf("%d left over in no folder", len(list))
	}
}

// TestFolders: what stands in the way of the folder is an error that names it.
func TestFolders(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"file/x.gen", "file/deep/er/x.gen"} {
		var at *fs.PathError
		if err := save(filepath.Join(dir, file)); !errors.As(err, &at) {
			t.Errorf("%s: %v", file, err)
		}
		if err := disk.Writable(disk.Real{}, filepath.Dir(filepath.Join(dir, file))); !errors.As(err, &at) {
			t.Errorf("%s: %v", file, err)
		}
	}
	if err := disk.Writable(disk.Real{}, filepath.Join(dir, "a", "b", "c")); err != nil {
		t.Error(err)
	}
	t.Chdir(dir)
	if err := save("x.gen"); err != nil { // in the folder where one is
		t.Error(err)
	}
}
