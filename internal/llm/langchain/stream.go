package langchain

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"time"
	"unicode/utf8"

	"kildesvar/internal/llm"
)

// maxLine is the longest line that langchaingo's scanners take in OpenAI's and Anthropic's streams (64 KiB), less what the
// guard may add. Ollama's could be longer; models' pieces are a few bytes.
const maxLine = 60 << 10

// stream gives langchaingo the frames that the guard has understood. It never gives an error, only an end: an error at the
// wrong moment leaves one of langchaingo's goroutines behind, and the record knows better.
type stream struct {
	body  io.ReadCloser
	in    *bufio.Reader
	lines reader
	rec   *record
	idle  time.Duration
	most  int64
	key   string

	timer *time.Timer
	ready []byte // understood, not yet read
	over  bool
	any   bool // there was a line
}

func newStream(body io.ReadCloser, lines reader, rec *record, g *guard) *stream {
	s := &stream{body: body, lines: lines, rec: rec, idle: g.o.Idle, most: g.o.MaxBytes, key: g.key}
	s.in = bufio.NewReader(counter{s})
	return s
}

// counter reads the body within its bounds.
type counter struct{ s *stream }

var errTooLarge = errors.New("too large")

func (c counter) Read(p []byte) (int, error) {
	s := c.s
	if s.most <= 0 {
		return 0, errTooLarge
	}
	if int64(len(p)) > s.most {
		p = p[:s.most]
	}
	n, err := s.body.Read(p)
	s.most -= int64(n)
	if n > 0 && err == nil { // the first byte may take as long as the call: a model reads its prompt first
		if s.timer == nil {
			s.timer = time.AfterFunc(s.idle, func() {
				s.rec.fail(&llm.Error{Kind: llm.ErrTimeout, Detail: "the stream fell silent"})
				s.rec.cancel()
			})
		} else {
			s.timer.Reset(s.idle)
		}
	}
	return n, err
}

// Read gives whole frames, then the end.
func (s *stream) Read(p []byte) (int, error) {
	for len(s.ready) == 0 && !s.over {
		s.next()
	}
	if len(s.ready) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.ready)
	s.ready = s.ready[n:]
	return n, nil
}

// next reads a line.
func (s *stream) next() {
	line, err := s.readLine()
	end := errors.Is(err, io.EOF)
	if len(line) > 0 && (err == nil || end) {
		if s.take(line); s.over {
			return
		}
	}
	switch {
	case err == nil:
		return
	case end && !s.any:
		s.rec.fail(&llm.Error{Kind: llm.ErrMalformed, Detail: "empty answer"})
	case end:
		s.rec.fail(&llm.Error{Kind: llm.ErrUnavailable, Detail: "the stream ended before its end mark"})
	case errors.Is(err, errTooLarge) || errors.Is(err, errLongLine):
		s.rec.fail(&llm.Error{Kind: llm.ErrMalformed, Detail: "the stream or a line of it is too long"})
	default:
		s.rec.broken(err)
	}
	s.finish()
}

var errLongLine = errors.New("long line")

// readLine reads a line of at most maxLine bytes, without its end.
func (s *stream) readLine() ([]byte, error) {
	var line []byte
	for {
		part, err := s.in.ReadSlice('\n')
		if line = append(line, part...); len(line) > maxLine {
			return nil, errLongLine
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimRight(line, "\r\n"), err
		}
	}
}

// take hands a line to the protocol.
func (s *stream) take(line []byte) {
	s.any = true
	if !utf8.Valid(line) {
		s.rec.fail(errNotUTF8())
		s.finish()
		return
	}
	s.rec.mu.Lock()
	pass, done, err := s.lines.line(line)
	if s.rec.ending.err == nil && err == nil && done {
		s.rec.complete = true
	}
	s.rec.mu.Unlock()
	if err != nil {
		s.rec.fail(clean(err, s.key))
		s.finish()
		return
	}
	s.ready = append(s.ready, pass...)
	if done {
		s.finish()
	}
}

func (s *stream) finish() {
	s.over = true
	if s.timer != nil {
		s.timer.Stop()
	}
}

// Close ends the stream. langchaingo may still be reading: that read then ends.
func (s *stream) Close() error {
	return s.body.Close()
}
