package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func get(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	r := httptest.NewRecorder()
	h.ServeHTTP(r, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return r.Code, r.Body.String()
}

func TestHealthAndReady(t *testing.T) {
	var fault error
	h := Handler(Options{Ready: map[string]func() error{"generation": func() error { return nil }, "slack": func() error { return fault }},
		Mount: map[string]http.Handler{"/slack/": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })}})
	if code, body := get(t, h, "/healthz"); code != http.StatusOK || body != "ok\n" {
		t.Errorf("health %d %q", code, body)
	}
	if code, body := get(t, h, "/readyz"); code != http.StatusOK || body != "ready\n" {
		t.Errorf("ready %d %q", code, body)
	}
	for _, err := range []error{errors.New("no socket is open"), errors.New("slack: no socket is open")} {
		fault = err
		if code, body := get(t, h, "/readyz"); code != http.StatusServiceUnavailable || body != "slack: no socket is open\n" {
			t.Errorf("not ready %d %q", code, body)
		}
	}
	if code, _ := get(t, h, "/healthz"); code != http.StatusOK {
		t.Errorf("health depends on readiness: %d", code)
	}
	if code, _ := get(t, h, "/slack/events"); code != http.StatusTeapot {
		t.Errorf("mounted handler %d", code)
	}
	if code, _ := get(t, h, "/"); code != http.StatusNotFound {
		t.Errorf("root %d", code)
	}
}

// TestReadyNamesAll: all that is missing is named, in order.
func TestReadyNamesAll(t *testing.T) {
	no := func() error { return errors.New("no") }
	h := Handler(Options{Ready: map[string]func() error{"slack": no, "generation": no, "journal": no}})
	if _, body := get(t, h, "/readyz"); body != "generation: no\njournal: no\nslack: no\n" {
		t.Errorf("%q", body)
	}
}

func TestMetrics(t *testing.T) {
	n := uint64(0)
	h := Handler(Options{Metrics: func() []Family {
		n++
		return []Family{
			{Name: "kildesvar_questions_total", Help: "Questions closed.", Labels: []string{"outcome"}, Counters: map[string]uint64{"answered": n}},
			{Name: "kildesvar_calls_total", Help: "Calls.", Labels: []string{"method", "outcome"}, Counters: map[string]uint64{"chat.postMessage http 503": 2, "alone": 1}},
			{Name: "kildesvar_queue", Help: "Open.", Gauges: map[string]float64{"": 3}},
			{Name: "kildesvar_seconds", Help: "Time.", Labels: []string{"stage"}, Histograms: map[string]Histogram{"ask": {Count: 2, Sum: 0.5, Buckets: map[float64]uint64{0.1: 1, 1: 2}}}},
		}
	}})
	_, body := get(t, h, "/metrics")
	for _, want := range []string{
		`kildesvar_questions_total{outcome="answered"} 1`, `kildesvar_calls_total{method="chat.postMessage",outcome="http 503"} 2`,
		`kildesvar_calls_total{method="alone",outcome=""} 1`, "kildesvar_queue 3", `kildesvar_seconds_bucket{stage="ask",le="0.1"} 1`,
		`kildesvar_seconds_bucket{stage="ask",le="+Inf"} 2`, `kildesvar_seconds_sum{stage="ask"} 0.5`, "go_goroutines ",
	} {
		if !strings.Contains(body, want+"\n") && !strings.Contains(body, want) {
			t.Errorf("no %q in:\n%s", want, body)
		}
	}
	if _, body := get(t, h, "/metrics"); !strings.Contains(body, `outcome="answered"} 2`) {
		t.Error("measurements are not read anew")
	}
}

// TestServeStops: a request under way is finished, new ones are refused, and nothing is left running.
func TestServeStops(t *testing.T) {
	defer goleak.VerifyNone(t)
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	begun, finish := make(chan struct{}), make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-finish
		_, _ = io.WriteString(w, "done")
	})
	served := make(chan error, 1)
	go func() { served <- Serve(ctx, l, h, slog.New(slog.DiscardHandler)) }()
	client := &http.Client{Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	body := make(chan string, 1)
	go func() {
		r, err := client.Get("http://" + l.Addr().String())
		if err != nil {
			body <- err.Error()
			return
		}
		defer r.Body.Close()
		b, _ := io.ReadAll(r.Body)
		body <- string(b)
	}()
	<-begun
	cancel()
	close(finish)
	if got := <-body; got != "done" {
		t.Errorf("request under way: %q", got)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	if resp, err := client.Get("http://" + l.Addr().String()); err == nil {
		_ = resp.Body.Close()
		t.Error("still listening")
	}
}

// TestPanic: a handler that panics is logged without what it panicked with, its connection is closed, and the service goes on.
func TestPanic(t *testing.T) {
	defer goleak.VerifyNone(t)
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var log bytes.Buffer
	h := Handler(Options{Mount: map[string]http.Handler{"/slack/": http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("min hemmelighed") })}})
	served := make(chan error, 1)
	go func() { served <- Serve(ctx, l, h, slog.New(slog.NewTextHandler(&log, nil))) }()
	client := &http.Client{Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	if resp, err := client.Get("http://" + l.Addr().String() + "/slack/events"); err == nil {
		_ = resp.Body.Close()
		t.Errorf("a response from a handler that panicked: %d", resp.StatusCode)
	}
	resp, err := client.Get("http://" + l.Addr().String() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Server") != Name {
		t.Errorf("health %d, server %q", resp.StatusCode, resp.Header.Get("Server"))
	}
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
	if text := log.String(); !strings.Contains(text, "handler panicked") || !strings.Contains(text, "web_test.go") || strings.Contains(text, "hemmelighed") {
		t.Errorf("log %q", text)
	}
}

// TestServeBroken: a listener that breaks is an error.
func TestServeBroken(t *testing.T) {
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if err := Serve(t.Context(), l, http.NotFoundHandler(), slog.New(slog.DiscardHandler)); err == nil {
		t.Error("no error")
	}
}
