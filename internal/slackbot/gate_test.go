package slackbot

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// gate is all of a process's way to Slack: when it is cut, Slack sees what it sees when a process is killed.
type gate struct {
	l    net.Listener
	to   string
	mute atomic.Bool // what the process says gets lost
	wg   sync.WaitGroup

	mu    sync.Mutex
	conns []net.Conn
	shut  bool
}

func newGate(t *testing.T, to string) *gate {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{l: l, to: to}
	g.wg.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", to)
			if err != nil || !g.keep(in, out) {
				_ = in.Close()
				if err == nil {
					_ = out.Close()
				}
				continue
			}
			g.wg.Go(func() { g.pass(out, in, &g.mute) })
			g.wg.Go(func() { g.pass(in, out, nil) })
		}
	})
	return g
}

func (g *gate) keep(conns ...net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.conns = append(g.conns, conns...)
	return !g.shut
}

// pass copies until either end is closed.
func (g *gate) pass(to, from net.Conn, mute *atomic.Bool) {
	defer func() { _, _ = to.Close(), from.Close() }()
	buf := make([]byte, 16<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 && (mute == nil || !mute.Load()) {
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// cut ends all connections, and returns when they are gone.
func (g *gate) cut() {
	g.mu.Lock()
	g.shut = true
	conns := g.conns
	g.conns = nil
	g.mu.Unlock()
	_ = g.l.Close()
	for _, c := range conns {
		if t, ok := c.(*net.TCPConn); ok {
			_ = t.SetLinger(0) // reset, as a dead process's connections are
		}
		_ = c.Close()
	}
	g.wg.Wait()
}
