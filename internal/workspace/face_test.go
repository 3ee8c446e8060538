package workspace_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"kildesvar/internal/workspace"
	"kildesvar/internal/workspace/delivery"
)

// page is what a visit brought.
type page struct {
	status int
	header http.Header
	body   string
}

// visit gets a page with a Host header.
func (w *world) visit(path, host string) page {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.ctx, http.MethodGet, w.base+path, nil)
	must(w.t, err)
	req.Host = host
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	must(w.t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	must(w.t, err)
	return page{resp.StatusCode, resp.Header, string(b)}
}

func TestFaceIsForThisComputerOnly(t *testing.T) {
	w := start(t, workspace.Options{})
	for host, want := range map[string]int{"localhost:8080": 200, "127.0.0.1": 200, "[::1]:99": 200, "ond.example": 403, "127.0.0.1.ond.example:80": 403, "localhost.ond.example": 403} {
		for _, path := range []string{"/face/", "/face/state", "/face/app.js"} {
			if got := w.visit(path, host).status; got != want {
				t.Errorf("%s at %s: %d, want %d", path, host, got, want)
			}
		}
	}
	h := w.visit("/face/", "localhost").header
	if !strings.Contains(h.Get("Content-Security-Policy"), "script-src 'self'") || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers %v", h)
	}
}

