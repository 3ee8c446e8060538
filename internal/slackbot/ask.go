package slackbot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"kildesvar/internal/assistant"
	"kildesvar/internal/journal"
	"kildesvar/internal/privacy"
	"kildesvar/internal/slackbot/message"
	"kildesvar/internal/slackbot/slacktext"
)

// asking is what a worker must know of a question besides the journal's own fields.
type asking struct {
	Notice   notice `json:"notice,omitempty"`       // say this in place of an answer
	Direct   bool   `json:"direct,omitempty"`       // in a channel of the two alone
	Shared   bool   `json:"shared,omitempty"`       // in a channel shared with another organisation
	Private  bool   `json:"private,omitempty"`      // only the asker sees the answer
	Heading  bool   `json:"heading,omitempty"`      // show the question, it does not stand above
	Response string `json:"response_url,omitempty"` // where a private answer goes, for half an hour
}

// ask records a question. It is on disk when ask returns nil, or has been before.
func (b *Bot) ask(ctx context.Context, d journal.Delivery, text string, c asking) error {
	masked, _ := privacy.Mask(text, b.cfg.Privacy)
	if utf8.RuneCountInString(masked) > b.cfg.MaxQuestion {
		masked, _ = slacktext.Cut(masked, 200)
		c.Notice = noticeLong
	}
	if c.Notice == noticeNone {
		c.Notice = check(masked, d.Surface)
	}
	// The two deliveries of a mention one after the other: else one could be recorded with the limits that the other has used up.
	done, err := b.inTurn(ctx, d.Channel+"/"+d.TS+"/"+d.User)
	if err != nil {
		return err
	}
	defer done()
	verdict, give := b.limits.take(d.User, d.Channel)
	switch {
	case verdict == quiet:
		c.Notice = noticeSilent
	case verdict == tooMany:
		c.Notice = noticeTooMany
	case c.Notice == noticeNone && b.queue() >= b.cfg.MaxQueue:
		c.Notice = noticeBusy
	}
	d.Text = masked
	raw, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encode question: %w", err)
	}
	d.Context = raw
	b.metrics.change(func(s *Snapshot) { s.Queue++ })
	q, fresh, err := b.journal.Record(ctx, d)
	if err != nil || !fresh {
		give()
	}
	b.metrics.change(func(s *Snapshot) {
		switch {
		case err == nil && fresh:
			s.Asked[string(d.Surface)]++
			return
		case err == nil:
			s.Duplicates++
		}
		s.Queue = max(s.Queue-1, 0)
	})
	if err != nil {
		return err
	}
	if fresh {
		b.log.Info("question", "id", q.ID, "surface", string(d.Surface), "notice", string(c.Notice))
		b.wake()
	}
	return nil
}

// inTurn waits until nobody else records a question of that name; done lets the next one.
func (b *Bot) inTurn(ctx context.Context, name string) (done func(), err error) {
	for {
		b.mu.Lock()
		other := b.recording[name]
		if other == nil {
			mine := make(chan struct{})
			b.recording[name] = mine
			b.mu.Unlock()
			return func() {
				b.mu.Lock()
				delete(b.recording, name)
				b.mu.Unlock()
				close(mine)
			}, nil
		}
		b.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, fmt.Errorf("wait to record: %w", ctx.Err())
		}
	}
}

func (b *Bot) queue() (n int) {
	b.metrics.change(func(s *Snapshot) { n = s.Queue })
	return n
}

// check is the notice for a text that is no question.
func check(text string, s journal.Surface) notice {
	if _, err := assistant.Clean(text); err != nil {
		switch {
		case errors.Is(err, assistant.ErrEmpty) && s == journal.Slash:
			return noticeHello
		case errors.Is(err, assistant.ErrEmpty):
			return noticeEmpty
		case errors.Is(err, assistant.ErrTooLong):
			return noticeLong
		}
		return noticeBroken
	}
	return smallTalk(text)
}

