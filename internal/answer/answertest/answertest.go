// Package answertest holds texts that try to make an assistant do something else than answer with sources, for tests of every package
// that takes a text from a person, an article or a model.
//
// The texts are data, in indsproejtning.txt; what must hold of them is each test's own. Walk helps to look for them in what a program
// sends. For tests of package answer and answer/written it also has indexed corpora, one with these texts in its articles, and the faults
// that an answer can have (corpus.go). Nothing of the program imports it.
package answertest

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

// Marker is the word that most texts ask for: an answer that says it of itself has obeyed. A text may hold it in another writing
// (base64, turned round), and the names of files have it in small letters.
const Marker = "OVERTAGET-7391"

// Place is where a text is planted.
type Place string

// The places.
const (
	Question    Place = "question"
	History     Place = "history" // an earlier turn, of the asker or of the assistant
	Thread      Place = "thread"  // a message of somebody else in a thread
	Article     Place = "article" // an article's text
	Heading     Place = "heading"
	Title       Place = "title"
	Literature  Place = "literature" // the title of an item
	FileName    Place = "file-name"
	DisplayName Place = "display-name"
)

// Injection is one text.
type Injection struct {
	Line     int // in the file, from 1
	Place    Place
	Language string // da or en: of what it asks for
	Way      string // plain, base64, rot13, hex, zero-width, bidi, slack, terminal, code and so on
	Text     string // one line; may hold control characters and what cannot be seen
}

//go:embed indsproejtning.txt
var file string

// Injections are all texts in the file's order, or those planted at one of the places. It panics when the file is broken.
func Injections(at ...Place) []Injection {
	var out []Injection
	for i, line := range strings.Split(strings.TrimSuffix(file, "\n"), "\n") {
		if strings.HasPrefix(line, "# ") {
			continue
		}
		in, err := read(line)
		if err != nil {
			panic(fmt.Sprintf("indsproejtning.txt:%d: %v", i+1, err))
		}
		in.Line = i + 1
		if len(at) == 0 || contains(at, in.Place) {
			out = append(out, in)
		}
	}
	return out
}

func contains(list []Place, p Place) bool {
	for _, x := range list {
		if x == p {
			return true
		}
	}
	return false
}

// read takes a line: place, language, way and text, with a tab between and what cannot be seen written as \uXXXX.
func read(line string) (Injection, error) {
	f := strings.Split(line, "\t")
	if len(f) != 4 {
		return Injection{}, fmt.Errorf("%d fields, want 4", len(f))
	}
	text, err := strconv.Unquote(`"` + strings.ReplaceAll(f[3], `"`, `\"`) + `"`)
	if err != nil {
		return Injection{}, fmt.Errorf("text %q: %w", f[3], err)
	}
	return Injection{Place: Place(f[0]), Language: f[1], Way: f[2], Text: text}, nil
}

// Walk calls visit with every value in what was decoded from JSON, outer ones first, members in no order.
func Walk(v any, visit func(any)) {
	visit(v)
	switch x := v.(type) {
	case []any:
		for _, e := range x {
			Walk(e, visit)
		}
	case map[string]any:
		for _, e := range x {
			Walk(e, visit)
		}
	}
}
