package slackbot

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kildesvar/internal/workspace"
	"kildesvar/internal/workspace/delivery"
)

// How long the long tests are. KILDESVAR_SOAK is a number of questions (10000 takes some minutes), KILDESVAR_SEED what is random in them,
// KILDESVAR_LOAD minutes of load.
const (
	soakDefault = 150
	soakSeed    = 20261125
)

func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		return otherwise
	}
	n, err := strconv.Atoi(v)
	must(t, err)
	return n
}

// crowd is a workspace with more people and channels.
func crowd() workspace.Options {
	o := workspace.Options{RedeliverAfter: 3 * time.Second}
	var all []string
	for i := range 12 {
		id := fmt.Sprintf("U0P%d", i)
		o.Users = append(o.Users, workspace.User{ID: id, Name: fmt.Sprintf("person%d", i)})
		all = append(all, id)
	}
	for i := range 8 {
		o.Channels = append(o.Channels, workspace.Channel{ID: fmt.Sprintf("C0K%d", i), Name: fmt.Sprintf("kanal%d", i), Members: append([]string{botUser}, all...)})
	}
	return o
}

// chance is a random run.
type chance struct {
	*bench
	rnd     *rand.Rand
	people  []string
	places  []string          // all channels
	roots   map[string]string // thread "channel/ts" → who asked there first
	threads []string
	asked   int
}

func newChance(b *bench, seed uint64) *chance {
	c := &chance{bench: b, rnd: rand.New(rand.NewPCG(seed, 1)), roots: map[string]string{}}
	for i := range 12 {
		c.people = append(c.people, fmt.Sprintf("U0P%d", i))
	}
	for i := range 8 {
		c.places = append(c.places, fmt.Sprintf("C0K%d", i))
	}
	for _, p := range c.people {
		c.places = append(c.places, b.DM(p))
	}
	return c
}

// ask asks one question: in a channel, directly, or further in a thread, with or without a mention.
func (c *chance) ask() {
	c.t.Helper()
	text := fmt.Sprintf("Spørgsmål %d: hvad er samskabelse?", c.asked)
	person := c.people[c.rnd.IntN(len(c.people))]
	where, thread := c.places[c.rnd.IntN(8)], ""
	switch kind := c.rnd.IntN(10); {
	case kind < 4: // a mention
		text = "<@" + botUser + "> " + text
	case kind < 7:
		where = c.DM(person)
	case len(c.threads) > 0:
		key := c.threads[c.rnd.IntN(len(c.threads))]
		where, thread, _ = strings.Cut(key, "/")
		person = c.roots[key]
		if c.rnd.IntN(2) == 0 || len(c.answers(where, thread)) == 0 { // without a mention only where it takes part already
			text = "<@" + botUser + "> " + text
		}
	default:
		text = "<@" + botUser + "> " + text
	}
	ts := c.say(person, where, text, thread)
	if thread == "" {
		key := where + "/" + ts
		c.roots[key] = person
		if c.threads = append(c.threads, key); len(c.threads) > 40 {
			c.threads = c.threads[1:]
		}
	}
	c.asked++
}

// faults are those of the workspace, and posts whose answers get lost.
func faults(seed uint64) (func(string, int) workspace.CallFault, func(string, int) delivery.Fault) {
	call, deliver := workspace.RandomFaults(seed, 0.04)
	return func(m string, n int) workspace.CallFault {
		f := call(m, n)
		if posts := m == "chat.postMessage" || strings.HasSuffix(m, "Stream"); posts && f == (workspace.CallFault{}) && (uint64(n)*2654435761+seed)%50 == 0 {
			f.Reset = true
		}
		return f
	}, deliver
}

// TestSoak asks at random under random faults, disconnects, kills and restarts: every question has one answer in the end, nothing that
// Slack would refuse was sent, and every delivery was acknowledged in time.
func TestSoak(t *testing.T) {
	n, seed := number(t, "KILDESVAR_SOAK", soakDefault), uint64(number(t, "KILDESVAR_SEED", soakSeed))
	world := crowd()
	world.Seed = seed
	call, deliver := faults(seed)
	world.CallFault, world.DeliveryFault = call, deliver
	b := startFor(t, setup{world: world, config: func(c *Config) {
		c.MaxQueue, c.Grace = 10_000, 50*time.Millisecond
	}}, time.Hour)
	c := newChance(b, seed)
	began, restarts := time.Now(), 0
	for c.asked < n {
		c.ask()
		if c.asked%40 == 0 {
			c.drain(60)
		}
		switch at := c.rnd.IntN(400); {
		case at == 0:
			c.DropSockets()
		case at == 1:
			c.Disconnect("refresh_requested")
		case at < 4:
			restarts++
			if c.rnd.IntN(2) == 0 {
				c.kill()
			} else {
				must(t, c.stop())
			}
			c.run()
		}
	}
	c.drain(0)
	took := time.Since(began)
	t.Logf("seed %d: %d questions in %v (%.0f a second), %d restarts; %s", seed, n, took.Round(time.Millisecond), float64(n)/took.Seconds(), restarts, c.verdict())
}

// drain waits until at most so many questions and deliveries are open.
func (c *chance) drain(most int) {
	c.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for c.bot.Metrics().Queue > most || c.Pending() > 2*most {
		select {
		case <-tick.C:
		case <-c.ctx.Done():
			c.t.Fatalf("%d questions stay open", c.bot.Metrics().Queue)
		}
	}
}

