package workspace

import (
	"math/rand/v2"
	"sync"
	"time"

	"kildesvar/internal/workspace/delivery"
)

// CallFault is what goes wrong with one call; the zero value is nothing.
type CallFault struct {
	Delay      time.Duration // before it is processed
	Status     int           // 429, 500 or 503 instead of processing it
	RetryAfter int           // seconds, with 429; 1 if 0
	Error      string        // "ok": false with this error instead of processing it
	Reset      bool          // it is processed, but the connection is cut before the answer
	Slow       time.Duration // after it was processed, before the answer
}

// SetFaults changes the faults from now on; nil is none.
func (w *Workspace) SetFaults(call func(method string, n int) CallFault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.o.CallFault = call
}

// RandomFaults is a plan in which about rate (0–1) of all calls and deliveries go wrong, in every way an app must survive:
// a call is refused at most twice in a row, so patience helps. The same seed gives the same plan for the same order of calls.
// Resets are left out of it (an app cannot know whether its post was seen); set CallFault.Reset where that is the point.
func RandomFaults(seed uint64, rate float64) (func(string, int) CallFault, func(string, int) delivery.Fault) {
	var mu sync.Mutex
	rnd := rand.New(rand.NewPCG(seed, 0xfa17))
	row := map[string]int{}
	call := func(method string, _ int) CallFault {
		mu.Lock()
		defer mu.Unlock()
		if rnd.Float64() >= rate || row[method] >= 2 {
			row[method] = 0
			return CallFault{}
		}
		row[method]++
		switch rnd.IntN(4) {
		case 0:
			return CallFault{Status: 429, RetryAfter: 1}
		case 1:
			return CallFault{Status: 500}
		case 2:
			return CallFault{Status: 503}
		}
		row[method] = 0
		return CallFault{Delay: time.Duration(rnd.IntN(200)) * time.Millisecond}
	}
	deliver := func(string, int) delivery.Fault {
		mu.Lock()
		defer mu.Unlock()
		if rnd.Float64() >= rate {
			return delivery.Fault{}
		}
		return []delivery.Fault{
			{Duplicate: true}, {Reorder: true}, {Malformed: true}, {Unknown: true}, {DropSocket: true},
			{Disconnect: "refresh_requested"}, {Disconnect: "warning"}, {Delay: time.Duration(rnd.IntN(300)) * time.Millisecond},
		}[rnd.IntN(8)]
	}
	return call, deliver
}
