package eval

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"kildesvar/internal/article"
)

// format is the version of saved measures.
const format = 1

// leastChanged is how many questions must have changed in a measure before a loss can be significant. Of many questions, a
// bootstrap needs four that all got worse (0.025 > e⁻⁴) to hold 0 outside its interval; of a few, it would be content with one.
const leastChanged = 4

// MainMeasures are the measures that a comparison tests.
var MainMeasures = []string{"top_source_accuracy", "fact_recall", "citation_precision", "literature_recall", "refusal_recall", "false_refusal"}

// LowerIsBetter reports whether a measure is better when it is lower.
func LowerIsBetter(measure string) bool { return measure == "false_refusal" }

// Errors of saved measures.
var (
	ErrDuplicate = errors.New("two questions have the same id")
	ErrFormat    = errors.New("not saved measures")
)

// Record is the measures of one question, as they are saved.
type Record struct {
	ID       string             `json:"id"`
	Gold     string             `json:"gold"` // fingerprint of the question and what is expected of its answer
	Measures map[string]float64 `json:"measures"`
}

// Records are the measures of outcomes by question id. It fails with ErrDuplicate when an id does not name one question.
func Records(outcomes []Outcome) ([]Record, error) {
	out := make([]Record, 0, len(outcomes))
	for _, o := range outcomes {
		out = append(out, Record{o.Gold.ID, fingerprint(o.Gold), o.Measures})
	}
	return sorted(out)
}

func sorted(records []Record) ([]Record, error) {
	slices.SortFunc(records, func(a, b Record) int { return strings.Compare(a.ID, b.ID) })
	for i := 1; i < len(records); i++ {
		if records[i].ID == records[i-1].ID {
			return nil, fmt.Errorf("%w: %s", ErrDuplicate, records[i].ID)
		}
	}
	return records, nil
}

// fingerprint changes when a question or what is expected of its answer does; tags, audience and split may change freely.
func fingerprint(g article.Gold) string {
	data, err := json.Marshal([]any{g.Question, g.Answerable, g.Articles, g.Literature, g.Facts, g.History})
	if err != nil { // strings and bools always can be written
		panic(err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// saved is the form of a file of measures.
type saved struct {
	Format    int      `json:"format"`
	Questions []Record `json:"questions"`
}

// WriteRecords writes measures as JSON, a question a line, so that a difference of two files is readable. Equal records give
// equal bytes.
func WriteRecords(w io.Writer, records []Record) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\"format\": %d, \"questions\": [", format)
	for i, r := range records {
		line, err := json.Marshal(r)
		if err != nil {
			return fmt.Errorf("write measures of question %s: %w", r.ID, err)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(line)
	}
	b.WriteString("\n]}\n")
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write measures: %w", err)
	}
	return nil
}

// ReadRecords reads what WriteRecords wrote. It fails with ErrFormat for anything else, and with ErrDuplicate.
func ReadRecords(data []byte) ([]Record, error) {
	var s saved
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if s.Format != format || len(s.Questions) == 0 {
		return nil, fmt.Errorf("%w: format %d, %d questions", ErrFormat, s.Format, len(s.Questions))
	}
	for _, r := range s.Questions {
		for name, v := range r.Measures {
			if !(v >= 0 && v <= 1) {
				return nil, fmt.Errorf("%w: %s of question %s is %v", ErrFormat, name, r.ID, v)
			}
		}
	}
	return sorted(s.Questions)
}

// Change is how a measure moved on the questions that it applies to both before and now.
type Change struct {
	Before     float64 `json:"before"`
	Now        float64 `json:"now"`
	Difference float64 `json:"difference"` // Now − Before
	Low        float64 `json:"low"`        // 95 % bootstrap interval of Difference over pairs
	High       float64 `json:"high"`
	N          int     `json:"n"`       // pairs
	Changed    int     `json:"changed"` // pairs that differ
	Loss       bool    `json:"loss"`    // the interval is wholly on the worse side of 0
}

// Comparison is what came of a pairwise comparison with earlier measures.
type Comparison struct {
	Compared int               `json:"compared"` // questions
	Changes  map[string]Change `json:"changes"`  // by main measure; those that apply to no pair are missing
	New      []string          `json:"new"`      // ids that are in the questions of now only
	Gone     []string          `json:"gone"`     // ids that are in the earlier measures only
	Altered  []string          `json:"altered"`  // ids of which the question or what is expected has changed; they are not compared
}

// Compare compares pairwise. Equal records give equal comparisons: the bootstrap is seeded.
func Compare(before, now []Record) Comparison {
	c := Comparison{Changes: map[string]Change{}, New: []string{}, Gone: []string{}, Altered: []string{}}
	earlier := make(map[string]Record, len(before))
	for _, r := range before {
		earlier[r.ID] = r
	}
	var pairs [][2]Record
	for _, r := range now {
		switch was, ok := earlier[r.ID]; {
		case !ok:
			c.New = append(c.New, r.ID)
		case was.Gold != r.Gold:
			c.Altered = append(c.Altered, r.ID)
		default:
			pairs = append(pairs, [2]Record{was, r})
		}
		delete(earlier, r.ID)
	}
	c.Gone = append(c.Gone, slices.Sorted(maps.Keys(earlier))...)
	c.Compared = len(pairs)
	for _, name := range MainMeasures {
		if ch, ok := change(name, pairs); ok {
			c.Changes[name] = ch
		}
	}
	return c
}

func change(name string, pairs [][2]Record) (Change, bool) {
	var ch Change
	var before, now, differences []float64
	for _, p := range pairs {
		was, had := p[0].Measures[name]
		is, has := p[1].Measures[name]
		if !had || !has {
			continue
		}
		before, now, differences = append(before, was), append(now, is), append(differences, is-was)
		if is != was {
			ch.Changed++
		}
	}
	if len(differences) == 0 {
		return ch, false
	}
	m := bootstrap(differences)
	ch.Before, ch.Now, ch.Difference, ch.Low, ch.High, ch.N = mean(before), mean(now), m.Value, m.Low, m.High, m.N
	const rounding = 1e-9 // sums of thirds that should be 0
	worse := ch.High < -rounding
	if LowerIsBetter(name) {
		worse = ch.Low > rounding
	}
	ch.Loss = worse && ch.Changed >= leastChanged
	return ch, true
}

// Losses are the main measures with a significant loss, in order.
func (c Comparison) Losses() (names []string) {
	for _, name := range MainMeasures {
		if c.Changes[name].Loss {
			names = append(names, name)
		}
	}
	return names
}
