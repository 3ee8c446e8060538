package disk

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"time"
)

// Of files that are being written.
const (
	// TempPrefix begins the names of files that are being written.
	TempPrefix = ".new-"
	// TempAge is when a file being written is taken for one that a killed process left behind, where there are no locks to tell.
	TempAge = time.Hour
)

// Save writes a file: whole, or not at all. When it has returned nil, the file survives a power cut; after an
// error it may be the new one all the same, or the one before. Folders are made as needed. Others may save to the same folder meanwhile.
func Save(fsys FS, file string, write func(io.Writer) error) error {
	dir := filepath.Dir(file)
	return withFile(fsys, dir, func(f Temp) (err error) {
		defer func() {
			_ = f.Close() // closed already when all went well
			if err != nil {
				_ = fsys.Remove(f.Name())
			}
		}()
		if err := write(f); err != nil {
			return err
		}
		if err := f.Sync(); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
		if err := fsys.Rename(f.Name(), file); err != nil {
			return err
		}
		return fsys.SyncDir(dir)
	})
}

// Writable makes sure that a file can be saved in a folder, which it makes if need be: better before the work than after.
func Writable(fsys FS, dir string) error {
	return withFile(fsys, dir, func(f Temp) error { return errors.Join(f.Close(), fsys.Remove(f.Name())) })
}

// withFile makes a temporary file for use to do with as it likes, while the folder is known to be in use.
func withFile(fsys FS, dir string, use func(Temp) error) (err error) {
	defer func() { err = namingFolder(err, dir) }()
	leave, err := enter(fsys, dir)
	if err != nil {
		return err
	}
	defer leave()
	f, err := fsys.Create(dir)
	if err != nil {
		return err
	}
	return use(f)
}

// namingFolder makes an error about a temporary file, whose name nobody knows, one about its folder.
func namingFolder(err error, dir string) error {
	if at := (*fs.PathError)(nil); errors.As(err, &at) && strings.HasPrefix(filepath.Base(at.Path), TempPrefix) {
		at.Path = dir
	}
	return err
}

// enter makes a folder, removes what killed processes left in it, and keeps others from taking for such what is written from now on until
// leave is called. Who writes holds the folder's lock together with others; who gets it alone knows that nobody writes, whatever the clock
// says. The lock keeps nobody from writing, and without one (a network drive, another system) only files older than TempAge are removed.
func enter(fsys FS, dir string) (leave func(), err error) {
	if err := makeDirs(fsys, dir); err != nil {
		return nil, err
	}
	unlock, err := fsys.Lock(dir, true)
	switch {
	case err == nil:
		sweep(fsys, dir, 0)
		unlock()
	case !errors.Is(err, ErrLocked):
		sweep(fsys, dir, TempAge)
	}
	if leave, err = fsys.Lock(dir, false); err != nil {
		return func() {}, nil
	}
	return leave, nil
}

// sweep removes the files that are left over and as old as that. What cannot be removed stays for the next time.
func sweep(fsys FS, dir string, age time.Duration) {
	list, err := fsys.Leftovers(dir)
	if err != nil {
		return
	}
	for _, l := range list {
		if age == 0 || l.Age > age || l.Age < -age { // a clock may have been set back
			_ = fsys.Remove(l.Name) // another process may have been first
		}
	}
}

// makeDirs makes a folder, and those above it that are missing, so that they survive a power cut. It also syncs the lowest that exists: the
// process that made it may have died before it came to that.
func makeDirs(fsys FS, dir string) error {
	above := filepath.Dir(dir)
	err := fsys.Mkdir(dir)
	if errors.Is(err, fs.ErrNotExist) && above != dir {
		if err := makeDirs(fsys, above); err != nil {
			return err
		}
		err = fsys.Mkdir(dir)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) { // if what exists is no folder, creating a file in it says so
		return err
	}
	sync := []string{above}
	if err == nil {
		sync = append(sync, filepath.Dir(above))
	}
	for _, d := range sync {
		if err := fsys.SyncDir(d); err != nil && !errors.Is(err, fs.ErrPermission) { // one that others made need not be readable
			return err
		}
	}
	return nil
}
