package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"kildesvar/internal/slackbot"
	"kildesvar/internal/slackbot/check"
	"kildesvar/internal/workspace"
)

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
			var findings []check.Finding
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

// TestDoctorBesideServe: the address of a service that runs is no problem, one that cannot answer is, and so is a stranger's.
func TestDoctorBesideServe(t *testing.T) {
	w, api := world(t, workspace.Options{})
	address := freeAddress(t)
	getenv := slackEnv(t, api, map[string]string{"KILDESVAR_LISTEN": address})
	look := func(getenv func(string) string) check.Finding {
		t.Helper()
		a := &app{env: env{stderr: io.Discard, getenv: getenv}, cfg: &config{getenv: getenv, values: map[string]string{"listen": getenv("KILDESVAR_LISTEN")}}}
		return a.examineAddress(t.Context())
	}
	if f := look(getenv); f.Problem != "" || !strings.Contains(f.Detail, "ledig") {
		t.Errorf("free: %+v", f)
	}
	r := start(t, getenv, "serve")
	poll(t, "readiness", func() bool { code, _ := fetch(t, r.base+"/readyz"); return code == http.StatusOK })
	if f := look(getenv); f.Problem != "" || !strings.Contains(f.Detail, "kan svare") {
		t.Errorf("running: %+v", f)
	}
	w.Close()
	poll(t, "unreadiness", func() bool { code, _ := fetch(t, r.base+"/readyz"); return code != http.StatusOK })
	if f := look(getenv); !strings.Contains(f.Problem, "no socket is open") || !strings.Contains(f.Problem, " – ") {
		t.Errorf("running without Slack: %+v", f)
	}
	r.end()
	stranger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	defer stranger.Close()
	if f := look(slackEnv(t, api, map[string]string{"KILDESVAR_LISTEN": stranger.Listener.Addr().String()})); !strings.Contains(f.Problem, "optaget") {
		t.Errorf("a stranger: %+v", f)
	}
}
