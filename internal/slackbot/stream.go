package slackbot

import (
	"errors"
	"fmt"
	"time"

	"context"

	"kildesvar/internal/journal"
	"kildesvar/internal/slackbot/message"
	"kildesvar/internal/slackbot/webapi"
)

// begin shows that the assistant is at work: a stream for one person, a status line for a channel. An error ends the attempt.
func (j *job) begin() error {
	if j.c.Private {
		return nil
	}
	if !j.c.Direct {
		j.api.Status(j.ctx, j.q.Channel, j.q.ThreadTS, "leder i artiklerne …", "leder i artiklerne …", "læser uddrag …", "tjekker kilderne …")
		return nil
	}
	if err := j.open(); err != nil {
		return err
	}
	if j.streaming() == "" {
		j.api.Status(j.ctx, j.q.Channel, j.q.ThreadTS, "leder i artiklerne …")
	}
	return nil
}

// open starts a stream, or leaves it where Slack does not let it. The journal hears of it before Slack does (that something may stand
// there) and after (where). An error says that something may stand there and could not be found: it must not be posted a second time.
func (j *job) open() error {
	if _, err := j.journal.Posting(j.ctx, j.held(), journal.Answer{}); err != nil {
		return err
	}
	ts, err := j.start()
	if webapi.Uncertain(err) {
		if !webapi.Sleep(j.ctx, j.cfg.Settle) {
			return err
		}
		var lost error
		if ts, lost = j.orphan(); lost != nil {
			return fmt.Errorf("look for a stream that may have begun: %w", lost)
		}
	}
	if ts == "" {
		j.log.Info("no stream; the answer will be posted", "id", j.q.ID, "err", err)
		return nil
	}
	j.streams(ts)
	_, err = j.journal.Posting(j.ctx, j.held(), journal.Answer{Place: journal.Place{Channel: j.q.Channel, TS: ts}})
	return err
}

func (j *job) start() (ts string, err error) {
	ctx, cancel := j.posting()
	defer cancel()
	return j.api.Start(ctx, j.target(""), j.q.User, j.q.Team)
}

// posting is the context of a call that posts: it ends before the lease does.
func (j *job) posting() (context.Context, context.CancelFunc) {
	return context.WithDeadline(j.ctx, time.Now().Add(j.held().Until.Sub(j.cfg.Now())))
}

// orphan finds a stream of ours in the thread that belongs to no answer: only one question of a thread is worked on at a time, so it is
// this one's. It is "" if there is none.
func (j *job) orphan() (string, error) {
	after := j.q.TS
	if after == "" { // it was asked with a button; a minute is for clocks that differ
		after = fmt.Sprintf("%d.000000", j.q.ReceivedAt.Add(-time.Minute).Unix())
	}
	msgs, err := j.api.Thread(j.ctx, j.q.Channel, j.q.ThreadTS, after)
	if err != nil {
		return "", err
	}
	for i := len(msgs) - 1; i >= 0; i-- {
		m := msgs[i]
		if !j.mine(m.User, m.Bot) || m.Nonce != "" || m.TS <= after {
			continue
		}
		switch q, err := j.journal.ByMessage(j.ctx, j.q.Channel, m.TS); {
		case errors.Is(err, journal.ErrNotFound), err == nil && q.ID == j.q.ID:
			return m.TS, nil
		case err != nil:
			return "", err
		}
	}
	return "", nil
}

// write streams the answer into the open message, sentence by sentence, and returns where it stands.
func (j *job) write(k kept, nonce, ts string) (string, error) {
	if k.Answer == nil {
		return j.rewrite(k, nonce, ts)
	}
	o := j.options(j.q)
	chunks, cut := message.Body(k.Answer, o, message.MaxBody)
	footer := message.Footer(k.Answer, o, cut)
	if message.Size(footer)+message.MaxBody > message.MaxPayload {
		return j.rewrite(k, nonce, ts)
	}
	for _, c := range chunks {
		if err := j.api.Append(j.ctx, j.q.Channel, ts, c); err != nil {
			return j.unstreamed(err, k, nonce, ts)
		}
	}
	if err := j.api.Stop(j.ctx, j.q.Channel, ts, nonce, footer); err != nil {
		return j.unstreamed(err, k, nonce, ts)
	}
	return ts, nil
}

// unstreamed goes on after a fault in a stream.
func (j *job) unstreamed(err error, k kept, nonce, ts string) (string, error) {
	if webapi.Code(err) == "stopped_by_user" {
		j.stop(errStopped)
		return ts, err
	}
	if context.Cause(j.ctx) != nil {
		return ts, context.Cause(j.ctx)
	}
	j.log.Info("stream broken; the message is written whole", "id", j.q.ID, "err", err)
	return j.rewrite(k, nonce, ts)
}

// rewrite ends the stream and gives its message the whole answer. What the stream has shown is replaced, so nothing stands twice. It
// returns where the answer stands: in another message, if somebody has deleted that one.
func (j *job) rewrite(k kept, nonce, ts string) (string, error) {
	if err := j.api.Stop(j.ctx, j.q.Channel, ts, "", nil); webapi.Code(err) == "stopped_by_user" {
		j.stop(errStopped)
		return ts, err
	} // any other fault: it has ended already, or Edit will tell
	var err error
	for _, m := range j.forms(k) {
		if err = j.api.Edit(j.ctx, j.target(nonce), ts, m); !tooRich(err) {
			break
		}
	}
	if webapi.Code(err) == "message_not_found" {
		return j.post(k, nonce, true)
	}
	if err == nil {
		j.api.Idle(j.ctx, j.q.Channel, j.q.ThreadTS)
	}
	return ts, err
}
