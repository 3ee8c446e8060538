package eval

import (
	"encoding/json"
	"strings"
	"testing"

	"kildesvar/internal/answer"
)

// TestModelUse: what a model did is in the report, and a report without one does not speak of it.
func TestModelUse(t *testing.T) {
	of := func(list ...answer.Answer) Report {
		var out []Outcome
		for i := range list {
			out = append(out, Outcome{Answer: &list[i]})
		}
		return Summarise(out)
	}
	r := of(
		answer.Answer{Mode: answer.ModeGenerative, Model: "openai:x", Calls: 2, PromptTokens: 900, ReplyTokens: 100, TookMS: 3000},
		answer.Answer{Mode: answer.ModeExtractive, Fallback: answer.FallbackLate, Calls: 1, PromptTokens: 800, TookMS: 9500},
		answer.Answer{Mode: answer.ModeExtractive, Status: answer.StatusNotCovered, Calls: 1, PromptTokens: 800, ReplyTokens: 4, TookMS: 1000},
		answer.Answer{Mode: answer.ModeExtractive, Status: answer.StatusNotCovered, TookMS: 1},
	)
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	want := `"model":{"models":{"openai:x":1},"asked":3,"written":1,"refused":1,"fallbacks":{"late":1},"calls":4,"prompt_tokens":2500,"reply_tokens":104,"mean_ms":4500,"most_ms":9500}`
	if !strings.Contains(string(data), want) {
		t.Errorf("%s\nlacks %s", data, want)
	}
	if data, err = json.Marshal(of(answer.Answer{Status: answer.StatusAnswered})); err != nil || strings.Contains(string(data), `"model"`) {
		t.Errorf("%v: %s", err, data)
	}
}
