package journaltest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"kildesvar/internal/journal"
)

func lifecycle(b *bench) {
	ctx := b.Context()
	d := b.delivery()
	q, second := b.record(d), b.record(b.delivery())
	_, err := b.Answer(ctx, q.ID)
	b.want(err, journal.ErrNotFound)
	l := b.claim(q.ID)
	a := journal.Answer{JSON: []byte(`{"kilder": [1, 2]}`), Plain: "Et svar.", Outcome: "answer"}
	nonce, err := b.Posting(ctx, l, a)
	b.ok(err)
	if len(nonce) < 20 {
		b.Errorf("nonce %q is short", nonce)
	}
	if got := b.get(q.ID); got.Status != journal.Posting || got.Nonce != nonce { // somebody clicks before Finish
		b.Errorf("while posting: %+v", got)
	}
	_, err = b.ByMessage(ctx, "C1", "9.0")
	b.want(err, journal.ErrNotFound)
	b.pass(time.Second)
	a.Place = journal.Place{Channel: "C1", TS: "9.0"}
	b.ok(b.Finish(ctx, l, a.Place))
	want := q
	want.Status, want.DueAt, want.Attempts, want.Nonce, want.Answer, want.AnsweredAt = journal.Answered, time.Time{}, 1, nonce, a, b.clock()
	got, err := b.ByMessage(ctx, "C1", "9.0")
	b.ok(err)
	if diff := differ(want, got); diff != "" {
		b.Error(diff)
	}
	if diff := differ(want, b.get(q.ID)); diff != "" {
		b.Error(diff)
	}
	_, fresh, err := b.Record(ctx, d)
	if err != nil || fresh {
		b.Errorf("redelivered after the answer: fresh %v, %v", fresh, err)
	}
	b.ok(b.Decline(ctx, b.claim(second.ID), "ikke et spørgsmål"))
	b.pass(30 * time.Minute)
	b.none()
}

// illegal tries all calls in all states: who holds no lease, or is in another state, gets ErrState and changes nothing.
func illegal(b *bench) {
	ctx := b.Context()
	calls := map[string]func(journal.Lease) error{
		"extend":  func(l journal.Lease) error { _, err := b.Extend(ctx, l, time.Minute); return err },
		"posting": func(l journal.Lease) error { _, err := b.Posting(ctx, l, journal.Answer{}); return err },
		"finish":  func(l journal.Lease) error { return b.Finish(ctx, l, journal.Place{Channel: "C1", TS: "7.7"}) },
		"fail":    func(l journal.Lease) error { return b.Fail(ctx, l, "x", time.Time{}) },
		"decline": func(l journal.Lease) error { return b.Decline(ctx, l, "x") },
	}
	to := map[journal.Status]func(journal.Lease){
		journal.Working:  func(journal.Lease) {},
		journal.Posting:  func(l journal.Lease) { _, err := b.Posting(ctx, l, journal.Answer{JSON: []byte(`{}`)}); b.ok(err) },
		journal.Answered: func(l journal.Lease) { b.answer(l, "C1", "3.3") },
		journal.Failed:   func(l journal.Lease) { b.ok(b.Fail(ctx, l, "x", time.Time{})) },
		journal.Declined: func(l journal.Lease) { b.ok(b.Decline(ctx, l, "x")) },
	}
	legal := map[journal.Status]string{journal.Working: "extend posting fail decline", journal.Posting: "extend posting finish fail"}
	for status, reach := range to {
		for name, call := range calls {
			d := b.delivery()
			q := b.record(d)
			l := b.claim(q.ID)
			reach(l)
			before, err := b.Asked(ctx, d.Channel, d.TS)
			b.ok(err)
			if before.Status != status {
				b.Fatalf("status %s, want %s", before.Status, status)
			}
			err = call(l)
			if slices.Contains(strings.Fields(legal[status]), name) {
				if err != nil {
					b.Errorf("%s while %s: %v", name, status, err)
				}
			} else {
				after, readErr := b.Asked(ctx, d.Channel, d.TS)
				b.ok(readErr)
				if !errors.Is(err, journal.ErrState) || differ(before, after) != "" {
					b.Errorf("%s while %s: %v, %s", name, status, err, differ(before, after))
				}
			}
			if err := call(journal.Lease{ID: q.ID, Fence: l.Fence + 1}); !errors.Is(err, journal.ErrState) {
				b.Errorf("%s while %s with another fence: %v", name, status, err)
			}
			if err := call(journal.Lease{ID: "ukendt", Fence: 1}); !errors.Is(err, journal.ErrNotFound) {
				b.Errorf("%s of an unknown question: %v", name, err)
			}
		}
	}
}

