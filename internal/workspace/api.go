package workspace

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// args are the arguments of a call; lists and objects are JSON.
type args map[string]string

// reply is what a method answers besides "ok".
type reply map[string]any

// apiError is Slack's refusal.
type apiError struct {
	code     string
	messages []string // response_metadata.messages
	extra    reply
}

func (e *apiError) Error() string { return e.code }

func refuse(code string) error { return &apiError{code: code} }

// method is one method of the Web API. It runs under the workspace's lock.
type method struct {
	run    func(w *Workspace, a args) (reply, error)
	tier   int      // calls a minute: 1 is 1, 2 is 20, 3 is 50, 4 is 100; 0 is special
	scopes []string // any of these; none: any token will do
}

var methods = map[string]method{
	"auth.test":                             {(*Workspace).authTest, 0, nil},
	"bots.info":                             {(*Workspace).botsInfo, 3, []string{"users:read"}},
	"users.info":                            {(*Workspace).usersInfo, 4, []string{"users:read"}},
	"chat.postMessage":                      {(*Workspace).postMessage, 0, []string{"chat:write"}},
	"chat.postEphemeral":                    {(*Workspace).postEphemeral, 4, []string{"chat:write"}},
	"chat.update":                           {(*Workspace).chatUpdate, 3, []string{"chat:write"}},
	"chat.delete":                           {(*Workspace).chatDelete, 3, []string{"chat:write"}},
	"chat.getPermalink":                     {(*Workspace).permalink, 0, nil},
	"chat.startStream":                      {(*Workspace).startStream, 2, []string{"chat:write"}},
	"chat.appendStream":                     {(*Workspace).appendStream, 4, []string{"chat:write"}},
	"chat.stopStream":                       {(*Workspace).stopStream, 2, []string{"chat:write"}},
	"assistant.threads.setStatus":           {(*Workspace).setStatus, 0, []string{"chat:write", "assistant:write"}},
	"assistant.threads.setSuggestedPrompts": {(*Workspace).setPrompts, 4, []string{"assistant:write"}},
	"assistant.threads.setTitle":            {(*Workspace).setTitle, 4, []string{"assistant:write"}},
	"agents.sessions.setStatus":             {(*Workspace).setSession, 3, []string{"chat:write"}},
	"agents.sessions.rename":                {(*Workspace).renameSession, 3, []string{"chat:write"}},
	"conversations.info":                    {(*Workspace).conversationInfo, 3, nil}, // scopes depend on the channel
	"conversations.replies":                 {(*Workspace).conversationReplies, 3, nil},
	"conversations.history":                 {(*Workspace).conversationHistory, 3, nil},
	"conversations.members":                 {(*Workspace).conversationMembers, 4, nil},
	"conversations.list":                    {(*Workspace).conversationList, 2, []string{"channels:read", "groups:read", "im:read", "mpim:read"}},
	"conversations.open":                    {(*Workspace).conversationOpen, 3, []string{"im:write", "mpim:write"}},
	"reactions.add":                         {(*Workspace).addReaction, 3, []string{"reactions:write"}},
	"reactions.remove":                      {(*Workspace).removeReaction, 2, []string{"reactions:write"}},
	"views.open":                            {(*Workspace).openView, 4, nil},
	"views.push":                            {(*Workspace).pushView, 4, nil},
	"views.update":                          {(*Workspace).updateView, 4, nil},
	"views.publish":                         {(*Workspace).publishView, 4, nil},
}

const connectionsOpen = "apps.connections.open"

// serveAPI answers one call: token, fault, scope, rate limit, then the method itself.
func (w *Workspace) serveAPI(rw http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/api/")
	a, token, header, err := readArgs(r)
	call := Call{Method: name, At: w.o.Now(), Args: a, Status: http.StatusOK}
	if err != nil {
		w.answer(rw, call, nil, err)
		return
	}
	fault := w.fault(name)
	if !sleep(r, fault.Delay) {
		return
	}
	if fault.Status != 0 {
		w.breakDown(rw, call, fault)
		return
	}
	if fault.Error != "" {
		w.answer(rw, call, nil, refuse(fault.Error))
		return
	}
	out, err := w.perform(name, a, token, header, r.Host)
	if !sleep(r, fault.Slow) {
		return
	}
	if fault.Reset {
		call.Status = 0
		w.note(call, err)
		cut(rw)
		return
	}
	w.answer(rw, call, out, err)
}

// perform checks the right to call and calls.
func (w *Workspace) perform(name string, a args, token string, header bool, host string) (reply, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.touchLocked()
	if w.server == nil { // mounted in a server of somebody else's
		w.baseURL = "http://" + host
	}
	m, known := methods[name]
	switch {
	case !known && name != connectionsOpen:
		return nil, refuse("unknown_method")
	case token == "" || name == connectionsOpen && !header:
		return nil, refuse("not_authed")
	case token != w.o.AppToken && token != w.o.BotToken:
		return nil, refuse("invalid_auth")
	case (name == connectionsOpen) != (token == w.o.AppToken) && name != "auth.test":
		return nil, refuse("not_allowed_token_type")
	case name == connectionsOpen:
		if w.o.EventsURL != "" {
			return nil, refuse("socket_mode_not_enabled")
		}
		return reply{"url": fmt.Sprintf("ws://%s/link/?ticket=%s&app_id=%s", host, w.courier.Ticket(), w.o.AppID)}, nil
	}
	if err := w.need(m.scopes...); err != nil {
		return nil, err
	}
	if err := w.limit(name, m.tier, a); err != nil {
		return nil, err
	}
	return m.run(w, a)
}

// scoped is whether the app has a scope.
func (w *Workspace) scoped(scope string) bool {
	return w.o.Scopes == nil || slices.Contains(w.o.Scopes, scope)
}

