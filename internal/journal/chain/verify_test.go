package chain

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"kildesvar/internal/journal/sqlitefile"
)

// history writes a log with right hashes, whatever it says.
func history(t *testing.T, records []Record) *sql.Tx {
	t.Helper()
	w, r, err := sqlitefile.Open(sqlitefile.Driver, filepath.Join(t.TempDir(), "log.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = r.Close(), w.Close() })
	tx, err := w.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback() })
	exec := func(s string, args ...any) {
		t.Helper()
		if _, err := tx.ExecContext(t.Context(), s, args...); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"0001_questions", "0002_escalations", "0003_said"} {
		script, err := os.ReadFile("../migrations/" + name + ".sql")
		if err != nil {
			t.Fatal(err)
		}
		exec(string(script))
	}
	prev := ""
	for _, c := range records {
		if c.Hash, err = c.link(prev); err != nil {
			t.Fatal(err)
		}
		prev = c.Hash
		exec(`INSERT INTO chain VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, c.Seq, c.Version, c.Kind, c.Replaces, c.Subject, c.At, c.Note, c.Seal, c.Hash)
		exec(`UPDATE head SET seq = $1, hash = $2`, c.Seq, c.Hash)
	}
	return tx
}

// TestRewritten: a history that somebody has written anew with all hashes right must still be one that could have happened.
func TestRewritten(t *testing.T) {
	a := func(seq int64) Record { return Record{Seq: seq, Version: Version, Kind: "answer", Subject: "01X"} }
	replacing := func(r Record, seq int64) Record { r.Replaces = seq; return r }
	erased := func(r Record) Record { r.Kind = Erased; return r }
	other := a(2)
	other.Subject = "01Y"
	newer := a(1)
	newer.Version = 2
	rating := a(2)
	rating.Kind = "rating"
	for name, c := range map[string]struct {
		records []Record
		want    Rule
	}{
		"sound":                   {[]Record{a(1), replacing(a(2), 1), replacing(erased(a(3)), 2)}, ""},
		"a hole":                  {[]Record{a(1), replacing(erased(a(3)), 1)}, Missing},
		"no first":                {[]Record{a(2), replacing(erased(a(3)), 2)}, Missing},
		"another version":         {[]Record{newer, replacing(erased(a(2)), 1)}, Unknown},
		"replaces itself":         {[]Record{replacing(a(1), 1)}, Misplaced},
		"replaces a later one":    {[]Record{replacing(erased(a(1)), 2), replacing(erased(a(2)), 1)}, Misplaced},
		"replaces what is not":    {[]Record{replacing(erased(a(1)), -5)}, Misplaced},
		"replaces another's":      {[]Record{a(1), replacing(erased(other), 1)}, Misplaced},
		"replaces another kind":   {[]Record{a(1), replacing(rating, 1), replacing(erased(a(3)), 2)}, Misplaced},
		"replaces an erasure":     {[]Record{a(1), replacing(erased(a(2)), 1), replacing(erased(a(3)), 2)}, Misplaced},
		"an answer without a row": {[]Record{a(1)}, Lost},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Verify(t.Context(), history(t, c.records), []Table{{Kind: "answer", Name: "questions", Subject: "id", Columns: []string{"id"}, Must: "t.status = 'answered'"}}, "")
			if err != nil {
				t.Fatal(err)
			}
			if c.want == "" && len(r.Problems) > 0 || c.want != "" && (len(r.Problems) == 0 || r.Problems[0].Rule != c.want) {
				t.Errorf("problems %+v, want %q", r.Problems, c.want)
			}
		})
	}
}

// TestManyProblems names the first and counts the others.
func TestManyProblems(t *testing.T) {
	var records []Record
	for i := range int64(MaxProblems + 20) {
		records = append(records, Record{Seq: i + 1, Version: Version, Kind: "answer", Subject: "01X"})
	}
	r, err := Verify(t.Context(), history(t, records), []Table{{Kind: "answer", Name: "questions", Subject: "id", Columns: []string{"id"}, Must: "1 = 1"}}, "")
	if err != nil || len(r.Problems) != MaxProblems || r.More != 20 {
		t.Errorf("%d problems and %d more, %v", len(r.Problems), r.More, err)
	}
}
