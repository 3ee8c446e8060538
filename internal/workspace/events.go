package workspace

import (
	"kildesvar/internal/workspace/delivery"
)

// emit sends an event in Slack's wrapper. users are those it is seen for, besides the bot.
func (w *Workspace) emit(c *Channel, event map[string]any, users ...string) {
	if event["event_ts"] == nil {
		event["event_ts"] = w.ts()
	}
	auth := []map[string]any{{"enterprise_id": nil, "team_id": w.o.TeamID, "user_id": w.o.BotUser, "is_bot": true, "is_enterprise_install": false}}
	for _, u := range users {
		auth = append(auth, map[string]any{"enterprise_id": nil, "team_id": w.o.TeamID, "user_id": u, "is_bot": false, "is_enterprise_install": false})
	}
	w.courier.Send(delivery.Envelope{Kind: delivery.Events, Payload: map[string]any{
		"token": "verification", "team_id": w.o.TeamID, "context_team_id": w.o.TeamID, "api_app_id": w.o.AppID, "event": event,
		"type": "event_callback", "event_id": w.id("Ev", 9), "event_time": w.o.Now().Unix(), "authorizations": auth,
		"is_ext_shared_channel": c != nil && c.External, "event_context": w.id("4-", 12),
	}})
}

// emitMessage tells the app of a message in a channel where it is. A mention by a person comes twice, in any order.
func (w *Workspace) emitMessage(c *Channel, m *Message) {
	if !c.has(w.o.BotUser) {
		return
	}
	event := w.messageJSON(m)
	event["channel"], event["channel_type"], event["event_ts"] = c.ID, c.kind(), m.TS
	if c.IM != "" && !m.Bot {
		if at := w.contexts[m.User]; at != "" {
			event["app_context"] = w.contextJSON(at)
		}
	}
	mention := map[string]any(nil)
	if !m.Bot && c.IM == "" && m.Subtype == "" && mentions(m.Text, w.o.BotUser) {
		mention = map[string]any{"type": "app_mention", "channel": c.ID, "event_ts": m.TS}
		for _, name := range []string{"user", "text", "ts", "thread_ts", "parent_user_id", "team", "client_msg_id", "blocks"} {
			if event[name] != nil {
				mention[name] = event[name]
			}
		}
	}
	if mention != nil && w.rnd.IntN(2) == 0 {
		w.emit(c, mention)
		mention = nil
	}
	if w.need(c.prefix()+":history") == nil {
		w.emit(c, event)
	}
	if mention != nil {
		w.emit(c, mention)
	}
}

func (w *Workspace) contextJSON(channel string) map[string]any {
	return map[string]any{"entities": []map[string]any{{"type": "slack#/types/channel_id", "value": channel, "team_id": w.o.TeamID}}}
}

// change alters a message and tells the app.
func (w *Workspace) change(c *Channel, m *Message, alter func()) {
	before := w.messageJSON(m)
	alter()
	w.touchLocked()
	if !c.has(w.o.BotUser) || w.need(c.prefix()+":history") != nil {
		return
	}
	ts := w.ts()
	w.emit(c, map[string]any{"type": "message", "subtype": "message_changed", "hidden": true, "channel": c.ID, "channel_type": c.kind(),
		"ts": ts, "event_ts": ts, "message": w.messageJSON(m), "previous_message": before})
}

// erase deletes a message and tells the app.
func (w *Workspace) erase(c *Channel, m *Message) {
	before := w.messageJSON(m)
	ts := m.TS
	w.remove(m)
	if s := w.streams[c.ID+"/"+ts]; s != nil {
		s.over = true
	}
	if !c.has(w.o.BotUser) || w.need(c.prefix()+":history") != nil {
		return
	}
	now := w.ts()
	event := map[string]any{"type": "message", "channel": c.ID, "channel_type": c.kind(), "hidden": true, "ts": now, "event_ts": now, "previous_message": before}
	if m.Tombstone {
		event["subtype"], event["message"] = "message_changed", w.messageJSON(m)
	} else {
		event["subtype"], event["deleted_ts"] = "message_deleted", ts
	}
	w.emit(c, event)
}

func (w *Workspace) emitReaction(kind string, c *Channel, m *Message, user, name string) {
	if w.need("reactions:read") != nil {
		return
	}
	w.emit(c, map[string]any{"type": kind, "user": user, "reaction": name, "item_user": m.User,
		"item": map[string]any{"type": "message", "channel": c.ID, "ts": m.TS}})
}

// interact sends an interactive payload. acked gets the response, if the app gave one.
func (w *Workspace) interact(user string, payload map[string]any, acked func([]byte) string) {
	u := w.users[user]
	payload["user"] = map[string]any{"id": user, "username": u.Name, "name": u.Name, "team_id": w.o.TeamID}
	payload["team"] = map[string]any{"id": w.o.TeamID, "domain": w.o.Domain}
	payload["api_app_id"], payload["token"], payload["enterprise"], payload["is_enterprise_install"] = w.o.AppID, "verification", nil, false
	w.courier.Send(delivery.Envelope{Kind: delivery.Interactive, Payload: payload, Acked: acked, Failed: func() { w.unanswered(user) }})
}

// unanswered notes what Slackbot tells a user when the app did not acknowledge.
func (w *Workspace) unanswered(user string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.notices[user] = "Appen svarede ikke. Prøv igen om lidt."
	w.touchLocked()
}
