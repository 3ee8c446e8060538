package slackbot

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kildesvar/internal/slackbot/message"
	"kildesvar/internal/slackbot/webapi"
	"kildesvar/internal/workspace"
)

// TestManifest compares what the manifest asks for with what the code does.
func TestManifest(t *testing.T) {
	raw, err := Manifest(ManifestOptions{Examples: []Example{{Audience: "Alle", Questions: []string{"Hvad er et partnerskab?"}}}})
	must(t, err)
	var m struct {
		Features struct {
			Agent struct {
				Description string           `json:"agent_description"`
				Prompts     []map[string]any `json:"suggested_prompts"`
			} `json:"agent_view"`
			Shortcuts []struct {
				ID string `json:"callback_id"`
			} `json:"shortcuts"`
			Commands []struct {
				URL string `json:"url"`
			} `json:"slash_commands"`
		} `json:"features"`
		OAuth struct {
			Scopes struct{ Bot []string } `json:"scopes"`
		} `json:"oauth_config"`
		Settings struct {
			Events struct {
				Bot []string `json:"bot_events"`
			} `json:"event_subscriptions"`
			Socket bool `json:"socket_mode_enabled"`
		} `json:"settings"`
	}
	must(t, json.Unmarshal(raw, &m))
	want := []string{"app_mentions:read", "assistant:write", "channels:history", "channels:read", "chat:write", "commands", "groups:history", "groups:read",
		"im:history", "im:write", "mpim:history", "mpim:read"}
	if !slices.Equal(m.OAuth.Scopes.Bot, want) {
		t.Errorf("scopes %v", m.OAuth.Scopes.Bot)
	}
	if len(m.Settings.Events.Bot) != 9 || !m.Settings.Socket || m.Features.Shortcuts[0].ID != message.Shortcut || len([]rune(m.Features.Agent.Description)) > 300 || len(m.Features.Agent.Prompts) != 2 {
		t.Errorf("manifest %s", raw)
	}
	raw, err = Manifest(ManifestOptions{RequestURL: "https://svar.kommune.dk"})
	must(t, err)
	must(t, json.Unmarshal(raw, &m))
	if m.Settings.Socket || m.Features.Commands[0].URL != "https://svar.kommune.dk/slack/commands" {
		t.Errorf("manifest of HTTP mode %s", raw)
	}
}

// TestScopesAreUsed: every method called is in the table, and every one in the table is called.
func TestScopesAreUsed(t *testing.T) {
	source, err := os.ReadFile(filepath.Join("webapi", "methods.go"))
	must(t, err)
	called := map[string]bool{}
	for _, m := range regexp.MustCompile(`c\.call\(ctx, (\w+),`).FindAllStringSubmatch(string(source), -1) {
		called[m[1]] = true
	}
	if len(called) != len(webapi.Methods) {
		t.Errorf("%d methods are called, %d are in the table", len(called), len(webapi.Methods))
	}
	direct := regexp.MustCompile(`slack\.New\(|\.(Post|Update|Delete|Open|Publish|Get|Set)\w*Context\(`)
	for _, dir := range []string{".", "message", "slacktext"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		must(t, err)
		for _, f := range files {
			text, err := os.ReadFile(f)
			must(t, err)
			if !strings.HasSuffix(f, "_test.go") && direct.Match(text) {
				t.Errorf("%s calls Slack past webapi", f)
			}
		}
	}
}

// TestEveryButtonIsHandled: each action id that is rendered has a handler.
func TestEveryButtonIsHandled(t *testing.T) {
	golden, err := filepath.Glob(filepath.Join("message", "testdata", "*.json"))
	must(t, err)
	found := 0
	for _, f := range golden {
		raw, err := os.ReadFile(f)
		must(t, err)
		for _, m := range regexp.MustCompile(`"type": "(?:button|icon_button|feedback_buttons)",(?s:.*?)"action_id": "(\w+)"`).FindAllStringSubmatch(string(raw), -1) {
			found++
			if clicks[m[1]] == nil && presses[m[1]] == nil && m[1] != message.OpenSource && !strings.HasPrefix(m[1], message.FollowUp) {
				t.Errorf("%s: nobody handles %s", f, m[1])
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d buttons found", found)
	}
}

// TestEverySubscriptionIsHandled has each subscribed event happen in the workspace: it is delivered, its handler does its work, and the
// scopes of the manifest suffice for all that follows.
func TestEverySubscriptionIsHandled(t *testing.T) {
	all := []string{anna, boUser, botUser}
	world := workspace.Options{Channels: []workspace.Channel{{ID: channel, Name: "aaben", Members: all}, {ID: experts, Name: "ekspert", Members: all},
		{ID: "G0LUKKET", Name: "lukket", Private: true, Members: all}, {ID: "G0GRUPPE", Name: "gruppe", MPIM: true, Members: all}, {ID: "C0NY", Name: "ny", Members: []string{anna}}}}
	everywhere(t, setup{world: world}, func(t *testing.T, b *bench) {
		for _, where := range []string{channel, "G0LUKKET", "G0GRUPPE"} {
			ts := b.ask(where)
			b.one(where, ts)
			b.say(anna, where, "Hvad med frivillige?", ts)
			b.until("follow-up in "+where, func() bool { return len(b.answers(where, ts)) == 2 })
		}
		dm := b.DM(anna)
		must(t, b.OpenHome(anna, "home"))
		must(t, b.OpenHome(anna, "messages"))
		must(t, b.ContextChanged(anna, channel))
		must(t, b.Join("C0NY", anna))
		b.until("home, suggestions, greeting", func() bool {
			_, home := b.HomeView(anna)
			return home && len(b.SuggestedPrompts(dm, "").Prompts) > 0 && len(b.Messages("C0NY")) == 2
		})
		b.hold()
		ts := b.ask(dm)
		<-b.asker.began
		b.until("stream", func() bool { return b.SessionStatus(dm, ts) == "processing" })
		must(t, b.StopSession(anna, dm, ts))
		b.until("stop", func() bool { return b.bot.Metrics().Outcomes["stopped"] == 1 })
		b.quiet()

		seen := map[string]bool{}
		for _, d := range b.Deliveries() {
			var p struct {
				Event struct {
					Type string
					Kind string `json:"channel_type"`
				}
			}
			must(t, json.Unmarshal(d.Payload, &p))
			name := p.Event.Type
			if name == "message" {
				name = map[string]string{"channel": "message.channels", "group": "message.groups", "im": "message.im", "mpim": "message.mpim"}[p.Event.Kind]
			}
			seen[name] = seen[name] || !d.Acked.IsZero()
		}
		for _, e := range subscriptions() {
			if !seen[e] {
				t.Errorf("%s did not come, or was not acknowledged", e)
			}
			delete(seen, e)
		}
		for e := range seen {
			t.Errorf("%s comes, but nobody has subscribed to it", e)
		}
		b.sound()
	})
}