// command is a slash command.
type command struct {
	Command  string `json:"command"`
	Text     string `json:"text"`
	User     string `json:"user_id"`
	Channel  string `json:"channel_id"`
	Team     string `json:"team_id"`
	App      string `json:"api_app_id"`
	Trigger  string `json:"trigger_id"`
	Response string `json:"response_url"`
}

func (b *Bot) onCommand(ctx context.Context, raw json.RawMessage) error {
	var c command
	if err := read(raw, &c); err != nil {
		return err
	}
	if c.User == "" || c.Channel == "" || c.Trigger == "" {
		return fmt.Errorf("slash command: %w", errMalformed)
	}
	in := slacktext.Decode(c.Text, b.self().User)
	return b.ask(ctx, journal.Delivery{App: c.App, Team: c.Team, EventID: c.Trigger, Channel: c.Channel, User: c.User, Surface: journal.Slash}, in.Text,
		asking{Private: true, Heading: true, Response: c.Response})
}

// onShortcut answers a message somebody wrote, for whoever asks to have it answered.
func (b *Bot) onShortcut(ctx context.Context, x interaction) error {
	if x.User.ID == "" || x.Channel.ID == "" || x.Trigger == "" || x.Message.TS == "" {
		return fmt.Errorf("shortcut: %w", errMalformed)
	}
	in := slacktext.Decode(x.Message.Text, b.self().User)
	thread := x.Message.ThreadTS
	if thread == "" {
		thread = x.Message.TS
	}
	return b.ask(ctx, journal.Delivery{App: x.App, Team: x.Team.ID, EventID: x.Trigger, Channel: x.Channel.ID, ThreadTS: thread, TS: x.Message.TS,
		User: x.User.ID, Surface: journal.Shortcut}, strings.TrimLeft(in.Text, " :,"), asking{Private: true, Response: x.Response})
}

// onFollowUp asks the question on a button as the person who pressed it, in the thread of the answer.
func (b *Bot) onFollowUp(ctx context.Context, x interaction) error {
	action, id := x.Actions[0].ID, x.answerID()
	q, s, err := b.stored(ctx, id)
	if err != nil {
		return err
	}
	n := 0
	if _, err := fmt.Sscanf(strings.TrimPrefix(action, message.FollowUp), "%d", &n); err != nil || n < 1 || s.Answer == nil || n > len(s.Answer.Next) {
		return fmt.Errorf("follow-up %.40q: %w", action, errMalformed)
	}
	return b.askAsClicked(ctx, x, q, s.Answer.Next[n-1], fmt.Sprintf("%s%d:%s:%s", message.FollowUp, n, id, x.User.ID))
}

// onAskAgain asks a question that was not answered once more.
func (b *Bot) onAskAgain(ctx context.Context, x interaction) error {
	q, _, err := b.stored(ctx, x.answerID())
	if err != nil {
		return err
	}
	return b.askAsClicked(ctx, x, q, q.Text, message.AskAgain+":"+q.ID)
}

// askAsClicked records a question that a button holds. key makes two presses one question.
func (b *Bot) askAsClicked(ctx context.Context, x interaction, q journal.Question, text, key string) error {
	was := contextOf(q)
	d := journal.Delivery{App: x.App, Team: q.Team, EventID: key, Channel: q.Channel, ThreadTS: q.ThreadTS, User: x.User.ID, Surface: journal.Followup}
	c := asking{Direct: was.Direct, Shared: was.Shared, Heading: true}
	if x.Container.Ephemeral {
		d.Surface, c.Private, c.Response = q.Surface, true, x.Response
	} else if x.Container.Channel != "" { // a private answer may have been sent to all
		d.Channel, d.ThreadTS = x.Container.Channel, x.thread()
	}
	return b.ask(ctx, d, text, c)
}

// contextOf reads back what ask stored.
func contextOf(q journal.Question) (c asking) {
	_ = json.Unmarshal(q.Context, &c) // our own JSON; empty for a withdrawn question
	return c
}
