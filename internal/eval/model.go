package eval

import "kildesvar/internal/answer"

// ModelUse is what a language model did for the answers. Whether they were right is for the other measures.
type ModelUse struct {
	Models       map[string]int `json:"models"`    // answers, by the model that wrote them
	Asked        int            `json:"asked"`     // questions with at least one call
	Written      int            `json:"written"`   // of them, those whose answer the model wrote
	Refused      int            `json:"refused"`   // those that it found no answer to
	Fallbacks    map[string]int `json:"fallbacks"` // those that were quoted after all, by Answer.Fallback
	Calls        int            `json:"calls"`
	PromptTokens int            `json:"prompt_tokens"`
	ReplyTokens  int            `json:"reply_tokens"`
	MeanMS       float64        `json:"mean_ms"` // of an answer for which it was asked
	MostMS       int64          `json:"most_ms"`
}

// modelUse sums it up; nil when no model was asked.
func modelUse(outcomes []Outcome) *ModelUse {
	u := ModelUse{Models: map[string]int{}, Fallbacks: map[string]int{}}
	var ms int64
	for _, o := range outcomes {
		a := o.Answer
		if a == nil || a.Calls == 0 {
			continue
		}
		u.Asked++
		u.Calls += a.Calls
		u.PromptTokens += a.PromptTokens
		u.ReplyTokens += a.ReplyTokens
		ms += a.TookMS
		u.MostMS = max(u.MostMS, a.TookMS)
		switch {
		case a.Fallback != "":
			u.Fallbacks[a.Fallback]++
		case a.Mode == answer.ModeGenerative:
			u.Written++
			u.Models[a.Model]++
		case a.Status == answer.StatusNotCovered:
			u.Refused++
		}
	}
	if u.Asked == 0 {
		return nil
	}
	u.MeanMS = float64(ms) / float64(u.Asked)
	return &u
}
