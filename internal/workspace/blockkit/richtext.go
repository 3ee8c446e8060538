package blockkit

// style is the formatting of a piece of rich text.
var style = object(shape{fields: map[string]rule{
	"bold": boolean, "italic": boolean, "strike": boolean, "code": boolean, "underline": boolean,
	"highlight": boolean, "client_highlight": boolean, "unlink": boolean,
}})

// inline are the elements of a rich text section.
var inline = map[string]shape{
	"text":      {required: []string{"text"}, fields: map[string]rule{"text": str(1, 40_000), "style": style}},
	"link":      {required: []string{"url"}, fields: map[string]rule{"url": link, "text": str(0, 40_000), "unsafe": boolean, "style": style}},
	"user":      {required: []string{"user_id"}, fields: map[string]rule{"user_id": str(1, 255), "style": style}},
	"channel":   {required: []string{"channel_id"}, fields: map[string]rule{"channel_id": str(1, 255), "style": style}},
	"usergroup": {required: []string{"usergroup_id"}, fields: map[string]rule{"usergroup_id": str(1, 255), "style": style}},
	"team":      {required: []string{"team_id"}, fields: map[string]rule{"team_id": str(1, 255), "style": style}},
	"emoji":     {required: []string{"name"}, open: true, fields: map[string]rule{"name": str(1, 255)}},
	"broadcast": {required: []string{"range"}, fields: map[string]rule{"range": enum("here", "channel", "everyone"), "style": style}},
	"color":     {required: []string{"value"}, fields: map[string]rule{"value": str(1, 255), "style": style}},
	"date":      {required: []string{"timestamp", "format"}, open: true, fields: map[string]rule{"timestamp": number, "format": str(1, 255)}},
	"citation": {required: []string{"url", "text"}, open: true, fields: map[string]rule{
		"url": link, "text": str(1, 3000), "index": number, "from_llm": boolean, "is_slack_url": boolean,
	}},
}

var (
	section = shape{required: []string{"elements"}, fields: map[string]rule{"elements": list(0, 10_000, typed(inline))}}
	lists   = map[string]shape{"rich_text_section": section}
	parts   = map[string]shape{
		"rich_text_section": section,
		"rich_text_quote":   {required: []string{"elements"}, fields: map[string]rule{"elements": list(0, 10_000, typed(inline)), "border": number}},
		"rich_text_preformatted": {required: []string{"elements"}, fields: map[string]rule{
			"elements": list(0, 10_000, typed(inline, "text", "link")), "border": number, "language": str(0, 255),
		}},
		"rich_text_list": {required: []string{"elements", "style"}, fields: map[string]rule{
			"elements": list(1, 10_000, typed(lists)), "style": enum("bullet", "ordered"), "indent": number, "offset": number, "border": number,
		}},
	}
	richBlock = map[string]shape{
		"rich_text": {required: []string{"elements"}, fields: map[string]rule{"block_id": str(0, 255), "elements": list(1, 10_000, typed(parts))}},
	}
)
