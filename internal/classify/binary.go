package classify

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// ErrFormat is returned for what is not a model.
var ErrFormat = errors.New("not a classifier")

// WriteTo writes the model: numbers of keys and classes, keys, weights, little-endian.
func (m *Model) WriteTo(w io.Writer) (int64, error) {
	buf := make([]byte, 0, 16+8*len(m.keys))
	buf = binary.LittleEndian.AppendUint64(buf, uint64(len(m.keys)))
	buf = binary.LittleEndian.AppendUint64(buf, uint64(m.classes))
	for _, k := range m.keys {
		buf = binary.LittleEndian.AppendUint64(buf, k)
	}
	n, err := w.Write(buf)
	total := int64(n)
	for from := 0; from < len(m.weights) && err == nil; from += block {
		buf = buf[:0]
		for _, v := range m.weights[from:min(from+block, len(m.weights))] {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(v))
		}
		n, err = w.Write(buf)
		total += int64(n)
	}
	return total, err
}

// block is how many numbers are written and read at a time.
const block = 1 << 14

// Read reads a model that WriteTo wrote. size is the number of bytes that belong to it; no more memory than about that is used.
func Read(r io.Reader, size int64) (*Model, error) {
	head := make([]byte, 16)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	keys, classes := binary.LittleEndian.Uint64(head), binary.LittleEndian.Uint64(head[8:])
	if keys > MaxWeights || classes > MaxWeights || keys*classes > MaxWeights || int64(16+8*keys+4*keys*classes) != size {
		return nil, fmt.Errorf("%w: sizes do not add up", ErrFormat)
	}
	raw := make([]byte, 8*keys)
	if _, err := io.ReadFull(r, raw); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	m := &Model{keys: make([]uint64, keys), classes: int(classes)}
	for i := range m.keys {
		m.keys[i] = binary.LittleEndian.Uint64(raw[8*i:])
		if i > 0 && m.keys[i] <= m.keys[i-1] {
			return nil, fmt.Errorf("%w: features out of order", ErrFormat)
		}
	}
	var err error
	if m.weights, err = readFloats(r, int(keys*classes)); err != nil {
		return nil, err
	}
	return m, nil
}

func readFloats(r io.Reader, n int) ([]float32, error) {
	out := make([]float32, n)
	buf := make([]byte, 4*min(n, block))
	for from := 0; from < n; from += block {
		part := out[from:min(from+block, n)]
		raw := buf[:4*len(part)]
		if _, err := io.ReadFull(r, raw); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		for i := range part {
			part[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
			if v := float64(part[i]); math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("%w: weight %d is no number", ErrFormat, from+i)
			}
		}
	}
	return out, nil
}
