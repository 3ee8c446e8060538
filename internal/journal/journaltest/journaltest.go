// Package journaltest is the conformance suite of journal.Journal: every backend must pass it.
package journaltest

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"kildesvar/internal/journal"
)

// Open makes an empty journal that is closed when the test ends.
type Open func(t *testing.T, o journal.Options) *journal.Journal

// Run checks the journals that open makes.
func Run(t *testing.T, open Open) {
	for name, test := range map[string]func(*bench){
		"a question keeps its fields":             fields,
		"all keys lead to one question":           keys,
		"what is no delivery":                     bad,
		"one of many is fresh":                    race,
		"from received to answered":               lifecycle,
		"illegal transitions":                     illegal,
		"a lease is lost with the fence":          fence,
		"after a crash the answer is still there": crash,
		"a stream notes its place first":          stream,
		"failures are retried":                    retry,
		"one question of a thread at a time":      threadOrder,
		"the old get an apology":                  expired,
		"pending":                                 pending,
		"many workers":                            workers,
		"withdraw":                                withdraw,
		"private answers are published":           publish,
		"history of a thread":                     history,
		"taking part":                             takesPart,
		"recent":                                  recent,
		"acts done once":                          once,
		"feedback":                                feedback,
		"escalations":                             escalations,
		"relays":                                  relays,
		"forget":                                  forget,
		"prune":                                   prune,
		"stats":                                   stats,
		"cancelled":                               cancelled,
		"what was said is recorded":               said,
		"facts are kept":                          facts,
		"a clock set back":                        clockBack,
		"questions page by page":                  pages,
		"what concerns a person":                  concerns,
	} {
		t.Run(name, func(t *testing.T) {
			b := &bench{T: t, now: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)}
			b.Journal = open(t, journal.Options{Now: b.clock})
			test(b)
			b.sound("")
		})
	}
}

// bench is a journal under test with a clock that stands still.
type bench struct {
	*testing.T
	*journal.Journal
	mu  sync.Mutex
	now time.Time
	n   int
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bench) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

func (b *bench) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bench) want(err, sentinel error) {
	b.Helper()
	if !errors.Is(err, sentinel) {
		b.Fatalf("error %v, want %v", err, sentinel)
	}
}

// delivery is a new mention in its own thread of channel C1.
func (b *bench) delivery() journal.Delivery {
	b.n++
	return journal.Delivery{App: "A1", Team: "T1", EventID: fmt.Sprintf("Ev%d", b.n), Channel: "C1", TS: fmt.Sprintf("1764061200.%06d", b.n),
		User: "U1", Surface: journal.Mention, Text: fmt.Sprintf("Hvad er samskabelse %d?", b.n)}
}

// record records a delivery that must be fresh.
func (b *bench) record(d journal.Delivery) journal.Question {
	b.Helper()
	q, fresh, err := b.Record(b.Context(), d)
	b.ok(err)
	if !fresh {
		b.Fatalf("delivery %+v is not fresh", d)
	}
	b.pass(time.Millisecond)
	return q
}

// claim claims the next question, which must have the given id.
func (b *bench) claim(id string) journal.Lease {
	b.Helper()
	q, l, err := b.Claim(b.Context(), "w", time.Minute)
	b.ok(err)
	if q.ID != id || l.ID != id || q.Status != journal.Working || !q.DueAt.Equal(l.Until) || !l.Until.Equal(b.clock().Add(time.Minute)) {
		b.Fatalf("claimed %+v under %+v, want %s", q, l, id)
	}
	return l
}

// none checks that nothing can be claimed.
func (b *bench) none() {
	b.Helper()
	_, _, err := b.Claim(b.Context(), "w", time.Minute)
	b.want(err, journal.ErrNone)
}

// answer takes a claimed question to its end; the message stands at the question's ts with an "a" behind it.
func (b *bench) answer(l journal.Lease, channel, ts string) {
	b.Helper()
	_, err := b.Posting(b.Context(), l, journal.Answer{JSON: []byte(`{"svar":"` + l.ID + `"}`), Plain: "Svar på " + ts, Outcome: "answer"})
	b.ok(err)
	b.ok(b.Finish(b.Context(), l, journal.Place{Channel: channel, TS: ts + "a"}))
}

// answered records and answers a delivery.
func (b *bench) answered(d journal.Delivery) journal.Question {
	b.Helper()
	q := b.record(d)
	b.answer(b.claim(q.ID), d.Channel, d.TS)
	return b.get(q.ID)
}

func (b *bench) get(id string) journal.Question {
	b.Helper()
	q, err := b.Answer(b.Context(), id)
	b.ok(err)
	return q
}

// differ shows two values that are not deeply equal; "" if they are.
func differ(want, got any) string {
	if reflect.DeepEqual(want, got) {
		return ""
	}
	return fmt.Sprintf("got  %+v\nwant %+v", got, want)
}
