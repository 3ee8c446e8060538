package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kildesvar/corpus"
	"kildesvar/internal/journal"
	"kildesvar/internal/journal/chain"
	"kildesvar/internal/workspace"
)

// journalBench is a data folder with questions answered in Slack, from a corpus folder that can be edited.
type journalBench struct {
	*testing.T
	getenv func(string) string
	corpus string
}

// cli runs a command that must end with the given code, and returns its standard output, or its standard error if that is not 0 or 3.
func (b *journalBench) cli(code int, args ...string) string {
	b.Helper()
	var out, errOut bytes.Buffer
	got := run(b.Context(), args, env{stdin: strings.NewReader(""), stdout: &out, stderr: &errOut, getenv: b.getenv})
	if got != code {
		b.Fatalf("%v: exit code %d, want %d: %s%s", args, got, code, out.String(), errOut.String())
	}
	if code == exitDone || code == exitProblems {
		return out.String()
	}
	if fault := notOneLine(errOut.String()); fault != "" || out.Len() > 0 {
		b.Errorf("%v: %q, standard error %s", args, out.String(), fault)
	}
	return errOut.String()
}

// into runs a command and decodes what it prints.
func (b *journalBench) into(v any, code int, args ...string) {
	b.Helper()
	if err := json.Unmarshal([]byte(b.cli(code, args...)), v); err != nil {
		b.Fatalf("%v: %v", args, err)
	}
}

// has wants texts in a text.
func (b *journalBench) has(text string, want ...string) {
	b.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			b.Errorf("%q is not in %s", w, text)
		}
	}
}

// said serves the emulated Slack: two questions in a thread, one more, one about a person, a call for a human, and a rating.
func said(t *testing.T) *journalBench {
	t.Helper()
	w, api := world(t, workspace.Options{})
	dir := t.TempDir()
	if err := os.CopyFS(dir, corpus.FS); err != nil {
		t.Fatal(err)
	}
	b := &journalBench{T: t, corpus: dir, getenv: slackEnv(t, api, map[string]string{"KILDESVAR_CORPUS": dir})}
	r := start(t, b.getenv, "serve")
	wait(t, w, "a socket", func() bool { return w.Sockets() > 0 })
	m := askInSlack(t, w, "Hvad er samskabelse?")
	ts := m.Thread
	if _, err := w.Say(anna, channel, "Og hvem kan være med?", ts); err != nil {
		t.Fatal(err)
	}
	wait(t, w, "the second answer", func() bool { return len(replies(w, ts)) == 2 })
	askInSlack(t, w, "Hvad er et partnerskab?")
	askInSlack(t, w, "Hvad skal jeg gøre med borgeren Lars Hansen?")
	if err := w.Click(anna, channel, m.TS, "eskaler"); err != nil {
		t.Fatal(err)
	}
	wait(t, w, "the card", func() bool { return len(w.Messages(workspace.DefaultExpertChannel)) > 0 })
	if err := w.Feedback(anna, channel, m.TS, "positive"); err != nil {
		t.Fatal(err)
	}
	poll(t, "the rating", func() bool {
		_, body := fetch(t, r.base+"/metrics")
		return strings.Contains(body, `kildesvar_feedback_total{rating="up"} 1`)
	})
	r.end()
	return b
}

// TestJournalCommands follows what was said in Slack through all the commands.
func TestJournalCommands(t *testing.T) {
	b := said(t)
	var first chain.Report
	b.into(&first, exitDone, "journal", "verify", "--json")
	if len(first.Problems) > 0 || first.Rows != 6 || first.Head.Seq < 6 {
		t.Fatalf("%+v", first)
	}
	b.has(b.cli(exitDone, "journal", "verify", "--head", first.Head.Hash), "Alt er, som det blev skrevet", "Kontroltallet fra --head passer", first.Head.Hash)
	b.has(b.cli(exitProblems, "journal", "verify", "--head", strings.Repeat("0", 64)), "kontroltallet fra --head findes ikke", "ikke, som den blev skrevet")
	b.has(b.cli(exitUsage, "journal", "verify", "--head", "abc"), "64 tegn")

	questions := b.exported()
	b.replaySame(questions)
	b.articlesChange(questions)
	b.tampered(questions[0].ID)
	b.erased(first)
}

