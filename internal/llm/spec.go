package llm

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Providers that a spec can name.
const (
	OpenAI    = "openai"
	Ollama    = "ollama"
	Anthropic = "anthropic"
	Mistral   = "mistral"
	GoogleAI  = "googleai"
)

var providers = []string{OpenAI, Ollama, Anthropic, Mistral, GoogleAI}

// Spec names a model: "openai:gpt-x", "ollama:llama3:8b".
type Spec struct {
	Provider string // one of the constants above
	Model    string // the provider's own name for it, not empty
}

// String is the form that ParseSpecs reads.
func (s Spec) String() string { return s.Provider + ":" + s.Model }

// ParseSpecs reads a comma-separated chain of models, first choice first. "none" and "" are no model at all. Everything
// it does not know is an error that says what to write instead; nothing is guessed.
func ParseSpecs(text string) ([]Spec, error) {
	text = strings.TrimSpace(text)
	if text == "" || text == "none" {
		return nil, nil
	}
	var out []Spec
	for part := range strings.SplitSeq(text, ",") {
		s, err := parseSpec(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		if slices.Contains(out, s) {
			return nil, fmt.Errorf("language model %q stands twice: name each model once", s)
		}
		out = append(out, s)
	}
	return out, nil
}

func parseSpec(part string) (Spec, error) {
	how := "write none, or PROVIDER:MODEL with one of " + strings.Join(providers, ", ")
	if part == "" {
		return Spec{}, fmt.Errorf("language model is empty between commas: %s", how)
	}
	if part == "none" {
		return Spec{}, fmt.Errorf("language model none stands beside others: %s", how)
	}
	provider, model, _ := strings.Cut(part, ":")
	if !slices.Contains(providers, provider) {
		return Spec{}, fmt.Errorf("language model %q: unknown provider %q: %s", part, provider, how)
	}
	if model == "" {
		return Spec{}, fmt.Errorf("language model %q names no model: write %s:MODEL", part, provider)
	}
	if strings.ContainsFunc(model, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
		return Spec{}, fmt.Errorf("language model %q: a model's name has no spaces or control characters", part)
	}
	return Spec{Provider: provider, Model: model}, nil
}
