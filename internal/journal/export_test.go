package journal

import "context"

// Pragma sets a pragma on the connection that writes.
func Pragma(ctx context.Context, j *Journal, p string) error {
	_, err := j.w.ExecContext(ctx, "PRAGMA "+p)
	return err
}

// WithDriver makes a journal use another database driver.
func WithDriver(o Options, name string) Options {
	o.driver = name
	return o
}
