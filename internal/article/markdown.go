package article

import (
	"bytes"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"kildesvar/internal/danish"
)

// questionsMark opens a comment that lists a section's entry questions.
const questionsMark = "svarer på:"

// unansweredMark begins a comment with near questions that the article does not answer.
const unansweredMark = "svarer ikke på:"

// citation matches a Pandoc citation group, [@key], [@a; @b, s. 12].
var citation = regexp.MustCompile(`\[(?:[^\[\]@]{0,60})@[^\[\]]{1,400}\]`)

// citationKey matches one key inside a group. Pandoc's keys begin with a letter, digit or underscore; an @ right after a
// letter or digit belongs to an address, not to a citation.
var citationKey = regexp.MustCompile(`(?:^|[^\p{L}\p{N}_.])@([\p{L}\p{N}_][\p{L}\p{N}_:.#$%&\-+?<>~/]*)`)

// body parses the CommonMark text that begins at byte offset base of src.
type body struct {
	src      []byte
	lines    []int // byte offset of each line's start
	file     string
	sections []Section
	problems []Problem
	path     []string // headings by level, index 0 is level 2
	slugs    map[string]int
	links    []Link

	unanswered []Unanswered
}

// parseBody reads sections from src[base:]; offsets and lines refer to the whole of src.
func parseBody(file string, src []byte, base int) *body {
	b := &body{src: src, file: file, slugs: map[string]int{}, lines: lineStarts(src)}
	// The front matter is blanked, not cut, so that every position refers to the file.
	blank := append(bytes.Repeat([]byte{' '}, base), src[base:]...)
	for i := range base {
		if src[i] == '\n' {
			blank[i] = '\n'
		}
	}
	b.src = blank
	doc := goldmark.DefaultParser().Parse(text.NewReader(blank))
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		b.block(n)
	}
	return b
}

func lineStarts(src []byte) []int {
	starts := []int{0}
	for i, c := range src {
		if c == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// lineAt returns the 1-based line of a byte offset.
func (b *body) lineAt(off int) int {
	return sort.Search(len(b.lines), func(i int) bool { return b.lines[i] > off })
}

func (b *body) problem(off int, rule, message string) {
	b.problems = append(b.problems, Warning(b.file, b.lineAt(off), rule, message))
}

// block takes one block node: headings open sections, comments give questions, everything with text gives paragraphs.
func (b *body) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		b.heading(n)
	case *ast.HTMLBlock:
		b.html(n)
	case *ast.Paragraph, *ast.TextBlock:
		b.paragraph(n)
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		b.problem(firstOffset(n), "code-block", "kodeblokke bliver ikke til tekst – skriv afsnittet som almindelig prosa")
	default: // lists, block quotes: their paragraphs count
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			b.block(c)
		}
	}
}

func (b *body) heading(n *ast.Heading) {
	plain := b.inline(n)
	heading := strings.TrimSpace(plain.text)
	off := firstOffset(n)
	if n.Level == 1 {
		b.problem(off, "heading-level", "brug ## og ### til afsnit; titlen står i front matter")
	}
	depth := max(n.Level-2, 0)
	if depth < len(b.path) {
		b.path = b.path[:depth]
	}
	b.path = append(b.path, heading)
	slug := Slug(heading)
	if slug == "" {
		slug = "afsnit"
	}
	b.sections = append(b.sections, Section{Heading: heading, Slug: b.unique(slug), Line: b.lineAt(off), Path: append([]string(nil), b.path...)})
}

// unique returns the slug, numbered from the second time on. A heading that looks numbered itself must not meet a number.
func (b *body) unique(slug string) string {
	name := slug
	for k := b.slugs[slug] + 1; b.slugs[name] > 0; k++ {
		name = slug + "-" + strconv.Itoa(k)
	}
	b.slugs[slug]++
	if name != slug {
		b.slugs[name]++
	}
	return name
}

func (b *body) html(n *ast.HTMLBlock) {
	var raw bytes.Buffer
	for i := range n.Lines().Len() {
		seg := n.Lines().At(i)
		raw.Write(seg.Value(b.src))
	}
	if n.HasClosure() {
		raw.Write(n.ClosureLine.Value(b.src))
	}
	b.comments(raw.String(), n.Lines().At(0).Start)
}

// comments takes the entry questions from a stretch of HTML, which should be comments only.
func (b *body) comments(raw string, off int) {
	for raw != "" {
		comment, rest, closed := strings.Cut(raw, "-->")
		raw = rest
		comment = strings.TrimSpace(comment)
		if comment == "" {
			continue
		}
		inner, ok := strings.CutPrefix(comment, "<!--")
		switch {
		case !ok:
			b.problem(off, "html", "HTML vises aldrig i svar – skriv teksten som almindelig prosa")
		case !closed: // everything after it would be lost in silence
			b.problem(off, "open-comment", "kommentaren mangler sin afslutning --> og sluger resten af artiklen – skriv --> efter den")
			b.problems[len(b.problems)-1].Fatal = true
		default:
			b.questions(strings.TrimSpace(inner), off)
		}
	}
}

// questions takes entry questions from a comment; an editor's own comments are none.
func (b *body) questions(comment string, off int) {
	if list, ok := afterMark(comment, unansweredMark); ok {
		for _, q := range splitQuestions(list) {
			b.unanswered = append(b.unanswered, Unanswered{q, b.lineAt(off)})
		}
		return
	}
	list, ok := afterMark(comment, questionsMark)
	if !ok {
		return
	}
	if len(b.sections) == 0 {
		b.problem(off, "question-place", "»svarer på« skal stå under en overskrift")
		return
	}
	s := &b.sections[len(b.sections)-1]
	s.Questions = append(s.Questions, splitQuestions(list)...)
}

// afterMark returns what follows a mark, in whatever case, at the beginning of a comment.
func afterMark(comment, mark string) (string, bool) {
	if len(comment) < len(mark) || !strings.EqualFold(comment[:len(mark)], mark) {
		return "", false
	}
	return comment[len(mark):], true
}

func splitQuestions(list string) (out []string) {
	for _, q := range strings.Split(list, "|") {
		if q = strings.Join(strings.Fields(q), " "); q != "" {
			out = append(out, q)
		}
	}
	return out
}

func (b *body) paragraph(n ast.Node) {
	plain := b.inline(n)
	p := plain.paragraph()
	if p.Text == "" {
		return
	}
	p.Line = b.lineAt(firstOffset(n))
	if len(b.sections) == 0 { // text before the first heading belongs to a section without one
		b.sections = append(b.sections, Section{Slug: b.unique("indledning"), Line: p.Line})
	}
	s := &b.sections[len(b.sections)-1]
	s.Paragraphs = append(s.Paragraphs, p)
}

// firstOffset is the byte offset of the block's first text, or of its first descendant that has any.
func firstOffset(n ast.Node) int {
	if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
		return n.Lines().At(0).Start
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			return t.Segment.Start
		}
		if off := firstOffset(c); off > 0 {
			return off
		}
	}
	return 0
}

// Slug turns a heading into the part of a passage id: folded, lower case, words joined by hyphens.
func Slug(heading string) string {
	var b strings.Builder
	gap := false
	for _, r := range danish.Fold(heading) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return b.String()
}
