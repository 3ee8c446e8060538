package slackbot

import (
	"context"
	"errors"
	"fmt"

	"kildesvar/internal/journal"
	"kildesvar/internal/privacy"
	"kildesvar/internal/slackbot/message"
	"kildesvar/internal/slackbot/slacktext"
	"kildesvar/internal/slackbot/webapi"
)

// onEscalate hands an answer to the experts. That it is to be done is kept first.
func (b *Bot) onEscalate(ctx context.Context, x interaction) error {
	if b.cfg.ExpertChannel == "" {
		return b.later(message.Escalate, func(ctx context.Context) error {
			return b.tell(ctx, x, "Der er ikke valgt en kanal med fagpersoner endnu. Bed jeres administrator om at slå det til.")
		})
	}
	q, k, err := b.stored(ctx, x.answerID())
	if err != nil {
		return err
	}
	from := journal.Place{Channel: q.Channel, TS: q.ThreadTS}
	if contextOf(q).Private && q.Answer.Place.TS == "" { // the human's reply comes as a direct message
		from = journal.Place{}
	}
	e, fresh, err := b.journal.Escalate(ctx, journal.Escalation{AnswerID: q.ID, Asker: x.User.ID, From: from, Card: journal.Place{Channel: b.cfg.ExpertChannel}})
	if err != nil {
		return err
	}
	return b.later(message.Escalate, func(ctx context.Context) error { return b.escalate(ctx, x, e, fresh, q, k) })
}

// escalate posts the card and tells whoever pressed the button.
func (b *Bot) escalate(ctx context.Context, x interaction, e journal.Escalation, fresh bool, q journal.Question, k kept) error {
	if e.Card.TS == "" {
		if err := b.postCard(ctx, e, q, k); err != nil {
			return errors.Join(err, b.tell(ctx, x, "Jeg kunne ikke sende spørgsmålet videre med det samme. Jeg prøver igen om lidt."))
		}
	} else if !fresh {
		return b.tell(ctx, x, "Spørgsmålet er allerede sendt til fagpersonerne. Svaret kommer her, når de har skrevet det.")
	}
	where := "her i tråden"
	if e.From.TS == "" {
		where = "i en direkte besked"
	}
	return b.tell(ctx, x, "Jeg har sendt dit spørgsmål til fagpersonerne. Deres svar kommer "+where+".")
}

// alone does f unless the same is being done already: two people may press a button at the same time, or the sweep may come by.
func (b *Bot) alone(name string, f func() error) error {
	b.mu.Lock()
	busy := b.sending[name]
	b.sending[name] = true
	b.mu.Unlock()
	if busy {
		return nil
	}
	defer func() {
		b.mu.Lock()
		delete(b.sending, name)
		b.mu.Unlock()
	}()
	return f()
}

// postCard posts an escalation's card, unless it stands there already.
func (b *Bot) postCard(ctx context.Context, e journal.Escalation, q journal.Question, k kept) error {
	return b.alone(e.ID, func() error {
		ts, err := b.place(ctx, webapi.Target{Channel: e.Card.Channel, Nonce: e.ID}, b.cardForms(ctx, e, q, k), true)
		if err != nil {
			return err
		}
		return b.journal.CardPosted(ctx, e.ID, journal.Place{Channel: e.Card.Channel, TS: ts})
	})
}

func (b *Bot) cardForms(ctx context.Context, e journal.Escalation, q journal.Question, k kept) []message.Message {
	o := message.CardOptions{ID: e.ID, Hosts: b.hosts, Asker: e.Asker, Question: q.Text, TakenBy: e.TakenBy, SolvedBy: e.SolvedBy}
	if p := q.Answer.Place; p.TS != "" {
		link, err := b.api.Link(ctx, p.Channel, p.TS)
		if err != nil {
			b.log.Warn("no permalink for the card", "id", e.ID, "err", err)
		}
		o.Permalink = link
	}
	m := message.Card(k.Answer, o)
	return []message.Message{m, {Text: m.Text}}
}

// takeCase gives an escalation to whoever pressed the button.
func (b *Bot) takeCase(ctx context.Context, x interaction) error {
	e, moved, err := b.journal.Take(ctx, x.value(), x.User.ID)
	if err != nil {
		return err
	}
	if !moved && e.TakenBy != x.User.ID {
		err = b.tell(ctx, x, "Spørgsmålet er allerede taget.")
	}
	return errors.Join(err, b.renewCard(ctx, e))
}

// solveCase closes an escalation.
func (b *Bot) solveCase(ctx context.Context, x interaction) error {
	e, _, err := b.journal.Solve(ctx, x.value(), x.User.ID)
	if err != nil {
		return err
	}
	return b.renewCard(ctx, e)
}

