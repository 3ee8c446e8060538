package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kildesvar/internal/journal/sqlitefile"
)

// Errors on which callers branch.
var (
	// ErrState says that a transition is not allowed: the lease was lost, or the question is not in a state that has it. Whoever gets it
	// leaves the question alone (and takes back what was posted for it, if the question was withdrawn).
	ErrState = errors.New("not in a state that allows this")
	// ErrNotFound says that there is no such question, answer, escalation or reply; it may have been forgotten.
	ErrNotFound = errors.New("not found")
	// ErrNone says that there is nothing to claim now.
	ErrNone = errors.New("nothing is due")
	// ErrDamaged says that the file is not a sound database.
	ErrDamaged = sqlitefile.ErrDamaged
	// ErrReadOnly says that the journal cannot be written.
	ErrReadOnly = sqlitefile.ErrReadOnly
	// ErrFull says that there is no room on the disk.
	ErrFull = sqlitefile.ErrFull
	// ErrIO says that the disk answered with an error: it may be full, or failing.
	ErrIO = sqlitefile.ErrIO
	// ErrNewer says that a newer program has written the file.
	ErrNewer = errors.New("written by a newer version of the program; use that version, or a backup from before it")
)

// Surface is where a question was asked.
type Surface string

// The surfaces. Slash commands and shortcuts are answered privately; their questions are not messages of their own.
const (
	Mention  Surface = "mention"
	DM       Surface = "dm"
	Pane     Surface = "pane"
	Slash    Surface = "slash"
	Shortcut Surface = "shortcut"
	Followup Surface = "followup"
)

// surfaces are all surfaces and whether the question is itself a message at (channel, ts).
var surfaces = map[Surface]bool{Mention: true, DM: true, Pane: true, Followup: true, Slash: false, Shortcut: false}

// Status is how far a question has come.
type Status string

// The statuses; see the package comment for the ways between them. Answered and Declined are final, Failed is when DueAt is zero.
const (
	Received Status = "received"
	Working  Status = "working"
	Posting  Status = "posting"
	Answered Status = "answered"
	Failed   Status = "failed"
	Declined Status = "declined"
)

// Delivery is a question as it arrived. It needs at least one of the keys EventID, (Channel, TS) and ClientMsgID.
type Delivery struct {
	App, Team string
	EventID   string // what redeliveries share; for slash commands, shortcuts and buttons the trigger id
	// ClientMsgID is what the sender's program gave the message; a message sent again has the same one and another TS. May be empty.
	ClientMsgID string
	Channel     string
	ThreadTS    string // empty: the question is no reply, TS is taken as its thread
	TS          string // of the question's message. For slash commands and shortcuts it is no key and may be empty; for buttons leave it empty
	User        string
	Surface     Surface
	Text        string          // already masked
	Context     json.RawMessage // whatever the front end needs for the answer, such as the end of a response_url; may be nil
}

// Place is where a message stands. The zero Place is nowhere.
type Place struct{ Channel, TS string }

// Answer is what is kept of an answer. While the question is in Posting it is what was about to be posted.
type Answer struct {
	JSON    json.RawMessage // whatever the front end needs for buttons; nil: none yet
	Plain   string          // the answer as plain text, for the history of the thread; empty: no part of the history
	Outcome string          // one of a few words for the metrics, such as "answer", "refusal", "apology"
	Place   Place           // zero: not posted, or only visible to the asker
	Facts   *Facts          // what it stands on; nil: nothing, it is a notice
}

// Question is a recorded question. Its id is also its answer's id.
type Question struct {
	ID                                string // 26 characters, sorts by time of receipt
	Team, Channel, ThreadTS, TS, User string
	Surface                           Surface
	Text                              string
	Context                           json.RawMessage
	ReceivedAt                        time.Time
	Status                            Status
	DueAt                             time.Time // when it may be claimed (again): end of lease, next try; zero: never
	Attempts                          int       // how often it was claimed, also by processes that died
	LastError                         string
	Nonce                             string // not empty: may have been posted, look for the nonce first
	Answer                            Answer
	AnsweredAt                        time.Time // zero: not answered
}

// Lease is a worker's right to a question. Fence makes it void as soon as anybody else has claimed the question.
type Lease struct {
	ID    string
	Fence int64
	Until time.Time
}

// Turn is a question with its answer in a thread's history.
type Turn struct {
	ID, User, Question, Answer string
	At                         time.Time
}

// columns are what scan reads.
const columns = `id, team, channel, thread_ts, ts, asker, surface, question, context, received_at, status, due_at, attempts, error,
	nonce, answer, plain, outcome, place_channel, place_ts, answered_at, facts, fence`

// row is a *sql.Row or *sql.Rows.
type row interface{ Scan(...any) error }

// scan reads columns; the number is the fence.
func scan(r row) (Question, int64, error) {
	var q Question
	var raw, answer, facts string
	var received, due, answered, fence int64
	a := &q.Answer
	err := r.Scan(&q.ID, &q.Team, &q.Channel, &q.ThreadTS, &q.TS, &q.User, &q.Surface, &q.Text, &raw, &received, &q.Status, &due,
		&q.Attempts, &q.LastError, &q.Nonce, &answer, &a.Plain, &a.Outcome, &a.Place.Channel, &a.Place.TS, &answered, &facts, &fence)
	if err != nil {
		return Question{}, 0, err
	}
	q.Context, a.JSON = rawJSON(raw), rawJSON(answer)
	if facts != "" {
		if err := json.Unmarshal([]byte(facts), &a.Facts); err != nil {
			return Question{}, 0, fmt.Errorf("facts of %s: %w", q.ID, err)
		}
	}
	q.ReceivedAt, q.DueAt, q.AnsweredAt = fromMicro(received), fromMicro(due), fromMicro(answered)
	return q, fence, nil
}

func rawJSON(s string) json.RawMessage {
	if s == "" {
		return nil
	}
	return json.RawMessage(s)
}

// fromMicro and micro turn a stored time into a time and back; 0 is the zero time.
func fromMicro(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

func micro(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}
