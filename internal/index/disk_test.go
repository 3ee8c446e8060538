package index

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kildesvar/internal/article"
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

// childEnv makes the test binary a process that builds two corpora in turn into the file it names, a number of times.
const childEnv = "KILDESVAR_TEST_INDEX_CHILD"

func TestMain(m *testing.M) {
	if job := os.Getenv(childEnv); job != "" {
		times, file, _ := strings.Cut(job, ":")
		if err := child(times, file); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const childArticles = 30

func child(times, file string) error {
	n, err := strconv.Atoi(times)
	if err != nil {
		return err
	}
	if _, err := fmt.Println("ready"); err != nil {
		return err
	}
	e := local.New(0)
	for i := range n {
		if _, err := Ensure(context.Background(), smallCorpus([]string{"Alfa", "Beta"}[i%2], childArticles), file, testOptions(e)); err != nil {
			return err
		}
	}
	return nil
}

// start runs a child and returns when it has begun.
func start(t *testing.T, times int, file string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exe)
	c.Env = append(os.Environ(), fmt.Sprintf("%s=%d:%s", childEnv, times, file))
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("child said %q, %v", line, err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return c
}

// which opens the file and says which generation it holds.
func which(t *testing.T, file string) string {
	t.Helper()
	var errs []error
	for _, name := range []string{"Alfa", "Beta"} {
		sum, err := article.Fingerprint(smallCorpus(name, childArticles))
		if err != nil {
			t.Fatal(err)
		}
		e := local.New(0)
		ix, err := Open(t.Context(), file, Wanted(e, sum), testOptions(e))
		if err == nil {
			if got := ix.Passages[0].Text; !strings.Contains(got, name) {
				t.Errorf("generation %s holds %q", name, got)
			}
			return name
		}
		errs = append(errs, err)
	}
	if errors.Is(errs[0], fs.ErrNotExist) {
		return "none"
	}
	t.Errorf("neither generation opens: %v", errs)
	return "damaged"
}

// TestKilled kills a process that saves one generation after the other, at random moments. Whatever the moment, the file
// is one of the two, or not there before the first save; what the killed left behind is cleaned up later.
func TestKilled(t *testing.T) {
	kills := 200
	if testing.Short() || raceEnabled {
		kills = 20
	}
	rng := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	counts, inWrite := map[string]int{}, 0
	var dir, file string
	for i := range kills {
		if i%10 == 0 { // a fresh folder now and then, for kills before the first save
			dir = t.TempDir()
			file = filepath.Join(dir, "x.gen")
		}
		before := len(names(t, dir))
		c := start(t, 1_000_000, file)
		time.Sleep(time.Duration(rng.IntN(40_000)) * time.Microsecond) // the random moment
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = c.Wait() // killed
		got := which(t, file)
		counts[got]++
		after := len(names(t, dir))
		if got != "none" && before == 0 {
			after-- // the generation itself
		}
		if after > before {
			inWrite++
		}
	}
	t.Logf("%d kills: %v; %d of them in the middle of a write", kills, counts, inWrite)
	if counts["Alfa"] == 0 || counts["Beta"] == 0 || kills >= 200 && inWrite == 0 {
		t.Errorf("the moments were not random enough: %v, %d in a write", counts, inWrite)
	}
	old := time.Now().Add(-2 * tempAge)
	for _, n := range names(t, dir) {
		if err := os.Chtimes(filepath.Join(dir, n), old, old); err != nil {
			t.Fatal(err)
		}
	}
	if err := mustBuild(t, smallCorpus("Gamma", 1), local.New(0)).Save(file); err != nil {
		t.Fatal(err)
	}
	if left := names(t, dir); len(left) != 1 {
		t.Errorf("left after a later save: %v", left)
	}
}

// TestTwoProcesses: several build into one file at once while it is read; it is whole at every moment.
func TestTwoProcesses(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "x.gen")
	var wg sync.WaitGroup
	done := make(chan struct{})
	for range 2 {
		c := start(t, 30, file)
		wg.Go(func() {
			if err := c.Wait(); err != nil {
				t.Errorf("child: %v", err)
			}
		})
	}
	go func() { wg.Wait(); close(done) }()
	counts := map[string]int{}
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
			counts[readable(t, file)]++
		}
	}
	if last := which(t, file); last == "none" || last == "damaged" {
		t.Errorf("at the end: %s", last)
	}
	if left := names(t, dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
	t.Logf("read while two processes wrote: %v", counts)
}

// readable reads the file once, whichever generation it holds: two opens could meet two different ones.
func readable(t *testing.T, file string) string {
	t.Helper()
	ix, err := open(file, func(Manifest) error { return nil })
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "none"
	case err != nil:
		t.Errorf("while two processes wrote: %v", err)
		return "damaged"
	}
	return strings.Fields(ix.Passages[0].Text)[0]
}
