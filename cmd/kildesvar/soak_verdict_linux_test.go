package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kildesvar/internal/journal"
	"kildesvar/internal/workspace/delivery"
)

// drain waits until nothing is open anywhere.
func (s *soak) drain() {
	s.t.Helper()
	j, err := journal.OpenSQLite(s.t.Context(), s.getenv("KILDESVAR_DATA"), journal.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = j.Close() }()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(3 * time.Minute); time.Now().Before(end); <-tick.C {
		s.look()
		if n, err := j.Waiting(s.t.Context()); err == nil && n == 0 && s.w.Pending() == 0 {
			return
		}
	}
	s.t.Error("questions stay open")
}

// field is a field of an event in a delivery's payload, if it is a text.
func field(payload json.RawMessage, name string) string {
	var p struct {
		Event map[string]any `json:"event"`
	}
	_ = json.Unmarshal(payload, &p) // no event then
	v, _ := p.Event[name].(string)
	return v
}

// memory tells how each life began and ended; the last one must not have grown, if it was long enough to tell.
func (s *soak) memory(length time.Duration) {
	s.t.Helper()
	for i, l := range s.lives {
		if len(l.samples) == 0 {
			continue
		}
		x := l.samples
		a, b, c := x[0], x[len(x)/2], x[len(x)-1]
		s.t.Logf("life %d, %v: RSS %.0f MB at first, %.0f in the middle, %.0f at last, most %.0f; goroutines %.0f, %.0f, %.0f; open files %.0f, %.0f, %.0f", i+1, c.at.Sub(a.at).Round(time.Second),
			a.rss, b.rss, c.rss, quantile(values(x, rss), 1), a.goroutines, b.goroutines, c.goroutines, a.files, b.files, c.files)
	}
	x := s.life().samples
	if length < 10*time.Minute {
		return
	}
	x = slices.DeleteFunc(slices.Clone(x), func(y sample) bool { return y.at.Sub(x[0].at) < time.Minute }) // until then it fills its caches
	if len(x) < int(length.Seconds())/5 {
		s.t.Fatalf("only %d samples", len(x))
	}
	early, late := x[:len(x)/3], x[len(x)*2/3:]
	for name, of := range map[string]func(sample) float64{"RSS in MB": rss, "goroutines": func(y sample) float64 { return y.goroutines }, "open files": func(y sample) float64 { return y.files }} {
		was, is := quantile(values(early, of), 0.5), quantile(values(late, of), 0.5)
		s.t.Logf("%s, median of the last life's first and last third: %.0f, %.0f; per minute %+.2f", name, was, is, slope(x, of))
		if is > was*1.1+5 {
			s.t.Errorf("%s grow: %.0f, then %.0f", name, was, is)
		}
	}
}

func rss(x sample) float64 { return x.rss }

func values(all []sample, of func(sample) float64) (out []float64) {
	for _, x := range all {
		out = append(out, of(x))
	}
	return out
}

