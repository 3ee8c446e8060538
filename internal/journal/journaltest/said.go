package journaltest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"kildesvar/internal/journal"
	"kildesvar/internal/journal/chain"
)

// sound checks that the log has no problem, with a head noted earlier or "".
func (b *bench) sound(noted string) chain.Report {
	b.Helper()
	r, err := b.Verify(context.WithoutCancel(b.Context()), noted)
	b.ok(err)
	if len(r.Problems) > 0 {
		b.Errorf("problems: %+v", r.Problems)
	}
	return r
}

// someFacts are facts with every field filled.
func someFacts(n int) *journal.Facts {
	return &journal.Facts{Generation: "0123abcd", Program: "1.2.3", Mode: "generative", Model: "m", Prompt: "p1", TookMS: int64(n),
		Sources: []journal.Source{{Passage: "a/b#c.1", Hash: journal.HashText("ét")}, {Passage: "a/b#c.2", Hash: journal.HashText("to")}}, History: []string{"01X"}}
}

// sayAll makes a bit of everything that is recorded. It leaves records that are erased, replaced and current.
func sayAll(b *bench) {
	ctx := b.Context()
	var ids []string
	for i := range 5 {
		d := b.delivery()
		d.User = fmt.Sprint("U", i%3)
		q := b.record(d)
		l := b.claim(q.ID)
		_, err := b.Posting(ctx, l, journal.Answer{JSON: fmt.Appendf(nil, `{"svar":%d}`, i), Plain: fmt.Sprint("Svar ", i), Outcome: "answered", Facts: someFacts(i)})
		b.ok(err)
		b.ok(b.Finish(ctx, l, journal.Place{Channel: "C1", TS: d.TS + "a"}))
		ids = append(ids, q.ID)
		b.pass(time.Second)
	}
	private := b.delivery()
	private.Surface, private.TS, private.User = journal.Slash, "", "U3"
	p := b.record(private)
	l := b.claim(p.ID)
	_, err := b.Posting(ctx, l, journal.Answer{JSON: []byte(`{}`), Plain: "Privat"})
	b.ok(err)
	b.ok(b.Finish(ctx, l, journal.Place{}))
	b.ok(b.Publish(ctx, p.ID, journal.Place{Channel: "C1", TS: "9.9"}, "9.9"))
	for i, id := range ids {
		b.ok(b.Rate(ctx, journal.Feedback{AnswerID: id, User: fmt.Sprint("U", (i+1)%3), Up: i%2 == 0, Reason: fmt.Sprint("grund ", i)}))
	}
	b.ok(b.Rate(ctx, journal.Feedback{AnswerID: ids[1], User: "U2", Comment: "nu med ord"}))
	for i, id := range ids[:3] {
		e, _, err := b.Escalate(ctx, journal.Escalation{AnswerID: id, Asker: fmt.Sprint("U", i), Card: journal.Place{Channel: "CX"}})
		b.ok(err)
		b.ok(b.CardPosted(ctx, e.ID, journal.Place{Channel: "CX", TS: fmt.Sprint(i)}))
		_, _, err = b.Take(ctx, e.ID, "U0")
		b.ok(err)
	}
	_, err = b.Withdraw(ctx, ids[4])
	b.ok(err)
	_, err = b.Forget(ctx, "U0")
	b.ok(err)
	b.answered(b.delivery()) // the newest record is of an answer
}

func said(b *bench) {
	empty := b.sound("")
	if empty.Head != (chain.Head{}) || empty.Records != 0 {
		b.Errorf("an empty log: %+v", empty)
	}
	sayAll(b)
	r := b.sound("")
	// Answers: 7 given, 1 published. Ratings: 5, 1 changed. Escalations: 3, posted and taken; two of them lose their expert's name.
	// Erased: 1 withdrawn; 2 answers of U0, their 2 ratings and 1 escalation; U0's own rating of another's answer.
	if r.Records != 8+6+9+2+1+2+2+1+1 || r.Erasures != 7 || r.Rows != 4+2+2 {
		b.Errorf("%+v", r)
	}
	first := r.Head
	b.pass(time.Hour)
	b.answered(b.delivery())
	b.ok(b.Rate(b.Context(), journal.Feedback{AnswerID: b.answered(b.delivery()).ID, User: "U9"}))
	if r := b.sound(first.Hash); r.SeqNoted != first.Seq || r.Head.Seq != first.Seq+3 || r.Since != (chain.Since{Added: 3}) {
		b.Errorf("noted %+v, now %+v", first, r)
	}
	b.ok(b.Rate(b.Context(), journal.Feedback{AnswerID: b.oldest().ID, User: "U2", Up: true})) // U2 has rated it before
	if r := b.sound(first.Hash); r.Since != (chain.Since{Added: 4, Replaced: 1}) {
		b.Errorf("a rating was changed: %+v", r)
	}
	n, err := b.Prune(b.Context(), b.clock())
	if err != nil || n.Questions != 7 {
		b.Errorf("pruned %+v, %v", n, err)
	}
	if r := b.sound(first.Hash); r.Rows != 0 || r.SeqNoted != first.Seq || r.Since.Replaced != 1 || r.Since.Erased != 4+1+2 {
		b.Errorf("after all is pruned: %+v", r)
	}
	if r, err := b.Verify(b.Context(), journal.HashText("noget andet")); err != nil || len(r.Problems) != 1 || r.Problems[0].Rule != chain.NotedGone {
		b.Errorf("with a head that never was: %+v, %v", r, err)
	}
}

