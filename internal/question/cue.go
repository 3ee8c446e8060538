package question

import (
	"strings"
	"sync"
)

// cue is a pattern over folded words. Its elements stand one after the other, anywhere in the question:
//
//	word     the word, or one letter away from it when it has six or more
//	word*    a word that begins so
//	a/b      either
//	_        up to three words of any kind
//	^        (first) the cue stands at the beginning, at most two words before it
//	$        (last) nothing follows
type cue struct {
	elements   [][]string
	start, end bool
}

// maxGap is how many words »_« stands for at most, maxLead how many may stand before a cue at the beginning (»hej, kan …«).
const (
	maxGap  = 3
	maxLead = 2
)

func cues(lines string) []cue {
	var out []cue
	for _, line := range strings.Split(lines, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		var c cue
		for _, e := range strings.Fields(line) {
			switch e {
			case "^":
				c.start = true
			case "$":
				c.end = true
			default:
				c.elements = append(c.elements, strings.Split(e, "/"))
			}
		}
		out = append(out, c)
	}
	return out
}

// in reports whether the cue stands in the words.
func (c cue) in(words []string) bool {
	last := len(words)
	if c.start {
		last = min(last, maxLead+1)
	}
	for i := range last {
		if c.at(c.elements, words[i:]) {
			return true
		}
	}
	return false
}

func (c cue) at(elements [][]string, words []string) bool {
	if len(elements) == 0 {
		return !c.end || len(words) == 0
	}
	if elements[0][0] == "_" {
		for gap := range min(maxGap, len(words)) + 1 {
			if c.at(elements[1:], words[gap:]) {
				return true
			}
		}
		return false
	}
	if len(words) == 0 {
		return false
	}
	for _, alt := range elements[0] {
		if fits(alt, words[0]) && c.at(elements[1:], words[1:]) {
			return true
		}
	}
	return false
}

// sure is the length from which a word may differ in one letter.
const sure = 6

func fits(pattern, word string) bool {
	if begin, ok := strings.CutSuffix(pattern, "*"); ok {
		if strings.HasPrefix(word, begin) {
			return true
		}
		return len(begin) >= sure && len(word) >= len(begin) && !literals()[word] && oneOff(begin, word[:len(begin)])
	}
	return pattern == word || len(pattern) >= sure && len(word) >= sure-1 && !literals()[word] && oneOff(pattern, word)
}

// lookalikes are folded words one letter away from a cue's, and none of its misspellings: »i stedet« asks for no figures.
const lookalikes = `alder alderen binder borger borgere brugen brugere brugs byggeri fader forbud foraelder foraeldre foraeldrene foraeldet formel formelle formelt forske
	forsoergelse fylder hjalp hjemme hvile kobles kobler komme laege laeger laerer laerere minder naevnes oeger parker poster regner rigtig rigtige rigtigt sikrer sommer stedet
	stadie svaer svaret tanke tjene vaerre varer venter vinder`

// literals are the words that stand in any cue as they are: »siger« is no misspelt »stiger«.
var literals = sync.OnceValue(func() map[string]bool {
	m := set(lookalikes)
	add := func(list []cue) {
		for _, c := range list {
			for _, alts := range c.elements {
				for _, a := range alts {
					m[a] = true
				}
			}
		}
	}
	for _, t := range tables {
		add(t.cues)
	}
	for _, t := range aboutCues {
		add(t.cues)
	}
	return m
})

// oneOff reports whether b is a with one letter changed, added, left out, or two neighbours swapped.
func oneOff(a, b string) bool {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	switch {
	case len(a) == len(b):
		if i == len(a) || a[i+1:] == b[i+1:] {
			return true
		}
		return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
	case len(a) == len(b)+1:
		return a[i+1:] == b[i:]
	case len(b) == len(a)+1:
		return b[i+1:] == a[i:]
	}
	return false
}