// slope is how much a value grows in a minute: the line of least squares through the samples.
func slope(all []sample, of func(sample) float64) float64 {
	var n, sx, sy, sxx, sxy float64
	for _, a := range all {
		x, y := a.at.Sub(all[0].at).Minutes(), of(a)
		n, sx, sy, sxx, sxy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}

// kept is what the journal holds of the run.
type kept struct {
	all       int
	byMessage map[string]journal.Question // by "channel/ts" of the question
	answers   map[string]bool             // "channel/ts" of what stands in Slack
	private   map[string]int              // private answers of each person
	kinds     map[string]int              // answers by mode, notices by name, what else became of questions by status
	took      []time.Duration             // from receipt to answer
}

func (s *soak) kept() kept {
	s.t.Helper()
	k := kept{byMessage: map[string]journal.Question{}, answers: map[string]bool{}, private: map[string]int{}, kinds: map[string]int{}}
	j, err := journal.OpenSQLite(s.t.Context(), s.getenv("KILDESVAR_DATA"), journal.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = j.Close() }()
	for after := ""; ; {
		page, err := j.Questions(s.t.Context(), "", after, 500)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(page) == 0 {
			return k
		}
		for _, q := range page {
			after = q.ID
			k.add(q, q.ReceivedAt.After(s.began))
		}
	}
}

// add takes a question in; late ones are the soak's, not the ramp's.
func (k *kept) add(q journal.Question, late bool) {
	k.all++
	if late {
		k.count(q)
	}
	if q.Surface == journal.Slash {
		if q.Status == journal.Answered {
			k.private[q.User]++
		}
		return
	}
	q.Answer.JSON, q.Answer.Plain = nil, ""
	k.byMessage[q.Channel+"/"+q.TS] = q
	k.answers[q.Answer.Place.Channel+"/"+q.Answer.Place.TS] = true
}

func (k *kept) count(q journal.Question) {
	var said struct{ Notice string }
	_ = json.Unmarshal(q.Answer.JSON, &said) // none then
	switch {
	case q.Status != journal.Answered:
		k.kinds[string(q.Status)]++
	case said.Notice != "":
		k.kinds["besked "+said.Notice]++
	case q.Answer.Facts != nil:
		k.kinds[q.Answer.Facts.Mode+" "+q.Answer.Outcome]++
		k.took = append(k.took, q.AnsweredAt.Sub(q.ReceivedAt))
	default:
		k.kinds["answered "+q.Answer.Outcome]++
	}
}

// verdict compares what was asked, what the journal holds and what stands in Slack.
func (s *soak) verdict() {
	s.t.Helper()
	k := s.kept()
	stands := map[string]bool{}
	doubles, lost, unanswered, unheard := 0, 0, 0, 0 // of the ramp's, too
	for _, place := range slices.Concat(s.places, s.directs()) {
		for _, m := range s.w.Messages(place) {
			at := place + "/" + m.TS
			if !m.Bot || m.Tombstone {
				continue
			}
			stands[at] = true
			if !k.answers[at] || m.Streaming {
				doubles++
				s.t.Errorf("a message that is no question's answer: %s in %s, still streaming %v: %.300s", at, m.Thread, m.Streaming, m.Text)
			}
		}
	}
	for _, q := range s.asked {
		at := q.place + "/" + q.ts
		kept, known := k.byMessage[at]
		switch {
		case !known && s.unheard[at]:
			unheard++
		case !known || kept.Status == journal.Answered && !stands[kept.Answer.Place.Channel+"/"+kept.Answer.Place.TS]:
			lost++
			s.t.Errorf("question %s in %q is lost, recorded %v: %+v", at, q.thread, known, s.w.Thread(q.place, q.ts))
		case kept.Status != journal.Answered:
			unanswered++
			s.t.Errorf("question %s is %s after %d attempts: %s", at, kept.Status, kept.Attempts, kept.LastError)
		}
	}
	twice, missing := s.private(k)
	s.t.Logf("%d questions in the journal: doubles %d, lost %d, unanswered %d, given up by Slack %d; private answers twice %d, missing %d; answered after p50 %v, p99 %v",
		k.all, doubles, lost, unanswered, unheard, twice, missing, quantile(k.took, 0.5), quantile(k.took, 0.99))
	s.t.Logf("%s", counted(k.kinds))
	s.told()
	for _, p := range s.w.Problems() {
		s.t.Errorf("Slack would mind: %s: %s", p.Where, p.What)
	}
	var out, errOut bytes.Buffer
	code := run(s.t.Context(), []string{"journal", "verify"}, env{stdout: &out, stderr: &errOut, getenv: s.getenv})
	if s.t.Logf("journal verify: %d, %s", code, strings.TrimSpace(out.String())); code != exitDone {
		s.t.Errorf("the journal is damaged: %s", errOut.String())
	}
}

// directs are people's conversations with the assistant.
func (s *soak) directs() (out []string) {
	for _, p := range s.people {
		out = append(out, s.w.DM(p))
	}
	return out
}

// questionOf is the "channel/ts" that a delivery tells of, or "/".
func questionOf(d delivery.Delivery) string {
	return field(d.Payload, "channel") + "/" + field(d.Payload, "ts")
}

// private counts private answers. Nobody can look up whether one arrived before a process died, so then it is sent again, once for each
// of its workers at most; without a death none comes twice.
func (s *soak) private(k kept) (twice, missing int) {
	s.t.Helper()
	asked, unheard := 0, 0
	for _, p := range s.people {
		n := len(s.w.Ephemerals(p))
		asked += s.slashes[p]
		unheard += max(s.slashes[p]-k.private[p], 0)
		twice += max(n-k.private[p], 0)
		missing += max(k.private[p]-n, 0)
	}
	if twice > 8*(len(s.lives)-1) || missing > 0 || unheard > s.given {
		s.t.Errorf("of %d private answers %d came twice, %d never, %d were not heard of", asked, twice, missing, unheard)
	}
	return twice, missing
}

// told logs what the program has counted, all lives together.
func (s *soak) told() {
	sum := map[string]int{}
	for _, l := range s.lives {
		for name, n := range l.counts {
			if strings.HasPrefix(name, "kildesvar_model_") || strings.HasPrefix(name, "kildesvar_questions_total") || strings.HasPrefix(name, "kildesvar_duplicates") || strings.HasPrefix(name, "kildesvar_redeliveries") {
				sum[strings.TrimPrefix(name, "kildesvar_")] += int(n)
			}
		}
	}
	s.t.Logf("%s", counted(sum))
}

func counted(m map[string]int) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		out = append(out, fmt.Sprintf("%s %d", name, m[name]))
	}
	return strings.Join(out, ", ")
}

func quantile[T time.Duration | float64](all []T, q float64) T {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(int(float64(len(sorted))*q), len(sorted)-1)]
}

// setNumber is a number in the environment, 0 if it is not set.
func setNumber(t *testing.T, name string) float64 {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		return 0
	}
	n, err := strconv.ParseFloat(v, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
