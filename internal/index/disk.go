package index

import (
	"io"
	"os"
)

// fileSystem is what saving needs of a disk; tests make it fail.
type fileSystem interface {
	makeDir(dir string) error
	create(dir string) (tempFile, error) // a new file with a name of its own
	rename(from, to string) error
	remove(name string) error
	syncDir(dir string) error // makes a rename last through a power cut
}

type tempFile interface {
	io.WriteCloser
	Name() string
	Sync() error
}

// disk is the real one. Only the user may read what it makes.
type disk struct{}

func (disk) makeDir(dir string) error { return os.MkdirAll(dir, 0o700) }

func (disk) create(dir string) (tempFile, error) { return os.CreateTemp(dir, tempPrefix+"*") }

func (disk) rename(from, to string) error { return os.Rename(from, to) }

func (disk) remove(name string) error { return os.Remove(name) }

func (disk) syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
