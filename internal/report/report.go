// Package report tells what can be learned from what was asked: how much, by what ways, with what outcome and how fast, what people said of
// the answers, which answers are out of date, and what the articles lack (Wishes).
//
// It leaves to others: reading the journal (the caller hands over Asked, without names or places), stale answers (handed over as well),
// and how a report is shown on a terminal or in Slack. WritePage shows it as HTML.
//
// Invariants: a report holds no person's id, only numbers of people; texts of questions are masked once more, and those about somebody's
// case are counted and never shown; equal input gives an equal report, whatever the order of Input.Questions. Lists are never nil, so that
// JSON shows []. Times are in milliseconds, days in the location of Input.To.
package report

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"kildesvar/internal/answer"
	"kildesvar/internal/index"
	"kildesvar/internal/journal"
	"kildesvar/internal/privacy"
	"kildesvar/internal/question"
)

// Asked is a question as the journal has it.
type Asked struct {
	ID, Text string
	Person   int // the same number for the same person; it says nothing else
	Surface  journal.Surface
	At       time.Time
	Waited   time.Duration // until the answer stood there; 0: it does not
	Status   journal.Status
	Answer   *answer.Answer // nil: none, or a notice
}

// Rating is what somebody said of an answer.
type Rating struct {
	Question string // id
	Up       bool
	Reason   string // may be empty
}

// Stale is an answer that stands on passages that have changed or are gone.
type Stale struct {
	ID         string    `json:"id"`
	Question   string    `json:"question"`
	AnsweredAt time.Time `json:"answered_at"`
	Changed    []string  `json:"changed"`
	Gone       []string  `json:"gone"`
}

// Input is what a report is made from: everything received from From on and before To.
type Input struct {
	From, To     time.Time
	Questions    []Asked
	Ratings      []Rating                           // of those questions
	Escalations  map[string]journal.EscalationState // by question
	Stale        []Stale                            // of all answers, whenever they were given
	StaleChecked int                                // how many answers were compared
}

// Outcome is what became of a question.
type Outcome string

// The outcomes. Only the first four are questions to the articles.
const (
	Answered Outcome = "answered"
	Refused  Outcome = "not_covered"
	Personal Outcome = "personal_case"
	Unclear  Outcome = "needs_clarification"
	Talk     Outcome = "talk"   // a greeting, thanks, or about the assistant
	Notice   Outcome = "notice" // a notice in place of an answer: too long, too many, a fault
	Failed   Outcome = "failed"
	Open     Outcome = "open"     // not answered yet
	Declined Outcome = "declined" // none of the assistant's business
)

// Outcomes are all outcomes in the order of reports.
var Outcomes = []Outcome{Answered, Refused, Personal, Unclear, Talk, Notice, Failed, Open, Declined}

// Report is what was learned, as `report --json` prints it.
type Report struct {
	From        time.Time  `json:"from"`
	To          time.Time  `json:"to"`
	Questions   int        `json:"questions"` // to the articles: answered, refused, personal or unclear
	Messages    int        `json:"messages"`  // all that was received
	People      int        `json:"people"`
	Outcomes    []Count    `json:"outcomes"` // shares of Questions; of those that are none, 0
	Surfaces    []Count    `json:"surfaces"` // shares of Messages
	Shapes      []Count    `json:"shapes"`   // of Questions; »other« for no special one
	Days        []Day      `json:"days"`
	Waited      Times      `json:"waited_ms"` // from receipt until the answer stood there
	Took        Times      `json:"took_ms"`   // searching and composing alone
	Slowest     []Slow     `json:"slowest"`
	Up          int        `json:"rated_up"`
	Down        int        `json:"rated_down"`
	Reasons     []Count    `json:"reasons"` // of Down; »« for none given
	Disliked    []Disliked `json:"disliked"`
	Escalations []Count    `json:"escalations"` // by state
	StaleOf     int        `json:"stale_checked"`
	Stale       []Stale    `json:"stale"`
	Unanswered  int        `json:"unanswered"` // questions behind Wishes: those refused, but for what reads as somebody's case
	LeftOut     int        `json:"left_out"`   // unanswered questions too many to be grouped, the oldest
	Wishes      []Wish     `json:"wishes"`
}

