package workspace

import (
	"slices"
	"strconv"
	"strings"
)

func (w *Workspace) authTest(_ args) (reply, error) {
	return reply{"url": "https://" + w.o.Domain + ".slack.com/", "team": w.o.Domain, "user": strings.ToLower(w.o.BotName), "team_id": w.o.TeamID,
		"user_id": w.o.BotUser, "bot_id": w.o.BotID, "app_id": w.o.AppID, "app_name": w.o.BotName, "is_enterprise_install": false}, nil
}

func (w *Workspace) botsInfo(a args) (reply, error) {
	if id := a["bot"]; id != "" && id != w.o.BotID {
		return nil, refuse("bot_not_found")
	}
	return reply{"bot": map[string]any{"id": w.o.BotID, "deleted": false, "name": w.o.BotName, "updated": 1, "app_id": w.o.AppID, "user_id": w.o.BotUser}}, nil
}

func (w *Workspace) usersInfo(a args) (reply, error) {
	u := w.users[a["user"]]
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return reply{"user": w.userJSON(u, a.truth("include_locale", false))}, nil
}

// readable is a channel the app may read with a scope of the family, such as history.
func (w *Workspace) readable(a args, right string) (*Channel, error) {
	c, err := w.channelArg(a["channel"], false)
	if err != nil {
		return nil, err
	}
	return c, w.need(c.prefix() + ":" + right)
}

func (w *Workspace) conversationInfo(a args) (reply, error) {
	c, err := w.readable(a, "read")
	if err != nil {
		return nil, err
	}
	out := w.channelJSON(c)
	if a.truth("include_locale", false) {
		out["locale"] = "da-DK"
	}
	if !a.truth("include_num_members", false) {
		delete(out, "num_members")
	}
	return reply{"channel": out}, nil
}

func (w *Workspace) conversationMembers(a args) (reply, error) {
	c, err := w.readable(a, "read")
	if err != nil {
		return nil, err
	}
	page, next, err := cursor(c.Members, a, 100)
	return reply{"members": page, "response_metadata": map[string]any{"next_cursor": next}}, err
}

func (w *Workspace) conversationList(a args) (reply, error) {
	types := a["types"]
	orElse(&types, "public_channel")
	var list []map[string]any
	for _, id := range w.order {
		c := w.channels[id]
		name := map[string]string{"channel": "public_channel", "group": "private_channel", "im": "im", "mpim": "mpim"}[c.kind()]
		left := c.Archived && a.truth("exclude_archived", false)
		if slices.Contains(strings.Split(types, ","), name) && !w.hidden(c) && !left && w.scoped(c.prefix()+":read") {
			list = append(list, w.channelJSON(c))
		}
	}
	page, next, err := cursor(list, a, 100)
	return reply{"channels": page, "response_metadata": map[string]any{"next_cursor": next}}, err
}

func (w *Workspace) conversationOpen(a args) (reply, error) {
	users := strings.Split(a["users"], ",")
	if c := w.channels[a["channel"]]; c != nil && c.IM != "" {
		users = []string{c.IM}
	}
	if len(users) != 1 || w.users[users[0]] == nil || w.users[users[0]].Bot {
		return nil, refuse("user_not_found")
	}
	c := w.dm(users[0])
	if a.truth("return_im", false) {
		return reply{"channel": w.channelJSON(c)}, nil
	}
	return reply{"channel": map[string]any{"id": c.ID}}, nil
}

// messagesPage is a page of messages as the API shows them.
func (w *Workspace) messagesPage(list []*Message, a args, def int) (reply, error) {
	page, next, err := cursor(list, a, def)
	if err != nil {
		return nil, err
	}
	out := make([]map[string]any, len(page))
	for i, m := range page {
		out[i] = w.messageJSON(m)
		if !a.truth("include_all_metadata", false) {
			delete(out[i], "metadata")
		}
	}
	r := reply{"messages": out, "has_more": next != ""}
	if next != "" {
		r["response_metadata"] = map[string]any{"next_cursor": next}
	}
	return r, nil
}

