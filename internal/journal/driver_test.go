package journal_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"
	"sync"
)

// faulty is the name of a driver that is SQLite's, but fails when it is told to.
const faulty = "sqlite that fails"

// errDisk is what it fails with.
var errDisk = errors.New("the disk has gone away")

// how an operation fails.
type how int

const (
	once  how = iota // it is not carried out
	after            // it is carried out, and says that it was not
	stays            // it is not carried out, and neither is any other
)

// disk counts operations and lets one of them fail. Only one test uses it at a time.
var disk struct {
	sync.Mutex
	left int // operations until the one that fails; negative: never
	how  how
	hit  bool
}

// arm lets the k-th operation from now on fail, counted from 0; a negative k lets none.
func arm(k int, h how) {
	disk.Lock()
	defer disk.Unlock()
	disk.left, disk.how, disk.hit = k, h, false
}

// disarm says whether an operation has failed.
func disarm() bool {
	disk.Lock()
	defer disk.Unlock()
	hit := disk.hit
	disk.left, disk.hit = -1, false
	return hit
}

// operate carries an operation out unless it is to fail.
func operate[T any](do func() (T, error), undo func(T)) (T, error) {
	disk.Lock()
	fails := disk.left == 0 || disk.hit && disk.how == stays
	if fails {
		disk.hit = true
	}
	disk.left--
	h := disk.how
	disk.Unlock()
	var none T
	if fails && h != after {
		return none, errDisk
	}
	v, err := do()
	if fails && err == nil {
		undo(v)
		return none, errDisk
	}
	return v, err
}

func init() {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		panic(err)
	}
	sql.Register(faulty, faultyDriver{db.Driver()})
	_ = db.Close()
	disarm()
}

type faultyDriver struct{ driver.Driver }

// Open opens without waiting for the disk: no power cut is tested here.
func (d faultyDriver) Open(name string) (driver.Conn, error) {
	return operate(func() (driver.Conn, error) {
		c, err := d.Driver.Open(strings.Replace(name, "synchronous%28FULL%29", "synchronous%28OFF%29", 1))
		if err != nil {
			return nil, err
		}
		return faultyConn{c}, nil
	}, func(c driver.Conn) { _ = c.Close() })
}

type faultyConn struct{ driver.Conn }

func (c faultyConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return operate(func() (driver.Result, error) { return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args) }, func(driver.Result) {})
}

func (c faultyConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return operate(func() (driver.Rows, error) {
		r, err := c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
		if err != nil {
			return nil, err
		}
		return faultyRows{r}, nil
	}, func(r driver.Rows) { _ = r.Close() })
}

func (c faultyConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return operate(func() (driver.Tx, error) {
		tx, err := c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
		if err != nil {
			return nil, err
		}
		return faultyTx{tx}, nil
	}, func(tx driver.Tx) { _ = tx.Rollback() })
}

type faultyTx struct{ driver.Tx }

// Commit rolls back when it fails, as SQLite's driver does.
func (t faultyTx) Commit() error {
	committed := false
	_, err := operate(func() (struct{}, error) { committed = true; return struct{}{}, t.Tx.Commit() }, func(struct{}) {})
	if err != nil && !committed {
		_ = t.Rollback()
	}
	return err
}

type faultyRows struct{ driver.Rows }

func (r faultyRows) Next(dest []driver.Value) error {
	_, err := operate(func() (struct{}, error) { return struct{}{}, r.Rows.Next(dest) }, func(struct{}) {})
	return err
}
