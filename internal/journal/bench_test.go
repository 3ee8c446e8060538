package journal_test

import (
	"testing"
	"time"

	"kildesvar/internal/journal"
)

// The benchmarks sync to disk as in production: they measure the disk more than the code.

func filled(b *testing.B, n int) *journal.Journal {
	b.Helper()
	j := open(b, b.TempDir(), journal.Options{})
	for i := range n {
		if _, _, err := j.Record(b.Context(), delivery(i)); err != nil {
			b.Fatal(err)
		}
	}
	return j
}

func BenchmarkRecord(b *testing.B) {
	j := filled(b, 0)
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if _, fresh, err := j.Record(b.Context(), delivery(n)); err != nil || !fresh {
			b.Fatal(fresh, err)
		}
	}
}

func BenchmarkRedelivery(b *testing.B) {
	j := filled(b, 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, fresh, err := j.Record(b.Context(), delivery(0)); err != nil || fresh {
			b.Fatal(fresh, err)
		}
	}
}

// BenchmarkClaim claims with 100 open questions.
func BenchmarkClaim(b *testing.B) {
	j := filled(b, 100)
	b.ReportAllocs()
	for b.Loop() {
		_, l, err := j.Claim(b.Context(), "w", time.Minute)
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := j.Fail(b.Context(), l, "", time.Now()); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

func BenchmarkFinish(b *testing.B) {
	j := filled(b, 0)
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		if _, _, err := j.Record(b.Context(), delivery(n)); err != nil {
			b.Fatal(err)
		}
		q, l, err := j.Claim(b.Context(), "w", time.Minute)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := j.Posting(b.Context(), l, journal.Answer{JSON: []byte(`{"svar":"kort"}`), Plain: "kort"}); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := j.Finish(b.Context(), l, journal.Place{Channel: "C1", TS: q.ID}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerify verifies 1,000 answers with a rating each.
func BenchmarkVerify(b *testing.B) {
	j := filled(b, 0)
	if err := journal.Pragma(b.Context(), j, "synchronous(OFF)"); err != nil {
		b.Fatal(err)
	}
	for n := range 1000 {
		if _, _, err := j.Record(b.Context(), delivery(n)); err != nil {
			b.Fatal(err)
		}
		q, l, err := j.Claim(b.Context(), "w", time.Minute)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := j.Posting(b.Context(), l, journal.Answer{Plain: "kort", Facts: &journal.Facts{Generation: "g"}}); err != nil {
			b.Fatal(err)
		}
		if err := j.Finish(b.Context(), l, journal.Place{Channel: "C1", TS: q.ID}); err != nil {
			b.Fatal(err)
		}
		if err := j.Rate(b.Context(), journal.Feedback{AnswerID: q.ID, User: "U1", Up: true}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if r, err := j.Verify(b.Context(), ""); err != nil || len(r.Problems) > 0 || r.Rows != 2000 {
			b.Fatal(r, err)
		}
	}
}
