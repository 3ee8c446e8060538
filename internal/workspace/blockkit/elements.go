package blockkit

import "maps"

// confirm is the dialog in front of an action.
var confirm = object(shape{required: []string{"title", "text", "confirm", "deny"}, fields: map[string]rule{
	"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30), "style": enum("primary", "danger"),
}})

func option(label rule) rule {
	return object(shape{required: []string{"text", "value"}, fields: map[string]rule{
		"text": label, "value": str(1, 150), "description": text(75), "url": link,
	}})
}

var (
	actionID    = str(1, 255)
	placeholder = plain(150)
	plainOption = option(plain(75))
	richOption  = option(text(75))
	groups      = list(1, 100, object(shape{required: []string{"label", "options"}, fields: map[string]rule{
		"label": plain(75), "options": list(1, 100, plainOption),
	}}))
	feedbackButton = object(shape{required: []string{"text", "value"}, fields: map[string]rule{
		"text": plain(75), "value": str(1, 2000), "accessibility_label": str(1, 75),
	}})
	dispatchConfig = object(shape{fields: map[string]rule{
		"trigger_actions_on": list(1, 2, enum("on_enter_pressed", "on_character_entered")),
	}})
)

// focus counts elements that want the keyboard: a view has room for one.
func focus(c *check, at string, x any) {
	boolean(c, at, x)
	if x == true {
		c.focused++
	}
}

// element makes the shape of an interactive element from what all of them have and its own fields.
func element(required []string, own map[string]rule) shape {
	fields := map[string]rule{"action_id": actionID, "confirm": confirm, "focus_on_load": focus}
	maps.Copy(fields, own)
	return shape{required: required, fields: fields}
}

// choice is the rule that a select has options or groups, not both.
func choice(s shape) shape {
	s.oneOf = []string{"options", "option_groups"}
	s.also = func(c *check, at string, x any) {
		m, _ := x.(map[string]any)
		if m["options"] != nil && m["option_groups"] != nil {
			c.add(at, "options and option_groups exclude each other")
		}
	}
	return s
}

var imageElement = shape{required: []string{"alt_text"}, oneOf: []string{"image_url", "slack_file"}, fields: map[string]rule{
	"alt_text": str(1, 2000), "image_url": link, "slack_file": anything,
}}

// inputText is what the single-line inputs share.
func inputText(own map[string]rule) shape {
	fields := map[string]rule{"placeholder": placeholder, "initial_value": str(0, 3000), "dispatch_action_config": dispatchConfig}
	maps.Copy(fields, own)
	return element(nil, fields)
}

// pick is a select over something the workspace knows (users, channels); multi ones take several.
func pick(initial string, multi bool) shape {
	fields := map[string]rule{"placeholder": placeholder}
	if multi {
		fields[initial+"s"], fields["max_selected_items"] = list(0, 100, str(1, 255)), number
	} else {
		fields[initial], fields["response_url_enabled"] = str(1, 255), boolean
	}
	fields["filter"], fields["default_to_current_conversation"] = anything, boolean
	return element(nil, fields)
}

var elementShapes = map[string]shape{
	"button": element([]string{"text"}, map[string]rule{
		"text": plain(75), "value": str(0, 2000), "url": link, "style": enum("primary", "danger"), "accessibility_label": str(1, 75),
	}),
	"overflow": element([]string{"options"}, map[string]rule{"options": list(2, 5, plainOption)}),
	"static_select": choice(element(nil, map[string]rule{
		"placeholder": placeholder, "options": list(1, 100, plainOption), "option_groups": groups, "initial_option": plainOption,
	})),
	"multi_static_select": choice(element(nil, map[string]rule{
		"placeholder": placeholder, "options": list(1, 100, plainOption), "option_groups": groups,
		"initial_options": list(1, 100, plainOption), "max_selected_items": number,
	})),
	"external_select": element(nil, map[string]rule{"placeholder": placeholder, "initial_option": plainOption, "min_query_length": number}),
	"multi_external_select": element(nil, map[string]rule{
		"placeholder": placeholder, "initial_options": list(1, 100, plainOption), "min_query_length": number, "max_selected_items": number,
	}),
	"users_select":               pick("initial_user", false),
	"multi_users_select":         pick("initial_user", true),
	"channels_select":            pick("initial_channel", false),
	"multi_channels_select":      pick("initial_channel", true),
	"conversations_select":       pick("initial_conversation", false),
	"multi_conversations_select": pick("initial_conversation", true),
	"checkboxes":                 element([]string{"options"}, map[string]rule{"options": list(1, 10, richOption), "initial_options": list(1, 10, richOption)}),
	"radio_buttons":              element([]string{"options"}, map[string]rule{"options": list(1, 10, richOption), "initial_option": richOption}),
	"datepicker":                 element(nil, map[string]rule{"placeholder": placeholder, "initial_date": str(10, 10)}),
	"timepicker":                 element(nil, map[string]rule{"placeholder": placeholder, "initial_time": str(5, 5), "timezone": str(1, 255)}),
	"datetimepicker":             element(nil, map[string]rule{"initial_date_time": number}),
	"plain_text_input": element(nil, map[string]rule{
		"placeholder": placeholder, "initial_value": str(0, 3000), "multiline": boolean, "min_length": number, "max_length": number,
		"dispatch_action_config": dispatchConfig,
	}),
	"email_text_input": inputText(nil),
	"url_text_input":   inputText(nil),
	"number_input": func() shape {
		s := inputText(map[string]rule{"is_decimal_allowed": boolean, "min_value": anything, "max_value": anything})
		s.required = []string{"is_decimal_allowed"}
		return s
	}(),
	"rich_text_input": element(nil, map[string]rule{"placeholder": placeholder, "initial_value": anything, "dispatch_action_config": dispatchConfig}),
	"file_input":      element(nil, map[string]rule{"filetypes": list(1, 100, str(1, 50)), "max_files": number}),
	"image":           imageElement,
	"feedback_buttons": {required: []string{"positive_button", "negative_button"}, fields: map[string]rule{
		"action_id": actionID, "positive_button": feedbackButton, "negative_button": feedbackButton,
	}},
	"icon_button": {required: []string{"icon", "text"}, fields: map[string]rule{
		"action_id": actionID, "icon": enum("trash"), "text": plain(75), "value": str(0, 2000), "confirm": confirm,
		"accessibility_label": str(1, 75), "visible_to_user_ids": list(1, 100, str(1, 255)),
	}},
	"workflow_button": {required: []string{"text", "workflow"}, fields: map[string]rule{
		"text": plain(75), "workflow": anything, "action_id": actionID, "style": enum("primary", "danger"), "accessibility_label": str(1, 75),
	}},
}
