package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"kildesvar/internal/embed"
	"kildesvar/internal/embed/learned"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/index"
	"kildesvar/internal/llm"
	"kildesvar/internal/llm/langchain"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/slackbot/check"
)

// localEmbedder is the setting for no model at all.
const localEmbedder = "local"

// embedderSpec reads the setting; the zero Spec is the local embedder.
func embedderSpec(value string) (llm.Spec, bool) {
	if value == localEmbedder {
		return llm.Spec{}, true
	}
	specs, err := llm.ParseSpecs(value)
	if err != nil || len(specs) != 1 || specs[0].Provider != llm.OpenAI && specs[0].Provider != llm.Ollama {
		return llm.Spec{}, false
	}
	return specs[0], true
}

// checkEmbedder says what to write instead of a value that is no embedder.
func checkEmbedder(value string) error {
	if _, ok := embedderSpec(value); ok {
		return nil
	}
	return errors.New("skriv local, openai:MODEL eller ollama:MODEL, fx ollama:bge-m3")
}

// embedding is the embedder of the settings.
type embedding struct {
	spec     llm.Spec       // zero: the local one
	articles embed.Embedder // for the texts of articles
	question embed.Embedder // the same for questions
}

// learned reports whether it is a model that is asked over the network.
func (e *embedding) learned() bool { return e.spec.Provider != "" }

// A build has patience: a provider that wants to be left alone for a while gets that. A question is bound by its own deadline.
var embedRetry = llm.RetryOptions{Tries: 6, Most: 30 * time.Second, Total: 3 * time.Minute}

// embedTimeout bounds one call: a server of one's own may have to load the model first.
var embedTimeout = 60 * time.Second

// embedding returns the embedder of the settings. How long a model's vectors are is known from the generation, and asked for where
// there is none, or if it shall be built anew.
func (a *app) embedding(ctx context.Context, anew bool) (*embedding, error) {
	if a.embedder != nil {
		return a.embedder, nil
	}
	spec, _ := embedderSpec(a.cfg.get("embedder")) // checked with the settings
	if spec.Provider == "" {
		e := local.New(0)
		a.embedder = &embedding{articles: e, question: e}
		return a.embedder, nil
	}
	known := 0
	if !anew {
		if m, err := index.ManifestOf(a.generationFile()); err == nil {
			known = langchain.DimOf(m.Embedder, spec)
		}
	}
	e, err := langchain.NewEmbedder(ctx, spec, langchain.Options{OpenAIKey: a.cfg.get("openai-api-key"), OpenAIBaseURL: a.cfg.get("openai-base-url"),
		OllamaHost: a.cfg.get("ollama-host"), Timeout: embedTimeout, MaxBytes: 32 << 20, Proxy: http.ProxyFromEnvironment},
		langchain.EmbedOptions{Known: known, Retry: embedRetry})
	if err != nil {
		return nil, a.embedderFault(err)
	}
	articles, questions := learned.Prefixed(e, spec.Model)
	a.embedder = &embedding{spec: spec, articles: articles, question: learned.NewAsker(questions, learned.AskerOptions{Log: a.logger()})}
	return a.embedder, nil
}

// indexing are the options for building with an embedder.
func (a *app) indexing(e *embedding) index.Options {
	opt := a.indexOptions(e.articles)
	if e.learned() {
		opt.Learned = &learned.Options{}
		if e.spec.Provider == llm.Ollama {
			opt.Learned.Texts = 1 // it gets no more in one request, so each vector is kept as soon as it is there
		}
	}
	return opt
}

// weights are those for the embedder.
func (e *embedding) weights(w retrieval.Weights) retrieval.Weights {
	if e.learned() {
		return w.WithLearned()
	}
	return w
}

// embedderFile is what a generation's name has more when its vectors are a model's: each embedder has its own, so that trying another
// one does not throw away what was dear to make.
func (a *app) embedderFile() string {
	value := a.cfg.get("embedder")
	if value == localEmbedder || value == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(value))
	return "-" + hex.EncodeToString(sum[:4])
}

// embedderID is the embedder that a generation must have, as far as that is known without asking anybody.
func (a *app) embedderID(have index.Manifest) string {
	spec, _ := embedderSpec(a.cfg.get("embedder")) // checked with the settings
	switch {
	case spec.Provider == "":
		return local.New(0).ID()
	case langchain.DimOf(have.Embedder, spec) > 0:
		return have.Embedder
	}
	return spec.String()
}

