package workspace

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"time"
)

// The page is plain HTML, CSS and JavaScript: no build, nothing from elsewhere.
//
//go:embed face
var faceFiles embed.FS

// policy lets the page load nothing but itself.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// face serves the browser page: one person's view of the workspace, live, and what that person does there. It answers on
// loopback names only, and takes actions only from its own page, so that no other site a person has open can reach it.
func (w *Workspace) face() http.Handler {
	files, err := fs.Sub(faceFiles, "face")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	mux := http.NewServeMux()
	mux.Handle("GET /face/", http.StripPrefix("/face/", http.FileServerFS(files)))
	mux.HandleFunc("GET /face/state", w.faceState)
	mux.HandleFunc("GET /face/events", w.faceEvents)
	mux.HandleFunc("POST /face/act", w.faceAct)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !loopback(r.Host) {
			http.Error(rw, "Siden findes kun på denne computer (127.0.0.1).", http.StatusForbidden)
			return
		}
		h := rw.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		mux.ServeHTTP(rw, r)
	})
}

// loopback is whether a Host header names this computer: another name that resolves to it is a rebinding attack.
func loopback(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	return name == "localhost" || name == "127.0.0.1" || name == "::1" || name == "[::1]"
}

// sameOrigin is whether a request comes from the page itself.
func sameOrigin(r *http.Request) bool {
	u, err := url.Parse(r.Header.Get("Origin"))
	return err == nil && u.Scheme == "http" && u.Host == r.Host
}

// faceEvents tells the page, as server-sent events, that something changed. Bursts (a stream) come as one event.
func (w *Workspace) faceEvents(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(rw)
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		w.mu.Lock()
		version, changed := w.version, w.changed
		w.mu.Unlock()
		if _, err := fmt.Fprintf(rw, "data: %d\n\n", version); err != nil || out.Flush() != nil {
			return
		}
		pause.Reset(40 * time.Millisecond)
		select {
		case <-pause.C:
		case <-r.Context().Done():
			return
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		}
	}
}

// deed is one thing a person does on the page.
type deed struct {
	Do      string                       `json:"do"`
	User    string                       `json:"user"`
	Channel string                       `json:"channel"`
	TS      string                       `json:"ts"`
	Thread  string                       `json:"thread"`
	Text    string                       `json:"text"`
	Command string                       `json:"command"`
	Action  string                       `json:"action"`
	Value   string                       `json:"value"`
	View    string                       `json:"view"`
	Values  map[string]map[string]string `json:"values"`
}

// deeds are what a person can do on the page.
var deeds = map[string]func(w *Workspace, d deed) (string, error){
	"say":    func(w *Workspace, d deed) (string, error) { return w.Say(d.User, d.Channel, d.Text, d.Thread) },
	"edit":   func(w *Workspace, d deed) (string, error) { return "", w.Edit(d.User, d.Channel, d.TS, d.Text) },
	"delete": func(w *Workspace, d deed) (string, error) { return "", w.DeleteMessage(d.User, d.Channel, d.TS) },
	"click": func(w *Workspace, d deed) (string, error) {
		return "", w.use(d.User, d.Channel, d.TS, d.Action, d.Value)
	},
	"slash":    func(w *Workspace, d deed) (string, error) { return "", w.Slash(d.User, d.Channel, d.Command, d.Text) },
	"shortcut": func(w *Workspace, d deed) (string, error) { return "", w.Shortcut(d.User, d.Channel, d.TS, d.Action) },
	"react":    func(w *Workspace, d deed) (string, error) { return "", w.React(d.User, d.Channel, d.TS, d.Value) },
	"stop":     func(w *Workspace, d deed) (string, error) { return "", w.StopSession(d.User, d.Channel, d.Thread) },
	"home":     func(w *Workspace, d deed) (string, error) { return "", w.OpenHome(d.User, d.Value) },
	"context":  func(w *Workspace, d deed) (string, error) { return "", w.ContextChanged(d.User, d.Channel) },
	"press":    func(w *Workspace, d deed) (string, error) { return "", w.ClickView(d.User, d.View, d.Action, d.Value) },
	"submit":   func(w *Workspace, d deed) (string, error) { return "", w.SubmitView(d.User, d.View, d.Values) },
	"close":    func(w *Workspace, d deed) (string, error) { return "", w.CloseView(d.User, d.View) },
	"begin":    func(w *Workspace, d deed) (string, error) { return w.StartAssistantThread(d.User, d.Channel) },
}

func (w *Workspace) faceAct(rw http.ResponseWriter, r *http.Request) {
	if !sameOrigin(r) || r.Header.Get("Content-Type") != "application/json" {
		http.Error(rw, "Kun sidens egne handlinger tages imod.", http.StatusForbidden)
		return
	}
	var d deed
	if err := json.NewDecoder(http.MaxBytesReader(rw, r.Body, 1<<20)).Decode(&d); err != nil {
		writeJSON(rw, http.StatusBadRequest, reply{"error": "Handlingen kunne ikke læses."})
		return
	}
	do := deeds[d.Do]
	if do == nil {
		writeJSON(rw, http.StatusBadRequest, reply{"error": "Handlingen findes ikke."})
		return
	}
	ts, err := do(w, d)
	if err != nil {
		w.log.Info("page action refused", "do", d.Do, "err", err)
		writeJSON(rw, http.StatusConflict, reply{"error": refusals[d.Do]})
		return
	}
	writeJSON(rw, http.StatusOK, reply{"ts": ts})
}

// refusals are what a person is told when something cannot be done.
var refusals = map[string]string{
	"say": "Beskeden kunne ikke sendes her.", "edit": "Beskeden kan ikke redigeres.", "delete": "Beskeden kan ikke slettes.",
	"click": "Knappen findes ikke længere.", "slash": "Kommandoen findes ikke, eller den kan ikke bruges her.",
	"shortcut": "Genvejen kan ikke bruges på denne besked.", "react": "Reaktionen kunne ikke sættes.", "stop": "Der er ikke noget at stoppe.",
	"home": "Appen kunne ikke åbnes.", "context": "Du er ikke med i kanalen.", "press": "Knappen findes ikke længere.",
	"submit": "Udfyld felterne, som de kræver, og prøv igen.", "close": "Vinduet er allerede lukket.", "begin": "Samtalen kunne ikke begyndes.",
}
