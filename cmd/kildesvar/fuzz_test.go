package main

import (
	"context"
	"errors"
	"testing"

	"kildesvar/internal/assistant"
)

// testContext is for what outlives one test.
var testContext = context.Background()

// FuzzAsk asks arbitrary bytes: a question is answered or refused within the contract, what is no question is an error with a
// message of its own.
func FuzzAsk(f *testing.F) {
	for _, q := range varied {
		f.Add([]byte(q))
	}
	f.Add([]byte{0xff, 0xfe, 0x41})
	f.Add([]byte("Hvad er\x00samskabelse?"))
	f.Add([]byte("\u202eesleb\u0430ksmas\u200b §§§ 𝕊𝕒𝕞𝕤𝕜𝕒𝕓𝕖𝕝𝕤𝕖"))
	f.Add([]byte("[1](https://x) [@ulrich-2016] -- --json"))
	a, err := builtin()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, q []byte) {
		ans, err := a.Ask(t.Context(), string(q), nil)
		if err != nil {
			if !errors.Is(err, assistant.ErrEmpty) && !errors.Is(err, assistant.ErrTooLong) && !errors.Is(err, assistant.ErrEncoding) {
				t.Fatalf("%q: %v", q, err)
			}
			if text, code := inDanish(err); code != exitUsage || notOneLine("kildesvar: "+text+"\n") != "" {
				t.Errorf("%v: %q, exit code %d", err, text, code)
			}
			return
		}
		for _, fault := range faults(ans) {
			t.Errorf("%q: %s", q, fault)
		}
	})
}
