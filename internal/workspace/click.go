package workspace

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Click presses a button. It must be in the message as it now stands, and be shown to the user.
func (w *Workspace) Click(user, channel, ts, actionID string) error {
	return w.use(user, channel, ts, actionID, "")
}

// Choose picks an option (by value) of a select or overflow menu in a message.
func (w *Workspace) Choose(user, channel, ts, actionID, value string) error {
	return w.use(user, channel, ts, actionID, value)
}

// Feedback presses one of a message's feedback buttons: value is positive, negative, or the button's own value.
func (w *Workspace) Feedback(user, channel, ts, value string) error {
	w.mu.Lock()
	m, err := w.shown(user, channel, ts)
	var action string
	if err == nil {
		for _, b := range flat(m.Blocks) {
			for _, e := range inner(b) {
				if e["type"] == "feedback_buttons" {
					action, _ = e["action_id"].(string)
				}
			}
		}
	}
	w.mu.Unlock()
	if err != nil {
		return fmt.Errorf("feedback: %w", err)
	}
	if action == "" {
		return fmt.Errorf("feedback: message %s has no feedback buttons", ts)
	}
	return w.use(user, channel, ts, action, value)
}

// shown is a message the user sees, ephemeral ones included.
func (w *Workspace) shown(user, channel, ts string) (*Message, error) {
	if _, err := w.seat(user, channel); err != nil {
		return nil, err
	}
	if m := w.find(channel, ts); m != nil {
		return m, nil
	}
	if m := w.findEphemeral(user, channel, ts); m != nil {
		return m, nil
	}
	return nil, fmt.Errorf("no message %s in %s", ts, channel)
}

func (w *Workspace) use(user, channel, ts, actionID, value string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, err := w.shown(user, channel, ts)
	if err != nil {
		return fmt.Errorf("click %s: %w", actionID, err)
	}
	action, err := w.action(user, m.Blocks, actionID, value)
	if err != nil {
		return fmt.Errorf("click %s: %w", actionID, err)
	}
	c := w.channels[channel]
	container := map[string]any{"type": "message", "message_ts": m.TS, "channel_id": channel, "is_ephemeral": m.For != ""}
	if m.Thread != "" {
		container["thread_ts"] = m.Thread
	}
	name := c.Name
	if c.IM != "" {
		name = "directmessage"
	}
	state, _ := stateOf(m.Blocks, nil) // nothing is being submitted
	payload := map[string]any{"type": "block_actions", "actions": []any{action}, "container": container, "channel": map[string]any{"id": c.ID, "name": name},
		"trigger_id": w.newTrigger(user, ""), "response_url": w.hookURL(w.newHook(user, c, m)), "state": map[string]any{"values": state}}
	if m.For == "" {
		payload["message"] = w.messageJSON(m)
	}
	delete(w.notices, user)
	w.interact(user, payload, nil)
	w.touchLocked()
	return nil
}

// action is the entry of a used element in "actions".
func (w *Workspace) action(user string, blocks json.RawMessage, actionID, value string) (map[string]any, error) {
	for _, b := range flat(blocks) {
		for _, e := range inner(b) {
			if e["action_id"] != actionID || b["type"] == "input" && b["dispatch_action"] != true {
				continue
			}
			if only, ok := e["visible_to_user_ids"].([]any); ok && !slices.Contains(only, any(user)) {
				return nil, fmt.Errorf("not shown to %s", user)
			}
			out := map[string]any{"type": e["type"], "action_id": actionID, "block_id": b["block_id"], "action_ts": w.ts()}
			return out, used(out, e, value)
		}
	}
	return nil, fmt.Errorf("no such element in the message as it now stands")
}

// used fills in what the element reports.
func used(out, e map[string]any, value string) error {
	kind, _ := e["type"].(string)
	switch field := selected[kind]; {
	case kind == "feedback_buttons":
		for _, side := range []string{"positive", "negative"} {
			button, _ := e[side+"_button"].(map[string]any)
			if value == side || value != "" && button["value"] == value {
				out["value"], out["text"] = button["value"], button["text"]
				return nil
			}
		}
		return fmt.Errorf("no feedback button %q", value)
	case kind == "button" || kind == "icon_button" || kind == "workflow_button":
		for _, name := range []string{"value", "text", "style", "icon"} {
			if e[name] != nil {
				out[name] = e[name]
			}
		}
		return nil
	case field == "":
		return fmt.Errorf("%s cannot be used here", kind)
	default:
		v, err := valueOf(e, field, value, true)
		out[field] = v
		return err
	}
}

