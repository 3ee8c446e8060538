package slackbot

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"kildesvar/internal/journal"
)

// The child process gets its journal's folder and Slack's address by environment.
const (
	childFolder = "SLACKBOT_TEST_FOLDER"
	childAPI    = "SLACKBOT_TEST_API"
)

// child runs the assistant until it is killed or its standard input ends. Every second it prints its goroutines and its heap.
func child() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // ends with the parent
		cancel()
	}()
	j, err := journal.OpenSQLite(ctx, os.Getenv(childFolder), journal.Options{})
	if err != nil {
		fmt.Println("error", err)
		return
	}
	cfg := testConfig()
	cfg.APIURL = os.Getenv(childAPI)
	cfg.MaxQueue, cfg.Lease = 10_000, 2*time.Second // the lease of a killed process must really run out
	bot, err := New(cfg, &asker{forgetful: true}, j)
	if err != nil {
		fmt.Println("error", err)
		return
	}
	go sample(ctx)
	if err := errors.Join(bot.Run(ctx), j.Close()); err != nil {
		fmt.Println("error", err)
	}
}

func sample(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			fmt.Println("sample", runtime.NumGoroutine(), m.HeapAlloc)
		case <-ctx.Done():
			return
		}
	}
}

// offspring is a running child.
type offspring struct {
	cmd   *exec.Cmd
	stdin io.Closer
	read  sync.WaitGroup

	mu      sync.Mutex
	samples [][2]int // goroutines, bytes of heap
	faults  []string
}

func (b *bench) bear() *offspring {
	b.t.Helper()
	c := &offspring{cmd: exec.CommandContext(b.ctx, os.Args[0])}
	c.cmd.Env = append(os.Environ(), childFolder+"="+b.folder, childAPI+"="+b.cfg.APIURL)
	stdin, err := c.cmd.StdinPipe()
	must(b.t, err)
	c.stdin = stdin
	out, err := c.cmd.StdoutPipe()
	must(b.t, err)
	must(b.t, c.cmd.Start())
	c.read.Go(func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var s [2]int
			c.mu.Lock()
			if _, err := fmt.Sscanf(lines.Text(), "sample %d %d", &s[0], &s[1]); err == nil {
				c.samples = append(c.samples, s)
			} else if strings.HasPrefix(lines.Text(), "error") {
				c.faults = append(c.faults, lines.Text())
			}
			c.mu.Unlock()
		}
	})
	return c
}

// murder kills the process as kill -9 does.
func (c *offspring) murder(t *testing.T) {
	t.Helper()
	must(t, c.cmd.Process.Kill())
	c.read.Wait()
	if err := c.cmd.Wait(); err == nil {
		t.Error("the child ended by itself")
	}
	for _, f := range c.faults {
		t.Error(f)
	}
}

// end stops the process in good order.
func (c *offspring) end(t *testing.T) {
	t.Helper()
	must(t, c.stdin.Close())
	c.read.Wait()
	must(t, c.cmd.Wait())
	for _, f := range c.faults {
		t.Error(f)
	}
}

// TestKilledProcess kills real processes at random moments, with signal 9, under the journal on disk: one answer each in the end.
func TestKilledProcess(t *testing.T) {
	t.Parallel()
	const kills, each = 6, 8
	b := start(t, setup{idle: true})
	rnd := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 9))
	var asked []string
	places := []string{channel, b.DM(anna), b.DM(boUser)}
	people := map[string]string{channel: anna, places[1]: anna, places[2]: boUser}
	ask := func() {
		where := places[rnd.IntN(len(places))]
		b.say(people[where], where, fmt.Sprintf("<@%s> Spørgsmål %d: hvad er samskabelse?", botUser, len(asked)), "")
		asked = append(asked, where)
	}
	for range kills {
		c := b.bear()
		b.until("sockets", func() bool { return b.Sockets() == 2 })
		for range each {
			ask()
		}
		timer := time.NewTimer(time.Duration(rnd.IntN(60)) * time.Millisecond)
		<-timer.C // the moment of death is what is random here
		c.murder(t)
		b.until("no sockets", func() bool { return b.Sockets() == 0 })
	}
	last := b.bear()
	b.until("all answered", func() bool {
		if b.Pending() > 0 {
			return false
		}
		count := b.tally(places)
		for n := range b.acknowledged() {
			if count[n] == 0 {
				return false
			}
		}
		return true
	})
	last.end(t)
	count := b.tally(places)
	for n := range asked {
		if count[n] > 1 {
			t.Errorf("question %d has %d answers", n, count[n])
		}
	}
	if n := len(b.acknowledged()); n < len(asked)/2 { // a question that meets four dying processes is given up by Slack
		t.Errorf("only %d of %d questions were acknowledged", n, len(asked))
	}
	for _, p := range b.Problems() {
		t.Errorf("%s: %s", p.Where, p.What)
	}
	if n := b.open(); n != nil {
		must(t, n.Close())
	}
}

// acknowledged are the numbers of the questions that the assistant has acknowledged.
func (b *bench) acknowledged() map[int]bool {
	out := map[int]bool{}
	for _, d := range b.Deliveries() {
		var p struct {
			Event struct{ Text, User string }
		}
		if d.Acked.IsZero() || json.Unmarshal(d.Payload, &p) != nil || p.Event.User == botUser {
			continue
		}
		var n int
		if _, after, ok := strings.Cut(p.Event.Text, "Spørgsmål "); ok {
			if _, err := fmt.Sscanf(after, "%d", &n); err == nil {
				out[n] = true
			}
		}
	}
	return out
}

// tally counts finished answers by the number in their question.
func (b *bench) tally(places []string) map[int]int {
	out := map[int]int{}
	for _, c := range places {
		for _, m := range b.Messages(c) {
			var n int
			if _, after, ok := strings.Cut(m.Text, "»Spørgsmål "); m.Bot && ok && !m.Streaming {
				if _, err := fmt.Sscanf(after, "%d", &n); err == nil {
					out[n]++
				}
			}
		}
	}
	return out
}

// testConfig is the assistant's configuration in tests: nothing that waits for long, but time enough for a busy machine.
func testConfig() Config {
	return Config{BotToken: "xoxb-DEMO", AppToken: "xapp-1-DEMO", ExpertChannel: experts, Hosts: []string{"vidensportal.dk"},
		PerPerson: -1, PerChannel: -1, PostEvery: time.Millisecond, Settle: 20 * time.Millisecond, CallTimeout: 2 * time.Second, Lease: 6 * time.Second,
		Examples: []Example{{Audience: "Sagsbehandlere", Questions: []string{"Hvad er et partnerskab?"}}}, Log: slog.New(slog.DiscardHandler)}
}
