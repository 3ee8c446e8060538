package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
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

	"kildesvar/internal/answer"
	"kildesvar/internal/slackbot"
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
			o, more, args := workspace.Options{}, map[string]string{}, []string{"serve", "--slack=" + transport}
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
			if code, _ := fetch(t, r.base+"/healthz"); code != http.StatusOK {
				t.Errorf("health %d", code)
			}
			r.end()
			if p := w.Problems(); len(p) > 0 {
				t.Errorf("problems at Slack: %v", p)
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

// TestServeRefused: what keeps the service from starting is one line that says what to do.
func TestServeRefused(t *testing.T) {
	_, api := world(t, workspace.Options{})
	taken := freeListener(t)
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
		"address taken":     {map[string]string{"KILDESVAR_LISTEN": taken}, exitUsage, "optaget"},
		"a database":        {map[string]string{"DATABASE_URL": "postgres://x"}, exitUsage, "DATABASE_URL"},
		"secret in no file": {map[string]string{"SLACK_BOT_TOKEN": "", "SLACK_BOT_TOKEN_FILE": "/findes/ikke"}, exitFailed, "/findes/ikke"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			var out, errOut bytes.Buffer
			code := run(ctx, []string{"serve"}, env{stdout: &out, stderr: &errOut, getenv: slackEnv(t, api, c.vars)})
			if code != c.code || notOneLine(errOut.String()) != "" || !strings.Contains(errOut.String(), c.want) {
				t.Errorf("exit code %d, %s", code, errOut.String())
			}
		})
	}
}

func freeListener(t *testing.T) string {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String()
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

// TestDoctor: a sound set-up has no problem, and each fault is found with what to do.
func TestDoctor(t *testing.T) {
	_, api := world(t, workspace.Options{Scopes: slackbot.Scopes()})
	_, narrow := world(t, workspace.Options{Scopes: slackbot.Scopes()[1:]})
	for name, c := range map[string]struct {
		api  string
		vars map[string]string
		bad  []string // names of the checks with a problem
	}{
		"sound":           {api, nil, nil},
		"nothing set":     {api, map[string]string{"SLACK_BOT_TOKEN": "", "SLACK_APP_TOKEN": ""}, []string{"Slack"}},
		"wrong token":     {api, map[string]string{"SLACK_BOT_TOKEN": "xoxb-forkert"}, []string{"Bot-token"}},
		"tokens swapped":  {api, map[string]string{"SLACK_BOT_TOKEN": workspace.DefaultAppToken}, []string{"Bot-token"}},
		"wrong app token": {api, map[string]string{"SLACK_APP_TOKEN": "xapp-forkert"}, []string{"Socket Mode"}},
		"scope missing":   {narrow, nil, []string{"Rettigheder"}},
		"no such channel": {api, map[string]string{"KILDESVAR_EXPERT_CHANNEL": "C0FINDESIKKE"}, []string{"Ekspertkanal"}},
		"Slack is away":   {"http://127.0.0.1:1/api/", nil, []string{"Bot-token"}},
		"no such corpus":  {api, map[string]string{"KILDESVAR_CORPUS": "/findes/ikke"}, []string{"Artikler"}},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errOut bytes.Buffer
			getenv := slackEnv(t, c.api, c.vars)
			code := run(t.Context(), []string{"doctor", "--json"}, env{stdout: &out, stderr: &errOut, getenv: getenv})
			var findings []slackbot.Finding
			if err := json.Unmarshal(out.Bytes(), &findings); err != nil {
				t.Fatalf("%v: %s %s", err, out.String(), errOut.String())
			}
			var bad []string
			for _, f := range findings {
				if f.Problem == "" {
					continue
				}
				bad = append(bad, f.Name)
				if !strings.Contains(f.Problem, " – ") {
					t.Errorf("%s: %q does not say what to do", f.Name, f.Problem)
				}
			}
			if !slices.Equal(bad, c.bad) {
				t.Errorf("problems with %v, want %v: %s", bad, c.bad, out.String())
			}
			if want := map[bool]int{true: exitDone, false: exitProblems}[len(c.bad) == 0]; code != want {
				t.Errorf("exit code %d, want %d", code, want)
			}
			out.Reset()
			run(t.Context(), []string{"doctor"}, env{stdout: &out, stderr: &errOut, getenv: getenv})
			if text := out.String(); strings.Contains(text, "✗") != (len(c.bad) > 0) || !strings.Contains(text, "✓") {
				t.Errorf("text for a person:\n%s", text)
			}
		})
	}
}

