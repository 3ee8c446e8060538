package slackbot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kildesvar/internal/journal"
)

// recover goes on with a question that may have been posted by a worker that is gone. done is false if it must be asked anew.
func (j *job) recover() (done bool, outcome string, err error) {
	var k kept
	if len(j.q.Answer.JSON) > 0 {
		if err := json.Unmarshal(j.q.Answer.JSON, &k); err != nil {
			return false, "", fmt.Errorf("stored answer: %w", err)
		}
	}
	if k.Answer == nil && j.c.Notice != noticeNone {
		k = kept{Notice: j.c.Notice}
	}
	ready := k.Answer != nil || k.Notice != noticeNone
	if j.c.Private {
		if ready {
			outcome, err = j.deliver(k)
		}
		return ready, outcome, err
	}
	ts, half, err := j.remains()
	switch {
	case err != nil:
		return true, "", err
	case ts == "" && half == "" && !ready:
		return false, "", nil
	case ts == "" && !ready:
		if k, err = j.answer(); err != nil {
			outcome, err = j.broken(err)
			return true, outcome, err
		}
	}
	if _, outcome, err = j.noted(k, journal.Place{}); err != nil {
		return true, "", err
	}
	switch {
	case ts != "": // only the journal had not heard of it
	case half != "":
		ts, err = j.rewrite(k, j.q.Nonce, half)
	default:
		ts, err = j.post(k, j.q.Nonce, false) // just looked
	}
	if err != nil {
		outcome, err = j.broken(err)
		return true, outcome, err
	}
	return true, outcome, j.finish(ts)
}

// remains finds what a worker that is gone has left in the thread: the whole answer, or half a stream, which is then this job's.
func (j *job) remains() (whole, half string, err error) {
	if whole, err = j.find(j.ctx, j.target(j.q.Nonce)); err != nil || whole != "" {
		return whole, "", err
	}
	if half = j.q.Answer.Place.TS; half == "" && j.c.Direct {
		half, err = j.orphan()
	}
	j.streams(half)
	return "", half, err
}

// broken ends a job that did not come to an answer. A person who pressed Stop gets none; any other error is returned.
func (j *job) broken(err error) (string, error) {
	if !errors.Is(context.Cause(j.ctx), errStopped) && !errors.Is(err, errStopped) {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(j.base), j.cfg.CallTimeout)
	defer cancel()
	if _, err := j.journal.Posting(ctx, j.held(), journal.Answer{Outcome: "stopped"}); err != nil {
		return "", err
	}
	if err := j.journal.Finish(ctx, j.held(), journal.Place{Channel: j.q.Channel, TS: j.streaming()}); err != nil {
		return "", err
	}
	j.api.Idle(ctx, j.q.Channel, j.q.ThreadTS)
	return "stopped", nil
}
