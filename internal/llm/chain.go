package llm

import (
	"context"
	"errors"
	"strings"
)

// Chain asks the first generator, and at its failure the next.
type Chain struct{ links []Generator }

// NewChain needs at least one generator; it panics without, since that is a fault of the program.
func NewChain(first Generator, others ...Generator) *Chain {
	if first == nil {
		panic("llm: a chain without a generator")
	}
	return &Chain{links: append([]Generator{first}, others...)}
}

// Name is the names of all, comma-separated, as ParseSpecs reads them.
func (c *Chain) Name() string {
	names := make([]string, len(c.links))
	for i, g := range c.links {
		names[i] = g.Name()
	}
	return strings.Join(names, ",")
}

// Generate returns the first complete answer; Reply.Model says whose it is. When all failed, the error joins the failures
// in order, so that errors.Is finds any of them. It stops early when ctx ends, when the caller's request is at fault, and
// when a part of the text was streamed already.
func (c *Chain) Generate(ctx context.Context, r Request) (Reply, error) {
	if err := r.Validate(); err != nil {
		return Reply{}, err
	}
	r, streamed := watch(r)
	var failures []error
	for _, g := range c.links {
		reply, err := g.Generate(ctx, r)
		if err == nil {
			if reply.Model == "" {
				reply.Model = g.Name()
			}
			return reply, nil
		}
		failures = append(failures, err)
		if ctx.Err() != nil || streamed.Load() {
			break
		}
	}
	if len(failures) == 1 {
		return Reply{}, failures[0]
	}
	return Reply{}, errors.Join(failures...)
}
