package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kildesvar/internal/journal"
)

// begun is when the scenarios begin.
var begun = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

// session is one life of a process: steps until one fails, and what the journal has acknowledged until then.
type session struct {
	*testing.T
	*journal.Journal
	now  time.Time
	told map[string]func(*journal.Journal) error // what must hold from now on, by name
	err  error
	pad  string // makes questions longer
}

// step makes a call. When it has returned without error, holds must be true for ever, or until a later step doubts it: one whose call may
// undo it, whatever its error says.
func (s *session) step(name string, call func() error, holds func(*journal.Journal) error, doubts ...string) {
	if s.err != nil {
		return
	}
	for _, d := range doubts {
		delete(s.told, d)
	}
	if s.err = call(); s.err == nil && holds != nil {
		s.told[name] = holds
	}
}

func (s *session) ask(n int) string {
	d := delivery(n)
	d.User = fmt.Sprint("UHEMMELIGT", n%2)
	d.Text = fmt.Sprintf("HEMMELIGT%d?", n%2) + s.pad
	id := ""
	s.step(fmt.Sprint("asked ", n), func() error {
		q, _, err := s.Record(s.Context(), d)
		id = q.ID
		return err
	}, func(j *journal.Journal) error {
		q, err := j.Asked(s.Context(), d.Channel, d.TS)
		if err == nil && q.ID != id {
			err = fmt.Errorf("asked as %s, now %s", id, q.ID)
		}
		return err
	})
	return id
}

// of are the names of what holds of a person's questions: 0 or 1, their numbers are even or odd.
func (s *session) of(person int) (names []string) {
	for name := range s.told {
		if n := 0; strings.Contains(name, "ed ") {
			if _, err := fmt.Sscan(name[strings.Index(name, "ed ")+3:], &n); err == nil && n%2 == person {
				names = append(names, name)
			}
		}
	}
	return names
}

// reply answers the oldest question; a process that was interrupted goes on with what it finds.
func (s *session) reply(n int) (id string) {
	var l journal.Lease
	var q journal.Question
	s.step("", func() (err error) {
		q, l, err = s.Claim(s.Context(), "w", time.Millisecond)
		if errors.Is(err, journal.ErrNone) {
			l, err = journal.Lease{}, nil
		}
		return err
	}, nil)
	if l.ID == "" {
		return ""
	}
	a := journal.Answer{JSON: []byte(`{"n":1}`), Plain: q.Text, Outcome: "answered", Facts: &journal.Facts{Generation: "g", Sources: []journal.Source{{Passage: "p", Hash: "h"}}}}
	s.step("", func() error { _, err := s.Posting(s.Context(), l, a); return err }, nil)
	s.step(fmt.Sprint("answered ", n), func() error { return s.Finish(s.Context(), l, journal.Place{Channel: "C", TS: l.ID}) },
		func(j *journal.Journal) error {
			got, err := j.Answer(s.Context(), l.ID)
			if err == nil && (got.Status != journal.Answered || got.Answer.Facts == nil) {
				err = fmt.Errorf("%s is %s, facts %v", l.ID, got.Status, got.Answer.Facts)
			}
			return err
		})
	s.now = s.now.Add(time.Second)
	return l.ID
}

