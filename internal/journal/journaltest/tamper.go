package journaltest

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kildesvar/internal/journal"
	"kildesvar/internal/journal/chain"
)

// OpenRaw makes an empty journal, and opens its database without the journal and without checks of references.
type OpenRaw func(t testing.TB, o journal.Options) (*journal.Journal, *sql.DB)

// guarded are the tables in which nothing may be changed unseen, with their keys and which of their rows are meant.
var guarded = []struct{ name, key, where string }{
	{"chain", "seq", "1 = 1"}, {"salts", "seq", "1 = 1"}, {"head", "one", "1 = 1"},
	{"questions", "id", "seq > 0"}, {"feedback", "answer person", "1 = 1"}, {"escalations", "id", "1 = 1"},
}

// table is a guarded table's rows as they are.
type table struct {
	name    string
	columns []string
	key     []int // which columns
	rows    [][]any
}

func load(ctx context.Context, t testing.TB, q interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}) (out []table) {
	t.Helper()
	for _, g := range guarded {
		tab := table{name: g.name}
		rows, err := q.QueryContext(ctx, `SELECT * FROM `+g.name+` WHERE `+g.where+` ORDER BY `+strings.ReplaceAll(g.key, " ", ", "))
		if err != nil {
			t.Fatal(err)
		}
		if tab.columns, err = rows.Columns(); err != nil {
			t.Fatal(err)
		}
		for _, k := range strings.Fields(g.key) {
			tab.key = append(tab.key, slices.Index(tab.columns, k))
		}
		for rows.Next() {
			row, into := make([]any, len(tab.columns)), make([]any, len(tab.columns))
			for i := range row {
				into[i] = &row[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			tab.rows = append(tab.rows, row)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		_ = rows.Close()
		out = append(out, tab)
	}
	return out
}

// forgery is a set of statements by somebody who has the file.
type forgery struct {
	what       string
	statements []string
	args       [][]any
}

func (f *forgery) add(statement string, args ...any) {
	f.statements, f.args = append(f.statements, statement), append(f.args, args)
}

// remove and insert are a row's end and beginning.
func (f *forgery) remove(t table, row []any) {
	var cond []string
	var args []any
	for i, k := range t.key {
		cond, args = append(cond, fmt.Sprintf("%s = $%d", t.columns[k], i+1)), append(args, row[k])
	}
	f.add(`DELETE FROM `+t.name+` WHERE `+strings.Join(cond, " AND "), args...)
}

func (f *forgery) insert(t table, row []any) {
	marks := make([]string, len(row))
	for i := range marks {
		marks[i] = fmt.Sprint("$", i+1)
	}
	f.add(`INSERT INTO `+t.name+` (`+strings.Join(t.columns, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`)`, row...)
}

// with is a row with another value.
func with(row []any, column int, v any) []any {
	row = slices.Clone(row)
	row[column] = v
	return row
}

// edited is a row put in the place of another.
func edited(what string, t table, old, row []any) forgery {
	f := forgery{what: what}
	f.remove(t, old)
	f.insert(t, row)
	return f
}

// try carries a forgery out in a transaction that is rolled back, and says what Verify finds; refused: the database did not let it.
func (f forgery) try(ctx context.Context, t testing.TB, raw *sql.DB, noted string) (r chain.Report, refused bool) {
	t.Helper()
	tx, err := raw.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	for i, s := range f.statements {
		if _, err := tx.ExecContext(ctx, s, f.args[i]...); err != nil {
			return chain.Report{}, true
		}
	}
	r, err = journal.VerifyIn(ctx, tx, noted)
	if err != nil {
		t.Fatalf("%s: %v", f.what, err)
	}
	return r, false
}

// edits are all forgeries of one row or one value.
func edits(tables []table) (out []forgery) {
	for _, t := range tables {
		for i, row := range t.rows {
			at := fmt.Sprintf("%s row %d", t.name, i+1)
			f := forgery{what: at + " removed"}
			f.remove(t, row)
			out = append(out, f)
			for c, v := range row {
				for _, w := range others(v) {
					out = append(out, edited(fmt.Sprintf("%s: %s from %v to %v", at, t.columns[c], v, w), t, row, with(row, c, w)))
				}
				for d := range c { // two fields of a row swapped
					if w := row[d]; w != v && fmt.Sprintf("%T", w) == fmt.Sprintf("%T", v) {
						out = append(out, edited(fmt.Sprintf("%s: %s and %s swapped", at, t.columns[c], t.columns[d]), t, row, with(with(row, c, w), d, v)))
					}
				}
			}
			f = forgery{what: at + " copied"}
			double := slices.Clone(row)
			for _, k := range t.key {
				double[k] = others(row[k])[0]
			}
			f.insert(t, double)
			out = append(out, f)
			if i > 0 {
				out = append(out, swaps(t, at, t.rows[i-1], row)...)
			}
		}
	}
	return out
}

// swaps swap two rows, and each of their values.
func swaps(t table, at string, a, b []any) (out []forgery) {
	swap := func(what string, columns ...int) {
		x, y := slices.Clone(a), slices.Clone(b)
		for _, c := range columns {
			x[c], y[c] = b[c], a[c]
		}
		f := forgery{what: at + " and the one before: " + what + " swapped"}
		f.remove(t, a)
		f.remove(t, b)
		f.insert(t, x)
		f.insert(t, y)
		out = append(out, f)
	}
	var all []int
	for c := range a {
		if !slices.Contains(t.key, c) && a[c] != b[c] {
			all = append(all, c)
			swap(t.columns[c], c)
		}
	}
	if len(all) > 1 {
		swap("everything", all...)
	}
	return out
}

// others are values that a column could have instead.
func others(v any) []any {
	switch v := v.(type) {
	case int64:
		return []any{v + 1000, v - 1, -v - 1}
	case string:
		out := []any{v + "x"}
		for _, w := range []string{"", "declined", "received", "up", "down", "open", "solved"} { // what the columns with a few words allow
			if w != v {
				out = append(out, w)
			}
		}
		if v != "" {
			out = append(out, flipped(v))
		}
		return out
	}
	return nil
}

// flipped changes the last bit of the first byte.
func flipped(s string) string {
	b := []byte(s)
	b[0] ^= 1
	return string(b)
}

// Tamper forges a journal in every way that touches one row or two neighbours, and checks that Verify finds each. A stride of more than
// 1 leaves ways out, where time is short.
func Tamper(t *testing.T, open OpenRaw, stride int) {
	b, raw := forged(t, open)
	ctx := b.Context()
	tables := load(ctx, t, raw)
	found, refused, columns := 0, 0, map[string]bool{}
	for i, f := range edits(tables) {
		if i%stride != 0 {
			continue
		}
		r, no := f.try(ctx, t, raw, "")
		switch {
		case no:
			refused++
		case len(r.Problems) == 0:
			t.Errorf("not found: %s", f.what)
		default:
			found++
			if table, rest, ok := strings.Cut(f.what, " row "); ok {
				if _, rest, ok = strings.Cut(rest, ": "); ok {
					columns[table+"."+strings.Fields(rest)[0]] = true
				}
			}
		}
	}
	for _, tab := range tables {
		if len(tab.rows) == 0 {
			t.Errorf("%s has no row to forge", tab.name)
		}
		for _, c := range tab.columns {
			if stride == 1 && !columns[tab.name+"."+c] && tab.name+"."+c != "head.one" { // head.one can only be 1
				t.Errorf("no change of %s.%s was tried", tab.name, c)
			}
		}
	}
	t.Logf("%d forgeries found, %d refused by the database, %d columns", found, refused, len(columns))
	b.sound("")
}

func forged(t *testing.T, open OpenRaw) (*bench, *sql.DB) {
	t.Helper()
	var raw *sql.DB
	b := saying(t, func(t *testing.T, o journal.Options) (j *journal.Journal) { j, raw = open(t, o); return j })
	return b, raw
}

// TamperMany forges at random, several things at once, and checks that Verify finds it whenever anything is different.
func TamperMany(t *testing.T, open OpenRaw, times int) {
	b, raw := forged(t, open)
	tables := load(b.Context(), t, raw)
	all := edits(tables)
	rng := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range times {
		var f forgery
		for range 2 + rng.IntN(4) {
			one := all[rng.IntN(len(all))]
			f.what += one.what + "; "
			f.statements, f.args = append(f.statements, one.statements...), append(f.args, one.args...)
		}
		switch r, refused := f.try(b.Context(), t, raw, ""); {
		case refused:
		case len(r.Problems) > 0:
			found++
		case !f.undone(b.Context(), t, raw, tables):
			t.Errorf("not found: %s", f.what)
		}
	}
	if found < times/10 {
		t.Errorf("only %d of %d forgeries could be made", found, times)
	}
	t.Logf("%d of %d random forgeries found, the others were refused by the database or took themselves back", found, times)
}

// undone says whether a forgery leaves everything as it was.
func (f forgery) undone(ctx context.Context, t testing.TB, raw *sql.DB, before []table) bool {
	tx, err := raw.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	for i, s := range f.statements {
		if _, err := tx.ExecContext(ctx, s, f.args[i]...); err != nil {
			t.Fatal(err)
		}
	}
	return differ(before, load(ctx, t, tx)) == ""
}

// Truncate shows what only a noted head can find: somebody takes the newest answer away with all that tells of it. It must go unnoticed
// without the head, or the package comment of chain is too modest.
func Truncate(t *testing.T, open OpenRaw) {
	b, raw := forged(t, open)
	ctx := b.Context()
	head := b.sound("").Head
	var f forgery
	f.add(`DELETE FROM questions WHERE seq = $1`, head.Seq)
	f.add(`DELETE FROM salts WHERE seq = $1`, head.Seq)
	f.add(`DELETE FROM chain WHERE seq = $1`, head.Seq)
	f.add(`UPDATE head SET seq = $1, hash = (SELECT hash FROM chain WHERE seq = $1)`, head.Seq-1)
	if r, refused := f.try(ctx, t, raw, ""); refused || len(r.Problems) > 0 {
		t.Errorf("without a head: refused %v, %+v", refused, r)
	}
	if r, refused := f.try(ctx, t, raw, head.Hash); refused || len(r.Problems) != 1 || r.Problems[0].Rule != chain.NotedGone {
		t.Errorf("with the head: refused %v, %+v", refused, r)
	}
	for i := range f.statements { // whoever forgets one of the four is found all the same
		g := forgery{statements: slices.Delete(slices.Clone(f.statements), i, i+1), args: slices.Delete(slices.Clone(f.args), i, i+1)}
		if r, refused := g.try(ctx, t, raw, ""); refused || len(r.Problems) == 0 {
			t.Errorf("without statement %d: refused %v, %+v", i, refused, r)
		}
	}
}
