// Package web is what `serve` answers over HTTP besides Slack: health, readiness and measurements.
//
//	/healthz   200 while the process runs
//	/readyz    200 when questions can be answered, else 503 and what is missing, a line each
//	/metrics   measurements in Prometheus' text format
//
// It knows nothing of Slack or answers: who wires it gives it checks, measurements and further handlers. No response and no log
// holds anybody's text. Every response carries Name, so that doctor can tell a running service from a stranger at its address.
//
// Third-party: prometheus/client_golang, the exposition format's own library, with its measurements of the Go runtime.
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Name is what the service calls itself in the header Server.
const Name = "kildesvar"

// Options are what the handler serves.
type Options struct {
	// Ready are the checks of /readyz by name; each must return at once. A check's error is shown, the names in order.
	Ready map[string]func() error
	// Metrics returns the measurements of now; nil: only those of the Go runtime.
	Metrics func() []Family
	// Mount adds handlers by pattern, such as "/slack/".
	Mount map[string]http.Handler
}

// Handler serves the paths of the package comment and what is mounted.
func Handler(o Options) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if o.Metrics != nil {
		registry.MustRegister(collector(o.Metrics))
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { ready(w, o.Ready) })
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	for pattern, h := range o.Mount {
		mux.Handle(pattern, h)
	}
	return mux
}

func plain(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = w.Write([]byte(text)) // the client has gone
}

func ready(w http.ResponseWriter, checks map[string]func() error) {
	var missing []string
	for _, name := range slices.Sorted(maps.Keys(checks)) {
		if err := checks[name](); err != nil {
			missing = append(missing, name+": "+strings.TrimPrefix(err.Error(), name+": ")+"\n")
		}
	}
	if len(missing) > 0 {
		plain(w, http.StatusServiceUnavailable, strings.Join(missing, ""))
		return
	}
	plain(w, http.StatusOK, "ready\n")
}

// guard names the service in each response and turns a panic into a line of the log, which tells where it was but not what with: a
// panic's value could be somebody's text.
func guard(h http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, ok := v.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
				log.Error("handler panicked", "method", r.Method, "pattern", r.Pattern, "kind", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
			}
			panic(http.ErrAbortHandler) // the server closes the connection, and Slack sends again
		}()
		w.Header().Set("Server", Name)
		h.ServeHTTP(w, r)
	})
}

// Limits of the server. Slack's requests are small and quickly sent.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 15 * time.Second
	writeTimeout  = 30 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 64 << 10
	// grace is how long requests under way may take when the server stops.
	grace = 5 * time.Second
)

// Serve serves a handler on a listener until ctx ends, then lets requests under way finish for five seconds and returns nil.
func Serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	s := &http.Server{Handler: guard(h, log), ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		err := s.Shutdown(end)
		if err != nil {
			_ = s.Close() // they have had their time
		}
		stopped <- err
	})
	err := s.Serve(l)
	if stop() { // ctx goes on: the listener broke
		return fmt.Errorf("serve http: %w", err)
	}
	if err := <-stopped; err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stop http: %w", err)
	}
	return nil
}
