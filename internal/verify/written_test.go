package verify

import "testing"

// TestWritten measures on testdata/pairs-written.jsonl.
func TestWritten(t *testing.T) {
	v := theCorpus(t).verifier
	for _, last := range []bool{false, true} {
		out := judgeAll(v, readWritten(t, last))
		name := "written, the first two writers"
		if last {
			name = "written, the last writer"
		}
		report(t, name, out)
		byLabel(t, out)
	}
}