// verdict checks a run and sums it up.
func (c *chance) verdict() string {
	c.t.Helper()
	doubles, lost, invalid, never := 0, 0, 0, 0
	count, acked := c.tally(c.places), c.acknowledged()
	for q := range c.asked {
		switch {
		case count[q] == 0 && !acked[q]: // four times in a row its socket or the process died
			never++
		case count[q] == 0:
			lost++
			c.t.Errorf("question %d is lost%s", q, c.trace(q))
		case count[q] > 1:
			doubles++
			c.t.Errorf("question %d has %d answers", q, count[q])
		}
	}
	if never > c.asked/20 {
		c.t.Errorf("Slack gave up %d of %d questions", never, c.asked)
	}
	for _, p := range c.Problems() {
		invalid++
		c.t.Errorf("%s: %s", p.Where, p.What)
	}
	acks := c.acks()
	if acks.p99 > 3*time.Second {
		c.t.Errorf("acknowledged after %v", acks.p99)
	}
	return fmt.Sprintf("doubles %d, lost %d, invalid %d; acknowledged after p50 %v, p99 %v, most %v, %d sent again because of faults; given up by Slack: %d deliveries, %d questions",
		doubles, lost, invalid, acks.p50, acks.p99, acks.most, acks.again, acks.never, never)
}

// acks are the times to the acknowledgement of what was sent once: what was sent again met a dead socket or a dead process.
type acks struct {
	p50, p99, most time.Duration
	again, never   int
}

func (c *chance) acks() acks {
	var out acks
	var took []time.Duration
	for _, d := range c.Deliveries() {
		switch {
		case d.Noise:
		case d.Acked.IsZero():
			out.never++
		case len(d.Sent) > 1:
			out.again++
		default:
			took = append(took, d.Took.Round(10*time.Microsecond))
		}
	}
	slices.Sort(took)
	out.p50, out.p99, out.most = took[len(took)/2], took[len(took)*99/100], took[len(took)-1]
	return out
}

// TestLoad asks as much as is answered, for some minutes, and watches the program: its goroutines and its heap must not grow.
func TestLoad(t *testing.T) {
	minutes := number(t, "KILDESVAR_LOAD", 0)
	if minutes == 0 {
		t.Skip("KILDESVAR_LOAD is the number of minutes")
	}
	b := startFor(t, setup{world: crowd(), idle: true}, time.Duration(minutes+5)*time.Minute)
	program := b.bear()
	b.until("sockets", func() bool { return b.Sockets() == 2 })
	c := newChance(b, soakSeed)
	end := time.Now().Add(time.Duration(minutes) * time.Minute)
	for time.Now().Before(end) {
		for range 40 {
			c.ask()
		}
		b.until("answers", func() bool { return c.answered() >= c.asked-40 })
	}
	b.until("all answers", func() bool { return c.answered() >= c.asked && b.Pending() == 0 })
	program.end(t)
	s := program.samples
	if len(s) < 30 {
		t.Fatalf("only %d samples", len(s))
	}
	early, late := s[len(s)/10:len(s)/3], s[len(s)*2/3:]
	usual := func(list [][2]int, i int) int { // the median: peaks are the machine's
		sorted := slices.Clone(list)
		slices.SortFunc(sorted, func(a, b [2]int) int { return a[i] - b[i] })
		return sorted[len(sorted)/2][i]
	}
	if usual(late, 0) > usual(early, 0)+20 {
		t.Errorf("goroutines grow: %d, then %d", usual(early, 0), usual(late, 0))
	}
	if usual(late, 1) > usual(early, 1)*5/4+1<<20 {
		t.Errorf("the heap grows: %d, then %d bytes", usual(early, 1), usual(late, 1))
	}
	t.Logf("%d minutes, %d questions (%.0f a second); goroutines (median) %d early, %d late; heap %.1f MB early, %.1f MB late; %s", minutes, c.asked,
		float64(c.asked)/(60*float64(minutes)), usual(early, 0), usual(late, 0), float64(usual(early, 1))/1e6, float64(usual(late, 1))/1e6, c.verdict())
}

// answered counts calls that closed an answer; the exact count is the verdict's.
func (c *chance) answered() int {
	n := 0
	for _, m := range []string{"chat.postMessage", "chat.stopStream", "chat.update"} {
		for _, call := range c.Calls(m) {
			if call.Error == "" && call.Status == 200 {
				n++
			}
		}
	}
	return n
}

// trace tells what is known of a question.
func (c *chance) trace(q int) string {
	var s strings.Builder
	word := fmt.Sprintf("Spørgsmål %d:", q)
	for _, place := range c.places {
		for _, m := range c.Messages(place) {
			if !strings.Contains(m.Text, word) {
				continue
			}
			fmt.Fprintf(&s, "\n%s %s/%s %s", place, m.TS, m.Thread, m.Text)
			if got, err := c.journal.Asked(c.ctx, place, m.TS); err == nil {
				fmt.Fprintf(&s, "\n  %s attempts %d, error %q, outcome %s at %v", got.Status, got.Attempts, got.LastError, got.Answer.Outcome, got.Answer.Place)
			} else {
				fmt.Fprintf(&s, "\n  %v", err)
			}
			for _, x := range c.Thread(place, m.Thread) {
				fmt.Fprintf(&s, "\n  %s %s bot %v: %.100s", x.TS, x.User, x.Bot, x.Text)
			}
		}
	}
	return s.String()
}
