package slackbot

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kildesvar/internal/answer"
	"kildesvar/internal/journal"
	"kildesvar/internal/slackbot/message"
	"kildesvar/internal/slackbot/webapi"
)

// target is where the answer goes.
func (j *job) target(nonce string) webapi.Target {
	return webapi.Target{Channel: j.q.Channel, Thread: j.q.ThreadTS, Nonce: nonce}
}

// noted says in the journal what is about to be posted, and returns the nonce.
func (j *job) noted(k kept, p journal.Place) (nonce, outcome string, err error) {
	raw, err := json.Marshal(k)
	if err != nil {
		return "", "", fmt.Errorf("encode answer: %w", err)
	}
	plain, outcome := k.plain()
	nonce, err = j.journal.Posting(j.ctx, j.held(), journal.Answer{JSON: raw, Plain: plain, Outcome: outcome, Place: p, Facts: j.facts(k.Answer)})
	j.mu.Lock()
	j.nonce = nonce
	j.mu.Unlock()
	return nonce, outcome, err
}

// facts are what the journal keeps of what an answer stands on. Those of an answer that another worker has noted stay as they are.
func (j *job) facts(a *answer.Answer) *journal.Facts {
	if a == nil || j.q.Answer.Facts != nil {
		return j.q.Answer.Facts
	}
	f := &journal.Facts{Generation: a.Generation, Program: j.cfg.Program, Mode: a.Mode, Model: a.Model, TookMS: a.TookMS,
		Sources: make([]journal.Source, 0, len(a.Sources)), History: j.history}
	for _, s := range a.Sources {
		f.Sources = append(f.Sources, journal.Source{Passage: s.Passage, Hash: journal.HashText(s.Quote)})
	}
	return f
}

// deliver shows an answer or a notice and closes the question.
func (j *job) deliver(k kept) (string, error) {
	nonce, outcome, err := j.noted(k, journal.Place{})
	if err != nil {
		return "", err
	}
	if j.c.Private {
		if err := j.whisper(k); err != nil {
			return "", err
		}
		return outcome, j.journal.Finish(j.ctx, j.held(), journal.Place{})
	}
	ts := j.streaming()
	if ts != "" {
		ts, err = j.write(k, nonce, ts)
	} else {
		ts, err = j.post(k, nonce, false)
	}
	if err != nil {
		return j.broken(err)
	}
	return outcome, j.finish(ts)
}

// streaming is the ts of the message that is being streamed, or "".
func (j *job) streaming() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.stream
}

// streams notes where the answer stands or is being written: what is to be deleted if the question is withdrawn.
func (j *job) streams(ts string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.stream = ts
}

// finish closes a question whose answer stands at ts.
func (j *job) finish(ts string) error {
	j.streams(ts)
	return j.journal.Finish(j.ctx, j.held(), journal.Place{Channel: j.q.Channel, TS: ts})
}

// post posts the answer as one message.
func (j *job) post(k kept, nonce string, check bool) (string, error) {
	// Each attempt has its own deadline in webapi; the lease is kept meanwhile. A worker that has lost it stops at once.
	return j.place(j.ctx, j.target(nonce), j.forms(k), check)
}

// whisper shows the answer to the asker alone: by the response_url while it is good, else in the channel, else as a direct message. Who
// sees it cannot be looked up, so a call whose end is unknown counts as made.
func (j *job) whisper(k kept) error {
	ctx, cancel := j.posting()
	defer cancel()
	var err error
	for _, m := range j.forms(k) {
		if j.c.Response == "" || j.cfg.Now().Sub(j.q.ReceivedAt) > 29*time.Minute {
			break
		}
		err = j.respond(ctx, m)
		if err == nil || ctx.Err() != nil {
			return err
		}
		if !tooRich(err) {
			break
		}
	}
	for _, m := range j.forms(k) {
		err = j.api.Whisper(ctx, webapi.Target{Channel: j.q.Channel}, j.q.User, m)
		if err == nil || !tooRich(err) {
			break
		}
	}
	if err == nil || webapi.Code(err) == "" {
		return err
	}
	channel, err := j.api.DM(ctx, j.q.User)
	if err != nil {
		return err
	}
	_, err = j.place(ctx, webapi.Target{Channel: channel, Nonce: "dm:" + j.q.ID}, j.forms(k), true)
	return err
}

// respond posts to the response_url; it is repeated only when Slack has certainly not taken it.
func (j *job) respond(ctx context.Context, m message.Message) error {
	var err error
	for try := range maxPosts {
		err = j.api.Respond(ctx, j.c.Response, webapi.Reply{Text: m.Text, Blocks: m.Blocks, ResponseType: "ephemeral"})
		switch {
		case err == nil:
			return nil
		case webapi.Uncertain(err) && !webapi.Refused(err):
			j.log.Warn("private answer may not have arrived", "id", j.q.ID, "err", err)
			return nil
		case !webapi.Passing(err):
			return err
		}
		if !webapi.Sleep(ctx, j.cfg.Settle<<try) {
			return err
		}
	}
	return err
}
