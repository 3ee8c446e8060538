package workspace_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"kildesvar/internal/workspace"
)

func TestPostErrors(t *testing.T) {
	w := start(t, workspace.Options{Channels: []workspace.Channel{
		{ID: "C1", Name: "aaben", Members: []string{anna, bot}},
		{ID: "C2", Name: "udenfor", Members: []string{anna}},
		{ID: "C3", Name: "lukket", Members: []string{anna}, Private: true},
		{ID: "C4", Name: "arkiv", Members: []string{anna, bot}, Archived: true},
	}})
	root := w.say(anna, "C1", "spørgsmål", "")
	reply := w.say(anna, "C1", "svar", root)
	block := func(kind string) []any { return []any{map[string]any{"type": kind}} }
	for name, c := range map[string]struct {
		method string
		args   map[string]any
		want   string
	}{
		"no such channel":   {"chat.postMessage", map[string]any{"channel": "C9", "text": "x"}, "channel_not_found"},
		"private":           {"chat.postMessage", map[string]any{"channel": "C3", "text": "x"}, "channel_not_found"},
		"not a member":      {"chat.postMessage", map[string]any{"channel": "C2", "text": "x"}, "not_in_channel"},
		"archived":          {"chat.postMessage", map[string]any{"channel": "C4", "text": "x"}, "is_archived"},
		"nothing":           {"chat.postMessage", map[string]any{"channel": "C1"}, "no_text"},
		"unknown block":     {"chat.postMessage", map[string]any{"channel": "C1", "blocks": block("nix")}, "invalid_blocks"},
		"blocks no list":    {"chat.postMessage", map[string]any{"channel": "C1", "blocks": "{"}, "invalid_blocks_format"},
		"no such thread":    {"chat.postMessage", map[string]any{"channel": "C1", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"},
		"bad thread":        {"chat.postMessage", map[string]any{"channel": "C1", "text": "x", "thread_ts": "17"}, "invalid_thread_ts"},
		"reply to a reply":  {"chat.postMessage", map[string]any{"channel": "C1", "text": "x", "thread_ts": reply}, "cannot_reply_to_message"},
		"update a person":   {"chat.update", map[string]any{"channel": "C1", "ts": root, "text": "x"}, "cant_update_message"},
		"update nothing":    {"chat.update", map[string]any{"channel": "C1", "ts": "1.1", "text": "x"}, "message_not_found"},
		"update too long":   {"chat.update", map[string]any{"channel": "C1", "ts": w.bot("C1"), "text": strings.Repeat("x", 4001)}, "msg_too_long"},
		"delete a person":   {"chat.delete", map[string]any{"channel": "C1", "ts": root}, "cant_delete_message"},
		"ephemeral outside": {"chat.postEphemeral", map[string]any{"channel": "C1", "user": bo, "text": "x"}, "user_not_in_channel"},
		"markdown":          {"chat.postMessage", map[string]any{"channel": "C1", "markdown_text": strings.Repeat("x", 12001)}, "msg_too_long"},
		"unknown method":    {"chat.sing", map[string]any{}, "unknown_method"},
		"replies":           {"conversations.replies", map[string]any{"channel": "C1", "ts": "1.000001"}, "thread_not_found"},
		"history":           {"conversations.history", map[string]any{"channel": "C2"}, "not_in_channel"},
		"limit":             {"conversations.history", map[string]any{"channel": "C1", "limit": 2000}, "invalid_limit"},
		"user":              {"users.info", map[string]any{"user": "U9"}, "user_not_found"},
		"reaction":          {"reactions.remove", map[string]any{"channel": "C1", "timestamp": root, "name": "eyes"}, "no_reaction"},
		"session":           {"agents.sessions.setStatus", map[string]any{"channel_id": "C1", "thread_ts": root, "status": "asleep"}, "invalid_arguments"},
	} {
		t.Run(name, func(t *testing.T) { wants(t, w.call(c.method, c.args), c.want) })
	}
	got := w.call("chat.postMessage", map[string]any{"channel": "C1", "blocks": block("section")})
	meta, _ := got["response_metadata"].(map[string]any)
	if list, _ := meta["messages"].([]any); len(list) != 1 || !strings.Contains(list[0].(string), "[json-pointer:/blocks/0]") {
		t.Errorf("metadata %v", got)
	}
	if len(w.Problems()) < 9 {
		t.Errorf("problems %v", w.Problems())
	}
}

// bot posts a message of the app and gives its ts.
func (w *world) bot(channel string) string {
	w.t.Helper()
	_, ts, err := w.api.PostMessageContext(w.ctx, channel, slack.MsgOptionText("svar", false))
	must(w.t, err)
	return ts
}

func TestLifeOfAMessage(t *testing.T) {
	w := start(t, workspace.Options{})
	root := w.say(anna, channel, "spørgsmål", "")
	_, ts, err := w.api.PostMessageContext(w.ctx, channel, slack.MsgOptionText("a <b> c", true), slack.MsgOptionTS(root), slack.MsgOptionDisableLinkUnfurl())
	must(t, err)
	_, _, _, err = w.api.UpdateMessageContext(w.ctx, channel, ts, slack.MsgOptionText("nyt", false))
	must(t, err)
	thread, _, _, err := w.api.GetConversationRepliesContext(w.ctx, &slack.GetConversationRepliesParameters{ChannelID: channel, Timestamp: root})
	must(t, err)
	if len(thread) != 2 || thread[1].Text != "nyt" || thread[1].ThreadTimestamp != root || thread[0].ReplyCount != 1 || thread[1].BotID != "B0KILDE" {
		t.Errorf("thread %s", dump(thread))
	}
	link, err := w.api.GetPermalinkContext(w.ctx, &slack.PermalinkParameters{Channel: channel, Ts: ts})
	must(t, err)
	if !strings.Contains(link, "/archives/C0FRIVILLIG/p"+strings.ReplaceAll(ts, ".", "")+"?thread_ts="+root) {
		t.Error(link)
	}
	must(t, w.api.AddReactionContext(w.ctx, "eyes", slack.NewRefToMessage(channel, root)))
	refused(t, w.api.AddReactionContext(w.ctx, "eyes", slack.NewRefToMessage(channel, root)), "already_reacted")
	_, _, err = w.api.DeleteMessageContext(w.ctx, channel, ts)
	must(t, err)
	if got := w.Thread(channel, root); len(got) != 1 || got[0].Reactions["eyes"][0] != bot {
		t.Errorf("thread %+v", got)
	}
	must(t, w.DeleteMessage(anna, channel, root))
	_, _, resp, err := w.api.PostMessageWithResponseContext(w.ctx, channel, slack.MsgOptionText("for sent", false), slack.MsgOptionTS(root))
	must(t, err)
	if resp.ThreadTimestamp != "" {
		t.Error("a reply to a deleted root stands in the channel")
	}
}

func TestTombstone(t *testing.T) {
	w := start(t, workspace.Options{})
	root := w.say(anna, channel, "spørgsmål", "")
	w.say(bo, channel, "svar", root)
	must(t, w.DeleteMessage(anna, channel, root))
	got := w.Thread(channel, root)
	if len(got) != 2 || !got[0].Tombstone {
		t.Errorf("thread %+v", got)
	}
}

// clock is a time the test sets.
type clock struct {
	sync.Mutex
	t time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)} }
