package delivery

import (
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// socket is one open WebSocket of the app.
type socket struct {
	id      int
	conn    *websocket.Conn
	write   sync.Mutex // gorilla allows one writer
	done    chan struct{}
	leaving bool // told to disconnect: gets nothing new; guarded by the courier's lock
}

// Ticket makes a single-use ticket for a socket, good for 30 seconds.
func (c *Courier) Ticket() string {
	t := uuid()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tickets[t] = c.o.Now().Add(30 * time.Second)
	return t
}

func (c *Courier) redeem(ticket string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	until, ok := c.tickets[ticket]
	delete(c.tickets, ticket)
	return ok && c.o.Now().Before(until) && !c.closed
}

// ServeSocket upgrades the request to a WebSocket and serves it until it ends. Query parameter ticket must be fresh.
func (c *Courier) ServeSocket(w http.ResponseWriter, r *http.Request) {
	if !c.redeem(r.URL.Query().Get("ticket")) {
		c.o.Problem("socket", "ticket unknown, used or expired")
		http.Error(w, "invalid ticket", http.StatusForbidden)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }} // apps are no browsers; the ticket is the key
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	s, n := c.admit(conn)
	if s == nil {
		_ = conn.WriteJSON(map[string]any{"type": "disconnect", "reason": "too_many_websockets", "debug_info": debugInfo()})
		_ = conn.Close()
		return
	}
	defer c.wg.Done()
	hello := map[string]any{"type": "hello", "num_connections": n, "connection_info": map[string]any{"app_id": c.o.AppID}, "debug_info": debugInfo()}
	if s.send(hello) == nil {
		c.wg.Add(1)
		go c.ping(s)
		c.enter(s)
		c.read(s)
	}
	c.leave(s)
}

func debugInfo() map[string]any {
	return map[string]any{"host": "applink-emulated", "build_number": 1, "approximate_connection_time": 3600}
}

// admit counts the socket in; n is the number of connections with it. It is not yet eligible for envelopes: hello is first.
func (c *Courier) admit(conn *websocket.Conn) (*socket, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || len(c.sockets) >= MaxSockets {
		return nil, 0
	}
	c.nextID++
	s := &socket{id: c.nextID, conn: conn, done: make(chan struct{}), leaving: true}
	c.sockets = append(c.sockets, s)
	c.wg.Add(1)
	return s, len(c.sockets)
}

func (c *Courier) enter(s *socket) {
	c.mu.Lock()
	s.leaving = false
	close(c.opened)
	c.opened = make(chan struct{})
	c.mu.Unlock()
	c.o.Log.Debug("socket opened", "socket", s.id)
	c.o.Changed()
}

func (c *Courier) leave(s *socket) {
	_ = s.conn.Close()
	close(s.done)
	c.mu.Lock()
	c.sockets = slices.DeleteFunc(c.sockets, func(x *socket) bool { return x == s })
	c.mu.Unlock()
	c.o.Log.Debug("socket closed", "socket", s.id)
	c.o.Changed()
}

func (s *socket) send(v any) error {
	s.write.Lock()
	defer s.write.Unlock()
	_ = s.conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
	return s.conn.WriteJSON(v)
}

func (c *Courier) ping(s *socket) {
	defer c.wg.Done()
	t := time.NewTicker(c.o.PingEvery)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			_ = s.conn.WriteControl(websocket.PingMessage, []byte("Ping from applink-emulated"), time.Now().Add(5*time.Second))
		case <-s.done:
			return
		}
	}
}

// read takes acknowledgements until the socket ends.
func (c *Courier) read(s *socket) {
	s.conn.SetReadLimit(1 << 20)
	for {
		_, data, err := s.conn.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		switch err := json.Unmarshal(data, &ack); {
		case err != nil:
			c.o.Problem("acknowledgement", "not JSON: "+err.Error())
		case len(data) >= MaxResponse:
			c.o.Problem("acknowledgement", "20 KB or more: Slack drops it")
		case ack.ID == "":
			c.o.Problem("acknowledgement", "no envelope_id")
		default:
			if string(ack.Payload) == "null" {
				ack.Payload = nil
			}
			c.acknowledge(ack.ID, ack.Payload)
		}
	}
}

// socket picks an open socket at random and waits for one if there is none; nil when Hold has passed, the courier closed, or
// unless was closed.
func (c *Courier) socket(unless <-chan struct{}) *socket {
	limit := time.NewTimer(c.o.Hold)
	defer limit.Stop()
	for {
		c.mu.Lock()
		open := make([]*socket, 0, len(c.sockets))
		for _, s := range c.sockets {
			if !s.leaving {
				open = append(open, s)
			}
		}
		opened := c.opened
		c.mu.Unlock()
		if len(open) > 0 {
			return open[c.o.Pick(len(open))]
		}
		select {
		case <-opened:
		case <-limit.C:
			return nil
		case <-unless:
			return nil
		case <-c.ctx.Done():
			return nil
		}
	}
}

// write sends r over s; a failed write shows when the reader ends.
func (c *Courier) write(s *socket, r *record, reason string) {
	c.mu.Lock()
	attempt := len(r.Sent)
	c.sentLocked(r, reason)
	r.Sockets = append(r.Sockets, s.id)
	c.mu.Unlock()
	frame := map[string]any{"envelope_id": r.ID, "type": r.Kind, "payload": r.Payload, "accepts_response_payload": r.Kind != Events}
	if attempt > 0 || r.Kind == Events {
		frame["retry_attempt"], frame["retry_reason"] = attempt, reason
	}
	if err := s.send(frame); err != nil {
		_ = s.conn.Close()
	}
	c.o.Changed()
}

func (c *Courier) sentLocked(r *record, reason string) {
	r.Sent = append(r.Sent, c.o.Now())
	if reason != "" {
		r.Reasons = append(r.Reasons, reason)
	}
}

// Sockets counts open sockets.
func (c *Courier) Sockets() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.sockets)
}

// Drop cuts all sockets without a word and says how many there were.
func (c *Courier) Drop() int {
	c.mu.Lock()
	all := slices.Clone(c.sockets)
	c.mu.Unlock()
	for _, s := range all {
		_ = s.conn.Close()
	}
	return len(all)
}

// Disconnect tells every socket to go, with a reason (warning, refresh_requested, link_disabled), and says how many heard it.
// They get nothing new; after the grace they are cut.
func (c *Courier) Disconnect(reason string) int {
	c.mu.Lock()
	all := slices.Clone(c.sockets)
	c.mu.Unlock()
	for _, s := range all {
		c.disconnect(s, reason)
	}
	return len(all)
}

func (c *Courier) disconnect(s *socket, reason string) {
	c.mu.Lock()
	s.leaving = true
	c.mu.Unlock()
	_ = s.send(map[string]any{"type": "disconnect", "reason": reason, "debug_info": debugInfo()})
	c.spawn(func() {
		t := time.NewTimer(c.o.Grace)
		defer t.Stop()
		select {
		case <-t.C:
			_ = s.conn.Close()
		case <-s.done:
		case <-c.ctx.Done():
		}
	})
}
