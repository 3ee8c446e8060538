package workspace_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

type frame struct {
	Type, Reason string
}

func dial(url string) (*websocket.Conn, error) {
	conn, resp, err := websocket.DefaultDialer.Dial(url, nil)
	if resp != nil {
		_ = resp.Body.Close()
	}
	return conn, err
}

func firstFrame(t *testing.T, url string) frame {
	t.Helper()
	conn, err := dial(url)
	must(t, err)
	defer func() { _ = conn.Close() }()
	_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	var f frame
	must(t, conn.ReadJSON(&f))
	return f
}

// call posts JSON with the token in the header, as Slack's own library does.
func (w *world) call(method string, body any) map[string]any {
	w.t.Helper()
	_, out := w.post(w.base+"/api/"+method, body, http.Header{"Authorization": {"Bearer xoxb-DEMO"}, "Content-Type": {"application/json; charset=utf-8"}})
	return out
}

func (w *world) post(url string, body any, header http.Header) (int, map[string]any) {
	w.t.Helper()
	raw, err := json.Marshal(body)
	must(w.t, err)
	req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, url, bytes.NewReader(raw))
	must(w.t, err)
	req.Header = header
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	must(w.t, err)
	defer resp.Body.Close()
	out := map[string]any{}
	_ = json.NewDecoder(resp.Body).Decode(&out) // an HTML page leaves it empty
	return resp.StatusCode, out
}

func wants(t *testing.T, got map[string]any, code string) {
	t.Helper()
	if got, _ := got["error"].(string); got != code {
		t.Errorf("answer %v, want %s", got, code)
	}
}

func serve(t *testing.T, h http.HandlerFunc) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}