func (c *clock) now() time.Time {
	c.Lock()
	defer c.Unlock()
	return c.t
}
func (c *clock) pass(d time.Duration) {
	c.Lock()
	defer c.Unlock()
	c.t = c.t.Add(d)
}

func TestStreaming(t *testing.T) {
	at := newClock()
	w := start(t, workspace.Options{Now: at.now})
	dm := w.DM(anna)
	root := w.say(anna, dm, "hej", "")
	_, ts, err := w.api.StartStreamContext(w.ctx, dm, slack.MsgOptionTS(root), slack.MsgOptionChunks(slack.NewTaskUpdateChunk("1", "Søger i 4 kilder")))
	must(t, err)
	if s := w.SessionStatus(dm, root); s != "processing" {
		t.Errorf("session %q", s)
	}
	_, _, _, err = w.api.UpdateMessageContext(w.ctx, dm, ts, slack.MsgOptionText("nyt", false))
	refused(t, err, "streaming_state_conflict")
	_, _, err = w.api.DeleteMessageContext(w.ctx, dm, ts)
	refused(t, err, "cant_delete_message")
	_, _, err = w.api.AppendStreamContext(w.ctx, dm, ts, slack.MsgOptionMarkdownText("Svaret "))
	must(t, err)
	_, _, err = w.api.AppendStreamContext(w.ctx, dm, ts, slack.MsgOptionMarkdownText(strings.Repeat("x", 12001)))
	refused(t, err, "msg_too_long")
	_, _, err = w.api.StopStreamContext(w.ctx, dm, ts, slack.MsgOptionMarkdownText("er **42**."), slack.MsgOptionBlocks(slack.NewDividerBlock()))
	must(t, err)
	m := w.Thread(dm, root)[1]
	if m.Text != "Svaret er **42**." || m.Streaming || len(m.Tasks) != 1 || !strings.Contains(string(m.Blocks), "divider") || w.SessionStatus(dm, root) != "active" {
		t.Errorf("message %+v %s", m, m.Blocks)
	}
	_, _, err = w.api.AppendStreamContext(w.ctx, dm, ts, slack.MsgOptionMarkdownText("mere"))
	refused(t, err, "message_not_in_streaming_state")
	_, _, err = w.api.StopStreamContext(w.ctx, dm, ts)
	refused(t, err, "message_not_in_streaming_state")
}

