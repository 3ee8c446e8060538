//go:build !race

package index

// raceEnabled says that the race detector slows everything down.
const raceEnabled = false
