package slackbot

import (
	"context"
	"strings"
	"time"

	"kildesvar/internal/slackbot/message"
	"kildesvar/internal/slackbot/webapi"
)

// maxPosts is how often a message is tried before the question goes back to the journal.
const maxPosts = 4

// place posts a message exactly once, in the richest of its forms that Slack takes, and returns its ts. What may have been seen is looked
// for before it is posted again; with check also before the first time.
func (b *Bot) place(ctx context.Context, t webapi.Target, forms []message.Message, check bool) (ts string, err error) {
	for try := 0; try < maxPosts; {
		if check {
			if ts, err := b.find(ctx, t); err != nil || ts != "" {
				return ts, err
			}
		}
		ts, err = b.api.Post(ctx, t, forms[0])
		switch {
		case err == nil:
			return ts, nil
		case tooRich(err) && len(forms) > 1:
			b.log.Error("slack refuses the blocks; sending a simpler message", "err", err)
			forms, check = forms[1:], false
			continue
		case !webapi.Uncertain(err):
			return "", err
		}
		check = true
		if try++; !webapi.Sleep(ctx, b.cfg.Settle) {
			return "", err
		}
	}
	// The last attempt may have been seen as well.
	if found, ferr := b.find(ctx, t); ferr == nil && found != "" {
		return found, nil
	}
	return "", err
}

// tooRich says that Slack refused a message for its form.
func tooRich(err error) bool {
	switch webapi.Code(err) {
	case "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "markdown_text_conflict", "invalid_arguments", "invalid_metadata_format", "block_mismatch":
		return true
	}
	return false
}

// find looks for a message with the target's nonce.
func (b *Bot) find(ctx context.Context, t webapi.Target) (ts string, err error) {
	msgs, err := b.look(ctx, t)
	for _, m := range msgs {
		if m.Nonce == t.Nonce && t.Nonce != "" && b.mine(m.User, m.Bot) {
			return m.TS, nil
		}
	}
	return "", err
}

func (b *Bot) look(ctx context.Context, t webapi.Target) ([]webapi.Found, error) {
	if t.Thread == "" {
		return b.api.Latest(ctx, t.Channel)
	}
	return b.api.Thread(ctx, t.Channel, t.Thread, "")
}

// sharedChannel is what is known of a channel.
type sharedChannel struct {
	shared bool
	until  time.Time
}

// sharedFor is how long it is believed.
const sharedFor = 10 * time.Minute

// shutOut says whether the assistant must not answer in a channel, because other organisations read there. said is what Slack's event
// said; it does not say so of commands and shortcuts, and may be wrong for a channel that has just been shared.
func (b *Bot) shutOut(ctx context.Context, channel string, said bool) (bool, error) {
	if b.cfg.SharedChannels || channel == "" || strings.HasPrefix(channel, "D") {
		return false, nil
	}
	if said {
		return true, nil
	}
	now := b.cfg.Now()
	b.mu.Lock()
	s, known := b.shared[channel]
	b.mu.Unlock()
	if known && now.Before(s.until) {
		return s.shared, nil
	}
	shared, err := b.api.Shared(ctx, channel)
	switch webapi.Code(err) {
	case "channel_not_found", "missing_scope": // a private channel where a command was used without us; only the asker sees the answer
		b.log.Warn("slack does not say whether the channel is shared", "channel", channel, "err", err)
		return false, nil
	}
	if err != nil {
		return false, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shared[channel] = sharedChannel{shared, now.Add(sharedFor)}
	return shared, nil
}