// Count is how many there were of a kind.
type Count struct {
	Name  string  `json:"name"`
	N     int     `json:"n"`
	Share float64 `json:"share"` // 0 to 1
}

// Day is a day's volume.
type Day struct {
	Day       string `json:"day"` // YYYY-MM-DD
	Questions int    `json:"questions"`
	Answered  int    `json:"answered"`
}

// Times are the median and the 95th percentile (nearest rank) of N times.
type Times struct {
	N   int   `json:"n"`
	P50 int64 `json:"p50"`
	P95 int64 `json:"p95"`
}

// Slow is an answer that took long.
type Slow struct {
	ID       string `json:"id"`
	Question string `json:"question"`
	WaitedMS int64  `json:"waited_ms"`
	TookMS   int64  `json:"took_ms"`
}

// Disliked is an answer that somebody was not helped by.
type Disliked struct {
	ID       string   `json:"id"`
	Question string   `json:"question"`
	N        int      `json:"n"`
	Reasons  []string `json:"reasons"`
}

// most is how many of the slowest and the disliked answers are listed.
const most = 10

// hidden stands for the text of a question about somebody's case.
const hidden = "(spørgsmål om en person, vises ikke)"

// Make makes a report. It fails only when ctx is done or the search fails.
func Make(ctx context.Context, in Input, s Searcher) (*Report, error) {
	qs := slices.Clone(in.Questions)
	slices.SortFunc(qs, func(a, b Asked) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID)) })
	r := &Report{From: in.From, To: in.To, Messages: len(qs), StaleOf: in.StaleChecked, Stale: []Stale{}}
	outcomes, surfaces, shapes := map[string]int{}, map[string]int{}, map[string]int{}
	people := map[int]bool{}
	for _, q := range qs {
		o := outcomeOf(q)
		outcomes[string(o)]++
		surfaces[string(q.Surface)]++
		people[q.Person] = true
		if o.asks() {
			r.Questions++
			shapes[cmp.Or(q.Answer.Shape, "other")]++
		}
	}
	r.People = len(people)
	for _, o := range Outcomes {
		if n := outcomes[string(o)]; n > 0 {
			c := Count{Name: string(o), N: n}
			if o.asks() {
				c.Share = share(n, r.Questions)
			}
			r.Outcomes = append(r.Outcomes, c)
		}
	}
	if r.Outcomes == nil {
		r.Outcomes = []Count{}
	}
	r.Surfaces, r.Shapes = counts(surfaces, len(qs)), counts(shapes, r.Questions)
	r.Days = days(in.From, in.To, qs)
	show := shower(s.Index())
	r.times(qs, show)
	r.ratings(qs, in.Ratings, show)
	states := map[string]int{}
	for _, state := range in.Escalations {
		states[string(state)]++
	}
	r.Escalations = counts(states, len(in.Escalations))
	for _, x := range in.Stale {
		x.Question = show(x.Question, "")
		r.Stale = append(r.Stale, x)
	}
	return r, r.wish(ctx, qs, in.Escalations, s)
}

// asks says whether it is the outcome of a question to the articles.
func (o Outcome) asks() bool { return o == Answered || o == Refused || o == Personal || o == Unclear }

func outcomeOf(q Asked) Outcome {
	switch {
	case q.Status == journal.Declined:
		return Declined
	case q.Status == journal.Failed:
		return Failed
	case q.Status != journal.Answered:
		return Open
	case q.Answer != nil && !question.Shape(q.Answer.Shape).Asks(), !question.Read(q.Text).Shape.Asks():
		return Talk
	case q.Answer == nil:
		return Notice
	}
	return Outcome(q.Answer.Status)
}

