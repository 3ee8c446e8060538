package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"kildesvar/internal/answer"
	"kildesvar/internal/answer/written"
	"kildesvar/internal/assistant"
	"kildesvar/internal/llm"
	"kildesvar/internal/llm/langchain"
	"kildesvar/internal/prompt"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/slackbot/check"
	"kildesvar/internal/verify"
	"kildesvar/prompts"
)

// modelProviders are what the first part of --llm can be.
const modelProviders = "openai, ollama, anthropic eller mistral"

// checkModels reads a chain of models.
func checkModels(value string) error {
	specs, err := llm.ParseSpecs(value)
	if err != nil {
		return errors.New("skriv none eller UDBYDER:MODEL, fx ollama:llama3, hvor udbyderen er " + modelProviders + "; sæt komma mellem flere forskellige")
	}
	if slices.ContainsFunc(specs, func(s llm.Spec) bool { return s.Provider == llm.GoogleAI }) {
		return errors.New("googleai er ikke med i dette program; vælg " + modelProviders)
	}
	return nil
}

// stepsOf reads what a model does besides writing.
func stepsOf(value string) (out []written.Step, err error) {
	if value == "" || value == "none" {
		return nil, nil
	}
	for part := range strings.SplitSeq(value, ",") {
		step := written.Step(strings.TrimSpace(part))
		if !slices.Contains(written.Steps(), step) || slices.Contains(out, step) {
			return nil, errors.New("skriv none, eller en eller flere af condense, rewrite, judge og next med komma imellem")
		}
		out = append(out, step)
	}
	return out, nil
}

func checkSteps(value string) error {
	_, err := stepsOf(value)
	return err
}

func checkBudget(value string) error {
	if n, err := strconv.Atoi(value); err != nil || n < 0 {
		return errors.New("skriv et helt tal, fx 500000, eller 0 for ingen grænse")
	}
	return nil
}

// Bounds of --timeout.
const (
	shortestTimeout = time.Second
	longestTimeout  = 50 * time.Second // the assistant in Slack gives an answer up after a minute
)

func checkTimeout(value string) error {
	if d, err := time.ParseDuration(value); err != nil || d < shortestTimeout || d > longestTimeout {
		return errors.New("skriv en tid fra 1s til 50s, fx 10s")
	}
	return nil
}

// timeout is what an answer may take.
func (a *app) timeout() time.Duration {
	d, _ := time.ParseDuration(a.cfg.get("timeout")) // checked with the settings
	return d
}

// model is one model of --llm, without policies.
func (a *app) model(s llm.Spec, timeout time.Duration) (*langchain.Generator, error) {
	g, err := langchain.New(s, langchain.Options{
		OpenAIKey: a.cfg.get("openai-api-key"), OpenAIBaseURL: a.cfg.get("openai-base-url"),
		AnthropicKey: a.cfg.get("anthropic-api-key"), AnthropicBaseURL: a.cfg.get("anthropic-base-url"),
		MistralKey: a.cfg.get("mistral-api-key"), MistralBaseURL: a.cfg.get("mistral-base-url"), OllamaHost: a.cfg.get("ollama-host"),
		Timeout: timeout, Idle: timeout, Proxy: http.ProxyFromEnvironment,
	})
	if err == nil {
		return g, nil
	}
	env := map[string]string{llm.OpenAI: "OPENAI", llm.Mistral: "MISTRAL", llm.Anthropic: "ANTHROPIC"}[s.Provider]
	if errors.Is(err, llm.ErrKey) {
		return nil, usageError{fmt.Sprintf("%s_API_KEY mangler – sæt den til nøglen, eller %s_API_KEY_FILE til en fil med den; med --llm=none bruges ingen sprogmodel", env, env)}
	}
	name := env + "_BASE_URL"
	if s.Provider == llm.Ollama {
		name = "OLLAMA_HOST"
	}
	return nil, usageError{name + " er ingen adresse – skriv fx " + map[bool]string{true: "127.0.0.1:11434", false: "https://eksempel.dk/v1"}[s.Provider == llm.Ollama]}
}

// Policies around the models.
const (
	// modelCalls is how many calls may be under way at a time, and modelWait how long one waits for its turn.
	modelCalls = 8
	modelWait  = 2 * time.Second
	// modelTries is how often one model is asked for one reply.
	modelTries = 2
	modelPause = 250 * time.Millisecond
)