func (w *Workspace) conversationReplies(a args) (reply, error) {
	c, err := w.readable(a, "history")
	if err != nil {
		return nil, err
	}
	if !c.has(w.o.BotUser) {
		return nil, refuse("not_in_channel")
	}
	m := w.find(c.ID, a["ts"])
	if m == nil {
		return nil, refuse("thread_not_found")
	}
	root := w.find(c.ID, m.root())
	if root == nil {
		return nil, refuse("thread_not_found")
	}
	return w.messagesPage(within(append([]*Message{root}, w.replies(root)...), a), a, 1000)
}

func (w *Workspace) conversationHistory(a args) (reply, error) {
	c, err := w.readable(a, "history")
	if err != nil {
		return nil, err
	}
	if !c.has(w.o.BotUser) {
		return nil, refuse("not_in_channel")
	}
	var list []*Message
	for _, m := range w.messages[c.ID] {
		if m.Thread == "" || m.Thread == m.TS || m.Subtype == "thread_broadcast" {
			list = append(list, m)
		}
	}
	slices.Reverse(list)
	return w.messagesPage(within(list, a), a, 100)
}

// within keeps the messages between oldest and latest; the bounds themselves count with inclusive.
func within(list []*Message, a args) []*Message {
	out := make([]*Message, 0, len(list))
	for _, m := range list {
		edge := a.truth("inclusive", false)
		if o := a["oldest"]; o != "" && o != "0" && (m.TS < o || m.TS == o && !edge) {
			continue
		}
		if l := a["latest"]; l != "" && (m.TS > l || m.TS == l && !edge) {
			continue
		}
		out = append(out, m)
	}
	return out
}

// cursor cuts one page; the cursor is the index it starts at.
func cursor[T any](list []T, a args, def int) (page []T, next string, err error) {
	from := 0
	if c := a["cursor"]; c != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(c, "next:"))
		if err != nil || n < 0 || n > len(list) {
			return nil, "", refuse("invalid_cursor")
		}
		from = n
	}
	limit := a.number("limit", def)
	if limit < 1 || limit > 1000 {
		return nil, "", refuse("invalid_limit")
	}
	to := min(len(list), from+limit)
	if to < len(list) {
		next = "next:" + strconv.Itoa(to)
	}
	return append([]T{}, list[from:to]...), next, nil
}

// reacted finds the message of a reaction call.
func (w *Workspace) reacted(a args) (*Channel, *Message, error) {
	c, err := w.channelArg(a["channel"], false)
	if err != nil {
		return nil, nil, err
	}
	m := w.find(c.ID, a["timestamp"])
	switch {
	case m == nil:
		return nil, nil, refuse("message_not_found")
	case c.Archived:
		return nil, nil, refuse("is_archived")
	case !c.has(w.o.BotUser):
		return nil, nil, refuse("not_in_channel")
	case a["name"] == "" || strings.ContainsAny(a["name"], ": "):
		return nil, nil, refuse("invalid_name")
	}
	return c, m, nil
}

func (w *Workspace) addReaction(a args) (reply, error) {
	c, m, err := w.reacted(a)
	if err != nil {
		return nil, err
	}
	if slices.Contains(m.Reactions[a["name"]], w.o.BotUser) {
		return nil, refuse("already_reacted")
	}
	if m.Reactions == nil {
		m.Reactions = map[string][]string{}
	}
	m.Reactions[a["name"]] = append(m.Reactions[a["name"]], w.o.BotUser)
	w.emitReaction("reaction_added", c, m, w.o.BotUser, a["name"])
	return nil, nil
}

func (w *Workspace) removeReaction(a args) (reply, error) {
	c, m, err := w.reacted(a)
	if err != nil {
		return nil, err
	}
	users := m.Reactions[a["name"]]
	i := slices.Index(users, w.o.BotUser)
	if i < 0 {
		return nil, refuse("no_reaction")
	}
	if users = slices.Delete(users, i, i+1); len(users) == 0 {
		delete(m.Reactions, a["name"])
	} else {
		m.Reactions[a["name"]] = users
	}
	w.emitReaction("reaction_removed", c, m, w.o.BotUser, a["name"])
	return nil, nil
}
