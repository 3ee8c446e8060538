package lexical

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// ErrFormat is returned when a binary index is cut short or contradicts itself.
var ErrFormat = errors.New("not a whole lexical index")

// WriteTo writes the index in its binary form: counts, then the arrays, little-endian.
func (ix *Index) WriteTo(w io.Writer) (int64, error) {
	cw := &countingWriter{w: w}
	head := make([]byte, 24)
	binary.LittleEndian.PutUint64(head, uint64(len(ix.keys)))
	binary.LittleEndian.PutUint64(head[8:], uint64(len(ix.docs)))
	binary.LittleEndian.PutUint64(head[16:], uint64(len(ix.lens)))
	cw.write(head)
	writeArray(cw, ix.keys, 8, binary.LittleEndian.PutUint64)
	writeArray(cw, ix.starts, 4, binary.LittleEndian.PutUint32)
	writeArray(cw, ix.docs, 4, binary.LittleEndian.PutUint32)
	cw.write(ix.tfs)
	writeArray(cw, ix.lens, 4, func(b []byte, f float32) { binary.LittleEndian.PutUint32(b, math.Float32bits(f)) })
	return cw.n, cw.err
}

// Read reads an index that WriteTo wrote. size is the number of bytes that belong to it; no more memory than about that is used.
func Read(r io.Reader, size int64) (*Index, error) {
	head := make([]byte, 24)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	keys, postings, docs := binary.LittleEndian.Uint64(head), binary.LittleEndian.Uint64(head[8:]), binary.LittleEndian.Uint64(head[16:])
	const sane = 1 << 33 // keeps the sum below from overflowing
	if keys > sane || postings > sane || docs > sane || int64(24+8*keys+4*(keys+1)+5*postings+4*docs) != size {
		return nil, fmt.Errorf("%w: sizes do not add up", ErrFormat)
	}
	ix := &Index{}
	var err error
	read := func(n uint64, width int, store func(i int, b []byte)) {
		if err == nil {
			err = readArray(r, int(n), width, store)
		}
	}
	ix.keys = make([]uint64, keys)
	read(keys, 8, func(i int, b []byte) { ix.keys[i] = binary.LittleEndian.Uint64(b) })
	ix.starts = make([]uint32, keys+1)
	read(keys+1, 4, func(i int, b []byte) { ix.starts[i] = binary.LittleEndian.Uint32(b) })
	ix.docs = make([]uint32, postings)
	read(postings, 4, func(i int, b []byte) { ix.docs[i] = binary.LittleEndian.Uint32(b) })
	ix.tfs = make([]uint8, postings)
	if err == nil {
		_, err = io.ReadFull(r, ix.tfs)
	}
	ix.lens = make([]float32, docs)
	read(docs, 4, func(i int, b []byte) { ix.lens[i] = math.Float32frombits(binary.LittleEndian.Uint32(b)) })
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if err := ix.check(); err != nil {
		return nil, err
	}
	ix.derive()
	return ix, nil
}

// check makes sure that no index in the arrays points outside and that no score can be negative or no number.
func (ix *Index) check() error {
	for i := 1; i < len(ix.starts); i++ {
		if ix.starts[i] < ix.starts[i-1] {
			return fmt.Errorf("%w: postings out of order", ErrFormat)
		}
	}
	if ix.starts[0] != 0 || int(ix.starts[len(ix.starts)-1]) != len(ix.docs) {
		return fmt.Errorf("%w: postings do not add up", ErrFormat)
	}
	for i := 1; i < len(ix.keys); i++ {
		if ix.keys[i] <= ix.keys[i-1] {
			return fmt.Errorf("%w: terms out of order", ErrFormat)
		}
	}
	for i := range ix.keys {
		docs := ix.docs[ix.starts[i]:ix.starts[i+1]]
		for j, d := range docs {
			if int(d) >= len(ix.lens) || j > 0 && d <= docs[j-1] {
				return fmt.Errorf("%w: posting of document %d of %d", ErrFormat, d, len(ix.lens))
			}
		}
	}
	for _, l := range ix.lens {
		if !(l >= 0 && l <= math.MaxInt32) { // also true of what is no number
			return fmt.Errorf("%w: document of length %v", ErrFormat, l)
		}
	}
	return nil
}

type countingWriter struct {
	w   io.Writer
	n   int64
	err error
}

func (c *countingWriter) write(p []byte) {
	if c.err != nil {
		return
	}
	n, err := c.w.Write(p)
	c.n += int64(n)
	c.err = err
}

// chunk is how many bytes of an array are coded at a time.
const chunk = 1 << 16

func writeArray[T any](w *countingWriter, list []T, width int, put func([]byte, T)) {
	buf := make([]byte, 0, chunk)
	for _, v := range list {
		buf = buf[:len(buf)+width]
		put(buf[len(buf)-width:], v)
		if len(buf)+width > chunk {
			w.write(buf)
			buf = buf[:0]
		}
	}
	w.write(buf)
}

func readArray(r io.Reader, n, width int, store func(i int, b []byte)) error {
	buf := make([]byte, chunk/width*width)
	for i := 0; i < n; {
		part := buf[:min(len(buf), (n-i)*width)]
		if _, err := io.ReadFull(r, part); err != nil {
			return err
		}
		for off := 0; off < len(part); off += width {
			store(i, part[off:off+width])
			i++
		}
	}
	return nil
}