func TestStreamsEnd(t *testing.T) {
	at := newClock()
	w := start(t, workspace.Options{Now: at.now})
	dm := w.DM(anna)
	root := w.say(anna, dm, "hej", "")
	open := func() string {
		_, ts, err := w.api.StartStreamContext(w.ctx, dm, slack.MsgOptionTS(root), slack.MsgOptionMarkdownText("…"))
		must(t, err)
		return ts
	}
	add := func(ts string) error {
		_, _, err := w.api.AppendStreamContext(w.ctx, dm, ts, slack.MsgOptionMarkdownText("x"))
		return err
	}
	idle := open()
	at.pass(2 * time.Minute)
	must(t, add(idle))
	at.pass(2*time.Minute + time.Second)
	refused(t, add(idle), "message_not_in_streaming_state")
	long := open()
	for range 3 {
		at.pass(100 * time.Second)
		must(t, add(long))
	}
	at.pass(time.Second)
	refused(t, add(long), "message_not_in_streaming_state")
	stopped := open()
	must(t, w.StopSession(anna, dm, root))
	refused(t, add(stopped), "stopped_by_user")
	last := w.Deliveries()[len(w.Deliveries())-1]
	if !strings.Contains(string(last.Payload), `"agent_session_stopped"`) || !strings.Contains(string(last.Payload), stopped) {
		t.Errorf("event %s", last.Payload)
	}
	_, _, err := w.api.StartStreamContext(w.ctx, channel, slack.MsgOptionMarkdownText("x"))
	refused(t, err, "missing_recipient_user_id")
	_, _, err = w.api.StartStreamContext(w.ctx, channel, slack.MsgOptionMarkdownText("x"), slack.MsgOptionRecipientUserID(anna))
	refused(t, err, "missing_recipient_team_id")
}

func TestRateLimits(t *testing.T) {
	at := newClock()
	w := start(t, workspace.Options{Now: at.now, RateLimits: true})
	for range 3 {
		w.bot(channel)
	}
	_, _, err := w.api.PostMessageContext(w.ctx, channel, slack.MsgOptionText("x", false))
	limited, ok := errors.AsType[*slack.RateLimitedError](err)
	if !ok || limited.RetryAfter != time.Second {
		t.Fatalf("error %v", err)
	}
	w.bot("C0EKSPERT") // another channel has its own budget
	at.pass(time.Second)
	w.bot(channel)
	for range 50 {
		_, err := w.api.GetConversationInfoContext(w.ctx, &slack.GetConversationInfoInput{ChannelID: channel})
		must(t, err)
	}
	_, err = w.api.GetConversationInfoContext(w.ctx, &slack.GetConversationInfoInput{ChannelID: channel})
	if _, ok := errors.AsType[*slack.RateLimitedError](err); !ok {
		t.Errorf("error %v", err)
	}
}

func TestCallFaults(t *testing.T) {
	plan := map[int]workspace.CallFault{1: {Status: 429, RetryAfter: 7}, 2: {Status: 503}, 3: {Error: "fatal_error"}, 4: {Reset: true}, 5: {Slow: 5 * time.Millisecond}}
	w := start(t, workspace.Options{CallFault: func(method string, n int) workspace.CallFault { return plan[n] }})
	var errs []error
	for range 5 {
		_, _, err := w.api.PostMessageContext(w.ctx, channel, slack.MsgOptionText("x", false))
		errs = append(errs, err)
	}
	if e, ok := errors.AsType[*slack.RateLimitedError](errs[0]); !ok || e.RetryAfter != 7*time.Second {
		t.Errorf("1: %v", errs[0])
	}
	if e, ok := errors.AsType[slack.StatusCodeError](errs[1]); !ok || e.Code != http.StatusServiceUnavailable {
		t.Errorf("2: %v", errs[1])
	}
	refused(t, errs[2], "fatal_error")
	if errs[3] == nil || errs[4] != nil {
		t.Errorf("4: %v, 5: %v", errs[3], errs[4])
	}
	if n := len(w.Messages(channel)); n != 2 { // the reset one was posted all the same
		t.Errorf("%d messages", n)
	}
	calls := w.Calls("chat.postMessage")
	if len(calls) != 5 || calls[0].Status != 429 || calls[3].Status != 0 || calls[4].Args["text"] != "x" {
		t.Errorf("calls %+v", calls)
	}
}

func TestRandomFaultsAreBounded(t *testing.T) {
	call, deliver := workspace.RandomFaults(3, 0.9)
	row, struck := 0, 0
	for n := range 400 {
		if f := call("chat.postMessage", n); f.Status != 0 {
			row++
			struck++
		} else {
			row = 0
		}
		if row > 2 {
			t.Fatal("three refusals in a row")
		}
		if f := deliver("events_api", n); f != (f0) {
			struck++
		}
	}
	if struck < 200 {
		t.Errorf("only %d faults", struck)
	}
}
