package index

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"kildesvar/internal/embed/local"
	"kildesvar/internal/index/disk"
)

const (
	genDir  = "/home/data/index"
	genFile = genDir + "/x.gen"
)

// bench is a state of the disk, and a generation that is to take the place of what is there.
type bench struct {
	*testing.T
	start    *memDisk
	corpus   fs.FS
	dim      int
	ix       *Index
	old, new []byte // the file before (nil: there is none) and after
	before   []string
	noLocks  bool
	points   map[string]int // how many faults were tried, by kind
}

func (b *bench) options() Options { return testOptions(local.New(b.dim)) }

// saved is the bytes of a generation.
func saved(t *testing.T, ix *Index) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := ix.write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// put makes a file that is on the disk for good.
func (d *memDisk) put(name string, data []byte) {
	n := &inode{data: data, kept: data}
	d.now[name], d.kept[name] = n, n
}

// states are what may lie in the folder when a generation is saved. Nil files: there is no folder.
var states = map[string]func(old, fresh []byte) (files map[string][]byte){
	"nothing":         func(_, _ []byte) map[string][]byte { return nil },
	"empty folder":    func(_, _ []byte) map[string][]byte { return map[string][]byte{} },
	"old generation":  func(old, _ []byte) map[string][]byte { return map[string][]byte{"x.gen": old} },
	"same generation": func(_, fresh []byte) map[string][]byte { return map[string][]byte{"x.gen": fresh} },
	"damaged":         func(old, _ []byte) map[string][]byte { return map[string][]byte{"x.gen": old[:len(old)/2]} },
	"left over": func(old, fresh []byte) map[string][]byte {
		return map[string][]byte{"x.gen": old, ".new-a": nil, ".new-b": fresh[:9], ".new-c": fresh, "y.gen": old, "other": []byte("x")}
	},
}

// newBench prepares a state and a generation of n articles.
func newBench(t *testing.T, state string, n, dim int, points map[string]int) *bench {
	t.Helper()
	b := &bench{T: t, dim: dim, corpus: smallCorpus("Beta", n), points: points, start: newMemDisk()}
	e := local.New(dim)
	b.ix = mustBuild(t, b.corpus, e)
	b.new = saved(t, b.ix)
	files := states[state](saved(t, mustBuild(t, smallCorpus("Alfa", n), e)), b.new)
	if files != nil {
		for _, dir := range []string{"/home", "/home/data", genDir} {
			d := &inode{dir: true}
			b.start.now[dir], b.start.kept[dir] = d, d
		}
	}
	for name, data := range files {
		b.start.put(genDir+"/"+name, data)
	}
	b.old, b.before = files["x.gen"], slices.Sorted(maps.Keys(files))
	return b
}

// stepsOf are what is tried: each lets a process use the disk.
var stepsOf = map[string]struct {
	run    func(*bench, *memProcess) error
	builds bool // when it has succeeded, the new generation is there
}{
	"save":          {func(b *bench, p *memProcess) error { return b.ix.save(p, genFile) }, true},
	"make writable": {func(_ *bench, p *memProcess) error { return disk.Writable(p, genDir) }, false},
	"open": {func(b *bench, p *memProcess) error {
		ix, err := openIn(b.Context(), p, genFile, b.ix.Manifest, b.options())
		if (ix == nil) != (err != nil) {
			b.Errorf("%v and %v", ix, err)
		}
		return err
	}, false},
	"ensure": {func(b *bench, p *memProcess) error {
		ix, err := ensure(b.Context(), p, b.corpus, genFile, b.options())
		switch {
		case err != nil:
			b.Errorf("no index: %v", err) // whatever happens to the disk, there is one
		case ix.Manifest != b.ix.Manifest || !strings.Contains(ix.Passages[0].Text, "Beta"):
			b.Errorf("the index of something else: %+v", ix.Manifest)
		}
		if p.hit != "" { // it was built, and kept or not
			err = errDisk
		}
		return err
	}, true},
}

// try lets each operation go wrong in a way, and looks at the disk afterwards.
func (b *bench) try(steps string, w way, stride int) {
	b.Helper()
	for k := 1; ; k += stride {
		d := b.start.clone()
		p := &memProcess{memDisk: d, mode: w, at: k, noLocks: b.noLocks}
		err := stepsOf[steps].run(b, p)
		at := fmt.Sprintf("%s, %v, operation %d (%s): %v", steps, w, k, p.hit, err)
		if p.hit == "" {
			if steps != "open" && err != nil {
				b.Errorf("without a fault: %s", at)
			}
			break
		}
		b.points[w.String()]++
		b.points["at "+p.hit]++
		if steps == "open" && err == nil && w != after { // what came with an error may be all
			b.Errorf("opened in spite of it: %s", at)
		}
		done := err == nil && stepsOf[steps].builds
		if p.locks[genDir][p] && w != after && w != killed {
			b.Errorf("%s: the lock is held still", at)
		}
		p.die()
		if (w == once || w == short) && p.hit != "remove" {
			if left := d.files(genDir); !subset(left, append(b.before, "x.gen")) {
				b.Errorf("%s: left behind: %v", at, left)
			}
		}
		if w == killed {
			for _, how := range []cut{cutAll, cutData, cutZeros, cutNames} {
				b.points[how.String()]++
				b.look(d.powerCut(how), false, fmt.Sprintf("%s, and %v", at, how))
			}
		}
		b.look(d, done, at)
	}
}