// exported checks the export of one person against that of all.
func (b *journalBench) exported() (questions []exportedQuestion) {
	b.Helper()
	all, own, nobody := b.cli(exitDone, "journal", "export", "--all"), b.cli(exitDone, "journal", "export", anna), b.cli(exitDone, "journal", "export", "U0INGEN")
	if all != own || nobody != "" {
		b.Errorf("all:\n%s\nanna:\n%s\nnobody:\n%s", all, own, nobody)
	}
	types := map[string]int{}
	for line := range strings.Lines(own) {
		var q exportedQuestion
		if err := json.Unmarshal([]byte(line), &q); err != nil {
			b.Fatalf("%v: %s", err, line)
		}
		if types[q.Type]++; q.Type == "question" {
			questions = append(questions, q)
		}
	}
	if types["question"] != 4 || types["escalation"] != 1 || types["rating"] != 1 {
		b.Fatalf("lines %v", types)
	}
	q := questions[0]
	if q.Question != "Hvad er samskabelse?" || q.Facts == nil || q.Facts.Program != programVersion() || q.Facts.Mode != "extractive" || len(q.Facts.Sources) == 0 ||
		q.Posted == nil || q.AnsweredAt == nil || !json.Valid(q.Answer) {
		b.Errorf("%+v, facts %+v", q, q.Facts)
	}
	if h := questions[1].Facts.History; len(h) != 1 || h[0] != q.ID {
		b.Errorf("history of the second question in the thread: %v", h)
	}
	b.has(b.cli(exitUsage, "journal", "export"), "én person")
	b.has(b.cli(exitUsage, "journal", "export", "--all", anna), "ingen argumenter")
	return questions
}

// replaySame: with the same articles and program every answer is the same again.
func (b *journalBench) replaySame(questions []exportedQuestion) {
	b.Helper()
	for _, q := range questions {
		var r replayed
		b.into(&r, exitDone, "journal", "replay", "--json", q.ID)
		if !r.Identical || !r.SameGeneration || !r.SameProgram || !r.WholeHistory || len(r.Changes) > 0 {
			b.Errorf("%s: %+v", q.Question, r)
		}
	}
	b.has(b.cli(exitDone, "journal", "replay", questions[1].ID), "Artiklerne er de samme", "Svaret er det samme.")
	b.has(b.cli(exitFailed, "journal", "replay", "01UKENDT"), "findes ikke i journalen")
	b.has(b.cli(exitUsage, "journal", "replay"), "ét id")
	b.has(b.cli(exitDone, "journal", "stale"), "0 af 4 svar")
}

