package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kildesvar/corpus"
	"kildesvar/internal/workspace"
)

// canaries are invented personal data of every kind, with what to look for: the value in each spelling that could be written.
var canaries = []struct {
	text    string
	needles []string
}{
	{"010190-4871", []string{"010190-4871", "0101904871", "010190 4871"}},
	{"de sidste fire er 6391", []string{"fire er 6391"}},
	{"Karen Kanariefugl har søgt", []string{"kanariefugl"}},
	{"født 17. august 1951", []string{"17. august 1951", "170851", "1951-08-17"}},
	{"tlf. 20 31 47 59", []string{"20 31 47 59", "20314759", "2031 4759", "20-31-47-59"}},
	{"mette.kanarie@fuglebur.dk", []string{"mette.kanarie", "fuglebur"}},
	{"Kanariestræde 47, 3. tv, 8270 Højbjerg", []string{"kanariestr", "8270 h"}},
	{"reg.nr. 5479 konto 0004718293", []string{"0004718293", "4718293"}},
	{"sagsnr. 24/918273", []string{"918273"}},
	{"nummerplade AB 47 913", []string{"ab 47 913", "ab47913"}},
	{"pasnr. 309471826", []string{"309471826"}},
}

// planted is the display name and the corpus folder's name.
var planted = []string{"visningsnavn", "020280-5555", "0202805555", "030370-6666", "0303706666"}

// everything is all canaries in one sentence.
func everything() string {
	var all []string
	for _, c := range canaries {
		all = append(all, c.text)
	}
	return strings.Join(all, ", og ")
}

// flown reports each canary that stands in what was written or sent.
func flown(t *testing.T, where, text string) {
	t.Helper()
	lower := strings.ToLower(text)
	needles := slices.Clone(planted)
	for _, c := range canaries {
		needles = append(needles, c.needles...)
	}
	for _, n := range needles {
		if i := strings.Index(lower, n); i >= 0 {
			t.Errorf("%s holds %q: …%.120q", where, n, lower[max(0, i-40):])
		}
	}
}

