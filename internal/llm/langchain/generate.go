package langchain

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tmc/langchaingo/llms"

	"kildesvar/internal/llm"
)

// Generate makes one call. It returns within Options.Timeout.
func (g *Generator) Generate(ctx context.Context, r llm.Request) (llm.Reply, error) {
	start := g.client.o.Now()
	reply := llm.Reply{Model: g.Name()}
	if err := r.Validate(); err != nil {
		return reply, g.name(err)
	}
	if r.MaxTokens == 0 {
		r.MaxTokens = llm.DefaultMaxTokens
	}
	window, windowed := g.talk.(window)
	if windowed {
		if err := window.fits(r); err != nil {
			return reply, g.name(err)
		}
	}
	call, rec, done := g.client.begin(ctx, g.talk, r.Stream != nil)
	defer done()
	out := &outlet{to: r.Stream}
	answer, err := g.model.GenerateContent(call, messages(r), g.options(r, out)...)
	end := rec.end()
	reply.PromptTokens, reply.ReplyTokens, reply.Served = end.promptTokens, end.replyTokens, end.served
	reply.Took = g.client.o.Now().Sub(start)
	if reply.FinishReason = end.finish; end.err == nil {
		reply.Text, end.err = verdict(end, r)
	}
	if end.err == nil {
		end.err = compare(answer, err, end)
	}
	if end.err == nil && windowed {
		end.err = window.judge(end, r)
	}
	if end.err == nil && r.Stream != nil {
		end.err = out.finish(reply.Text)
	}
	if out.err != nil { // whatever else went wrong came of it
		reply.Text = ""
		return reply, fmt.Errorf("%s: the receiver of the stream: %w", g.Name(), out.err)
	}
	if end.err != nil {
		reply.Text = ""
		return reply, g.name(hide(end.err, r.System, r.User))
	}
	return reply, nil
}

// name puts the generator's name into an error.
func (g *Generator) name(err error) error {
	e, ok := err.(*llm.Error) //nolint:errorlint // this package wraps none of its own
	if !ok {
		e = &llm.Error{Kind: llm.ErrMalformed, Err: err}
	}
	e.Model = g.Name()
	return e
}

func messages(r llm.Request) []llms.MessageContent {
	var out []llms.MessageContent
	if r.System != "" {
		out = append(out, llms.TextParts(llms.ChatMessageTypeSystem, r.System))
	}
	return append(out, llms.TextParts(llms.ChatMessageTypeHuman, r.User))
}

func (g *Generator) options(r llm.Request, out *outlet) []llms.CallOption {
	temperature := r.Temperature
	if g.spec.Provider == llm.Anthropic {
		temperature = min(temperature, 1) // its scale ends there
	}
	opts := append([]llms.CallOption{llms.WithMaxTokens(r.MaxTokens), llms.WithTemperature(temperature)}, g.extra...)
	if len(r.Stop) > 0 {
		opts = append(opts, llms.WithStopWords(r.Stop))
	}
	if r.JSON {
		opts = append(opts, llms.WithJSONMode()) // Anthropic has no such switch, langchaingo ignores it there
	}
	if r.Stream != nil {
		opts = append(opts, llms.WithStreamingFunc(func(_ context.Context, chunk []byte) error { return out.write(string(chunk)) }))
	}
	return opts
}

// outlet hands a stream on without the reasoning.
type outlet struct {
	to     func(string) error
	filter filter
	sent   strings.Builder
	err    error
}

func (o *outlet) write(delta string) error { return o.pass(o.filter.write(delta)) }

func (o *outlet) pass(text string) error {
	if text == "" || o.err != nil {
		return o.err
	}
	o.sent.WriteString(text)
	o.err = o.to(text)
	return o.err
}

// finish hands on the rest, and makes sure that the pieces are the text.
func (o *outlet) finish(text string) error {
	if o.pass(o.filter.end()) == nil && o.sent.String() != text {
		return &llm.Error{Kind: llm.ErrMalformed, Detail: "what was streamed is not the text"}
	}
	return nil
}

// window is a dialect of a model that cuts what does not fit, and does not say so.
type window interface {
	fits(r llm.Request) error              // refuses a prompt that cannot fit
	judge(end ending, r llm.Request) error // finds out afterwards
}

// verdict says whether what the guard saw is a complete text, and gives it without reasoning.
func verdict(end ending, r llm.Request) (string, error) {
	fail := func(kind error, detail string) (string, error) { return "", &llm.Error{Kind: kind, Detail: detail} }
	switch end.finish {
	case llm.FinishLength:
		return fail(llm.ErrReplyTruncated, fmt.Sprintf("asked for at most %d tokens", r.MaxTokens))
	case llm.FinishFiltered:
		return fail(llm.ErrRefused, "")
	}
	text, reasoned := strip(end.text)
	switch {
	case text == "" && reasoned:
		return fail(llm.ErrEmpty, "only reasoning")
	case text == "":
		return fail(llm.ErrEmpty, "")
	case !end.finished:
		return fail(llm.ErrUnavailable, "the text ended without a reason to end")
	case strings.ContainsRune(text, utf8.RuneError) && !strings.ContainsRune(r.System+r.User, utf8.RuneError):
		return fail(llm.ErrMalformed, "the text has letters that were lost on the way")
	}
	return text, nil
}

// compare makes sure that langchaingo understood the same as the guard.
func compare(answer *llms.ContentResponse, err error, end ending) error {
	if err != nil { // its words may hold the text
		return malformed("langchaingo cannot read the answer")
	}
	var text strings.Builder
	for _, c := range answer.Choices {
		text.WriteString(c.Content)
	}
	if text.String() != end.text {
		return &llm.Error{Kind: llm.ErrMalformed, Detail: "the answer can be read in two ways"}
	}
	return nil
}
