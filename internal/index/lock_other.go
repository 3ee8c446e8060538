//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package index

import "errors"

// lock is not to be had here.
func (disk) lock(string, bool) (func(), error) { return nil, errors.ErrUnsupported }
