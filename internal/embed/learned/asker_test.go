package learned

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kildesvar/internal/llm"
)

// TestAskerRemembers: a question that was asked before costs nothing, as long as it is among the latest; no failure is remembered.
func TestAskerRemembers(t *testing.T) {
	bad := errors.New("bad")
	m := &model{fail: func(n int) error {
		if n == 1 {
			return bad
		}
		return nil
	}}
	a := NewAsker(m, AskerOptions{Questions: 3})
	ask := func(q string, wantAsked bool) {
		t.Helper()
		before := m.requests
		vs, err := a.Embed(t.Context(), []string{q})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "", []string{q}, vs)
		if (m.requests > before) != wantAsked {
			t.Errorf("%s: the model was asked: %v", q, m.requests > before)
		}
	}
	if _, err := a.Embed(t.Context(), []string{"a"}); !errors.Is(err, bad) {
		t.Fatal(err)
	}
	for _, q := range []string{"a", "b", "c"} {
		ask(q, true)
	}
	ask("a", false)
	ask("d", true) // b is the oldest now
	ask("b", true)
	ask("a", false)
	ask("c", true)
	if a.recent.Len() != 3 || len(a.at) != 3 {
		t.Errorf("%d and %d are remembered", a.recent.Len(), len(a.at))
	}
	vs, err := a.Embed(t.Context(), []string{"ny", "c", "nyere"}) // several at once, some known
	if err != nil {
		t.Fatal(err)
	}
	same(t, "", []string{"ny", "c", "nyere"}, vs)
}

// TestAskerLeavesAlone: after failures in a row nobody waits, until it is time to try again.
func TestAskerLeavesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		away := true
		m := &model{wait: time.Minute}
		m.fail = func(int) error {
			if away {
				return &llm.Error{Kind: llm.ErrUnavailable}
			}
			return nil
		}
		var log bytes.Buffer
		a := NewAsker(m, AskerOptions{Log: slog.New(slog.NewTextHandler(&log, nil))})
		ask := func(i int) (time.Duration, error) {
			ctx, stop := context.WithTimeout(t.Context(), 2*time.Second)
			defer stop()
			start := time.Now()
			_, err := a.Embed(ctx, []string{fmt.Sprintf("hemmelig %d", i)})
			return time.Since(start), err
		}
		m.wait = 0
		for i := range 3 {
			if _, err := ask(i); err == nil {
				t.Fatal("no error")
			}
		}
		for i := range 20 {
			if took, err := ask(i); !errors.Is(err, llm.ErrUnavailable) || took != 0 {
				t.Errorf("after %s: %v", took, err)
			}
		}
		if m.requests != 3 {
			t.Errorf("%d requests", m.requests)
		}
		away = false
		time.Sleep(31 * time.Second)
		if _, err := ask(1); err != nil || m.requests != 4 {
			t.Errorf("it is back: %v, %d requests", err, m.requests)
		}
		if strings.Contains(log.String(), "hemmelig") || !strings.Contains(log.String(), "no vector") {
			t.Errorf("log: %s", &log)
		}
	})
}

func TestAskerTogether(t *testing.T) {
	a := NewAsker(&model{}, AskerOptions{Questions: 5})
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 50 {
				q := []string{fmt.Sprintf("spørgsmål %d", (i*j)%11)}
				vs, err := a.Embed(t.Context(), q)
				if err != nil {
					t.Error(err)
					return
				}
				same(t, "", q, vs)
			}
		})
	}
	all.Wait()
}
