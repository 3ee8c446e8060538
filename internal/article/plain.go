package article

import (
	"bytes"
	"sort"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"kildesvar/internal/danish"
)

// plainText is text without markup, with a map back to the file.
type plainText struct {
	text string
	runs []run // ascending, covering text
}

// run says that text[plain:plain+len] was written as n bytes at src of the file. Where len and n differ (an entity, an
// escaped sign) the run is one piece; otherwise byte answers to byte.
type run struct{ plain, len, src, n int }

// cut is the part of r inside the text [from, to), as it stands in a text where from has come to lie at shift.
func (r run) cut(from, to, shift int) run {
	start, end := max(r.plain, from), min(r.plain+r.len, to)
	if r.len == r.n {
		r.src += start - r.plain
		r.n = end - start
	}
	r.plain, r.len = start-from+shift, end-start
	return r
}

// at returns the run that holds the byte at off.
func (p *plainText) at(off int) run {
	i := sort.Search(len(p.runs), func(i int) bool { return p.runs[i].plain > off }) - 1
	if i < 0 {
		return run{}
	}
	return p.runs[i]
}

// source maps the byte at off of the plain text to the file.
func (p *plainText) source(off int) int {
	r := p.at(off)
	if r.len != r.n {
		return r.src
	}
	return r.src + min(off-r.plain, r.n)
}

// sourceEnd maps the end of a stretch of the plain text to the file.
func (p *plainText) sourceEnd(end int) int {
	r := p.at(end - 1)
	if r.len != r.n {
		return r.src + r.n
	}
	return r.src + min(end-r.plain, r.n)
}

// last is where in the file the text so far ends, or from when there is none.
func (p *plainText) last(from int) int {
	if len(p.runs) == 0 {
		return from
	}
	r := p.runs[len(p.runs)-1]
	return r.src + r.n
}

// plainWriter collects a plainText.
type plainWriter struct {
	plainText
	out strings.Builder
}

// add appends s, which was written as n bytes at src.
func (w *plainWriter) add(s string, src, n int) {
	if s == "" {
		return
	}
	w.runs = append(w.runs, run{w.out.Len(), len(s), src, n})
	w.out.WriteString(s)
}

// resolve appends raw Markdown text that stands at src, with escapes and entities resolved one by one.
func (w *plainWriter) resolve(raw []byte, src int) {
	from := 0
	for i := 0; i < len(raw); {
		n, s := special(raw[i:])
		if n == 0 {
			i++
			continue
		}
		w.add(string(raw[from:i]), src+from, i-from)
		w.add(s, src+i, n)
		i += n
		from = i
	}
	w.add(string(raw[from:]), src+from, len(raw)-from)
}

// longestEntity is the length of the longest name of an HTML entity with its marks.
const longestEntity = 33

// special returns the length and meaning of the escape or entity that raw begins with; 0 when it begins with none.
func special(raw []byte) (int, string) {
	switch {
	case raw[0] == '\\' && len(raw) > 1 && util.IsPunct(raw[1]):
		return 2, string(raw[1:2])
	case raw[0] == '&':
		end := bytes.IndexByte(raw[:min(len(raw), longestEntity)], ';') + 1
		if end == 0 {
			return 0, ""
		}
		written := raw[:end]
		if meant := util.ResolveEntityNames(util.ResolveNumericReferences(written)); !bytes.Equal(meant, written) {
			return end, string(meant)
		}
	}
	return 0, ""
}

// inline flattens a block's inline nodes. Images, raw HTML and comments vanish; links keep their label.
func (b *body) inline(n ast.Node) *plainText {
	w := &plainWriter{}
	begin := firstOffset(n)
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch c := c.(type) {
		case *ast.Image:
			return ast.WalkSkipChildren, nil
		case *ast.RawHTML:
			raw := bytes.ToLower(c.Segments.Value(b.src))
			if bytes.Contains(raw, []byte(questionsMark)) || bytes.Contains(raw, []byte(unansweredMark)) {
				b.problem(c.Segments.At(0).Start, "question-place", "»svarer på« og »svarer ikke på« skal stå på en linje for sig under overskriften")
			}
			return ast.WalkSkipChildren, nil
		case *ast.Link:
			b.links = append(b.links, Link{string(c.Destination), b.lineAt(w.last(begin))})
		case *ast.Text:
			b.text(w, c)
		case *ast.AutoLink:
			label := c.Label(b.src)
			src := w.last(begin)
			src += max(bytes.Index(b.src[src:], label), 0)
			w.add(string(label), src, len(label))
		}
		return ast.WalkContinue, nil
	})
	w.text = w.out.String()
	return &w.plainText
}

func (b *body) text(w *plainWriter, t *ast.Text) {
	raw, src := t.Segment.Value(b.src), t.Segment.Start
	if t.IsRaw() || t.Parent().Kind() == ast.KindCodeSpan {
		w.add(strings.ReplaceAll(string(raw), "\n", " "), src, len(raw))
	} else {
		w.resolve(raw, src)
	}
	if t.SoftLineBreak() || t.HardLineBreak() {
		w.add(" ", t.Segment.Stop, 1)
	}
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
		for _, r := range p.runs {
			if r.plain < to && r.plain+r.len > from {
				kept.runs = append(kept.runs, r.cut(from, to, out.Len()))
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
		cites = append(cites, cite{at: out.Len(), end: p.sourceEnd(m[1]), keys: keys})
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
		keys = appendNew(keys, strings.TrimRight(m[1], ".:?"))
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
	trimmed := strings.TrimLeftFunc(p.text, unicode.IsSpace)
	shift := len(p.text) - len(trimmed)
	trimmed = strings.TrimRightFunc(trimmed, unicode.IsSpace)
	par := Paragraph{Text: trimmed}
	for _, sp := range danish.Sentences(trimmed) {
		par.Sentences = append(par.Sentences, Sentence{Start: sp.Start, End: sp.End,
			SrcStart: p.source(sp.Start + shift), SrcEnd: p.sourceEnd(sp.End + shift)})
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
