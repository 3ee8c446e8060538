package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kildesvar/corpus"
	"kildesvar/internal/article"
	"kildesvar/internal/llm/llmtest"
	"kildesvar/internal/workspace"
)

// TestServeSoak runs the whole service as a process of its own, with a language model and a Slack in which everything goes wrong now and
// then, and kills it at random: every question has one answer in the end, acknowledged in time, and the process does not grow. Without
// KILDESVAR_LOAD it is short. With it, it first looks for the highest rate at which 99 of 100 acknowledgements come within a second and
// nobody is turned away, and asks for so many minutes at four fifths of that, or at KILDESVAR_RATE questions a second.
func TestServeSoak(t *testing.T) {
	t.Parallel() // as TestServeKilled
	s := newSoak(t)
	s.birth()
	rate, length, deaths := 12.0, 12*time.Second, []time.Duration{time.Second}
	if minutes := setNumber(t, "KILDESVAR_LOAD"); minutes > 0 {
		if rate = setNumber(t, "KILDESVAR_RATE"); rate == 0 {
			rate = s.ramp() * 4 / 5
		}
		length, deaths = time.Duration(minutes*float64(time.Minute)), nil
		for range 5 { // in the first half: the last life is to be long
			deaths = append(deaths, time.Duration(s.rnd.Int64N(int64(length)/2)))
		}
		slices.Sort(deaths)
		s.end()
		s.acks, s.again, s.given, s.lives = nil, 0, 0, nil
		s.birth()
	}
	asked := s.asks
	s.began = time.Now()
	s.ask(rate, length, deaths)
	took := time.Since(s.began)
	s.drain()
	s.end()
	t.Logf("%d questions in %v, %.1f a second; acknowledged after p50 %v, p99 %v; %d deliveries again because a socket died, %d given up", s.asks-asked, took.Round(time.Second),
		float64(s.asks-asked)/took.Seconds(), quantile(s.acks, 0.5), quantile(s.acks, 0.99), s.again, s.given)
	if p99 := quantile(s.acks, 0.99); p99 > time.Second {
		t.Errorf("acknowledged after %v", p99)
	}
	s.memory(length)
	s.verdict()
	if log, err := os.ReadFile(s.log); err != nil || strings.Contains(string(log), "panic") {
		t.Errorf("the log tells of a panic: %v", err)
	}
}

// soak is a run with what has happened in it.
type soak struct {
	t      *testing.T
	w      *workspace.Workspace
	getenv func(string) string
	rnd    *rand.Rand
	log    string // the file of the program's standard error
	gold   []string
	plain  []string // those that are certainly no small talk
	people []string
	places []string // channels

	began   time.Time // what was before is the ramp's
	asks    int
	asked   []question // all but the private ones
	roots   []question // those of them that can be asked further below, the latest
	slashes map[string]int
	lives   []*life
	looked  time.Time
	acks    []time.Duration
	again   int             // deliveries sent again because their socket died
	given   int             // deliveries that Slack gave up
	unheard map[string]bool // "channel/ts" of questions with such a delivery
}

// question is a question in a place, and its thread if that is not its own.
type question struct {
	person, place, ts, thread string
	at                        time.Time
}

// life is one process of the program.
type life struct {
	cmd     *exec.Cmd
	base    string
	samples []sample
	counts  map[string]float64 // the last that was heard of its metrics
}

type sample struct {
	at                            time.Time
	rss, goroutines, files, queue float64 // rss in MB
}

