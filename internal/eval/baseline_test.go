package eval

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kildesvar/internal/article"
)

// past are n questions, each main measure of which is good for the share given.
func past(n int, share float64, rng *rand.Rand) []Record {
	var out []Record
	for i := range n {
		r := Record{ID: fmt.Sprintf("q%04d", i), Gold: "g", Measures: map[string]float64{}}
		for _, name := range MainMeasures {
			r.Measures[name] = yes(rng.Float64() < share)
		}
		out = append(out, r)
	}
	return out
}

// later is a copy, changed question by question.
func later(records []Record, change func(i int, m map[string]float64)) []Record {
	var out []Record
	for i, r := range records {
		m := map[string]float64{}
		for k, v := range r.Measures {
			m[k] = v
		}
		change(i, m)
		r.Measures = m
		out = append(out, r)
	}
	return out
}

// worsen makes the measure bad for n of the questions it is good for.
func worsen(name string, n int) func(int, map[string]float64) {
	bad := yes(LowerIsBetter(name))
	return func(_ int, m map[string]float64) {
		if n > 0 && m[name] != bad {
			m[name] = bad
			n--
		}
	}
}

// churn lets about each twentieth question change its outcome, for better and worse alike.
func churn(rng *rand.Rand) func(int, map[string]float64) {
	return func(_ int, m map[string]float64) {
		for _, name := range MainMeasures {
			if rng.Float64() < 0.05 {
				m[name] = yes(rng.Float64() < 0.5)
			}
		}
	}
}

// TestPlantedLoss: three points lost of 300 questions are caught, in each measure and no other.
func TestPlantedLoss(t *testing.T) {
	for _, name := range MainMeasures {
		share := 0.8
		if LowerIsBetter(name) {
			share = 0.1
		}
		before := past(300, share, rand.New(rand.NewPCG(1, 2)))
		c := Compare(before, later(before, worsen(name, 9)))
		if got := c.Losses(); !cmp.Equal(got, []string{name}) {
			t.Errorf("three points of %s lost: found %v, %+v", name, got, c.Changes[name])
		}
		// The same the other way is a gain.
		c = Compare(later(before, worsen(name, 9)), before)
		if got := c.Losses(); got != nil {
			t.Errorf("three points of %s won: found losses %v", name, got)
		}
	}
}

// TestLossInNoise: three points lost of many questions are caught although others change both ways.
func TestLossInNoise(t *testing.T) {
	const rounds = 20
	caught := 0
	for seed := range uint64(rounds) {
		rng := rand.New(rand.NewPCG(seed, 3))
		before := past(1000, 0.5, rng)
		now := later(later(before, churn(rng)), worsen("fact_recall", 30))
		for i := range now { // the other measures cost time and say nothing here
			now[i].Measures = map[string]float64{"fact_recall": now[i].Measures["fact_recall"]}
		}
		if Compare(before, now).Changes["fact_recall"].Loss {
			caught++
		}
	}
	if caught < 19 {
		t.Errorf("caught in %d of %d rounds", caught, rounds)
	}
}

// TestNoise: changes for better and worse alike do not trip the gate more often than its interval promises, and not at all in
// the first round. Each measure has a 2.5 % chance in a round; of 40 rounds of six measures that is 6 with a spread of 2.4.
func TestNoise(t *testing.T) {
	const rounds = 40
	alarms := 0
	for seed := range uint64(rounds) {
		rng := rand.New(rand.NewPCG(seed, 7))
		before := past(300, 0.5, rng)
		losses := Compare(before, later(before, churn(rng))).Losses()
		if seed == 0 && losses != nil {
			t.Errorf("noise alone: %v", losses)
		}
		alarms += len(losses)
	}
	t.Logf("%d alarms in %d rounds of %d measures", alarms, rounds, len(MainMeasures))
	if alarms > 13 {
		t.Errorf("%d alarms", alarms)
	}
}

