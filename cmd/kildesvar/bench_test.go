//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"
)

// BenchmarkAsk asks the varied questions over the built-in articles in this process. Targets: p50 ≤ 5 ms, p99 ≤ 20 ms.
func BenchmarkAsk(b *testing.B) {
	a, err := builtin()
	if err != nil {
		b.Fatal(err)
	}
	var took []time.Duration
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		start := time.Now()
		if _, err := a.Ask(b.Context(), varied[i%len(varied)], nil); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
		i++
	}
	measured(b, took)
}

// measured reports the median and the 99th percentile in milliseconds.
func measured(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(took[len(took)/2]), "p50-ms")
	b.ReportMetric(ms(took[len(took)*99/100]), "p99-ms")
}

// BenchmarkProcess measures one question as a process of its own. Targets: ≤ 150 ms with a kept index, ≤ 1 s without, and
// ≤ 150 MB of resident memory.
func BenchmarkProcess(b *testing.B) {
	exe := filepath.Join(b.TempDir(), "kildesvar")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", exe, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	for _, kept := range []bool{true, false} {
		name := "new"
		if kept {
			name = "kept"
		}
		b.Run(name, func(b *testing.B) {
			data := b.TempDir()
			if kept {
				askOnce(b, exe, data)
			}
			var took []time.Duration
			var memory float64
			for b.Loop() {
				if !kept {
					data = b.TempDir()
				}
				d, m := askOnce(b, exe, data)
				took, memory = append(took, d), max(memory, m)
			}
			measured(b, took)
			b.ReportMetric(memory, "max-MB")
		})
	}
}

// askOnce asks one question and returns how long it took and the most resident memory in MB. The kernel counts what this
// process had when it forked, so the memory is an upper bound.
func askOnce(b *testing.B, exe, data string) (time.Duration, float64) {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), exe, "ask", "--json", "Hvad er forskellen på samskabelse og et partnerskab?")
	cmd.Env = append(os.Environ(), "KILDESVAR_DATA="+data)
	start := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	took := time.Since(start)
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return took, 0
	}
	unit := 1024.0 // Linux counts in KiB, macOS in bytes
	if runtime.GOOS == "darwin" {
		unit = 1
	}
	return took, float64(usage.Maxrss) * unit / 1e6
}