// flownFiles looks into every file of a folder and at its name.
func flownFiles(t *testing.T, dir string) (files int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files++
		flown(t, name, filepath.Base(name)+string(data))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// canaryCorpus is the built-in corpus in a folder that is called after a person.
func canaryCorpus(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "sag 030370-6666")
	if err := os.CopyFS(dir, corpus.FS); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestCanariesInSlack plants personal data of every kind wherever a person can write in Slack, and looks for it in all that the
// assistant writes and sends.
func TestCanariesInSlack(t *testing.T) {
	const boUser, experts = "U0BO", workspace.DefaultExpertChannel
	w, api := world(t, workspace.Options{Users: []workspace.User{{ID: anna, Name: "visningsnavn", RealName: "Ditte Visningsnavn 020280-5555", Email: "visningsnavn@fuglebur.dk"},
		{ID: boUser, Name: "bo"}, {ID: "U0CLARA", Name: "clara"}}})
	getenv := slackEnv(t, api, map[string]string{"KILDESVAR_CORPUS": canaryCorpus(t)})
	r := start(t, getenv, "serve", "--log-level=debug", "--log-format=json")
	poll(t, "readiness", func() bool { code, _ := fetch(t, r.base+"/readyz"); return code == http.StatusOK })
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	say := func(user, channel, text, thread string) string {
		t.Helper()
		ts, err := w.Say(user, channel, text, thread)
		must(err)
		return ts
	}
	for i, c := range canaries { // each by itself: its neighbours must not be what gives it away
		must(w.Slash(anna, channel, "/kilde", "Hvad er samskabelse? "+c.text))
		wait(t, w, "a private answer", func() bool { return len(w.Ephemerals(anna)) == i+1 })
		if m := w.Ephemerals(anna)[i]; !strings.Contains(string(m.Blocks), "Slet også din besked") {
			t.Errorf("%q: the asker is not told: %s", c.text, m.Blocks)
		}
	}
	all := everything()
	first := say(anna, channel, mention+"Hvad er samskabelse? "+all, "")
	wait(t, w, "an answer", func() bool { return len(replies(w, first)) == 1 })
	say(anna, channel, "Og hvad så med "+all+"?", first)
	wait(t, w, "a follow-up", func() bool { return len(replies(w, first)) == 2 })
	// In a thread where others have written before.
	root := say(boUser, channel, "Vi taler om "+all, "")
	say(boUser, channel, "Ja, "+all, root)
	say(anna, channel, mention+"hvad er samskabelse så?", root)
	wait(t, w, "an answer in others' thread", func() bool { return len(replies(w, root)) == 1 })
	must(w.Shortcut(boUser, channel, root, "besvar_besked"))
	wait(t, w, "a private answer", func() bool { return len(w.Ephemerals(boUser)) == 1 })
	dm := w.DM(anna)
	say(anna, dm, "Hvad er et partnerskab? "+all, "")
	wait(t, w, "a streamed answer", func() bool {
		return slices.ContainsFunc(w.Messages(dm), func(m workspace.Message) bool { return m.Bot })
	})
	answered := replies(w, first)[0]
	must(w.Feedback(anna, channel, answered.TS, "negative"))
	wait(t, w, "the form", func() bool { return len(w.Views(anna)) == 1 })
	must(w.SubmitView(anna, w.Views(anna)[0].ID, map[string]map[string]string{"kommentar": {"kommentar": all}}))
	wait(t, w, "the form's end", func() bool { return len(w.Views(anna)) == 0 })
	must(w.Click(anna, channel, answered.TS, "eskaler"))
	wait(t, w, "a card and word of it", func() bool {
		return len(w.Messages(experts)) == 1 && slices.ContainsFunc(w.Ephemerals(anna), func(m workspace.Message) bool { return strings.Contains(m.Text+string(m.Blocks), "har sendt dit") })
	})
	// An expert may give a telephone number or an address; the rest is as secret as elsewhere.
	say(boUser, experts, "Sagen er 010190-4871, Karen Kanariefugl har søgt, født 17. august 1951, sagsnr. 24/918273, reg.nr. 5479 konto 0004718293. Ring på 33 11 22 44.", w.Messages(experts)[0].TS)
	wait(t, w, "the expert's words", func() bool {
		return slices.ContainsFunc(replies(w, first), func(m workspace.Message) bool { return strings.Contains(string(m.Blocks)+m.Text, "33 11 22 44") })
	})
	must(w.OpenHome(anna, "home"))
	wait(t, w, "the home page", func() bool { _, ok := w.HomeView(anna); return ok })
	_, metrics := fetch(t, r.base+"/metrics")
	flown(t, "metrics", metrics)
	_, page := fetch(t, r.base+"/")
	flown(t, "web page", page)
	dir := getenv("KILDESVAR_DATA")
	if n := flownFiles(t, dir); n < 3 { // with the write-ahead log, which goes when the service ends
		t.Errorf("only %d files in the data folder", n)
	}
	r.end()
	if n := flownFiles(t, dir); n < 2 {
		t.Errorf("only %d files in the data folder", n)
	}
	flown(t, "log", r.stderr())
	if !strings.Contains(r.stderr(), "question closed") {
		t.Error("the log holds nothing of questions")
	}
	calls := w.Calls("")
	for _, c := range calls {
		raw, err := json.Marshal(c.Args)
		must(err)
		flown(t, c.Method, string(raw)+c.Error)
	}
	if len(calls) < 25 {
		t.Errorf("only %d calls looked at", len(calls))
	}
	t.Logf("%d canaries, %d calls, %d bytes of log", len(canaries), len(calls), len(r.stderr()))
}

// TestCanariesOnTheCommandLine does the same for the commands that take a question and those that keep a file.
func TestCanariesOnTheCommandLine(t *testing.T) {
	home := testEnv(t)
	folder := canaryCorpus(t)
	getenv := func(k string) string {
		if k == "KILDESVAR_CORPUS" {
			return folder
		}
		return home(k)
	}
	all := everything()
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	turns, err := json.Marshal([]map[string]string{{"role": "user", "text": "Hvad er samskabelse? " + all}, {"role": "assistant", "text": all}})
	if err != nil {
		t.Fatal(err)
	}
	quoted, err := json.Marshal("Hvad er samskabelse? " + all)
	if err != nil {
		t.Fatal(err)
	}
	history, wrongRole, broken := write("samtale.json", string(turns)), write("rolle.json", `[{"role":"chef","text":`+string(quoted)+`}]`), write("halv.json", `[{"role":"user","text":`+string(quoted))
	gold := write("guld.yaml", "- id: en\n  question: "+string(quoted)+"\n  audience: nyansat\n  answerable: true\n  articles: [civilsamfund/samskabelse]\n  literature: []\n  facts: []\n  tags: [definition]\n  split: test\n")
	out := filepath.Join(dir, "ud")
	if err := os.Mkdir(out, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args  []string
		stdin string
		code  int
	}{
		"ask":            {args: []string{"ask", "Hvad er samskabelse? " + all}},
		"ask --json":     {args: []string{"ask", "--json", "--history", history, "og hvad så med " + all}},
		"ask -":          {args: []string{"ask", "-"}, stdin: all},
		"too long":       {args: []string{"ask", strings.Repeat(all+" ", 100)}, code: exitUsage},
		"no text":        {args: []string{"ask", all + "\xff"}, code: exitUsage},
		"wrong role":     {args: []string{"ask", "--history", wrongRole, "Hvad er samskabelse?"}, code: exitUsage},
		"broken history": {args: []string{"ask", "--history", broken, "Hvad er samskabelse?"}, code: exitUsage},
		"search":         {args: []string{"search", "--explain", "samskabelse " + all}},
		"search --json":  {args: []string{"search", "--json", "samskabelse " + all}},
		"wrong n":        {args: []string{"search", "-n", "0", all}, code: exitUsage},
		"no command":     {args: []string{all}, code: exitUsage},
		"eval":           {args: []string{"eval", "--questions", gold, "--html", filepath.Join(out, "maaling.html"), "--save", filepath.Join(out, "maaling.json"), "--json"}},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), c.args, env{stdin: strings.NewReader(c.stdin), stdout: &stdout, stderr: &stderr, getenv: getenv})
			if code != c.code {
				t.Errorf("exit code %d, want %d: %s", code, c.code, stderr.String())
			}
			flown(t, "stdout", stdout.String())
			flown(t, "stderr", stderr.String())
			if stdout.Len()+stderr.Len() == 0 {
				t.Error("nothing is said")
			}
		})
	}
	if n := flownFiles(t, home("KILDESVAR_DATA")) + flownFiles(t, out); n < 3 {
		t.Errorf("only %d files looked at", n)
	}
}
