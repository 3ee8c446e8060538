package slackbot

import (
	"context"
	"errors"
	"fmt"

	"kildesvar/internal/slackbot/intake"
)

// act is something done after the acknowledgement that a person can ask for again, such as opening a modal.
type act struct {
	name string
	do   func(context.Context) error
}

// maxActs is how many acts may wait; one more is not acknowledged, so that Slack brings it again or tells the person.
const maxActs = 256

// errMalformed is intake's, for what makes no sense.
var errMalformed = intake.ErrMalformed

// later queues an act.
func (b *Bot) later(name string, do func(context.Context) error) error {
	b.metrics.change(func(s *Snapshot) { s.Acts++ })
	select {
	case b.acts <- act{name, do}:
		return nil
	default:
		b.metrics.change(func(s *Snapshot) { s.Acts-- })
		return fmt.Errorf("%s: too much is waiting", name)
	}
}

// act does acts until the intake has ended and none is left.
func (b *Bot) act(work context.Context, ended <-chan struct{}) {
	for {
		select {
		case a := <-b.acts:
			b.perform(work, a)
		case <-ended:
			for {
				select {
				case a := <-b.acts:
					b.perform(work, a)
				default:
					return
				}
			}
		}
	}
}

func (b *Bot) perform(ctx context.Context, a act) {
	defer b.metrics.change(func(s *Snapshot) { s.Acts-- })
	if err := a.do(ctx); err != nil && !errors.Is(err, context.Canceled) {
		b.log.Warn("act failed", "act", a.name, "err", err)
	}
}
