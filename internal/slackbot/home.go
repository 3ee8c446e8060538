package slackbot

import (
	"context"
	"net/url"
	"strings"

	"kildesvar/internal/journal"
	"kildesvar/internal/slackbot/message"
	"kildesvar/internal/slackbot/slacktext"
	"kildesvar/internal/slackbot/webapi"
)

// onHome shows the Home page, or suggestions in the agent pane.
func (b *Bot) onHome(_ context.Context, _ envelope, ev event) error {
	if ev.Tab == "messages" {
		return b.later("suggestions", func(ctx context.Context) error {
			return b.api.Suggest(ctx, ev.Channel, "", suggestTitle, b.suggestions())
		})
	}
	return b.later("home", func(ctx context.Context) error { return b.publishHome(ctx, ev.User) })
}

// onAssistant shows suggestions in a thread of the older agent pane.
func (b *Bot) onAssistant(_ context.Context, _ envelope, ev event) error {
	return b.later("suggestions", func(ctx context.Context) error {
		return b.api.Suggest(ctx, ev.Assistant.Channel, ev.Assistant.ThreadTS, suggestTitle, b.suggestions())
	})
}

const suggestTitle = "Prøv fx"

// suggestions are one example for each audience, and what the assistant can do.
func (b *Bot) suggestions() []webapi.Prompt {
	var out []webapi.Prompt
	for _, e := range b.cfg.Examples {
		if len(e.Questions) > 0 && len(out) < 3 {
			out = append(out, webapi.Prompt{Title: e.Questions[0], Message: e.Questions[0]})
		}
	}
	return append(out, webapi.Prompt{Title: "Hvad kan du?", Message: "Hvad kan du svare på?"})
}

func (b *Bot) publishHome(ctx context.Context, user string) error {
	o := message.HomeOptions{Knowledge: b.cfg.Knowledge, Command: b.cfg.Command, Bot: b.self().User, Examples: b.cfg.Examples, Expert: b.cfg.ExpertChannel != ""}
	recent, err := b.journal.Recent(ctx, user, 5)
	if err != nil {
		return err
	}
	for _, q := range recent {
		o.Asked = append(o.Asked, message.Asked{Question: q.Text, Link: b.permalink(q.Answer.Place, q.ThreadTS), At: q.ReceivedAt, Answered: q.Status == journal.Answered})
	}
	return b.api.Publish(ctx, user, message.Home(o))
}

// permalink is made as Slack makes them, since asking for each would be five calls; empty for a private answer.
func (b *Bot) permalink(p journal.Place, thread string) string {
	base := b.self().URL
	if u, err := url.Parse(base); err != nil || u.Scheme != "https" || p.TS == "" {
		return ""
	}
	link := strings.TrimSuffix(base, "/") + "/archives/" + p.Channel + "/p" + strings.ReplaceAll(p.TS, ".", "")
	if thread != "" && thread != p.TS {
		link += "?thread_ts=" + thread + "&cid=" + p.Channel
	}
	return link
}

// onJoin greets a channel that has invited the assistant.
func (b *Bot) onJoin(_ context.Context, env envelope, ev event) error {
	if !b.mine(ev.User, "") {
		return nil
	}
	return b.later("greeting", func(ctx context.Context) error {
		if first, err := b.journal.Once(ctx, "greeting:"+env.EventID); err != nil || !first {
			return err
		}
		shut, err := b.shutOut(ctx, ev.Channel, env.Shared)
		if err != nil {
			return err
		}
		words := b.words(noticeGreeting, "")
		if shut {
			words = b.words(noticeShared, "")
		}
		m := message.Notice(words, "", "")
		_, err = b.place(ctx, webapi.Target{Channel: ev.Channel, Nonce: "greeting:" + slacktext.Clean(env.EventID)}, []message.Message{m, {Text: m.Text}}, false)
		return err
	})
}
