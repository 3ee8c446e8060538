//go:build !race

package article

// raceEnabled says that the race detector slows everything down.
const raceEnabled = false
