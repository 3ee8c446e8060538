package delivery

import (
	"maps"
	"time"
)

// dispatch sends first attempts, one after the other, and lets each envelope's own goroutine see to the rest.
func (c *Courier) dispatch() {
	defer c.wg.Done()
	var held *record
	for {
		r := c.next(held != nil)
		if r == nil && c.ctx.Err() != nil {
			return
		}
		if r == nil { // nothing followed the held one
			c.start(held, Fault{})
			held = nil
			continue
		}
		c.mu.Lock()
		c.seen[r.Kind]++
		n := c.seen[r.Kind]
		c.mu.Unlock()
		f := c.o.Fault(r.Kind, n)
		if f.Reorder && held == nil {
			held = r
			continue
		}
		c.start(r, f)
		if held != nil {
			c.start(held, Fault{})
			held = nil
		}
	}
}

// next waits for an envelope; nil when the courier closes, or when a held one has waited long enough.
func (c *Courier) next(holding bool) *record {
	var enough <-chan time.Time
	if holding {
		t := time.NewTimer(c.o.RedeliverAfter / 4)
		defer t.Stop()
		enough = t.C
	}
	for {
		c.mu.Lock()
		if len(c.queue) > 0 {
			r := c.queue[0]
			c.queue = c.queue[1:]
			c.mu.Unlock()
			return r
		}
		c.mu.Unlock()
		select {
		case <-c.wake:
		case <-enough:
			return nil
		case <-c.ctx.Done():
			return nil
		}
	}
}

// start makes the first attempt at r, with its fault.
func (c *Courier) start(r *record, f Fault) {
	if f.Delay > 0 {
		delay := f.Delay
		f.Delay = 0
		c.spawn(func() {
			if c.wait(delay) {
				c.start(r, f)
			}
		})
		return
	}
	if f.Malformed {
		c.attempt(c.noise(Events, malformed(r.env.Payload)), Fault{})
	}
	if f.Unknown {
		c.attempt(c.noise("brand_new_kind", map[string]any{"hello": "world"}), Fault{})
		c.attempt(c.noise(Events, unknown(r.env.Payload)), Fault{})
	}
	c.attempt(r, f)
	if f.Duplicate {
		twin := r.env
		twin.Acked, twin.Failed = nil, nil
		c.mu.Lock()
		t := c.recordLocked(twin, false)
		c.mu.Unlock()
		c.attempt(t, Fault{})
	}
}

func (c *Courier) spawn(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.wg.Add(1)
	go func() {
		defer c.wg.Done()
		f()
	}()
}

func (c *Courier) noise(kind string, payload map[string]any) *record {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.recordLocked(Envelope{Kind: kind, Payload: payload}, true)
}

// malformed is a payload whose event has a field of the wrong type.
func malformed(payload map[string]any) map[string]any {
	out := maps.Clone(payload)
	out["type"], out["event_id"] = "event_callback", "EvMALFORMED"+uuid()[:8]
	out["event"] = map[string]any{"type": "message", "channel": map[string]any{"id": 7}, "ts": 17, "text": []string{"?"}}
	return out
}

// unknown is a payload with an event that no library knows.
func unknown(payload map[string]any) map[string]any {
	out := maps.Clone(payload)
	out["type"], out["event_id"] = "event_callback", "EvUNKNOWN"+uuid()[:8]
	out["event"] = map[string]any{"type": "brand_new_event", "novelty": true}
	return out
}

// attempt makes the first attempt now and the others, if need be, in a goroutine.
func (c *Courier) attempt(r *record, f Fault) {
	if c.o.AppURL != "" {
		if r.Kind == Events || r.Kind == Interactive || r.Kind == Slash {
			c.spawn(func() { c.post(r) })
		} else {
			c.fail(r) // an unknown kind has no URL
		}
		return
	}
	s := c.socket(nil)
	if s == nil {
		if c.ctx.Err() == nil {
			c.fail(r)
		}
		return
	}
	c.write(s, r, "")
	if f.Disconnect != "" {
		c.disconnect(s, f.Disconnect)
	}
	if f.DropSocket {
		_ = s.conn.Close() // the reader notices
	}
	c.spawn(func() { c.await(r, s) })
}

// await sends r again, until it is acknowledged or MaxRetries is reached: after the time an acknowledgement may take, or, when its socket
// died, at once the first time and after that time later, as HTTP's first retry is at once.
func (c *Courier) await(r *record, s *socket) {
	for try := 1; ; try++ {
		reason := "timeout"
		t := time.NewTimer(c.o.RedeliverAfter)
		select {
		case <-r.acked:
			t.Stop()
			return
		case <-c.ctx.Done():
			t.Stop()
			return
		case <-s.done:
			reason = "connection_failed"
		case <-t.C:
		}
		t.Stop()
		select {
		case <-r.acked: // and its socket died in the same moment
			return
		default:
		}
		if try > MaxRetries || c.o.EventsOnly && r.Kind != Events {
			c.fail(r)
			return
		}
		if reason == "connection_failed" && try > 1 && !c.unacked(r) {
			return
		}
		if s = c.socket(r.acked); s == nil {
			if c.ctx.Err() == nil {
				c.fail(r)
			}
			return
		}
		c.write(s, r, reason)
	}
}

// unacked waits as long as an acknowledgement may take; it is false when there is one, or the courier closed.
func (c *Courier) unacked(r *record) bool {
	t := time.NewTimer(c.o.RedeliverAfter)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.acked:
	case <-c.ctx.Done():
	}
	return false
}
