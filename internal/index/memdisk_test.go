package index

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"kildesvar/internal/index/disk"
)

// memDisk is a disk in memory that forgets in a power cut what was not synced: content without a Sync of the file, names without a syncDir
// of their folder. TestMemDisk compares it with the real one.
type memDisk struct {
	mu        sync.Mutex
	now, kept map[string]*inode               // by name: as programs see it, and as it is after a power cut
	locks     map[string]map[*memProcess]bool // who has a folder's lock; true: alone
	serial    int
}

// inode is a file or a folder.
type inode struct {
	dir        bool
	data, kept []byte
}

func newMemDisk() *memDisk {
	top := &inode{dir: true}
	return &memDisk{now: map[string]*inode{"/": top}, kept: map[string]*inode{"/": top}, locks: map[string]map[*memProcess]bool{}}
}

// clone is a disk with the same content, and nobody using it.
func (d *memDisk) clone() *memDisk {
	c, seen := newMemDisk(), map[*inode]*inode{}
	take := func(from map[string]*inode) map[string]*inode {
		to := map[string]*inode{}
		for name, n := range from {
			if seen[n] == nil {
				seen[n] = &inode{n.dir, slices.Clone(n.data), slices.Clone(n.kept)}
			}
			to[name] = seen[n]
		}
		return to
	}
	c.now, c.kept, c.serial = take(d.now), take(d.kept), d.serial
	return c
}

// cut is a way in which a power cut can lose what was not synced.
type cut int

const (
	cutAll   cut = iota // all of it
	cutData             // names are as they were seen, the content that was not synced is gone
	cutZeros            // the same, but the content is zeros of the right length
	cutNames            // the content is there, the names that were not synced are not
)

func (c cut) String() string {
	return "a power cut, " + [...]string{"all that was not synced lost", "content lost", "content zeroed", "names lost"}[c]
}

// powerCut is what is left on the disk.
func (d *memDisk) powerCut(how cut) *memDisk {
	c := d.clone()
	if how == cutAll || how == cutNames {
		c.now = maps.Clone(c.kept)
	}
	for _, n := range c.now {
		switch how {
		case cutAll, cutData:
			n.data = slices.Clone(n.kept)
		case cutZeros:
			n.data = append(slices.Clone(n.kept), make([]byte, max(0, len(n.data)-len(n.kept)))...)
		case cutNames:
		}
		n.kept = slices.Clone(n.data)
	}
	for name := range c.now { // what is in a lost folder is lost
		for dir := filepath.Dir(name); ; dir = filepath.Dir(dir) {
			if c.now[dir] == nil {
				delete(c.now, name)
			}
			if dir == "/" {
				break
			}
		}
	}
	c.kept = maps.Clone(c.now)
	return c
}

// files lists what is in a folder.
func (d *memDisk) files(dir string) (list []string) {
	for name := range d.now {
		if filepath.Dir(name) == dir && name != dir {
			list = append(list, filepath.Base(name))
		}
	}
	slices.Sort(list)
	return list
}

// TestMemDisk: the disk in memory answers as the real one does.
func TestMemDisk(t *testing.T) {
	top := t.TempDir()
	real := diskTalk(t, disk.Real{}, top)
	m := newMemDisk()
	for dir := top; dir != "/"; dir = filepath.Dir(dir) {
		m.now[dir] = &inode{dir: true}
	}
	if mem := diskTalk(t, &memProcess{memDisk: m}, top); !slices.Equal(real, mem) {
		t.Errorf("the real disk:\n%s\nthat in memory:\n%s", strings.Join(real, "\n"), strings.Join(mem, "\n"))
	}
}

// diskTalk makes every operation, and some that cannot be, and notes what came of them.
func diskTalk(t *testing.T, d disk.FS, top string) (said []string) {
	note := func(what string, err error) {
		kind := "ok"
		for _, known := range []error{fs.ErrNotExist, syscall.ENOTDIR, syscall.EISDIR, fs.ErrExist, disk.ErrLocked, fs.ErrClosed, io.EOF} {
			if errors.Is(err, known) {
				kind = known.Error()
				break
			}
		}
		if kind == "ok" && err != nil {
			kind = err.Error()
		}
		said = append(said, what+": "+kind)
	}
	in := func(name string) string { return filepath.Join(top, name) }
	note("mkdir too deep", d.Mkdir(in("a/b")))
	note("mkdir", d.Mkdir(in("a")))
	note("mkdir again", d.Mkdir(in("a")))
	note("mkdir below", d.Mkdir(in("a/b")))
	_, err := d.Create(in("c"))
	note("create nowhere", err)
	f, err := d.Create(in("a"))
	if note("create", err); err != nil {
		t.Fatal(err)
	}
	_, err = f.Write(bytes.Repeat([]byte("x"), 10_000))
	note("write", err)
	note("sync", f.Sync())
	note("close", f.Close())
	note("close again", f.Close())
	note("rename onto a folder", d.Rename(f.Name(), in("a/b")))
	note("rename", d.Rename(f.Name(), in("a/x")))
	note("rename again", d.Rename(f.Name(), in("a/x")))
	note("remove what is gone", d.Remove(f.Name()))
	note("mkdir below a file", d.Mkdir(in("a/x/y")))
	note("mkdir in place of a file", d.Mkdir(in("a/x")))
	_, err = d.Create(in("a/x"))
	note("create below a file", err)
	_, err = d.Open(in("a/b"))
	note("open a folder", err)
	_, err = d.Open(in("a/y"))
	note("open nothing", err)
	r, err := d.Open(in("a/x"))
	if note("open", err); err != nil {
		t.Fatal(err)
	}
	g, err := d.Create(in("a"))
	if note("create a second", err); err != nil {
		t.Fatal(err)
	}
	list, err := d.Leftovers(in("a"))
	note(fmt.Sprint(len(list), " left over, the second: ", len(list) == 1 && list[0].Name == g.Name()), err)
	note("close the second", g.Close())
	note("rename onto a file", d.Rename(g.Name(), in("a/x")))
	buf := make([]byte, 8)
	n, err := r.ReadAt(buf, 9_996)
	note(fmt.Sprint("read what was replaced: ", r.Size(), n), err)
	note("sync folder", d.SyncDir(in("a")))
	unlock, err := d.Lock(in("a"), true)
	if note("lock alone", err); err == nil {
		unlock()
	}
	unlock, err = d.Lock(in("a"), false)
	note("lock together", err)
	unlock()
	note("remove", d.Remove(in("a/x")))
	return said
}
