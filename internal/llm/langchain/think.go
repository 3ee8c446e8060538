package langchain

import (
	"strings"
	"unicode"
)

// reasonings are the tags in which models that think aloud wrap their thoughts, at the start of a text.
var reasonings = [][2]string{{"<think>", "</think>"}, {"<thinking>", "</thinking>"}}

// filter takes leading reasoning, leading space and trailing space off a text that comes in pieces.
type filter struct {
	held    string // not yet known to be text
	closing string // the tag that ends the reasoning under way; empty: none
	begun   bool   // text has begun
	thought bool   // there was reasoning
}

// write takes a piece and returns what is certain to be text.
func (f *filter) write(piece string) string {
	f.held += piece
	for !f.begun {
		if f.closing != "" {
			_, after, ok := strings.Cut(f.held, f.closing)
			if !ok { // keep what can be the start of the tag
				f.held = f.held[max(0, len(f.held)-len(f.closing)+1):]
				return ""
			}
			f.held, f.closing = after, ""
		}
		f.held = strings.TrimLeftFunc(f.held, unicode.IsSpace)
		switch open, maybe := f.opening(); {
		case open:
		case maybe || f.held == "":
			return ""
		default:
			f.begun = true
		}
	}
	text := strings.TrimRightFunc(f.held, unicode.IsSpace)
	f.held = f.held[len(text):]
	return text
}

// opening looks for a tag at the start of what is held: there is one, or there may be one.
func (f *filter) opening() (open, maybe bool) {
	for _, tags := range reasonings {
		if after, ok := strings.CutPrefix(f.held, tags[0]); ok {
			f.held, f.closing, f.thought = after, tags[1], true
			return true, false
		}
		maybe = maybe || strings.HasPrefix(tags[0], f.held)
	}
	return false, maybe
}

// end returns the rest of the text.
func (f *filter) end() string {
	if f.begun || f.closing != "" {
		return "" // space, or reasoning that was never ended
	}
	return f.held
}

// strip takes the reasoning off a whole text. Some models' templates open the reasoning in the prompt, so that only its end
// is seen; then the text begins there.
func strip(text string) (rest string, reasoned bool) {
	var f filter
	rest = f.write(text) + f.end()
	for _, tags := range reasonings {
		if i := strings.LastIndex(rest, tags[1]); i >= 0 && !strings.Contains(rest[:i], tags[0]) {
			return strings.TrimSpace(rest[i+len(tags[1]):]), true
		}
	}
	return rest, f.thought
}
