//go:build !unix

package index

import "errors"

func pipe(string) error { return errors.ErrUnsupported }