func fence(b *bench) {
	ctx := b.Context()
	q := b.record(b.delivery())
	first := b.claim(q.ID)
	b.pass(50 * time.Second)
	longer, err := b.Extend(ctx, first, time.Minute)
	b.ok(err)
	if !longer.Until.Equal(b.clock().Add(time.Minute)) || longer.Fence != first.Fence {
		b.Errorf("extended to %+v", longer)
	}
	b.pass(59 * time.Second)
	b.none()
	b.pass(time.Second)
	second := b.claim(q.ID)
	_, err = b.Posting(ctx, longer, journal.Answer{JSON: []byte(`{"af":1}`)})
	b.want(err, journal.ErrState)
	b.answer(second, "C1", "1.1")
	b.want(b.Finish(ctx, longer, journal.Place{Channel: "C1", TS: "2.2"}), journal.ErrState)
	if got := b.get(q.ID); got.Answer.Place.TS != "1.1a" || got.Attempts != 2 {
		b.Errorf("got %+v", got)
	}
}

// crash: a worker dies between posting and Finish; the next finds nonce and answer and finishes with the message that stands there.
func crash(b *bench) {
	ctx := b.Context()
	q := b.record(b.delivery())
	nonce, err := b.Posting(ctx, b.claim(q.ID), journal.Answer{JSON: []byte(`{"n":1}`), Plain: "Et", Outcome: "answer"})
	b.ok(err)
	b.pass(2 * time.Minute)
	q, l, err := b.Claim(ctx, "w2", time.Minute)
	b.ok(err)
	if q.Nonce != nonce || string(q.Answer.JSON) != `{"n":1}` || q.Attempts != 2 {
		b.Fatalf("after the crash: %+v", q)
	}
	b.want(b.Finish(ctx, l, journal.Place{Channel: "C1", TS: "1.1"}), journal.ErrState) // only from posting
	again, err := b.Posting(ctx, l, journal.Answer{})
	b.ok(err)
	if again != nonce {
		b.Errorf("another nonce the second time: %s, %s", nonce, again)
	}
	b.ok(b.Finish(ctx, l, journal.Place{Channel: "C1", TS: "1.1"}))
	if got := b.get(q.ID); got.Answer.Plain != "Et" || got.Answer.Place.TS != "1.1" {
		b.Errorf("got %+v", got)
	}
	other := b.record(b.delivery())
	if n, err := b.Posting(ctx, b.claim(other.ID), journal.Answer{}); err != nil || n == nonce {
		b.Errorf("nonce of another question: %s, %v", n, err)
	}
}

func stream(b *bench) {
	ctx := b.Context()
	q := b.record(b.delivery())
	l := b.claim(q.ID)
	for _, a := range []journal.Answer{{}, {Place: journal.Place{Channel: "D1", TS: "5.5"}}, {JSON: []byte(`{"fuld":true}`), Plain: "Fuldt", Outcome: "answer"}} {
		_, err := b.Posting(ctx, l, a)
		b.ok(err)
	}
	b.ok(b.Finish(ctx, l, journal.Place{}))
	want := journal.Answer{JSON: []byte(`{"fuld":true}`), Plain: "Fuldt", Outcome: "answer", Place: journal.Place{Channel: "D1", TS: "5.5"}}
	if diff := differ(want, b.get(q.ID).Answer); diff != "" {
		b.Error(diff)
	}
	q = b.record(b.delivery())
	if _, err := b.Posting(ctx, b.claim(q.ID), journal.Answer{JSON: []byte(`{`)}); err == nil {
		b.Error("an answer that is no JSON was taken")
	}
}

func retry(b *bench) {
	ctx := b.Context()
	d := b.delivery()
	q := b.record(d)
	b.ok(b.Fail(ctx, b.claim(q.ID), "model svarer ikke", b.clock().Add(10*time.Second)))
	b.none()
	b.pass(10 * time.Second)
	got, l, err := b.Claim(ctx, "w", time.Minute)
	b.ok(err)
	if got.ID != q.ID || got.Attempts != 2 || got.LastError != "model svarer ikke" {
		b.Errorf("retried: %+v", got)
	}
	b.ok(b.Fail(ctx, l, "opgivet", time.Time{}))
	b.pass(40 * time.Minute)
	b.none()
	got, err = b.Asked(ctx, d.Channel, d.TS)
	b.ok(err)
	if got.Status != journal.Failed || !got.DueAt.IsZero() || got.LastError != "opgivet" {
		b.Errorf("given up: %+v", got)
	}
}

