package workspace

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"kildesvar/internal/workspace/blockkit"
)

// Text limits of Slack, in characters.
const (
	maxText       = 40_000 // chat.postMessage cuts here
	maxUpdateText = 4_000
	maxMarkdown   = 12_000
)

// channelArg finds the channel a call names: an id, a #name, or for posting a user id.
func (w *Workspace) channelArg(id string, post bool) (*Channel, error) {
	if c := w.channels[id]; c != nil && !w.hidden(c) {
		return c, nil
	}
	if u := w.users[id]; u != nil && post && !u.Bot {
		return w.dm(id), nil
	}
	for _, c := range w.channels {
		if post && c.Name != "" && "#"+c.Name == id && !w.hidden(c) {
			return c, nil
		}
	}
	return nil, refuse("channel_not_found")
}

// place is a channel the app may write in.
func (w *Workspace) place(id string) (*Channel, error) {
	c, err := w.channelArg(id, true)
	switch {
	case err != nil:
		return nil, err
	case c.Archived:
		return nil, refuse("is_archived")
	case !c.has(w.o.BotUser) && (w.o.Scopes == nil || !w.scoped("chat:write.public")):
		return nil, refuse("not_in_channel")
	}
	return c, nil
}

// content is the text and the blocks of a call, checked.
func (w *Workspace) content(a args) (text string, blocks json.RawMessage, err error) {
	text = a["text"]
	if md := a["markdown_text"]; md != "" {
		if text != "" || a["blocks"] != "" {
			return "", nil, refuse("markdown_text_conflict")
		}
		if utf8.RuneCountInString(md) > maxMarkdown {
			return "", nil, refuse("msg_too_long")
		}
		b, err := json.Marshal([]map[string]string{{"type": "markdown", "text": md}})
		if err != nil {
			return "", nil, err
		}
		return md, w.withIDs(b), nil
	}
	if a["blocks"] != "" && a["blocks"] != "[]" {
		if err := checked(blockkit.Message([]byte(a["blocks"]))); err != nil {
			return "", nil, err
		}
		blocks = w.withIDs(json.RawMessage(a["blocks"]))
	}
	if text == "" && blocks == nil && (a["attachments"] == "" || a["attachments"] == "[]") {
		return "", nil, refuse("no_text")
	}
	if utf8.RuneCountInString(text) > maxText {
		text = string([]rune(text)[:maxText])
	}
	return text, blocks, nil
}

// checked turns the problems of a payload into Slack's refusal. The sums come first, as they do at Slack.
func checked(problems []blockkit.Problem) error {
	if len(problems) == 0 {
		return nil
	}
	e := &apiError{code: problems[0].Code}
	for _, p := range problems {
		e.messages = append(e.messages, p.String())
	}
	return e
}

// thread is the root a post replies to. A root deleted for good lets the post fall into the channel, as Slack does.
func (w *Workspace) thread(c *Channel, ts string) (string, error) {
	if ts == "" {
		return "", nil
	}
	if !strings.Contains(ts, ".") {
		return "", refuse("invalid_thread_ts")
	}
	root := w.find(c.ID, ts)
	switch {
	case root == nil && w.gone[c.ID+"/"+ts]:
		w.problemLocked("chat.postMessage", "the thread's root was deleted: the reply stands in the channel")
		return "", nil
	case root == nil:
		return "", refuse("thread_not_found")
	case root.Thread != "" && root.Thread != root.TS:
		return "", refuse("cannot_reply_to_message")
	}
	return ts, nil
}

func (w *Workspace) postMessage(a args) (reply, error) {
	c, err := w.place(a["channel"])
	if err != nil {
		return nil, err
	}
	m, err := w.draft(c, a)
	if err != nil {
		return nil, err
	}
	if m.Thread != "" && a.truth("reply_broadcast", false) {
		m.Subtype = "thread_broadcast"
	}
	w.publish(c, m)
	return reply{"channel": c.ID, "ts": m.TS, "message": w.messageJSON(m)}, nil
}

