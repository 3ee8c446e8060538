// Package queue lets what has a deadline go before what has none. It leaves to others what they wait for.
package queue

import (
	"context"
	"sync"
)

// Queue orders those who wait for one connection: what has a deadline goes first, the others come one at a time. The pool
// itself knows no order: it takes any of those who wait (database/sql.connRequestSet).
type Queue struct {
	turn chan struct{} // holds a token while one without a deadline waits for the connection or has it

	mu    sync.Mutex
	hasty int           // those with a deadline that wait for the connection or have it
	none  chan struct{} // closed when hasty is 0 again; nil while it is
}

// Hurry counts a hasty one in; leave counts it out.
func (q *Queue) Hurry() (leave func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.hasty++; q.none == nil {
		q.none = make(chan struct{})
	}
	return func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		if q.hasty--; q.hasty == 0 {
			close(q.none)
			q.none = nil
		}
	}
}

// Wait waits for its turn and until no hasty one is there, or until ctx ends; leave lets the next one.
func (q *Queue) Wait(ctx context.Context) (leave func(), err error) {
	select {
	case q.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	q.mu.Lock()
	none := q.none
	q.mu.Unlock()
	if none != nil {
		select {
		case <-none:
		case <-ctx.Done(): // the transaction says so
		}
	}
	return func() { <-q.turn }, nil
}

// New makes an empty queue; it is safe for concurrent use.
func New() *Queue { return &Queue{turn: make(chan struct{}, 1)} }
