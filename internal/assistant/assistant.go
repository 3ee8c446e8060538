// Package assistant is the use case: a question comes in, an answer goes out.
//
// Personal data is masked before anything else sees the question; then the question is searched for, and a composer
// answers or refuses. Front ends know this package and nothing below it.
package assistant

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"kildesvar/internal/answer"
	"kildesvar/internal/answer/written"
	"kildesvar/internal/privacy"
	"kildesvar/internal/retrieval"
)

// MaxQuestion is the longest question that is read, in bytes: some ten pages, far more than a question.
const MaxQuestion = 16_000

// Errors that a front end tells the asker about in its own words.
var (
	ErrEmpty    = errors.New("empty question")
	ErrTooLong  = errors.New("question too long")
	ErrEncoding = errors.New("question is not text in UTF-8")
)

// Turn is an earlier message of the conversation.
type Turn struct {
	Role string `json:"role"` // user or assistant
	Text string `json:"text"`
}

// Composer makes an answer from what was found.
type Composer interface {
	// Compose answers or refuses.
	Compose(ctx context.Context, question string, r *retrieval.Result) *answer.Answer
	// Personal declines a question about a person's case.
	Personal(question string, r *retrieval.Result) *answer.Answer
}

// Stepper is a Composer with a language model that can help before and after the answer.
type Stepper interface {
	// Queries are other ways to search for a question; most often none.
	Queries(ctx context.Context, question string, r *retrieval.Result) []string
	// Following are questions to go on with after an answer; most often none.
	Following(ctx context.Context, a *answer.Answer) []string
	// Answers reports whether the articles answer what was searched for, without asking a model.
	Answers(question string, r *retrieval.Result) bool
}

// Assistant answers questions. It is safe for concurrent use.
type Assistant struct {
	search  *retrieval.Searcher
	compose Composer
	now     func() time.Time
	privacy privacy.Options
	within  time.Duration // of a whole answer; 0: as long as it takes
}

// Within bounds the time of an answer: a composer that waits for others must be done by then. It is set before the first question; 0 is
// no bound.
func (a *Assistant) Within(d time.Duration) *Assistant {
	a.within = d
	return a
}

// New returns an Assistant. now is the clock, time.Now outside tests.
func New(s *retrieval.Searcher, c Composer, now func() time.Time) *Assistant {
	a := &Assistant{search: s, compose: c, now: now}
	// Few questions hold anything that an article might hold too, so the articles are read when the first one does.
	public := sync.OnceValue(func() func(string) bool {
		return privacy.Keeper(func(yield func(string) bool) {
			for i := range s.Index().Passages {
				if !yield(s.Index().Passages[i].Text) {
					return
				}
			}
		})
	})
	a.privacy = privacy.Options{Keep: func(value string) bool { return public()(value) }, Known: a.known}
	return a
}

// Privacy is what the assistant takes for personal: what the articles publish, such as an organisation's telephone number, is not, and
// neither are the names of scholars. Front ends that keep questions mask them in the same way.
func (a *Assistant) Privacy() privacy.Options { return a.privacy }

// Ask answers a question in the light of the conversation before it, oldest turn first. It fails with ErrEmpty,
// ErrTooLong or ErrEncoding for what is no question, and when ctx is done; everything else is an Answer.
func (a *Assistant) Ask(ctx context.Context, question string, history []Turn) (*answer.Answer, error) {
	start := a.now()
	question, err := Clean(question)
	if err != nil {
		return nil, err
	}
	ctx = written.Begin(ctx)
	masked, _ := privacy.Mask(question, a.privacy)
	sought := privacy.Without(masked)
	past := PastOf(history, a.privacy)
	before := strings.Join(a.search.Context(sought, past.Questions), "\n")
	personal := privacy.CaseAfter(masked, before, a.known)
	r, err := a.search.Search(ctx, sought, past, 0)
	if err != nil {
		return nil, fmt.Errorf("ask: %w", err)
	}
	var ans *answer.Answer
	if personal {
		ans = a.compose.Personal(masked, r)
	} else if ans, err = a.composed(ctx, masked, r); err != nil {
		return nil, fmt.Errorf("ask: %w", err)
	}
	if note := privacy.Note(privacy.Kinds(masked)); note != "" { // also when a front end that keeps questions has masked them before
		ans.Notes = append([]string{note}, ans.Notes...)
	}
	if r.NoVector != nil {
		ans.Notes = append(ans.Notes, NoVectorNote)
	}
	ans.TookMS = a.now().Sub(start).Milliseconds()
	return ans, nil
}

// NoVectorNote is what the reader is told when the question could not be compared with the articles by meaning.
const NoVectorNote = "Søgningen efter betydning svarede ikke. Svaret er fundet alene ved hjælp af spørgsmålets ord."

// composed answers a question that is no person's case, with the help of a model's steps where the composer has them.
func (a *Assistant) composed(ctx context.Context, masked string, r *retrieval.Result) (*answer.Answer, error) {
	limited := ctx
	if a.within > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, a.within)
		defer cancel()
	}
	step, ok := a.compose.(Stepper)
	if !ok {
		return a.compose.Compose(limited, masked, r), nil
	}
	var queries []string
	for _, q := range step.Queries(limited, masked, r) {
		if text, err := Clean(q); err == nil && !privacy.Case(text, a.known) {
			queries = append(queries, text)
		}
	}
	r, err := a.search.Also(ctx, r, queries)
	if err != nil {
		return nil, err
	}
	ans := a.compose.Compose(limited, masked, r)
	if next := step.Following(limited, ans); len(next) > 0 {
		ans.Next = a.following(ctx, step, next, ans.Next)
	}
	return ans, nil
}

// following puts a model's questions before those of the articles, each only if it is no person's case and would be answered here.
func (a *Assistant) following(ctx context.Context, step Stepper, next, others []string) []string {
	out := []string{}
	for _, q := range next {
		if privacy.Case(q, a.known) {
			continue
		}
		if r, err := a.search.Search(ctx, q, retrieval.Past{}, 0); err == nil && step.Answers(q, r) {
			out = append(out, q)
		}
	}
	for _, q := range others {
		if !slices.Contains(out, q) {
			out = append(out, q)
		}
	}
	return out[:min(len(out), answer.MaxNext)]
}

// PastOf is what a search needs of a conversation, without personal data. Turns that are no text are passed over.
func PastOf(history []Turn, o privacy.Options) (past retrieval.Past) {
	for _, t := range history {
		switch text, err := Clean(t.Text); {
		case err != nil:
		case t.Role == "user":
			text, _ = privacy.Mask(text, o)
			past.Questions = append(past.Questions, privacy.Without(text))
		default:
			past.Reply, _ = privacy.Mask(t.Text, o) // with its lines: they tell a list's points apart
		}
	}
	return past
}

// known reports whether a word is one of the corpus' own, such as a scholar's name, and so no sign of a person's case.
func (a *Assistant) known(word string) bool {
	return a.search.Index().Words[strings.ToLower(word)] > 0
}

// Clean checks a question and folds its white space; control characters become spaces, and what nobody sees is dropped (zero-width
// and bidirectional signs, soft hyphens, tags, variation selectors): a text could hide in it, and it parts words and numbers that
// belong together. It fails with ErrEmpty, ErrTooLong or ErrEncoding.
func Clean(s string) (string, error) {
	if len(s) > MaxQuestion {
		return "", ErrTooLong
	}
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return "", ErrEncoding
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case unicode.In(r, unicode.Cf, unicode.Variation_Selector):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return "", ErrEmpty
	}
	return s, nil
}