// draft makes the app's message from a call, without a place in the channel.
func (w *Workspace) draft(c *Channel, a args) (*Message, error) {
	text, blocks, err := w.content(a)
	if err != nil {
		return nil, err
	}
	thread, err := w.thread(c, a["thread_ts"])
	if err != nil {
		return nil, err
	}
	m := &Message{Channel: c.ID, Thread: thread, User: w.o.BotUser, Bot: true, Text: text, Blocks: blocks, Unfurl: a.truth("unfurl_links", true)}
	if md := a["metadata"]; md != "" {
		if !json.Valid([]byte(md)) {
			return nil, refuse("invalid_metadata_format")
		}
		m.Metadata = json.RawMessage(md)
	}
	return m, nil
}

// publish shows the app's message: it takes its place, ends the status line, and comes back to the app as an event.
func (w *Workspace) publish(c *Channel, m *Message) {
	m.TS = w.ts()
	w.store(m)
	w.clearStatus(c.ID, m.Thread)
	w.emitMessage(c, m)
}

func (w *Workspace) postEphemeral(a args) (reply, error) {
	c, err := w.place(a["channel"])
	if err != nil {
		return nil, err
	}
	if !c.has(a["user"]) {
		return nil, refuse("user_not_in_channel")
	}
	m, err := w.draft(c, a)
	if err != nil {
		return nil, err
	}
	m.TS, m.For = w.ts(), a["user"]
	w.ephemerals = append(w.ephemerals, m)
	return reply{"message_ts": m.TS}, nil
}

// own finds a message which the app wants to change.
func (w *Workspace) own(a args, otherwise string) (*Channel, *Message, error) {
	c, err := w.channelArg(a["channel"], false)
	if err != nil {
		return nil, nil, err
	}
	m := w.find(c.ID, a["ts"])
	if m == nil || m.Tombstone {
		return nil, nil, refuse("message_not_found")
	}
	if !m.Bot {
		return nil, nil, refuse(otherwise)
	}
	return c, m, nil
}

func (w *Workspace) chatUpdate(a args) (reply, error) {
	c, m, err := w.own(a, "cant_update_message")
	switch {
	case err != nil:
		return nil, err
	case w.live(m) != nil:
		return nil, refuse("streaming_state_conflict")
	case utf8.RuneCountInString(a["text"]) > maxUpdateText:
		return nil, refuse("msg_too_long")
	}
	text, blocks, err := w.content(a)
	if err != nil {
		return nil, err
	}
	w.change(c, m, func() {
		m.Text, m.Edited = text, true
		if a["blocks"] != "" || a["markdown_text"] != "" { // otherwise the earlier blocks stay
			m.Blocks = blocks
		}
		if a["metadata"] != "" {
			m.Metadata = json.RawMessage(a["metadata"])
		}
	})
	return reply{"channel": c.ID, "ts": m.TS, "text": m.Text, "message": w.messageJSON(m)}, nil
}

func (w *Workspace) chatDelete(a args) (reply, error) {
	c, m, err := w.own(a, "cant_delete_message")
	switch {
	case err != nil:
		return nil, err
	case w.live(m) != nil:
		return nil, refuse("cant_delete_message")
	}
	w.erase(c, m)
	return reply{"channel": c.ID, "ts": m.TS}, nil
}

func (w *Workspace) permalink(a args) (reply, error) {
	c, err := w.channelArg(a["channel"], false)
	if err != nil {
		return nil, err
	}
	m := w.find(c.ID, a["message_ts"])
	if m == nil {
		return nil, refuse("message_not_found")
	}
	link := "https://" + w.o.Domain + ".slack.com/archives/" + c.ID + "/p" + strings.ReplaceAll(m.TS, ".", "")
	if m.Thread != "" && m.Thread != m.TS {
		link += "?thread_ts=" + m.Thread + "&cid=" + c.ID
	}
	return reply{"channel": c.ID, "permalink": link}, nil
}
