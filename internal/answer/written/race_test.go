//go:build race

package written_test

// raceEnabled says that the race detector slows the test down.
const raceEnabled = true
