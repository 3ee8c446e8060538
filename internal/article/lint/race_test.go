//go:build race

package lint_test

// raceEnabled says that the race detector slows everything down.
const raceEnabled = true
