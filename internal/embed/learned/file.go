package learned

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
	"path/filepath"
	"syscall"
)

// The file: a head, then records of one size in the order in which they were made. A record is the SHA-256 of the embedder's id and the
// text, the vector as little-endian float32, and the CRC-32C of both. Each write is of whole records and is not synced: after a kill all are
// there, after a power cut some may be missing or wrong, which the checksum tells. A record that is wrong is passed over; an unfinished
// one at the end is cut off.
const (
	magic     = "KSVARVC1"
	headBytes = len(magic) + 4 + sha256.Size + 4 // magic, dimension, hash of the embedder's id, CRC-32C of these
	crcBytes  = 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// errFull is that the file has its greatest size.
var errFull = errors.New("the file has its greatest size")

// storage is what a file needs of a disk; tests make it fail.
type storage interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Truncate(size int64) error
}

// opener opens a file for reading and writing, for this process alone, and makes it if need be.
type opener func(name string) (f storage, size int64, err error)

type hash [sha256.Size]byte

// file is an open file of vectors. It is not safe for concurrent use.
type file struct {
	name   string
	f      storage
	id     hash // of the embedder
	dim    int
	most   int64
	at     map[hash]int64 // offsets of records
	end    int64          // of the last whole record
	before int64          // end when it was opened
	broken int            // records that were passed over
}

// openFile reads the file with the name. One of another embedder, or one that is none, begins anew.
func openFile(name, id string, dim int, most int64, open opener) (*file, error) {
	f, size, err := open(name)
	if err != nil {
		return nil, err
	}
	v := &file{name: name, f: f, id: sha256.Sum256([]byte(id)), dim: dim, most: most, at: map[hash]int64{}}
	if err := v.begin(size); err != nil {
		_ = f.Close() // the error before says more
		return nil, err
	}
	return v, nil
}

// begin reads what is there, or makes a file without records.
func (v *file) begin(size int64) error {
	have := make([]byte, headBytes)
	_, err := v.f.ReadAt(have, 0)
	switch {
	case err == nil && bytes.Equal(have, v.head()):
		return v.scan(min(size, v.most))
	case err != nil && !errors.Is(err, io.EOF):
		return fmt.Errorf("read %s: %w", v.name, err)
	}
	return v.clear()
}

func (v *file) head() []byte {
	b := append([]byte(magic), make([]byte, 4)...)
	binary.LittleEndian.PutUint32(b[len(magic):], uint32(v.dim))
	b = append(b, v.id[:]...)
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

func (v *file) recordBytes() int64 { return int64(sha256.Size + 4*v.dim + crcBytes) }

// scan finds the sound records and cuts off what is unfinished at the end.
func (v *file) scan(size int64) error {
	r := bufio.NewReaderSize(io.NewSectionReader(v.f, int64(headBytes), size-int64(headBytes)), 1<<18)
	rec := make([]byte, v.recordBytes())
	for v.end = int64(headBytes); v.end+v.recordBytes() <= size; v.end += v.recordBytes() {
		if _, err := io.ReadFull(r, rec); err != nil {
			return fmt.Errorf("read %s: %w", v.name, err)
		}
		if !sound(rec) {
			v.broken++
			continue
		}
		v.at[hash(rec)] = v.end
	}
	v.before = v.end
	if err := v.f.Truncate(v.end); err != nil {
		return fmt.Errorf("cut %s: %w", v.name, err)
	}
	return nil
}

func sound(rec []byte) bool {
	n := len(rec) - crcBytes
	return crc32.Checksum(rec[:n], castagnoli) == binary.LittleEndian.Uint32(rec[n:])
}

// clear begins the file anew.
func (v *file) clear() error {
	v.at, v.end, v.before = map[hash]int64{}, int64(headBytes), int64(headBytes)
	if err := v.f.Truncate(0); err != nil {
		return fmt.Errorf("empty %s: %w", v.name, err)
	}
	if _, err := v.f.WriteAt(v.head(), 0); err != nil {
		return fmt.Errorf("begin %s: %w", v.name, err)
	}
	return nil
}

func (v *file) len() int { return len(v.at) }

// key is a text's address.
func (v *file) key(text string) hash {
	h := sha256.New()
	_, _ = h.Write(v.id[:]) // a hash takes everything
	_, _ = h.Write([]byte(text))
	return hash(h.Sum(nil))
}

// old reports whether a text's vector was there when the file was opened.
func (v *file) old(text string) bool { return v.at[v.key(text)] < v.before }

// get returns the vector of a text, nil when there is none that is sound.
func (v *file) get(text string) []float32 {
	key := v.key(text)
	at, ok := v.at[key]
	if !ok {
		return nil
	}
	rec := make([]byte, v.recordBytes())
	if _, err := v.f.ReadAt(rec, at); err != nil || !sound(rec) || hash(rec) != key {
		delete(v.at, key)
		return nil
	}
	out := make([]float32, v.dim)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(rec[sha256.Size+4*i:]))
	}
	if check(out, v.dim) != nil {
		delete(v.at, key)
		return nil
	}
	return out
}

// add writes the vectors of texts in one write. After an error the file holds what it held.
func (v *file) add(texts []string, vs [][]float32) error {
	if v.end+int64(len(texts))*v.recordBytes() > v.most {
		return errFull
	}
	buf := make([]byte, 0, int64(len(texts))*v.recordBytes())
	for i, text := range texts {
		from, key := len(buf), v.key(text)
		buf = append(buf, key[:]...)
		for _, x := range vs[i] {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(x))
		}
		buf = binary.LittleEndian.AppendUint32(buf, crc32.Checksum(buf[from:], castagnoli))
	}
	if _, err := v.f.WriteAt(buf, v.end); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", v.name, err), v.f.Truncate(v.end))
	}
	for i, text := range texts {
		v.at[v.key(text)] = v.end + int64(i)*v.recordBytes()
	}
	v.end += int64(len(buf))
	return nil
}

func (v *file) close() { _ = v.f.Close() } // nothing waits to be written

func (v *file) remove() error {
	v.close() // some systems remove no open file
	return os.Remove(v.name)
}

// openDisk opens a file on the disk and takes its lock. Only the user may read what it makes.
func openDisk(name string) (storage, int64, error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() { // opening a pipe would wait for somebody
		return nil, 0, &os.PathError{Op: "open", Path: name, Err: syscall.EEXIST}
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, 0, err
	}
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err == nil {
		err = lock(f)
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}
