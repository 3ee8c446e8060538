// Package article loads a corpus (theme articles, literature, concepts and gold questions) from a file system.
//
// It knows the format on disk and nothing of how passages are cut, indexed or searched. Faults in a corpus are
// Problems (file, line, rule, message), all reported at once; Load turns the first fatal one into an error. What is amiss with text that
// can be read is left to article/lint.
//
// Invariants: articles stand in the order of their ids; a section's slug is unique in its article; a paragraph's
// Text is plain (no markup, no citations), NFC as written, and every offset is in bytes.
//
// Dependencies: goldmark parses CommonMark to a syntax tree with source positions, go.yaml.in/yaml/v3 reads front matter and lists.
package article

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"kildesvar/internal/csl"
)

// Corpus is everything an editor wrote, parsed. It is read-only after Load and safe for concurrent use.
type Corpus struct {
	Themes      []*Theme
	Fingerprint string // SHA-256 over the paths and contents of all files read, in hex
}

// Theme is one folder: its articles, literature and concepts. Gold questions are read by LoadGold, not with the theme.
type Theme struct {
	ID       string // the folder's name
	Articles []*Article
	Items    []csl.Item
	Concepts []Concept
}

// Article is one corpus file.
type Article struct {
	ID       string // "<theme>/<slug>"
	Path     string // within the corpus, with forward slashes
	Title    string
	URL      string // the public page the article answers to; may be empty
	Summary  string
	Updated  string // YYYY-MM-DD or empty
	Reviewed string // YYYY-MM-DD, empty while no editor has reviewed the article
	Sections []Section
	// Unanswered are near questions that the corpus does not answer; they tell where its knowledge ends.
	Unanswered []Unanswered

	Links []Link // in the order of the text
}

// Link is a Markdown link of an article.
type Link struct {
	Target string // as it was written
	Line   int    // 1-based
}

// Unanswered is a near question that the corpus does not answer.
type Unanswered struct {
	Text string
	Line int // 1-based line of its comment
}

// Section is a heading with the text up to the next heading of any level.
type Section struct {
	Heading    string
	Slug       string   // unique in the article; part of the passage ids
	Path       []string // the headings above it and its own, outermost first
	Line       int      // 1-based line of the heading
	Questions  []string // entry questions: what the section answers, in people's own words
	Paragraphs []Paragraph
}

// Paragraph is a block of running text in plain form.
type Paragraph struct {
	Text      string
	Line      int // 1-based line where it begins
	Sentences []Sentence
}

// Sentence is one sentence of a paragraph with the literature that stands behind it.
type Sentence struct {
	Start, End       int      // bytes in Paragraph.Text
	SrcStart, SrcEnd int      // bytes in the article's file, spanning the sentence with its citation
	Keys             []string // literature keys in order of citation; see sentenceKeys for inheritance
	Cited            bool     // whether the sentence carries a citation of its own
}

// Concept is a term of the theme with the other words people use for it.
type Concept struct {
	Term       string   // preferred term
	Synonyms   []string // other terms of the field, other languages, abbreviations
	Everyday   []string // what people say who do not know the term
	Definition string   // one plain sentence; empty where no source defines the term
	Keys       []string // literature behind Definition
	Line       int
}

// Gold is one gold question: what a person asks and what a right answer shows.
type Gold struct {
	ID         string   `yaml:"id" json:"id"`
	Question   string   `yaml:"question" json:"question"`
	Audience   string   `yaml:"audience" json:"audience"` // sagsbehandler, frivilligkoordinator or nyansat
	Answerable bool     `yaml:"answerable" json:"answerable"`
	Articles   []string `yaml:"articles" json:"articles"`     // any of them is a right top source
	Literature []string `yaml:"literature" json:"literature"` // keys a right answer shows
	Facts      []string `yaml:"facts" json:"facts"`           // strings, or alternatives "a | b", that a complete answer contains
	History    []Turn   `yaml:"history" json:"history,omitempty"`
	Tags       []string `yaml:"tags" json:"tags"`
	Shape      string   `yaml:"shape" json:"shape,omitempty"`     // what kind of answer is asked for, for reports by shape; may be empty
	Status     string   `yaml:"status" json:"status,omitempty"`   // the status of a right reply; may be empty
	Missing    string   `yaml:"missing" json:"missing,omitempty"` // what the question also asks and the articles do not answer
	Split      string   `yaml:"split" json:"split"`               // train or test; empty counts as train

	Line int `yaml:"-" json:"-"`
}

// Turn is one earlier message of a conversation.
type Turn struct {
	Role string `yaml:"role" json:"role"` // user or assistant
	Text string `yaml:"text" json:"text"`
}

// Problem is a fault in a corpus, written for its editor in Danish.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"` // 1-based; 0 when the file as a whole is meant
	Rule    string `json:"rule"`
	Message string `json:"message"` // one line of at most maxMessage letters: what is wrong and what to do
	// Fatal problems keep the corpus from being used at all.
	Fatal bool `json:"fatal"`
}

// String formats the problem as file:line: message [rule].
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d: %s [%s]", oneLine(p.File), p.Line, p.Message, p.Rule)
}

// maxMessage is the most letters a message takes from a corpus; a faulty file may hold a word of megabytes.
const maxMessage = 400

// MaxQuestions is how many entry questions of a section are used, so that none can claim to answer everything; the longest list of the built-in
// articles has 178.
const MaxQuestions = 200

// oneLine makes of any text one line of bounded length.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
	if utf8.RuneCountInString(s) <= maxMessage {
		return s
	}
	return string([]rune(s)[:maxMessage]) + "…"
}

// Warning is a problem that keeps nobody from using the corpus. The message is made one line of bounded length.
func Warning(file string, line int, rule, message string) Problem {
	return Problem{File: file, Line: line, Rule: rule, Message: oneLine(message)}
}

// Compare orders problems by file, line, rule and message, so that reports are stable.
func (p Problem) Compare(o Problem) int {
	return cmp.Or(cmp.Compare(p.File, o.File), cmp.Compare(p.Line, o.Line), cmp.Compare(p.Rule, o.Rule), cmp.Compare(p.Message, o.Message))
}
