package slackbot

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kildesvar/internal/privacy"
	"kildesvar/internal/workspace"
	"kildesvar/internal/workspace/delivery"
)

// live are the signs of a text that Slack would act on: mentions, broadcasts, links of Slack's own form.
var live = regexp.MustCompile(`<[@!#][^>]*>|<https?:[^>|]*`)

// unseen are characters that a reader cannot see.
var unseen = regexp.MustCompile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

// harmless checks all formatted text in blocks or a view. allowed are parts of mentions and links that the assistant makes itself.
func (b *bench) harmless(what string, raw json.RawMessage, text string, allowed ...string) {
	b.t.Helper()
	b.checkLive(what, text, allowed)
	if unseen.MatchString(string(raw)) || unseen.MatchString(text) {
		b.t.Errorf("%s: invisible characters", what)
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
	b.walk(what, v, allowed)
}

func (b *bench) walk(what string, v any, allowed []string) {
	switch x := v.(type) {
	case []any:
		for _, e := range x {
			b.walk(what, e, allowed)
		}
	case map[string]any:
		if kind, _ := x["type"].(string); kind == "mrkdwn" || kind == "markdown" {
			s, _ := x["text"].(string)
			b.checkLive(what, s, allowed)
			if kind == "markdown" && strings.Contains(s, "](https://ond.dk") {
				b.t.Errorf("%s: a link of others is live: %s", what, s)
			}
			if kind == "mrkdwn" && x["verbatim"] != true {
				b.t.Errorf("%s: not verbatim: %s", what, s)
			}
		}
		for _, e := range x {
			b.walk(what, e, allowed)
		}
	}
}

func (b *bench) checkLive(what, s string, allowed []string) {
	for _, m := range live.FindAllString(s, -1) {
		good := false
		for _, a := range allowed {
			good = good || strings.Contains(m, a)
		}
		if !good {
			b.t.Errorf("%s: %q is live in %.300s", what, m, s)
		}
	}
}

// TestHostileTextStaysText: whatever people, articles, models and experts write, nobody is called, nothing is linked, nothing is hidden.
func TestHostileTextStaysText(t *testing.T) {
	everywhere(t, setup{}, func(t *testing.T, b *bench) {
		ours := []string{"https://vidensportal.dk", "https://demo.slack.com", anna, boUser, "!date^"}
		ask := "Hvad er ondt? " + hostile
		m := b.one(channel, b.say(anna, channel, "<@"+botUser+"> "+ask, ""))
		b.harmless("answer", m.Blocks, m.Text, "https://vidensportal.dk")
		dm := b.DM(anna)
		d := b.one(dm, b.say(anna, dm, ask, ""))
		b.harmless("streamed answer", d.Blocks, d.Text, "https://vidensportal.dk")
		for _, action := range []string{"vis_uddrag", "kopier_henvisning"} {
			must(t, b.Click(boUser, channel, m.TS, action))
			v := b.modal(boUser)
			b.harmless(action, v.Blocks, "", "https://vidensportal.dk")
			must(t, b.CloseView(boUser, v.ID))
		}
		must(t, b.Slash(anna, channel, "/kilde", ask))
		b.until("private answer", func() bool { return len(b.Ephemerals(anna)) == 1 })
		e := b.Ephemerals(anna)[0]
		b.harmless("private answer", e.Blocks, e.Text, "https://vidensportal.dk")
		must(t, b.Click(anna, channel, m.TS, "eskaler"))
		b.until("card", func() bool { return len(b.Messages(experts)) == 1 })
		c := b.Messages(experts)[0]
		b.harmless("card", c.Blocks, c.Text, ours...)
		b.quiet()
		b.say(boUser, experts, "Se her: <b>&lt;!here&gt; \u202eom\u202c https://ond.dk/x", c.TS)
		b.until("relay", func() bool { return len(b.answers(channel, m.Thread)) == 2 })
		r := b.answers(channel, m.Thread)[1]
		b.harmless("relay", r.Blocks, r.Text, ours...)
		must(t, b.OpenHome(anna, "home"))
		b.until("home page", func() bool { _, ok := b.HomeView(anna); return ok })
		v, _ := b.HomeView(anna)
		b.harmless("home page", v.Blocks, "", append(ours, botUser)...)
		if q := b.asker.questions()[0]; unseen.MatchString(q) || !strings.Contains(q, "@channel") {
			t.Errorf("asked %q", q)
		}
		b.sound()
	})
}

// TestCPRIsKeptNowhere: a CPR number in a question, a remark or an expert's reply is in no file and no log, and goes to nobody.
func TestCPRIsKeptNowhere(t *testing.T) {
	everywhere(t, setup{}, func(t *testing.T, b *bench) {
		const cpr, bare = "010190-1234", "0101901234"
		ts := b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse for "+cpr+"?", "")
		m := b.one(channel, ts)
		b.has(m, "bestemt person", "CPR-nummer", "eskaler")
		dm := b.DM(anna)
		b.one(dm, b.say(anna, dm, "Må "+bare+" være frivillig?", ""))
		must(t, b.Slash(anna, channel, "/kilde", "Gælder det "+cpr+"?"))
		b.until("private answer", func() bool { return len(b.Ephemerals(anna)) == 1 })
		b.quiet()
		b.say(anna, channel, "Og hvad med "+bare+"?", ts)
		b.until("follow-up", func() bool { return len(b.answers(channel, ts)) == 2 })
		root := b.say(boUser, channel, "Hvordan er det med "+cpr+"?", "")
		must(t, b.Shortcut(boUser, channel, root, "besvar_besked"))
		b.until("private answer", func() bool { return len(b.Ephemerals(boUser)) == 1 })
		must(t, b.Feedback(anna, channel, m.TS, "negative"))
		v := b.modal(anna)
		must(t, b.SubmitView(anna, v.ID, map[string]map[string]string{"kommentar": {"kommentar": "Det handler om " + cpr}}))
		b.until("modal closed", func() bool { return len(b.Views(anna)) == 0 })
		must(t, b.Click(anna, channel, m.TS, "eskaler"))
		b.until("card", func() bool { return len(b.Messages(experts)) == 1 })
		b.quiet()
		b.say(boUser, experts, "Sagen om "+cpr+" er lukket.", b.Messages(experts)[0].TS)
		b.until("relay", func() bool { return len(b.answers(channel, ts)) == 3 })
		b.quiet()
		must(t, b.stop())
		for _, q := range b.asker.questions() {
			if strings.Contains(q, cpr) || strings.Contains(q, bare) {
				t.Errorf("asked with the number: %q", q)
			}
		}
		for _, place := range []string{channel, dm, experts} {
			for _, m := range b.Messages(place) {
				if s := blocks(m) + m.Text; m.Bot && (strings.Contains(s, cpr) || strings.Contains(s, bare)) {
					t.Errorf("the assistant says it: %s", m.Text)
				}
			}
		}
		files, err := filepath.Glob(filepath.Join(b.folder, "*"))
		must(t, err)
		kept := map[string]string{"log": b.log.String()}
		for _, f := range files {
			raw, err := os.ReadFile(f)
			must(t, err)
			kept[filepath.Base(f)] = string(raw)
		}
		if len(kept) < 2 || len(kept["journal.db"]) == 0 {
			t.Errorf("files %v", files)
		}
		for name, s := range kept {
			if strings.Contains(s, cpr) || strings.Contains(s, bare) {
				t.Errorf("%s holds the number", name)
			}
		}
		b.sound()
	})
}

// TestTroubleTellsNothing: personal data of every kind is in no file, log or call when answering panics or fails, deliveries are
// broken, and Slack refuses what is posted. What the assistant knows to be no secret stays.
func TestTroubleTellsNothing(t *testing.T) {
	t.Parallel()
	const all = "010190-4871, de sidste fire er 6391, Karen Kanariefugl har søgt, født 17. august 1951, tlf. 20 31 47 59, mette.kanarie@fuglebur.dk, Kanariestræde 47, 3. tv, " +
		"reg.nr. 5479 konto 0004718293, sagsnr. 24/918273, nummerplade AB 47 913, pasnr. 309471826"
	faults := []delivery.Fault{{Malformed: true}, {Duplicate: true}, {Unknown: true}, {DropSocket: true}}
	b := start(t, setup{world: workspace.Options{
		DeliveryFault: func(_ string, n int) delivery.Fault { return faults[n%len(faults)] },
		CallFault: func(m string, n int) workspace.CallFault {
			return fault(m == "chat.postMessage" && n%3 == 1, workspace.CallFault{Error: "invalid_blocks"})
		},
	}, config: func(c *Config) { c.Privacy.Keep = func(v string) bool { return v == "66 14 60 61" } }})
	b.has(b.one(channel, b.say(anna, channel, "<@"+botUser+"> Er der panik om "+all+"?", "")), "Der gik noget galt")
	b.asker.failWith(errors.New("the index is gone"))
	b.has(b.one(channel, b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse for "+all+"?", "")), "Der gik noget galt")
	b.asker.failWith(nil)
	b.one(channel, b.say(anna, channel, "<@"+botUser+"> Hvad er samskabelse på 66 14 60 61 for "+all+"?", ""))
	b.quiet()
	kept := map[string]string{}
	read := func() {
		files, err := filepath.Glob(filepath.Join(b.folder, "*"))
		must(t, err)
		for _, f := range files {
			raw, err := os.ReadFile(f)
			must(t, err)
			kept[filepath.Base(f)] += string(raw)
		}
	}
	read()
	must(t, b.stop())
	read()
	kept["log"] = b.log.String()
	for _, c := range b.Calls("") {
		raw, err := json.Marshal(c.Args)
		must(t, err)
		kept["calls"] += string(raw)
	}
	kept["asked"] = strings.Join(b.asker.questions(), "\n")
	for name, s := range kept {
		for _, secret := range []string{"010190-4871", "0101904871", "fire er 6391", "Kanarie", "17. august 1951", "20 31 47 59", "20314759", "kanarie", "fuglebur", "4718293", "918273", "47 913", "309471826"} {
			if strings.Contains(s, secret) {
				t.Errorf("%s holds %q", name, secret)
			}
		}
	}
	if len(kept) < 4 || !strings.Contains(kept["log"], "panicked") || !strings.Contains(kept["asked"], "på 66 14 60 61 for "+privacy.CPRMask) {
		t.Errorf("looked at %d places; asked %q", len(kept), kept["asked"])
	}
}

// TestRefusedBlocksStaySafe: the simpler forms are as safe as the rich one.
func TestRefusedBlocksStaySafe(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 2; n++ {
		b := start(t, setup{world: workspace.Options{CallFault: func(m string, i int) workspace.CallFault {
			return fault(m == "chat.postMessage" && i <= n, workspace.CallFault{Error: "invalid_blocks"})
		}}})
		m := b.one(channel, b.say(anna, channel, "<@"+botUser+"> Hvad er ondt? "+hostile, ""))
		raw := m.Blocks
		if len(raw) == 0 {
			raw = json.RawMessage("[]")
		}
		b.harmless("simpler answer", raw, m.Text, "https://vidensportal.dk")
		must(t, b.stop())
	}
}
