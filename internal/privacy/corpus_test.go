package privacy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// stretch is a part of the corpus: a paragraph, an entry, or a whole file.
type stretch struct{ file, text string }

// publicText is everything the built-in corpus has but gold questions about a person's case, file by file and bit by bit, and the
// words of its prose.
func publicText(t *testing.T) (parts []stretch, words int, known func(string) bool) {
	t.Helper()
	files, err := filepath.Glob("../../corpus/*/*")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, "../../corpus/README.md")
	prose := map[string]bool{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		entry := "\n\n"
		if strings.HasSuffix(f, ".yaml") {
			entry = "\n- "
		}
		var all []string
		for _, p := range strings.Split(string(data), entry) {
			if strings.HasSuffix(f, "spoergsmaal.yaml") && strings.Contains(p, "personsag") {
				continue
			}
			all = append(all, p)
			words += len(strings.Fields(p))
			if raceEnabled { // which makes it slow, and the whole files do for it
				continue
			}
			parts = append(parts, stretch{f, p})
			if strings.HasSuffix(f, ".md") {
				for q := range strings.SplitSeq(p, "|") { // the questions that a section answers
					parts = append(parts, stretch{f, strings.TrimSpace(q)})
				}
			}
		}
		whole := strings.Join(all, entry)
		parts = append(parts, stretch{f, whole})
		if strings.HasSuffix(f, ".md") || strings.HasSuffix(f, ".json") {
			for line := range strings.Lines(whole) {
				if !strings.HasPrefix(line, "<!--") {
					for _, w := range strings.FieldsFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }) {
						prose[strings.ToLower(w)] = true
					}
				}
			}
		}
	}
	return parts, words, func(w string) bool { return prose[strings.ToLower(w)] }
}

// TestNoFalseHitsInCorpus: nothing in public text is taken for personal data. The limit for CPR numbers is one in 100,000 words; the
// corpus is hardly longer, so it is none.
func TestNoFalseHitsInCorpus(t *testing.T) {
	parts, words, known := publicText(t)
	hits := map[Kind]int{}
	for _, p := range parts {
		for _, f := range Find(p.text, Options{Known: known}) {
			hits[f.Kind]++
			t.Errorf("%s: %q taken for %s in %.120q", p.file, p.text[f.Start:f.End], f.Kind, p.text[max(0, f.Start-40):])
		}
	}
	t.Logf("%d words in %d stretches; false hits by kind: %v", words, len(parts), hits)
	if words < 100_000 {
		t.Errorf("only %d words read", words)
	}
}
