package danish

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"unsafe"
)

// TestMemo: a word that is used stays, whatever else comes; what is not goes; nothing long and nothing of a text around it is kept.
func TestMemo(t *testing.T) {
	var m Memo[string]
	made := map[string]int{}
	of := func(word string) {
		t.Helper()
		if got := m.Of(word, func(w string) string { made[w]++; return w + "!" }); got != word+"!" {
			t.Fatalf("%q for %q", got, word)
		}
	}
	for i := range 10 * memoWords {
		of("forening")
		of(fmt.Sprintf("ord%d", i))
		if n := len(m.young) + len(m.old); n > 2*memoWords {
			t.Fatalf("%d words are remembered", n)
		}
	}
	if of("ord0"); made["forening"] != 1 || made["ord0"] != 2 || made["ord1"] != 1 {
		t.Errorf("made %d, %d and %d times", made["forening"], made["ord0"], made["ord1"])
	}
	long := strings.Repeat("æ", memoLongest)
	of(long)
	if of(long); made[long] != 2 {
		t.Errorf("a long word was made %d times", made[long])
	}
	text := "samskabelse " + strings.Repeat("og ", 1000)
	of(text[:11])
	for w := range m.young {
		if w == text[:11] && unsafe.StringData(w) == unsafe.StringData(text) {
			t.Error("the text around a word is kept")
		}
	}
}

// TestMemoConcurrent: many at once get the right thing.
func TestMemoConcurrent(t *testing.T) {
	var m Memo[int]
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range 3 * memoWords {
				n := i % (memoWords + 50)
				if got := m.Of(fmt.Sprint(n), func(string) int { return n }); got != n {
					t.Errorf("%d for %d", got, n)
					return
				}
			}
		})
	}
	all.Wait()
}
