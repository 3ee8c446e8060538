package journaltest

import (
	"context"
	"sync"
	"time"

	"kildesvar/internal/journal"
)

func fields(b *bench) {
	d := journal.Delivery{App: "A1", Team: "T1", EventID: "Ev-first", ClientMsgID: "m-1", Channel: "C1", ThreadTS: "1.0", TS: "2.0", User: "U1",
		Surface: journal.Followup, Text: "Hvad så med æ, ø og å? 'citat' \U0001F600", Context: []byte(`{"b":1,"a":[2]}`)}
	at := b.clock()
	q := b.record(d)
	want := journal.Question{ID: q.ID, Team: "T1", Channel: "C1", ThreadTS: "1.0", TS: "2.0", User: "U1", Surface: journal.Followup, Text: d.Text,
		Context: d.Context, ReceivedAt: at, Status: journal.Received, DueAt: at}
	if diff := differ(want, q); diff != "" {
		b.Error(diff)
	}
	if len(q.ID) != 26 {
		b.Errorf("id %q is not 26 characters long", q.ID)
	}
	asked, err := b.Asked(b.Context(), "C1", "2.0")
	b.ok(err)
	if diff := differ(q, asked); diff != "" {
		b.Error(diff)
	}
	_, err = b.Asked(b.Context(), "C1", "1.0")
	b.want(err, journal.ErrNotFound)
	last := q.ID
	for range 50 { // the clock stands still now
		d := b.delivery()
		q, _, err := b.Record(b.Context(), d)
		b.ok(err)
		if q.ID <= last {
			b.Fatalf("id %s after %s", q.ID, last)
		}
		if q.ThreadTS != d.TS {
			b.Fatalf("thread %q of a question that is no reply, want %q", q.ThreadTS, d.TS)
		}
		last = q.ID
	}
}

func keys(b *bench) {
	same := func(q journal.Question, d journal.Delivery) {
		b.Helper()
		got, fresh, err := b.Record(b.Context(), d)
		b.ok(err)
		if fresh || got.ID != q.ID {
			b.Fatalf("got %s, fresh %v; want %s", got.ID, fresh, q.ID)
		}
	}
	mention := b.delivery()
	mention.ClientMsgID = "m-1"
	q := b.record(mention)
	same(q, mention)
	message := mention
	message.EventID, message.Surface, message.Text = "Ev-message", journal.Followup, "anden form"
	same(q, message) // by (channel, ts)
	again := message
	again.Channel, again.TS, again.ClientMsgID = "", "", "" // by the event id that the message brought
	same(q, again)
	resent := mention
	resent.EventID, resent.TS = "Ev-resent", "1764061299.000000"
	same(q, resent) // by client_msg_id
	if got, err := b.Asked(b.Context(), "C1", resent.TS); err != nil || got.ID != q.ID || got.Text != mention.Text {
		b.Errorf("asked by the resent message: %+v, %v", got, err)
	}

	other := func(change func(*journal.Delivery)) {
		b.Helper()
		d := mention
		change(&d)
		if b.record(d).ID == q.ID {
			b.Fatalf("%+v is the same question", d)
		}
	}
	other(func(d *journal.Delivery) { d.App, d.TS, d.ClientMsgID = "A2", "5.0", "" })                     // another app's event
	other(func(d *journal.Delivery) { d.Team, d.TS, d.ClientMsgID = "T2", "6.0", "" })                    // another workspace's
	other(func(d *journal.Delivery) { d.Channel, d.EventID, d.ClientMsgID = "C2", "", "" })               // another channel's message
	other(func(d *journal.Delivery) { d.Channel, d.EventID = "C3", "" })                                  // the same id of a client in another channel
	other(func(d *journal.Delivery) { d.App, d.Team, d.EventID, d.Channel = `A1" "T1`, "Ev1", "", "C9" }) // parts that look like others
	for _, s := range []journal.Surface{journal.Slash, journal.Shortcut} {                                // the message a shortcut is used on is no key
		other(func(d *journal.Delivery) { d.Surface, d.EventID, d.ClientMsgID = s, "trigger-"+string(s), "" })
	}
}

func bad(b *bench) {
	for name, change := range map[string]func(*journal.Delivery){
		"no key":             func(d *journal.Delivery) { d.EventID, d.TS = "", "" },
		"only a shortcut":    func(d *journal.Delivery) { d.EventID, d.Surface = "", journal.Shortcut },
		"no surface":         func(d *journal.Delivery) { d.Surface = "" },
		"unknown surface":    func(d *journal.Delivery) { d.Surface = "fax" },
		"context is no JSON": func(d *journal.Delivery) { d.Context = []byte(`{`) },
	} {
		d := b.delivery()
		change(&d)
		if q, fresh, err := b.Record(b.Context(), d); err == nil {
			b.Errorf("%s: recorded %+v, fresh %v", name, q, fresh)
		}
	}
	b.none()
}

// race lets 16 deliver the same question at the same time, half of them as the mention, half as the message.
func race(b *bench) {
	for range 10 {
		d := b.delivery()
		var wg sync.WaitGroup
		start := make(chan struct{})
		ids, fresh, errs := make([]string, 16), make([]bool, 16), make([]error, 16)
		for i := range ids {
			wg.Go(func() {
				d := d
				if i%2 == 1 {
					d.EventID += "-message"
				}
				<-start
				q, f, err := b.Record(b.Context(), d)
				ids[i], fresh[i], errs[i] = q.ID, f, err
			})
		}
		close(start)
		wg.Wait()
		n := 0
		for i := range ids {
			b.ok(errs[i])
			if ids[i] != ids[0] || ids[i] == "" {
				b.Fatalf("ids %v", ids)
			}
			if fresh[i] {
				n++
			}
		}
		if n != 1 {
			b.Fatalf("%d of 16 are fresh, want 1", n)
		}
	}
}

// cancelled calls with a context that has ended change nothing, and the journal works on.
func cancelled(b *bench) {
	ctx, cancel := context.WithCancel(b.Context())
	cancel()
	d := b.delivery()
	_, _, err := b.Record(ctx, d)
	b.want(err, context.Canceled)
	_, _, err = b.Claim(ctx, "w", time.Minute)
	b.want(err, context.Canceled)
	_, err = b.Thread(ctx, "C1", "1.0", 5)
	b.want(err, context.Canceled)
	b.claim(b.record(d).ID)
}
