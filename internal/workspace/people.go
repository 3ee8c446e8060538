package workspace

import (
	"slices"
	"strings"
)

// User is a person, or the app's bot user.
type User struct {
	ID, Name, RealName string
	Locale             string // da-DK if empty
	Email              string
	Bot                bool
}

// Channel is a place to talk. The bot is in it when Members has its user id.
type Channel struct {
	ID, Name, Topic string
	Private, MPIM   bool
	External        bool // shared with another organisation (Slack Connect)
	Archived        bool
	Members         []string
	IM              string // the user of a DM with the app; Members is set from it
	created         int64
}

func demoUsers() []User {
	return []User{
		{ID: "U0ANNA", Name: "anna", RealName: "Anna Holm", Email: "anna@eksempel.dk"},
		{ID: "U0BO", Name: "bo", RealName: "Bo Lind", Email: "bo@eksempel.dk"},
		{ID: "U0CLARA", Name: "clara", RealName: "Clara Friis", Email: "clara@eksempel.dk"},
	}
}

func demoChannels(bot string) []Channel {
	all := []string{"U0ANNA", "U0BO", "U0CLARA", bot}
	return []Channel{
		{ID: "C0FRIVILLIG", Name: "frivillig-viden", Topic: "Spørg om civilsamfund, samskabelse og frivillighed", Members: slices.Clone(all)},
		{ID: DefaultExpertChannel, Name: "ekspert", Topic: "Spørgsmål, som et menneske skal svare på", Members: slices.Clone(all)},
	}
}

// people fills the workspace with its users and channels.
func (w *Workspace) people() {
	add := func(u User) {
		orElse(&u.Locale, "da-DK")
		orElse(&u.RealName, u.Name)
		w.users[u.ID] = &u
		w.userOrder = append(w.userOrder, u.ID)
	}
	for _, u := range w.o.Users {
		add(u)
	}
	add(User{ID: w.o.BotUser, Name: strings.ToLower(w.o.BotName), RealName: w.o.BotName, Bot: true})
	for _, c := range w.o.Channels {
		if c.IM != "" {
			c.Members = []string{c.IM, w.o.BotUser}
		}
		c.created = w.o.Now().Unix()
		c.Members = slices.Clone(c.Members)
		w.channels[c.ID] = &c
		w.order = append(w.order, c.ID)
	}
}

func (c *Channel) has(user string) bool { return slices.Contains(c.Members, user) }

// kind is channel_type in events.
func (c *Channel) kind() string {
	switch {
	case c.IM != "":
		return "im"
	case c.MPIM:
		return "mpim"
	case c.Private:
		return "group"
	}
	return "channel"
}

// prefix is the scope family of the channel: channels:history, im:history and so on.
func (c *Channel) prefix() string {
	return map[string]string{"im": "im", "mpim": "mpim", "group": "groups", "channel": "channels"}[c.kind()]
}

// hidden is whether the bot must not know of the channel.
func (w *Workspace) hidden(c *Channel) bool {
	return c.kind() != "channel" && !c.has(w.o.BotUser)
}

// dm is the channel between a user and the app, made at need.
func (w *Workspace) dm(user string) *Channel {
	for _, id := range w.order {
		if c := w.channels[id]; c.IM == user {
			return c
		}
	}
	c := &Channel{ID: w.id("D", 9), IM: user, Members: []string{user, w.o.BotUser}, created: w.o.Now().Unix()}
	w.channels[c.ID] = c
	w.order = append(w.order, c.ID)
	return c
}

// DM is the id of the direct-message channel between a user and the app; empty for an unknown user.
func (w *Workspace) DM(user string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.users[user] == nil {
		return ""
	}
	return w.dm(user).ID
}

// AddUser adds a person.
func (w *Workspace) AddUser(u User) {
	w.mu.Lock()
	defer w.mu.Unlock()
	orElse(&u.Locale, "da-DK")
	orElse(&u.RealName, u.Name)
	if w.users[u.ID] == nil {
		w.userOrder = append(w.userOrder, u.ID)
	}
	w.users[u.ID] = &u
	w.touchLocked()
}

// AddChannel adds a channel, or replaces what is known about one.
func (w *Workspace) AddChannel(c Channel) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.channels[c.ID] == nil {
		w.order = append(w.order, c.ID)
	}
	if c.IM != "" {
		c.Members = []string{c.IM, w.o.BotUser}
	}
	c.created = w.o.Now().Unix()
	c.Members = slices.Clone(c.Members)
	w.channels[c.ID] = &c
	w.touchLocked()
}

// userJSON is a user object of the Web API.
func (w *Workspace) userJSON(u *User, locale bool) map[string]any {
	out := map[string]any{
		"id": u.ID, "team_id": w.o.TeamID, "name": u.Name, "real_name": u.RealName, "deleted": false, "is_bot": u.Bot, "is_app_user": false,
		"tz": "Europe/Copenhagen", "tz_label": "Central European Time", "tz_offset": 3600, "updated": 1,
		"profile": map[string]any{"real_name": u.RealName, "display_name": u.Name, "team": w.o.TeamID},
	}
	if w.scoped("users:read.email") && u.Email != "" {
		out["profile"].(map[string]any)["email"] = u.Email
	}
	if locale {
		out["locale"] = u.Locale
	}
	return out
}

// channelJSON is a conversation object of the Web API.
func (w *Workspace) channelJSON(c *Channel) map[string]any {
	kind := c.kind()
	out := map[string]any{
		"id": c.ID, "created": c.created, "is_archived": c.Archived, "is_im": kind == "im", "is_mpim": c.MPIM, "is_private": kind != "channel",
		"is_org_shared": false, "is_shared": c.External, "is_ext_shared": c.External, "context_team_id": w.o.TeamID, "updated": c.created,
	}
	if kind == "im" {
		out["user"], out["is_user_deleted"] = c.IM, false
		return out
	}
	out["name"], out["name_normalized"] = c.Name, c.Name
	out["is_channel"], out["is_group"], out["is_general"] = kind == "channel", kind == "group", false
	out["is_member"], out["num_members"] = c.has(w.o.BotUser), len(c.Members)
	out["topic"] = map[string]any{"value": c.Topic, "creator": "", "last_set": 0}
	out["purpose"] = map[string]any{"value": "", "creator": "", "last_set": 0}
	out["creator"] = ""
	return out
}