// The scenarios. Each can be run again after it was interrupted anywhere.
var scenarios = map[string]struct{ before, run func(*session) }{
	"ask and answer": {nil, func(s *session) {
		for n := range 3 {
			s.ask(n)
			s.reply(n)
		}
		s.ask(3)
	}},
	"rate and escalate": {answered(2), func(s *session) {
		id := first(s)
		for _, up := range []bool{true, false} {
			s.step("rating", func() error { return s.Rate(s.Context(), journal.Feedback{AnswerID: id, User: "UHEMMELIGT1", Up: up}) }, func(j *journal.Journal) error {
				rs, err := j.Ratings(s.Context(), id)
				if err == nil && (len(rs) != 1 || rs[0].Up != up) {
					err = fmt.Errorf("ratings %+v, want %v", rs, up)
				}
				return err
			}, "rating")
		}
		var e journal.Escalation
		s.step("escalation", func() (err error) {
			e, _, err = s.Escalate(s.Context(), journal.Escalation{AnswerID: id, Asker: "U0", Card: journal.Place{Channel: "CX"}})
			return err
		}, func(j *journal.Journal) error { _, err := j.Escalation(s.Context(), e.ID); return err })
		s.step("card", func() error { return s.CardPosted(s.Context(), e.ID, journal.Place{Channel: "CX", TS: "1"}) }, nil)
		s.step("taken", func() error { _, _, err := s.Take(s.Context(), e.ID, "U8"); return err }, nil)
		s.step("solved", func() error { _, _, err := s.Solve(s.Context(), e.ID, "U9"); return err }, func(j *journal.Journal) error {
			got, err := j.Escalation(s.Context(), e.ID)
			if err == nil && (got.State != journal.Solved || got.SolvedBy != "U9") {
				err = fmt.Errorf("escalation %+v", got)
			}
			return err
		})
	}},
	"withdraw": {answered(3), func(s *session) {
		id := first(s)
		s.step("withdrawn", func() error { _, err := s.Withdraw(s.Context(), id); return err }, func(j *journal.Journal) error {
			if gone, err := j.Withdrawn(s.Context(), id); err != nil || !gone {
				return fmt.Errorf("withdrawn %v, %w", gone, err)
			}
			return nil
		})
		s.step("wiped", func() error { _, err := s.Prune(s.Context(), time.Unix(1, 0)); return err }, nil)
	}},
	"forget": {answered(6), func(s *session) {
		s.step("forgotten", func() error { _, err := s.Forget(s.Context(), "UHEMMELIGT1"); return err }, func(j *journal.Journal) error {
			if qs, err := j.Questions(s.Context(), "UHEMMELIGT1", "", 9); err != nil || len(qs) > 0 {
				return fmt.Errorf("%d questions are left, %w", len(qs), err)
			}
			return nil
		}, s.of(1)...)
	}},
	"prune": {answered(9), func(s *session) {
		s.step("pruned", func() error { _, err := s.Prune(s.Context(), begun.Add(5*time.Second)); return err }, func(j *journal.Journal) error {
			qs, err := j.Questions(s.Context(), "", "", 99)
			if err != nil || len(qs) < 4 || qs[0].ReceivedAt.Before(begun.Add(5*time.Second)) {
				return fmt.Errorf("%d questions are left, %w", len(qs), err)
			}
			return nil
		})
	}},
	"carry over": {nil, func(*session) {}},
	"open anew":  {nil, func(*session) {}},
}

// answered fills a journal with n answered questions, ratings and an escalation.
func answered(n int) func(*session) {
	return func(s *session) {
		for i := range n {
			s.ask(i)
			id := s.reply(i)
			s.step("", func() error {
				return s.Rate(s.Context(), journal.Feedback{AnswerID: id, User: "UHEMMELIGT1", Comment: "HEMMELIGT1"})
			}, nil)
			s.step("", func() error {
				e, _, err := s.Escalate(s.Context(), journal.Escalation{AnswerID: id, Asker: fmt.Sprint("UHEMMELIGT", i%2)})
				if err == nil {
					_, _, err = s.Take(s.Context(), e.ID, "UHEMMELIGT1")
				}
				return err
			}, nil)
		}
	}
}

func first(s *session) (id string) {
	s.step("", func() error {
		qs, err := s.Questions(s.Context(), "", "", 1)
		if err == nil {
			id = qs[0].ID
		}
		return err
	}, nil)
	return id
}

// live opens the journal, runs steps and closes it.
func live(t *testing.T, folder, driver string, now time.Time, run func(*session)) *session {
	t.Helper()
	s := &session{T: t, now: now, told: map[string]func(*journal.Journal) error{}}
	if s.Journal, s.err = journal.OpenSQLite(t.Context(), folder, journal.WithDriver(journal.Options{Now: func() time.Time { return s.now }}, driver)); s.err != nil {
		return s
	}
	run(s)
	_ = s.Close()
	return s
}

// TestFaults lets each operation of the database fail, in three ways, in each scenario. When the journal is opened again, what was
// acknowledged is there, the log is whole and still holds the head noted before; the same steps can be made again, and then nothing
// that was to be erased is left.
func TestFaults(t *testing.T) {
	total, stride := 0, stride()
	for name, sc := range scenarios {
		t.Run(name, func(t *testing.T) {
			content := template(t, name)
			for _, h := range []how{once, after, stays} {
				for k := 0; ; k += stride {
					folder := place(t, content)
					if !fault(t, folder, begun.Add(time.Minute), sc.run, k, h) {
						break
					}
					total++
					_ = os.RemoveAll(folder)
				}
			}
		})
	}
	t.Logf("%d points of failure", total)
	if total < 2000/stride {
		t.Errorf("only %d points of failure were tried", total)
	}
}