func TestCompare(t *testing.T) {
	before := []Record{
		{"borte", "g", map[string]float64{"fact_recall": 1}},
		{"ens", "g", map[string]float64{"fact_recall": 0.5, "citation_precision": 1, "recall@1": 1}},
		{"rettet", "g", map[string]float64{"fact_recall": 1}},
	}
	now := []Record{
		{"ens", "g", map[string]float64{"fact_recall": 0.25, "recall@1": 0}},
		{"ny", "g", map[string]float64{"fact_recall": 0}},
		{"rettet", "h", map[string]float64{"fact_recall": 0}},
	}
	got := Compare(before, now)
	want := Comparison{Compared: 1, New: []string{"ny"}, Gone: []string{"borte"}, Altered: []string{"rettet"},
		Changes: map[string]Change{"fact_recall": {Before: 0.5, Now: 0.25, Difference: -0.25, Low: -0.25, High: -0.25, N: 1, Changed: 1}}}
	if diff := cmp.Diff(want, got, near); diff != "" {
		t.Error(diff)
	}
	// A handful of questions is no proof, however badly they all went; with four it is.
	for n, loss := range map[int]bool{3: false, 4: true} {
		few := past(n, 1, rand.New(rand.NewPCG(1, 2)))
		if got := Compare(few, later(few, worsen("fact_recall", n))).Changes["fact_recall"].Loss; got != loss {
			t.Errorf("%d of %d questions lost: loss is %v", n, n, got)
		}
	}
	if c := Compare(nil, nil); c.Compared != 0 || c.Losses() != nil || c.New == nil || c.Gone == nil || c.Altered == nil {
		t.Errorf("of nothing: %+v", c)
	}
}

func TestRecords(t *testing.T) {
	g := article.Gold{ID: "b", Question: "Hvad er \u2028 <b>kompost</b>?", Answerable: true, Facts: []string{"jord"}}
	outcomes := []Outcome{{Gold: g, Measures: map[string]float64{"ndcg@10": 1.0 / 3}}, {Gold: article.Gold{ID: "a"}, Measures: map[string]float64{"refusal_recall": 1}}}
	records, err := Records(outcomes)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteRecords(&b, records); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(b.String(), "\n"); lines != 4 || !strings.Contains(b.String(), `"id":"a"`) {
		t.Errorf("%d lines:\n%s", lines, b.String())
	}
	back, err := ReadRecords(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(records, back); diff != "" {
		t.Errorf("what is read is not what was written:\n%s", diff)
	}
	if _, err := Records(append(outcomes, outcomes[0])); !errors.Is(err, ErrDuplicate) || !strings.HasSuffix(err.Error(), ": b") {
		t.Errorf("two of one id: %v", err)
	}
	// Tags and the like may change; what is asked or expected may not.
	same, other := g, g
	same.Tags, same.Audience, same.Split, same.Line = []string{"x"}, "nyansat", "test", 7
	other.Facts = []string{"muld"}
	if fingerprint(same) != fingerprint(g) || fingerprint(other) == fingerprint(g) {
		t.Error("the fingerprint follows the wrong things")
	}
}

// failing is a writer that breaks.
type failing struct{}

var errBroken = errors.New("broken")

func (failing) Write([]byte) (int, error) { return 0, errBroken }

func TestWriteFails(t *testing.T) {
	if err := WriteRecords(failing{}, past(3, 1, rand.New(rand.NewPCG(1, 1)))); !errors.Is(err, errBroken) {
		t.Errorf("records: %v", err)
	}
	if err := WritePage(failing{}, Summarise(nil), nil, PageOptions{}); !errors.Is(err, errBroken) {
		t.Errorf("page: %v", err)
	}
}

func TestReadRecordsRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "cut": `{"format": 1, "questions": [{"id"`, "another file": `{"questions": 500, "recall@1": 0.9}`, "a list": `[]`,
		"newer": `{"format": 2, "questions": [{"id": "a"}]}`, "empty": `{"format": 1, "questions": []}`,
		"out of range": `{"format": 1, "questions": [{"id": "a", "measures": {"fact_recall": 1.5}}]}`,
		"duplicate":    `{"format": 1, "questions": [{"id": "a"}, {"id": "a"}]}`,
	} {
		want := ErrFormat
		if name == "duplicate" {
			want = ErrDuplicate
		}
		if got, err := ReadRecords([]byte(text)); !errors.Is(err, want) || got != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// FuzzReadRecords: whatever is read can be compared, written and read again.
func FuzzReadRecords(f *testing.F) {
	f.Add([]byte(`{"format": 1, "questions": [{"id": "a", "gold": "g", "measures": {"fact_recall": 0.5}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		records, err := ReadRecords(data)
		if err != nil {
			return
		}
		if c := Compare(records, records); c.Losses() != nil || c.Compared != len(records) {
			t.Errorf("compared with itself: %+v", c)
		}
		var b bytes.Buffer
		if err := WriteRecords(&b, records); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadRecords(b.Bytes()); err != nil {
			t.Errorf("%v reading\n%s", err, b.String())
		}
	})
}