// open finds a user's view: the modal on top, or the App Home.
func (w *Workspace) open(user, viewID string) (*View, error) {
	v := w.views[viewID]
	if v == nil || v.User != user {
		return nil, fmt.Errorf("%s has no view %s", user, viewID)
	}
	if stack := w.stacks[user]; v.Type == "modal" && stack[len(stack)-1] != viewID {
		return nil, fmt.Errorf("view %s is covered by another", viewID)
	}
	return v, nil
}

// ClickView presses a button in an open modal or on the App Home; value is for menus, as in Choose.
func (w *Workspace) ClickView(user, viewID, actionID, value string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	v, err := w.open(user, viewID)
	if err != nil {
		return fmt.Errorf("click %s: %w", actionID, err)
	}
	action, err := w.action(user, v.Blocks, actionID, value)
	if err != nil {
		return fmt.Errorf("click %s: %w", actionID, err)
	}
	in := ""
	if v.Type == "modal" {
		in = v.ID
	}
	delete(w.notices, user)
	w.interact(user, map[string]any{"type": "block_actions", "actions": []any{action}, "view": w.viewJSON(v), "trigger_id": w.newTrigger(user, in),
		"container": map[string]any{"type": "view", "view_id": v.ID}}, nil)
	return nil
}

// SubmitView submits the modal on top. values are block_id → action_id → text, option value, or comma-separated option
// values. What the app answers (errors, update, push, clear) shows in Views when it has acknowledged.
func (w *Workspace) SubmitView(user, viewID string, values map[string]map[string]string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	v, err := w.open(user, viewID)
	if err != nil {
		return fmt.Errorf("submit: %w", err)
	}
	if v.Type != "modal" || v.Submit == "" {
		return fmt.Errorf("submit: view %s has no submit button", viewID)
	}
	state, err := stateOf(v.Blocks, values)
	if err != nil {
		return fmt.Errorf("submit: %w", err)
	}
	v.State, v.Errors = state, nil
	delete(w.notices, user)
	w.interact(user, map[string]any{"type": "view_submission", "view": w.viewJSON(v), "trigger_id": w.newTrigger(user, v.ID), "response_urls": []any{}},
		func(response []byte) string { return w.submitted(user, viewID, response) })
	return nil
}

// submitted does what the app answered to a submission, and says what was wrong with it.
func (w *Workspace) submitted(user, viewID string, response []byte) string {
	var r struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(response) > 0 && json.Unmarshal(response, &r) != nil {
		return "not JSON"
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.touchLocked()
	v := w.views[viewID]
	if v == nil {
		return ""
	}
	switch r.Action {
	case "":
		w.pop(user, v)
	case "clear":
		w.closeAll(user)
	case "errors":
		known := map[any]bool{}
		for _, b := range decode(v.Blocks) {
			known[b["block_id"]] = b["type"] == "input"
		}
		for id := range r.Errors {
			if !known[id] {
				return "errors for a block that is no input: " + id
			}
		}
		if len(r.Errors) == 0 {
			return "response_action errors without errors"
		}
		v.Errors = r.Errors
	case "update", "push":
		next, err := w.parseView(string(r.View), "modal")
		switch {
		case err != nil:
			return err.Error()
		case r.Action == "update":
			w.renew(v, next)
		case len(w.stacks[user]) >= maxStack:
			return "push_limit_reached"
		default:
			w.lay(user, next)
		}
	default:
		return "unknown response_action " + r.Action
	}
	return ""
}

// pop takes a modal off its stack, and all that lie on it.
func (w *Workspace) pop(user string, v *View) {
	stack := w.stacks[user]
	i := slices.Index(stack, v.ID)
	if i < 0 {
		return
	}
	if v.ClearOnClose {
		i = 0
	}
	for _, id := range stack[i:] {
		delete(w.views, id)
	}
	if w.stacks[user] = stack[:i]; i == 0 {
		delete(w.stacks, user)
	}
}

// CloseView closes the modal on top with its close button.
func (w *Workspace) CloseView(user, viewID string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	v, err := w.open(user, viewID)
	if err != nil {
		return fmt.Errorf("close: %w", err)
	}
	if v.Type != "modal" {
		return fmt.Errorf("close: %s is no modal", viewID)
	}
	shown := w.viewJSON(v)
	w.pop(user, v)
	if v.NotifyOnClose {
		w.interact(user, map[string]any{"type": "view_closed", "view": shown, "is_cleared": v.ClearOnClose}, nil)
	}
	w.touchLocked()
	return nil
}