// TestDemo: the demo serves its page and stops without leaving anything behind.
func TestDemo(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	r := start(t, testEnv(t), "demo", "--port", "0")
	code, body := fetch(t, r.base+"/face/")
	if code != http.StatusOK || !strings.Contains(body, "<html") {
		t.Errorf("page %d %.200s", code, body)
	}
	r.end()
	left, err := os.ReadDir(tmp)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestFamilies: a measurement has every bound's bucket, cumulative.
func TestFamilies(t *testing.T) {
	s := slackbot.Snapshot{Stages: map[string]slackbot.Stage{"ask": {Count: 3, Sum: 2 * time.Second, Buckets: append([]uint64{1, 0, 1}, make([]uint64, len(slackbot.Bounds)-2)...)}}}
	for _, f := range families(s) {
		if f.Name != "kildesvar_stage_seconds" {
			continue
		}
		h := f.Histograms["ask"]
		if h.Count != 3 || h.Sum != 2 || h.Buckets[0.005] != 1 || h.Buckets[0.05] != 2 || h.Buckets[120] != 2 {
			t.Errorf("%+v", h)
		}
		return
	}
	t.Error("no times of stages")
}

// TestManifest: what is printed is the manifest, for either transport.
func TestManifest(t *testing.T) {
	for _, args := range [][]string{nil, {"--url", "https://kildesvar.eksempel.dk/"}} {
		r := call(t, "", append([]string{"slack", "manifest"}, args...)...)
		var m struct {
			Settings struct {
				Socket bool `json:"socket_mode_enabled"`
				Events struct {
					URL string `json:"request_url"`
				} `json:"event_subscriptions"`
			} `json:"settings"`
		}
		if err := json.Unmarshal([]byte(r.stdout), &m); err != nil || r.code != exitDone {
			t.Fatalf("%v: exit code %d: %s %s", err, r.code, r.stdout, r.stderr)
		}
		if m.Settings.Socket != (args == nil) || args != nil && m.Settings.Events.URL != "https://kildesvar.eksempel.dk/slack/events" {
			t.Errorf("%+v", m)
		}
	}
	if r := call(t, "", "slack", "manifest", "--url", "http://x"); r.code != exitUsage || notOneLine(r.stderr) != "" {
		t.Errorf("exit code %d: %s", r.code, r.stderr)
	}
}

// TestNextQuestions: an answer leads on to sections it has not used, at most one an article.
func TestNextQuestions(t *testing.T) {
	ix, err := builtInIndex()
	if err != nil {
		t.Fatal(err)
	}
	next := nextQuestions(ix)(&answer.Answer{Question: "hvad er et partnerskab?",
		Sources: []answer.Source{{Article: "civilsamfund/partnerskaber", Section: "Hvad er et partnerskab?"}, {Article: "civilsamfund/partnerskaber", Section: "Kendetegn ved et partnerskab"}},
		Related: []answer.Related{{Article: "civilsamfund/samskabelse"}}})
	if len(next) != 2 || slices.Contains(next, "Hvad er et partnerskab?") {
		t.Errorf("%q", next)
	}
	for _, q := range next {
		if !strings.HasSuffix(q, "?") {
			t.Errorf("%q is no question", q)
		}
	}
}
