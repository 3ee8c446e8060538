package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kildesvar/corpus"
	"kildesvar/internal/answer/answertest"
	"kildesvar/internal/workspace"
)

var (
	// slackForm is what Slack acts on: mentions, broadcasts, channels and links of its own form.
	slackForm = regexp.MustCompile(`<[@!#][^>]*>|<[a-z]+:[^>|]*`)
	// allowedForm is what the assistant makes of that kind itself.
	allowedForm = regexp.MustCompile(`^<(https://vidensportal\.dk/|@U0[A-Z0-9]+>|https://demo\.slack\.com/|!date\^)`)
	// markdownForm is a link in Markdown.
	markdownForm = regexp.MustCompile(`[^\\]\]\((?:https?:)?[^)]*`)
)

// actedOn lists what Slack would act on in the arguments of a call, besides what the assistant makes itself.
func actedOn(t *testing.T, args map[string]string) (out []string) {
	t.Helper()
	look := func(s string, markdown bool) {
		for _, m := range slackForm.FindAllString(s, -1) {
			if !allowedForm.MatchString(m) {
				out = append(out, m)
			}
		}
		for _, m := range markdownForm.FindAllString(s, -1) {
			if markdown && !strings.Contains(m, "](https://vidensportal.dk/") {
				out = append(out, m)
			}
		}
	}
	see := func(v any) {
		x, _ := v.(map[string]any)
		kind, _ := x["type"].(string)
		if s, isText := x["text"].(string); isText && kind != "plain_text" {
			look(s, kind == "markdown")
		}
	}
	for name, s := range args {
		var v any
		switch {
		case name == "text":
			look(s, false)
		case strings.Contains(name, "markdown"):
			look(s, true)
		case json.Unmarshal([]byte(s), &v) == nil:
			answertest.Walk(v, see)
		}
	}
	return out
}

// attackedCorpus is the built-in corpus with articles in which the texts are planted, as far as an article may hold them.
func attackedCorpus(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "korpus")
	if err := os.CopyFS(dir, corpus.FS); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "naboskab"), 0o700); err != nil {
		t.Fatal(err)
	}
	var body strings.Builder
	var items []string
	for i, in := range answertest.Injections(answertest.Article, answertest.Title, answertest.Heading, answertest.Literature) {
		text := strings.NewReplacer("[@", "(@").Replace(in.Text) // a citation of nothing is refused when the corpus is read
		raw, err := json.Marshal(in.Text)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&body, "## Naboskab nummer %d %s\n\n<!-- svarer på: Hvad er naboskab nummer %d? -->\n\nNaboskab nummer %d er en god ting. %s [@k%d]\n\n", i, strings.ReplaceAll(text, "\n", " "), i, i, text, i)
		items = append(items, fmt.Sprintf(`{"id": "k%d", "type": "book", "title": %s}`, i, raw))
	}
	title, err := json.Marshal("Naboskab <!channel> [klik](https://ond.example)")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"naboskab.md":     "---\ntitle: " + string(title) + "\nurl: https://vidensportal.dk/naboskab\n---\n\n" + body.String(),
		"litteratur.json": "[" + strings.Join(items, ",") + "]",
	} {
		if err := os.WriteFile(filepath.Join(dir, "naboskab", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestInjectionsInSlack runs the service over articles in which the attacks are planted, among people who are called after them and write them in
// direct messages, commands and threads: whatever goes out to Slack calls nobody, links nowhere else and unfolds nothing.
func TestInjectionsInSlack(t *testing.T) {
	users := []workspace.User{{ID: anna, Name: "anna"}, {ID: "U0BO", Name: "bo"}}
	for i, in := range answertest.Injections(answertest.DisplayName) {
		users = append(users, workspace.User{ID: fmt.Sprintf("U0OND%d", i), Name: in.Text, RealName: in.Text})
	}
	members := []string{"U0KILDE"}
	for _, u := range users {
		members = append(members, u.ID)
	}
	w, api := world(t, workspace.Options{Users: users, Channels: []workspace.Channel{{ID: channel, Name: "frivillig-viden", Members: members},
		{ID: workspace.DefaultExpertChannel, Name: "fagpersoner", Members: []string{"U0KILDE", "U0BO"}}}})
	r := start(t, slackEnv(t, api, map[string]string{"KILDESVAR_CORPUS": attackedCorpus(t)}), "serve")
	poll(t, "readiness", func() bool { code, _ := fetch(t, r.base+"/readyz"); return code == http.StatusOK })
	texts := answertest.Injections(answertest.Question, answertest.Article)
	asked := 0
	for i, u := range users[2:] {
		q := texts[(i*7)%len(texts)].Text
		if _, err := w.Say(u.ID, w.DM(u.ID), "Hvad er naboskab nummer "+fmt.Sprint(i*9)+"? "+q, ""); err != nil {
			t.Fatal(err)
		}
		if err := w.Slash(u.ID, channel, "/kilde", "Hvad er samskabelse? "+q); err != nil {
			t.Fatal(err)
		}
		asked++
	}
	root, err := w.Say("U0BO", channel, "En tråd om samskabelse", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range answertest.Injections(answertest.Thread) {
		if _, err := w.Say("U0BO", channel, in.Text, root); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Say(anna, channel, mention+"hvad er naboskab nummer 30?", root); err != nil {
		t.Fatal(err)
	}
	wait(t, w, "all answers", func() bool {
		n := 0
		for _, u := range users[2:] {
			for _, m := range w.Messages(w.DM(u.ID)) {
				if m.Bot {
					n++
					break
				}
			}
			n += min(len(w.Ephemerals(u.ID)), 1)
		}
		return n == 2*asked && len(replies(w, root)) > 0
	})
	r.end()
	looked, theirs := 0, 0
	for _, c := range w.Calls("") {
		if !strings.HasPrefix(c.Method, "chat.") && c.Method != "response_url" && !strings.HasPrefix(c.Method, "views.") {
			continue
		}
		looked++
		for _, m := range actedOn(t, c.Args) {
			t.Errorf("%s: Slack acts on %q", c.Method, m)
		}
		if unfurl := c.Args["unfurl_links"] + c.Args["unfurl_media"]; c.Method == "chat.postMessage" && unfurl != "falsefalse" {
			t.Errorf("%s unfolds links: %q", c.Method, unfurl)
		}
		for _, s := range c.Args {
			if strings.Contains(s, "Naboskab nummer") {
				theirs++
				break
			}
		}
	}
	for _, u := range users[2:] {
		for _, m := range w.Ephemerals(u.ID) {
			looked++
			for _, x := range actedOn(t, map[string]string{"text": m.Text, "blocks": string(m.Blocks)}) {
				t.Errorf("a private answer: Slack acts on %q", x)
			}
		}
	}
	if looked < 3*asked || theirs < 3 {
		t.Errorf("looked at %d calls, %d quote the planted articles", looked, theirs)
	}
	for _, p := range w.Problems() {
		t.Errorf("Slack would mind: %+v", p)
	}
	if len(actedOn(t, map[string]string{"text": "<!here>", "blocks": `[{"type":"markdown","text":"a [b](https://ond.example)"}]`})) != 2 {
		t.Error("this test sees nothing")
	}
}
