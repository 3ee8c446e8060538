package slackbot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"kildesvar/internal/journal"
	"kildesvar/internal/slackbot/webapi"
)

// How often is looked for work that nobody has told of, and when a question is given up as one that kills its workers.
const (
	lookEvery   = time.Second
	sweepEvery  = 30 * time.Second
	maxAttempts = 30
	giveUpAfter = 24 * time.Hour // nobody waits for an apology any longer
	historySize = 6              // turns
)

// Reasons for which a job is broken off.
var (
	errStopped = errors.New("stopped by the person")
	errGone    = errors.New("the question is no longer this worker's")
)

// job is a question being answered.
type job struct {
	*Bot
	q    journal.Question
	c    asking
	ctx  context.Context // ends early for errStopped and errGone
	base context.Context // of the calls that tidy up
	stop context.CancelCauseFunc

	history []string // ids of the turns the answer was made with; nil until then

	mu     sync.Mutex
	lease  journal.Lease
	nonce  string // stands in the answer's metadata; empty: nothing was noted
	stream string // ts of the message being streamed, empty: none
}

// work answers questions until ctx ends; base is the context of what is under way then.
func (b *Bot) work(ctx, base context.Context) {
	for ctx.Err() == nil {
		q, l, err := b.journal.Claim(ctx, b.owner, b.cfg.Lease)
		if err == nil {
			b.run(base, q, l, noticeNone)
			b.wake() // there may be more, in this thread above all
			continue
		}
		if !errors.Is(err, journal.ErrNone) && ctx.Err() == nil {
			b.log.Error("journal gives no work", "err", err)
		}
		select {
		case <-b.nudge:
		case <-ctx.Done():
		}
	}
}

// watch wakes a worker when something is due that nobody has told of: a retry, a lease that has run out, another process's question.
func (b *Bot) watch(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		switch due, err := b.journal.Due(ctx); {
		case due:
			b.wake()
		case err != nil && ctx.Err() == nil:
			b.log.Error("journal does not tell what is due", "err", err)
			b.wake()
		}
	}
}

// sweep finishes what earlier runs have left, and apologises for questions that were not answered in time.
func (b *Bot) sweep(ctx, base context.Context) {
	b.resume(base)
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		q, l, err := b.journal.Expired(ctx, b.owner, b.cfg.Lease)
		if err == nil {
			b.run(base, q, l, noticeLate)
			continue
		}
		if !errors.Is(err, journal.ErrNone) && ctx.Err() == nil {
			b.log.Error("journal tells of no late questions", "err", err)
		}
		select {
		case <-tick.C:
			b.resume(base)
			b.recount(ctx)
		case <-ctx.Done():
		}
	}
}

// recount takes the number of open questions from the journal, which also knows those of earlier runs and other processes. Nothing may
// close a question meanwhile, or it would be counted for good.
func (b *Bot) recount(ctx context.Context) {
	b.metrics.change(func(s *Snapshot) {
		if n, err := b.journal.Waiting(ctx); err == nil {
			s.Queue = n
		} else if ctx.Err() == nil {
			b.log.Warn("open questions not counted", "err", err)
		}
	})
}

// run answers one question, or says why not.
func (b *Bot) run(base context.Context, q journal.Question, l journal.Lease, late notice) {
	ctx, stop := context.WithCancelCause(base)
	j := &job{Bot: b, q: q, c: contextOf(q), ctx: ctx, base: base, stop: stop, lease: l}
	if late != noticeNone {
		j.c.Notice = late
	}
	thread := journal.Place{Channel: q.Channel, TS: q.ThreadTS}
	b.mu.Lock()
	b.running[thread] = j
	b.mu.Unlock()
	if q.Attempts == 1 {
		b.metrics.change(func(s *Snapshot) { s.took("queue", b.cfg.Now().Sub(q.ReceivedAt)) })
	}
	var beat sync.WaitGroup
	beat.Go(j.beat)
	outcome, err := j.do()
	stop(nil)
	beat.Wait()
	b.mu.Lock()
	if b.running[thread] == j {
		delete(b.running, thread)
	}
	b.mu.Unlock()
	j.close(outcome, err)
}

// beat keeps the lease while the job goes on. When the journal does not prolong it in time, the job ends while a post that is under way
// still has as long as a call may take before another worker looks for it.
func (j *job) beat() {
	wait := j.cfg.Lease / 4
	for webapi.Sleep(j.ctx, wait) {
		ctx, cancel := context.WithTimeout(j.ctx, j.cfg.Lease/10)
		l, err := j.journal.Extend(ctx, j.held(), j.cfg.Lease)
		cancel()
		wait = j.cfg.Lease / 20
		switch {
		case err == nil:
			j.mu.Lock()
			j.lease = l
			j.mu.Unlock()
			wait = j.cfg.Lease / 4
		case errors.Is(err, journal.ErrState), errors.Is(err, journal.ErrNotFound), l.Until.Sub(j.cfg.Now()) < j.cfg.CallTimeout:
			j.stop(errGone)
		}
	}
}

// held is the lease as it now stands.
func (j *job) held() journal.Lease {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lease
}

