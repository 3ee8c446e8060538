package journal_test

import (
	"fmt"
	"os"
	"testing"

	"kildesvar/internal/journal"
)

// older makes a journal as the version before the log of what was said left it.
func older(t *testing.T, folder string, n int) {
	t.Helper()
	db := raw(t, folder)
	for i, name := range []string{"0001_questions", "0002_escalations"} {
		script, err := os.ReadFile("migrations/" + name + ".sql")
		if err != nil {
			t.Fatal(err)
		}
		exec(t, db, string(script))
		exec(t, db, fmt.Sprintf(`PRAGMA user_version = %d`, i+1))
	}
	answer := `{"answer":{"question":"Hvad?","status":"answered","mode":"extractive","model":"","claims":[],"generation":"0123456789ab","took_ms":4,
		"sources":[{"n":1,"passage":"a/b#c.1","quote":"Ét stykke."},{"n":2,"passage":"a/b#c.2","quote":"Et andet."}]},"next":["Og så?"]}`
	for i := range n {
		status, due, text := "answered", 0, answer
		switch i % 5 {
		case 1:
			text = `{"notice":"late"}`
		case 2:
			text = `{}`
		case 3:
			status, due, text = "received", i+1, ""
		case 4:
			status, text = "declined", ""
		}
		exec(t, db, fmt.Sprintf(`INSERT INTO questions (id, team, channel, thread_ts, ts, asker, surface, question, context, received_at, status, due_at, answer, plain, outcome, place_channel, place_ts, answered_at)
			VALUES ('01OLD%03d', 'T1', 'C1', '1.%d', '1.%d', 'U%d', 'mention', 'Hvad er en ildsjæl?', '', %d, '%s', %d, '%s', 'Svar', 'answered', 'C1', '2.%d', 5)`, i, i, i, i%2, i+1, status, due, text, i))
	}
	exec(t, db, `INSERT INTO feedback VALUES ('01OLD000', 'U1', 'up', '', 'fint', 7), ('01OLD000', 'U 2', 'down', 'forkert', '', 8), ('01OLD003', 'U1', 'up', '', '', 9)`)
	exec(t, db, `INSERT INTO escalations VALUES ('01E', '01OLD001', 'U1', 'C1', '1.1', 'CX', '8.0', 'taken', 'U9', '', 6)`)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestCarryOver opens a journal of the version before: all that was said is in the log from then on, and what can be known of old answers
// is known.
func TestCarryOver(t *testing.T) {
	folder := t.TempDir()
	older(t, folder, 50)
	j := open(t, folder, journal.Options{})
	r, err := j.Verify(t.Context(), "")
	if err != nil || len(r.Problems) > 0 || r.Records != 30+3+1 || r.Rows != 34 {
		t.Fatalf("%+v, %v", r, err)
	}
	q, err := j.Answer(t.Context(), "01OLD000")
	if err != nil {
		t.Fatal(err)
	}
	f := q.Answer.Facts
	if f == nil || !f.Carried || f.Generation != "0123456789ab" || f.Mode != "extractive" || f.TookMS != 4 || len(f.Sources) != 2 ||
		f.Sources[1] != (journal.Source{Passage: "a/b#c.2", Hash: journal.HashText("Et andet.")}) || f.History != nil {
		t.Errorf("facts %+v", f)
	}
	for _, id := range []string{"01OLD001", "01OLD002"} {
		if q, err := j.Answer(t.Context(), id); err != nil || q.Answer.Facts != nil {
			t.Errorf("facts of a notice: %+v, %v", q.Answer.Facts, err)
		}
	}
	// The old rows live on as new ones do.
	if err := j.Rate(t.Context(), journal.Feedback{AnswerID: "01OLD005", User: "U1"}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := j.Solve(t.Context(), "01E", "U9"); err != nil {
		t.Fatal(err)
	}
	if n, err := j.Forget(t.Context(), "U1"); err != nil || n.Questions != 25 {
		t.Fatalf("%+v, %v", n, err)
	}
	if r, err := j.Verify(t.Context(), r.Head.Hash); err != nil || len(r.Problems) > 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	db := raw(t, folder)
	exec(t, db, `UPDATE questions SET plain = 'Noget andet' WHERE id = '01OLD010'`)
	j = open(t, folder, journal.Options{})
	if r, err := j.Verify(t.Context(), ""); err != nil || len(r.Problems) != 1 || r.Problems[0].Subject != "01OLD010" {
		t.Errorf("an old answer was changed: %+v, %v", r, err)
	}
}
