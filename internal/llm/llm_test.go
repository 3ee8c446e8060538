package llm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestParseSpecs(t *testing.T) {
	for in, want := range map[string][]Spec{
		"": nil, "none": nil, " none ": nil,
		"openai:gpt-x":                        {{OpenAI, "gpt-x"}},
		"openai:gpt-x, ollama:llama3:8b":      {{OpenAI, "gpt-x"}, {Ollama, "llama3:8b"}},
		"anthropic:c,mistral:m/x,googleai:g ": {{Anthropic, "c"}, {Mistral, "m/x"}, {GoogleAI, "g"}},
	} {
		got, err := ParseSpecs(in)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v; want %v", in, got, err, want)
		}
	}
	for in, says := range map[string]string{
		"gpt-x": "unknown provider", "OpenAI:gpt": "unknown provider", "openai": "names no model", "openai:": "names no model", ":x": "unknown provider",
		"openai:x,": "empty between commas", "none,openai:x": "beside others", "openai:x,openai:x": "twice", "openai:a b": "no spaces", "openai: x": "no spaces",
		"azure:x": "openai, ollama, anthropic, mistral, googleai", "openai:x\u200b": "control",
	} {
		if got, err := ParseSpecs(in); err == nil || !strings.Contains(err.Error(), says) || got != nil {
			t.Errorf("%q: %v, %v; want %q", in, got, err, says)
		}
	}
}

// FuzzParseSpecs: what it accepts, it reads the same when written out again.
func FuzzParseSpecs(f *testing.F) {
	f.Add("openai:gpt-x, ollama:llama3:8b")
	f.Add("none")
	f.Fuzz(func(t *testing.T, in string) {
		got, err := ParseSpecs(in)
		if err != nil {
			return
		}
		var names []string
		for _, s := range got {
			names = append(names, s.String())
		}
		if again, err := ParseSpecs(strings.Join(names, ",")); err != nil || !slices.Equal(got, again) {
			t.Fatalf("%q: %v, then %v, %v", in, got, again, err)
		}
	})
}

func TestError(t *testing.T) {
	err := fmt.Errorf("ask: %w", &Error{Kind: ErrRateLimited, Model: "openai:x", Status: 429, RetryAfter: 1500 * time.Millisecond, Detail: "slow down", Err: io.EOF})
	if want := "ask: openai:x: asked too often (HTTP 429): slow down; again in 1.5s: EOF"; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
	if !errors.Is(err, ErrRateLimited) || !errors.Is(err, io.EOF) || errors.Is(err, ErrTimeout) || RetryAfter(err) != 1500*time.Millisecond {
		t.Error("kind, cause or time is lost")
	}
	if RetryAfter(io.EOF) != 0 || Passing(io.EOF) || (&Error{}).Error() != "failed" {
		t.Error("a foreign or empty error is taken for more")
	}
	passing := []error{ErrRateLimited, ErrUnavailable, ErrTimeout, ErrMalformed}
	for _, kind := range []error{ErrRateLimited, ErrUnavailable, ErrTimeout, ErrMalformed, ErrPromptTooLong, ErrReplyTruncated, ErrEmpty, ErrRefused, ErrKey, ErrRequest, ErrUnknownModel, ErrBudget, context.Canceled} {
		if got := Passing(&Error{Kind: kind}); got != slices.Contains(passing, kind) {
			t.Errorf("%v: passing %t", kind, got)
		}
	}
}

func TestPrices(t *testing.T) {
	p, err := ParsePrices("openai:gpt-x=2.5/10, ollama:llama3:8b = 0 / 0,")
	if err != nil || len(p) != 2 {
		t.Fatal(p, err)
	}
	if c, ok := p.Cost("openai:gpt-x", 1_000_000, 500_000); !ok || math.Abs(c-7.5) > 1e-9 {
		t.Errorf("cost %v, %t", c, ok)
	}
	if c, ok := p.Cost("ollama:llama3:8b", 5, 5); !ok || c != 0 {
		t.Errorf("free: %v, %t", c, ok)
	}
	if _, ok := p.Cost("openai:other", 1, 1); ok {
		t.Error("an unknown price is known")
	}
	for _, bad := range []string{"openai:x", "openai:x=1", "openai:x=1/", "openai:x=a/b", "openai:x=-1/1", "openai:x=NaN/1", "openai:x=Inf/1", "x=1/1", "openai:x=1/1,openai:x=2/2"} {
		if p, err := ParsePrices(bad); err == nil {
			t.Errorf("%q: %v", bad, p)
		}
	}
}
