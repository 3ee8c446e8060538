package journaltest

import (
	"database/sql"
	"fmt"
	"sync"
	"testing"
)

// Forger forges one journal again and again; what it does is rolled back.
type Forger struct {
	once   sync.Once
	tables []table
	raw    *sql.DB
}

// Value puts a value into one column of one row, all chosen by numbers, and checks that Verify finds it if it is another value. open is
// called the first time.
func (f *Forger) Value(t *testing.T, open OpenRaw, where uint32, n int64, s string) {
	f.once.Do(func() {
		var b *bench
		b, f.raw = forged(t, open)
		f.tables = load(b.Context(), t, f.raw)
	})
	pick := func(of int) int {
		i := int(where % uint32(of))
		where /= uint32(of)
		return i
	}
	tab := f.tables[pick(len(f.tables))]
	c := pick(len(tab.columns))
	row := tab.rows[pick(len(tab.rows))]
	var v any = n
	if _, ok := row[c].(string); ok {
		v = s
	}
	if v == row[c] {
		return
	}
	x := edited(fmt.Sprintf("%s: %s from %v to %v", tab.name, tab.columns[c], row[c], v), tab, row, with(row, c, v))
	if r, refused := x.try(t.Context(), t, f.raw, ""); !refused && len(r.Problems) == 0 {
		t.Errorf("not found: %s", x.what)
	}
}
