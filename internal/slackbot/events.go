package slackbot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"kildesvar/internal/journal"
	"kildesvar/internal/question"
	"kildesvar/internal/slackbot/intake"
	"kildesvar/internal/slackbot/slacktext"
)

// envelope is Slack's wrapper of an event.
type envelope struct {
	Type    string          `json:"type"`
	Team    string          `json:"team_id"`
	App     string          `json:"api_app_id"`
	EventID string          `json:"event_id"`
	Shared  bool            `json:"is_ext_shared_channel"`
	Event   json.RawMessage `json:"event"`
}

// event is what is used of an event; other fields may be of any type.
type event struct {
	Type        string          `json:"type"`
	Subtype     string          `json:"subtype"`
	User        string          `json:"user"`
	BotID       string          `json:"bot_id"`
	Text        string          `json:"text"`
	TS          string          `json:"ts"`
	ThreadTS    string          `json:"thread_ts"`
	Channel     string          `json:"channel"`
	ChannelType string          `json:"channel_type"`
	ClientMsgID string          `json:"client_msg_id"`
	Hidden      bool            `json:"hidden"`
	Tab         string          `json:"tab"`
	AppContext  json.RawMessage `json:"app_context"`
	Message     *older          `json:"message"`
	Previous    *older          `json:"previous_message"`
	DeletedTS   string          `json:"deleted_ts"`
	Assistant   struct {
		User     string `json:"user_id"`
		Channel  string `json:"channel_id"`
		ThreadTS string `json:"thread_ts"`
	} `json:"assistant_thread"`
}

// older is a message inside an event.
type older struct {
	Subtype string `json:"subtype"`
	TS      string `json:"ts"`
}

// read decodes JSON; what cannot be decoded is malformed.
func read(raw json.RawMessage, into any) error {
	if len(raw) == 0 {
		return fmt.Errorf("%w: empty", intake.ErrMalformed)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		if u, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return fmt.Errorf("%w: %s is a %s", intake.ErrMalformed, u.Field, u.Value)
		}
		return fmt.Errorf("%w: no JSON", intake.ErrMalformed)
	}
	return nil
}

// eventHandler is what is done with an event, and what the manifest must ask for to get it.
type eventHandler struct {
	handle    func(*Bot, context.Context, envelope, event) error
	subscribe []string // bot events; none: of apps of the older kind, which cannot be subscribed to anew
	scopes    []string
}

// eventHandlers are the events handled, by type. Others are acknowledged and left.
var eventHandlers = map[string]eventHandler{
	"app_mention":                      {(*Bot).onMention, []string{"app_mention"}, []string{"app_mentions:read"}},
	"message":                          {(*Bot).onMessage, []string{"message.channels", "message.groups", "message.im", "message.mpim"}, []string{"channels:history", "groups:history", "im:history", "mpim:history"}},
	"app_home_opened":                  {(*Bot).onHome, []string{"app_home_opened"}, nil},
	"app_context_changed":              {(*Bot).onContext, []string{"app_context_changed"}, nil},
	"agent_session_stopped":            {(*Bot).onStop, []string{"agent_session_stopped"}, nil},
	"member_joined_channel":            {(*Bot).onJoin, []string{"member_joined_channel"}, []string{"channels:read", "groups:read"}},
	"assistant_thread_started":         {(*Bot).onAssistant, nil, nil},
	"assistant_thread_context_changed": {(*Bot).onContext, nil, nil},
}

// handle keeps a delivery; it is intake's handler. An error means that it was not kept.
func (b *Bot) handle(ctx context.Context, d intake.Delivery) (any, error) {
	select {
	case <-b.known:
	default:
		return nil, errors.New("not started")
	}
	switch d.Kind {
	case intake.Events:
		return nil, b.onEvent(ctx, d.Payload)
	case intake.Interactive:
		return b.onInteraction(ctx, d.Payload)
	case intake.Commands:
		return nil, b.onCommand(ctx, d.Payload)
	}
	return nil, fmt.Errorf("%w: unknown kind %.40q", intake.ErrMalformed, d.Kind)
}

func (b *Bot) onEvent(ctx context.Context, raw json.RawMessage) error {
	var env envelope
	if err := read(raw, &env); err != nil {
		return err
	}
	if env.Type == "app_rate_limited" {
		b.log.Warn("slack drops events: too many an hour")
		return nil
	}
	var kind struct {
		Type string `json:"type"`
	}
	if err := read(env.Event, &kind); err != nil {
		return err
	}
	h, handled := eventHandlers[kind.Type]
	if !handled {
		b.log.Debug("event not handled", "type", kind.Type)
		return nil
	}
	var ev event
	if err := read(env.Event, &ev); err != nil {
		return err
	}
	return h.handle(b, ctx, env, ev)
}

// spoken are the subtypes of a message a person wrote.
var spoken = map[string]bool{"": true, "file_share": true, "thread_broadcast": true, "me_message": true}

// fromPerson says whether an event is a message of a person's that can be answered.
func (b *Bot) fromPerson(ev event) bool {
	return spoken[ev.Subtype] && !ev.Hidden && ev.BotID == "" && ev.User != "" && ev.User != "USLACKBOT" && !b.mine(ev.User, "") && ev.Channel != "" && ev.TS != ""
}

// asked is a message as a question.
func asked(env envelope, ev event, s journal.Surface) journal.Delivery {
	return journal.Delivery{App: env.App, Team: env.Team, EventID: env.EventID, ClientMsgID: ev.ClientMsgID, Channel: ev.Channel, ThreadTS: ev.ThreadTS,
		TS: ev.TS, User: ev.User, Surface: s}
}

