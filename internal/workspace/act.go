package workspace

import (
	"encoding/json"
	"fmt"
	"slices"

	"kildesvar/internal/workspace/delivery"
)

// seat is a user in a channel where they may write.
func (w *Workspace) seat(user, channel string) (*Channel, error) {
	c := w.channels[channel]
	switch {
	case w.users[user] == nil:
		return nil, fmt.Errorf("no user %s", user)
	case c == nil:
		return nil, fmt.Errorf("no channel %s", channel)
	case !c.has(user):
		return nil, fmt.Errorf("%s is not in %s", user, channel)
	case c.Archived:
		return nil, fmt.Errorf("%s is archived", channel)
	}
	return c, nil
}

// Say posts what a person typed, in a thread when thread is a root's ts, and returns its ts. Text is escaped as Slack does;
// @name and <@U…> become mentions, addresses become links.
func (w *Workspace) Say(user, channel, text, thread string) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.seat(user, channel)
	if err != nil {
		return "", fmt.Errorf("say: %w", err)
	}
	if thread != "" {
		root := w.find(channel, thread)
		if root == nil {
			return "", fmt.Errorf("say: no message %s in %s", thread, channel)
		}
		thread = root.root()
	}
	if text == "" {
		return "", fmt.Errorf("say: nothing to say")
	}
	m := &Message{Channel: c.ID, TS: w.ts(), Thread: thread, User: user, Unfurl: true, clientID: w.id("", 8) + "-" + w.id("", 4)}
	m.Text, m.Blocks = w.compose(text)
	w.store(m)
	w.emitMessage(c, m)
	return m.TS, nil
}

// mine finds a person's own message.
func (w *Workspace) mine(user, channel, ts string) (*Channel, *Message, error) {
	c, err := w.seat(user, channel)
	if err != nil {
		return nil, nil, err
	}
	m := w.find(channel, ts)
	if m == nil || m.User != user {
		return nil, nil, fmt.Errorf("%s has no message %s in %s", user, ts, channel)
	}
	return c, m, nil
}

// Edit changes a person's own message.
func (w *Workspace) Edit(user, channel, ts, text string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, m, err := w.mine(user, channel, ts)
	if err != nil {
		return fmt.Errorf("edit: %w", err)
	}
	w.change(c, m, func() {
		m.Text, m.Blocks = w.compose(text)
		m.Edited = true
	})
	return nil
}

// DeleteMessage deletes a person's own message.
func (w *Workspace) DeleteMessage(user, channel, ts string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, m, err := w.mine(user, channel, ts)
	if err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	w.erase(c, m)
	return nil
}

// React adds a person's reaction.
func (w *Workspace) React(user, channel, ts, name string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.seat(user, channel)
	if err != nil {
		return fmt.Errorf("react: %w", err)
	}
	m := w.find(channel, ts)
	if m == nil || slices.Contains(m.Reactions[name], user) {
		return fmt.Errorf("react: no message %s in %s without it", ts, channel)
	}
	if m.Reactions == nil {
		m.Reactions = map[string][]string{}
	}
	m.Reactions[name] = append(m.Reactions[name], user)
	w.emitReaction("reaction_added", c, m, user, name)
	w.touchLocked()
	return nil
}

// Slash uses a slash command. Slack has none in threads; the app need not be in the channel.
func (w *Workspace) Slash(user, channel, command, text string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.seat(user, channel)
	if err != nil {
		return fmt.Errorf("slash: %w", err)
	}
	if _, has := w.o.Commands[command]; w.o.Commands != nil && !has {
		return fmt.Errorf("slash: %s is not a valid command", command)
	}
	name := c.Name
	if c.IM != "" {
		name = "directmessage"
	}
	coded, _ := w.compose(text)
	h := w.newHook(user, c, nil)
	payload := map[string]any{"token": "verification", "team_id": w.o.TeamID, "team_domain": w.o.Domain, "channel_id": c.ID, "channel_name": name,
		"user_id": user, "user_name": w.users[user].Name, "command": command, "text": coded, "api_app_id": w.o.AppID,
		"is_enterprise_install": "false", "response_url": w.hookURL(h), "trigger_id": w.newTrigger(user, "")}
	delete(w.notices, user)
	w.courier.Send(delivery.Envelope{Kind: delivery.Slash, Payload: payload, Failed: func() { w.unanswered(user) }, Acked: func(b []byte) string {
		return w.answerTo(h, b)
	}})
	return nil
}

// Shortcut uses a message shortcut of the app.
func (w *Workspace) Shortcut(user, channel, ts, callbackID string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.seat(user, channel)
	if err != nil {
		return fmt.Errorf("shortcut: %w", err)
	}
	if _, has := w.o.Shortcuts[callbackID]; w.o.Shortcuts != nil && !has {
		return fmt.Errorf("shortcut: the app has no %s", callbackID)
	}
	m := w.find(channel, ts)
	if m == nil {
		return fmt.Errorf("shortcut: no message %s in %s", ts, channel)
	}
	delete(w.notices, user)
	w.interact(user, map[string]any{"type": "message_action", "callback_id": callbackID, "trigger_id": w.newTrigger(user, ""),
		"response_url": w.hookURL(w.newHook(user, c, nil)), "message_ts": m.TS, "message": w.messageJSON(m), "action_ts": w.ts(),
		"channel": map[string]any{"id": c.ID, "name": c.Name}}, nil)
	return nil
}

