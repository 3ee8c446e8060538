// Package passage cuts articles into passages: the units that are indexed, retrieved and quoted.
//
// A passage is whole paragraphs of one section, merged up to TargetWords; a paragraph longer than MaxWords is cut at
// sentence ends. Every sentence keeps the literature behind it and its place in the article's file.
//
// The parts of a cut paragraph do not overlap: each sentence stands in one passage. An overlap of a quarter, a usual
// choice, would let the same sentence be found twice and quoted under two numbers; paragraphs that long are rare, and a section's
// heading and entry questions stand on all its passages and hold the parts together.
//
// It leaves parsing to article and terms to lexical.
//
// Invariants: every sentence of an article stands in exactly one passage; ids are unique and stable while a section's heading
// and order stay; Text is the paragraphs joined by a blank line; Sentences are in order and inside Text; offsets are in bytes.
package passage

import (
	"fmt"
	"strings"

	"kildesvar/internal/article"
)

// Sizes in words. 150 was measured best on Danish social-policy text (longer passages lose recall); a paragraph may
// exceed it as long as it stays readable in one piece.
const (
	TargetWords = 150
	MaxWords    = 220
)

// Passage is the retrieved unit.
type Passage struct {
	ID        string // "<article id>#<section slug>.<n>", n from 1
	Article   string // article id
	Section   string // heading; empty for text before the first heading
	Path      []string
	Text      string
	Sentences []Sentence
	// Questions are the section's entry questions: evidence for retrieval, never shown.
	Questions []string
}

// Sentence is one sentence of a passage.
type Sentence struct {
	Start, End       int // bytes in Passage.Text
	SrcStart, SrcEnd int // bytes in the article's file
	Paragraph        int // 0-based number of its paragraph within the passage
	Keys             []string
}

// SentenceText returns the text of the i-th sentence.
func (p *Passage) SentenceText(i int) string {
	s := p.Sentences[i]
	return p.Text[s.Start:s.End]
}

// Split cuts an article into its passages, in reading order. Sections without text give none.
func Split(a *article.Article) []Passage {
	var out []Passage
	for si := range a.Sections {
		s := &a.Sections[si]
		for n, group := range groups(s.Paragraphs) {
			p := join(group)
			p.ID = fmt.Sprintf("%s#%s.%d", a.ID, s.Slug, n+1)
			p.Article, p.Section, p.Path, p.Questions = a.ID, s.Heading, s.Path, s.Questions
			out = append(out, p)
		}
	}
	return out
}

// groups merges short paragraphs and cuts long ones.
func groups(paragraphs []article.Paragraph) [][]article.Paragraph {
	var out [][]article.Paragraph
	words := 0
	for _, p := range paragraphs {
		for _, part := range cut(p) {
			n := wordCount(part.Text)
			if len(out) > 0 && words+n <= TargetWords {
				out[len(out)-1] = append(out[len(out)-1], part)
				words += n
				continue
			}
			out = append(out, []article.Paragraph{part})
			words = n
		}
	}
	return out
}

// cut divides a paragraph of more than MaxWords at sentence ends into parts of at most about TargetWords.
func cut(p article.Paragraph) []article.Paragraph {
	if wordCount(p.Text) <= MaxWords || len(p.Sentences) < 2 {
		return []article.Paragraph{p}
	}
	var out []article.Paragraph
	from, words := 0, 0
	for i, s := range p.Sentences {
		n := wordCount(p.Text[s.Start:s.End])
		if i > from && words+n > TargetWords {
			out = append(out, slice(p, from, i))
			from, words = i, 0
		}
		words += n
	}
	return append(out, slice(p, from, len(p.Sentences)))
}

// slice is the paragraph's sentences [from, to) as a paragraph of its own.
func slice(p article.Paragraph, from, to int) article.Paragraph {
	start, end := p.Sentences[from].Start, p.Sentences[to-1].End
	part := article.Paragraph{Text: p.Text[start:end], Line: p.Line}
	for _, s := range p.Sentences[from:to] {
		s.Start -= start
		s.End -= start
		part.Sentences = append(part.Sentences, s)
	}
	return part
}

func join(group []article.Paragraph) Passage {
	var p Passage
	var text strings.Builder
	for n, par := range group {
		if n > 0 {
			text.WriteString("\n\n")
		}
		at := text.Len()
		text.WriteString(par.Text)
		for _, s := range par.Sentences {
			p.Sentences = append(p.Sentences, Sentence{Start: at + s.Start, End: at + s.End,
				SrcStart: s.SrcStart, SrcEnd: s.SrcEnd, Paragraph: n, Keys: s.Keys})
		}
	}
	p.Text = text.String()
	return p
}

func wordCount(s string) int { return len(strings.Fields(s)) }
