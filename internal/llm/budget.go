package llm

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Price is what a model costs, in whatever currency the whole table is in.
type Price struct {
	Prompt float64 // a million prompt tokens
	Reply  float64 // a million reply tokens
}

// Prices is the table of prices by spec ("openai:gpt-x"). It comes from configuration: providers change prices, and a
// wrong one would be worse than none. A model that is missing has an unknown price, not the price 0.
type Prices map[string]Price

// ParsePrices reads "openai:gpt-x=2.5/10, ollama:llama3=0/0": for each spec the price of a million prompt tokens and of a
// million reply tokens, with a decimal point.
func ParsePrices(text string) (Prices, error) {
	out := Prices{}
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, amounts, _ := strings.Cut(part, "=")
		spec, err := parseSpec(strings.TrimSpace(name))
		if err != nil {
			return nil, err
		}
		prompt, reply, ok := strings.Cut(amounts, "/")
		var p Price
		for _, a := range []struct {
			to   *float64
			text string
		}{{&p.Prompt, prompt}, {&p.Reply, reply}} {
			*a.to, err = strconv.ParseFloat(strings.TrimSpace(a.text), 64)
			ok = ok && err == nil && *a.to >= 0 && !math.IsInf(*a.to, 0)
		}
		if !ok {
			return nil, fmt.Errorf("price %q: write PROVIDER:MODEL=PROMPT/REPLY, each for a million tokens, e.g. openai:gpt-x=2.5/10", part)
		}
		if _, twice := out[spec.String()]; twice {
			return nil, fmt.Errorf("price of %q stands twice", spec)
		}
		out[spec.String()] = p
	}
	return out, nil
}

// Cost is the price of so many tokens; ok is false when the model's price is not known.
func (p Prices) Cost(model string, promptTokens, replyTokens int) (cost float64, ok bool) {
	price, ok := p[model]
	return (price.Prompt*float64(promptTokens) + price.Reply*float64(replyTokens)) / 1e6, ok
}

// Spending is what one day has used.
type Spending struct {
	Day    string // YYYY-MM-DD in the budget's place
	Tokens int    // prompt and reply
	Cost   float64
}

// BudgetOptions bound a day. Zero values are those named.
type BudgetOptions struct {
	Tokens   int              // prompt and reply tokens a day; 0: no bound
	Cost     float64          // a day, in the currency of Prices; 0: no bound
	Prices   Prices           // needed for Cost
	Spent    Spending         // what was spent before the program started; counts when its day is today
	Location *time.Location   // where midnight is; nil: Europe/Copenhagen
	Now      func() time.Time // nil: time.Now
}

// Budget bounds what a day may use, over all generators that it wraps. The day ends at midnight.
//
// Before a call the most that it can use is held back, so that calls at the same time cannot overdraw together; after it
// what the provider counted is booked, or the estimate where it did not count.
type Budget struct {
	o    BudgetOptions
	mu   sync.Mutex
	used Spending
	held Spending // by calls under way
}

// NewBudget fails when the place's time zone is not to be had: then the program lacks the data (time/tzdata).
func NewBudget(o BudgetOptions) (*Budget, error) {
	if o.Location == nil {
		var err error
		if o.Location, err = time.LoadLocation("Europe/Copenhagen"); err != nil {
			return nil, fmt.Errorf("budget needs time zone data: %w", err)
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Tokens < 0 || o.Cost < 0 || math.IsNaN(o.Cost) {
		return nil, errors.New("a budget cannot be negative: write 0 for no bound")
	}
	return &Budget{o: o, used: o.Spent}, nil
}

// Wrap puts a generator under the budget. It fails when the budget is in money and the model's price is not known.
func (b *Budget) Wrap(next Generator) (Generator, error) {
	if _, known := b.o.Prices.Cost(next.Name(), 0, 0); !known && b.o.Cost > 0 {
		return nil, fmt.Errorf("budget in money, but the price of %s is not known: give its price, or a budget in tokens", next.Name())
	}
	return &budgeted{b, next}, nil
}

// Spent is what today has used so far; calls under way are not in it.
func (b *Budget) Spent() Spending {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn()
	return b.used
}

// turn starts a new day when there is one.
func (b *Budget) turn() {
	if day := b.o.Now().In(b.o.Location).Format(time.DateOnly); day != b.used.Day {
		b.used = Spending{Day: day}
	}
}

// hold keeps back what a call may use; false when that is more than is left.
func (b *Budget) hold(s Spending) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn()
	if b.o.Tokens > 0 && b.used.Tokens+b.held.Tokens+s.Tokens > b.o.Tokens || b.o.Cost > 0 && b.used.Cost+b.held.Cost+s.Cost > b.o.Cost {
		return false
	}
	b.held.Tokens += s.Tokens
	b.held.Cost += s.Cost
	return true
}

// book releases what was held and books what was used, on the day on which the call ended.
func (b *Budget) book(held, used Spending) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn()
	b.held.Tokens -= held.Tokens
	b.held.Cost -= held.Cost
	if b.held.Tokens == 0 {
		b.held.Cost = 0 // sums of floats leave crumbs
	}
	b.used.Tokens += used.Tokens
	b.used.Cost += used.Cost
}

// untilMidnight is how long the day lasts.
func (b *Budget) untilMidnight() time.Duration {
	now := b.o.Now().In(b.o.Location)
	y, m, d := now.Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, b.o.Location).Sub(now)
}

// budgeted is a generator under a budget.
type budgeted struct {
	b    *Budget
	next Generator
}

func (g *budgeted) Name() string { return g.next.Name() }

// Generate asks when enough is left, and fails with ErrBudget, RetryAfter being the time to midnight, otherwise.
func (g *budgeted) Generate(ctx context.Context, r Request) (Reply, error) {
	prompt, most := EstimateTokens(r.System)+EstimateTokens(r.User), r.MaxTokens
	if most == 0 {
		most = DefaultMaxTokens
	}
	held := g.spending(prompt, most)
	if !g.b.hold(held) {
		return Reply{}, &Error{Kind: ErrBudget, Model: g.Name(), Detail: "what is left of the day's budget is too little for this request", RetryAfter: g.b.untilMidnight()}
	}
	var used Spending
	defer func() { g.b.book(held, used) }() // also when the generator panics
	reply, err := g.next.Generate(ctx, r)
	in, out := reply.PromptTokens, reply.ReplyTokens
	if in == 0 && mayBeBilled(err) {
		in = prompt
	}
	if out == 0 && err == nil {
		out = EstimateTokens(reply.Text)
	}
	used = g.spending(in, out)
	return reply, err
}

func (g *budgeted) spending(prompt, reply int) Spending {
	cost, _ := g.b.o.Prices.Cost(g.Name(), prompt, reply)
	return Spending{Tokens: prompt + reply, Cost: cost}
}

// mayBeBilled is false for failures in which the model never worked.
func mayBeBilled(err error) bool {
	for _, kind := range []error{ErrRateLimited, ErrKey, ErrRequest, ErrUnknownModel, ErrPromptTooLong, ErrBudget} {
		if errors.Is(err, kind) {
			return false
		}
	}
	e, ok := errors.AsType[*Error](err)
	return !ok || e.Status < 400
}

// EstimateTokens is a guess without a vocabulary, meant to be rather too high for running text: a token for three bytes.
func EstimateTokens(text string) int { return (len(text) + 2) / 3 }
