//go:build race

package privacy

// raceEnabled is whether the tests run with the race detector.
const raceEnabled = true
