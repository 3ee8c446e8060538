package main

import (
	"context"
	"fmt"

	"kildesvar/internal/answer"
	"kildesvar/internal/answer/written"
	"kildesvar/internal/assistant"
)

// streamAnswer writes an answer sentence by sentence, as each is verified, and then what belongs to the whole. What is quoted without a
// model comes at once.
func (a *app) streamAnswer(ctx context.Context, asker *answering, question string, history []assistant.Turn) error {
	told := 0
	var failed error
	say := func(c answer.Claim) {
		p := a.newPage()
		p.text("", "", numbered(c))
		if _, err := fmt.Fprint(a.stdout, p.String()); err != nil && failed == nil {
			failed = fmt.Errorf("write answer: %w", err)
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ans, err := asker.Ask(written.WithAsking(ctx, written.Asking{Emit: func(c answer.Claim, _ []answer.Source) {
		told++
		if say(c); failed != nil {
			cancel() // nobody reads it
		}
	}}), question, history)
	switch {
	case failed != nil:
		return failed
	case err != nil:
		return err
	case ans.Status != answer.StatusAnswered:
		return a.printAnswer(ans)
	}
	for _, c := range ans.Claims[told:] {
		say(c)
	}
	if failed != nil {
		return failed
	}
	p := a.newPage()
	printSources(p, ans)
	return a.printRest(p, ans)
}

// numbered is a sentence with its numbers.
func numbered(c answer.Claim) string {
	out := c.Text
	for _, n := range c.Sources {
		out += fmt.Sprintf(" [%d]", n)
	}
	return out
}
