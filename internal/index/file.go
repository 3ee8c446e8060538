package index

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"math"
	"strings"

	"golang.org/x/sync/errgroup"

	"kildesvar/internal/classify"
	"kildesvar/internal/danish"
	"kildesvar/internal/embed"
	"kildesvar/internal/index/disk"
	"kildesvar/internal/lexical"
)

// ErrDamaged is returned when a generation's file is cut short or was changed.
var ErrDamaged = errors.New("damaged generation")

// ErrStale is returned when a generation was made from something else than what is asked for.
var ErrStale = errors.New("generation made from something else")

// The file: magic, the parts one after the other, the table as JSON, its length and CRC-32C, magic.
const (
	magic     = "KSVARGEN"
	tailBytes = 8 + 4 + len(magic)
	// maxTable bounds what is believed of a table's length.
	maxTable = 1 << 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

type table struct {
	Manifest Manifest `json:"manifest"`
	Parts    []part   `json:"parts"`
}

type part struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	CRC  uint32 `json:"crc32c"`
}

// sumWriter counts and sums what passes through.
type sumWriter struct {
	w   io.Writer
	n   int64
	crc uint32
}

func (s *sumWriter) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	s.n += int64(n)
	s.crc = crc32.Update(s.crc, castagnoli, p[:n])
	return n, err
}

func (ix *Index) write(w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<20)
	if _, err := out.WriteString(magic); err != nil {
		return err
	}
	t := table{Manifest: ix.Manifest}
	for _, p := range ix.parts() {
		s := &sumWriter{w: out}
		if err := p.write(s); err != nil {
			return err
		}
		t.Parts = append(t.Parts, part{p.name, s.n, s.crc})
	}
	text, err := json.Marshal(t)
	if err != nil {
		return err
	}
	tail := binary.LittleEndian.AppendUint64(nil, uint64(len(text)))
	tail = binary.LittleEndian.AppendUint32(tail, crc32.Checksum(text, castagnoli))
	for _, b := range [][]byte{text, tail, []byte(magic)} {
		if _, err := out.Write(b); err != nil {
			return err
		}
	}
	return out.Flush()
}

// partCodec writes and reads one part of the file.
type partCodec struct {
	name  string
	write func(io.Writer) error
	read  func(r *sumReader, p part) error
}

// parts lists the parts in file order; text comes first because the others are checked against it.
func (ix *Index) parts() []partCodec {
	inverted := func(name string, at **lexical.Index) partCodec {
		return partCodec{name,
			func(w io.Writer) error { _, err := (*at).WriteTo(w); return err },
			func(r *sumReader, p part) (err error) { *at, err = lexical.Read(r, p.Size); return err }}
	}
	learned := func(name string, at **classify.Model) partCodec {
		return partCodec{name,
			func(w io.Writer) error { _, err := (*at).WriteTo(w); return err },
			func(r *sumReader, p part) (err error) { *at, err = classify.Read(r, p.Size); return err }}
	}
	return []partCodec{
		{"text",
			ix.encodeText,
			func(r *sumReader, p part) error {
				var data strings.Builder // its string needs no copy
				data.Grow(int(p.Size))
				if _, err := io.CopyN(&data, r, p.Size); err != nil {
					return err
				}
				if err := r.check(p); err != nil { // before lists of the lengths it tells are made
					return err
				}
				return ix.decodeText(data.String())
			}},
		inverted("body.stems", &ix.Body.Stems),
		inverted("body.grams", &ix.Body.Grams),
		inverted("asked.stems", &ix.Asked.Stems),
		inverted("asked.grams", &ix.Asked.Grams),
		learned("topics", &ix.Topics),
		learned("edge", &ix.Edge),
		{"vectors", ix.writeVectors, ix.readVectors},
	}
}

func (ix *Index) writeVectors(w io.Writer) error {
	buf := make([]byte, 0, 4*ix.dim)
	for i := 0; i < len(ix.flat); i += ix.dim {
		buf = buf[:0]
		for _, x := range ix.flat[i : i+ix.dim] {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(x))
		}
		if _, err := w.Write(buf); err != nil {
			return err
		}
	}
	return nil
}