// examineEmbedder asks a learned embedder for a vector.
func (a *app) examineEmbedder(ctx context.Context) check.Finding {
	f := check.Finding{Name: "Søgning efter betydning"}
	ctx, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	e, err := a.embedding(ctx, false)
	start := time.Now()
	same := true
	if err == nil && e.learned() {
		if _, err = e.articles.Embed(ctx, []string{"Hvad er samskabelse?"}); err == nil {
			if same, err = index.SameModel(ctx, a.generationFile(), e.articles); errors.Is(err, fs.ErrNotExist) || errors.Is(err, index.ErrStale) {
				err = nil // it is built when it is needed
			}
		}
		err = a.embedderFault(err)
	}
	switch {
	case err != nil:
		f.Problem, _ = inDanish(err)
	case !same:
		f.Problem = fmt.Sprintf("»%s« er en anden model end den, indekset er bygget med – »kildesvar index --rebuild« bygger det om", e.spec)
	case e.learned():
		f.Detail = fmt.Sprintf("%s svarer på %d ms med %d tal", e.spec, time.Since(start).Milliseconds(), e.articles.Dim())
	default:
		f.Detail = "den indbyggede, uden netværk"
	}
	return f
}

// embedderError is that a learned embedder cannot be used.
type embedderError struct {
	spec  llm.Spec
	err   error
	again bool // the build goes on where it stopped
}

func (e embedderError) Error() string { return "embedder " + e.spec.String() + ": " + e.err.Error() }
func (e embedderError) Unwrap() error { return e.err }

// embedderFault makes an error of a learned embedder an embedderError, and leaves others as they are.
func (a *app) embedderFault(err error) error {
	spec, _ := embedderSpec(a.cfg.get("embedder")) // checked with the settings
	var fault *llm.Error
	if spec.Provider == "" || !errors.As(err, &fault) && !errors.Is(err, learned.ErrVector) || errors.Is(err, context.Canceled) {
		return err
	}
	return embedderError{spec, err, a.embedder != nil}
}

// reason says what is wrong and what to do, and the exit code: what is not set, or set wrongly, is wrong usage.
func (e embedderError) reason() (string, int) {
	where := map[string]string{llm.OpenAI: "OPENAI_BASE_URL", llm.Ollama: "OLLAMA_HOST"}[e.spec.Provider]
	again := ""
	if e.again {
		again = "; kommandoen går videre, hvor den slap"
	}
	begin := fmt.Sprintf("»%s«, der gør tekst søgbar, ", e.spec)
	fault, _ := errors.AsType[*llm.Error](e.err)
	is := func(kind error) bool { return errors.Is(e.err, kind) }
	switch {
	case is(llm.ErrKey) && fault.Status == 0:
		return begin + "kræver en nøgle – sæt OPENAI_API_KEY (eller OPENAI_API_KEY_FILE), eller brug --embedder=local", exitUsage
	case is(llm.ErrRequest) && fault.Status == 0:
		return fmt.Sprintf("%skan ikke bruges, for %s er ikke en adresse – skriv fx %s", begin, where,
			map[string]string{llm.OpenAI: "https://vært/v1", llm.Ollama: "127.0.0.1:11434"}[e.spec.Provider]), exitUsage
	case is(llm.ErrKey) && e.spec.Provider == llm.Ollama:
		return begin + "giver ikke adgang – se, om OLLAMA_HOST er rigtig", exitFailed
	case is(llm.ErrKey):
		return begin + "godtager ikke nøglen – ret OPENAI_API_KEY", exitFailed
	case is(llm.ErrUnknownModel) && e.spec.Provider == llm.Ollama:
		return fmt.Sprintf("%sfindes ikke på serveren – hent den med »ollama pull %s«, eller ret --embedder", begin, e.spec.Model), exitFailed
	case is(llm.ErrUnknownModel):
		return begin + "findes ikke hos udbyderen – ret --embedder", exitFailed
	case is(llm.ErrBudget):
		return begin + "vil ikke svare, for kontoen er brugt op – fyld den op, eller brug --embedder=local", exitFailed
	case is(llm.ErrPromptTooLong):
		return begin + "kan ikke læse så lang en tekst – del de længste afsnit, eller vælg en model, der læser mere", exitFailed
	case is(llm.ErrRateLimited):
		return begin + "bliver spurgt for ofte – prøv igen om lidt" + again, exitFailed
	case is(llm.ErrTimeout):
		return begin + "svarer ikke i tide – prøv igen om lidt" + again, exitFailed
	case is(llm.ErrUnavailable):
		return fmt.Sprintf("%skan ikke nås – se, om den kører, og om %s er rigtig, og prøv igen%s", begin, where, again), exitFailed
	case is(llm.ErrMalformed), is(learned.ErrVector):
		return fmt.Sprintf("%ssvarer forkert (%s) – prøv igen; er modellen en anden end før, så byg forfra med »kildesvar index --rebuild«", begin, shortly(e.err)), exitFailed
	}
	return fmt.Sprintf("%skan ikke bruges (%s) – ret --embedder, eller brug --embedder=local", begin, shortly(e.err)), exitFailed
}

// shortly is an error's own detail, on one line.
func shortly(err error) string {
	text := err.Error()
	if fault, ok := errors.AsType[*llm.Error](err); ok && fault.Detail != "" {
		text = fault.Detail
	}
	return strings.Join(strings.Fields(text), " ")
}
