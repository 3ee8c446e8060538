// Package ulid makes ids that sort by the time they were made (github.com/ulid/spec). It leaves to others what they name.
package ulid

import (
	"crypto/rand"
	"encoding/base32"
	"sync"
	"time"
)

// crockford is the alphabet of ULIDs (github.com/ulid/spec): it sorts like its bytes and has no letters that look like digits.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var base = base32.NewEncoding(crockford).WithPadding(base32.NoPadding)

// Maker makes ULIDs: 48 bits of milliseconds, 80 bits of chance. Those of one maker only grow, also within a millisecond and when the
// clock is set back. The zero Maker is ready; it is safe for concurrent use.
type Maker struct {
	mu   sync.Mutex
	last int64
	rnd  [10]byte
}

// Next is a new id, 26 characters.
func (g *Maker) Next(now time.Time) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if ms := now.UnixMilli(); ms > g.last {
		g.last = ms
		_, _ = rand.Read(g.rnd[:]) // never fails
		g.rnd[0] &= 0x7f           // room to count up
	} else {
		for i := len(g.rnd) - 1; i >= 0; i-- {
			g.rnd[i]++
			if g.rnd[i] != 0 {
				break
			}
		}
	}
	var out [10]byte
	for i, ms := 9, g.last; i >= 0; i, ms = i-1, ms>>5 {
		out[i] = crockford[ms&31]
	}
	return string(out[:]) + base.EncodeToString(g.rnd[:])
}