func TestFaceTakesItsOwnActionsOnly(t *testing.T) {
	w := start(t, workspace.Options{})
	say := map[string]any{"do": "say", "user": anna, "channel": channel, "text": "hej"}
	for name, c := range map[string]struct {
		origin, kind string
		want         int
	}{
		"own":       {w.base, "application/json", 200},
		"another":   {"http://ond.example", "application/json", 403},
		"null":      {"null", "application/json", 403},
		"none":      {"", "application/json", 403},
		"other one": {"http://127.0.0.1:1", "application/json", 403},
		"a form":    {w.base, "text/plain", 403},
	} {
		header := http.Header{"Content-Type": {c.kind}}
		if c.origin != "" {
			header.Set("Origin", c.origin)
		}
		if got, _ := w.post(w.base+"/face/act", say, header); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	if n := len(w.Messages(channel)); n != 1 {
		t.Errorf("%d messages", n)
	}
}

// act does something on the page.
func (w *world) act(d map[string]any) (int, map[string]any) {
	return w.post(w.base+"/face/act", d, http.Header{"Content-Type": {"application/json"}, "Origin": {w.base}})
}

func (w *world) seen(user string) string {
	w.t.Helper()
	return w.visit("/face/state?user="+user, "localhost").body
}

func TestFaceShowsAndActs(t *testing.T) {
	w := start(t, workspace.Options{})
	a := w.connect(nil)
	_, said := w.act(map[string]any{"do": "say", "user": anna, "channel": channel, "text": "@Kildesvar hvad?"})
	root, _ := said["ts"].(string)
	ts := w.answer(channel, root)
	_, err := w.api.PostEphemeralContext(w.ctx, channel, bo, slack.MsgOptionText("kun til Bo", false))
	must(t, err)
	if s := w.seen(anna); !strings.Contains(s, "vis_uddrag") || strings.Contains(s, "kun til Bo") {
		t.Errorf("Anna sees %s", s)
	}
	if s := w.seen(bo); !strings.Contains(s, "kun til Bo") {
		t.Errorf("Bo sees %s", s)
	}
	status, _ := w.act(map[string]any{"do": "click", "user": anna, "channel": channel, "ts": ts, "action": "vis_uddrag"})
	if c := a.interaction(w); status != 200 || c.ActionCallback.BlockActions[0].ActionID != "vis_uddrag" {
		t.Errorf("%d %s", status, dump(c))
	}
	status, got := w.act(map[string]any{"do": "click", "user": anna, "channel": channel, "ts": ts, "action": "nix"})
	if status != http.StatusConflict || got["error"] != "Knappen findes ikke længere." {
		t.Errorf("%d %v", status, got)
	}
	for name := range map[string]bool{"edit": true, "delete": true, "slash": true, "shortcut": true, "react": true, "stop": true, "home": true, "context": true, "press": true, "submit": true, "close": true, "begin": true} {
		if status, got := w.act(map[string]any{"do": name, "user": "U9", "channel": "C9"}); status != http.StatusConflict || got["error"] == "" || got["error"] == nil {
			t.Errorf("%s: %d %v", name, status, got)
		}
	}
}

func TestFaceIsLive(t *testing.T) {
	w := start(t, workspace.Options{})
	req, err := http.NewRequestWithContext(w.ctx, http.MethodGet, w.base+"/face/events", nil)
	must(t, err)
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	must(t, err)
	defer resp.Body.Close()
	lines := bufio.NewReader(resp.Body)
	first, err := lines.ReadString('\n')
	must(t, err)
	w.say(anna, channel, "hej", "")
	_, err = lines.ReadString('\n')
	must(t, err)
	second, err := lines.ReadString('\n')
	must(t, err)
	if !strings.HasPrefix(first, "data: ") || first == second {
		t.Errorf("events %q %q", first, second)
	}
}

// TestStreamIsLiveForItsRecipient: in channels the others see the first piece until the stream stops.
func TestStreamIsLiveForItsRecipient(t *testing.T) {
	w := start(t, workspace.Options{})
	root := w.say(anna, channel, "hej", "")
	_, ts, err := w.api.StartStreamContext(w.ctx, channel, slack.MsgOptionTS(root), slack.MsgOptionRecipientUserID(anna), slack.MsgOptionRecipientTeamID("T0DEMO"), slack.MsgOptionMarkdownText("første "))
	must(t, err)
	_, _, err = w.api.AppendStreamContext(w.ctx, channel, ts, slack.MsgOptionMarkdownText("anden"))
	must(t, err)
	if s := w.seen(anna); !strings.Contains(s, "første anden") {
		t.Errorf("Anna sees %s", s)
	}
	if s := w.seen(bo); strings.Contains(s, "anden") || !strings.Contains(s, "første") {
		t.Errorf("Bo sees %s", s)
	}
	_, _, err = w.api.StopStreamContext(w.ctx, channel, ts)
	must(t, err)
	if s := w.seen(bo); !strings.Contains(s, "første anden") {
		t.Errorf("Bo sees %s", s)
	}
}

// TestPageIsSelfContained: the page loads nothing from elsewhere and never parses text as HTML.
func TestPageIsSelfContained(t *testing.T) {
	w := start(t, workspace.Options{})
	foreign := regexp.MustCompile(`(?i)(?:src|href|url\(|import\s.*from)\s*[=(]?\s*["']?(?:https?:)?//`)
	parsing := regexp.MustCompile(`\.(?:innerHTML|outerHTML)\b|insertAdjacentHTML|document\.write|\beval\(`)
	for _, file := range []string{"", "app.js", "blocks.js", "text.js", "style.css"} {
		b := w.visit("/face/"+file, "localhost").body
		if len(b) < 500 || foreign.MatchString(b) || parsing.MatchString(b) || strings.Contains(b, " style=\"") {
			t.Errorf("%q: %d bytes, foreign %q, parsing %q", file, len(b), foreign.FindString(b), parsing.FindString(b))
		}
	}
}

func TestHTTPModeIsSigned(t *testing.T) {
	got := make(chan error, 10)
	app := serve(t, func(rw http.ResponseWriter, r *http.Request) {
		v, err := slack.NewSecretsVerifier(r.Header, "hemmelig-i-demo")
		if err == nil {
			_, _ = io.Copy(&v, r.Body)
			err = v.Ensure()
		}
		got <- err
		if r.URL.Path == "/slack/commands" {
			rw.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(rw).Encode(map[string]string{"text": "Et øjeblik"})
		}
	})
	w := start(t, workspace.Options{EventsURL: app, DeliveryFault: func(_ string, n int) delivery.Fault { return delivery.Fault{Duplicate: n == 1} }})
	w.say(anna, channel, "hej", "")
	must(t, w.Slash(anna, channel, "/kilde", "hvad?"))
	ts := w.answer(channel, "")
	must(t, w.Click(anna, channel, ts, "vis_uddrag"))
	for range 5 { // the message twice, the command, the app's own message, the click
		must(t, <-got)
	}
	w.until("acknowledged", func() bool { return w.Pending() == 0 && len(w.Ephemerals(anna)) == 1 })
	if _, _, err := w.api.StartSocketModeContext(w.ctx); err == nil {
		t.Error("a socket was given in HTTP mode")
	}
}
