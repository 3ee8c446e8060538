package blockkit

import "unicode/utf8"

// Elements that may stand in each kind of block.
var (
	inActions = []string{"button", "overflow", "static_select", "external_select", "users_select", "channels_select", "conversations_select",
		"multi_static_select", "multi_external_select", "multi_users_select", "multi_channels_select", "multi_conversations_select",
		"checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker", "rich_text_input", "plain_text_input", "workflow_button"}
	inSection = []string{"button", "overflow", "static_select", "external_select", "users_select", "channels_select", "conversations_select",
		"multi_static_select", "multi_external_select", "multi_users_select", "multi_channels_select", "multi_conversations_select",
		"checkboxes", "radio_buttons", "datepicker", "timepicker", "image", "workflow_button"}
	inInput = []string{"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input",
		"static_select", "external_select", "users_select", "channels_select", "conversations_select",
		"multi_static_select", "multi_external_select", "multi_users_select", "multi_channels_select", "multi_conversations_select",
		"checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker"}
	inContainer = []string{"section", "context", "actions", "divider", "header", "image", "table", "card", "carousel", "alert", "video", "file", "input", "task_card", "plan"}
)

var contextElement rule = func(c *check, at string, x any) {
	m, _ := x.(map[string]any)
	if m["type"] == "image" {
		object(imageElement)(c, at, x)
		return
	}
	text(3000)(c, at, x)
}

// child is a block inside a container.
func child(c *check, at string, x any) {
	m, _ := x.(map[string]any)
	kind, _ := m["type"].(string)
	for _, ok := range inContainer {
		if kind == ok {
			c.block(at, x)
			return
		}
	}
	c.add(at+"/type", "unsupported type in a container: %s", kind)
}

func markdownText(c *check, at string, x any) {
	s, ok := x.(string)
	if !ok || s == "" {
		c.add(at, "must be more than 0 characters")
		return
	}
	c.markdown += utf8.RuneCountInString(s)
}

var taskShape = shape{on: onMessage, required: []string{"task_id", "title"}, fields: map[string]rule{
	"task_id": str(1, 255), "title": str(1, 256), "status": enum("pending", "in_progress", "complete", "error"), "hide_title": boolean,
	"details": typed(richBlock), "output": typed(richBlock),
	"sources": list(0, 100, object(shape{required: []string{"type", "url", "text"}, fields: map[string]rule{"url": link, "text": str(1, 256)}})),
}}

var cell rule = func(c *check, at string, x any) {
	m, _ := x.(map[string]any)
	switch m["type"] {
	case "raw_text":
		object(shape{required: []string{"text"}, fields: map[string]rule{"text": str(0, 10_000)}})(c, at, x)
	case "raw_number":
		object(shape{open: true})(c, at, x)
	case "rich_text":
		typed(richBlock)(c, at, x)
	default:
		c.add(at+"/type", "unsupported type: %v", m["type"])
	}
}

var table = shape{on: onMessage, required: []string{"rows"}, fields: map[string]rule{
	"rows": list(1, 100, list(1, 20, cell)), "column_settings": list(0, 20, anything),
}, also: func(c *check, _ string, _ any) { c.tables++ }}

var cardShape = shape{on: onMessage | onViews, open: true, oneOf: []string{"hero_image", "title", "actions", "body"}, fields: map[string]rule{
	"title": text(150), "subtitle": text(150), "body": text(200), "actions": list(1, 5, typed(elementShapes, "button")),
}}

var blockShapes = map[string]shape{
	"section": {on: everywhere, oneOf: []string{"text", "fields"}, fields: map[string]rule{
		"text": text(3000), "fields": list(1, 10, text(2000)), "accessory": typed(elementShapes, inSection...), "expand": boolean,
	}},
	"header":  {on: everywhere, required: []string{"text"}, fields: map[string]rule{"text": plain(150), "level": number}},
	"divider": {on: everywhere},
	"image": {on: everywhere, required: []string{"alt_text"}, oneOf: []string{"image_url", "slack_file"}, fields: map[string]rule{
		"alt_text": str(1, 2000), "image_url": link, "slack_file": anything, "title": plain(2000),
	}},
	"context":         {on: everywhere, required: []string{"elements"}, fields: map[string]rule{"elements": list(1, 10, contextElement)}},
	"actions":         {on: everywhere, required: []string{"elements"}, fields: map[string]rule{"elements": list(1, 25, typed(elementShapes, inActions...))}},
	"context_actions": {on: onMessage, required: []string{"elements"}, fields: map[string]rule{"elements": list(1, 5, typed(elementShapes, "feedback_buttons", "icon_button"))}},
	"markdown":        {on: onMessage, required: []string{"text"}, fields: map[string]rule{"text": markdownText}},
	"rich_text":       withSurface(richBlock["rich_text"]),
	"input": {on: everywhere, required: []string{"label", "element"}, fields: map[string]rule{
		"label": plain(2000), "element": typed(elementShapes, inInput...), "hint": plain(2000), "optional": boolean, "dispatch_action": boolean,
	}, also: func(c *check, _ string, _ any) { c.inputs++ }},
	"video": {on: everywhere, open: true, required: []string{"alt_text", "title", "thumbnail_url", "video_url"}, fields: map[string]rule{
		"alt_text": str(1, 2000), "title": plain(200), "thumbnail_url": link, "video_url": link, "title_url": link,
		"description": plain(200), "author_name": str(0, 50),
	}},
	"file": {on: onMessage, required: []string{"external_id", "source"}, fields: map[string]rule{"external_id": str(1, 255), "source": enum("remote")}},
	"alert": {on: onModal, required: []string{"text"}, fields: map[string]rule{
		"text": text(200), "level": enum("default", "info", "warning", "error", "success"),
	}},
	"container": {on: onMessage | onViews, required: []string{"child_blocks"}, oneOf: []string{"title", "rich_text_title"}, fields: map[string]rule{
		"title": plain(150), "rich_text_title": typed(richBlock), "subtitle": text(150), "icon": object(imageElement), "width": str(1, 50),
		"child_blocks": list(1, 10, child), "is_collapsible": boolean, "default_collapsed": boolean,
	}},
	"card":       cardShape,
	"carousel":   {on: onMessage | onViews, open: true, required: []string{"elements"}, fields: map[string]rule{"elements": list(1, 10, object(cardShape))}},
	"table":      table,
	"data_table": {on: onMessage, open: true, required: []string{"rows"}, fields: map[string]rule{"rows": list(1, 100, list(1, 20, anything))}},
	"task_card":  taskShape,
	"plan": {on: onMessage, required: []string{"title"}, fields: map[string]rule{
		"title": str(1, 256), "tasks": list(0, 50, object(taskShape)),
	}},
}

func withSurface(s shape) shape {
	s.on = everywhere
	return s
}

// Views. Their blocks are checked apart, since the count differs.
var (
	modal = shape{required: []string{"title", "blocks"}, fields: map[string]rule{
		"title": plain(24), "submit": plain(24), "close": plain(24), "private_metadata": str(0, MaxMetadata), "callback_id": str(0, 255),
		"external_id": str(0, 255), "clear_on_close": boolean, "notify_on_close": boolean, "submit_disabled": boolean, "blocks": list(0, 1<<20, anything),
	}}
	home = shape{required: []string{"blocks"}, fields: map[string]rule{
		"private_metadata": str(0, MaxMetadata), "callback_id": str(0, 255), "external_id": str(0, 255), "blocks": list(0, 1<<20, anything),
	}}
)
