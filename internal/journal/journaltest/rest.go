package journaltest

import (
	"time"

	"kildesvar/internal/journal"
)

func withdraw(b *bench) {
	ctx := b.Context()
	d := b.delivery()
	q := b.record(d)
	l := b.claim(q.ID)
	_, err := b.Posting(ctx, l, journal.Answer{JSON: []byte(`{}`), Plain: "Et"})
	b.ok(err)
	withdrawn := func(id string, want bool) {
		b.Helper()
		if got, err := b.Withdrawn(ctx, id); err != nil || got != want {
			b.Errorf("withdrawn: %v, %v", got, err)
		}
	}
	withdrawn(q.ID, false)
	withdrawn("ukendt", true)
	p, err := b.Withdraw(ctx, q.ID)
	b.ok(err)
	withdrawn(q.ID, true)
	if p != (journal.Place{}) {
		b.Errorf("place %v of an answer that was not posted", p)
	}
	b.want(b.Finish(ctx, l, journal.Place{Channel: "C1", TS: "1.1"}), journal.ErrState)
	b.pass(2 * time.Minute)
	b.none()
	if got, err := b.Asked(ctx, d.Channel, d.TS); err != nil || got.Status != journal.Declined || got.Text != "" || got.Answer.Plain != "" {
		b.Errorf("withdrawn: %+v, %v", got, err)
	}
	d = b.delivery()
	q = b.answered(d)
	for _, want := range []journal.Place{{Channel: "C1", TS: d.TS + "a"}, {}} {
		if p, err := b.Withdraw(ctx, q.ID); err != nil || p != want {
			b.Errorf("place %v, %v; want %v", p, err, want)
		}
	}
	if _, fresh, err := b.Record(ctx, d); err != nil || fresh {
		b.Errorf("redelivered after the withdrawal: fresh %v, %v", fresh, err)
	}
	_, err = b.Withdraw(ctx, "ukendt")
	b.want(err, journal.ErrNotFound)
}

func publish(b *bench) {
	ctx := b.Context()
	d := journal.Delivery{App: "A1", Team: "T1", EventID: "trigger", Channel: "C1", ThreadTS: "4.0", User: "U1", Surface: journal.Shortcut, Text: "Hvad?"}
	q := b.record(d)
	b.want(b.Publish(ctx, q.ID, journal.Place{Channel: "C1", TS: "4.5"}, "4.0"), journal.ErrState)
	l := b.claim(q.ID)
	_, err := b.Posting(ctx, l, journal.Answer{JSON: []byte(`{}`), Plain: "Privat"})
	b.ok(err)
	b.ok(b.Finish(ctx, l, journal.Place{}))
	visible := func(want bool) {
		b.Helper()
		part, err := b.TakesPart(ctx, "C1", "4.0")
		b.ok(err)
		turns, err := b.Thread(ctx, "C1", "4.0", 5)
		b.ok(err)
		if part != want || (len(turns) == 1) != want {
			b.Errorf("takes part %v, turns %v; want %v", part, turns, want)
		}
	}
	visible(false)
	b.ok(b.Publish(ctx, q.ID, journal.Place{Channel: "C1", TS: "4.5"}, "4.0"))
	visible(true)
	b.want(b.Publish(ctx, q.ID, journal.Place{Channel: "C1", TS: "4.6"}, "4.0"), journal.ErrState)
	b.want(b.Publish(ctx, "ukendt", journal.Place{Channel: "C1", TS: "4.6"}, "4.0"), journal.ErrNotFound)
	if got, err := b.ByMessage(ctx, "C1", "4.5"); err != nil || got.ID != q.ID {
		b.Errorf("by message: %+v, %v", got, err)
	}
}

func history(b *bench) {
	ctx := b.Context()
	root := b.delivery()
	b.answered(root)
	var want []journal.Turn
	for i := range 4 {
		d := b.delivery()
		d.ThreadTS, d.User = root.TS, "U2"
		q := b.answered(d)
		if i > 0 {
			want = append(want, journal.Turn{ID: q.ID, User: "U2", Question: d.Text, Answer: "Svar på " + d.TS, At: q.ReceivedAt})
		}
	}
	open := b.delivery()
	open.ThreadTS = root.TS
	b.record(open)
	got, err := b.Thread(ctx, "C1", root.TS, 3)
	b.ok(err)
	if diff := differ(want, got); diff != "" {
		b.Error(diff)
	}
	if got, err := b.Thread(ctx, "C2", root.TS, 3); err != nil || len(got) != 0 {
		b.Errorf("another channel's history: %v, %v", got, err)
	}
	if got, err := b.Thread(ctx, "C1", root.TS, 100); err != nil || len(got) != 5 {
		b.Errorf("whole history: %v, %v", got, err)
	}
}