// OpenHome opens the app, on tab "home" or "messages".
func (w *Workspace) OpenHome(user, tab string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.users[user] == nil {
		return fmt.Errorf("open home: no user %s", user)
	}
	if tab != "home" && tab != "messages" {
		return fmt.Errorf("open home: no tab %s", tab)
	}
	c := w.dm(user)
	event := map[string]any{"type": "app_home_opened", "user": user, "channel": c.ID, "tab": tab}
	if v := w.homes[user]; v != nil && tab == "home" {
		event["view"] = w.viewJSON(v)
	}
	if at := w.contexts[user]; at != "" && !w.o.Legacy {
		event["context"] = w.contextJSON(at)
	}
	w.emit(c, event)
	w.touchLocked()
	return nil
}

// ContextChanged tells that the user, with the app open, now looks at a channel.
func (w *Workspace) ContextChanged(user, channel string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.seat(user, channel); err != nil {
		return fmt.Errorf("context: %w", err)
	}
	w.contexts[user] = channel
	c := w.dm(user)
	if !w.o.Legacy {
		w.emit(c, map[string]any{"type": "app_context_changed", "user": user, "channel": c.ID, "context": w.contextJSON(channel)}, user)
		return nil
	}
	for _, m := range w.messages[c.ID] {
		if m.Subtype == "assistant_app_thread" {
			w.emit(c, w.legacyThread("assistant_thread_context_changed", user, c, m.TS, channel))
			return nil
		}
	}
	return fmt.Errorf("context: %s has no assistant thread", user)
}

// StartAssistantThread opens an assistant thread as apps of the older kind have them, while the user looks at channel
// (may be empty). It returns the thread's ts. The workspace must be Legacy.
func (w *Workspace) StartAssistantThread(user, channel string) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.o.Legacy || w.users[user] == nil {
		return "", fmt.Errorf("assistant thread: not a legacy workspace, or no user %s", user)
	}
	c := w.dm(user)
	m := &Message{Channel: c.ID, TS: w.ts(), User: w.o.BotUser, Bot: true, Subtype: "assistant_app_thread", Text: "Ny samtale"}
	m.Thread = m.TS
	w.store(m)
	w.contexts[user] = channel
	w.emit(c, w.legacyThread("assistant_thread_started", user, c, m.TS, channel))
	return m.TS, nil
}

func (w *Workspace) legacyThread(kind, user string, c *Channel, thread, channel string) map[string]any {
	context := map[string]any{}
	if channel != "" {
		context = map[string]any{"channel_id": channel, "team_id": w.o.TeamID, "enterprise_id": nil}
	}
	return map[string]any{"type": kind, "assistant_thread": map[string]any{"user_id": user, "channel_id": c.ID, "thread_ts": thread, "context": context}}
}

// StopSession presses Stop in an agent's thread: its streams end, and the app is told.
func (w *Workspace) StopSession(user, channel, thread string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.seat(user, channel)
	if err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	if w.sessions[channel+"/"+thread] != "processing" {
		return fmt.Errorf("stop: nothing is being done in %s/%s", channel, thread)
	}
	halted := []string{}
	for _, m := range w.messages[channel] {
		if s := w.live(m); s != nil && m.root() == thread {
			s.stopped = true
			w.endStream(m, s)
			halted = append(halted, m.TS)
		}
	}
	w.emit(c, map[string]any{"type": "agent_session_stopped", "user": user, "channel": c.ID, "thread_ts": thread, "streaming_message_ts": halted})
	w.touchLocked()
	return nil
}

// Join makes the app a member of a channel, invited by a user (may be empty).
func (w *Workspace) Join(channel, inviter string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.channels[channel]
	if c == nil || c.has(w.o.BotUser) {
		return fmt.Errorf("join: no channel %s, or the app is in it", channel)
	}
	c.Members = append(c.Members, w.o.BotUser)
	m := &Message{Channel: c.ID, TS: w.ts(), User: w.o.BotUser, Subtype: "channel_join", Text: "<@" + w.o.BotUser + "> er kommet med i kanalen", inviter: inviter}
	w.store(m)
	event := map[string]any{"type": "member_joined_channel", "user": w.o.BotUser, "channel": c.ID, "channel_type": map[bool]string{true: "G", false: "C"}[c.Private], "team": w.o.TeamID}
	if inviter != "" {
		event["inviter"] = inviter
	}
	w.emit(c, event)
	w.emitMessage(c, m)
	return nil
}

// decode is JSON as generic values.
func decode(raw json.RawMessage) []map[string]any {
	var out []map[string]any
	_ = json.Unmarshal(raw, &out) // nil for what is no list of objects
	return out
}
