package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kildesvar/internal/index"
	"kildesvar/internal/journal"
	"kildesvar/internal/question"
	"kildesvar/internal/retrieval"
)

// Searcher finds the nearest articles; *retrieval.Searcher is one.
type Searcher interface {
	Search(ctx context.Context, question string, past retrieval.Past, n int) (*retrieval.Result, error)
	Index() *index.Index
}

// Wish is what the articles lack: questions that mean about the same and got no answer.
type Wish struct {
	Size      int       `json:"size"`
	People    int       `json:"people"`
	Question  string    `json:"question"`  // the one most like all the others, a whole question if there is one
	Others    []string  `json:"others"`    // the other wordings, oldest first, each once
	Articles  []Near    `json:"articles"`  // the nearest, the nearest first
	Escalated int       `json:"escalated"` // how many were handed to a human
	First     time.Time `json:"first"`
	Last      time.Time `json:"last"`
}

// Near is an article that comes near.
type Near struct {
	Article string `json:"article"`
	Title   string `json:"title"`
	URL     string `json:"url"`
}

const (
	// MaxGrouped is how many unanswered questions are grouped, the newest: what is done grows with the square of their number. 2,000
	// take 8 MB of likenesses.
	MaxGrouped = 2000
	// nearHits is how many hits of a question count for its cluster's articles, and nearest how many articles are named.
	nearHits, nearest = 3, 3
)

// wish groups what was refused. qs are oldest first.
func (r *Report) wish(ctx context.Context, qs []Asked, escalated map[string]journal.EscalationState, s Searcher) error {
	r.Wishes = []Wish{}
	var refused []Asked
	var texts []string
	show := shower(s.Index())
	for _, q := range qs {
		if text := q.shown(show); outcomeOf(q) == Refused && text != hidden {
			refused, texts = append(refused, q), append(texts, text)
		}
	}
	r.Unanswered = len(refused)
	r.LeftOut = max(0, len(refused)-MaxGrouped)
	refused, texts = refused[r.LeftOut:], texts[r.LeftOut:]
	meant, err := understand(ctx, texts, s, builtin())
	if err != nil {
		return err
	}
	for _, members := range group(meant) {
		w := Wish{Size: len(members), Question: texts[central(meant, members)], Others: []string{}, Articles: near(meant, members, s.Index()),
			First: refused[members[0]].At, Last: refused[members[len(members)-1]].At}
		people := map[int]bool{}
		for _, i := range members {
			people[refused[i].Person] = true
			if _, yes := escalated[refused[i].ID]; yes {
				w.Escalated++
			}
			if texts[i] != w.Question && !slices.Contains(w.Others, texts[i]) {
				w.Others = append(w.Others, texts[i])
			}
		}
		w.People = len(people)
		r.Wishes = append(r.Wishes, w)
	}
	slices.SortStableFunc(r.Wishes, func(a, b Wish) int {
		return cmp.Or(cmp.Compare(b.Size, a.Size), b.Last.Compare(a.Last), strings.Compare(a.Question, b.Question))
	})
	return nil
}

// understand looks the questions up and finds which of the known subjects they name.
func understand(ctx context.Context, texts []string, s Searcher, known *subjects) ([]meaning, error) {
	out := make([]meaning, len(texts))
	for i, text := range texts {
		found, err := s.Search(ctx, text, retrieval.Past{}, nearHits)
		if err != nil {
			return nil, fmt.Errorf("report: %w", err)
		}
		out[i] = meaningOf(s.Index(), found.Query, known)
		out[i].whole = question.Asks(text)
		for _, h := range found.Hits {
			out[i].near = append(out[i].near, h.Passage.Article)
		}
	}
	return out, nil
}

// group finds the questions that mean about the same.
func group(qs []meaning) [][]int {
	return linked(len(qs), alikeEnough, func(i, j int) float32 { return likeness(&qs[i], &qs[j]) })
}

// central is the member most like the others, among whole questions if there are any: the editor reads it as a heading. Of equals the first.
func central(qs []meaning, members []int) int {
	if whole := slices.DeleteFunc(slices.Clone(members), func(i int) bool { return !qs[i].whole }); len(whole) > 0 {
		return mostAlike(qs, whole, members)
	}
	return mostAlike(qs, members, members)
}

// mostAlike is the candidate that is most like the members.
func mostAlike(qs []meaning, candidates, members []int) int {
	best, most := candidates[0], float32(-1)
	for _, i := range candidates {
		sum := float32(0)
		for _, j := range members {
			if i != j {
				sum += likeness(&qs[i], &qs[j])
			}
		}
		if sum > most {
			best, most = i, sum
		}
	}
	return best
}

// near are the articles that come nearest to the members: a first hit counts 1, a second 1/2, a third 1/3.
func near(qs []meaning, members []int, ix *index.Index) []Near {
	points := map[string]float64{}
	for _, i := range members {
		for rank, article := range qs[i].near {
			points[article] += 1 / float64(rank+1)
		}
	}
	out := []Near{}
	for id := range points {
		if a, ok := ix.Article(id); ok {
			out = append(out, Near{a.ID, a.Title, a.URL})
		}
	}
	slices.SortFunc(out, func(a, b Near) int {
		return cmp.Or(cmp.Compare(points[b.Article], points[a.Article]), strings.Compare(a.Article, b.Article))
	})
	return out[:min(nearest, len(out))]
}