func takesPart(b *bench) {
	ctx := b.Context()
	check := func(thread string, want bool) {
		b.Helper()
		got, err := b.TakesPart(ctx, "C1", thread)
		b.ok(err)
		if got != want {
			b.Errorf("takes part in %q: %v, want %v", thread, got, want)
		}
	}
	d := b.delivery()
	check(d.TS, false)
	q := b.record(d)
	check(d.TS, true) // a follow-up may come before the answer
	check("", false)
	b.answer(b.claim(q.ID), "C1", d.TS)
	b.ok(b.Mute(ctx, "C1", d.TS))
	b.ok(b.Mute(ctx, "C1", d.TS))
	check(d.TS, false)
	b.ok(b.Unmute(ctx, "C1", d.TS))
	b.ok(b.Unmute(ctx, "C1", d.TS))
	check(d.TS, true)
	declined := b.delivery()
	b.ok(b.Decline(ctx, b.claim(b.record(declined).ID), "x"))
	check(declined.TS, false)
}

func recent(b *bench) {
	first := b.answered(b.delivery())
	d := b.delivery()
	d.User = "U2"
	b.record(d)
	last := b.record(b.delivery())
	qs, err := b.Recent(b.Context(), "U1", 5)
	b.ok(err)
	if len(qs) != 2 || qs[0].ID != last.ID || qs[1].ID != first.ID || qs[1].Answer.Place.Channel != "C1" {
		b.Errorf("recent: %+v", qs)
	}
	for _, n := range []int{1, 0, -1} {
		if qs, err := b.Recent(b.Context(), "U1", n); err != nil || len(qs) != max(n, 0) {
			b.Errorf("the last %d: %d, %v", n, len(qs), err)
		}
	}
}

func once(b *bench) {
	for _, c := range []struct {
		name string
		want bool
	}{{"hilsen:C1", true}, {"hilsen:C1", false}, {"hilsen:C2", true}} {
		if got, err := b.Once(b.Context(), c.name); err != nil || got != c.want {
			b.Errorf("%s: %v, %v; want %v", c.name, got, err, c.want)
		}
	}
	b.pass(time.Hour)
	_, err := b.Prune(b.Context(), b.clock())
	b.ok(err)
	if got, err := b.Once(b.Context(), "hilsen:C1"); err != nil || !got {
		b.Errorf("after pruning: %v, %v", got, err)
	}
}

func feedback(b *bench) {
	ctx := b.Context()
	q := b.answered(b.delivery())
	up := journal.Feedback{AnswerID: q.ID, User: "U1", Up: true}
	down := journal.Feedback{AnswerID: q.ID, User: "U1", Reason: "forkert", Comment: "Årstallet er galt"}
	other := journal.Feedback{AnswerID: q.ID, User: "U2", Up: true, Reason: "godt"}
	for _, f := range []journal.Feedback{up, down, other} {
		b.ok(b.Rate(ctx, f))
		b.pass(time.Second)
	}
	check := func(want ...journal.Feedback) {
		b.Helper()
		got, err := b.Ratings(ctx, q.ID)
		b.ok(err)
		last := time.Time{}
		for i := range got {
			if at := got[i].At; at.After(b.clock()) || at.Before(last) || at.Before(q.ReceivedAt) {
				b.Errorf("rated at %v", at)
			}
			last, got[i].At = got[i].At, time.Time{}
		}
		if diff := differ(want, got); diff != "" {
			b.Error(diff)
		}
	}
	check(down, other)
	b.ok(b.Rate(ctx, journal.Feedback{AnswerID: q.ID, User: "U1"})) // the click again, after the form
	check(other, down)
	b.ok(b.Rate(ctx, up))
	check(other, up)
	b.want(b.Rate(ctx, journal.Feedback{AnswerID: "ukendt", User: "U1"}), journal.ErrNotFound)
}

