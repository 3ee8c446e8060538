package journaltest

import (
	"time"

	"kildesvar/internal/journal"
)

func forget(b *bench) {
	ctx := b.Context()
	mine, theirs := b.delivery(), b.delivery()
	theirs.User = "U2"
	m, th := b.answered(mine), b.answered(theirs)
	atWork := b.record(b.delivery())
	l := b.claim(atWork.ID)
	for _, id := range []string{m.ID, th.ID} {
		for _, u := range []string{"U1", "U2"} {
			b.ok(b.Rate(ctx, journal.Feedback{AnswerID: id, User: u, Comment: "af " + u}))
		}
	}
	_, _, err := b.Escalate(ctx, journal.Escalation{AnswerID: m.ID, Asker: "U2", Card: journal.Place{Channel: "CX", TS: "8.0"}})
	b.ok(err)
	e, _, err := b.Escalate(ctx, journal.Escalation{AnswerID: th.ID, Asker: "U2", Card: journal.Place{Channel: "CX", TS: "8.1"}})
	b.ok(err)
	_, _, err = b.Take(ctx, e.ID, "U1")
	b.ok(err)

	if n, err := b.Forget(ctx, "U1"); err != nil || n != (journal.Erased{Questions: 2, Ratings: 3, Escalations: 1}) {
		b.Fatalf("forgot %+v, %v", n, err)
	}
	_, err = b.Answer(ctx, m.ID)
	b.want(err, journal.ErrNotFound)
	b.want(b.Finish(ctx, l, journal.Place{}), journal.ErrNotFound)
	if diff := differ(th, b.get(th.ID)); diff != "" {
		b.Error(diff)
	}
	if got, err := b.Ratings(ctx, th.ID); err != nil || len(got) != 1 || got[0].User != "U2" {
		b.Errorf("ratings: %+v, %v", got, err)
	}
	_, err = b.ByExpertThread(ctx, "CX", "8.0")
	b.want(err, journal.ErrNotFound)
	if got, err := b.ByExpertThread(ctx, "CX", "8.1"); err != nil || got.TakenBy != "" || got.State != journal.Taken {
		b.Errorf("escalation: %+v, %v", got, err)
	}
	q, fresh, err := b.Record(ctx, mine) // a late redelivery
	if diff := differ(journal.Question{}, q); err != nil || fresh || diff != "" {
		b.Errorf("redelivered: fresh %v, %v, %s", fresh, err, diff)
	}
	pair := mine
	pair.EventID = "Ev-message"
	if _, fresh, err := b.Record(ctx, pair); err != nil || fresh {
		b.Errorf("its other event: fresh %v, %v", fresh, err)
	}
	if n, err := b.Forget(ctx, "U1"); err != nil || n != (journal.Erased{}) {
		b.Errorf("forgot %+v more, %v", n, err)
	}
}

func prune(b *bench) {
	ctx := b.Context()
	d := b.delivery()
	old, open := b.answered(d), b.record(b.delivery())
	b.ok(b.Rate(ctx, journal.Feedback{AnswerID: old.ID, User: "U1", Up: true}))
	b.ok(b.Mute(ctx, "C1", d.TS))
	b.pass(24 * time.Hour)
	before := b.clock()
	kept := b.answered(b.delivery())
	if n, err := b.Prune(ctx, before); err != nil || n != (journal.Erased{Questions: 2, Ratings: 1}) {
		b.Fatalf("pruned %+v, %v", n, err)
	}
	for _, id := range []string{old.ID, open.ID} {
		_, err := b.Answer(ctx, id)
		b.want(err, journal.ErrNotFound)
	}
	b.get(kept.ID)
	if again := b.record(d); again.ID == old.ID { // its keys are gone too
		b.Error("the pruned question is back")
	}
	if part, err := b.TakesPart(ctx, "C1", d.TS); err != nil || !part {
		b.Errorf("the mute is still there: %v, %v", part, err)
	}
}

func stats(b *bench) {
	ctx := b.Context()
	empty, err := b.Stats(ctx)
	b.ok(err)
	if diff := differ(journal.Stats{Escalations: map[journal.EscalationState]int{}}, empty); diff != "" {
		b.Error(diff)
	}
	var last journal.Question
	for range 3 {
		last = b.answered(b.delivery())
	}
	for i, u := range []string{"U1", "U2", "U3"} {
		b.ok(b.Rate(ctx, journal.Feedback{AnswerID: last.ID, User: u, Up: i > 0}))
	}
	_, _, err = b.Escalate(ctx, journal.Escalation{AnswerID: last.ID, Asker: "U1"})
	b.ok(err)
	dm := b.delivery()
	dm.Surface, dm.Channel = journal.DM, "D1"
	b.ok(b.Fail(ctx, b.claim(b.record(dm).ID), "x", time.Time{}))
	open := b.record(b.delivery())
	b.record(b.delivery())
	got, err := b.Stats(ctx)
	b.ok(err)
	want := journal.Stats{
		Questions: []journal.QuestionCount{
			{Status: journal.Answered, Surface: journal.Mention, Outcome: "answer", N: 3},
			{Status: journal.Failed, Surface: journal.DM, N: 1},
			{Status: journal.Received, Surface: journal.Mention, N: 2},
		},
		Feedback:    []journal.FeedbackCount{{N: 1}, {Up: true, N: 2}},
		Escalations: map[journal.EscalationState]int{journal.Open: 1},
		OldestOpen:  open.ReceivedAt,
	}
	if diff := differ(want, got); diff != "" {
		b.Error(diff)
	}
}
