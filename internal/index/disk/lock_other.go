//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package disk

import "errors"

// Lock is not to be had here.
func (Real) Lock(string, bool) (func(), error) { return nil, errors.ErrUnsupported }
