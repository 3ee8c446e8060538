package workspace

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// selected are the fields in which each kind of element reports what was chosen. Those that report an option object are
// named selected_option(s).
var selected = map[string]string{
	"plain_text_input": "value", "email_text_input": "value", "url_text_input": "value", "number_input": "value",
	"datepicker": "selected_date", "timepicker": "selected_time", "users_select": "selected_user", "channels_select": "selected_channel",
	"conversations_select": "selected_conversation", "static_select": "selected_option", "external_select": "selected_option",
	"radio_buttons": "selected_option", "overflow": "selected_option", "checkboxes": "selected_options", "multi_static_select": "selected_options",
}

// inner are the elements of a block that a person can use, also in the blocks of a container.
func inner(block map[string]any) []map[string]any {
	var out []map[string]any
	list, _ := block["elements"].([]any)
	actions, _ := block["actions"].([]any)
	for _, x := range slices.Concat(list, actions, []any{block["accessory"], block["element"]}) {
		if e, ok := x.(map[string]any); ok && actionable(e) {
			out = append(out, e)
		}
	}
	return out
}

// flat are all blocks, those in containers too.
func flat(raw json.RawMessage) []map[string]any {
	var out []map[string]any
	for _, b := range decode(raw) {
		out = append(out, b)
		children, _ := b["child_blocks"].([]any)
		for _, x := range children {
			if c, ok := x.(map[string]any); ok {
				out = append(out, c)
			}
		}
	}
	return out
}

// stateOf is the state of all inputs and selects in blocks: what was chosen, else what the app put there. The error says
// which input a person could not have sent that way.
func stateOf(blocks json.RawMessage, chosen map[string]map[string]string) (map[string]map[string]map[string]any, error) {
	state := map[string]map[string]map[string]any{}
	var wrong error
	for _, b := range flat(blocks) {
		block, _ := b["block_id"].(string)
		for _, e := range inner(b) {
			kind, _ := e["type"].(string)
			field := selected[kind]
			if field == "" || kind == "overflow" {
				continue
			}
			action, _ := e["action_id"].(string)
			given, set := chosen[block][action]
			value, err := valueOf(e, field, given, set)
			if b["type"] == "input" && err == nil && b["optional"] != true && empty(value) {
				err = fmt.Errorf("input %s/%s is required", block, action)
			}
			if err != nil && wrong == nil {
				wrong = err
			}
			if state[block] == nil {
				state[block] = map[string]map[string]any{}
			}
			state[block][action] = map[string]any{"type": kind, field: value}
		}
	}
	return state, wrong
}

func empty(v any) bool {
	list, isList := v.([]any)
	return v == nil || v == "" || isList && len(list) == 0
}

// valueOf is what an element reports.
func valueOf(e map[string]any, field, given string, set bool) (any, error) {
	switch field {
	case "selected_option":
		if !set {
			return e["initial_option"], nil
		}
		return optionOf(e, given)
	case "selected_options":
		if !set {
			list, _ := e["initial_options"].([]any)
			return list, nil
		}
		out := []any{}
		for _, v := range strings.Split(given, ",") {
			if v == "" {
				continue
			}
			o, err := optionOf(e, v)
			if err != nil {
				return nil, err
			}
			out = append(out, o)
		}
		return out, nil
	}
	if !set {
		given, _ = e["initial_value"].(string)
	}
	if given == "" {
		return nil, nil
	}
	n := utf8.RuneCountInString(given)
	if least, ok := e["min_length"].(float64); ok && n < int(least) {
		return nil, fmt.Errorf("%v: at least %d characters", e["action_id"], int(least))
	}
	if most, ok := e["max_length"].(float64); ok && n > int(most) {
		return nil, fmt.Errorf("%v: at most %d characters", e["action_id"], int(most))
	}
	return given, nil
}

// optionOf finds an option by its value, in groups too.
func optionOf(e map[string]any, value string) (any, error) {
	list, _ := e["options"].([]any)
	groups, _ := e["option_groups"].([]any)
	for _, g := range groups {
		m, _ := g.(map[string]any)
		more, _ := m["options"].([]any)
		list = slices.Concat(list, more)
	}
	for _, o := range list {
		if m, _ := o.(map[string]any); m["value"] == value {
			return o, nil
		}
	}
	return nil, fmt.Errorf("%v has no option %q", e["action_id"], value)
}
