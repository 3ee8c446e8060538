package workspace

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"sort"
)

// Message is one message, as it now stands.
type Message struct {
	Channel   string
	TS        string
	Thread    string // ts of the root, empty outside threads; on a root with replies its own ts
	User      string
	Bot       bool // the app wrote it
	Subtype   string
	Text      string // as Slack stores it: escaped, with <@U…> and <url|label>
	Blocks    json.RawMessage
	Metadata  json.RawMessage
	For       string // an ephemeral message: its only reader
	Edited    bool
	Tombstone bool // deleted, but its thread lives on
	Unfurl    bool // links may unfold (the app did not say no)
	Streaming bool
	Recipient string          // who sees a stream live; others see First until it stops
	First     json.RawMessage // the blocks of the first chunk
	Tasks     []Task
	Reactions map[string][]string // name → users
	clientID  string
	inviter   string // who let the subject of a channel_join in
}

// Task is a step which a stream shows.
type Task struct {
	ID, Title, Status, Details, Output string
}

func (m *Message) copy() Message {
	c := *m
	c.Blocks, c.First, c.Tasks = bytes.Clone(m.Blocks), bytes.Clone(m.First), slices.Clone(m.Tasks)
	c.Reactions = map[string][]string{}
	for name, users := range m.Reactions {
		c.Reactions[name] = slices.Clone(users)
	}
	return c
}

// root is the ts of the thread a message is in, or would start.
func (m *Message) root() string {
	if m.Thread != "" {
		return m.Thread
	}
	return m.TS
}

// json is the message object of the Web API and of events.
func (w *Workspace) messageJSON(m *Message) map[string]any {
	out := map[string]any{"type": "message", "ts": m.TS, "text": m.Text, "team": w.o.TeamID, "user": m.User}
	put := func(name, value string) {
		if value != "" {
			out[name] = value
		}
	}
	put("subtype", m.Subtype)
	put("thread_ts", m.Thread)
	put("client_msg_id", m.clientID)
	put("inviter", m.inviter)
	if m.Thread != "" && m.Thread != m.TS {
		if root := w.find(m.Channel, m.Thread); root != nil {
			out["parent_user_id"] = root.User
		}
	}
	if m.Bot {
		out["bot_id"], out["app_id"], out["bot_profile"] = w.o.BotID, w.o.AppID, w.botProfile()
	}
	if m.Blocks != nil {
		out["blocks"] = m.Blocks
	}
	if m.Metadata != nil {
		out["metadata"] = m.Metadata
	}
	if m.Edited {
		out["edited"] = map[string]any{"user": m.User, "ts": m.TS}
	}
	if m.Streaming {
		out["streaming_state"] = "in_progress"
	}
	if len(m.Reactions) > 0 {
		out["reactions"] = reactionsJSON(m.Reactions)
	}
	if replies := w.replies(m); m.Thread == m.TS && len(replies) > 0 {
		out["reply_count"], out["latest_reply"] = len(replies), replies[len(replies)-1].TS
		var who []string
		for _, r := range replies {
			if !slices.Contains(who, r.User) {
				who = append(who, r.User)
			}
		}
		out["reply_users"], out["reply_users_count"] = who, len(who)
	}
	return out
}

// botProfile is the app as its messages show it. Slack has a picture for each size; the page's is drawn at any.
func (w *Workspace) botProfile() map[string]any {
	icon := w.baseURL + "/face/icon.svg"
	return map[string]any{"id": w.o.BotID, "app_id": w.o.AppID, "name": w.o.BotName, "deleted": false, "team_id": w.o.TeamID, "updated": 1,
		"icons": map[string]any{"image_36": icon, "image_48": icon, "image_72": icon}}
}

func reactionsJSON(all map[string][]string) []map[string]any {
	var out []map[string]any
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out = append(out, map[string]any{"name": name, "users": all[name], "count": len(all[name])})
	}
	return out
}

// replies are the messages below a root.
func (w *Workspace) replies(root *Message) []*Message {
	var out []*Message
	for _, m := range w.messages[root.Channel] {
		if m.Thread == root.TS && m.TS != root.TS {
			out = append(out, m)
		}
	}
	return out
}

// find is the message with that ts, nil if there is none.
func (w *Workspace) find(channel, ts string) *Message {
	all := w.messages[channel]
	i := sort.Search(len(all), func(i int) bool { return all[i].TS >= ts })
	if i < len(all) && all[i].TS == ts {
		return all[i]
	}
	return nil
}

// findEphemeral is an ephemeral message that user can see.
func (w *Workspace) findEphemeral(user, channel, ts string) *Message {
	for _, m := range w.ephemerals {
		if m.For == user && m.Channel == channel && m.TS == ts {
			return m
		}
	}
	return nil
}

// store puts a message in its channel, and makes a thread of its root.
func (w *Workspace) store(m *Message) {
	if m.Thread != "" {
		if root := w.find(m.Channel, m.Thread); root != nil {
			root.Thread = root.TS
		}
	}
	w.messages[m.Channel] = append(w.messages[m.Channel], m)
	w.touchLocked()
}

// remove deletes a message; a root with replies leaves a tombstone.
func (w *Workspace) remove(m *Message) {
	if len(w.replies(m)) > 0 {
		m.Tombstone, m.Subtype, m.Text, m.Blocks = true, "tombstone", "Denne besked er slettet.", nil
		m.User, m.Bot = "USLACKBOT", false
	} else {
		w.messages[m.Channel] = slices.DeleteFunc(w.messages[m.Channel], func(x *Message) bool { return x == m })
		w.gone[m.Channel+"/"+m.TS] = true
	}
	w.touchLocked()
}

// withIDs gives blocks and their elements the ids Slack makes up for those that have none.
func (w *Workspace) withIDs(blocks json.RawMessage) json.RawMessage {
	var list []map[string]any
	d := json.NewDecoder(bytes.NewReader(blocks))
	d.UseNumber()
	if len(blocks) == 0 || d.Decode(&list) != nil {
		return nil
	}
	for _, b := range list {
		if id, _ := b["block_id"].(string); id == "" || b["type"] == "markdown" {
			b["block_id"] = w.id("", 5)
		}
		interactive, _ := b["elements"].([]any)
		for _, key := range []string{"accessory", "element"} {
			interactive = append(interactive, b[key])
		}
		for _, x := range interactive {
			e, ok := x.(map[string]any)
			if id, _ := e["action_id"].(string); ok && id == "" && actionable(e) {
				e["action_id"] = w.id("", 5)
			}
		}
	}
	out, err := json.Marshal(list)
	if err != nil {
		return nil
	}
	return out
}

// actionable tells interactive elements from text and images.
func actionable(e map[string]any) bool {
	switch e["type"] {
	case "plain_text", "mrkdwn", "image", "rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted", nil:
		return false
	}
	return true
}
