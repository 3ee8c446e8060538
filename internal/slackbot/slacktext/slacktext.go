// Package slacktext turns Slack's message text into plain text and plain text into text that Slack shows as it stands.
//
// It knows Slack's two formats, mrkdwn (sections, context) and Markdown (markdown blocks, streams), and nothing of blocks. Which links are
// live is decided here alone: a text from a person, an article or a model never makes one, Link does, for allowed hosts.
//
// Invariants: what Mrkdwn and Markdown return holds no unescaped '<', so no mention, broadcast or link of Slack's own form; no bare
// address that Slack would link in Markdown; no control, bidirectional or invisible characters. Lengths are in runes.
package slacktext

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Incoming is a message as a person meant it.
type Incoming struct {
	Text   string   // plain, without the mention of the assistant
	Named  bool     // the assistant is mentioned
	Others []string // ids of people and groups mentioned; "!" for a broadcast
}

// entity is one of Slack's <…> forms; what a person types as '<' arrives as &lt;.
var entity = regexp.MustCompile(`<([^<>\n]*)>`)

// Decode reads the text of an event, in which bot is the assistant's user id.
func Decode(text, bot string) Incoming {
	var in Incoming
	var b strings.Builder
	at := 0
	for _, m := range entity.FindAllStringSubmatchIndex(text, -1) {
		b.WriteString(unescape(text[at:m[0]]))
		b.WriteString(in.entity(text[m[2]:m[3]], bot))
		at = m[1]
	}
	b.WriteString(unescape(text[at:]))
	in.Text = strings.TrimSpace(Clean(b.String()))
	return in
}

// entity is the plain form of what stands between < and >.
func (in *Incoming) entity(inner, bot string) string {
	target, label, labelled := strings.Cut(inner, "|")
	label = unescape(label)
	switch {
	case strings.HasPrefix(target, "@"):
		if bot != "" && target[1:] == bot {
			in.Named = true
			return " "
		}
		in.Others = append(in.Others, target[1:])
		return "@" + orElse(strings.TrimPrefix(label, "@"), "kollega")
	case strings.HasPrefix(target, "#"):
		return "#" + orElse(strings.TrimPrefix(label, "#"), "kanal")
	case strings.HasPrefix(target, "!subteam^"):
		in.Others = append(in.Others, strings.TrimPrefix(target, "!subteam^"))
		return "@" + orElse(strings.TrimPrefix(label, "@"), "gruppe")
	case target == "!here" || target == "!channel" || target == "!everyone":
		in.Others = append(in.Others, "!")
		return "@" + target[1:]
	case strings.HasPrefix(target, "!"):
		return label
	case labelled && label != "":
		return label
	}
	return unescape(strings.TrimPrefix(target, "mailto:"))
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

var unescaper = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// unescape undoes Slack's escaping once.
func unescape(s string) string { return unescaper.Replace(s) }

// Clean drops what a reader cannot see and a program could be led by: control characters but newline (a tab becomes a blank),
// bidirectional controls, zero-width and other format characters, fillers, tags, variation selectors, and broken UTF-8.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t' || r == '\r' || r == '\u2028' || r == '\u2029':
			return ' '
		case r == utf8.RuneError, unicode.Is(unicode.C, r), unicode.Is(unicode.Variation_Selector, r):
			return -1
		case r == '\u115f', r == '\u1160', r == '\u3164', r == '\uffa0', r == '\u2800', r == '\u034f', r == '\u17b4', r == '\u17b5':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// Mrkdwn makes text safe for a mrkdwn object with verbatim set, which links no bare addresses.
func Mrkdwn(s string) string { return escaper.Replace(Clean(s)) }

// Text makes text safe for a message's text, where Slack links bare addresses.
func Text(s string) string { return escaper.Replace(Defang(Clean(s))) }

var (
	address = regexp.MustCompile(`(?i)(?:[a-z][a-z0-9+.-]*:/+|www\.|mailto:|tel:)[^\s<>]*`)
	mail    = regexp.MustCompile(`([\p{L}\p{N}_.+-])@([\p{L}\p{N}-]+\.)`)
	dots    = strings.NewReplacer(".", "[.]", "@", "(at)", ":", "[:]")
)

// Defang writes addresses in a way that is linked nowhere, readable still: without scheme, with dots in brackets.
func Defang(s string) string {
	s = address.ReplaceAllStringFunc(s, func(a string) string {
		if i := strings.Index(a, "/"); i >= 0 && strings.Contains(a[:i], ":") {
			a = strings.TrimLeft(a[i:], "/")
		}
		return dots.Replace(a)
	})
	return mail.ReplaceAllString(s, "${1}(at)${2}")
}

var (
	inline = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "~", `\~`, "|", `\|`, "<", "&lt;", ">", "&gt;")
	amp    = regexp.MustCompile(`&(#?[\p{L}\p{N}]+;)`)
	leader = regexp.MustCompile(`(?m)^([ ]*)(#|\+|-|=|(\d{1,9})([.)]))`)
)

// Markdown makes text safe for a markdown block or a stream, in one paragraph.
func Markdown(s string) string {
	s = strings.Join(strings.Fields(Clean(s)), " ")
	s = amp.ReplaceAllString(Defang(s), "&amp;$1")
	s = inline.Replace(s)
	return leader.ReplaceAllStringFunc(s, func(m string) string {
		return m[:len(m)-1] + `\` + m[len(m)-1:]
	})
}

// Cut shortens text to at most n runes, at the end of a sentence if one ends in the second half, else of a word; cut says whether it did.
func Cut(s string, n int) (short string, cut bool) {
	if utf8.RuneCountInString(s) <= n {
		return s, false
	}
	r := []rune(s)
	word := 0
	for i := n - 1; i > 0; i-- {
		if !unicode.IsSpace(r[i]) {
			continue
		}
		if word == 0 {
			word = i
		}
		if i < n/2 {
			break
		}
		if strings.ContainsRune(".!?", r[i-1]) {
			return string(r[:i]), true
		}
	}
	if word == 0 {
		word = max(n-1, 0)
	}
	return strings.TrimRight(string(r[:word]), " \n,;:") + "…", true
}