func (ix *Index) readVectors(r *sumReader, p part) error {
	if p.Size != int64(len(ix.Passages))*int64(ix.dim)*4 {
		return fmt.Errorf("%w: vectors do not fit the passages", ErrDamaged)
	}
	ix.flat = make([]float32, len(ix.Passages)*ix.dim)
	buf := make([]byte, 4*ix.dim)
	for i := 0; i < len(ix.flat); i += ix.dim {
		if _, err := io.ReadFull(r, buf); err != nil {
			return err
		}
		for j := range ix.dim {
			ix.flat[i+j] = math.Float32frombits(binary.LittleEndian.Uint32(buf[4*j:]))
		}
	}
	return nil
}

// Wanted is the manifest a generation must have to be used with this embedder and corpus (by fingerprint).
func Wanted(e embed.Embedder, fingerprint string) Manifest {
	return WantedOf(e.ID(), fingerprint)
}

// WantedOf is Wanted for the embedder with an id.
func WantedOf(id, fingerprint string) Manifest {
	return Manifest{Format: format, Analyser: danish.Version, Embedder: id, Corpus: fingerprint}
}

// Open reads a generation and checks every byte of it. It returns ErrStale if it is not the wanted one and ErrDamaged if
// it is not whole; a missing file is fs.ErrNotExist.
func Open(ctx context.Context, file string, want Manifest, opt Options) (*Index, error) {
	return openIn(ctx, disk.Real{}, file, want, opt)
}

func openIn(ctx context.Context, fsys disk.FS, file string, want Manifest, opt Options) (*Index, error) {
	ix, err := open(fsys, file, want.Accepts)
	if err == nil {
		err = ix.finish(ctx, opt)
	}
	if err != nil {
		return nil, fmt.Errorf("open generation: %w", err)
	}
	return ix, nil
}

// Verify reads a generation, whichever it is, and checks every byte. The manifest says what it was made from; it is ErrStale if it is of
// another file format, which cannot be checked further, and ErrDamaged if it is not whole.
func Verify(file string) (m Manifest, err error) {
	_, err = open(disk.Real{}, file, func(have Manifest) error {
		m = have
		if have.Format != format {
			return fmt.Errorf("%w: file format %d, not %d", ErrStale, have.Format, format)
		}
		return nil
	})
	if err != nil {
		return m, fmt.Errorf("verify generation: %w", err)
	}
	return m, nil
}

// ManifestOf reads what a generation was made from and nothing else of it. The errors are those of Open.
func ManifestOf(file string) (Manifest, error) {
	f, err := openFile(disk.Real{}, file)
	if err != nil {
		return Manifest{}, fmt.Errorf("read manifest: %w", err)
	}
	defer f.Close()
	t, _, err := readTable(f, f.Size())
	if err != nil {
		return Manifest{}, fmt.Errorf("read manifest: %w", err)
	}
	return t.Manifest, nil
}

// Accepts is nil if a generation found on disk is the wanted one, and otherwise ErrStale with what differs.
func (m Manifest) Accepts(have Manifest) error {
	switch {
	case have.Format != m.Format:
		return fmt.Errorf("%w: file format %d, not %d", ErrStale, have.Format, m.Format)
	case have.Analyser != m.Analyser:
		return fmt.Errorf("%w: language analysis %s, not %s", ErrStale, have.Analyser, m.Analyser)
	case have.Embedder != m.Embedder:
		return fmt.Errorf("%w: embedder %s, not %s", ErrStale, have.Embedder, m.Embedder)
	case have.Corpus != m.Corpus:
		return fmt.Errorf("%w: the corpus has changed", ErrStale)
	}
	return nil
}

// vectorsServe is ErrStale for a manifest found on disk whose vectors are no use for this one.
func (m Manifest) vectorsServe(have Manifest) error {
	if have.Format != m.Format || have.Embedder != m.Embedder {
		return ErrStale
	}
	return nil
}

