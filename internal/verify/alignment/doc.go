// Package alignment sets a sentence beside the passages it is said to stand on: which word of theirs each of its words meets,
// how well, and on which one or two of their sentences, the window, it stands best. A Judgement is one sentence beside one
// window, with the faults and features that others add to it.
//
// It leaves reading texts to reading, finding faults to particulars and claim, and the verdict to verify. Invariants: a link is
// a token of the passages or -1; strengths are 0 to 1 and a word counts as met from Met on; the number of windows is bounded;
// a Judgement belongs to one goroutine.
package alignment
