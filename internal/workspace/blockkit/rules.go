package blockkit

import (
	"encoding/json"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// rule checks one value at a JSON pointer.
type rule func(c *check, at string, x any)

// shape is what an object may and must hold.
type shape struct {
	on       surface // for blocks: where they may stand
	required []string
	oneOf    []string // at least one of these must be there
	fields   map[string]rule
	open     bool // other fields are not checked: Slack's schema is not public
	also     rule // across fields
}

func (c *check) shape(at string, m map[string]any, s shape) {
	for _, name := range s.required {
		if m[name] == nil {
			c.add(at, "missing required field: %s", name)
		}
	}
	if len(s.oneOf) > 0 && !slices.ContainsFunc(s.oneOf, func(n string) bool { return m[n] != nil }) {
		c.add(at, "missing required field: one of %s", strings.Join(s.oneOf, ", "))
	}
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		r, known := s.fields[name]
		switch {
		case name == "type" || m[name] == nil:
		case known:
			r(c, at+"/"+name, m[name])
		case name == "block_id" && s.on != 0:
			str(0, 255)(c, at+"/block_id", m[name])
		case !s.open:
			c.add(at, "invalid additional property: %s", name)
		}
	}
	if s.also != nil {
		s.also(c, at, m)
	}
}

// object is a rule for a nested object without a type of its own.
func object(s shape) rule {
	return func(c *check, at string, x any) {
		m, ok := x.(map[string]any)
		if !ok {
			c.add(at, "must be an object")
			return
		}
		c.shape(at, m, s)
	}
}

// typed is a rule for an object whose type chooses its shape.
func typed(shapes map[string]shape, allowed ...string) rule {
	return func(c *check, at string, x any) {
		m, ok := x.(map[string]any)
		if !ok {
			c.add(at, "must be an object")
			return
		}
		kind, _ := m["type"].(string)
		s, known := shapes[kind]
		if !known || len(allowed) > 0 && !slices.Contains(allowed, kind) {
			c.add(at+"/type", "unsupported type: %s", kind)
			return
		}
		c.shape(at, m, s)
	}
}

func str(least, most int) rule {
	return func(c *check, at string, x any) {
		s, ok := x.(string)
		if !ok {
			c.add(at, "must be a string")
			return
		}
		n := utf8.RuneCountInString(s)
		if n < least {
			c.add(at, "must be more than %d characters", least-1)
		}
		if n > most {
			c.add(at, "must be less than %d characters", most+1)
		}
	}
}

func boolean(c *check, at string, x any) {
	if _, ok := x.(bool); !ok {
		c.add(at, "must be a boolean")
	}
}

func number(c *check, at string, x any) {
	if _, ok := x.(json.Number); !ok {
		c.add(at, "must be a number")
	}
}

func anything(*check, string, any) {}

func enum(values ...string) rule {
	return func(c *check, at string, x any) {
		if s, ok := x.(string); !ok || !slices.Contains(values, s) {
			c.add(at, "must be a valid enum value: one of %s", strings.Join(values, ", "))
		}
	}
}

func list(least, most int, item rule) rule {
	return func(c *check, at string, x any) {
		l, ok := x.([]any)
		if !ok {
			c.add(at, "must be an array")
			return
		}
		c.count(at, len(l), least, most)
		for i, e := range l {
			item(c, at+"/"+strconv.Itoa(i), e)
		}
	}
}

// maxURL is the length of an address.
const maxURL = 3000

// link is an absolute URL.
func link(c *check, at string, x any) {
	str(1, maxURL)(c, at, x)
	s, ok := x.(string)
	if !ok {
		return
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" || u.Host == "" && u.Scheme != "mailto" {
		c.add(at, "must be a valid URL")
	}
}

// plain and text are text objects of at most so many characters; text may be mrkdwn too.
func plain(most int) rule { return textObject(most, "plain_text") }
func text(most int) rule  { return textObject(most, "plain_text", "mrkdwn") }

func textObject(most int, kinds ...string) rule {
	return func(c *check, at string, x any) {
		m, ok := x.(map[string]any)
		if !ok {
			c.add(at, "must be a text object")
			return
		}
		kind, _ := m["type"].(string)
		if !slices.Contains(kinds, kind) {
			c.add(at+"/type", "unsupported type: %s", kind)
			return
		}
		c.shape(at, m, shape{required: []string{"text"}, fields: map[string]rule{
			"text": str(1, most), "emoji": boolean, "verbatim": boolean,
		}})
		if m["emoji"] == true && kind == "mrkdwn" {
			c.add(at+"/emoji", "emoji is for plain_text only")
		}
		if m["verbatim"] == true && kind == "plain_text" {
			c.add(at+"/verbatim", "verbatim is for mrkdwn only")
		}
	}
}
