package article

import (
	"bytes"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"kildesvar/internal/danish"
)

// questionsMark opens a comment that lists a section's entry questions.
const questionsMark = "svarer på:"

// citation matches a Pandoc citation group, [@key], [@a; @b, s. 12].
var citation = regexp.MustCompile(`\[(?:[^\[\]@]{0,60})@[^\[\]]{1,400}\]`)

// citationKey matches one key inside a group. Pandoc's keys begin with a letter, digit or underscore.
var citationKey = regexp.MustCompile(`@([\p{L}\p{N}_][\p{L}\p{N}_:.#$%&\-+?<>~/]*)`)

// body parses the CommonMark text that begins at byte offset base of src.
type body struct {
	src      []byte
	lines    []int // byte offset of each line's start
	file     string
	sections []Section
	problems []Problem
	path     []string // headings by level, index 0 is level 2
	slugs    map[string]int
	links    []link
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
	b.problems = append(b.problems, Problem{File: b.file, Line: b.lineAt(off), Rule: rule, Message: message})
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
	b.slugs[slug]++
	if k := b.slugs[slug]; k > 1 {
		slug += "-" + strconv.Itoa(k)
	}
	b.sections = append(b.sections, Section{Heading: heading, Slug: slug, Line: b.lineAt(off), Path: append([]string(nil), b.path...)})
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
	off := n.Lines().At(0).Start
	for _, comment := range strings.Split(raw.String(), "-->") {
		comment = strings.TrimSpace(comment)
		if comment == "" {
			continue
		}
		inner, ok := strings.CutPrefix(comment, "<!--")
		if !ok {
			b.problem(off, "html", "HTML vises aldrig i svar – skriv teksten som almindelig prosa")
			continue
		}
		inner = strings.TrimSpace(inner)
		if len(inner) < len(questionsMark) || !strings.EqualFold(inner[:len(questionsMark)], questionsMark) {
			continue // an editor's own comment
		}
		if len(b.sections) == 0 {
			b.problem(off, "question-place", "»svarer på« skal stå under en overskrift")
			continue
		}
		s := &b.sections[len(b.sections)-1]
		for _, q := range strings.Split(inner[len(questionsMark):], "|") {
			if q = strings.Join(strings.Fields(q), " "); q != "" {
				s.Questions = append(s.Questions, q)
			}
		}
	}
}

func (b *body) paragraph(n ast.Node) {
	plain := b.inline(n)
	p := plain.paragraph()
	if p.Text == "" {
		return
	}
	p.Line = b.lineAt(firstOffset(n))
	if len(b.sections) == 0 { // text before the first heading belongs to a section without one
		b.slugs["indledning"]++
		b.sections = append(b.sections, Section{Slug: "indledning", Line: p.Line})
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

// plainText is text without markup, with a map back to the file.
type plainText struct {
	text string
	// runs are ascending: the text from run.plain on came from run.src on.
	runs []run
}

type run struct{ plain, src, n int }

// source maps a byte offset of the plain text to one of the file.
func (p *plainText) source(off int) int {
	i := sort.Search(len(p.runs), func(i int) bool { return p.runs[i].plain > off }) - 1
	if i < 0 {
		return 0
	}
	r := p.runs[i]
	return r.src + min(off-r.plain, r.n)
}

// inline flattens a block's inline nodes. Images, raw HTML and comments vanish; links keep their label.
func (b *body) inline(n ast.Node) *plainText {
	var out strings.Builder
	p := &plainText{}
	add := func(s string, src, n int) {
		p.runs = append(p.runs, run{out.Len(), src, n})
		out.WriteString(s)
	}
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch c := c.(type) {
		case *ast.Image, *ast.RawHTML:
			return ast.WalkSkipChildren, nil
		case *ast.Link:
			b.links = append(b.links, link{string(c.Destination), b.lineAt(p.lastSource())})
		case *ast.Text:
			raw := c.Segment.Value(b.src)
			s := string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(raw))))
			add(s, c.Segment.Start, c.Segment.Len())
			if c.SoftLineBreak() || c.HardLineBreak() {
				add(" ", c.Segment.Stop, 1)
			}
		case *ast.String:
			add(string(c.Value), p.lastSource(), 0)
		case *ast.AutoLink:
			add(string(c.Label(b.src)), p.lastSource(), 0)
		}
		return ast.WalkContinue, nil
	})
	p.text = out.String()
	return p
}