func threadOrder(b *bench) {
	d := b.delivery()
	first := b.record(d)
	follow := b.delivery()
	follow.ThreadTS, follow.Surface = d.TS, journal.Followup
	second, elsewhere := b.record(follow), b.record(b.delivery())
	l := b.claim(first.ID)
	b.claim(elsewhere.ID) // a busy thread holds nobody else up
	b.none()
	b.answer(l, "C1", d.TS)
	b.claim(second.ID)
	b.pass(2 * time.Minute) // both leases have run out
	b.claim(second.ID)
}

func expired(b *bench) {
	ctx := b.Context()
	dead, failed, final := b.record(b.delivery()), b.record(b.delivery()), b.record(b.delivery())
	b.claim(dead.ID)
	b.ok(b.Fail(ctx, b.claim(failed.ID), "x", b.clock().Add(5*time.Hour)))
	b.ok(b.Fail(ctx, b.claim(final.ID), "x", time.Time{}))
	b.pass(50 * time.Minute)
	young := b.record(b.delivery())
	_, _, err := b.Expired(ctx, "w", time.Minute)
	b.want(err, journal.ErrNone)
	b.pass(15 * time.Minute)
	for _, id := range []string{dead.ID, failed.ID} {
		q, l, err := b.Expired(ctx, "w", time.Minute)
		b.ok(err)
		if q.ID != id {
			b.Fatalf("expired %s, want %s", q.ID, id)
		}
		b.answer(l, "C1", id)
	}
	_, _, err = b.Expired(ctx, "w", time.Minute)
	b.want(err, journal.ErrNone)
	b.claim(young.ID)
	b.pass(2 * time.Hour)
	_, _, err = b.Claim(ctx, "w", time.Minute)
	b.want(err, journal.ErrNone)
	q, l, err := b.Expired(ctx, "w", time.Minute)
	if err != nil || q.ID != young.ID {
		b.Errorf("expired later: %s, %v", q.ID, err)
	}
	b.ok(b.Fail(ctx, l, "x", b.clock().Add(30*time.Second))) // an apology that failed waits for its next try
	_, _, err = b.Expired(ctx, "w", time.Minute)
	b.want(err, journal.ErrNone)
	b.pass(31 * time.Second)
	if q, _, err := b.Expired(ctx, "w", time.Minute); err != nil || q.ID != young.ID {
		b.Errorf("expired again: %s, %v", q.ID, err)
	}
}

func pending(b *bench) {
	b.record(b.delivery())
	b.pass(time.Minute)
	since := b.clock()
	first, second := b.record(b.delivery()), b.record(b.delivery())
	b.answered(b.alone())
	qs, err := b.Pending(b.Context(), since)
	b.ok(err)
	if len(qs) != 2 || qs[0].ID != first.ID || qs[1].ID != second.ID {
		b.Errorf("pending %+v", qs)
	}
	if n, err := b.Waiting(b.Context()); err != nil || n != 3 {
		b.Errorf("%d are waiting, %v", n, err)
	}
	due := func(want bool) {
		b.Helper()
		if got, err := b.Due(b.Context()); err != nil || got != want {
			b.Errorf("due: %v, %v", got, err)
		}
	}
	due(false) // all are being worked on
	b.pass(2 * time.Hour)
	due(false) // and too old by now
	b.record(b.delivery())
	due(true)
}

// alone is a delivery that will be claimed next, as all others are being worked on.
func (b *bench) alone() journal.Delivery {
	for {
		if _, _, err := b.Claim(b.Context(), "w", time.Hour); err != nil {
			b.want(err, journal.ErrNone)
			return b.delivery()
		}
	}
}

// workers: eight of them answer 64 questions; none twice.
func workers(b *bench) {
	const total = 64
	for range total {
		b.record(b.delivery())
	}
	var mu sync.Mutex
	seen := map[string]int{}
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for w := range errs {
		wg.Go(func() {
			for {
				q, l, err := b.Claim(b.Context(), fmt.Sprint("w", w), time.Minute)
				if errors.Is(err, journal.ErrNone) {
					return
				}
				if err == nil {
					_, err = b.Posting(b.Context(), l, journal.Answer{JSON: []byte(`{}`)})
				}
				if err == nil {
					err = b.Finish(b.Context(), l, journal.Place{Channel: "C1", TS: q.ID})
				}
				if err != nil {
					errs[w] = err
					return
				}
				mu.Lock()
				seen[q.ID]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	b.ok(errors.Join(errs...))
	for id, n := range seen {
		if n != 1 {
			b.Errorf("%s was answered %d times", id, n)
		}
	}
	if len(seen) != total {
		b.Errorf("%d questions were answered, want %d", len(seen), total)
	}
}
