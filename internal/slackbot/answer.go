package slackbot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"kildesvar/internal/answer"
	"kildesvar/internal/answer/written"
	"kildesvar/internal/assistant"
	"kildesvar/internal/slackbot/message"
	"kildesvar/internal/slackbot/slacktext"
)

// answer asks.
func (j *job) answer() (kept, error) {
	turns, err := j.journal.Thread(j.ctx, j.q.Channel, j.q.ThreadTS, historySize)
	if err != nil {
		return kept{}, err
	}
	var history []assistant.Turn
	j.history = make([]string, 0, len(turns))
	for _, t := range turns {
		j.history = append(j.history, t.ID)
		history = append(history, assistant.Turn{Role: "user", Text: t.Question}, assistant.Turn{Role: "assistant", Text: t.Answer})
	}
	ctx, cancel := context.WithTimeout(j.ctx, j.cfg.AskTimeout)
	defer cancel()
	start := j.cfg.Now()
	a, err := j.safely(ctx, history)
	j.metrics.change(func(s *Snapshot) { s.took("ask", j.cfg.Now().Sub(start)) })
	if err != nil {
		if why := context.Cause(j.ctx); why != nil {
			return kept{}, why
		}
		switch {
		case errors.Is(err, assistant.ErrEmpty):
			return kept{Notice: noticeEmpty}, nil
		case errors.Is(err, assistant.ErrTooLong):
			return kept{Notice: noticeLong}, nil
		case errors.Is(err, assistant.ErrEncoding):
			return kept{Notice: noticeBroken}, nil
		}
		j.log.Error("no answer", "id", j.q.ID, "err", err)
		return kept{Notice: noticeError}, nil
	}
	return kept{Answer: a}, nil
}

// safely asks. A panic is an error like any other: the same question would else end the program again and again.
func (j *job) safely(ctx context.Context, history []assistant.Turn) (a *answer.Answer, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic with a %T", p) // its text may be a person's
			j.log.Error("asking panicked", "id", j.q.ID, "stack", string(debug.Stack()))
		}
	}()
	ctx = written.WithAsking(ctx, written.Asking{Scope: j.scope(), Emit: j.tell(ctx)})
	if a, err = j.asker.Ask(ctx, j.q.Text, history); err == nil && a == nil {
		err = errors.New("no answer and no error")
	}
	return a, err
}

// scope is who may see the answer, and so who may be given it again if a model wrote it: a channel of a team, in a private answer one person.
func (j *job) scope() string {
	who := ""
	if j.c.Private {
		who = j.q.User
	}
	return fmt.Sprintf("slack %q %q %q", j.q.Team, j.q.Channel, who)
}

// forms are an answer's messages, the richest first.
func (j *job) forms(k kept) []message.Message {
	o := j.options(j.q)
	if k.Answer != nil {
		return answerForms(k.Answer, o)
	}
	quoted, once := "", ""
	if again[k.Notice] {
		once = j.q.ID
	}
	if o.Heading != "" || k.Notice == noticeLate {
		quoted = j.q.Text
	}
	m := message.Notice(j.words(k.Notice, j.q.ID), quoted, once)
	return []message.Message{m, {Text: m.Text}}
}

func answerForms(a *answer.Answer, o message.Options) []message.Message {
	return []message.Message{message.Answer(a, o), message.Simple(a, o), message.Bare(a, o)}
}

// plain is the answer for the thread's history, and its outcome for the metrics.
func (k kept) plain() (text, outcome string) {
	if k.Answer == nil {
		return "", "notice"
	}
	text, _ = slacktext.Cut(message.Plain(k.Answer), 4000)
	return text, string(k.Answer.Status)
}
