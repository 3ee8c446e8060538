package index

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"
)

const (
	// tempPrefix begins the names of files that are being written.
	tempPrefix = ".new-"
	// tempAge is when a file being written is taken for one that a killed process left behind, where there are no locks to tell.
	tempAge = time.Hour
)

// Save writes the generation to file: whole, or not at all. When it has returned nil, the generation survives a power cut; after an
// error the file may hold it all the same, or the one before. Folders are made as needed. Others may save to the same folder meanwhile.
func (ix *Index) Save(file string) error { return ix.save(disk{}, file) }

func (ix *Index) save(fsys fileSystem, file string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("save generation %s: %w", ix.Manifest.ID(), err)
		}
	}()
	dir := filepath.Dir(file)
	return withFile(fsys, dir, func(f tempFile) (err error) {
		defer func() {
			_ = f.Close() // closed already when all went well
			if err != nil {
				_ = fsys.remove(f.Name())
			}
		}()
		if err := ix.write(f); err != nil {
			return err
		}
		if err := f.Sync(); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
		if err := fsys.rename(f.Name(), file); err != nil {
			return err
		}
		return fsys.syncDir(dir)
	})
}

// Writable makes sure that a generation can be saved in a folder, which it makes if need be: better before the work of building than after.
func Writable(dir string) error {
	if err := writable(disk{}, dir); err != nil {
		return fmt.Errorf("write to data folder: %w", err)
	}
	return nil
}

func writable(fsys fileSystem, dir string) error {
	return withFile(fsys, dir, func(f tempFile) error { return errors.Join(f.Close(), fsys.remove(f.Name())) })
}

// withFile makes a temporary file for use to do with as it likes, while the folder is known to be in use.
func withFile(fsys fileSystem, dir string, use func(tempFile) error) (err error) {
	defer func() { err = namingFolder(err, dir) }()
	leave, err := enter(fsys, dir)
	if err != nil {
		return err
	}
	defer leave()
	f, err := fsys.create(dir)
	if err != nil {
		return err
	}
	return use(f)
}

// namingFolder makes an error about a temporary file, whose name nobody knows, one about its folder.
func namingFolder(err error, dir string) error {
	if at := (*fs.PathError)(nil); errors.As(err, &at) && strings.HasPrefix(filepath.Base(at.Path), tempPrefix) {
		at.Path = dir
	}
	return err
}

// Leftovers counts the files in a folder that are being written, or were when a process died. The next to save there removes the latter.
func Leftovers(dir string) (int, error) {
	list, err := disk{}.leftovers(dir)
	if err != nil {
		return 0, fmt.Errorf("list data folder: %w", err)
	}
	return len(list), nil
}

// enter makes a folder, removes what killed processes left in it, and keeps others from taking for such what is written from now on until
// leave is called. Who writes holds the folder's lock together with others; who gets it alone knows that nobody writes, whatever the clock
// says. The lock keeps nobody from writing, and without one (a network drive, another system) only files older than tempAge are removed.
func enter(fsys fileSystem, dir string) (leave func(), err error) {
	if err := makeDirs(fsys, dir); err != nil {
		return nil, err
	}
	unlock, err := fsys.lock(dir, true)
	switch {
	case err == nil:
		sweep(fsys, dir, 0)
		unlock()
	case !errors.Is(err, errLocked):
		sweep(fsys, dir, tempAge)
	}
	if leave, err = fsys.lock(dir, false); err != nil {
		return func() {}, nil
	}
	return leave, nil
}

// sweep removes the files that are left over and as old as that. What cannot be removed stays for the next time.
func sweep(fsys fileSystem, dir string, age time.Duration) {
	list, err := fsys.leftovers(dir)
	if err != nil {
		return
	}
	for _, l := range list {
		if age == 0 || l.age > age || l.age < -age { // a clock may have been set back
			_ = fsys.remove(l.name) // another process may have been first
		}
	}
}

// makeDirs makes a folder, and those above it that are missing, so that they survive a power cut. It also syncs the lowest that exists: the
// process that made it may have died before it came to that.
func makeDirs(fsys fileSystem, dir string) error {
	above := filepath.Dir(dir)
	err := fsys.mkdir(dir)
	if errors.Is(err, fs.ErrNotExist) && above != dir {
		if err := makeDirs(fsys, above); err != nil {
			return err
		}
		err = fsys.mkdir(dir)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) { // if what exists is no folder, creating a file in it says so
		return err
	}
	sync := []string{above}
	if err == nil {
		sync = append(sync, filepath.Dir(above))
	}
	for _, d := range sync {
		if err := fsys.syncDir(d); err != nil && !errors.Is(err, fs.ErrPermission) { // one that others made need not be readable
			return err
		}
	}
	return nil
}