func subset(a, b []string) bool {
	return !slices.ContainsFunc(a, func(s string) bool { return !slices.Contains(b, s) })
}

// look opens what is on a disk. It must be what was there before, or the new generation, and the latter if done.
func (b *bench) look(d *memDisk, done bool, at string) {
	b.Helper()
	b.whole(d, done, at)
	b.again(d, at)
}

// again saves once more, which puts everything right, removes what is left over, and touches nothing else.
func (b *bench) again(d *memDisk, at string) {
	b.Helper()
	if err := b.ix.save(&memProcess{memDisk: d, noLocks: b.noLocks, ages: 2 * disk.TempAge}, genFile); err != nil {
		b.Errorf("%s: the next save: %v", at, err)
	}
	for _, how := range []cut{cutAll, cutZeros, cutNames} { // what is saved stays
		d := d.powerCut(how)
		if n := d.now[genFile]; n == nil || !bytes.Equal(n.data, b.new) {
			b.Errorf("%s, saved again, and %v: the new generation is not there", at, how)
		}
		want := []string{"x.gen"}
		for _, name := range b.before {
			if !strings.HasPrefix(name, disk.TempPrefix) && name != "x.gen" {
				want = append(want, name)
			}
		}
		slices.Sort(want)
		if got := d.files(genDir); !slices.Equal(got, want) && (how == cutNames || !subset(want, got)) {
			b.Errorf("%s, saved again: there are %v, not %v", at, got, want)
		}
	}
}

// whole wants the old or the new generation.
func (b *bench) whole(d *memDisk, done bool, at string) {
	b.Helper()
	var got []byte
	if n := d.now[genFile]; n != nil {
		got = n.data
	}
	isNew := bytes.Equal(got, b.new)
	if !isNew && !bytes.Equal(got, b.old) || (got == nil) != (d.now[genFile] == nil) {
		b.Errorf("%s: the file is neither the old nor the new one: %d bytes", at, len(got))
	}
	if done && !isNew {
		b.Errorf("%s: done, and the new generation is not there", at)
	}
	_, err := open(&memProcess{memDisk: d}, genFile, b.ix.Manifest.Accepts)
	want := error(nil)
	switch {
	case isNew:
	case d.now[genFile] == nil:
		want = fs.ErrNotExist
	case len(b.old) < len(b.new)*2/3:
		want = ErrDamaged
	default:
		want = ErrStale
	}
	if !errors.Is(err, want) {
		b.Errorf("%s: opening: %v, want %v", at, err, want)
	}
}

// TestFaults lets every operation of the disk go wrong, in every way, in everything that uses it and every state.
func TestFaults(t *testing.T) {
	points, stride := map[string]int{}, 1
	if raceEnabled || testing.Short() {
		stride = 3
	}
	for _, size := range []struct{ articles, dim, stride int }{{1, 8, stride}, {4, 32, stride}, {30, 128, 2*stride + 1}} {
		for state := range states {
			t.Run(fmt.Sprintf("%s, %d articles", state, size.articles), func(t *testing.T) {
				b := newBench(t, state, size.articles, size.dim, points)
				for steps := range stepsOf {
					for _, w := range []way{once, after, stays, short, killed} {
						if steps == "ensure" && w == killed { // building takes most of the time, and nobody sees its end
							continue
						}
						b.try(steps, w, size.stride)
					}
				}
				if b.noLocks = true; state == "left over" {
					b.try("save", once, size.stride)
					b.try("save", killed, size.stride)
				}
			})
		}
	}
	total := 0
	for _, kind := range slices.Sorted(maps.Keys(points)) {
		t.Logf("%5d %s", points[kind], kind)
		if !strings.HasPrefix(kind, "at ") {
			total += points[kind]
		}
	}
	t.Logf("%d points of failure", total)
	if total < 4000/stride {
		t.Errorf("only %d points of failure were tried", total)
	}
}

// TestLyingDrive: a drive that says that it has synced what it has not can lose a generation in a power cut, but no damage goes unseen.
func TestLyingDrive(t *testing.T) {
	found := map[string]int{}
	for state := range states {
		b := newBench(t, state, 4, 32, nil)
		for k, done := 1, false; !done; k++ {
			p := &memProcess{memDisk: b.start.clone(), mode: killed, at: k, lies: true}
			done = b.ix.save(p, genFile) == nil
			for _, how := range []cut{cutAll, cutData, cutZeros, cutNames} {
				d := p.powerCut(how)
				_, err := openIn(t.Context(), &memProcess{memDisk: d}, genFile, b.ix.Manifest, b.options())
				at := fmt.Sprintf("%s, operation %d, %v: %v", state, k, how, err)
				switch n := d.now[genFile]; {
				case err == nil && bytes.Equal(n.data, b.new):
					found["new"]++
				case n == nil && errors.Is(err, fs.ErrNotExist):
					found["none"]++
				case errors.Is(err, ErrDamaged):
					found["damaged"]++
				case errors.Is(err, ErrStale) && bytes.Equal(n.data, b.old):
					found["old"]++
				default:
					t.Error(at)
				}
				if ix, err := ensure(t.Context(), &memProcess{memDisk: d}, b.corpus, genFile, b.options()); err != nil || ix.Manifest != b.ix.Manifest {
					t.Errorf("%s: the next run: %v", at, err)
				}
				b.whole(d, true, at)
			}
		}
	}
	t.Log(found)
	if found["damaged"] == 0 || found["old"] == 0 || found["new"] == 0 {
		t.Errorf("found %v", found)
	}
}