// need refuses a call for which the app has none of the scopes.
func (w *Workspace) need(scopes ...string) error {
	if len(scopes) == 0 || slices.ContainsFunc(scopes, w.scoped) {
		return nil
	}
	return &apiError{code: "missing_scope", extra: reply{"needed": strings.Join(scopes, ","), "provided": strings.Join(w.o.Scopes, ",")}}
}

func (w *Workspace) fault(name string) CallFault {
	w.mu.Lock()
	f := w.o.CallFault
	w.callCount[name]++
	n := w.callCount[name]
	w.mu.Unlock()
	if f == nil {
		return CallFault{}
	}
	return f(name, n)
}

// note records a call, and a problem when Slack refused it for what was in it.
func (w *Workspace) note(c Call, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if e, ok := errors.AsType[*apiError](err); ok {
		c.Error = e.code
		if len(e.messages) > 0 || faulty[e.code] {
			w.problemLocked(c.Method, strings.TrimSpace(e.code+" "+strings.Join(e.messages, "; ")))
		}
	}
	w.calls = append(w.calls, c)
	w.touchLocked()
}

// faulty are refusals that show a mistake in the app, rather than the state of the workspace.
var faulty = map[string]bool{"invalid_arguments": true, "invalid_blocks": true, "invalid_blocks_format": true, "no_text": true, "msg_too_long": true,
	"msg_blocks_too_long": true, "unknown_method": true, "missing_scope": true, "invalid_thread_ts": true, "cannot_reply_to_message": true,
	"missing_recipient_user_id": true, "missing_recipient_team_id": true, "invalid_chunks": true, "json_not_object": true, "invalid_json": true,
	"not_allowed_token_type": true, "not_authed": true, "invalid_trigger_id": true, "exchanged_trigger_id": true, "invalid_name": true}

func (w *Workspace) answer(rw http.ResponseWriter, c Call, out reply, err error) {
	body := reply{"ok": err == nil}
	if e, ok := errors.AsType[*apiError](err); ok {
		for k, v := range e.extra {
			body[k] = v
		}
		body["error"] = e.code
		if len(e.messages) > 0 {
			body["response_metadata"] = map[string]any{"messages": e.messages}
		}
		if e.code == "ratelimited" {
			c.Status = http.StatusTooManyRequests
			rw.Header().Set("Retry-After", fmt.Sprint(e.extra["retry_after"]))
			delete(body, "retry_after")
		}
	}
	for k, v := range out {
		body[k] = v
	}
	w.note(c, err)
	if w.o.Scopes != nil {
		rw.Header().Set("X-OAuth-Scopes", strings.Join(w.o.Scopes, ","))
	}
	writeJSON(rw, c.Status, body)
}

func writeJSON(rw http.ResponseWriter, status int, v any) {
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.WriteHeader(status)
	_ = json.NewEncoder(rw).Encode(v) // the reader may be gone
}

// breakDown answers with an HTTP error as a broken or busy Slack would.
func (w *Workspace) breakDown(rw http.ResponseWriter, c Call, f CallFault) {
	c.Status = f.Status
	if f.Status == http.StatusTooManyRequests {
		rw.Header().Set("Retry-After", strconv.Itoa(max(1, f.RetryAfter)))
		w.note(c, refuse("ratelimited"))
		writeJSON(rw, f.Status, reply{"ok": false, "error": "ratelimited"})
		return
	}
	w.note(c, refuse("internal_error"))
	http.Error(rw, "<html><body>upstream error</body></html>", f.Status)
}

// cut resets the connection without an answer.
func cut(rw http.ResponseWriter) {
	h, ok := rw.(http.Hijacker)
	if !ok {
		return
	}
	conn, _, err := h.Hijack()
	if err != nil {
		return
	}
	if t, ok := conn.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	_ = conn.Close()
}

// sleep waits; false when the caller went away.
func sleep(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// readArgs takes arguments and token from query, form, JSON body and Authorization header. A token in a JSON body does not count.
func readArgs(r *http.Request) (a args, token string, header bool, err error) {
	a = args{}
	body, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	if err != nil {
		return a, "", false, refuse("request_timeout")
	}
	take := func(v url.Values) {
		for name := range v {
			a[name] = v.Get(name)
		}
	}
	take(r.URL.Query())
	switch kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind {
	case "application/json":
		if err := jsonArgs(body, a); err != nil {
			return a, "", false, err
		}
		delete(a, "token")
	case "application/x-www-form-urlencoded":
		v, err := url.ParseQuery(string(body))
		if err != nil {
			return a, "", false, refuse("invalid_form_data")
		}
		take(v)
	default:
		if len(body) > 0 {
			return a, "", false, refuse("invalid_post_type")
		}
	}
	token = a["token"]
	delete(a, "token")
	if h, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		token, header = strings.TrimSpace(h), true
	}
	return a, token, header, nil
}

func jsonArgs(body []byte, a args) error {
	if len(body) == 0 || string(body) == "null" {
		return nil
	}
	var raw map[string]json.RawMessage
	if !json.Valid(body) {
		return refuse("invalid_json")
	}
	if json.Unmarshal(body, &raw) != nil {
		return refuse("json_not_object")
	}
	for name, x := range raw {
		var s string
		switch {
		case string(x) == "null":
		case json.Unmarshal(x, &s) == nil:
			a[name] = s
		default:
			a[name] = string(x)
		}
	}
	return nil
}

// truth is a boolean argument, def when it is absent.
func (a args) truth(name string, def bool) bool {
	switch a[name] {
	case "true", "1":
		return true
	case "false", "0":
		return false
	}
	return def
}

func (a args) number(name string, def int) int {
	if n, err := strconv.Atoi(a[name]); err == nil {
		return n
	}
	return def
}