// articlesChange edits the first answer's article, and then takes it away.
func (b *journalBench) articlesChange(questions []exportedQuestion) {
	b.Helper()
	q := questions[0]
	article, _, _ := strings.Cut(q.Facts.Sources[0].Passage, "#")
	file := filepath.Join(b.corpus, article+".md")
	text, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	write := func(s string) {
		b.Helper()
		if err := os.WriteFile(file, []byte(s), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	defer write(string(text))
	write(strings.ReplaceAll(string(text), "ligeværdige", "jævnbyrdige"))
	var r staleReport
	b.into(&r, exitDone, "journal", "stale", "--json")
	if len(r.Stale) == 0 || r.Stale[0].ID != q.ID || len(r.Stale[0].Changed) == 0 || len(r.Stale[0].Gone) > 0 || r.Generation == q.Facts.Generation || r.Checked != 4 {
		b.Errorf("stale: %+v", r)
	}
	b.has(b.cli(exitDone, "journal", "stale"), "»Hvad er samskabelse?«", "ændret: "+q.Facts.Sources[0].Passage, "af 4 svar")
	out := b.cli(exitDone, "journal", "replay", q.ID)
	b.has(out, "Artiklerne er ændret", "ændret kilde: ", "− ", "+ ", "jævnbyrdige", "Svaret er et andet.")
	var again replayed
	b.into(&again, exitDone, "journal", "replay", "--json", q.ID)
	if again.SameGeneration || again.Identical || len(again.Changes) == 0 || len(again.Changed) == 0 {
		b.Errorf("replay: %+v", again)
	}
	_, section, _ := strings.Cut(q.Facts.Sources[0].Passage, "#")
	section, _, _ = strings.Cut(section, ".")
	write(strings.ReplaceAll(string(text), "\n### ", "\n### Nyt: "))
	r = staleReport{}
	b.into(&r, exitDone, "journal", "stale", "--json")
	if len(r.Stale) == 0 || len(r.Stale[0].Gone) == 0 || !strings.Contains(r.Stale[0].Gone[0], section) {
		b.Errorf("stale: %+v", r)
	}
	b.has(b.cli(exitDone, "journal", "stale"), "findes ikke mere: ")
}

// tampered changes an answer behind the program's back.
func (b *journalBench) tampered(id string) {
	b.Helper()
	db, err := sql.Open("sqlite", filepath.Join(b.getenv("KILDESVAR_DATA"), journal.File))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	exec := func(statement string, args ...any) {
		b.Helper()
		if _, err := db.ExecContext(b.Context(), statement, args...); err != nil {
			b.Fatal(err)
		}
	}
	exec(`UPDATE questions SET answer = replace(answer, 'amskabelse', 'amarbejde') WHERE id = $1`, id)
	b.has(b.cli(exitProblems, "journal", "verify"), "svaret på "+id+": indholdet er ændret, efter at det blev skrevet", "1 fejl")
	// An answer that says something else than the program would is told apart from one whose articles have changed.
	b.has(b.cli(exitProblems, "journal", "replay", id), "Svaret er et andet.", "Det skulle have været det samme")
	exec(`UPDATE questions SET answer = replace(answer, 'amarbejde', 'amskabelse') WHERE id = $1`, id)
	var r chain.Report
	if b.into(&r, exitDone, "journal", "verify", "--json"); len(r.Problems) > 0 {
		b.Errorf("put right: %+v", r)
	}
}

// erased prunes and forgets. The head noted before holds on.
func (b *journalBench) erased(before chain.Report) {
	b.Helper()
	b.has(b.cli(exitDone, "journal", "prune", "--older-than", "1d"), "Intet er fra før")
	b.has(b.cli(exitUsage, "journal", "prune", "--older-than", "0d"), "--older-than")
	b.has(b.cli(exitUsage, "journal", "forget"), "én person")
	b.has(b.cli(exitUsage, "journal", "forget", " "), "én person")
	b.has(b.cli(exitDone, "journal", "forget", "U0INGEN"), "ikke gemt noget")
	b.has(b.cli(exitDone, "journal", "forget", anna), "4 spørgsmål med svar", "1 vurdering", "1 henvendelse")
	b.has(b.cli(exitDone, "journal", "verify", "--head", before.Head.Hash), "Alt er, som det blev skrevet", "6 poster er slettet", "er 0 ændret og 6 slettet")
	if out := b.cli(exitDone, "journal", "export", "--all"); out != "" {
		b.Errorf("left: %s", out)
	}
	for _, name := range list(b.T, b.getenv("KILDESVAR_DATA")) {
		if !strings.Contains(filepath.Base(name), journal.File) {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		if bytes.Contains(data, []byte("Hvad er samskabelse?")) || bytes.Contains(data, []byte(anna)) {
			b.Errorf("%s holds a question or a name", name)
		}
	}
}

// TestRetentionSetting: what cannot be a time is told before anything starts.
func TestRetentionSetting(t *testing.T) {
	_, api := world(t, workspace.Options{})
	for v, ok := range map[string]bool{"90d": true, "1d": true, "36500d": true, keepForever: true, "90": false, "0d": false, "-5d": false, "36501d": false, "d": false, "12h": false} {
		b := &journalBench{T: t, getenv: slackEnv(t, api, map[string]string{"KILDESVAR_RETENTION": v})}
		if ok {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if code := run(ctx, []string{"serve"}, env{stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}, getenv: b.getenv}); code != exitDone {
				t.Errorf("%s: exit code %d", v, code)
			}
		} else {
			b.has(b.cli(exitUsage, "serve"), "KILDESVAR_RETENTION", "90d")
			b.has(b.cli(exitUsage, "journal", "prune"), "KILDESVAR_RETENTION")
		}
	}
	b := &journalBench{T: t, getenv: slackEnv(t, api, map[string]string{"KILDESVAR_RETENTION": keepForever})}
	b.has(b.cli(exitUsage, "journal", "prune"), "altid")
}

// TestUpkeep: serve prunes soon after its start and then every night, goes on after a failure, and stops when it is asked to.
func TestUpkeep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		var at, before []time.Time
		fail := errors.New("another connection is reading the file")
		u := upkeep{keep: 90 * 24 * time.Hour, log: slog.New(slog.NewTextHandler(&log, nil)), prune: func(ctx context.Context, b time.Time) (journal.Erased, error) {
			at, before = append(at, time.Now()), append(before, b)
			if _, bounded := ctx.Deadline(); !bounded {
				t.Error("pruning without a limit")
			}
			if len(at) == 2 {
				return journal.Erased{Questions: 3}, fail
			}
			return journal.Erased{Questions: 7, Ratings: 2}, nil
		}}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		start := time.Now()
		go func() { defer close(done); u.run(ctx) }()
		time.Sleep(3*24*time.Hour + 12*time.Hour)
		cancel()
		<-done
		if len(at) < 5 || !at[0].Equal(start.Add(pruneDelay)) || at[1].Hour() != pruneHour || !at[2].Equal(at[1].Add(pruneAgain)) || at[3].Hour() != pruneHour {
			t.Errorf("pruned at %v", at)
		}
		for i := range at {
			if !before[i].Equal(at[i].Add(-u.keep)) {
				t.Errorf("pruned before %v at %v", before[i], at[i])
			}
		}
		for _, want := range []string{"questions=7 ratings=2", "journal not pruned", "3 questions pruned"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("%q is not in the log: %s", want, log.String())
			}
		}
	})
}

