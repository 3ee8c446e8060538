package index

import (
	"fmt"

	"kildesvar/internal/index/disk"
)

// Save writes the generation to file: whole, or not at all (disk.Save).
func (ix *Index) Save(file string) error { return ix.save(disk.Real{}, file) }

func (ix *Index) save(fsys disk.FS, file string) error {
	if err := disk.Save(fsys, file, ix.write); err != nil {
		return fmt.Errorf("save generation %s: %w", ix.Manifest.ID(), err)
	}
	return nil
}

// Writable makes sure that a generation can be saved in a folder, which it makes if need be: better before the work of building than after.
func Writable(dir string) error {
	if err := disk.Writable(disk.Real{}, dir); err != nil {
		return fmt.Errorf("write to data folder: %w", err)
	}
	return nil
}

// Leftovers counts the files in a folder that are being written, or were when a process died. The next to save there removes the latter.
func Leftovers(dir string) (int, error) {
	list, err := disk.Real{}.Leftovers(dir)
	if err != nil {
		return 0, fmt.Errorf("list data folder: %w", err)
	}
	return len(list), nil
}
