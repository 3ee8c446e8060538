package workspace

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// trigger is a trigger_id: the right to open one view, for a moment.
type trigger struct {
	user string
	view string // the open modal in which it arose, for views.push
	made time.Time
	used bool
}

func (w *Workspace) newTrigger(user, view string) string {
	id := w.id("", 13) + "." + w.id("", 12) + "." + w.id("", 20)
	w.triggers[id] = &trigger{user: user, view: view, made: w.o.Now()}
	return id
}

// redeem uses a trigger up.
func (w *Workspace) redeem(id string) (*trigger, error) {
	t := w.triggers[id]
	switch {
	case t == nil:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case w.o.Now().Sub(t.made) > w.o.TriggerFor:
		return nil, refuse("expired_trigger_id")
	}
	t.used = true
	return t, nil
}

// Uses and life of a response_url.
const (
	hookPosts = 5
	hookLife  = 30 * time.Minute
)

// hook is a response_url.
type hook struct {
	id      string
	user    string
	channel *Channel
	origin  *Message // what was clicked; nil for commands and shortcuts
	made    time.Time
	posts   int
}

func (w *Workspace) newHook(user string, c *Channel, origin *Message) *hook {
	h := &hook{id: w.id("", 24), user: user, channel: c, origin: origin, made: w.o.Now()}
	w.hooks[h.id] = h
	return h
}

func (w *Workspace) hookURL(h *hook) string {
	return w.baseURL + "/actions/" + w.o.TeamID + "/" + h.id
}

// serveHook takes a post to a response_url.
func (w *Workspace) serveHook(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return
	}
	a := args{}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "application/x-www-form-urlencoded" {
		if v, err := url.ParseQuery(string(body)); err == nil {
			body = []byte(v.Get("payload"))
		}
	}
	call := Call{Method: "response_url", At: w.o.Now(), Args: a, Status: http.StatusOK}
	fault := w.fault(call.Method)
	if !sleep(r, fault.Delay) {
		return
	}
	if fault.Status != 0 {
		w.breakDown(rw, call, fault)
		return
	}
	if err = jsonArgs(body, a); err == nil && fault.Error != "" {
		err = refuse(fault.Error)
	}
	if err == nil {
		err = w.useHook(r.PathValue("id"), a)
	}
	if !sleep(r, fault.Slow) {
		return
	}
	if fault.Reset {
		call.Status = 0
		w.note(call, err)
		cut(rw)
		return
	}
	if err != nil {
		call.Status = http.StatusNotFound
	}
	w.answer(rw, call, nil, err)
}

func (w *Workspace) useHook(id string, a args) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	h := w.hooks[id]
	switch {
	case h == nil:
		return refuse("invalid_url")
	case w.o.Now().Sub(h.made) > hookLife:
		return refuse("expired_url")
	case h.posts >= hookPosts:
		return refuse("used_url")
	}
	h.posts++
	return w.respond(h, a)
}

// answerTo applies what a slash command was acknowledged with: a message, as JSON or plain text. It says what was wrong.
func (w *Workspace) answerTo(h *hook, body []byte) string {
	if len(strings.TrimSpace(string(body))) == 0 || string(body) == "{}" {
		return ""
	}
	a := args{}
	if !json.Valid(body) {
		a["text"] = string(body)
	} else if err := jsonArgs(body, a); err != nil {
		return err.Error()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.respond(h, a); err != nil {
		return err.Error()
	}
	return ""
}

// respond does what a response asks: replace or delete what was clicked, or say something to the user or the channel.
func (w *Workspace) respond(h *hook, a args) error {
	defer w.touchLocked()
	if a.truth("delete_original", false) && h.origin != nil {
		return w.eraseOrigin(h)
	}
	text, blocks, err := w.content(a)
	if err != nil {
		return err
	}
	if a.truth("replace_original", false) && h.origin != nil {
		return w.replaceOrigin(h, text, blocks)
	}
	thread, err := w.thread(h.channel, a["thread_ts"])
	if err != nil {
		return err
	}
	m := &Message{Channel: h.channel.ID, Thread: thread, User: w.o.BotUser, Bot: true, Text: text, Blocks: blocks, Unfurl: a.truth("unfurl_links", true)}
	switch a["response_type"] {
	case "in_channel":
		w.publish(h.channel, m)
	case "", "ephemeral":
		m.TS, m.For = w.ts(), h.user
		w.ephemerals = append(w.ephemerals, m)
	default:
		return refuse("invalid_arguments")
	}
	return nil
}

func (w *Workspace) eraseOrigin(h *hook) error {
	if h.origin.For == "" {
		if w.find(h.channel.ID, h.origin.TS) == nil {
			return refuse("message_not_found")
		}
		w.erase(h.channel, h.origin)
		return nil
	}
	for i, m := range w.ephemerals {
		if m == h.origin {
			w.ephemerals = append(w.ephemerals[:i], w.ephemerals[i+1:]...)
			return nil
		}
	}
	return refuse("message_not_found")
}

func (w *Workspace) replaceOrigin(h *hook, text string, blocks json.RawMessage) error {
	alter := func() { h.origin.Text, h.origin.Blocks = text, blocks }
	if h.origin.For != "" {
		if w.findEphemeral(h.user, h.channel.ID, h.origin.TS) == nil {
			return refuse("message_not_found")
		}
		alter()
		return nil
	}
	if w.find(h.channel.ID, h.origin.TS) == nil {
		return refuse("message_not_found")
	}
	w.change(h.channel, h.origin, func() {
		alter()
		h.origin.Edited = true
	})
	return nil
}
