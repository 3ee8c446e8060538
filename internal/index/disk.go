package index

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// fileSystem is what generations need of a disk; tests make it fail, kill who uses it, and cut its power.
type fileSystem interface {
	files
	folders
}

type files interface {
	open(name string) (openFile, error)  // a missing one is fs.ErrNotExist; anything but a file is an error, and none is waited for
	create(dir string) (tempFile, error) // a new file with a name of its own
	rename(from, to string) error
	remove(name string) error
}

type folders interface {
	mkdir(dir string) error                                 // fs.ErrExist where there is something, fs.ErrNotExist where the one above is missing
	lock(dir string, alone bool) (unlock func(), err error) // see the comment at disk.lock
	leftovers(dir string) ([]leftover, error)
	syncDir(dir string) error // makes what was made and renamed in it last through a power cut
}

// openFile is a file to read; it is safe for concurrent use.
type openFile interface {
	io.ReaderAt
	io.Closer
	Size() int64
}

type tempFile interface {
	io.WriteCloser
	Name() string
	Sync() error
}

// leftover is a file that is being written, or was when its process died.
type leftover struct {
	name string // with its folder
	age  time.Duration
}

// errLocked is that other processes hold a lock.
var errLocked = errors.New("locked by another process")

// disk is the real one. Only the user may read what it makes.
type disk struct{}

func (disk) open(name string) (openFile, error) {
	info, err := os.Stat(name) // before it is opened: opening a pipe would wait for somebody to write
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.EISDIR}
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%w: not a file", ErrDamaged)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err = f.Stat(); err != nil {
		f.Close()
		return nil, err
	}
	return sizedFile{f, info.Size()}, nil
}

// sizedFile is a file with the size it had when it was opened.
type sizedFile struct {
	*os.File
	size int64
}

func (f sizedFile) Size() int64 { return f.size }

func (disk) create(dir string) (tempFile, error) { return os.CreateTemp(dir, tempPrefix+"*") }

func (disk) rename(from, to string) error { return os.Rename(from, to) }

func (disk) remove(name string) error { return os.Remove(name) }

func (disk) mkdir(dir string) error {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return fs.ErrExist // some systems name another reason when it cannot be made either
	}
	return os.Mkdir(dir, 0o700)
}

func (disk) leftovers(dir string) (list []leftover, err error) {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), tempPrefix) || e.IsDir() {
			continue
		}
		if info, err := e.Info(); err == nil { // another process may have removed it
			list = append(list, leftover{filepath.Join(dir, e.Name()), time.Since(info.ModTime())})
		}
	}
	return list, err
}

// syncDir does what the system can: some file systems cannot sync a folder, and Windows has no way to ask.
func (disk) syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, syscall.EINVAL) {
		return err
	}
	return nil
}