// template is the file that a scenario begins with; nil: none.
func template(t *testing.T, name string) []byte {
	t.Helper()
	folder, sc := t.TempDir(), scenarios[name]
	switch {
	case name == "carry over":
		older(t, folder, 10)
	case sc.before != nil:
		if s := live(t, folder, faulty, begun, sc.before); s.err != nil {
			t.Fatal(s.err)
		}
	default:
		return nil
	}
	content, err := os.ReadFile(filepath.Join(folder, journal.File))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// place puts a file into a folder of its own.
func place(t *testing.T, content []byte) (folder string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "d")
	if content != nil {
		if err := errors.Join(os.Mkdir(folder, 0o700), os.WriteFile(filepath.Join(folder, journal.File), content, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// fault makes one operation fail; false: it was never reached.
func fault(t *testing.T, folder string, now time.Time, run func(*session), k int, h how) bool {
	t.Helper()
	arm(k, h)
	s := live(t, folder, faulty, now, run)
	hit := disarm()
	at := fmt.Sprintf("operation %d, way %d (%v)", k, h, s.err)
	if !hit && s.err != nil {
		t.Fatal(at)
	}
	goOn(t, folder, s, run, at)
	return hit
}

// goOn opens a journal after a session that was interrupted, checks it, and makes the same steps again.
func goOn(t *testing.T, folder string, s *session, run func(*session), at string) {
	t.Helper()
	noted := ""
	check := func(s *session, last bool) {
		for name, holds := range s.told {
			if err := holds(s.Journal); err != nil {
				t.Errorf("%s: %s: %v", at, name, err)
			}
		}
		r, err := s.Verify(t.Context(), noted)
		if err != nil || len(r.Problems) > 0 {
			t.Errorf("%s: verify (last %v): %+v, %v", at, last, r, err)
		}
		noted = r.Head.Hash
	}
	told := s.told
	again := live(t, folder, faulty, s.now.Add(time.Minute), func(s *session) {
		check(&session{Journal: s.Journal, told: told}, false)
		run(s)
		check(s, true)
	})
	if again.err != nil {
		t.Errorf("%s: again: %v", at, again.err)
	}
	if again.told["forgotten"] != nil {
		if all := read(t, folder); bytes.Contains(all, []byte("HEMMELIGT1")) || !bytes.Contains(all, []byte("HEMMELIGT0")) {
			t.Errorf("%s: traces are left, or too few", at)
		}
	}
}

// TestFullDisk lets the file grow by so many pages and no further. What was acknowledged stays, the error says what to do, and with room
// again everything goes on.
func TestFullDisk(t *testing.T) {
	points := 0
	for _, name := range []string{"ask and answer", "rate and escalate", "withdraw", "forget", "prune"} {
		content := template(t, name)
		run := func(s *session) {
			s.pad = strings.Repeat("x", 1500)
			for n := range 8 {
				s.ask(20 + n)
				s.reply(20 + n)
			}
			scenarios[name].run(s)
		}
		for room := 0; ; room += min(stride(), 6) {
			folder := place(t, content)
			full := live(t, folder, faulty, begun.Add(time.Minute), func(s *session) {
				s.step("", func() error {
					var pages int
					if err := raw(t, folder).QueryRowContext(t.Context(), `PRAGMA page_count`).Scan(&pages); err != nil {
						return err
					}
					return journal.Pragma(t.Context(), s.Journal, fmt.Sprintf("max_page_count(%d)", pages+room))
				}, nil)
				run(s)
			})
			if full.err != nil && !errors.Is(full.err, journal.ErrFull) {
				t.Errorf("%s, %d pages: %v", name, room, full.err)
			}
			goOn(t, folder, full, scenarios[name].run, fmt.Sprintf("%s, room for %d pages", name, room))
			if full.err == nil {
				break
			}
			points++
		}
	}
	t.Logf("%d times full", points)
	if points < 20/min(stride(), 6) {
		t.Error("the disk was hardly ever full")
	}
}
