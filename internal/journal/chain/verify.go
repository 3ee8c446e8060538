package chain

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// Rule says what is wrong.
type Rule string

// The rules that a log can break.
const (
	Missing    Rule = "missing"    // the record before this one is not there
	Changed    Rule = "changed"    // the record is not as it was written, or does not follow the one before it
	Unknown    Rule = "unknown"    // the record's version is not one this program knows
	Misplaced  Rule = "misplaced"  // the record replaces one that is not there, comes later, or is about something else
	HeadWrong  Rule = "head"       // the newest record is not the one that was added last
	NotedGone  Rule = "noted"      // a head that was noted is not in the log
	Differs    Rule = "differs"    // the row is not as it was when it was recorded
	Lost       Rule = "lost"       // the row is gone, and no record says that it was erased
	Unrecorded Rule = "unrecorded" // the row has no record, or that of another
	SaltGone   Rule = "salt-gone"  // the row cannot be checked: its salt is gone
	SaltLeft   Rule = "salt-left"  // the row is erased or replaced, but its salt is still there
)

// MaxProblems is how many problems a Report names; Report.More counts the others.
const MaxProblems = 100

// Problem is one breach of a rule.
type Problem struct {
	Seq     int64  `json:"seq"` // the record's number; 0: none
	Rule    Rule   `json:"rule"`
	Kind    string `json:"kind,omitempty"`
	Subject string `json:"subject,omitempty"`
}

// Report is what Verify has found.
type Report struct {
	Head     Head      `json:"head"`
	Records  int       `json:"records"`
	Erasures int       `json:"erasures"`  // records that say that a row was erased
	Rows     int       `json:"rows"`      // rows that were checked
	Problems []Problem `json:"problems"`  // never nil; empty: all is as it was written
	More     int       `json:"more"`      // problems beyond MaxProblems
	SeqNoted int64     `json:"seq_noted"` // the number of the record that was noted; 0: none was, or it is not there
	Since    Since     `json:"since"`     // records after that one
}

// Since counts the records after a noted one, by what they did to what stood there when it was noted.
type Since struct {
	Added    int `json:"added"`    // all
	Replaced int `json:"replaced"` // a row that stood there then was changed
	Erased   int `json:"erased"`   // a row that stood there then was erased
}

func (s *Since) count(c Record, noted int64) {
	s.Added++
	switch {
	case c.Replaces == 0 || c.Replaces > noted:
	case c.Kind == Erased:
		s.Erased++
	default:
		s.Replaced++
	}
}

func (r *Report) found(p Problem) {
	if len(r.Problems) < MaxProblems {
		r.Problems = append(r.Problems, p)
	} else {
		r.More++
	}
}

// Verify walks the log and all rows of the tables. noted is the hash of a head noted earlier, or empty. tx must see one state of all tables.
// An error says that it could not be checked, not that something is wrong.
func Verify(ctx context.Context, tx *sql.Tx, tables []Table, noted string) (Report, error) {
	r := Report{Problems: []Problem{}}
	err := r.walk(ctx, tx, noted)
	if err == nil {
		err = r.checkHead(ctx, tx)
	}
	for _, t := range tables {
		if err == nil {
			err = r.checkRows(ctx, tx, t)
		}
		if err == nil {
			err = r.each(ctx, tx, Lost, `SELECT c.seq, c.kind, c.subject FROM chain c WHERE c.kind = $1 AND NOT `+replaced+`
				AND NOT EXISTS (SELECT 1 FROM `+t.Name+` t WHERE t.seq = c.seq AND t.seq > 0) ORDER BY c.seq`, t.Kind)
		}
	}
	if err == nil {
		err = r.each(ctx, tx, SaltLeft, `SELECT s.seq, COALESCE(c.kind, ''), COALESCE(c.subject, '') FROM salts s LEFT JOIN chain c ON c.seq = s.seq
			WHERE c.seq IS NULL OR c.kind = $1 OR `+replaced+` ORDER BY s.seq`, Erased)
	}
	return r, err
}

// replaced says of a record c that a later one has taken its place.
const replaced = `EXISTS (SELECT 1 FROM chain n WHERE n.replaces = c.seq AND n.replaces > 0)`

