//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package learned

import (
	"errors"
	"os"
	"syscall"
)

// lock keeps other processes from building with the same file; the system drops it when this one dies. Where a file system has no locks
// the checksums must do: what two have written over each other is thrown away.
func lock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return &os.PathError{Op: "lock", Path: f.Name(), Err: err}
	}
	return nil
}