// renewCard shows an escalation as it now stands.
func (b *Bot) renewCard(ctx context.Context, e journal.Escalation) error {
	if e.Card.TS == "" {
		return nil
	}
	q, k, err := b.stored(ctx, e.AnswerID)
	if err != nil {
		return err
	}
	return b.api.Edit(ctx, webapi.Target{Channel: e.Card.Channel, Nonce: e.ID}, e.Card.TS, b.cardForms(ctx, e, q, k)[0])
}

// onExpert takes an expert's reply in a card's thread. One that names a colleague is talk among the experts.
func (b *Bot) onExpert(ctx context.Context, e journal.Escalation, ev event, in slacktext.Incoming) error {
	if len(in.Others) > 0 || in.Text == "" || ev.User == e.Asker && e.From.Channel == ev.Channel {
		return nil
	}
	from := journal.Place{Channel: ev.Channel, TS: ev.TS}
	first, err := b.journal.BeginRelay(ctx, journal.Relay{Escalation: e.ID, From: from})
	if err != nil || !first {
		return err
	}
	return b.later("relay", func(ctx context.Context) error { return b.relay(ctx, e, from, ev.User, in.Text) })
}

// relay carries an expert's words to the asker, unless they have arrived already.
func (b *Bot) relay(ctx context.Context, e journal.Escalation, from journal.Place, expert, text string) error {
	return b.alone("relay:"+from.TS, func() error { return b.carry(ctx, e, from, expert, text) })
}

func (b *Bot) carry(ctx context.Context, e journal.Escalation, from journal.Place, expert, text string) error {
	// An expert may say whom to call or write to.
	text, _ = privacy.Mask(text, privacy.Options{Allow: []privacy.Kind{privacy.Phone, privacy.Email, privacy.Address}, Known: b.cfg.Privacy.Known})
	t := webapi.Target{Channel: e.From.Channel, Thread: e.From.TS, Nonce: "relay:" + from.TS}
	if t.Channel == "" {
		dm, err := b.api.DM(ctx, e.Asker)
		if err != nil {
			return fmt.Errorf("relay for %s: %w", e.ID, err)
		}
		t.Channel = dm
	}
	m := message.Relay(e.Asker, expert, text)
	ts, err := b.place(ctx, t, []message.Message{m, {Text: m.Text}}, true)
	if err != nil {
		return fmt.Errorf("relay for %s: %w", e.ID, err)
	}
	b.metrics.change(func(s *Snapshot) { s.Relays++ })
	return b.journal.EndRelay(ctx, from, journal.Place{Channel: t.Channel, TS: ts})
}

// resume finishes what was begun and not ended, by an earlier run or because Slack did not answer: cards that may not stand in the expert
// channel, and experts' replies that may not have arrived.
func (b *Bot) resume(ctx context.Context) {
	open, err := b.journal.OpenEscalations(ctx)
	if err != nil {
		if ctx.Err() == nil { // else the program stops
			b.log.Error("open escalations not read", "err", err)
		}
		return
	}
	for _, e := range open {
		if e.Card.TS != "" {
			continue
		}
		q, k, err := b.stored(ctx, e.AnswerID)
		if err == nil {
			err = b.postCard(ctx, e, q, k)
		}
		if err != nil && ctx.Err() == nil {
			b.log.Error("card not posted", "id", e.ID, "err", err)
		}
	}
	begun, err := b.journal.BegunRelays(ctx)
	if err != nil {
		if ctx.Err() == nil { // else the program stops
			b.log.Error("begun relays not read", "err", err)
		}
		return
	}
	for _, r := range begun {
		e, err := b.journal.Escalation(ctx, r.Escalation)
		if err == nil {
			err = b.relayAgain(ctx, e, r.From)
		}
		if err != nil && ctx.Err() == nil {
			b.log.Error("reply not carried", "id", r.Escalation, "err", err)
		}
	}
}

// relayAgain reads an expert's reply, which is kept nowhere but at Slack, and carries it.
func (b *Bot) relayAgain(ctx context.Context, e journal.Escalation, from journal.Place) error {
	msgs, err := b.api.Thread(ctx, from.Channel, e.Card.TS, "")
	if err != nil {
		return err
	}
	for _, m := range msgs {
		if m.TS == from.TS {
			return b.relay(ctx, e, from, m.User, slacktext.Decode(m.Text, b.self().User).Text)
		}
	}
	return b.journal.EndRelay(ctx, from, journal.Place{Channel: from.Channel, TS: "deleted"}) // by the expert
}
