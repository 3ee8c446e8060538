package workspace

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"kildesvar/internal/workspace/blockkit"
)

// View is a modal, or an App Home.
type View struct {
	ID, User, Type, Hash        string
	Title, Submit, Close        string
	CallbackID, PrivateMetadata string
	ExternalID, Root, Previous  string
	Blocks                      json.RawMessage
	NotifyOnClose, ClearOnClose bool
	Errors                      map[string]string // block_id → what the app said of the input
	State                       map[string]map[string]map[string]any
	title, submit, close        json.RawMessage
}

// maxStack is how many modals may lie on each other.
const maxStack = 3

func (v *View) copy() View {
	c := *v
	c.Blocks, c.Errors = bytes.Clone(v.Blocks), maps.Clone(v.Errors)
	return c
}

// parseView makes a view of what an app sent, checked.
func (w *Workspace) parseView(raw string, kind string) (*View, error) {
	if problems := blockkit.View([]byte(raw)); len(problems) > 0 {
		return nil, checked(problems)
	}
	if len(raw) > 250_000 {
		return nil, refuse("view_too_large")
	}
	type textObject struct {
		Text string `json:"text"`
	}
	var def struct {
		Type            string          `json:"type"`
		Title           json.RawMessage `json:"title"`
		Submit          json.RawMessage `json:"submit"`
		Close           json.RawMessage `json:"close"`
		CallbackID      string          `json:"callback_id"`
		PrivateMetadata string          `json:"private_metadata"`
		ExternalID      string          `json:"external_id"`
		NotifyOnClose   bool            `json:"notify_on_close"`
		ClearOnClose    bool            `json:"clear_on_close"`
		Blocks          json.RawMessage `json:"blocks"`
	}
	if err := json.Unmarshal([]byte(raw), &def); err != nil {
		return nil, &apiError{code: "invalid_arguments", messages: []string{err.Error()}}
	}
	if def.Type != kind {
		return nil, &apiError{code: "invalid_arguments", messages: []string{"[ERROR] view type must be " + kind + " [json-pointer:/view/type]"}}
	}
	if def.ExternalID != "" && slices.ContainsFunc(slices.Collect(maps.Values(w.views)), func(v *View) bool { return v.ExternalID == def.ExternalID }) {
		return nil, refuse("duplicate_external_id")
	}
	text := func(raw json.RawMessage) string {
		var t textObject
		_ = json.Unmarshal(raw, &t) // absent, or checked
		return t.Text
	}
	return &View{
		ID: w.id("V", 10), Type: kind, Hash: w.ts() + "." + w.id("", 8), Title: text(def.Title), Submit: text(def.Submit), Close: text(def.Close),
		CallbackID: def.CallbackID, PrivateMetadata: def.PrivateMetadata, ExternalID: def.ExternalID, Blocks: w.withIDs(def.Blocks),
		NotifyOnClose: def.NotifyOnClose, ClearOnClose: def.ClearOnClose, title: def.Title, submit: def.Submit, close: def.Close,
	}, nil
}

// viewJSON is a view object of the Web API.
func (w *Workspace) viewJSON(v *View) map[string]any {
	state := v.State
	if state == nil {
		state, _ = stateOf(v.Blocks, nil)
	}
	or := func(raw json.RawMessage) any {
		if raw == nil {
			return nil
		}
		return raw
	}
	return map[string]any{
		"id": v.ID, "team_id": w.o.TeamID, "type": v.Type, "title": or(v.title), "submit": or(v.submit), "close": or(v.close), "blocks": v.Blocks,
		"private_metadata": v.PrivateMetadata, "callback_id": v.CallbackID, "external_id": v.ExternalID, "hash": v.Hash,
		"state": map[string]any{"values": state}, "clear_on_close": v.ClearOnClose, "notify_on_close": v.NotifyOnClose,
		"root_view_id": v.Root, "previous_view_id": orNil(v.Previous), "app_id": w.o.AppID, "bot_id": w.o.BotID, "app_installed_team_id": w.o.TeamID,
	}
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (w *Workspace) openView(a args) (reply, error) {
	t, err := w.redeem(a["trigger_id"])
	if err != nil {
		return nil, err
	}
	v, err := w.parseView(a["view"], "modal")
	if err != nil {
		return nil, err
	}
	w.closeAll(t.user)
	w.lay(t.user, v)
	return reply{"view": w.viewJSON(v)}, nil
}

func (w *Workspace) pushView(a args) (reply, error) {
	t, err := w.redeem(a["trigger_id"])
	if err != nil {
		return nil, err
	}
	if !slices.Contains(w.stacks[t.user], t.view) {
		return nil, refuse("invalid_trigger_id") // it did not arise in an open modal
	}
	if len(w.stacks[t.user]) >= maxStack {
		return nil, refuse("push_limit_reached")
	}
	v, err := w.parseView(a["view"], "modal")
	if err != nil {
		return nil, err
	}
	w.lay(t.user, v)
	return reply{"view": w.viewJSON(v)}, nil
}

// lay puts a modal on a user's stack.
func (w *Workspace) lay(user string, v *View) {
	stack := w.stacks[user]
	v.User, v.Root = user, v.ID
	if len(stack) > 0 {
		v.Root, v.Previous = stack[0], stack[len(stack)-1]
	}
	w.views[v.ID] = v
	w.stacks[user] = append(stack, v.ID)
}

func (w *Workspace) closeAll(user string) {
	for _, id := range w.stacks[user] {
		delete(w.views, id)
	}
	delete(w.stacks, user)
}

// renew replaces a view in its place.
func (w *Workspace) renew(old, v *View) {
	v.ID, v.User, v.Root, v.Previous = old.ID, old.User, old.Root, old.Previous
	orElse(&v.ExternalID, old.ExternalID)
	w.views[v.ID] = v
	if v.Type == "home" {
		w.homes[v.User] = v
	}
}

func (w *Workspace) updateView(a args) (reply, error) {
	var old *View
	for id, v := range w.views {
		if id == a["view_id"] || a["external_id"] != "" && v.ExternalID == a["external_id"] {
			old = v
		}
	}
	switch {
	case a["view_id"] == "" && a["external_id"] == "":
		return nil, refuse("invalid_arguments")
	case old == nil:
		return nil, refuse("not_found")
	case a["hash"] != "" && a["hash"] != old.Hash:
		return nil, refuse("hash_conflict")
	}
	kept := old.ExternalID
	old.ExternalID = "" // the same id again is no duplicate
	v, err := w.parseView(a["view"], old.Type)
	old.ExternalID = kept
	if err != nil {
		return nil, err
	}
	w.renew(old, v)
	return reply{"view": w.viewJSON(v)}, nil
}

func (w *Workspace) publishView(a args) (reply, error) {
	user := a["user_id"]
	if w.users[user] == nil {
		return nil, refuse("user_not_found")
	}
	old := w.homes[user]
	if old != nil && a["hash"] != "" && a["hash"] != old.Hash {
		return nil, refuse("hash_conflict")
	}
	v, err := w.parseView(a["view"], "home")
	if err != nil {
		return nil, err
	}
	if old != nil {
		w.renew(old, v)
	} else {
		v.User, v.Root = user, v.ID
		w.views[v.ID], w.homes[user] = v, v
	}
	return reply{"view": w.viewJSON(v)}, nil
}
