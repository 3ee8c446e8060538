// Package blockkit says what is wrong with a Block Kit payload, as strictly as Slack's own validator: block counts, text
// lengths, which element may stand in which block, unique ids, and the sums Slack only tells about by refusing a message.
//
// It is pure: it neither renders nor changes a payload, and it knows nothing of channels or tokens. Lengths are counted in
// runes. Limits are Slack's documented ones; those marked "measured" come from public reports, since Slack does not
// document them. Where Slack's schema is not public (cards, carousels, data tables) only the known limits are checked.
package blockkit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// Codes are the error strings with which Slack refuses a payload.
const (
	CodeFormat        = "invalid_blocks_format" // not a JSON array of objects
	CodeBlocks        = "invalid_blocks"
	CodeBlocksTooLong = "msg_blocks_too_long"
	CodeTooLong       = "msg_too_long"
	CodeView          = "invalid_arguments" // how views.* refuses a view
)

// Limits of whole payloads.
const (
	MaxMessageBlocks = 50
	MaxViewBlocks    = 100
	MaxPayload       = 13_200 // runes of a message's blocks as JSON; measured
	MaxMarkdown      = 12_000 // sum of all markdown blocks of a message
	MaxMetadata      = 3_000  // private_metadata of a view
)

// Problem is one fault in a payload.
type Problem struct {
	Code    string // the error with which Slack refuses the payload
	Pointer string // JSON pointer to the place
	Message string
}

// String formats a problem as Slack does in response_metadata.messages.
func (p Problem) String() string {
	return fmt.Sprintf("[ERROR] %s [json-pointer:%s]", p.Message, p.Pointer)
}

// surface is where blocks are shown.
type surface uint8

const (
	onMessage surface = 1 << iota
	onModal
	onHome
	onViews    = onModal | onHome
	everywhere = onMessage | onViews
)

// check is one validation under way.
type check struct {
	surface  surface
	code     string
	blocks   map[string]shape
	blockIDs map[string]bool
	markdown int
	tables   int
	inputs   int
	focused  int
	problems []Problem
}

func newCheck(s surface, code string) *check {
	return &check{surface: s, code: code, blocks: blockShapes, blockIDs: map[string]bool{}}
}

func (c *check) add(at, format string, args ...any) {
	c.problems = append(c.problems, Problem{Code: c.code, Pointer: at, Message: fmt.Sprintf(format, args...)})
}

// Message checks the blocks of a message, a JSON array. An empty result means that Slack would take it.
func Message(blocks []byte) []Problem {
	list, problems := decodeBlocks(blocks)
	if problems != nil {
		return problems
	}
	c := newCheck(onMessage, CodeBlocks)
	c.blockList("/blocks", list, 0, MaxMessageBlocks)
	if n := utf8.RuneCount(blocks); n > MaxPayload {
		c.problems = append(c.problems, Problem{CodeBlocksTooLong, "/blocks", fmt.Sprintf("blocks are %d characters, at most %d", n, MaxPayload)})
	}
	if c.markdown > MaxMarkdown {
		c.problems = append(c.problems, Problem{CodeTooLong, "/blocks", fmt.Sprintf("markdown blocks are %d characters together, at most %d", c.markdown, MaxMarkdown)})
	}
	return c.problems
}

func decodeBlocks(blocks []byte) ([]any, []Problem) {
	var list []any
	d := json.NewDecoder(bytes.NewReader(blocks))
	d.UseNumber()
	if err := d.Decode(&list); err != nil || d.More() {
		return nil, []Problem{{CodeFormat, "/blocks", "blocks must be a JSON array of objects"}}
	}
	return list, nil
}

// View checks a modal or a Home view, a JSON object.
func View(view []byte) []Problem {
	var v map[string]any
	d := json.NewDecoder(bytes.NewReader(view))
	d.UseNumber()
	if err := d.Decode(&v); err != nil || v == nil {
		return []Problem{{CodeView, "/view", "view must be a JSON object"}}
	}
	c := newCheck(onModal, CodeView)
	sh := modal
	switch v["type"] {
	case "modal":
	case "home":
		c.surface, sh = onHome, home
	default:
		c.add("/view/type", "unsupported type: %v", v["type"])
		return c.problems
	}
	c.shape("/view", v, sh)
	if list, ok := v["blocks"].([]any); ok {
		c.blockList("/view/blocks", list, 1, MaxViewBlocks)
	}
	if c.surface == onModal && c.inputs > 0 && v["submit"] == nil {
		c.add("/view", "missing required field: submit (a view with input blocks needs it)")
	}
	if c.focused > 1 {
		c.add("/view", "focus_on_load may be set on one element only")
	}
	return c.problems
}

func (c *check) blockList(at string, list []any, least, most int) {
	c.count(at, len(list), least, most)
	for i, b := range list {
		c.block(at+"/"+strconv.Itoa(i), b)
	}
	if c.tables > 1 {
		c.add(at, "only one table block is allowed in a message")
	}
}

func (c *check) count(at string, n, least, most int) {
	if n < least {
		c.add(at, "no fewer than %d items allowed", least)
	}
	if n > most {
		c.add(at, "no more than %d items allowed", most)
	}
}

func (c *check) block(at string, x any) {
	b, ok := x.(map[string]any)
	if !ok {
		c.add(at, "must be an object")
		return
	}
	kind, _ := b["type"].(string)
	sh, known := c.blocks[kind]
	if !known {
		c.add(at+"/type", "unsupported type: %s", kind)
		return
	}
	if sh.on&c.surface == 0 {
		c.add(at+"/type", "unsupported type on this surface: %s", kind)
		return
	}
	if id, ok := b["block_id"].(string); ok && id != "" && kind != "markdown" {
		if c.blockIDs[id] {
			c.add(at+"/block_id", "block_id %q already exists", id)
		}
		c.blockIDs[id] = true
	}
	c.shape(at, b, sh)
	c.uniqueActions(at, b)
}

// uniqueActions checks that no two elements of one block share an action_id.
func (c *check) uniqueActions(at string, b map[string]any) {
	seen := map[string]bool{}
	elements, _ := b["elements"].([]any)
	for i, x := range elements {
		e, _ := x.(map[string]any)
		id, _ := e["action_id"].(string)
		if id == "" {
			continue
		}
		if seen[id] {
			c.add(fmt.Sprintf("%s/elements/%d/action_id", at, i), "action_id %q already exists in this block", id)
		}
		seen[id] = true
	}
}