// shower makes what shows a question's text, or hidden if it is about somebody's case: by the answer it got, or by today's rules, since it
// may have been answered before they were. The index tells scholars from other people.
func shower(ix *index.Index) func(text string, status answer.Status) string {
	known := func(word string) bool { return ix.Words[strings.ToLower(word)] > 0 }
	return func(text string, status answer.Status) string {
		text, _ = privacy.Mask(text, privacy.Options{})
		if status == answer.StatusPersonalCase || privacy.Case(text, known) {
			return hidden
		}
		return text
	}
}

// shown is the question as a report shows it.
func (q Asked) shown(show func(string, answer.Status) string) string {
	if q.Answer == nil {
		return show(q.Text, "")
	}
	return show(q.Text, q.Answer.Status)
}

func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// counts are sorted by number, the largest first, then by name.
func counts(of map[string]int, all int) []Count {
	out := make([]Count, 0, len(of))
	for name, n := range of {
		out = append(out, Count{name, n, share(n, all)})
	}
	slices.SortFunc(out, func(a, b Count) int { return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.Name, b.Name)) })
	return out
}

// maxDays bounds the list of days; of a longer time the last are listed.
const maxDays = 366

// days lists every day, also those without a question.
func days(from, to time.Time, qs []Asked) []Day {
	const form = time.DateOnly
	zone := to.Location()
	n, answered := map[string]int{}, map[string]int{}
	for _, q := range qs {
		o, day := outcomeOf(q), q.At.In(zone).Format(form)
		if o.asks() {
			n[day]++
		}
		if o == Answered {
			answered[day]++
		}
	}
	from = from.In(zone)
	if first := to.AddDate(0, 0, 1-maxDays); from.Before(first) {
		from = first
	}
	out := []Day{}
	for d := time.Date(from.Year(), from.Month(), from.Day(), 12, 0, 0, 0, zone); ; d = d.AddDate(0, 0, 1) {
		if start := time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, zone); !start.Before(to) {
			return out
		}
		day := d.Format(form)
		out = append(out, Day{day, n[day], answered[day]})
	}
}

// times fills in how long answers took.
func (r *Report) times(qs []Asked, show func(string, answer.Status) string) {
	var waited, took []int64
	slow := []Slow{}
	for _, q := range qs {
		if !outcomeOf(q).asks() {
			continue
		}
		took = append(took, q.Answer.TookMS)
		if q.Waited > 0 {
			waited = append(waited, q.Waited.Milliseconds())
			slow = append(slow, Slow{q.ID, q.shown(show), q.Waited.Milliseconds(), q.Answer.TookMS})
		}
	}
	r.Waited, r.Took = timesOf(waited), timesOf(took)
	slices.SortStableFunc(slow, func(a, b Slow) int { return cmp.Compare(b.WaitedMS, a.WaitedMS) })
	r.Slowest = slow[:min(most, len(slow))]
}

func timesOf(ms []int64) Times {
	if len(ms) == 0 {
		return Times{}
	}
	slices.Sort(ms)
	rank := func(percent int) int64 { return ms[max(0, (percent*len(ms)+99)/100-1)] }
	return Times{len(ms), rank(50), rank(95)}
}

// ratings fills in what people said of the answers.
func (r *Report) ratings(qs []Asked, ratings []Rating, show func(string, answer.Status) string) {
	down, reasons := map[string][]string{}, map[string]int{}
	for _, x := range ratings {
		if x.Up {
			r.Up++
			continue
		}
		r.Down++
		reasons[x.Reason]++
		down[x.Question] = append(down[x.Question], x.Reason)
	}
	r.Reasons, r.Disliked = counts(reasons, r.Down), []Disliked{}
	for _, q := range qs {
		if said := down[q.ID]; said != nil {
			n := len(said)
			slices.Sort(said)
			said = slices.DeleteFunc(slices.Compact(said), func(s string) bool { return s == "" })
			r.Disliked = append(r.Disliked, Disliked{q.ID, q.shown(show), n, said})
		}
	}
	slices.SortStableFunc(r.Disliked, func(a, b Disliked) int { return cmp.Compare(b.N, a.N) })
	r.Disliked = r.Disliked[:min(most, len(r.Disliked))]
}
