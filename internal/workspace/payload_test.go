package workspace_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"kildesvar/internal/workspace"
)

// last is the newest envelope's payload.
func (w *world) last() map[string]any {
	w.t.Helper()
	all := w.Deliveries()
	var out map[string]any
	must(w.t, json.Unmarshal(all[len(all)-1].Payload, &out))
	return out
}

// TestBotProfileHasIcons: Slack's type BotProfile demands a picture in three sizes; here they are one, which the workspace serves.
func TestBotProfileHasIcons(t *testing.T) {
	w := start(t, workspace.Options{})
	w.answer(channel, "")
	event, _ := w.last()["event"].(map[string]any)
	profile, _ := event["bot_profile"].(map[string]any)
	icons, _ := profile["icons"].(map[string]any)
	for _, size := range []string{"image_36", "image_48", "image_72"} {
		address, _ := icons[size].(string)
		path, own := strings.CutPrefix(address, w.base)
		if !own {
			t.Fatalf("%s is %q in %v", size, address, profile)
		}
		if got := w.visit(path, strings.TrimPrefix(w.base, "http://")); got.status != http.StatusOK || !strings.Contains(got.body, "<svg") {
			t.Errorf("%s: %d %.40s", address, got.status, got.body)
		}
	}
}

// TestJoinNamesItsInviter: both in the event and in the channel's history, and nowhere when nobody invited the app.
func TestJoinNamesItsInviter(t *testing.T) {
	w := start(t, workspace.Options{})
	for id, inviter := range map[string]any{"C8": nil, "C9": anna} {
		w.AddChannel(workspace.Channel{ID: id, Name: "ny-" + strings.ToLower(id), Members: []string{anna}})
		by, _ := inviter.(string)
		must(t, w.Join(id, by))
		event, _ := w.last()["event"].(map[string]any)
		if event["subtype"] != "channel_join" || event["inviter"] != inviter {
			t.Errorf("%s: event %v", id, event)
		}
		list, _ := w.call("conversations.history", map[string]any{"channel": id})["messages"].([]any)
		if len(list) != 1 {
			t.Fatalf("%s: history %v", id, list)
		}
		if m, _ := list[0].(map[string]any); m["subtype"] != "channel_join" || m["inviter"] != inviter {
			t.Errorf("%s: message %v", id, m)
		}
	}
}

// TestIconButtonTellsItsIcon: an ordinary button has none.
func TestIconButtonTellsItsIcon(t *testing.T) {
	w := start(t, workspace.Options{})
	ts := w.answer(channel, "")
	for id, icon := range map[string]any{"slet_svar": "trash", "vis_uddrag": nil} {
		must(t, w.Click(anna, channel, ts, id))
		actions, _ := w.last()["actions"].([]any)
		if len(actions) != 1 {
			t.Fatalf("%s: actions %v", id, actions)
		}
		if a, _ := actions[0].(map[string]any); a["action_id"] != id || a["icon"] != icon {
			t.Errorf("action %v, want icon %v", a, icon)
		}
	}
}

// TestStopWithoutStream: the list of stopped messages is there, though empty.
func TestStopWithoutStream(t *testing.T) {
	w := start(t, workspace.Options{})
	dm := w.DM(anna)
	root := w.say(anna, dm, "hej", "")
	_, err := w.api.SetAgentSessionStatusContext(w.ctx, slack.AgentSessionSetStatusParameters{Status: "processing", ChannelID: dm, ThreadTS: root})
	must(t, err)
	must(t, w.StopSession(anna, dm, root))
	event, _ := w.last()["event"].(map[string]any)
	delete(event, "event_ts")
	want := map[string]any{"type": "agent_session_stopped", "user": anna, "channel": dm, "thread_ts": root, "streaming_message_ts": []any{}}
	if diff := cmp.Diff(want, event); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

// TestDeliveriesMarshal: an app in HTTP mode answers with an empty body, plain text or JSON; the record of it is JSON all the same.
func TestDeliveriesMarshal(t *testing.T) {
	answers := []string{"", "Et øjeblik", `{"text":"Et øjeblik"}`}
	for _, answer := range answers {
		app := serve(t, func(rw http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(rw, answer)
		})
		w := start(t, workspace.Options{EventsURL: app})
		must(t, w.Slash(anna, channel, "/kilde", "hvad?"))
		w.until("acknowledged", func() bool { return w.Pending() == 0 })
		raw, err := json.Marshal(w.Deliveries())
		must(t, err)
		var back []workspace.Delivery
		must(t, json.Unmarshal(raw, &back))
		if len(back) != 1 || back[0].Response != answer {
			t.Errorf("answer %q came back as %s", answer, raw)
		}
	}
}
