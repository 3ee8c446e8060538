package index

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"kildesvar/internal/index/disk"
)

// way is how an operation goes wrong.
type way int

const (
	fine   way = iota
	once       // it fails; a write may have written half
	after      // it is done, and says that it failed
	stays      // it fails, and so do all after it
	short      // a write or read is cut short, and a write says nothing of it; other operations fail
	killed     // the process dies before it, or in the middle of a write
	ways   = killed
)

func (w way) String() string {
	return [...]string{"no fault", "fails once", "done, and reported as failed", "fails from then on", "cut short", "killed"}[w]
}

// memProcess is a process that uses a disk. Operations are numbered from 1; a write is one for each page.
type memProcess struct {
	*memDisk
	mode    way
	at      int           // the operation that goes wrong
	n       int           // operations so far
	hit     string        // the one that went wrong
	dead    bool          // it was killed
	pause   func()        // called before each operation
	turn    sync.Mutex    // of pause
	ages    time.Duration // of what is left over
	noLocks bool          // the file system has none
	lies    bool          // the drive says that it has synced a file, and has not
}

const page = 4096

var (
	errDisk = errors.New("disk fault")
	errDead = errors.New("the process is dead")
)

// do is one operation. Half does half of it.
func (p *memProcess) do(op string, act, half func() error) error {
	if p.pause != nil {
		p.turn.Lock()
		p.pause()
		p.turn.Unlock()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead {
		return errDead
	}
	p.n++
	if p.n != p.at {
		if p.mode == stays && p.hit != "" {
			return errDisk
		}
		return act()
	}
	p.hit = op
	switch p.mode {
	case after:
		_ = act()
	case short:
		if half != nil {
			return half()
		}
	case killed:
		p.die()
		if half != nil {
			_ = half()
		}
		return errDead
	case fine:
		return act()
	case once, stays:
		if half != nil {
			_ = half()
		}
	}
	return errDisk
}

// die ends the process; the system drops its locks.
func (p *memProcess) die() {
	p.dead = true
	for _, l := range p.locks {
		delete(l, p)
	}
}

func pathError(op, name string, err error) error { return &fs.PathError{Op: op, Path: name, Err: err} }

func (p *memProcess) Open(name string) (f disk.File, err error) {
	err = p.do("open", func() error {
		n := p.now[name]
		switch {
		case n == nil:
			return pathError("open", name, syscall.ENOENT)
		case n.dir:
			return pathError("open", name, syscall.EISDIR)
		}
		f = memFile{p, name, n, int64(len(n.data))}
		return nil
	}, nil)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (p *memProcess) Create(dir string) (f disk.Temp, err error) {
	err = p.do("create", func() error {
		if n := p.now[dir]; n == nil {
			return pathError("create", dir, syscall.ENOENT)
		} else if !n.dir {
			return pathError("create", dir, syscall.ENOTDIR)
		}
		p.serial++
		n := &inode{}
		name := filepath.Join(dir, fmt.Sprint(disk.TempPrefix, p.serial))
		p.now[name] = n
		f = &memTemp{memFile: memFile{p, name, n, 0}}
		return nil
	}, nil)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (p *memProcess) Rename(from, to string) error {
	return p.do("rename", func() error {
		switch n, old := p.now[from], p.now[to]; {
		case n == nil:
			return pathError("rename", from, syscall.ENOENT)
		case old != nil && old.dir:
			return pathError("rename", to, syscall.EEXIST)
		default:
			p.now[to] = n
			delete(p.now, from)
		}
		return nil
	}, nil)
}

func (p *memProcess) Remove(name string) error {
	return p.do("remove", func() error {
		if p.now[name] == nil {
			return pathError("remove", name, syscall.ENOENT)
		}
		delete(p.now, name)
		return nil
	}, nil)
}

func (p *memProcess) Mkdir(dir string) error {
	return p.do("mkdir", func() error {
		switch above := p.now[filepath.Dir(dir)]; {
		case p.now[dir] != nil:
			return pathError("mkdir", dir, syscall.EEXIST)
		case above == nil:
			return pathError("mkdir", dir, syscall.ENOENT)
		case !above.dir:
			return pathError("mkdir", dir, syscall.ENOTDIR)
		}
		p.now[dir] = &inode{dir: true}
		return nil
	}, nil)
}

func (p *memProcess) Lock(dir string, alone bool) (unlock func(), err error) {
	for blocked := true; blocked; {
		err = p.do("lock", func() error {
			if p.noLocks {
				return errors.ErrUnsupported
			}
			blocked = false
			for q, theirs := range p.locks[dir] {
				blocked = blocked || q != p && (alone || theirs)
			}
			if blocked && alone {
				return disk.ErrLocked
			}
			if !blocked {
				if p.locks[dir] == nil {
					p.locks[dir] = map[*memProcess]bool{}
				}
				p.locks[dir][p] = alone
			}
			return nil
		}, nil)
		if err != nil {
			return nil, err
		}
	}
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.locks[dir], p)
	}, nil
}

func (p *memProcess) Leftovers(dir string) (list []disk.Leftover, err error) {
	err = p.do("list", func() error {
		for _, name := range p.files(dir) {
			if strings.HasPrefix(name, disk.TempPrefix) {
				list = append(list, disk.Leftover{Name: filepath.Join(dir, name), Age: p.ages})
			}
		}
		return nil
	}, nil)
	if err != nil {
		return nil, err
	}
	return list, nil
}

func (p *memProcess) SyncDir(dir string) error {
	return p.do("sync folder", func() error {
		for name := range p.kept {
			if filepath.Dir(name) == dir && p.now[name] == nil {
				delete(p.kept, name)
			}
		}
		for name, n := range p.now {
			if filepath.Dir(name) == dir {
				p.kept[name] = n
			}
		}
		return nil
	}, nil)
}

// memFile is a file that was opened for reading.
type memFile struct {
	p    *memProcess
	name string
	n    *inode
	size int64
}

func (f memFile) Size() int64  { return f.size }
func (f memFile) Close() error { return nil }

func (f memFile) ReadAt(b []byte, at int64) (n int, err error) {
	read := func(b []byte) error {
		if n = copy(b, f.n.data[min(at, int64(len(f.n.data))):]); n < len(b) {
			return io.EOF
		}
		return nil
	}
	err = f.p.do("read", func() error { return read(b) }, func() error {
		if err := read(b[:len(b)/2]); err != nil {
			return err
		}
		return io.ErrUnexpectedEOF
	})
	return n, err
}

// memTemp is a file that is being written.
type memTemp struct {
	memFile
	closed bool
}

func (f *memTemp) Name() string { return f.name }

func (f *memTemp) Write(b []byte) (n int, err error) {
	for part := range slices.Chunk(b, page) {
		add := func(b []byte) error {
			f.n.data = append(f.n.data, b...)
			n += len(b)
			return nil
		}
		before := n
		if err := f.p.do("write", func() error { return add(part) }, func() error { return add(part[:len(part)/2]) }); err != nil || n < before+len(part) {
			return n, err
		}
	}
	return n, nil
}

func (f *memTemp) Sync() error {
	return f.p.do("sync", func() error {
		if !f.p.lies {
			f.n.kept = bytes.Clone(f.n.data)
		}
		return nil
	}, nil)
}

func (f *memTemp) Close() error {
	if f.closed {
		return fs.ErrClosed
	}
	f.closed = true
	return f.p.do("close", func() error { return nil }, nil)
}