// openFile opens a generation's file. What is in its place and is no file is ErrDamaged.
func openFile(fsys disk.FS, name string) (disk.File, error) {
	f, err := fsys.Open(name)
	if errors.Is(err, disk.ErrNotFile) {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return f, err
}

// open reads and checks a file; usable may refuse it by its manifest before the rest is read.
func open(fsys disk.FS, file string, usable func(Manifest) error) (*Index, error) {
	f, err := openFile(fsys, file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	t, end, err := readTable(f, f.Size())
	if err != nil {
		return nil, err
	}
	if err := usable(t.Manifest); err != nil {
		return nil, err
	}
	ix := &Index{Manifest: t.Manifest}
	codecs := ix.parts()
	if len(codecs) != len(t.Parts) {
		return nil, fmt.Errorf("%w: %d parts, not %d", ErrDamaged, len(t.Parts), len(codecs))
	}
	at := int64(len(magic))
	var g errgroup.Group // the parts after the text are read side by side
	for i, c := range codecs {
		p, from := t.Parts[i], at
		if p.Name != c.name || p.Size < 0 || p.Size > end-at {
			err = fmt.Errorf("%w: part %q", ErrDamaged, p.Name)
			break
		}
		at += p.Size
		if i > 0 {
			g.Go(func() error { return readPart(f, from, p, c) })
			continue
		}
		if err := readPart(f, from, p, c); err != nil {
			return nil, err
		}
		g.Go(func() error { ix.splitter = danish.NewSplitter(ix.Words); return nil })
	}
	if e := g.Wait(); e != nil {
		return nil, e
	}
	switch {
	case err != nil:
		return nil, err
	case at != end:
		return nil, fmt.Errorf("%w: %d bytes between the parts and their table", ErrDamaged, end-at)
	case ix.Edge.Classes() != 0 && ix.Edge.Classes() != edges, ix.Topics.Classes() != 0 && ix.Topics.Classes() != len(ix.sections()),
		ix.Body.Stems.Len() != len(ix.Passages) || ix.Body.Grams.Len() != len(ix.Passages),
		ix.Asked.Stems.Len() != len(ix.Questions) || ix.Asked.Grams.Len() != len(ix.Questions):
		return nil, fmt.Errorf("%w: parts do not fit each other", ErrDamaged)
	}
	return ix, nil
}

func readPart(f io.ReaderAt, at int64, p part, c partCodec) error {
	s := &sumReader{r: bufio.NewReaderSize(io.NewSectionReader(f, at, p.Size), int(min(p.Size, 1<<18)))}
	if err := c.read(s, p); err != nil {
		return fmt.Errorf("%w: part %s: %w", ErrDamaged, p.Name, err)
	}
	return s.check(p)
}

// readTable returns the table and where it begins.
func readTable(f io.ReaderAt, size int64) (t table, at int64, err error) {
	head := make([]byte, len(magic))
	if size < int64(len(magic)+tailBytes) {
		return t, 0, fmt.Errorf("%w: only %d bytes", ErrDamaged, size)
	}
	tail := make([]byte, tailBytes)
	if _, err := f.ReadAt(head, 0); err != nil {
		return t, 0, err
	}
	if _, err := f.ReadAt(tail, size-int64(tailBytes)); err != nil {
		return t, 0, err
	}
	if string(head) != magic || string(tail[12:]) != magic {
		return t, 0, fmt.Errorf("%w: beginning or end missing", ErrDamaged)
	}
	n := binary.LittleEndian.Uint64(tail)
	if n > maxTable || int64(n) > size-int64(len(magic)+tailBytes) {
		return t, 0, fmt.Errorf("%w: table of %d bytes", ErrDamaged, n)
	}
	text := make([]byte, n)
	at = size - int64(tailBytes) - int64(n)
	if _, err := f.ReadAt(text, at); err != nil {
		return t, 0, err
	}
	if crc32.Checksum(text, castagnoli) != binary.LittleEndian.Uint32(tail[8:]) {
		return t, 0, fmt.Errorf("%w: checksum of the table", ErrDamaged)
	}
	if err := json.Unmarshal(text, &t); err != nil {
		return t, 0, fmt.Errorf("%w: table: %w", ErrDamaged, err)
	}
	return t, at, nil
}

// sumReader counts and sums what passes through.
type sumReader struct {
	r   io.Reader
	n   int64
	crc uint32
}

func (s *sumReader) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.n += int64(n)
	s.crc = crc32.Update(s.crc, castagnoli, p[:n])
	return n, err
}

// check compares what was read with the table.
func (s *sumReader) check(p part) error {
	if s.n != p.Size || s.crc != p.CRC {
		return fmt.Errorf("%w: checksum of part %s", ErrDamaged, p.Name)
	}
	return nil
}

// missing reports whether the error says that there is no file yet.
func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
