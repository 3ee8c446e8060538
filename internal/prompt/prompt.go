// Package prompt reads and fills in the templates of language-model prompts.
//
// What is asked and when is the business of whoever asks, and so is whether a reply is true. Here a prompt is made safe to send: every
// text that comes from a person, an article or a model is one line of JSON without markup (encoding/json writes <, > and & as \u…), so that
// it cannot end its own field or begin another; what cannot be seen is left out; and all is bounded.
//
// Templates are text/template without functions of ours: a template can name nothing but the values it is given.
//
// Invariants: equal data gives equal prompts; a Set never changes; a template that cannot be filled in is an error when it is parsed.
package prompt

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"text/template"
	"unicode"
	"unicode/utf8"
)

// Name is one prompt.
type Name string

// The prompts, each a file NAME.tmpl with the parts »system« and »user«.
const (
	Answer   Name = "svar"     // answer a question from passages
	Condense Name = "condense" // make a follow-up a question that stands alone
	Rewrite  Name = "rewrite"  // put a question into the corpus' terms
	Judge    Name = "judge"    // do the passages answer the question?
	Next     Name = "next"     // questions to go on with
)

// names are all prompts in the order in which they are hashed.
var names = []Name{Answer, Condense, Rewrite, Judge, Next}

// RepairPart is the user part of Answer that asks again for sentences that were not verified.
const RepairPart = "repair"

// Bounds, in bytes, of what comes from outside. A question is rarely over 300 bytes.
const (
	maxQuestion = 2_000
	maxBefore   = 400
	maxTurns    = 4
	maxRejected = 600
	maxPassage  = 9_000
	maxTerms    = 4_000
)

// Passage is a passage as a model sees it.
type Passage struct {
	ID      string `json:"id"`
	Article string `json:"artikel"`
	Section string `json:"afsnit"`
	Text    string `json:"tekst"`
}

// Data is what prompts are filled in with. Not every prompt uses all of it.
type Data struct {
	Most     int      // sentences, questions or queries at most
	Form     string   // what the shape of the question asks for; may be empty
	Before   []string // earlier questions, oldest first
	Question string
	Passages []Passage
	Rejected []string // sentences that were not verified
	Terms    []string // of the corpus
}

// fields are Data as the templates see it: lines of JSON.
type fields struct {
	Most              int
	Example, Form     string
	Question, Before  string // Before is empty when there is nothing before
	Passages, Refused []string
	Terms             string
}

// Set is the parsed prompts. It is immutable.
type Set struct {
	templates map[Name]*template.Template
	version   string
}

// Parse reads all templates. It fails when one is missing, does not parse, or cannot be filled in.
func Parse(fsys fs.FS) (*Set, error) {
	s := &Set{templates: map[Name]*template.Template{}}
	sum := sha256.New()
	for _, n := range names {
		file := string(n) + ".tmpl"
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("read prompt: %w", err)
		}
		t, err := template.New(file).Option("missingkey=error").Parse(string(data))
		if err != nil {
			return nil, fmt.Errorf("parse prompt: %w", err)
		}
		fmt.Fprintf(sum, "%s %d\n%s", file, len(data), data)
		s.templates[n] = t
		parts := []string{"user"}
		if n == Answer {
			parts = append(parts, RepairPart)
		}
		for _, part := range parts {
			if _, _, err := s.Render(n, part, Data{Question: "?", Before: []string{"?"}, Passages: []Passage{{ID: "a"}}, Rejected: []string{"?"}, Terms: []string{"?"}}); err != nil {
				return nil, err
			}
		}
	}
	s.version = hex.EncodeToString(sum.Sum(nil)[:6])
	return s, nil
}

// Version is a hash of the templates' text: 12 hex digits.
func (s *Set) Version() string { return s.version }

// Render fills a prompt in: its part »system«, and the part named.
func (s *Set) Render(n Name, part string, d Data) (system, user string, err error) {
	f := fieldsOf(d)
	if system, err = s.part(n, "system", f); err != nil {
		return "", "", err
	}
	user, err = s.part(n, part, f)
	return system, user, err
}

func (s *Set) part(n Name, part string, f fields) (string, error) {
	var b strings.Builder
	if err := s.templates[n].ExecuteTemplate(&b, part, f); err != nil {
		return "", fmt.Errorf("fill in prompt %s: %w", n, err)
	}
	return b.String(), nil
}

func fieldsOf(d Data) fields {
	f := fields{Most: d.Most, Form: d.Form, Question: line(visible(d.Question, maxQuestion))}
	if before := d.Before[max(0, len(d.Before)-maxTurns):]; len(before) > 0 {
		f.Before = line(all(before, maxBefore))
	}
	for _, p := range d.Passages {
		f.Passages = append(f.Passages, line(Passage{p.ID, visible(p.Article, maxBefore), visible(p.Section, maxBefore), visible(p.Text, maxPassage)}))
	}
	if len(d.Passages) > 0 {
		f.Example = d.Passages[0].ID
	}
	for _, r := range d.Rejected {
		f.Refused = append(f.Refused, line(visible(r, maxRejected)))
	}
	terms := d.Terms
	for size, i := 0, 0; i < len(terms); i++ {
		if size += len(terms[i]); size > maxTerms {
			terms = terms[:i]
		}
	}
	f.Terms = line(all(terms, maxBefore))
	return f
}

// line is a value as one line of JSON; only strings come here, so it cannot fail.
func line(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("prompt: " + err.Error())
	}
	return string(b)
}

func all(list []string, most int) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = visible(s, most)
	}
	return out
}

// visible is the beginning of a text, as many bytes as are allowed, without what nobody sees: an instruction could hide in it.
func visible(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.In(r, unicode.Cf, unicode.Variation_Selector) || unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, s)
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
