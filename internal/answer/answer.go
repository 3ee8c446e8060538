// Package answer makes a cited answer from what a search found, or refuses.
//
// The extractive composer needs no language model: it quotes sentences of the corpus, so that every claim stands word
// for word in the passage it cites. A refusal is an Answer with another status, not an error. Package sentence chooses the sentences;
// answers that a language model writes are made in answer/written, of the parts that stand here.
//
// Invariants of every Answer: only StatusAnswered has claims; each claim has at least one number in Sources; numbers run
// 1..n in order of appearance, one a passage, none unused; every literature key of a claim stands once in Literature.
package answer

import "kildesvar/internal/question"

// Status says what kind of reply an Answer is.
type Status string

// The statuses of the contract.
const (
	StatusAnswered     Status = "answered"
	StatusNotCovered   Status = "not_covered"   // the corpus does not answer it
	StatusPersonalCase Status = "personal_case" // it asks about a named person or a concrete case
	StatusUnclear      Status = "needs_clarification"
)

// How an answer came about: Answer.Mode.
const (
	ModeExtractive = "extractive" // quoted from the corpus
	ModeGenerative = "generative" // written by a language model, and verified sentence by sentence
)

// Why an answer with a model became a quoted one: Answer.Fallback.
const (
	FallbackFailed     = "failed"     // the model could not be reached, refused, or said what is no reply
	FallbackLate       = "late"       // it was not done in time
	FallbackBudget     = "budget"     // the day's budget is spent
	FallbackUnverified = "unverified" // too little of what it wrote is borne out by the passages
	FallbackNothing    = "nothing"    // it found no answer where there is one
)

// Answer is a reply with its sources, in the form of `ask --json`.
type Answer struct {
	Question   string      `json:"question"`
	Status     Status      `json:"status"`
	Shape      string      `json:"shape"`  // the kind of answer that was asked for (question.Shape); empty for no special one
	Reason     string      `json:"reason"` // Danish; empty when answered
	Mode       string      `json:"mode"`
	Model      string      `json:"model"`
	Prompt     string      `json:"prompt,omitempty"` // version of the prompt that the model was asked with
	Confidence float64     `json:"confidence"`       // 0 to 1: how likely it is that the corpus answers the question
	Claims     []Claim     `json:"claims"`
	Sources    []Source    `json:"sources"`
	Literature []Reference `json:"literature"`
	Related    []Related   `json:"related"`
	Notes      []string    `json:"notes"` // short Danish lines the reader should know
	Next       []string    `json:"next"`  // questions to go on with; in a clarification the readings to choose between
	Generation string      `json:"generation"`
	TookMS     int64       `json:"took_ms"`

	Fallback     string `json:"fallback,omitempty"`      // why a model was asked and its words are not shown, see FallbackFailed and the others
	Calls        int    `json:"calls,omitempty"`         // of a model, for this answer
	PromptTokens int    `json:"prompt_tokens,omitempty"` // of all calls; 0: none, or the provider did not say
	ReplyTokens  int    `json:"reply_tokens,omitempty"`
	ModelMS      int64  `json:"model_ms,omitempty"` // of TookMS, spent waiting for a model
	Cached       bool   `json:"cached,omitempty"`   // a model wrote it for an earlier asker
}

// Refuses reports whether the asker goes away without what was asked for: an Answer that has no claims and is no talk and no question
// back.
func (a *Answer) Refuses() bool {
	return a.Status != StatusAnswered && a.Status != StatusUnclear && question.Shape(a.Shape).Asks()
}

// Claim is one sentence of an answer with its sources.
type Claim struct {
	Text       string   `json:"text"`
	Sources    []int    `json:"sources"`
	Literature []string `json:"literature"`
}

// Source is a numbered passage under an answer.
type Source struct {
	N          int      `json:"n"`
	Passage    string   `json:"passage"`
	Article    string   `json:"article"`
	Title      string   `json:"title"`
	Section    string   `json:"section"`
	URL        string   `json:"url"`
	Quote      string   `json:"quote"`      // the whole passage
	Literature []string `json:"literature"` // behind the sentences used
}

// Reference is a formatted item of literature.
type Reference struct {
	ID        string `json:"id"`
	Reference string `json:"reference"`
}

// Related is an article that may help further.
type Related struct {
	Article string `json:"article"`
	Title   string `json:"title"`
	URL     string `json:"url"`
}

// empty is an Answer whose lists are there, so that JSON shows [] and never null.
func empty(question string, status Status) *Answer {
	return &Answer{Question: question, Status: status, Mode: ModeExtractive, Claims: []Claim{}, Sources: []Source{},
		Literature: []Reference{}, Related: []Related{}, Notes: []string{}, Next: []string{}}
}