// generator is the chain of --llm with all policies, or nil for none. A model of a chain gets its share of the time, so that one that hangs
// leaves time for the next. It is made once, since budget and breakers are the process'.
func (a *app) generator() (llm.Generator, error) {
	if a.models != nil {
		return a.models, nil
	}
	specs, err := llm.ParseSpecs(a.cfg.get("llm"))
	if err != nil || len(specs) == 0 {
		return nil, err
	}
	tokens, _ := strconv.Atoi(a.cfg.get("llm-budget")) // checked with the settings
	budget, err := llm.NewBudget(llm.BudgetOptions{Tokens: tokens})
	if err != nil {
		return nil, err
	}
	share := a.timeout() / time.Duration(len(specs))
	var links []llm.Generator
	for _, s := range specs {
		g, err := a.model(s, share)
		if err != nil {
			return nil, err
		}
		paid, err := budget.Wrap(g)
		if err != nil {
			return nil, err
		}
		links = append(links, llm.NewRetry(llm.NewBreaker(paid, llm.BreakerOptions{}), llm.RetryOptions{Tries: modelTries, Base: modelPause, Total: share}))
	}
	a.models = llm.NewShare(llm.NewLimit(llm.NewChain(links[0], links[1:]...), modelCalls, modelWait))
	return a.models, nil
}

// answering is an assistant with what is known of its models; usage is nil without.
type answering struct {
	*assistant.Assistant
	usage func() written.Usage
}

// assistant wires the use case over a searcher: with a language model where --llm names one.
func (a *app) assistant(s *retrieval.Searcher) (*answering, error) {
	plain := answer.NewExtractive(s.Index(), retrieval.DefaultModel(), answer.DefaultThreshold)
	model, err := a.generator()
	if err != nil {
		return nil, err
	}
	if model == nil {
		return &answering{Assistant: assistant.New(s, plain, time.Now)}, nil
	}
	p, err := prompt.Parse(prompts.FS)
	if err != nil {
		return nil, err
	}
	steps, _ := stepsOf(a.cfg.get("llm-steps")) // checked with the settings
	v := verify.New(s.Index().Analyser(), written.Concepts(s.Index()))
	g := written.New(plain, model, v, p, written.Options{Timeout: a.timeout(), Steps: steps, Log: a.logger()})
	return &answering{Assistant: assistant.New(s, g, time.Now).Within(a.timeout()), usage: g.Usage}, nil
}

// examineModels asks each model of --llm for a word.
func (a *app) examineModels(ctx context.Context) (out []check.Finding) {
	specs, _ := llm.ParseSpecs(a.cfg.get("llm")) // checked with the settings
	for _, s := range specs {
		f := check.Finding{Name: "Sprogmodel " + s.String()}
		g, err := a.model(s, a.timeout())
		if err != nil {
			f.Problem, _ = inDanish(err)
			out = append(out, f)
			continue
		}
		reply, err := g.Generate(ctx, llm.Request{System: "Svar med ét ord.", User: "Skriv ordet: ja", MaxTokens: 200})
		g.Close()
		if err != nil {
			f.Problem = modelReason(err)
		} else {
			f.Detail = fmt.Sprintf("svarer efter %d ms", reply.Took.Milliseconds())
		}
		out = append(out, f)
	}
	return out
}

// modelReason says why a model does not answer, and what to do. What the provider wrote is not in it.
func modelReason(err error) string {
	for _, r := range []struct {
		kind error
		text string
	}{
		{llm.ErrKey, "nøglen mangler, er forkert eller må ikke bruge modellen – ret udbyderens …_API_KEY"},
		{llm.ErrUnknownModel, "udbyderen kender ikke modellen – ret navnet i --llm; til Ollama: hent den med »ollama pull«"},
		{llm.ErrTimeout, "der kom intet svar i tide – prøv igen, vælg en hurtigere model, eller sæt --timeout op"},
		{llm.ErrRateLimited, "udbyderen siger, at der spørges for tit – vent lidt, og prøv igen"},
		{llm.ErrBudget, "kontoen hos udbyderen er brugt op – se efter hos udbyderen"},
		{llm.ErrUnavailable, "udbyderen kan ikke nås – se efter adresse, netværk og udbyderens driftsstatus"},
		{llm.ErrReplyTruncated, "modellen blev ikke færdig med ét ord, måske fordi den tænker højt – vælg en anden model"},
		{llm.ErrEmpty, "modellen svarede tomt, måske fordi den tænker højt – vælg en anden model"},
		{llm.ErrPromptTooLong, "modellen kan ikke rumme spørgsmålet – vælg en model med plads til mere tekst"},
	} {
		if errors.Is(err, r.kind) {
			return r.text
		}
	}
	return "udbyderen svarede med noget uventet – se efter, at adressen er en sprogmodels, og at modellen er til tekst"
}
