package claim

import (
	"slices"

	"kildesvar/internal/lexical"
	"kildesvar/internal/verify/alignment"
	"kildesvar/internal/verify/reading"
)

// A swap is found where the sentence is the window word for word but for two stretches that stand each in the other's place.

// hunk is a stretch of the sentence that stands for a stretch of the window, as the words of content in them.
type hunk struct {
	s, w     []lexical.Key
	at, next int  // token of the sentence where it begins, and the one behind it
	led      bool // by a preposition of its own, which tells its role wherever it stands
}

// Limits of the comparison word by word.
const (
	maxCompared  = 120 // words of each side
	copiedShare  = 0.6
	maxHunkWords = 6
	besideWords  = 4 // that part two things of which something is said in common: »samarbejder tæt med«
)

// checkSwapped finds stretches that have changed places.
func (j *inspection) checkSwapped() {
	hunks := j.hunks()
	for x, a := range hunks {
		for _, b := range hunks[x+1:] {
			if !a.led && !b.led && slices.Equal(a.s, b.w) && slices.Equal(a.w, b.s) && !slices.Equal(a.s, a.w) && turns(j.S, a.next, b.at) {
				j.Fault(alignment.Actor, a.at)
			}
		}
	}
}

// turns reports whether what stands between two stretches gives them different roles: more than »og«, »eller« or a comma, and
// nothing that both are in alike.
func turns(t *reading.Text, from, to int) bool {
	more := false
	for i := from; i < to; i++ {
		if t.Toks[i].Class(reading.Symmetric) && to-from <= besideWords {
			return false
		}
		more = more || !listWords[t.Lower(i)]
	}
	return more
}

// hunks are the stretches in which the sentence and the window differ, none when they differ in much.
func (j *inspection) hunks() []hunk {
	var w []int
	for _, sent := range j.Win.Sents {
		for p := j.W.Sents[sent].From; p < j.W.Sents[sent].To; p++ {
			w = append(w, p)
		}
	}
	slices.Sort(w)
	n, m := len(j.S.Toks), len(w)
	if n > maxCompared || m > maxCompared {
		return nil
	}
	longest := j.common(w)
	if float64(longest[0]) < copiedShare*float64(n) {
		return nil
	}
	var out []hunk
	now := hunk{at: -1}
	for i, p := 0, 0; i < n || p < m; {
		here := longest[i*(m+1)+p]
		switch {
		case i < n && p < m && j.S.Toks[i].W.Key == j.W.Toks[w[p]].W.Key:
			out, now = now.closed(out, i), hunk{at: -1}
			i, p = i+1, p+1
		case p == m || i < n && longest[(i+1)*(m+1)+p] == here:
			now.led = now.led || len(now.s) == 0 && reading.Prepositions[j.S.Lower(i)]
			now.s = contentKey(j.S, now.s, i)
			if now.at < 0 {
				now.at = i
			}
			i++
		default:
			now.w = contentKey(j.W, now.w, w[p])
			p++
		}
	}
	return now.closed(out, n)
}

// closed appends a hunk that has words on both sides.
func (h hunk) closed(out []hunk, next int) []hunk {
	if len(h.s) == 0 || len(h.w) == 0 || len(h.s) > maxHunkWords || len(h.w) > maxHunkWords {
		return out
	}
	h.next = next
	return append(out, h)
}

// contentKey appends the key of a token that says something.
func contentKey(t *reading.Text, keys []lexical.Key, i int) []lexical.Key {
	if t.Toks[i].Weight == 0 {
		return keys
	}
	return append(keys, t.Toks[i].W.Key)
}

// common is a table of the longest common subsequences of the words from each place of the sentence and of w on.
func (j *inspection) common(w []int) []int {
	n, m := len(j.S.Toks), len(w)
	out := make([]int, (n+1)*(m+1))
	for i := n - 1; i >= 0; i-- {
		for p := m - 1; p >= 0; p-- {
			if j.S.Toks[i].W.Key == j.W.Toks[w[p]].W.Key {
				out[i*(m+1)+p] = 1 + out[(i+1)*(m+1)+p+1]
			} else {
				out[i*(m+1)+p] = max(out[(i+1)*(m+1)+p], out[i*(m+1)+p+1])
			}
		}
	}
	return out
}
