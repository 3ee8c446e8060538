package workspace

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"kildesvar/internal/workspace/blockkit"
)

// stream is the state of a message that is being written.
type stream struct {
	began, last time.Time
	over        bool
	stopped     bool // by the user
	text        strings.Builder
	plan        string
	extra       []json.RawMessage // blocks from chunks
}

// chunk is a piece of a stream.
type chunk struct {
	Type    string            `json:"type"`
	Text    string            `json:"text"`
	ID      string            `json:"id"`
	Title   string            `json:"title"`
	Status  string            `json:"status"`
	Details string            `json:"details"`
	Output  string            `json:"output"`
	Blocks  []json.RawMessage `json:"blocks"`
}

// Chunk texts other than markdown are at most this long (measured).
const maxChunkText = 256

// live is the open stream of a message, nil when it has none or it has expired.
func (w *Workspace) live(m *Message) *stream {
	s := w.streams[m.Channel+"/"+m.TS]
	if s == nil || s.over {
		return nil
	}
	now := w.o.Now()
	if now.Sub(s.last) > w.o.StreamIdle || now.Sub(s.began) > w.o.StreamLife {
		w.endStream(m, s)
		return nil
	}
	return s
}

func (w *Workspace) endStream(m *Message, s *stream) {
	s.over, m.Streaming = true, false
	w.touchLocked()
}

func (w *Workspace) startStream(a args) (reply, error) {
	c, err := w.place(a["channel"])
	if err != nil {
		return nil, err
	}
	if c.IM == "" && a["recipient_user_id"] == "" {
		return nil, refuse("missing_recipient_user_id")
	}
	if c.IM == "" && a["recipient_team_id"] == "" {
		return nil, refuse("missing_recipient_team_id")
	}
	if id := a["recipient_team_id"]; id != "" && id != w.o.TeamID {
		return nil, refuse("team_not_found")
	}
	if id := a["recipient_user_id"]; id != "" && w.users[id] == nil {
		return nil, refuse("user_not_found")
	}
	if mode := a["task_display_mode"]; mode != "" && mode != "timeline" && mode != "plan" && mode != "dense" {
		return nil, refuse("invalid_arguments")
	}
	if c.IM != "" && a["thread_ts"] == "" {
		return nil, refuse("invalid_thread_ts") // streams at the top level are for channels only
	}
	thread, err := w.thread(c, a["thread_ts"])
	if err != nil {
		return nil, err
	}
	m := &Message{Channel: c.ID, Thread: thread, User: w.o.BotUser, Bot: true, Streaming: true, Recipient: a["recipient_user_id"]}
	s := &stream{began: w.o.Now(), last: w.o.Now()}
	if err := w.absorb(m, s, a, false); err != nil {
		return nil, err
	}
	w.render(m, s, nil)
	m.First = m.Blocks
	w.publish(c, m)
	w.streams[c.ID+"/"+m.TS] = s
	if !w.o.Legacy {
		w.sessions[c.ID+"/"+m.root()] = "processing"
	}
	return reply{"channel": c.ID, "ts": m.TS}, nil
}

// streaming finds the open stream a call names.
func (w *Workspace) streaming(a args) (*Channel, *Message, *stream, error) {
	c, m, err := w.own(a, "message_not_owned_by_app")
	if err != nil {
		return nil, nil, nil, err
	}
	if s := w.streams[c.ID+"/"+m.TS]; s != nil && s.stopped {
		return nil, nil, nil, refuse("stopped_by_user")
	}
	s := w.live(m)
	if s == nil {
		return nil, nil, nil, refuse("message_not_in_streaming_state")
	}
	return c, m, s, nil
}

func (w *Workspace) appendStream(a args) (reply, error) {
	c, m, s, err := w.streaming(a)
	if err != nil {
		return nil, err
	}
	if err := w.absorb(m, s, a, true); err != nil {
		return nil, err
	}
	s.last = w.o.Now()
	w.render(m, s, nil)
	return reply{"channel": c.ID, "ts": m.TS}, nil
}