func newSoak(t *testing.T) *soak {
	const seed = 20261126
	s := &soak{t: t, rnd: rand.New(rand.NewPCG(seed, 1)), log: filepath.Join(t.TempDir(), "log"), slashes: map[string]int{}, unheard: map[string]bool{}}
	gold, err := article.LoadGold(corpus.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range gold {
		s.gold = append(s.gold, g.Question)
		if g.Answerable {
			s.plain = append(s.plain, g.Question)
		}
	}
	o := workspace.Options{Seed: seed, Channels: []workspace.Channel{{ID: workspace.DefaultExpertChannel, Name: "fagpersoner", Members: []string{"U0KILDE"}}}}
	for i := range 1500 { // so many that nobody asks too much
		s.people = append(s.people, fmt.Sprintf("U0P%d", i))
		o.Users = append(o.Users, workspace.User{ID: s.people[i], Name: fmt.Sprintf("person%d", i)})
	}
	for i := range 300 {
		s.places = append(s.places, fmt.Sprintf("C0K%d", i))
		o.Channels = append(o.Channels, workspace.Channel{ID: s.places[i], Name: fmt.Sprintf("kanal%d", i), Members: append([]string{"U0KILDE"}, s.people...)})
	}
	call, _ := workspace.RandomFaults(seed, 0.005)
	_, o.DeliveryFault = workspace.RandomFaults(seed, 0.002)
	o.CallFault = func(m string, n int) workspace.CallFault {
		f := call(m, n)
		switch k := (uint64(n)*2654435761 + seed) % 3000; { // an answer that does not come, and one that comes too late
		case f != (workspace.CallFault{}) || n < 10:
		case k < 10 && (m == "chat.postMessage" || m == "response_url" || strings.HasSuffix(m, "Stream")):
			f.Reset = true
		case k == 10:
			f.Slow = 9 * time.Second
		}
		return f
	}
	w, api := world(t, o)
	s.w, s.getenv = w, slackEnv(t, api, provider(t, llmtest.Start(t, llmtest.OpenAI, moody(seed))))
	return s
}

// moody is a model that is quoting mostly. Now and then it misbehaves in any of its ways or says something else, and it is down altogether
// for three seconds of every hundred.
func moody(seed uint64) llmtest.Script {
	var mu sync.Mutex
	rnd, began, all := rand.New(rand.NewPCG(seed, 2)), time.Now(), llmtest.Misbehaviours()
	return func(p llmtest.Prompt) llmtest.Behaviour {
		mu.Lock()
		defer mu.Unlock()
		b := quoting(p)
		b.Delay = time.Duration(rnd.IntN(60)) * time.Millisecond
		at := rnd.IntN(100)
		switch {
		case (time.Since(began)+40*time.Second)%(100*time.Second) < 3*time.Second:
			b.Fault = llmtest.Find("500")
		case at < 5:
			if m := all[rnd.IntN(len(all))]; m.In(llmtest.OpenAI, p.Stream) {
				b.Fault = m
			}
		case at < 7:
			b.Text = []string{p.User, "Det ved jeg ikke.", strings.Repeat("Bo har ringet på 12 34 56 78 og siger <!channel>. ", 500), "[1] [2] [3]", "{}"}[rnd.IntN(5)]
		}
		return b
	}
}

// birth starts the program.
func (s *soak) birth() {
	s.t.Helper()
	l := &life{cmd: serving(program(s.t, s.getenv("KILDESVAR_DATA"), "", "serve"), s.getenv)}
	s.t.Cleanup(func() { // a test that gives up leaves nothing running
		if l.cmd.Process != nil {
			_ = l.cmd.Process.Kill()
		}
	})
	log, err := os.OpenFile(s.log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	defer log.Close()
	l.cmd.Stderr = log
	out, err := l.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := l.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if l.base = address.FindString(line); err != nil || l.base == "" {
		s.t.Fatalf("it says %q: %v", line, err)
	}
	s.lives = append(s.lives, l)
}

func (s *soak) life() *life { return s.lives[len(s.lives)-1] }

// end stops the program in good order.
func (s *soak) end() {
	s.t.Helper()
	s.look()
	if err := s.life().cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	if err := s.life().cmd.Wait(); err != nil {
		s.t.Errorf("after SIGTERM: %v", err)
	}
}

// ask asks at a rate, whatever becomes of it. At each of the given moments the program is killed and started again.
func (s *soak) ask(rate float64, length time.Duration, deaths []time.Duration) {
	s.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	began, n := time.Now(), 0
	for at := time.Duration(0); at < length; at = time.Since(began) {
		for ; n < int(at.Seconds()*rate); n++ {
			s.one()
		}
		if len(deaths) > 0 && at > deaths[0] {
			deaths = deaths[1:]
			_ = s.life().cmd.Process.Kill()
			_ = s.life().cmd.Wait() // killed
			s.birth()
		}
		if time.Since(s.looked) > time.Second {
			s.look()
		}
		<-tick.C
	}
}

// one asks one question: in a channel, directly, privately, or further in a thread, with or without a mention.
func (s *soak) one() {
	s.t.Helper()
	s.asks++
	q := question{person: s.people[s.rnd.IntN(len(s.people))], place: s.places[s.rnd.IntN(len(s.places))], at: time.Now()}
	text := mention + s.text()
	switch kind := s.rnd.IntN(10); {
	case kind < 3:
	case kind < 6:
		q.place, text = s.w.DM(q.person), text[len(mention):]
	case kind < 7:
		s.slashes[q.person]++
		if err := s.w.Slash(q.person, q.place, "/kilde", text[len(mention):]); err != nil {
			s.t.Fatal(err)
		}
		return
	default:
		if len(s.roots) == 0 || time.Since(s.roots[0].at) < 5*time.Second {
			break
		}
		r := s.roots[s.rnd.IntN(len(s.roots))]
		q.person, q.place, q.thread = r.person, r.place, r.ts
		if s.rnd.IntN(2) == 0 && slices.ContainsFunc(s.w.Thread(r.place, r.ts), func(m workspace.Message) bool { return m.Bot }) {
			text = "Og hvad så: " + s.plain[s.rnd.IntN(len(s.plain))] // small talk needs no answer here
		}
	}
	var err error
	if q.ts, err = s.w.Say(q.person, q.place, text, q.thread); err != nil {
		s.t.Fatal(err)
	}
	s.asked = append(s.asked, q)
	if q.thread == "" {
		s.roots = append(s.roots, q)
		s.roots = s.roots[max(0, len(s.roots)-300):]
	}
}

// text is a gold question, or what people write otherwise: misspelt, nonsense, with a CPR number, long, too long.
func (s *soak) text() string {
	q := s.gold[s.rnd.IntN(len(s.gold))]
	switch kind := s.rnd.IntN(100); {
	case kind < 10:
		r := []rune(q)
		for range 1 + len(r)/20 {
			i := s.rnd.IntN(len(r) - 1)
			r[i], r[i+1] = r[i+1], r[i]
		}
		return string(r)
	case kind < 14:
		signs := []rune("aeorsndt   æøåÆ?!.,<>&*_~`|#[]()\u200b\u202e\u0301🙂漢\n\t0123456789")
		r := make([]rune, 1+s.rnd.IntN(300))
		for i := range r {
			r[i] = signs[s.rnd.IntN(len(signs))]
		}
		return string(r) + "x"
	case kind < 17:
		return fmt.Sprintf("%s Det gælder %02d0190-%04d.", q, 1+s.rnd.IntN(28), s.rnd.IntN(10_000))
	case kind < 19:
		return q + strings.Repeat(" "+q, 3500/len(q))
	case kind < 20:
		return q + strings.Repeat(" "+q, 12_000/len(q))
	}
	return q
}

// look takes a sample of the program and has Slack's records counted and forgotten.
func (s *soak) look() {
	s.looked = time.Now()
	for _, d := range s.w.Forget() {
		switch {
		case d.Noise:
		case d.Acked.IsZero():
			s.given++
			s.unheard[questionOf(d)] = true
		case slices.Contains(d.Reasons, "connection_failed"):
			s.again++
		default:
			s.acks = append(s.acks, d.Acked.Sub(d.Sent[0]))
		}
	}
	l := s.life()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", l.cmd.Process.Pid))
	if err != nil {
		s.t.Fatal(err)
	}
	client := &http.Client{Timeout: 5 * time.Second}
	defer client.CloseIdleConnections()
	resp, err := client.Get(l.base + "/metrics")
	if err != nil { // it shows in the number of samples
		return
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		return
	}
	l.counts = map[string]float64{}
	for line := range strings.Lines(string(page)) {
		if i := strings.LastIndexByte(line, ' '); i > 0 && line[0] != '#' {
			l.counts[line[:i]], _ = strconv.ParseFloat(strings.TrimSpace(line[i:]), 64) // 0 for what is no number
		}
	}
	at := sample{at: s.looked, goroutines: l.counts["go_goroutines"], queue: l.counts["kildesvar_queue"]}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	if _, err := fmt.Sscanf(after, "%f", &at.rss); err != nil {
		s.t.Fatal(err)
	}
	at.rss /= 1024
	if files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", l.cmd.Process.Pid)); err == nil {
		at.files = float64(len(files))
	}
	l.samples = append(l.samples, at)
}

// ramp is the highest of a row of rates at which acknowledgements come within a second (p99) and the queue stays short. It goes on to where
// acknowledgements take longer, so that both are known.
func (s *soak) ramp() (best float64) {
	s.t.Helper()
	full := false
	for rate := 8.0; rate < 200; rate *= 1.25 {
		s.acks = nil
		n := len(s.life().samples)
		s.ask(rate, 15*time.Second, nil)
		s.look()
		p99, longest := quantile(s.acks, 0.99), 0.0
		for _, x := range s.life().samples[n:] {
			longest = max(longest, x.queue)
		}
		s.t.Logf("ramp: %.1f a second: acknowledged after p50 %v, p99 %v; at most %.0f open", rate, quantile(s.acks, 0.5), p99, longest)
		if p99 > time.Second {
			break
		}
		if full = full || longest > 100; !full {
			best = rate
		}
	}
	s.drain()
	if best == 0 {
		s.t.Fatal("too slow for any load")
	}
	return best
}
