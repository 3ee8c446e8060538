package slackbot

import (
	"maps"
	"sync"
	"time"
)

// Bounds are the upper bounds of a Stage's buckets.
var Bounds = []time.Duration{5 * time.Millisecond, 20 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond,
	500 * time.Millisecond, time.Second, 3 * time.Second, 10 * time.Second, 30 * time.Second, 2 * time.Minute}

// Stage is how long something took.
type Stage struct {
	Count   uint64
	Sum     time.Duration
	Buckets []uint64 // not cumulative; one for each of Bounds and one for longer
}

// Snapshot is what has happened since the start. The maps are the caller's.
type Snapshot struct {
	Outcomes     map[string]uint64 // questions closed, by outcome: the answer's status, or "notice", "stopped", "withdrawn", "silent", "failed"
	Asked        map[string]uint64 // questions recorded, by surface
	Deliveries   map[string]uint64 // "kind outcome", such as "events_api acked"
	Redeliveries uint64            // deliveries that Slack said were repeated
	Duplicates   uint64            // questions delivered again, by whatever way
	Actions      map[string]uint64 // buttons pressed, by action id
	Feedback     map[string]uint64 // "up", "down"
	Relays       uint64            // experts' replies carried back
	Calls        map[string]uint64 // "method outcome", such as "chat.postMessage ok"
	Stages       map[string]Stage  // ack, queue (received to claimed), ask, post, total (received to answered)
	Queue        int               // open questions, as far as this process knows
	Acts         int               // waiting or under way: modals to open, messages to delete and the like
	Sockets      int               // open now
}

// Metrics counts. All methods may be called concurrently.
type Metrics struct {
	mu sync.Mutex
	s  Snapshot
}

func newMetrics() *Metrics {
	m := map[string]uint64{}
	return &Metrics{s: Snapshot{Outcomes: maps.Clone(m), Asked: maps.Clone(m), Deliveries: maps.Clone(m), Actions: maps.Clone(m),
		Feedback: maps.Clone(m), Calls: maps.Clone(m), Stages: map[string]Stage{}}}
}

func (m *Metrics) change(f func(*Snapshot)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f(&m.s)
}

// took adds a time to a stage.
func (s *Snapshot) took(stage string, d time.Duration) {
	st := s.Stages[stage]
	if st.Buckets == nil {
		st.Buckets = make([]uint64, len(Bounds)+1)
	}
	i := 0
	for i < len(Bounds) && d > Bounds[i] {
		i++
	}
	st.Buckets[i]++
	st.Count++
	st.Sum += d
	s.Stages[stage] = st
}

func (m *Metrics) call(method, outcome string, took time.Duration) {
	m.change(func(s *Snapshot) {
		s.Calls[method+" "+outcome]++
		if method == "chat.postMessage" {
			s.took("post", took)
		}
	})
}

func (m *Metrics) delivery(kind, outcome string, retry int, took time.Duration) {
	m.change(func(s *Snapshot) {
		s.Deliveries[kind+" "+outcome]++
		s.took("ack", took)
		if retry > 0 {
			s.Redeliveries++
		}
	})
}

func (m *Metrics) snapshot() Snapshot {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := m.s
	for _, p := range []*map[string]uint64{&out.Outcomes, &out.Asked, &out.Deliveries, &out.Actions, &out.Feedback, &out.Calls} {
		*p = maps.Clone(*p)
	}
	out.Stages = maps.Clone(out.Stages)
	for name, st := range out.Stages {
		st.Buckets = append([]uint64(nil), st.Buckets...)
		out.Stages[name] = st
	}
	return out
}
