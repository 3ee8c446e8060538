package blockkit

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func n(count int) string { return strings.Repeat("å", count) }

func many(count int, of func(i int) string) string {
	list := make([]string, count)
	for i := range list {
		list[i] = of(i)
	}
	return "[" + strings.Join(list, ",") + "]"
}

func plainJSON(s string) string { return fmt.Sprintf(`{"type":"plain_text","text":%q}`, s) }
func mrkdwn(s string) string    { return fmt.Sprintf(`{"type":"mrkdwn","text":%q}`, s) }
func button(i int) string {
	return fmt.Sprintf(`{"type":"button","action_id":"b%d","text":%s}`, i, plainJSON("x"))
}
func opt(s string) string     { return fmt.Sprintf(`{"text":%s,"value":"v"}`, plainJSON(s)) }
func actions(e string) string { return `[{"type":"actions","elements":[` + e + `]}]` }
func modalOf(blocks string) string {
	return `{"type":"modal","title":` + plainJSON("x") + `,"submit":` + plainJSON("x") + `,"blocks":` + blocks + `}`
}
func confirmed(title, text, yes string) string {
	return actions(fmt.Sprintf(`{"type":"button","text":%s,"confirm":{"title":%s,"text":%s,"confirm":%s,"deny":%s}}`, plainJSON("x"), plainJSON(title), mrkdwn(text), plainJSON(yes), plainJSON(yes)))
}
func feedback(text, value string) string {
	b := fmt.Sprintf(`{"text":%s,"value":%q}`, plainJSON(text), value)
	return `[{"type":"context_actions","elements":[{"type":"feedback_buttons","action_id":"f","positive_button":` + b + `,"negative_button":` + b + `}]}]`
}
func icon(i int) string {
	return fmt.Sprintf(`{"type":"icon_button","icon":"trash","action_id":"i%d","text":%s}`, i, plainJSON("x"))
}