// TestUntilHour: the night comes, in winter and in summer and where an hour is missing.
func TestUntilHour(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Copenhagen") // built in
	if err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string]time.Duration{"2026-11-25 02:59": time.Minute, "2026-11-25 03:00": 24 * time.Hour, "2026-11-25 12:00": 15 * time.Hour,
		"2026-03-28 04:00": 22 * time.Hour, "2026-10-24 04:00": 24 * time.Hour, "2026-12-31 23:00": 4 * time.Hour} {
		at, err := time.ParseInLocation("2006-01-02 15:04", now, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := untilHour(at, 3); got != want {
			t.Errorf("%s: %v, want %v", now, got, want)
		}
	}
}

// TestJournalProblems: every rule and every kind has its words.
func TestJournalProblems(t *testing.T) {
	for _, rule := range []chain.Rule{chain.Missing, chain.Changed, chain.Unknown, chain.Misplaced, chain.HeadWrong, chain.NotedGone, chain.Differs, chain.Lost,
		chain.Unrecorded, chain.SaltGone, chain.SaltLeft} {
		if ruleTexts[rule] == "" {
			t.Errorf("no words for %s", rule)
		}
	}
	for _, kind := range []string{"answer", "rating", "escalation", chain.Erased} {
		if got := problemText(chain.Problem{Seq: 3, Rule: chain.Differs, Kind: kind, Subject: "01X"}); !strings.HasPrefix(got, "post 3, ") || !strings.Contains(got, "01X: indholdet") {
			t.Errorf("%s: %s", kind, got)
		}
	}
	var missing *fs.PathError
	if err := (journalError{"/x", &fs.PathError{Op: "stat", Path: "/x", Err: fs.ErrNotExist}}); !errors.As(err, &missing) {
		t.Error("the reason is lost")
	}
	for _, err := range []error{journal.ErrFull, journal.ErrDamaged, journal.ErrReadOnly, journal.ErrNewer, fs.ErrNotExist} {
		if text, code := inDanish(journalError{"/x", err}); code != exitFailed || strings.Contains(text, "kan ikke åbnes (") || !strings.Contains(text, " – ") {
			t.Errorf("%v: %s", err, text)
		}
		if text, code := inDanish(eraseError{err}); code != exitFailed || !strings.Contains(text, "igen") {
			t.Errorf("erase, %v: %s", err, text)
		}
	}
}
