package index

import (
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kildesvar/internal/embed/local"
	"kildesvar/internal/index/disk"
)

var (
	killFlag = flag.Int("kills", 0, "how often TestKilled kills; 0 means 200, and 40 with -short or -race")
	seedFlag = flag.Uint64("kill-seed", 1, "seed of TestKilled's moments")
)

// cycle is how long a child takes to build and save a generation, the start of the process left out.
func cycle(t *testing.T) time.Duration {
	t.Helper()
	const times = 6
	p := start(t, "build", times, filepath.Join(t.TempDir(), "x.gen"))
	began := time.Now()
	if log, err := p.wait(); err != nil {
		t.Fatalf("child: %v\n%s", err, log)
	}
	return time.Since(began) / times
}

// TestKilled kills a process (SIGKILL) that builds and saves one generation after the other, at random moments of the first
// three. Whatever the moment, the file is one of the two, or not there before the first save; the next run finds nothing
// damaged and has what it wants; what the killed left behind is gone after the next save.
func TestKilled(t *testing.T) {
	kills := *killFlag
	if kills == 0 {
		kills = 200
		if testing.Short() || raceEnabled {
			kills = 40
		}
	}
	rng := rand.New(rand.NewPCG(*seedFlag, 1))
	spread := 3 * cycle(t)
	counts, inWrite := map[string]int{}, 0
	var dir, file string
	for i := range kills {
		if i%10 == 0 { // a fresh folder now and then, for kills before the first save
			dir = t.TempDir()
			file = filepath.Join(dir, "x.gen")
		}
		before := leftovers(t, dir)
		p := start(t, "build", 1_000_000, file)
		time.Sleep(time.Duration(rng.Int64N(int64(spread)))) // the random moment
		if err := p.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_, _ = p.wait() // killed
		got := which(t, file)
		counts[got]++
		if leftovers(t, dir) > before {
			inWrite++
		}
		if i%5 == 4 {
			nextRun(t, []string{"Alfa", "Beta"}[rng.IntN(2)], file)
		}
	}
	t.Logf("%d kills within %v, seed %d: %v; %d of them in the middle of a write", kills, spread.Round(time.Millisecond), *seedFlag, counts, inWrite)
	if counts["Alfa"] == 0 || counts["Beta"] == 0 || kills >= 200 && (inWrite == 0 || counts["none"] == 0) {
		t.Errorf("the moments were not random enough: %v, %d in a write", counts, inWrite)
	}
	if err := mustBuild(t, smallCorpus("Gamma", 1), local.New(0)).Save(file); err != nil {
		t.Fatal(err)
	}
	if left := names(t, dir); len(left) != 1 {
		t.Errorf("left after the next save: %v", left)
	}
}

// leftovers counts the temporary files.
func leftovers(t *testing.T, dir string) (n int) {
	t.Helper()
	for _, name := range names(t, dir) {
		if strings.HasPrefix(name, disk.TempPrefix) {
			n++
		}
	}
	return n
}

// nextRun does what a process started after a kill does.
func nextRun(t *testing.T, name, file string) {
	t.Helper()
	var log bytes.Buffer
	opt := testOptions(local.New(0))
	opt.Log = slog.New(slog.NewTextHandler(&log, nil))
	ix, err := Ensure(t.Context(), smallCorpus(name, childArticles), file, opt)
	switch {
	case err != nil:
		t.Errorf("the next run: %v", err)
	case strings.Contains(log.String(), "WARN"):
		t.Errorf("the next run warns:\n%s", &log)
	case !strings.Contains(ix.Passages[0].Text, name) || which(t, file) != name:
		t.Errorf("the next run wants %s, has %q and leaves %s", name, ix.Passages[0].Text, which(t, file))
	}
}

// TestTwoProcesses: several build into one file at once while it is read; it is whole at every moment.
func TestTwoProcesses(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "x.gen")
	var wg sync.WaitGroup
	done := make(chan struct{})
	for range 2 {
		p := start(t, "build", 30, file)
		wg.Go(func() {
			if log, err := p.wait(); err != nil || strings.Contains(log, "WARN") {
				t.Errorf("child: %v\n%s", err, log)
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
	ix, err := open(disk.Real{}, file, func(Manifest) error { return nil })
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "none"
	case err != nil:
		t.Errorf("while two processes wrote: %v", err)
		return "damaged"
	}
	return strings.Fields(ix.Passages[0].Text)[0]
}