// cancel breaks off the job in a thread, if it is the question's (id empty: whichever). It says whether there was one.
func (b *Bot) cancel(thread journal.Place, id string, why error) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	j := b.running[thread]
	if j == nil || id != "" && j.q.ID != id {
		return false
	}
	j.stop(why)
	return true
}

// close notes how a job ended; a failed one is given back to the journal.
func (j *job) close(outcome string, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(j.base), 3*time.Second)
	defer cancel()
	if err == nil {
		j.count(outcome)
		return
	}
	if errors.Is(err, journal.ErrState) || errors.Is(err, journal.ErrNotFound) || errors.Is(context.Cause(j.ctx), errGone) {
		j.log.Info("question is no longer this worker's", "id", j.q.ID, "err", err)
		j.recount(ctx)
		j.disown(ctx)
		return
	}
	now := j.cfg.Now()
	retry := now.Add(min(time.Second<<min(j.q.Attempts, 6), time.Minute))
	if j.base.Err() != nil { // stopping: the next process goes on as soon as what was posted can be found
		retry = now.Add(j.cfg.Settle)
	}
	if hopeless(err) || now.Sub(j.q.ReceivedAt) > giveUpAfter {
		retry = time.Time{}
		j.count("failed")
	}
	j.log.Warn("question not answered", "id", j.q.ID, "attempt", j.q.Attempts, "again", !retry.IsZero(), "err", err)
	if err := j.journal.Fail(ctx, j.held(), cause(err), retry); err != nil && !errors.Is(err, journal.ErrState) {
		j.log.Error("question not given back; its lease will run out", "id", j.q.ID, "err", err)
	}
}

// count closes the question in the metrics.
func (j *job) count(outcome string) {
	took := j.cfg.Now().Sub(j.q.ReceivedAt)
	j.metrics.change(func(s *Snapshot) {
		s.Queue = max(s.Queue-1, 0)
		s.Outcomes[outcome]++
		s.took("total", took)
	})
	j.log.Info("question closed", "id", j.q.ID, "outcome", outcome, "took", took)
}

// cause is an error for the journal: Slack's word for it, or its kind.
func cause(err error) string {
	if c := webapi.Code(err); c != "" {
		return c
	}
	return fmt.Sprintf("%T", err)
}

// hopeless are refusals that no later try changes. A token can be renewed, a scope granted, and a stream ends by itself.
func hopeless(err error) bool {
	c := webapi.Code(err)
	return c != "" && !webapi.Passing(err) && !curable[c]
}

var curable = map[string]bool{"invalid_auth": true, "not_authed": true, "token_expired": true, "token_revoked": true, "account_inactive": true,
	"missing_scope": true, "streaming_state_conflict": true, "message_not_in_streaming_state": true}

// disown deletes what was posted for a question that was withdrawn meanwhile. What another worker has taken over stays.
func (j *job) disown(ctx context.Context) {
	if withdrawn, err := j.journal.Withdrawn(ctx, j.q.ID); err != nil || !withdrawn {
		return
	}
	j.mu.Lock()
	ts, nonce := j.stream, j.nonce
	j.mu.Unlock()
	if ts == "" && nonce != "" && !j.c.Private { // a post that was broken off may have been seen
		found, err := j.find(ctx, j.target(nonce))
		if err != nil {
			j.log.Warn("withdrawn answer not looked for", "id", j.q.ID, "err", err)
		}
		ts = found
	}
	if err := j.remove(ctx, journal.Place{Channel: j.q.Channel, TS: ts}); err != nil {
		j.log.Warn("withdrawn answer not deleted", "id", j.q.ID, "err", err)
	}
}

// do takes a question from claim to answer and returns its outcome.
func (j *job) do() (string, error) {
	if j.c.Notice == noticeSilent {
		return "silent", j.journal.Decline(j.ctx, j.held(), "too many questions")
	}
	if j.q.Attempts > maxAttempts && j.c.Notice == noticeNone {
		j.c.Notice = noticeError
	}
	if j.q.Nonce != "" {
		if done, outcome, err := j.recover(); done || err != nil {
			return outcome, err
		}
	}
	if j.q.Surface == journal.Followup && j.q.TS != "" { // somebody else may have been named at the same time
		takes, err := j.journal.TakesPart(j.ctx, j.q.Channel, j.q.ThreadTS)
		if err != nil {
			return "", err
		}
		if !takes {
			return "silent", j.journal.Decline(j.ctx, j.held(), "somebody else is asked")
		}
	}
	if j.c.Notice == noticeNone {
		shut, err := j.shutOut(j.ctx, j.q.Channel, j.c.Shared)
		if err != nil {
			return "", err
		}
		if shut && j.q.Surface == journal.Followup {
			return "silent", j.journal.Decline(j.ctx, j.held(), "shared channel")
		}
		if shut {
			j.c.Notice = noticeShared
		}
	}
	if j.c.Notice != noticeNone {
		return j.deliver(kept{Notice: j.c.Notice})
	}
	if err := j.begin(); err != nil {
		return j.broken(err)
	}
	k, err := j.answer()
	if err != nil {
		return j.broken(err)
	}
	return j.deliver(k)
}