func (w *Workspace) stopStream(a args) (reply, error) {
	c, m, s, err := w.streaming(a)
	if err != nil {
		return nil, err
	}
	status := a["session_status"]
	orElse(&status, "active")
	if !sessionStatus[status] {
		return nil, refuse("invalid_arguments")
	}
	var last json.RawMessage
	if b := a["blocks"]; b != "" && b != "[]" {
		if err := checked(blockkit.Message([]byte(b))); err != nil {
			return nil, err
		}
		last = json.RawMessage(b)
	}
	if err := w.absorb(m, s, a, false); err != nil {
		return nil, err
	}
	w.change(c, m, func() {
		w.render(m, s, last)
		if a["metadata"] != "" {
			m.Metadata = json.RawMessage(a["metadata"])
		}
		w.endStream(m, s)
	})
	if !w.o.Legacy {
		w.sessions[c.ID+"/"+m.root()] = status
	}
	return reply{"channel": c.ID, "ts": m.TS, "message": w.messageJSON(m)}, nil
}

// absorb takes the new text and chunks of a call. Nothing changes when one of them is refused.
func (w *Workspace) absorb(m *Message, s *stream, a args, must bool) error {
	md, raw := a["markdown_text"], a["chunks"]
	if md != "" && raw != "" {
		return refuse("cannot_provide_both_markdown_text_and_chunks")
	}
	if must && md == "" && raw == "" {
		return refuse("no_text")
	}
	if utf8.RuneCountInString(md) > maxMarkdown {
		return refuse("msg_too_long")
	}
	var chunks []chunk
	if raw != "" && json.Unmarshal([]byte(raw), &chunks) != nil {
		return refuse("invalid_chunks")
	}
	for _, c := range chunks {
		if err := c.check(); err != nil {
			return err
		}
	}
	s.text.WriteString(md)
	for _, c := range chunks {
		switch c.Type {
		case "markdown_text":
			s.text.WriteString(c.Text)
		case "plan_update":
			s.plan = c.Title
		case "blocks":
			s.extra = append(s.extra, c.Blocks...)
		case "task_update":
			m.step(c)
		}
	}
	return nil
}

func (c chunk) check() error {
	switch c.Type {
	case "markdown_text":
		if utf8.RuneCountInString(c.Text) > maxMarkdown {
			return refuse("msg_too_long")
		}
		return nil
	case "task_update":
		known := map[string]bool{"": true, "pending": true, "in_progress": true, "complete": true, "error": true}
		if c.ID == "" || c.Title == "" || !known[c.Status] || utf8.RuneCountInString(c.Title) > maxChunkText {
			return refuse("invalid_chunks")
		}
		return nil
	case "plan_update":
		if c.Title == "" || utf8.RuneCountInString(c.Title) > maxChunkText {
			return refuse("invalid_chunks")
		}
		return nil
	case "blocks":
		b, err := json.Marshal(c.Blocks)
		if err != nil || len(c.Blocks) == 0 {
			return refuse("invalid_chunks")
		}
		return checked(blockkit.Message(b))
	}
	return refuse("invalid_chunks")
}

// step shows a task or its progress: title and status replace, details and output are added to.
func (m *Message) step(c chunk) {
	for i := range m.Tasks {
		if t := &m.Tasks[i]; t.ID == c.ID {
			t.Title, t.Details, t.Output = c.Title, t.Details+c.Details, t.Output+c.Output
			if c.Status != "" {
				t.Status = c.Status
			}
			return
		}
	}
	orElse(&c.Status, "pending")
	m.Tasks = append(m.Tasks, Task{c.ID, c.Title, c.Status, c.Details, c.Output})
}

// render makes the message's text and blocks from its stream.
func (w *Workspace) render(m *Message, s *stream, last json.RawMessage) {
	m.Text = s.text.String()
	var blocks []any
	if m.Text != "" {
		blocks = append(blocks, map[string]any{"type": "markdown", "text": m.Text})
	}
	for _, b := range s.extra {
		blocks = append(blocks, b)
	}
	var more []any
	_ = json.Unmarshal(last, &more) // checked by the caller
	raw, err := json.Marshal(append(blocks, more...))
	if err != nil || len(blocks)+len(more) == 0 {
		return
	}
	m.Blocks = w.withIDs(raw)
	w.touchLocked()
}
