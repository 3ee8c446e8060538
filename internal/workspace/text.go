package workspace

import (
	"encoding/json"
	"regexp"
	"strings"
)

// Escape writes the three characters that mean something to Slack as entities.
func Escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// entity is what a person's text may hold besides plain words: a ready entity of the composer, a typed name, an address.
var entity = regexp.MustCompile(`<@U[A-Z0-9]+>|<#C[A-Z0-9]+>|<!(?:here|channel|everyone)>|@[\p{L}\p{N}_.-]+|https?://[^\s<>]+`)

func mentions(text, user string) bool {
	return strings.Contains(text, "<@"+user+">") || strings.Contains(text, "<@"+user+"|")
}

// compose makes Slack's text and rich_text block from what a person typed. Names of people (@anna) and the app become mentions.
func (w *Workspace) compose(typed string) (string, json.RawMessage) {
	var text strings.Builder
	var elements []map[string]any
	plain := func(s string) {
		if s != "" {
			text.WriteString(Escape(s))
			elements = append(elements, map[string]any{"type": "text", "text": s})
		}
	}
	at := 0
	for _, span := range entity.FindAllStringIndex(typed, -1) {
		word := typed[span[0]:span[1]]
		coded, element, rest := w.entity(word)
		if element == nil {
			continue
		}
		plain(typed[at:span[0]])
		text.WriteString(coded)
		elements = append(elements, element)
		at = span[1] - len(rest)
	}
	plain(typed[at:])
	blocks, err := json.Marshal([]any{map[string]any{"type": "rich_text", "block_id": w.id("", 5),
		"elements": []any{map[string]any{"type": "rich_text_section", "elements": elements}}}})
	if err != nil || len(elements) == 0 {
		return text.String(), nil
	}
	return text.String(), blocks
}

// entity is the code and rich-text element of one word; rest is punctuation after it that is not part of it.
func (w *Workspace) entity(word string) (coded string, element map[string]any, rest string) {
	switch {
	case strings.HasPrefix(word, "<@"):
		if id := word[2 : len(word)-1]; w.users[id] != nil {
			return word, map[string]any{"type": "user", "user_id": id}, ""
		}
	case strings.HasPrefix(word, "<#"):
		if c := w.channels[word[2:len(word)-1]]; c != nil {
			return "<#" + c.ID + "|" + c.Name + ">", map[string]any{"type": "channel", "channel_id": c.ID}, ""
		}
	case strings.HasPrefix(word, "<!"):
		return word, map[string]any{"type": "broadcast", "range": word[2 : len(word)-1]}, ""
	case strings.HasPrefix(word, "@"):
		name := strings.TrimRight(word[1:], ".-")
		for _, id := range append(w.userOrder, w.o.BotUser) {
			if u := w.users[id]; strings.EqualFold(u.Name, name) || strings.EqualFold(u.RealName, name) {
				return "<@" + id + ">", map[string]any{"type": "user", "user_id": id}, word[1+len(name):]
			}
		}
	default:
		url := strings.TrimRight(word, ".,;:!?)\"'»")
		return "<" + Escape(url) + ">", map[string]any{"type": "link", "url": url}, word[len(url):]
	}
	return "", nil, ""
}
