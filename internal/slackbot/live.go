package slackbot

import (
	"context"
	"slices"
	"time"

	"kildesvar/internal/answer"
	"kildesvar/internal/slackbot/message"
)

// liveTime bounds a call that shows a sentence while the answer is being written: Slack must not hold a language model up.
const liveTime = 3 * time.Second

// soFar is what a stream shows of an answer that is still being written. It belongs to the goroutine that asks, and then to the one that
// writes; they are one after the other.
type soFar struct {
	open  bool           // the stream was begun by this job and is empty but for shown
	part  *answer.Answer // the sentences so far, with their sources
	shown []string       // pieces that stand in the stream
	torn  bool           // a call failed: nobody knows what stands there, and the message must be written whole
}

// tell is given each sentence of an answer as soon as it is verified; nil where there is no stream to show it in.
func (j *job) tell(ctx context.Context) func(answer.Claim, []answer.Source) {
	if !j.soFar.open {
		return nil
	}
	j.soFar.part = &answer.Answer{Status: answer.StatusAnswered}
	return func(c answer.Claim, sources []answer.Source) {
		l := &j.soFar
		for _, s := range sources {
			for len(l.part.Sources) < s.N {
				l.part.Sources = append(l.part.Sources, answer.Source{})
			}
			l.part.Sources[s.N-1] = s
		}
		l.part.Claims = append(l.part.Claims, c)
		if l.torn || len(l.part.Claims) == 2 { // how the second is set out depends on whether a third follows
			return
		}
		chunks, _ := message.Body(l.part, j.options(j.q), message.MaxBody)
		if len(chunks) < len(l.shown) || !slices.Equal(chunks[:len(l.shown)], l.shown) {
			return // it did not fit
		}
		ctx, cancel := context.WithTimeout(ctx, liveTime)
		defer cancel()
		for _, chunk := range chunks[len(l.shown):] {
			if err := j.api.Append(ctx, j.q.Channel, j.streaming(), chunk); err != nil {
				j.log.Info("a sentence was not shown; the message is written whole", "id", j.q.ID, "err", err)
				l.torn = true
				return
			}
			l.shown = append(l.shown, chunk)
		}
	}
}
