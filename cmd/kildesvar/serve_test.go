package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kildesvar/internal/workspace"
)

// What the emulated workspace is called where it has its defaults.
const (
	anna    = "U0ANNA"
	channel = "C0FRIVILLIG"
	mention = "<@U0KILDE> "
	signing = "hemmelig-i-demo"
)

// world starts an emulated Slack that ends with the test.
func world(t *testing.T, o workspace.Options) (w *workspace.Workspace, api string) {
	t.Helper()
	w = workspace.New(o)
	base, err := w.Start(context.WithoutCancel(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w, base + "/api/"
}

// slackEnv is an environment with the emulated workspace's tokens and what else is given.
func slackEnv(t *testing.T, api string, more map[string]string) func(string) string {
	home := testEnv(t)
	keepGeneration(t, home)
	vars := map[string]string{"SLACK_API_URL": api, "SLACK_BOT_TOKEN": workspace.DefaultBotToken, "SLACK_APP_TOKEN": workspace.DefaultAppToken,
		"KILDESVAR_EXPERT_CHANNEL": workspace.DefaultExpertChannel, "KILDESVAR_LISTEN": "127.0.0.1:0"}
	maps.Copy(vars, more)
	return func(k string) string {
		if v, ok := vars[k]; ok {
			return v
		}
		return home(k)
	}
}

// running is a command under way in this process.
type running struct {
	t      *testing.T
	base   string // what it answers at
	stop   context.CancelFunc
	code   chan int
	mu     sync.Mutex
	errOut bytes.Buffer
}

func (r *running) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.errOut.Write(p)
}

func (r *running) stderr() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.errOut.String()
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// start runs a command until it has told where it answers.
func start(t *testing.T, getenv func(string) string, args ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	r := &running{t: t, stop: cancel, code: make(chan int, 1)}
	pr, pw := io.Pipe()
	go func() {
		r.code <- run(ctx, args, env{stdin: strings.NewReader(""), stdout: pw, stderr: r, getenv: getenv})
		_ = pw.Close()
	}()
	t.Cleanup(func() { cancel(); _ = pr.Close() })
	line, err := bufio.NewReader(pr).ReadString('\n')
	if err != nil {
		t.Fatalf("%v: ended at once: %s", args, r.stderr())
	}
	if r.base = address.FindString(line); r.base == "" {
		t.Fatalf("%v says %q, which names no address", args, line)
	}
	return r
}

// end stops the command in good order.
func (r *running) end() {
	r.t.Helper()
	r.stop()
	select {
	case code := <-r.code:
		if code != exitDone {
			r.t.Errorf("exit code %d: %s", code, r.stderr())
		}
	case <-time.After(15 * time.Second):
		r.t.Fatal("not stopped after 15 s")
	}
}

// fetch fetches a page.
func fetch(t *testing.T, url string) (int, string) {
	t.Helper()
	client := &http.Client{Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// replies are the assistant's messages in a thread.
func replies(w *workspace.Workspace, ts string) (out []workspace.Message) {
	for _, m := range w.Thread(channel, ts) {
		if m.Bot {
			out = append(out, m)
		}
	}
	return out
}

func wait(t *testing.T, w *workspace.Workspace, what string, cond func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
	defer cancel()
	if err := w.WaitFor(ctx, cond); err != nil {
		t.Fatalf("waited in vain for %s: %v", what, w.Problems())
	}
}

// poll asks until the answer is yes.
func poll(t *testing.T, what string, yes func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(40 * time.Second); time.Now().Before(end); <-tick.C {
		if yes() {
			return
		}
	}
	t.Fatalf("waited in vain for %s", what)
}

// askInSlack mentions the assistant and returns its only answer.
func askInSlack(t *testing.T, w *workspace.Workspace, question string) workspace.Message {
	t.Helper()
	ts, err := w.Say(anna, channel, mention+question, "")
	if err != nil {
		t.Fatal(err)
	}
	wait(t, w, "an answer", func() bool { return len(replies(w, ts)) > 0 })
	if n := len(replies(w, ts)); n != 1 {
		t.Errorf("%d answers", n)
	}
	return replies(w, ts)[0]
}

// TestServe: over both transports a question gets a cited answer, the endpoints tell of it, and the service stops in good order.
func TestServe(t *testing.T) {
	for _, transport := range []string{"socket", "http"} {
		t.Run(transport, func(t *testing.T) {
			o, more, args := workspace.Options{}, map[string]string{}, []string{"serve", "--slack=" + transport, "--log-level=debug"}
			if transport == "http" {
				free := freeAddress(t)
				o.EventsURL = "http://" + free
				more = map[string]string{"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": signing, "KILDESVAR_LISTEN": free}
			}
			w, api := world(t, o)
			r := start(t, slackEnv(t, api, more), args...)
			poll(t, "readiness", func() bool { code, _ := fetch(t, r.base+"/readyz"); return code == http.StatusOK })
			m := askInSlack(t, w, "Hvad er samskabelse?")
			if !strings.Contains(string(m.Blocks), "Litteratur") || !regexp.MustCompile(`\[1\]\(https://|https://[^|>]+\|1>`).Match(m.Blocks) {
				t.Errorf("answer without citation or literature: %s", m.Blocks)
			}
			poll(t, "the count", func() bool {
				_, body := fetch(t, r.base+"/metrics")
				return strings.Contains(body, `kildesvar_questions_total{outcome="answered"} 1`)
			})
			// The number is masked before the question is kept, and the assistant still knows what it was.
			m = askInSlack(t, w, "Hvad er samskabelse for 010190-1234?")
			if text := string(m.Blocks); !strings.Contains(text, "bestemt person") || !strings.Contains(text, "CPR-nummer") || strings.Contains(text, "Litteratur") {
				t.Errorf("answer to a question with a CPR number: %s", m.Blocks)
			}
			if code, _ := fetch(t, r.base+"/healthz"); code != http.StatusOK {
				t.Errorf("health %d", code)
			}
			r.end()
			if p := w.Problems(); len(p) > 0 {
				t.Errorf("problems at Slack: %v", p)
			}
			if log := r.stderr(); !strings.Contains(log, "question closed") || strings.Contains(strings.ToLower(log), "samskabelse") {
				t.Errorf("the log at its most talkative holds a message's text, or nothing: %s", log)
			}
		})
	}
}

// freeAddress is an address nobody listens on just now.
func freeAddress(t *testing.T) string {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// TestServeKilled: the program is killed with a question on its hands; started again, the question has exactly one answer. SIGTERM
// then ends it with exit code 0.
func TestServeKilled(t *testing.T) {
	t.Parallel() // most of its time it waits for a lease to run out
	w, api := world(t, workspace.Options{})
	getenv := slackEnv(t, api, nil)
	launch := func() *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "serve")
		cmd.Env = append(os.Environ(), asProgram+"=1")
		for _, k := range []string{"HOME", "KILDESVAR_DATA", "SLACK_API_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "KILDESVAR_LISTEN"} {
			cmd.Env = append(cmd.Env, k+"="+getenv(k))
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		return cmd
	}
	first := launch()
	wait(t, w, "a socket", func() bool { return w.Sockets() > 0 })
	ts, err := w.Say(anna, channel, mention+"Hvad er et partnerskab?", "")
	if err != nil {
		t.Fatal(err)
	}
	wait(t, w, "the acknowledgement", func() bool { return w.Pending() == 0 && len(w.Deliveries()) > 0 })
	_ = first.Process.Kill()
	_ = first.Wait()
	second := launch()
	wait(t, w, "an answer", func() bool { return len(replies(w, ts)) > 0 })
	if err := second.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := second.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
	if n := len(replies(w, ts)); n != 1 {
		t.Errorf("%d answers", n)
	}
}

// logLine is a line for operators, which standard error has beside those for people.
var logLine = regexp.MustCompile(`(?m)^time=.*\n`)

// TestServeRefused: what keeps the service from starting is one line that says what to do.
func TestServeRefused(t *testing.T) {
	_, api := world(t, workspace.Options{})
	taken := takenAddress(t)
	for name, c := range map[string]struct {
		vars map[string]string
		code int
		want string
	}{
		"no token":          {map[string]string{"SLACK_BOT_TOKEN": ""}, exitUsage, "SLACK_BOT_TOKEN mangler"},
		"no app token":      {map[string]string{"SLACK_APP_TOKEN": ""}, exitUsage, "SLACK_APP_TOKEN mangler"},
		"no signing secret": {map[string]string{"KILDESVAR_SLACK": "http"}, exitUsage, "SLACK_SIGNING_SECRET mangler"},
		"wrong token":       {map[string]string{"SLACK_BOT_TOKEN": "xoxb-forkert"}, exitFailed, "kildesvar doctor"},
		"wrong app token":   {map[string]string{"SLACK_APP_TOKEN": "xapp-forkert"}, exitFailed, "kildesvar doctor"},
		"no address":        {map[string]string{"SLACK_API_URL": "slack"}, exitUsage, "SLACK_API_URL"},
		"address taken":     {map[string]string{"KILDESVAR_LISTEN": taken}, exitFailed, "optaget"},
		"no port":           {map[string]string{"KILDESVAR_LISTEN": "127.0.0.1"}, exitUsage, "--listen"},
		"a database":        {map[string]string{"DATABASE_URL": "postgres://x"}, exitUsage, "DATABASE_URL"},
		"secret in no file": {map[string]string{"SLACK_BOT_TOKEN": "", "SLACK_BOT_TOKEN_FILE": "/findes/ikke"}, exitFailed, "/findes/ikke"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			var out, errOut bytes.Buffer
			code := run(ctx, []string{"serve"}, env{stdout: &out, stderr: &errOut, getenv: slackEnv(t, api, c.vars)})
			said := logLine.ReplaceAllString(errOut.String(), "")
			if code != c.code || notOneLine(said) != "" || !strings.Contains(said, c.want) {
				t.Errorf("exit code %d, %s", code, errOut.String())
			}
		})
	}
}

// takenAddress is an address somebody else listens on.
func takenAddress(t *testing.T) string {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String()
}

// TestServeStoppedEarly: a program that is asked to stop while it is still starting has not failed.
func TestServeStoppedEarly(t *testing.T) {
	_, api := world(t, workspace.Options{})
	for _, args := range [][]string{{"serve"}, {"demo", "--port=0"}} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		var out, errOut bytes.Buffer
		if code := run(ctx, args, env{stdout: &out, stderr: &errOut, getenv: slackEnv(t, api, nil)}); code != exitDone || errOut.Len() > 0 {
			t.Errorf("%v: exit code %d: %s", args, code, errOut.String())
		}
	}
}

// TestSecretFile: a secret can stand in a file.
func TestSecretFile(t *testing.T) {
	w, api := world(t, workspace.Options{})
	file := t.TempDir() + "/token"
	if err := os.WriteFile(file, []byte(workspace.DefaultBotToken+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := start(t, slackEnv(t, api, map[string]string{"SLACK_BOT_TOKEN": "", "SLACK_BOT_TOKEN_FILE": file}), "serve")
	wait(t, w, "a socket", func() bool { return w.Sockets() > 0 })
	r.end()
}

// TestDemo: the demo serves its page and stops without leaving anything behind.
func TestDemo(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	getenv := testEnv(t)
	r := start(t, getenv, "demo", "--port", "0")
	code, body := fetch(t, r.base+"/face/")
	if code != http.StatusOK || !strings.Contains(body, "<html") {
		t.Errorf("page %d %.200s", code, body)
	}
	r.end()
	if left := slices.Concat(list(t, tmp), list(t, getenv("HOME"))); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