// limits is one case for each limit: what is just within passes, one more fails.
var limits = map[string]struct {
	max  int
	make func(n int) string
	view bool
	code string // of the refusal; CodeBlocks or CodeView if empty
}{
	"blocks in a message": {50, func(k int) string { return many(k, func(int) string { return `{"type":"divider"}` }) }, false, ""},
	"blocks in a modal":   {100, func(k int) string { return modalOf(many(k, func(int) string { return `{"type":"divider"}` })) }, true, ""},
	"blocks in a home": {100, func(k int) string {
		return `{"type":"home","blocks":` + many(k, func(int) string { return `{"type":"divider"}` }) + `}`
	}, true, ""},
	"section text": {3000, func(k int) string { return `[{"type":"section","text":` + mrkdwn(n(k)) + `}]` }, false, ""},
	"section fields": {10, func(k int) string {
		return `[{"type":"section","fields":` + many(k, func(int) string { return mrkdwn("x") }) + `}]`
	}, false, ""},
	"section field text": {2000, func(k int) string { return `[{"type":"section","fields":[` + mrkdwn(n(k)) + `]}]` }, false, ""},
	"header":             {150, func(k int) string { return `[{"type":"header","text":` + plainJSON(n(k)) + `}]` }, false, ""},
	"context elements": {10, func(k int) string {
		return `[{"type":"context","elements":` + many(k, func(int) string { return mrkdwn("x") }) + `}]`
	}, false, ""},
	"actions elements": {25, func(k int) string { return `[{"type":"actions","elements":` + many(k, button) + `}]` }, false, ""},
	"context_actions":  {5, func(k int) string { return `[{"type":"context_actions","elements":` + many(k, icon) + `}]` }, false, ""},
	"button text":      {75, func(k int) string { return actions(`{"type":"button","text":` + plainJSON(n(k)) + `}`) }, false, ""},
	"button value": {2000, func(k int) string {
		return actions(`{"type":"button","value":"` + n(k) + `","text":` + plainJSON("x") + `}`)
	}, false, ""},
	"button url": {3000, func(k int) string {
		return actions(`{"type":"button","url":"https://` + strings.Repeat("a", k-8) + `","text":` + plainJSON("x") + `}`)
	}, false, ""},
	"action_id": {255, func(k int) string {
		return actions(`{"type":"button","action_id":"` + n(k) + `","text":` + plainJSON("x") + `}`)
	}, false, ""},
	"accessibility_label": {75, func(k int) string {
		return actions(`{"type":"button","accessibility_label":"` + n(k) + `","text":` + plainJSON("x") + `}`)
	}, false, ""},
	"block_id": {255, func(k int) string { return `[{"type":"divider","block_id":"` + n(k) + `"}]` }, false, ""},
	"overflow options": {5, func(k int) string {
		return actions(`{"type":"overflow","options":` + many(k, func(int) string { return opt("x") }) + `}`)
	}, false, ""},
	"overflow option text": {75, func(k int) string {
		return actions(`{"type":"overflow","options":[` + opt("x") + `,` + opt(n(k)) + `]}`)
	}, false, ""},
	"select options": {100, func(k int) string {
		return modalOf(actions(`{"type":"static_select","options":` + many(k, func(int) string { return opt("x") }) + `}`))
	}, true, ""},
	"confirm title":   {100, func(k int) string { return confirmed(n(k), "x", "x") }, false, ""},
	"confirm text":    {300, func(k int) string { return confirmed("x", n(k), "x") }, false, ""},
	"confirm buttons": {30, func(k int) string { return confirmed("x", "x", n(k)) }, false, ""},
	"feedback text":   {75, func(k int) string { return feedback(n(k), "v") }, false, ""},
	"feedback value":  {2000, func(k int) string { return feedback("x", n(k)) }, false, ""},
	"container title": {150, func(k int) string {
		return `[{"type":"container","title":` + plainJSON(n(k)) + `,"child_blocks":[{"type":"divider"}]}]`
	}, false, ""},
	"container children": {10, func(k int) string {
		return `[{"type":"container","title":` + plainJSON("x") + `,"child_blocks":` + many(k, func(int) string { return `{"type":"divider"}` }) + `}]`
	}, false, ""},
	"card body": {200, func(k int) string { return `[{"type":"card","body":` + mrkdwn(n(k)) + `}]` }, false, ""},
	"table rows": {100, func(k int) string {
		return `[{"type":"table","rows":` + many(k, func(int) string { return `[{"type":"raw_text","text":"x"}]` }) + `}]`
	}, false, ""},
	"table cells": {20, func(k int) string {
		return `[{"type":"table","rows":[` + many(k, func(int) string { return `{"type":"raw_text","text":"x"}` }) + `]}]`
	}, false, ""},
	"markdown": {12000, func(k int) string { return `[{"type":"markdown","text":"` + n(k) + `"}]` }, false, CodeTooLong},
	"markdown in two blocks": {12000, func(k int) string {
		return `[{"type":"markdown","text":"` + n(6000) + `"},{"type":"markdown","text":"` + n(k-6000) + `"}]`
	}, false, CodeTooLong},
	"payload": {MaxPayload, payload, false, CodeBlocksTooLong},
	"modal title": {24, func(k int) string {
		return `{"type":"modal","title":` + plainJSON(n(k)) + `,"blocks":[{"type":"divider"}]}`
	}, true, ""},
	"modal submit": {24, func(k int) string {
		return `{"type":"modal","title":` + plainJSON("x") + `,"submit":` + plainJSON(n(k)) + `,"blocks":[{"type":"divider"}]}`
	}, true, ""},
	"modal close": {24, func(k int) string {
		return `{"type":"modal","title":` + plainJSON("x") + `,"close":` + plainJSON(n(k)) + `,"blocks":[{"type":"divider"}]}`
	}, true, ""},
	"private_metadata": {3000, func(k int) string {
		return `{"type":"home","private_metadata":"` + n(k) + `","blocks":[{"type":"divider"}]}`
	}, true, ""},
	"callback_id": {255, func(k int) string {
		return `{"type":"home","callback_id":"` + n(k) + `","blocks":[{"type":"divider"}]}`
	}, true, ""},
}

