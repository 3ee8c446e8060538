package danish_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kildesvar/internal/danish"
)

// section is one part of a txtar file.
type section struct{ name, body string }

var marker = regexp.MustCompile(`(?m)^-- (.+) --$\n`)

func readArchive(t *testing.T, file string) []section {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []section
	marks := marker.FindAllStringSubmatchIndex(string(data), -1)
	for i, m := range marks {
		end := len(data)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		out = append(out, section{string(data[m[2]:m[3]]), string(data[m[1]:end])})
	}
	return out
}

// golden runs render over the sections »name« of a file and compares with the sections »name: svar« behind them. With
// -update it rewrites these.
func golden(t *testing.T, file string, render func(string) string) {
	t.Helper()
	sections := readArchive(t, file)
	var b strings.Builder
	for i, s := range sections {
		if strings.HasSuffix(s.name, ": svar") {
			continue
		}
		got := render(s.body)
		fmt.Fprintf(&b, "-- %s --\n%s-- %s: svar --\n%s", s.name, s.body, s.name, got)
		if *update {
			continue
		}
		if i+1 == len(sections) || sections[i+1].name != s.name+": svar" {
			t.Errorf("%s has no answer", s.name)
			continue
		}
		if diff := cmp.Diff(sections[i+1].body, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", s.name, diff)
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSentencesGolden(t *testing.T) {
	golden(t, "testdata/sentences.txtar", func(text string) string {
		var b strings.Builder
		for _, sp := range danish.Sentences(text) {
			b.WriteString("| " + strings.ReplaceAll(text[sp.Start:sp.End], "\n", "⏎") + "\n")
		}
		return b.String()
	})
}

func TestTokensGolden(t *testing.T) {
	golden(t, "testdata/tokens.txtar", func(text string) string {
		var b strings.Builder
		for _, tok := range danish.Tokens(text) {
			if text[tok.Start:tok.End] != tok.Text {
				t.Errorf("%q at %d-%d is %q", tok.Text, tok.Start, tok.End, text[tok.Start:tok.End])
			}
			fmt.Fprintf(&b, "%d-%d %s\n", tok.Start, tok.End, tok.Text)
		}
		return b.String()
	})
}