func (p *plainText) lastSource() int {
	if len(p.runs) == 0 {
		return 0
	}
	r := p.runs[len(p.runs)-1]
	return r.src + r.n
}

// cite is a citation group taken out of a paragraph.
type cite struct {
	at   int // byte offset in the text without citations
	end  int // byte offset in the file just after the group
	keys []string
}

// paragraph takes the citations out, splits sentences and gives each its literature.
func (p *plainText) paragraph() Paragraph {
	var out strings.Builder
	kept := &plainText{}
	var cites []cite
	pos := 0
	keep := func(from, to int) {
		if from >= to {
			return
		}
		// Runs of the original are cut at the kept stretch's bounds, so that offsets stay exact.
		kept.runs = append(kept.runs, run{out.Len(), p.source(from), to - from})
		for _, r := range p.runs {
			if r.plain > from && r.plain < to {
				kept.runs = append(kept.runs, run{out.Len() + r.plain - from, r.src, r.n})
			}
		}
		out.WriteString(p.text[from:to])
	}
	for _, m := range citation.FindAllStringIndex(p.text, -1) {
		keys := CitationKeys(p.text[m[0]:m[1]])
		if len(keys) == 0 {
			continue
		}
		from := m[0]
		for from > pos && (p.text[from-1] == ' ' || p.text[from-1] == '\n') {
			from--
		}
		keep(pos, from)
		cites = append(cites, cite{at: out.Len(), end: p.source(m[1]-1) + 1, keys: keys})
		pos = m[1]
	}
	keep(pos, len(p.text))
	kept.text = out.String()
	return kept.sentences(cites)
}

// CitationKeys returns the keys of a Pandoc citation group in order, each once.
func CitationKeys(group string) []string {
	var keys []string
	for _, m := range citationKey.FindAllStringSubmatch(group, -1) {
		key := strings.TrimRight(m[1], ".,:;?")
		keys = appendNew(keys, key)
	}
	return keys
}

func appendNew(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}

// sentences trims the text, splits it and attributes citations to the sentence in or right after which they stand.
func (p *plainText) sentences(cites []cite) Paragraph {
	trimmed := strings.TrimLeft(p.text, " \t\r\n")
	shift := len(p.text) - len(trimmed)
	trimmed = strings.TrimRight(trimmed, " \t\r\n")
	par := Paragraph{Text: trimmed}
	for _, sp := range danish.Sentences(trimmed) {
		last := lastRuneStart(trimmed, sp.End)
		par.Sentences = append(par.Sentences, Sentence{Start: sp.Start, End: sp.End,
			SrcStart: p.source(sp.Start + shift), SrcEnd: p.source(last+shift) + sp.End - last})
	}
	for _, c := range cites {
		at := c.at - shift
		i := sort.Search(len(par.Sentences), func(i int) bool { return par.Sentences[i].Start >= at }) - 1
		if i < 0 {
			i = 0
		}
		if i >= len(par.Sentences) {
			continue
		}
		s := &par.Sentences[i]
		s.Cited = true
		s.SrcEnd = max(s.SrcEnd, c.end)
		for _, k := range c.keys {
			s.Keys = appendNew(s.Keys, k)
		}
	}
	sentenceKeys(par.Sentences)
	return par
}

func lastRuneStart(s string, end int) int {
	_, size := utf8.DecodeLastRuneInString(s[:end])
	return end - size
}

// sentenceKeys gives a sentence without a citation of its own the keys of the next cited sentence of the paragraph
// (a citation closes what it covers), or of the last one before it.
func sentenceKeys(ss []Sentence) {
	var next []string
	for i := len(ss) - 1; i >= 0; i-- {
		if ss[i].Cited {
			next = ss[i].Keys
		} else {
			ss[i].Keys = next
		}
	}
	var before []string
	for i := range ss {
		if ss[i].Cited {
			before = ss[i].Keys
		} else if len(ss[i].Keys) == 0 {
			ss[i].Keys = before
		}
	}
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