// oldest is the oldest question that is answered.
func (b *bench) oldest() journal.Question {
	b.Helper()
	qs, err := b.Questions(b.Context(), "", "", 1)
	b.ok(err)
	return qs[0]
}

func facts(b *bench) {
	ctx := b.Context()
	q := b.record(b.delivery())
	l := b.claim(q.ID)
	for _, a := range []journal.Answer{{}, {JSON: []byte(`{}`), Facts: someFacts(7)}, {Outcome: "answered"}} { // what is empty changes nothing
		_, err := b.Posting(ctx, l, a)
		b.ok(err)
	}
	b.ok(b.Finish(ctx, l, journal.Place{Channel: "C1", TS: "7.0"}))
	if diff := differ(someFacts(7), b.get(q.ID).Answer.Facts); diff != "" {
		b.Error(diff)
	}
	if got := b.answered(b.delivery()).Answer.Facts; got != nil {
		b.Errorf("facts of an answer without: %+v", got)
	}
	_, err := b.Withdraw(ctx, q.ID)
	b.ok(err)
	if qs, err := b.Questions(ctx, "", "", 10); err != nil || len(qs) != 2 || qs[0].Answer.Facts != nil {
		b.Errorf("withdrawn: %+v, %v", qs, err)
	}
}

// clockBack: what was said before and after the clock was set back is in the log in the order in which it happened, new questions do not
// wait for the clock, and pruning goes by the times as they were noted.
func clockBack(b *bench) {
	ctx := b.Context()
	before := b.answered(b.delivery())
	waiting := b.record(b.delivery())
	b.pass(-3 * time.Hour)
	if due, err := b.Due(ctx); err != nil || !due {
		b.Errorf("due %v, %v", due, err)
	}
	b.answer(b.claim(waiting.ID), "C1", "w")
	after := b.answered(b.delivery())
	if !after.ReceivedAt.Before(before.ReceivedAt) || after.ID <= before.ID {
		b.Errorf("received at %v and %v, ids %s and %s", before.ReceivedAt, after.ReceivedAt, before.ID, after.ID)
	}
	if r := b.sound(""); r.Records != 3 {
		b.Errorf("%+v", r)
	}
	if n, err := b.Prune(ctx, b.clock().Add(time.Hour)); err != nil || n.Questions != 1 {
		b.Errorf("pruned %+v, %v", n, err)
	}
	b.get(before.ID)
}

func pages(b *bench) {
	ctx := b.Context()
	want := map[string][]string{}
	for i := range 7 {
		d := b.delivery()
		d.User = fmt.Sprint("U", i%2)
		id := b.record(d).ID
		want[d.User], want[""] = append(want[d.User], id), append(want[""], id)
	}
	for user, ids := range want {
		var got []string
		for after := ""; ; {
			qs, err := b.Questions(ctx, user, after, 3)
			b.ok(err)
			if len(qs) == 0 {
				break
			}
			for _, q := range qs {
				got, after = append(got, q.ID), q.ID
			}
		}
		if diff := differ(ids, got); diff != "" {
			b.Errorf("questions of %q: %s", user, diff)
		}
	}
}

func concerns(b *bench) {
	ctx := b.Context()
	q := b.answered(b.delivery())
	b.ok(b.Rate(ctx, journal.Feedback{AnswerID: q.ID, User: "U1", Up: true}))
	b.ok(b.Rate(ctx, journal.Feedback{AnswerID: q.ID, User: "U2"}))
	e, _, err := b.Escalate(ctx, journal.Escalation{AnswerID: q.ID, Asker: "U1"})
	b.ok(err)
	_, _, err = b.Take(ctx, e.ID, "U2")
	b.ok(err)
	_, _, err = b.Solve(ctx, e.ID, "U3")
	b.ok(err)
	for user, want := range map[string][2]int{"": {2, 1}, "U1": {1, 1}, "U2": {1, 1}, "U3": {0, 1}, "U4": {0, 0}} {
		rs, err := b.RatingsBy(ctx, user)
		b.ok(err)
		es, err := b.EscalationsOf(ctx, user)
		b.ok(err)
		if len(rs) != want[0] || len(es) != want[1] {
			b.Errorf("%q has %d ratings and %d escalations, want %v", user, len(rs), len(es), want)
		}
		for _, r := range rs {
			if r.AnswerID != q.ID || user != "" && r.User != user || !r.At.Equal(b.clock()) {
				b.Errorf("%q: %+v", user, r)
			}
		}
	}
}

// saying is a bench with everything said.
func saying(t *testing.T, open func(*testing.T, journal.Options) *journal.Journal) *bench {
	b := &bench{T: t, now: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)}
	b.Journal = open(t, journal.Options{Now: b.clock})
	sayAll(b)
	return b
}
