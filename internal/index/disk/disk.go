// Package disk writes files that are whole or not there, whatever happens meanwhile, and opens them without being held up.
//
// A file is written aside, fsynced and renamed, and so is what leads to it. A lock on the folder tells what others are writing from what the
// dead have left; nobody waits for it longer than it takes to remove the latter. What is in a file, and whether it is intact, is left to
// package index, whose tests make the disk fail, kill who uses it and cut its power.
package disk

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// FS is a disk. It is safe for concurrent use.
type FS interface {
	Files
	Folders
}

// Files are what is done with files.
type Files interface {
	Open(name string) (File, error)  // a missing one is fs.ErrNotExist, anything but a file or folder ErrNotFile; none is waited for
	Create(dir string) (Temp, error) // a new file with a name of its own
	Rename(from, to string) error
	Remove(name string) error
}

// Folders are what is done with folders.
type Folders interface {
	Mkdir(dir string) error                                 // fs.ErrExist where there is something, fs.ErrNotExist where the one above is missing
	Lock(dir string, alone bool) (unlock func(), err error) // see the comment at Real.Lock
	Leftovers(dir string) ([]Leftover, error)
	SyncDir(dir string) error // makes what was made and renamed in it last through a power cut
}

// File is a file to read; it is safe for concurrent use.
type File interface {
	io.ReaderAt
	io.Closer
	Size() int64
}

// Temp is a file that is being written.
type Temp interface {
	io.WriteCloser
	Name() string
	Sync() error
}

// Leftover is a file that is being written, or was when its process died.
type Leftover struct {
	Name string // with its folder
	Age  time.Duration
}

// ErrLocked is returned when other processes hold a lock.
var ErrLocked = errors.New("locked by another process")

// ErrNotFile is returned for what is neither a file nor a folder, such as a pipe.
var ErrNotFile = errors.New("not a file")

// Real is the real one. Only the user may read what it makes.
type Real struct{}

// Open opens a file.
func (Real) Open(name string) (File, error) {
	info, err := os.Stat(name) // before it is opened: opening a pipe would wait for somebody to write
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.EISDIR}
	case !info.Mode().IsRegular():
		return nil, ErrNotFile
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

// Create makes a temporary file.
func (Real) Create(dir string) (Temp, error) { return os.CreateTemp(dir, TempPrefix+"*") }

// Rename puts a file in the place of another.
func (Real) Rename(from, to string) error { return os.Rename(from, to) }

// Remove deletes a file.
func (Real) Remove(name string) error { return os.Remove(name) }

// Mkdir makes a folder.
func (Real) Mkdir(dir string) error {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return fs.ErrExist // some systems name another reason when it cannot be made either
	}
	return os.Mkdir(dir, 0o700)
}

// Leftovers are the files in a folder that are being written, or were when their process died.
func (Real) Leftovers(dir string) (list []Leftover, err error) {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), TempPrefix) || e.IsDir() {
			continue
		}
		if info, err := e.Info(); err == nil { // another process may have removed it
			list = append(list, Leftover{filepath.Join(dir, e.Name()), time.Since(info.ModTime())})
		}
	}
	return list, err
}

// SyncDir does what the system can: some file systems cannot sync a folder, and Windows has no way to ask.
func (Real) SyncDir(dir string) error {
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
