package workspace

import (
	"maps"
	"slices"
	"time"

	"kildesvar/internal/workspace/delivery"
)

// Call is one call of the Web API, or of a response URL (method "response_url").
type Call struct {
	Method string
	At     time.Time
	Args   map[string]string // without the token; lists and objects as JSON
	Status int               // of HTTP; 0 when the connection was reset
	Error  string            // Slack's error string, empty when ok
}

// Problem is something the app sent that Slack would refuse, drop or silently ignore.
type Problem struct {
	Where string // method or kind of payload
	What  string
	At    time.Time
}

// Delivery is the record of one envelope to the app.
type Delivery = delivery.Delivery

// Status is a status line in a thread ("leder i kilderne …").
type Status struct {
	Channel, Thread, Text string
	Loading               []string
	At, Until             time.Time
	Cleared               bool // by a post or an empty text
}

// Prompts are the suggestions of the agent's start page.
type Prompts struct {
	Title   string
	Prompts []Prompt
}

// Prompt is one suggestion.
type Prompt struct {
	Title   string `json:"title"`
	Message string `json:"message"`
}

func (w *Workspace) problem(where, what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.problemLocked(where, what)
}

func (w *Workspace) problemLocked(where, what string) {
	w.problems = append(w.problems, Problem{where, what, w.o.Now()})
	w.log.Warn("app problem", "where", where, "what", what)
	w.touchLocked()
}

// Messages are all messages of a channel, replies too, oldest first.
func (w *Workspace) Messages(channel string) []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	return copies(w.messages[channel])
}

// Thread is a root with its replies, oldest first.
func (w *Workspace) Thread(channel, ts string) []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	root := w.find(channel, ts)
	if root == nil {
		return nil
	}
	return copies(append([]*Message{root}, w.replies(root)...))
}

// Ephemerals are the ephemeral messages a user sees, oldest first.
func (w *Workspace) Ephemerals(user string) []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	var mine []*Message
	for _, m := range w.ephemerals {
		if m.For == user {
			mine = append(mine, m)
		}
	}
	return copies(mine)
}

func copies(in []*Message) []Message {
	out := make([]Message, len(in))
	for i, m := range in {
		out[i] = m.copy()
	}
	return out
}

// Views are the open modals of a user, root first.
func (w *Workspace) Views(user string) []View {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []View
	for _, id := range w.stacks[user] {
		out = append(out, w.views[id].copy())
	}
	return out
}

// HomeView is what the app published on a user's App Home.
func (w *Workspace) HomeView(user string) (View, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	v := w.homes[user]
	if v == nil {
		return View{}, false
	}
	return v.copy(), true
}

// Statuses are all status lines ever set, oldest first.
func (w *Workspace) Statuses() []Status {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.statuses)
}

// SuggestedPrompts are the suggestions of a DM (thread empty) or of a legacy assistant thread.
func (w *Workspace) SuggestedPrompts(channel, thread string) Prompts {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.prompts[channel+"/"+thread]
	p.Prompts = slices.Clone(p.Prompts)
	return p
}

// SessionStatus is the agent session's status (processing, active, suspended, closed) in a thread; empty without a session.
func (w *Workspace) SessionStatus(channel, thread string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sessions[channel+"/"+thread]
}

// Title is the title of a thread of the assistant.
func (w *Workspace) Title(channel, thread string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.titles[channel+"/"+thread]
}

// Calls are the calls of a method, oldest first; all calls for "".
func (w *Workspace) Calls(method string) []Call {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []Call
	for _, c := range w.calls {
		if method == "" || c.Method == method {
			out = append(out, c)
		}
	}
	return out
}

// Deliveries are all envelopes so far, with their attempts and acknowledgements.
func (w *Workspace) Deliveries() []Delivery { return w.courier.Deliveries() }

// Forget is for runs so long that memory would not hold all they did: it returns the envelopes that are settled, as Deliveries does, and
// drops them, all calls, past status lines and ended streams. Messages stay.
func (w *Workspace) Forget() []Delivery {
	w.mu.Lock()
	w.calls = nil
	w.statuses = slices.DeleteFunc(w.statuses, func(s Status) bool { return s.Cleared || w.o.Now().After(s.Until) })
	maps.DeleteFunc(w.streams, func(_ string, s *stream) bool { return s.over && !s.stopped })
	w.mu.Unlock()
	return w.courier.Forget()
}

// Pending counts envelopes neither acknowledged nor given up.
func (w *Workspace) Pending() int { return w.courier.Pending() }

// Problems are everything invalid the app ever sent.
func (w *Workspace) Problems() []Problem {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.problems)
}
