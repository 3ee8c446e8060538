//go:build race

package journal_test

// raceEnabled says that the race detector slows everything down.
const raceEnabled = true
