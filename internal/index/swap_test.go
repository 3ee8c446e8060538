package index

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"testing"

	"kildesvar/internal/embed/local"
	"kildesvar/internal/index/disk"
)

// stepper lets a process do one operation at a time. advance returns false when it has ended; stop kills it.
func stepper(p *memProcess, run func()) (advance func() bool, stop func()) {
	next, end := iter.Pull(func(yield func(struct{}) bool) {
		p.pause = func() {
			if !p.dead && !yield(struct{}{}) {
				p.mu.Lock()
				p.die()
				p.mu.Unlock()
			}
		}
		run()
	})
	return func() bool { _, more := next(); return more }, end
}

// TestOpenWhileSwapped: before each operation of one who opens a generation, another process that saves one has come to each of its own,
// and goes on, waits, or dies there. What is opened is the old one or the new one.
func TestOpenWhileSwapped(t *testing.T) {
	points, outcomes := 0, map[string]int{}
	for _, state := range []string{"nothing", "old generation", "same generation", "left over"} {
		b := newBench(t, state, 2, 8, nil)
		for mode := range 3 { // the saver, once it is at j: waits to the end, makes a step for each of the opener's, makes all steps at once
			for j := 0; ; j++ {
				var ended bool
				for k := 1; ; k++ {
					d := b.start.clone()
					saver, opener := &memProcess{memDisk: d}, &memProcess{memDisk: d}
					var saveErr error
					advance, stop := stepper(saver, func() { saveErr = b.ix.save(saver, genFile) })
					more, n := true, 0
					step := func(times int) {
						for ; times > 0 && more; times-- {
							more = advance()
						}
					}
					step(j)
					ended = !more
					opener.pause = func() {
						switch n++; {
						case mode == 1 && n >= k:
							step(1)
						case mode == 2 && n == k:
							step(1 << 20)
						}
					}
					ix, err := open(opener, genFile, func(Manifest) error { return nil })
					outcomes[b.opened(ix, err, fmt.Sprintf("%s, mode %d, saver at %d, opener at %d", state, mode, j, k))]++
					points++
					stop()
					if !more && saveErr != nil {
						t.Errorf("%s, mode %d, saver at %d: %v", state, mode, j, saveErr)
					}
					b.whole(d, !more, "afterwards")
					if n < k || mode == 0 {
						break
					}
				}
				if ended {
					break
				}
			}
		}
	}
	t.Logf("%d orders: %v", points, outcomes)
	if points < 1000 || outcomes["Alfa"] == 0 || outcomes["Beta"] == 0 || outcomes["none"] == 0 {
		t.Errorf("too few orders: %d, %v", points, outcomes)
	}
}

// opened says which generation was opened; it must be whole.
func (b *bench) opened(ix *Index, err error, at string) string {
	b.Helper()
	switch {
	case err == nil:
		var out bytes.Buffer
		if err := ix.write(&out); err != nil {
			b.Fatal(err)
		}
		if !bytes.Equal(out.Bytes(), b.new) && !bytes.Equal(out.Bytes(), b.old) {
			b.Errorf("%s: opened what is neither the old nor the new generation", at)
		}
		return strings.Fields(ix.Passages[0].Text)[0]
	case errors.Is(err, fs.ErrNotExist) && b.old == nil:
		return "none"
	}
	b.Errorf("%s: %v", at, err)
	return "failed"
}

// TestTwoSavers: one process stops at each of its operations, another goes on to each of its own, and then both end, or one is killed. No
// one takes the other's file away; the last to rename wins; what a killed one leaves is gone after the next save.
func TestTwoSavers(t *testing.T) {
	orders := 0
	for _, state := range []string{"nothing", "old generation", "left over"} {
		a, b := newBench(t, state, 1, 8, nil), newBench(t, state, 1, 8, nil)
		b.ix = mustBuild(t, smallCorpus("Gamma", 1), local.New(8))
		b.new = saved(t, b.ix)
		for kill := range 3 { // nobody, the first, the second
			for j := 0; twoSavers(a, b, kill, j, 0); j++ {
				for k := 1; k < 30; k++ { // a second that waits for the first does not end
					orders++
					if !twoSavers(a, b, kill, j, k) {
						break
					}
				}
			}
		}
	}
	t.Logf("%d orders", orders)
	if orders < 1000 {
		t.Error("too few orders")
	}
}

// twoSavers lets a do j operations, b do k, and then both the rest. It returns false when one has ended before.
func twoSavers(a, b *bench, kill, j, k int) (more bool) {
	a.Helper()
	at := fmt.Sprintf("kill %d, first at %d, second at %d", kill, j, k)
	d := a.start.clone()
	p, q := &memProcess{memDisk: d}, &memProcess{memDisk: d}
	var errs [2]error
	first, stopFirst := stepper(p, func() { errs[0] = a.ix.save(p, genFile) })
	second, stopSecond := stepper(q, func() { errs[1] = b.ix.save(q, genFile) })
	moreFirst, moreSecond := true, true
	for range j {
		moreFirst = moreFirst && first()
	}
	for range k {
		moreSecond = moreSecond && second()
	}
	more = moreFirst && moreSecond
	switch kill {
	case 1:
		stopFirst()
		moreFirst = false
	case 2:
		stopSecond()
		moreSecond = false
	}
	for steps := 0; moreFirst || moreSecond; steps++ { // one may wait for the other, which is never for long
		moreFirst = moreFirst && first()
		moreSecond = moreSecond && second()
		if steps > 1000 {
			a.Fatalf("%s: they wait for each other", at)
		}
	}
	for i, err := range errs {
		if err != nil && (kill != i+1 || !errors.Is(err, errDead)) {
			a.Errorf("%s: saver %d: %v", at, i+1, err)
		}
	}
	got := d.now[genFile]
	if got == nil || !bytes.Equal(got.data, a.new) && !bytes.Equal(got.data, b.new) {
		a.Errorf("%s: the file is neither's", at)
	}
	if left := d.files(genDir); kill == 0 && slices.ContainsFunc(left, func(n string) bool { return strings.HasPrefix(n, disk.TempPrefix+"1") }) {
		a.Errorf("%s: left behind: %v", at, left)
	}
	a.again(d, at)
	return more
}
