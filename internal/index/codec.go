package index

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"kildesvar/internal/passage"
)

// encoder writes values: unsigned varints and length-prefixed strings. Its writer keeps the first error until it is flushed.
type encoder struct{ w *bufio.Writer }

func (e *encoder) num(n int) {
	_, _ = e.w.Write(binary.AppendUvarint(e.w.AvailableBuffer(), uint64(n)))
}

func (e *encoder) flag(yes bool) {
	n := 0
	if yes {
		n = 1
	}
	e.num(n)
}

func (e *encoder) str(s string) {
	e.num(len(s))
	_, _ = e.w.WriteString(s)
}

func (e *encoder) strs(list []string) {
	e.num(len(list))
	for _, s := range list {
		e.str(s)
	}
}

// decoder reads what encoder wrote. The first fault sticks: everything after it is zero.
type decoder struct {
	data string // strings share its memory
	err  error
}

func (d *decoder) fail(what string) {
	if d.err == nil {
		d.err = fmt.Errorf("%w: %s", ErrDamaged, what)
	}
	d.data = ""
}

func (d *decoder) num() int {
	var n uint64
	for i := 0; i < len(d.data) && i < binary.MaxVarintLen64; i++ {
		c := d.data[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			d.data = d.data[i+1:]
			if n > math.MaxInt32 {
				break
			}
			return int(n)
		}
	}
	d.fail("number")
	return 0
}

// count reads the length of a list whose entries take at least one byte each.
func (d *decoder) count() int {
	n := d.num()
	if n > len(d.data) {
		d.fail("count")
		return 0
	}
	return n
}

func (d *decoder) flag() bool {
	n := d.num()
	if n > 1 {
		d.fail("flag")
	}
	return n == 1
}

func (d *decoder) str() string {
	n := d.num()
	if n > len(d.data) {
		d.fail("string")
		return ""
	}
	s := d.data[:n]
	d.data = d.data[n:]
	return s
}

func (d *decoder) strs() []string {
	n := d.count()
	if n == 0 {
		return nil
	}
	list := make([]string, n)
	for i := range list {
		list[i] = d.str()
	}
	return list
}

// encodeText writes everything but the inverted indexes and the vectors.
func (ix *Index) encodeText(w io.Writer) error {
	e := &encoder{bufio.NewWriterSize(w, 1<<16)}
	e.num(len(ix.Articles))
	for _, a := range ix.Articles {
		for _, s := range []string{a.ID, a.Title, a.URL, a.Summary, a.Updated, a.Reviewed} {
			e.str(s)
		}
		e.num(a.First)
		e.num(a.Last)
	}
	e.num(len(ix.Passages))
	for i := range ix.Passages {
		encodePassage(e, &ix.Passages[i])
	}
	e.num(len(ix.Questions))
	for _, q := range ix.Questions {
		e.str(q.Text)
		e.num(q.First)
		e.num(q.Last)
		e.flag(q.StandIn)
	}
	e.num(len(ix.Concepts))
	for _, c := range ix.Concepts {
		e.str(c.Theme)
		e.str(c.Term)
		e.str(c.Definition)
		e.strs(c.Synonyms)
		e.strs(c.Everyday)
		e.strs(c.Keys)
	}
	e.num(len(ix.references))
	for _, k := range sortedKeys(ix.references) {
		e.str(k)
		e.str(ix.references[k])
	}
	e.num(len(ix.Words))
	for _, w := range sortedKeys(ix.Words) {
		e.str(w)
		e.num(ix.Words[w])
	}
	e.num(ix.dim)
	for _, h := range ix.hashes {
		_, _ = e.w.Write(h[:])
	}
	return e.w.Flush()
}

func encodePassage(e *encoder, p *passage.Passage) {
	e.str(p.ID)
	e.str(p.Article)
	e.str(p.Section)
	e.strs(p.Path)
	e.str(p.Text)
	e.num(len(p.Sentences))
	for _, s := range p.Sentences {
		for _, n := range []int{s.Start, s.End, s.SrcStart, s.SrcEnd, s.Paragraph} {
			e.num(n)
		}
		e.strs(s.Keys)
	}
}

func (ix *Index) decodeText(data string) error {
	d := &decoder{data: data}
	ix.Articles = make([]Article, d.count())
	for i := range ix.Articles {
		a := &ix.Articles[i]
		for _, s := range []*string{&a.ID, &a.Title, &a.URL, &a.Summary, &a.Updated, &a.Reviewed} {
			*s = d.str()
		}
		a.First, a.Last = d.num(), d.num()
	}
	ix.Passages = make([]passage.Passage, d.count())
	for i := range ix.Passages {
		decodePassage(d, &ix.Passages[i])
	}
	ix.Questions = make([]Question, d.count())
	for i := range ix.Questions {
		ix.Questions[i] = Question{d.str(), d.num(), d.num(), d.flag()}
	}
	ix.Concepts = make([]Concept, d.count())
	for i := range ix.Concepts {
		ix.Concepts[i] = Concept{Theme: d.str(), Term: d.str(), Definition: d.str(), Synonyms: d.strs(), Everyday: d.strs(), Keys: d.strs()}
	}
	n := d.count()
	ix.references = make(map[string]string, n)
	for range n {
		k := d.str()
		ix.references[k] = d.str()
	}
	n = d.count()
	ix.Words = make(map[string]int, n)
	for range n {
		w := d.str()
		ix.Words[w] = d.num()
	}
	ix.dim = d.num()
	ix.hashes = make([]textHash, len(ix.Passages))
	for i := range ix.hashes {
		if len(d.data) < len(ix.hashes[i]) {
			d.fail("hash")
			break
		}
		d.data = d.data[copy(ix.hashes[i][:], d.data):]
	}
	if d.err == nil && d.data != "" {
		d.fail("bytes left over")
	}
	if d.err != nil {
		return d.err
	}
	return ix.checkRanges()
}

func decodePassage(d *decoder, p *passage.Passage) {
	p.ID, p.Article, p.Section, p.Path, p.Text = d.str(), d.str(), d.str(), d.strs(), d.str()
	n := d.count()
	p.Sentences = make([]passage.Sentence, n)
	for i := range p.Sentences {
		s := &p.Sentences[i]
		for _, v := range []*int{&s.Start, &s.End, &s.SrcStart, &s.SrcEnd, &s.Paragraph} {
			*v = d.num()
		}
		s.Keys = d.strs()
		if s.Start > s.End || s.End > len(p.Text) {
			d.fail("sentence outside its passage")
			return
		}
	}
}

// checkRanges makes sure that no number in the text part points outside.
func (ix *Index) checkRanges() error {
	in := func(first, last int) bool { return first <= last && last <= len(ix.Passages) }
	for _, a := range ix.Articles {
		if !in(a.First, a.Last) {
			return fmt.Errorf("%w: article %s outside the passages", ErrDamaged, a.ID)
		}
	}
	for _, q := range ix.Questions {
		if !in(q.First, q.Last) {
			return fmt.Errorf("%w: question outside the passages", ErrDamaged)
		}
	}
	return nil
}