// walk checks the numbers and the links.
func (r *Report) walk(ctx context.Context, tx *sql.Tx, noted string) error {
	rows, err := tx.QueryContext(ctx, `SELECT c.seq, c.version, c.kind, c.replaces, c.subject, c.at, c.note, c.seal, c.hash,
		COALESCE(p.kind, ''), COALESCE(p.subject, '') FROM chain c LEFT JOIN chain p ON p.seq = c.replaces ORDER BY c.seq`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var c Record
		var oldKind, oldSubject string
		if err := rows.Scan(&c.Seq, &c.Version, &c.Kind, &c.Replaces, &c.Subject, &c.At, &c.Note, &c.Seal, &c.Hash, &oldKind, &oldSubject); err != nil {
			return err
		}
		r.Records++
		if c.Kind == Erased {
			r.Erasures++
		}
		want, err := c.link(r.Head.Hash)
		if err != nil {
			return err
		}
		switch {
		case c.Seq != r.Head.Seq+1:
			r.found(Problem{c.Seq, Missing, c.Kind, c.Subject})
		case want != c.Hash:
			r.found(Problem{c.Seq, Changed, c.Kind, c.Subject})
		case c.Version != Version:
			r.found(Problem{c.Seq, Unknown, c.Kind, c.Subject})
		case c.Replaces != 0 && (c.Replaces < 0 || c.Replaces >= c.Seq || oldSubject != c.Subject || oldKind == Erased || oldKind != c.Kind && c.Kind != Erased):
			r.found(Problem{c.Seq, Misplaced, c.Kind, c.Subject})
		}
		if r.SeqNoted > 0 {
			r.Since.count(c, r.SeqNoted)
		} else if c.Hash == noted {
			r.SeqNoted = c.Seq
		}
		r.Head = Head{c.Seq, c.Hash}
	}
	if noted != "" && r.SeqNoted == 0 {
		r.found(Problem{Rule: NotedGone})
	}
	return rows.Err()
}

// checkHead compares the newest record with the one that was added last.
func (r *Report) checkHead(ctx context.Context, tx *sql.Tx) error {
	var h Head
	err := tx.QueryRowContext(ctx, `SELECT seq, hash FROM head WHERE one = 1`).Scan(&h.Seq, &h.Hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err != nil || h != r.Head {
		r.found(Problem{Seq: r.Head.Seq, Rule: HeadWrong})
	}
	return nil
}

// checkRows compares a table's rows with their records.
func (r *Report) checkRows(ctx context.Context, tx *sql.Tx, t Table) error {
	rows, err := tx.QueryContext(ctx, `SELECT t.seq, t.`+t.Subject+`, COALESCE(c.kind, ''), COALESCE(c.subject, ''), COALESCE(c.seal, ''), COALESCE(s.salt, ''),
		CASE WHEN `+replaced+` THEN 1 ELSE 0 END, t.`+strings.Join(t.Columns, ", t.")+`
		FROM `+t.Name+` t LEFT JOIN chain c ON c.seq = t.seq LEFT JOIN salts s ON s.seq = t.seq
		WHERE (`+t.Must+`) OR t.seq <> 0 ORDER BY t.seq`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		p := Problem{Kind: t.Kind}
		var kind, subject, sealed, salt string
		var old int
		values, into := scanned(len(t.Columns))
		if err := rows.Scan(append([]any{&p.Seq, &p.Subject, &kind, &subject, &sealed, &salt, &old}, into...)...); err != nil {
			return err
		}
		r.Rows++
		now, err := seal(t.Kind, salt, values)
		if err != nil {
			return err
		}
		switch {
		case kind != t.Kind || subject != p.Subject || old == 1:
			p.Rule = Unrecorded
		case salt == "":
			p.Rule = SaltGone
		case now != sealed:
			p.Rule = Differs
		default:
			continue
		}
		r.found(p)
	}
	return rows.Err()
}

// each finds a problem in each row of a query.
func (r *Report) each(ctx context.Context, tx *sql.Tx, rule Rule, query string, arg string) error {
	rows, err := tx.QueryContext(ctx, query, arg)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		p := Problem{Rule: rule}
		if err := rows.Scan(&p.Seq, &p.Kind, &p.Subject); err != nil {
			return err
		}
		r.found(p)
	}
	return rows.Err()
}