func escalations(b *bench) {
	ctx := b.Context()
	q := b.answered(b.delivery())
	in := journal.Escalation{AnswerID: q.ID, Asker: "U1", From: journal.Place{Channel: "C1", TS: "1.0"}, Card: journal.Place{Channel: "CX"}}
	e, fresh, err := b.Escalate(ctx, in)
	b.ok(err)
	want := in
	want.ID, want.State, want.At = e.ID, journal.Open, b.clock()
	if diff := differ(want, e); diff != "" || !fresh || e.ID == "" {
		b.Errorf("fresh %v, id %q, %s", fresh, e.ID, diff)
	}
	in.Asker = "U2"
	if again, fresh, err := b.Escalate(ctx, in); err != nil || fresh || differ(want, again) != "" {
		b.Errorf("escalated again: fresh %v, %v, %+v", fresh, err, again)
	}
	_, _, err = b.Escalate(ctx, journal.Escalation{AnswerID: "ukendt"})
	b.want(err, journal.ErrNotFound)
	_, err = b.ByExpertThread(ctx, "CX", "")
	b.want(err, journal.ErrNotFound)
	if open, err := b.OpenEscalations(ctx); err != nil || len(open) != 1 || open[0].Card.TS != "" {
		b.Errorf("open: %+v, %v", open, err)
	}
	card := journal.Place{Channel: "CX", TS: "8.0"}
	b.ok(b.CardPosted(ctx, e.ID, card))
	b.ok(b.CardPosted(ctx, e.ID, card))
	b.want(b.CardPosted(ctx, e.ID, journal.Place{Channel: "CX", TS: "8.1"}), journal.ErrState)
	want.Card = card
	for _, step := range []struct {
		act           func() (journal.Escalation, bool, error)
		moved         bool
		state         journal.EscalationState
		taken, solved string
	}{
		{func() (journal.Escalation, bool, error) { return b.Take(ctx, e.ID, "UX") }, true, journal.Taken, "UX", ""},
		{func() (journal.Escalation, bool, error) { return b.Take(ctx, e.ID, "UY") }, false, journal.Taken, "UX", ""},
		{func() (journal.Escalation, bool, error) { return b.Solve(ctx, e.ID, "UY") }, true, journal.Solved, "UX", "UY"},
		{func() (journal.Escalation, bool, error) { return b.Solve(ctx, e.ID, "UX") }, false, journal.Solved, "UX", "UY"},
		{func() (journal.Escalation, bool, error) { return b.Take(ctx, e.ID, "UX") }, false, journal.Solved, "UX", "UY"},
	} {
		want.State, want.TakenBy, want.SolvedBy = step.state, step.taken, step.solved
		got, moved, err := step.act()
		if diff := differ(want, got); err != nil || moved != step.moved || diff != "" {
			b.Errorf("moved %v, %v, %s", moved, err, diff)
		}
	}
	if got, err := b.ByExpertThread(ctx, "CX", "8.0"); err != nil || differ(want, got) != "" {
		b.Errorf("by thread: %+v, %v", got, err)
	}
	if got, err := b.Escalation(ctx, e.ID); err != nil || differ(want, got) != "" {
		b.Errorf("by id: %+v, %v", got, err)
	}
	_, err = b.Escalation(ctx, "ukendt")
	b.want(err, journal.ErrNotFound)
	_, _, err = b.Take(ctx, "ukendt", "UX")
	b.want(err, journal.ErrNotFound)
	if open, err := b.OpenEscalations(ctx); err != nil || len(open) != 0 {
		b.Errorf("open: %+v, %v", open, err)
	}
}

func relays(b *bench) {
	ctx := b.Context()
	e, _, err := b.Escalate(ctx, journal.Escalation{AnswerID: b.answered(b.delivery()).ID, Asker: "U1", Card: journal.Place{Channel: "CX", TS: "8.0"}})
	b.ok(err)
	r := journal.Relay{Escalation: e.ID, From: journal.Place{Channel: "CX", TS: "8.5"}}
	for _, want := range []bool{true, false} {
		if first, err := b.BeginRelay(ctx, r); err != nil || first != want {
			b.Errorf("first %v, %v; want %v", first, err, want)
		}
	}
	if got, err := b.BegunRelays(ctx); err != nil || len(got) != 1 || got[0] != r {
		b.Errorf("begun: %v, %v", got, err)
	}
	b.ok(b.EndRelay(ctx, r.From, journal.Place{Channel: "C1", TS: "1.9"}))
	if got, err := b.BegunRelays(ctx); err != nil || len(got) != 0 {
		b.Errorf("begun: %v, %v", got, err)
	}
	if first, err := b.BeginRelay(ctx, r); err != nil || first {
		b.Errorf("first %v after the end, %v", first, err)
	}
	b.want(b.EndRelay(ctx, journal.Place{Channel: "CX", TS: "9.9"}, journal.Place{}), journal.ErrNotFound)
	_, err = b.BeginRelay(ctx, journal.Relay{Escalation: "ukendt", From: journal.Place{Channel: "CX", TS: "8.6"}})
	b.want(err, journal.ErrNotFound)
}
