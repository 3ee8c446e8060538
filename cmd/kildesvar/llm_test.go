package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"kildesvar/internal/answer"
	"kildesvar/internal/llm/llmtest"
	"kildesvar/internal/prompt"
	"kildesvar/internal/slackbot/check"
	"kildesvar/internal/workspace"
)

// quoting is a language model that writes the first sentence of each passage it is given, in other words by one, and a lie.
func quoting(p llmtest.Prompt) llmtest.Behaviour {
	var lines []string
	sc := bufio.NewScanner(strings.NewReader(p.User))
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var given prompt.Passage
		if strings.HasPrefix(sc.Text(), "{") && json.Unmarshal(sc.Bytes(), &given) == nil {
			first, _, _ := strings.Cut(given.Text, ". ")
			lines = append(lines, first+". ["+given.ID+"]")
		}
	}
	if len(lines) == 0 {
		return llmtest.Behaviour{Text: "ja"}
	}
	return llmtest.Behaviour{Text: strings.Join(append(lines, "Kommunen skal altid betale 5.000 kr. om måneden, se https://ond.example."), "\n")}
}

// provider is the environment for a fake provider.
func provider(t *testing.T, srv *llmtest.Server) map[string]string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "nøgle")
	if err := os.WriteFile(file, []byte(llmtest.Key+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{"KILDESVAR_LLM": string(srv.Protocol) + ":modellen"}
	switch srv.Protocol {
	case llmtest.OpenAI:
		out["OPENAI_API_KEY"], out["OPENAI_BASE_URL"] = llmtest.Key, srv.URL
	case llmtest.Mistral:
		out["MISTRAL_API_KEY_FILE"], out["MISTRAL_BASE_URL"] = file, srv.URL
	case llmtest.Anthropic:
		out["ANTHROPIC_API_KEY_FILE"], out["ANTHROPIC_BASE_URL"] = file, srv.URL
	case llmtest.Ollama:
		out["OLLAMA_HOST"] = strings.TrimPrefix(srv.URL, "http://")
	}
	return out
}

// with runs a command in an environment.
func with(t *testing.T, vars map[string]string, args ...string) result {
	t.Helper()
	home := testEnv(t)
	var out, errOut bytes.Buffer
	code := run(t.Context(), args, env{stdin: strings.NewReader(""), stdout: &out, stderr: &errOut, getenv: func(k string) string {
		if v, ok := vars[k]; ok {
			return v
		}
		return home(k)
	}})
	if s := out.String() + errOut.String(); strings.Contains(s, llmtest.Key) {
		t.Errorf("%v shows the key: %s", args, s)
	}
	return result{code, out.String(), errOut.String()}
}

// TestAskWithModel: over every protocol, an answer that the model wrote, with what it cost; streamed, the same sentences come first.
func TestAskWithModel(t *testing.T) {
	data := t.TempDir() // with one index for all
	for _, p := range llmtest.Protocols() {
		t.Run(string(p), func(t *testing.T) {
			srv := llmtest.Start(t, p, quoting)
			vars := provider(t, srv)
			vars["KILDESVAR_DATA"] = data
			r := with(t, vars, "ask", "--json", "--log-level=debug", "Hvad er samskabelse?")
			var a answer.Answer
			if err := json.Unmarshal([]byte(r.stdout), &a); err != nil || r.code != exitDone {
				t.Fatalf("%v: %+v", err, r)
			}
			if a.Mode != answer.ModeGenerative || a.Model != string(p)+":modellen" || len(a.Prompt) != 12 || a.Calls == 0 || a.PromptTokens == 0 || a.ReplyTokens == 0 || strings.Contains(r.stdout, "ond.example") {
				t.Errorf("%s", r.stdout)
			}
			s := with(t, vars, "ask", "--stream", "Hvad er samskabelse?")
			lines := strings.Split(s.stdout, "\n")
			for i, c := range a.Claims {
				if lines[i] != numbered(c) {
					t.Errorf("line %d is %q, want %q", i, lines[i], numbered(c))
				}
			}
			if !strings.Contains(s.stdout, "\nKilder\n") || !strings.Contains(s.stdout, "\nLitteratur bag svaret\n") || strings.Count(s.stdout, a.Claims[0].Text) != 1 {
				t.Errorf("%s", s.stdout)
			}
			if n := len(srv.Prompts()); n < 2 || !srv.Prompts()[n-1].Stream && p != llmtest.Ollama && srv.Prompts()[n-2].Stream == srv.Prompts()[n-1].Stream {
				t.Errorf("%d prompts, the last streamed: %v", n, srv.Prompts()[n-1].Stream)
			}
		})
	}
}

// TestStreamRefusal: what is no written answer looks streamed as it does otherwise, but for the breaks.
func TestStreamRefusal(t *testing.T) {
	vars := map[string]string{"KILDESVAR_DATA": t.TempDir()}
	for _, q := range []string{"Hvad koster en billet til månen?", "Hvad er samskabelse?", "Har min borger ret til en frivillig?", "Hej", "Giv mig et overblik over temaet"} {
		plain, streamed := with(t, vars, "ask", q), with(t, vars, "ask", "--stream", q)
		if strings.Join(strings.Fields(plain.stdout), " ") != strings.Join(strings.Fields(streamed.stdout), " ") || streamed.code != exitDone {
			t.Errorf("%q: %s\n---\n%s", q, plain.stdout, streamed.stdout)
		}
	}
}

// TestEvalWithModel: the gold questions can be asked of a model, with one command.
func TestEvalWithModel(t *testing.T) {
	srv := llmtest.Start(t, llmtest.OpenAI, quoting)
	r := with(t, provider(t, srv), "eval", "--json", "--tag", "definition")
	var report map[string]any
	if err := json.Unmarshal([]byte(r.stdout), &report); err != nil || r.code != exitDone || report["top_source_accuracy"] == nil {
		t.Errorf("%v: %d %s", err, r.code, r.stderr)
	}
	if srv.Requests() < 10 {
		t.Errorf("the model was asked %d times", srv.Requests())
	}
}

// TestDoctorModels: each model is asked for a word, and what is wrong is told with what to do.
func TestDoctorModels(t *testing.T) {
	for name, c := range map[string]struct {
		fault, say string
		vars       map[string]string
	}{
		"sound":         {"", "", nil},
		"wrong key":     {"", "nøglen", map[string]string{"OPENAI_API_KEY": "sk-forkert"}},
		"no key":        {"", "OPENAI_API_KEY mangler", map[string]string{"OPENAI_API_KEY": "", "OPENAI_BASE_URL": ""}},
		"no model":      {"404 unknown model", "kender ikke modellen", nil},
		"down":          {"500", "kan ikke nås", nil},
		"busy":          {"429 with seconds", "for tit", nil},
		"no money":      {"429 quota used up", "brugt op", nil},
		"hangs":         {"hang before headers", "i tide", map[string]string{"KILDESVAR_TIMEOUT": "1s"}},
		"no model page": {"HTML page with 200", "uventet", nil},
		"another place": {"redirect to another host", "uventet", nil},
		"thinks aloud":  {"reasoning only", "tomt", nil},
	} {
		t.Run(name, func(t *testing.T) {
			srv := llmtest.Start(t, llmtest.OpenAI, func(llmtest.Prompt) llmtest.Behaviour {
				b := llmtest.Behaviour{Text: "ja"}
				if c.fault != "" {
					b.Fault = llmtest.Find(c.fault)
				}
				return b
			})
			vars := provider(t, srv)
			maps.Copy(vars, c.vars)
			flags := pflag.NewFlagSet("doctor", pflag.ContinueOnError)
			addSettingFlags(flags, false)
			cfg, err := loadConfig(flags, func(k string) string { return vars[k] })
			if err != nil {
				t.Fatal(err)
			}
			findings := (&app{cfg: cfg}).examineModels(t.Context())
			if len(findings) != 1 || findings[0].Name != "Sprogmodel openai:modellen" {
				t.Fatalf("%+v", findings)
			}
			f := findings[0]
			if (f.Problem == "") != (c.say == "") || !strings.Contains(f.Problem, c.say) || f.Problem != "" && !strings.Contains(f.Problem, " – ") || strings.Contains(f.Problem, llmtest.Key) {
				t.Errorf("%+v", f)
			}
		})
	}
	srv := llmtest.Start(t, llmtest.Ollama, quoting)
	r := with(t, provider(t, srv), "doctor", "--json")
	var findings []check.Finding
	if err := json.Unmarshal([]byte(r.stdout), &findings); err != nil || !strings.Contains(r.stdout, "Sprogmodel ollama:modellen") {
		t.Errorf("%v: %s", err, r.stdout)
	}
}

// TestServeWithModel: in Slack a model's answer is given, once for two who ask the same in a channel, and counted.
func TestServeWithModel(t *testing.T) {
	srv := llmtest.Start(t, llmtest.Anthropic, quoting)
	w, api := world(t, workspace.Options{})
	r := start(t, slackEnv(t, api, provider(t, srv)), "serve", "--log-level=debug")
	poll(t, "readiness", func() bool { code, _ := fetch(t, r.base+"/readyz"); return code == http.StatusOK })
	first := askInSlack(t, w, "Hvad er samskabelse?")
	asked := len(srv.Prompts())
	second := askInSlack(t, w, "Hvad er samskabelse?")
	if asked == 0 || len(srv.Prompts()) != asked || !strings.Contains(string(first.Blocks), "Skrevet af en sprogmodel") || !strings.Contains(string(second.Blocks), "Skrevet af en sprogmodel") {
		t.Errorf("%d prompts, then %d: %s", asked, len(srv.Prompts()), first.Blocks)
	}
	_, page := fetch(t, r.base+"/metrics")
	for _, line := range []string{fmt.Sprintf(`kildesvar_model_calls_total{outcome="ok"} %d`, asked), "kildesvar_model_answers_total 2", "kildesvar_model_cached_total 1", `kildesvar_model_tokens_total{kind="prompt"}`} {
		if !strings.Contains(page, line) {
			t.Errorf("%s is not in %s", line, page)
		}
	}
	r.end()
	if strings.Contains(r.stderr()+page, llmtest.Key) || strings.Contains(r.stderr(), "Hvad er samskabelse") {
		t.Error("the log holds the key or a question")
	}
}