func (b *Bot) onMention(ctx context.Context, env envelope, ev event) error {
	if !b.fromPerson(ev) {
		return nil
	}
	return b.mentioned(ctx, env, ev, slacktext.Decode(ev.Text, b.self().User))
}

// mentioned asks the question of a mention, by whichever of its two events comes first.
func (b *Bot) mentioned(ctx context.Context, env envelope, ev event, in slacktext.Incoming) error {
	if ev.ThreadTS != "" {
		if err := b.journal.Unmute(ctx, ev.Channel, ev.ThreadTS); err != nil {
			return err
		}
	}
	text := strings.TrimLeft(in.Text, " :,")
	return b.ask(ctx, asked(env, ev, journal.Mention), text, asking{Shared: env.Shared})
}

// onMessage sorts messages: deleted ones, direct ones, mentions, experts' replies, and replies in threads.
func (b *Bot) onMessage(ctx context.Context, env envelope, ev event) error {
	if ts := deleted(ev); ts != "" {
		return b.onDeleted(ctx, ev.Channel, ts)
	}
	if !b.fromPerson(ev) {
		return nil
	}
	in := slacktext.Decode(ev.Text, b.self().User)
	switch {
	case ev.ChannelType == "im" || strings.HasPrefix(ev.Channel, "D"):
		s := journal.DM
		if len(ev.AppContext) > 0 {
			s = journal.Pane
		}
		return b.ask(ctx, asked(env, ev, s), in.Text, asking{Direct: true})
	case in.Named:
		return b.mentioned(ctx, env, ev, in)
	case ev.ThreadTS == "" || ev.ThreadTS == ev.TS:
		return nil
	case ev.Channel == b.cfg.ExpertChannel:
		if e, err := b.journal.ByExpertThread(ctx, ev.Channel, ev.ThreadTS); err == nil {
			return b.onExpert(ctx, e, ev, in)
		} else if !errors.Is(err, journal.ErrNotFound) {
			return err
		}
	}
	return b.onReply(ctx, env, ev, in)
}

// deleted is the ts of the message that an event says is deleted, or "". One that had replies leaves a tombstone.
func deleted(ev event) string {
	switch {
	case ev.Subtype == "message_deleted" && ev.DeletedTS != "":
		return ev.DeletedTS
	case ev.Subtype == "message_deleted" && ev.Previous != nil:
		return ev.Previous.TS
	case ev.Subtype == "message_changed" && ev.Message != nil && ev.Message.Subtype == "tombstone":
		return ev.Message.TS
	}
	return ""
}

// onReply answers a reply in a thread where the assistant takes part: silent once somebody else is named, and to thanks and remarks.
func (b *Bot) onReply(ctx context.Context, env envelope, ev event, in slacktext.Incoming) error {
	// The first of a question's two deliveries settles what it is; a redelivery must not be judged anew.
	takes, err := b.journal.TakesPart(ctx, ev.Channel, ev.ThreadTS)
	if err != nil || !takes {
		return err
	}
	if len(in.Others) > 0 {
		return b.journal.Mute(ctx, ev.Channel, ev.ThreadTS)
	}
	if smallTalk(in.Text) != noticeNone {
		return nil
	}
	if !question.Asks(in.Text) {
		turns, err := b.journal.Thread(ctx, ev.Channel, ev.ThreadTS, 50)
		if err != nil {
			return err
		}
		others := false
		for _, t := range turns {
			if t.User == ev.User {
				others = false
				break
			}
			others = true
		}
		if others { // a remark of somebody who has asked nothing here
			return nil
		}
	}
	return b.ask(ctx, asked(env, ev, journal.Followup), in.Text, asking{Shared: env.Shared})
}

// onDeleted takes the answer to a deleted question away.
func (b *Bot) onDeleted(ctx context.Context, channel, ts string) error {
	q, err := b.journal.Asked(ctx, channel, ts)
	if errors.Is(err, journal.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return b.later("delete answer", func(ctx context.Context) error { return b.withdraw(ctx, q) })
}

// withdraw closes a question and takes its answer away, wherever it is.
func (b *Bot) withdraw(ctx context.Context, q journal.Question) error {
	first := q.Answer.Place
	if err := b.remove(ctx, first); err != nil {
		return err
	}
	p, err := b.journal.Withdraw(ctx, q.ID)
	if err != nil {
		return err
	}
	b.cancel(journal.Place{Channel: q.Channel, TS: q.ThreadTS}, q.ID, errGone)
	b.metrics.change(func(s *Snapshot) { s.Outcomes["withdrawn"]++ })
	b.recount(ctx)
	if p == first {
		return nil
	}
	return b.remove(ctx, p)
}

// remove deletes a message; one that is still being streamed is ended first.
func (b *Bot) remove(ctx context.Context, p journal.Place) error {
	if p.TS == "" {
		return nil
	}
	err := b.api.Remove(ctx, p.Channel, p.TS)
	if err != nil {
		_ = b.api.Stop(ctx, p.Channel, p.TS, "", nil) // most messages are no streams
		err = b.api.Remove(ctx, p.Channel, p.TS)
	}
	return err
}

// onStop ends what is under way in an agent's thread.
func (b *Bot) onStop(_ context.Context, _ envelope, ev event) error {
	return b.later("stop", func(ctx context.Context) error {
		if !b.cancel(journal.Place{Channel: ev.Channel, TS: ev.ThreadTS}, "", errStopped) {
			b.api.Idle(ctx, ev.Channel, ev.ThreadTS)
		}
		return nil
	})
}

// onContext needs no answer: what the person looks at does not change what the articles say.
func (b *Bot) onContext(context.Context, envelope, event) error { return nil }
