package workspace

import (
	"encoding/json"
	"maps"
	"net/http"
)

// faceState is all that one person sees, as JSON for the page.
func (w *Workspace) faceState(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	user := r.URL.Query().Get("user")
	if u := w.users[user]; u == nil || u.Bot {
		user = w.o.DefaultUserOfWeb
	}
	var out map[string]any
	if w.users[user] != nil {
		out = w.seenBy(user)
	}
	w.mu.Unlock()
	if out == nil {
		writeJSON(rw, http.StatusNotFound, reply{"error": "Der er ingen i arbejdsområdet."})
		return
	}
	out["connected"] = w.o.EventsURL != "" || w.courier.Sockets() > 0
	writeJSON(rw, http.StatusOK, out)
}

func (w *Workspace) seenBy(user string) map[string]any {
	dm := w.dm(user)
	people := map[string]any{}
	for id, u := range w.users {
		people[id] = map[string]any{"id": id, "name": u.RealName, "handle": u.Name, "bot": u.Bot}
	}
	channels, messages := []any{}, map[string]any{}
	names := map[string]string{}
	for _, id := range w.order {
		c := w.channels[id]
		if c.Name != "" {
			names[id] = c.Name
		}
		if !c.has(user) {
			continue
		}
		channels = append(channels, map[string]any{"id": id, "name": c.Name, "kind": c.kind(), "topic": c.Topic, "external": c.External,
			"archived": c.Archived, "app": c.has(w.o.BotUser)})
		messages[id] = w.channelFor(user, c)
	}
	views := []any{}
	for _, id := range w.stacks[user] {
		views = append(views, w.pageView(w.views[id]))
	}
	var homeView any
	if v := w.homes[user]; v != nil {
		homeView = w.pageView(v)
	}
	commands, shortcuts := w.o.Commands, w.o.Shortcuts
	if commands == nil {
		commands = map[string]string{"/kilde": "dit spørgsmål"}
	}
	if shortcuts == nil {
		shortcuts = map[string]string{"besvar_besked": "Besvar denne besked"}
	}
	return map[string]any{
		"version": w.version, "viewer": user, "app": map[string]string{"id": w.o.BotUser, "name": w.o.BotName}, "dm": dm.ID, "people": people,
		"order": w.userOrder, "channels": channels, "channelNames": names, "messages": messages, "status": w.lines(), "sessions": maps.Clone(w.sessions),
		"titles": maps.Clone(w.titles), "suggestions": w.suggestions(dm.ID), "modals": views, "home": homeView, "notice": w.notices[user],
		"commands": maps.Clone(commands), "shortcuts": maps.Clone(shortcuts), "legacy": w.o.Legacy,
	}
}

// channelFor is what a person sees in a channel; an open stream is live only for its recipient.
func (w *Workspace) channelFor(user string, c *Channel) []any {
	out := []any{}
	for _, m := range w.messages[c.ID] {
		w.live(m) // ends it when it has expired
		x := pageMessage(m)
		if m.Streaming && c.IM == "" && m.Recipient != user {
			x["blocks"], x["text"], x["tasks"] = m.First, "", nil
		}
		out = append(out, x)
	}
	for _, m := range w.ephemerals {
		if m.For == user && m.Channel == c.ID {
			out = append(out, pageMessage(m))
		}
	}
	return out
}

func pageMessage(m *Message) map[string]any {
	return map[string]any{
		"ts": m.TS, "thread": m.Thread, "author": m.User, "bot": m.Bot, "text": m.Text, "blocks": m.Blocks, "edited": m.Edited && !m.Bot,
		"deleted": m.Tombstone, "streaming": m.Streaming, "private": m.For != "", "tasks": m.Tasks, "reactions": reactionsJSON(m.Reactions),
	}
}

func (w *Workspace) pageView(v *View) map[string]any {
	return map[string]any{"id": v.ID, "version": v.Hash, "title": v.Title, "send": v.Submit, "close": v.Close, "blocks": v.Blocks, "errors": maps.Clone(v.Errors)}
}

// lines are the status lines now shown, by "channel/thread".
func (w *Workspace) lines() map[string]any {
	out := map[string]any{}
	for _, s := range w.statuses {
		if text := w.status(s.Channel, s.Thread); text != "" {
			out[s.Channel+"/"+s.Thread] = map[string]any{"text": text, "loading": s.Loading}
		}
	}
	return out
}

func (w *Workspace) suggestions(dm string) map[string]any {
	out := map[string]any{}
	for key, p := range w.prompts {
		if len(key) > len(dm) && key[:len(dm)] == dm {
			raw, err := json.Marshal(p.Prompts)
			if err == nil {
				out[key] = map[string]any{"title": p.Title, "prompts": json.RawMessage(raw)}
			}
		}
	}
	return out
}