// payload is a valid message of exactly k runes.
func payload(k int) string {
	section := func(size int) string { return `{"type":"section","text":` + mrkdwn(n(size)) + `}` }
	frame := len([]rune("[" + strings.TrimSuffix(strings.Repeat(section(0)+",", 5), ",") + "]"))
	rest := k - frame
	list := make([]string, 5)
	for i := range list {
		list[i] = section(min(rest-(4-i), 3000))
		rest -= min(rest-(4-i), 3000)
	}
	return "[" + strings.Join(list, ",") + "]"
}

func TestLimits(t *testing.T) {
	for name, c := range limits {
		t.Run(name, func(t *testing.T) {
			validate, code := Message, CodeBlocks
			if c.view {
				validate, code = View, CodeView
			}
			if c.code != "" {
				code = c.code
			}
			for _, k := range []int{c.max, c.max + 1} {
				text := []byte(c.make(k))
				if !json.Valid(text) {
					t.Fatalf("not JSON: %.200s", text)
				}
				got := validate(text)
				if c.code == CodeTooLong { // such a message is over the sum of the payload too
					got = only(got, CodeTooLong)
				}
				switch {
				case k == c.max && len(got) > 0:
					t.Errorf("%d refused: %v", k, got)
				case k > c.max && (len(got) == 0 || got[0].Code != code):
					t.Errorf("%d: %v, want %s", k, got, code)
				}
			}
		})
	}
}

func only(in []Problem, code string) []Problem {
	var out []Problem
	for _, p := range in {
		if p.Code == code {
			out = append(out, p)
		}
	}
	return out
}

func TestRules(t *testing.T) {
	for name, c := range map[string]struct {
		blocks, want string // want is part of the problem
	}{
		"no list":                  {`{}`, "must be a JSON array"},
		"no object":                {`["x"]`, "must be an object"},
		"unknown block":            {`[{"type":"poem"}]`, "unsupported type: poem"},
		"empty section":            {`[{"type":"section"}]`, "missing required field: one of text, fields"},
		"empty text":               {`[{"type":"section","text":` + mrkdwn("") + `}]`, "must be more than 0 characters"},
		"unknown field":            {`[{"type":"divider","colour":"red"}]`, "invalid additional property: colour"},
		"mrkdwn header":            {`[{"type":"header","text":` + mrkdwn("x") + `}]`, "unsupported type: mrkdwn"},
		"emoji in mrkdwn":          {`[{"type":"section","text":{"type":"mrkdwn","text":"x","emoji":true}}]`, "emoji is for plain_text"},
		"one overflow option":      {actions(`{"type":"overflow","options":[` + opt("x") + `]}`), "no fewer than 2"},
		"same action_id":           {actions(button(1) + "," + button(1)), `action_id "b1" already exists`},
		"same block_id":            {`[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]`, `block_id "a" already exists`},
		"feedback among actions":   {actions(`{"type":"feedback_buttons"}`), "unsupported type: feedback_buttons"},
		"button in context":        {`[{"type":"context","elements":[` + button(1) + `]}]`, "unsupported type: button"},
		"button in contextactions": {`[{"type":"context_actions","elements":[` + button(1) + `]}]`, "unsupported type: button"},
		"another icon":             {`[{"type":"context_actions","elements":[{"type":"icon_button","icon":"star","text":` + plainJSON("x") + `}]}]`, "one of trash"},
		"no https":                 {actions(`{"type":"button","url":"nowhere","text":` + plainJSON("x") + `}`), "must be a valid URL"},
		"style":                    {actions(`{"type":"button","style":"blue","text":` + plainJSON("x") + `}`), "one of primary, danger"},
		"rich text in a container": {`[{"type":"container","title":` + plainJSON("x") + `,"child_blocks":[{"type":"rich_text","elements":[]}]}]`, "unsupported type in a container: rich_text"},
		"two tables":               {`[` + `{"type":"table","rows":[[{"type":"raw_text","text":"x"}]]},{"type":"table","rows":[[{"type":"raw_text","text":"x"}]]}` + `]`, "only one table"},
		"alert in a message":       {`[{"type":"alert","text":` + plainJSON("x") + `}]`, "unsupported type on this surface"},
		"rich text":                {`[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"song"}]}]}]`, "unsupported type: song"},
	} {
		t.Run(name, func(t *testing.T) {
			got := fmt.Sprint(Message([]byte(c.blocks)))
			if !strings.Contains(got, c.want) {
				t.Errorf("problems %s, want %s", got, c.want)
			}
		})
	}
}

