package slackbot

import (
	"context"
	"errors"
	"fmt"

	"kildesvar/internal/report"
	"kildesvar/internal/slackbot/message"
	"kildesvar/internal/slackbot/webapi"
)

// PostWeekly posts a week's report to the experts once, however often and by however many processes it is called, as long as the message
// is among the newest of the channel. It waits until Slack has told who the assistant is, and returns when ctx ends.
func (b *Bot) PostWeekly(ctx context.Context, r *report.Report) error {
	if b.cfg.ExpertChannel == "" {
		return errors.New("weekly report: there is no expert channel")
	}
	select {
	case <-b.known:
	case <-ctx.Done():
		return fmt.Errorf("weekly report: %w", ctx.Err())
	}
	year, week := r.From.ISOWeek()
	nonce := fmt.Sprintf("weekly:%d-%02d", year, week)
	return b.alone(nonce, func() error {
		m := message.Weekly(r)
		_, err := b.place(ctx, webapi.Target{Channel: b.cfg.ExpertChannel, Nonce: nonce}, []message.Message{m, {Text: m.Text}}, true)
		if err != nil {
			return fmt.Errorf("weekly report: %w", err)
		}
		return nil
	})
}
