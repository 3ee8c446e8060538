//go:build unix

package index

import "syscall"

// pipe makes a named pipe, which whoever opens it waits for.
func pipe(name string) error { return syscall.Mkfifo(name, 0o600) }