func TestViewRules(t *testing.T) {
	input := `{"type":"input","label":` + plainJSON("x") + `,"element":{"type":"plain_text_input","action_id":"a","focus_on_load":true}}`
	for name, c := range map[string]struct{ view, want string }{
		"no object":          {`[]`, "must be a JSON object"},
		"no type":            {`{}`, "unsupported type"},
		"no title":           {`{"type":"modal","blocks":[{"type":"divider"}]}`, "missing required field: title"},
		"no submit":          {`{"type":"modal","title":` + plainJSON("x") + `,"blocks":[` + input + `]}`, "missing required field: submit"},
		"no blocks":          {modalOf(`[]`), "no fewer than 1"},
		"two with focus":     {modalOf(`[` + input + `,` + input + `]`), "focus_on_load"},
		"markdown in modals": {modalOf(`[{"type":"markdown","text":"x"}]`), "unsupported type on this surface"},
		"feedback in a home": {`{"type":"home","blocks":` + feedback("x", "x") + `}`, "unsupported type on this surface"},
		"title of a home":    {`{"type":"home","title":` + plainJSON("x") + `,"blocks":[{"type":"divider"}]}`, "invalid additional property: title"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := fmt.Sprint(View([]byte(c.view))); !strings.Contains(got, c.want) {
				t.Errorf("problems %s, want %s", got, c.want)
			}
		})
	}
}

func TestGoodPayloads(t *testing.T) {
	message := `[{"type":"markdown","text":"**Svar** [1](https://x.dk)"},
	 {"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"Du har ","style":{"bold":true}},
	  {"type":"citation","url":"https://x.dk","text":"1","index":1,"from_llm":true,"is_slack_url":false,"details":{"citation_type":"web"}}]},
	  {"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"link","url":"https://x.dk"}]}]},
	  {"type":"rich_text_quote","elements":[{"type":"text","text":"x"}]}]},
	 {"type":"context","elements":[{"type":"mrkdwn","verbatim":true,"text":"*Kilder*"}]},
	 {"type":"container","title":` + plainJSON("Kilder") + `,"is_collapsible":true,"default_collapsed":true,"child_blocks":[{"type":"section","text":` + mrkdwn("x") + `}]},
	 {"type":"context_actions","elements":[` + icon(1) + `]}]`
	if got := Message([]byte(message)); len(got) > 0 {
		t.Error(got)
	}
	if got := View([]byte(modalOf(`[{"type":"alert","text":` + plainJSON("x") + `,"level":"info"},{"type":"input","label":` + plainJSON("x") + `,"element":{"type":"radio_buttons","options":[` + opt("x") + `]}}]`))); len(got) > 0 {
		t.Error(got)
	}
}

func FuzzValidators(f *testing.F) {
	f.Add(actions(button(1)))
	f.Add(modalOf(`[{"type":"divider"}]`))
	f.Fuzz(func(_ *testing.T, text string) {
		Message([]byte(text))
		View([]byte(text))
	})
}
