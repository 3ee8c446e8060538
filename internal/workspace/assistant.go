package workspace

import (
	"encoding/json"
	"unicode/utf8"
)

// sessionStatus are the states of an agent session.
var sessionStatus = map[string]bool{"processing": true, "active": true, "suspended": true, "closed": true}

// inThread is the channel and root which a call about a thread names.
func (w *Workspace) inThread(a args) (*Channel, string, error) {
	c, err := w.place(a["channel_id"])
	if err != nil {
		return nil, "", err
	}
	if w.find(c.ID, a["thread_ts"]) == nil {
		return nil, "", refuse("invalid_thread_ts")
	}
	return c, a["thread_ts"], nil
}

func (w *Workspace) setStatus(a args) (reply, error) {
	c, thread, err := w.inThread(a)
	if err != nil {
		return nil, err
	}
	var loading []string
	if l := a["loading_messages"]; l != "" {
		if json.Unmarshal([]byte(l), &loading) != nil {
			loading = []string{l} // one, as a form field
		}
		if len(loading) > 10 {
			return nil, &apiError{code: "invalid_arguments", messages: []string{"[ERROR] no more than 10 items allowed [json-pointer:/loading_messages]"}}
		}
	}
	w.clearStatus(c.ID, thread)
	now := w.o.Now()
	w.statuses = append(w.statuses, Status{Channel: c.ID, Thread: thread, Text: a["status"], Loading: loading, At: now, Until: now.Add(w.o.StatusFor), Cleared: a["status"] == ""})
	return nil, nil
}

// clearStatus ends the status line of a thread.
func (w *Workspace) clearStatus(channel, thread string) {
	for i := range w.statuses {
		if s := &w.statuses[i]; s.Channel == channel && s.Thread == thread {
			s.Cleared = true
		}
	}
}

// status is the line now shown in a thread.
func (w *Workspace) status(channel, thread string) string {
	for i := len(w.statuses) - 1; i >= 0; i-- {
		s := w.statuses[i]
		if s.Channel == channel && s.Thread == thread && !s.Cleared && w.o.Now().Before(s.Until) {
			return s.Text
		}
	}
	return ""
}

func (w *Workspace) setPrompts(a args) (reply, error) {
	c, err := w.channelArg(a["channel_id"], false)
	if err != nil {
		return nil, err
	}
	if c.IM == "" {
		return nil, refuse("channel_not_supported")
	}
	var list []Prompt
	if json.Unmarshal([]byte(a["prompts"]), &list) != nil || len(list) == 0 {
		return nil, refuse("invalid_arguments")
	}
	if len(list) > 4 {
		return nil, &apiError{code: "invalid_arguments", messages: []string{"[ERROR] no more than 4 items allowed [json-pointer:/prompts]"}}
	}
	for _, p := range list {
		if p.Title == "" || p.Message == "" {
			return nil, refuse("invalid_arguments")
		}
	}
	thread := a["thread_ts"]
	switch {
	case w.o.Legacy && w.find(c.ID, thread) == nil:
		return nil, refuse("invalid_thread_ts")
	case !w.o.Legacy && thread != "": // Slack says ok and shows nothing
		w.problemLocked("assistant.threads.setSuggestedPrompts", "thread_ts in an agent_view app: the prompts are silently ignored")
		return nil, nil
	}
	w.prompts[c.ID+"/"+thread] = Prompts{a["title"], list}
	return nil, nil
}

func (w *Workspace) setTitle(a args) (reply, error) {
	c, thread, err := w.inThread(a)
	if err != nil {
		return nil, err
	}
	if a["title"] == "" {
		return nil, refuse("invalid_arguments")
	}
	w.titles[c.ID+"/"+thread] = a["title"]
	return nil, nil
}

func (w *Workspace) setSession(a args) (reply, error) {
	if w.o.Legacy || !w.scoped("assistant:write") {
		return nil, refuse("not_authorized")
	}
	c, thread, err := w.inThread(a)
	if err != nil {
		return nil, err
	}
	status := a["status"]
	if !sessionStatus[status] || utf8.RuneCountInString(a["title"]) > 255 {
		return nil, refuse("invalid_arguments")
	}
	key := c.ID + "/" + thread
	if _, exists := w.sessions[key]; !exists && a["title"] != "" {
		w.titles[key] = a["title"]
	}
	w.sessions[key] = status
	return reply{"status": status, "agent_status": status, "title": w.titles[key]}, nil
}

func (w *Workspace) renameSession(a args) (reply, error) {
	if w.o.Legacy {
		return nil, refuse("not_authorized")
	}
	c, thread, err := w.inThread(a)
	if err != nil {
		return nil, err
	}
	key := c.ID + "/" + thread
	if _, exists := w.sessions[key]; !exists {
		return nil, refuse("session_not_found")
	}
	if a["title"] == "" {
		return nil, refuse("invalid_arguments")
	}
	w.titles[key] = a["title"]
	return reply{"title": a["title"]}, nil
}
