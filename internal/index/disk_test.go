package index

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kildesvar/internal/embed/local"
)

// faultyDisk fails the k-th operation, and all after it if it stays broken.
type faultyDisk struct {
	disk
	ops, failAt int
	stays       bool
}

var errDisk = errors.New("disk fault")

func (d *faultyDisk) step() error {
	d.ops++
	if d.ops == d.failAt || d.stays && d.ops > d.failAt {
		return errDisk
	}
	return nil
}

func (d *faultyDisk) makeDir(dir string) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.disk.makeDir(dir)
}

func (d *faultyDisk) create(dir string) (tempFile, error) {
	if err := d.step(); err != nil {
		return nil, err
	}
	f, err := d.disk.create(dir)
	return &faultyFile{f, d}, err
}

func (d *faultyDisk) rename(from, to string) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.disk.rename(from, to)
}

func (d *faultyDisk) remove(name string) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.disk.remove(name)
}

func (d *faultyDisk) syncDir(dir string) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.disk.syncDir(dir)
}

type faultyFile struct {
	tempFile
	d *faultyDisk
}

// Write writes half of p when it fails, as a full disk does.
func (f *faultyFile) Write(p []byte) (int, error) {
	if err := f.d.step(); err != nil {
		n, _ := f.tempFile.Write(p[:len(p)/2])
		return n, err
	}
	return f.tempFile.Write(p)
}

func (f *faultyFile) Sync() error {
	if err := f.d.step(); err != nil {
		return err
	}
	return f.tempFile.Sync()
}

func (f *faultyFile) Close() error {
	if err := f.d.step(); err != nil {
		_ = f.tempFile.Close()
		return err
	}
	return f.tempFile.Close()
}

// TestSaveFaults lets every operation of a save fail in turn: the generation on disk is whole at all times, the old one
// until the rename, and nothing is left lying about unless the disk stays broken.
func TestSaveFaults(t *testing.T) {
	e := local.New(4096) // wide vectors make several writes
	old, fresh := mustBuild(t, smallCorpus("Alfa", 150), e), mustBuild(t, smallCorpus("Beta", 150), e)
	for _, stays := range []bool{false, true} {
		faults := 0
		for k := 1; ; k++ {
			dir := t.TempDir()
			file := filepath.Join(dir, "x.gen")
			if err := old.Save(file); err != nil {
				t.Fatal(err)
			}
			d := &faultyDisk{failAt: k, stays: stays}
			err := fresh.save(d, file)
			if d.ops < k {
				if err != nil {
					t.Fatalf("no fault, and still: %v", err)
				}
				break
			}
			faults++
			// The first Close is the save's own; the second, at the end, finds the file closed.
			if !errors.Is(err, errDisk) {
				if _, opened := Open(t.Context(), file, fresh.Manifest, testOptions(e)); err != nil || opened != nil {
					t.Errorf("operation %d: %v, and opening: %v", k, err, opened)
				}
				continue
			}
			_, oldErr := Open(t.Context(), file, old.Manifest, testOptions(e))
			_, newErr := Open(t.Context(), file, fresh.Manifest, testOptions(e))
			if oldErr != nil && newErr != nil {
				t.Errorf("operation %d (stays: %v): neither generation opens: %v; %v", k, stays, oldErr, newErr)
			}
			if left := names(t, dir); !stays && len(left) != 1 {
				t.Errorf("operation %d: left behind: %v", k, left)
			}
		}
		if faults < 8 {
			t.Errorf("only %d operations could fail", faults)
		}
		t.Logf("%d operations failed in turn; stays broken: %v", faults, stays)
	}
}

// TestLeftovers: what a killed process left behind is deleted an hour later, and nothing else.
func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	for name, age := range map[string]time.Duration{tempPrefix + "old": 2 * tempAge, tempPrefix + "fresh": 0, "other": 2 * tempAge, "y.gen": 2 * tempAge} {
		file := filepath.Join(dir, name)
		write(t, file, []byte("x"))
		then := time.Now().Add(-age)
		if err := os.Chtimes(file, then, then); err != nil {
			t.Fatal(err)
		}
	}
	if err := mustBuild(t, smallCorpus("Alfa", 1), local.New(0)).Save(filepath.Join(dir, "x.gen")); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(names(t, dir)); got != "["+tempPrefix+"fresh other x.gen y.gen]" {
		t.Errorf("left: %s", got)
	}
}
