package article

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"kildesvar/internal/danish"
)

var (
	// yamlLine finds the line number in an error message of the YAML library.
	yamlLine     = regexp.MustCompile(`line (\d+): ?`)
	unknownField = regexp.MustCompile(`field (\S+) not found`)
	doubleField  = regexp.MustCompile(`mapping key "(.*)" already defined`)
)

// yamlReasons say in Danish what is meant by parts of the YAML library's messages.
var yamlReasons = []struct{ part, meaning string }{
	{"mapping values are not allowed", "der står et kolon i en værdi – sæt anførselstegn om hele værdien"},
	{"cannot start any token", "en værdi begynder med et tegn, der betyder noget i YAML (fx tabulator, @ eller %) – brug mellemrum til indrykning, og sæt anførselstegn om værdien"},
	{"did not find expected", "indrykning eller anførselstegn passer ikke sammen – sammenlign med linjerne over"},
	{"unexpected end of stream", "et anførselstegn eller en klamme er ikke lukket – luk det før linjen her"},
	{"unknown anchor", "en værdi begynder med * – sæt anførselstegn om den"},
	{"cannot unmarshal !!seq", "der står en liste, hvor der skal stå tekst"},
	{"into []", "der står tekst, hvor der skal stå en liste, fx [\"a\", \"b\"]"},
	{"into bool", "der skal stå true eller false"},
	{"into string", "der skal stå tekst"},
}

// yamlFault turns an error of the YAML library into a line and a message for an editor.
func yamlFault(err error, shift int) (int, string) {
	line, what := 1, err.Error() // the library leaves out the first line's number
	var te *yaml.TypeError
	if errors.As(err, &te) && len(te.Errors) > 0 {
		what = te.Errors[0]
	}
	if m := yamlLine.FindStringSubmatch(what); m != nil {
		line, _ = strconv.Atoi(m[1])
	}
	line += shift
	if m := unknownField.FindStringSubmatch(what); m != nil {
		return line, fmt.Sprintf("feltet »%s« kendes ikke – ret stavemåden, eller slet det", m[1])
	}
	if m := doubleField.FindStringSubmatch(what); m != nil {
		return line, fmt.Sprintf("feltet »%s« står to gange – slet det ene", m[1])
	}
	for _, r := range yamlReasons {
		if strings.Contains(what, r.part) {
			return line, "YAML kan ikke læses: " + r.meaning
		}
	}
	return line, "YAML kan ikke læses – se efter indrykning, koloner og anførselstegn"
}

// lineCount bounds line numbers: the YAML library also counts lone carriage returns, an editor's program does not.
func lineCount(data []byte) int { return 1 + bytes.Count(data, []byte("\n")) }

// meta is an article's front matter.
type meta struct {
	Title    string `yaml:"title"`
	URL      string `yaml:"url"`
	Updated  string `yaml:"updated"`
	Reviewed string `yaml:"reviewed"`
	Summary  string `yaml:"summary"`
}

// frontMatter fills a from the YAML between the first two lines of dashes and returns where the text begins.
func (l *loader) frontMatter(a *Article, data []byte) (int, bool) {
	first, rest, _ := bytes.Cut(data, []byte("\n"))
	if strings.TrimRight(strings.TrimPrefix(string(first), byteOrderMark), " \r") != "---" {
		l.fatal(a.Path, 1, "front-matter", "artiklen skal begynde med front matter mellem to linjer med ---")
		return 0, false
	}
	base := len(first) + 1
	end := -1
	for off := 0; off < len(rest); {
		line, _, found := bytes.Cut(rest[off:], []byte("\n"))
		if strings.TrimRight(string(line), " \r") == "---" {
			end = off
			base += min(off+len(line)+1, len(rest))
			break
		}
		off += len(line) + 1
		if !found {
			break
		}
	}
	if end < 0 {
		l.fatal(a.Path, 1, "front-matter", "front matter mangler den afsluttende linje med --- – skriv den før teksten")
		return 0, false
	}
	if lineCount(rest[:end]) > maxFrontMatter {
		l.fatal(a.Path, 1, "front-matter", fmt.Sprintf("front matter har over %d linjer – flyt teksten ned i artiklen", maxFrontMatter))
		return 0, false
	}
	var m meta
	dec := yaml.NewDecoder(bytes.NewReader(rest[:end]))
	dec.KnownFields(true)
	if err := dec.Decode(&m); err != nil && !errors.Is(err, io.EOF) {
		line, what := yamlFault(err, 1)
		l.fatal(a.Path, min(line, lineCount(rest[:end])+1), "front-matter", what)
		return 0, false
	}
	a.Title, a.URL, a.Summary = strings.TrimSpace(m.Title), strings.TrimSpace(m.URL), strings.Join(strings.Fields(m.Summary), " ")
	a.Updated, a.Reviewed = m.Updated, m.Reviewed
	if a.Title == "" {
		l.fatal(a.Path, 1, "missing-field", "»title« mangler i front matter – skriv title: og artiklens titel")
		return 0, false
	}
	for _, d := range []struct{ field, value string }{{"updated", m.Updated}, {"reviewed", m.Reviewed}} {
		if d.value == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, d.value); err != nil {
			l.warn(a.Path, 1, "date", fmt.Sprintf("»%s« skal være en dato som 2026-01-31", d.field))
		}
	}
	if a.URL != "" && !strings.HasPrefix(a.URL, "https://") && !strings.HasPrefix(a.URL, "http://") {
		l.fatal(a.Path, 1, "url", "»url« skal begynde med https://")
		return 0, false
	}
	return min(base, len(data)), true
}

// conceptEntry is a concept as written in begreber.yaml.
type conceptEntry struct {
	Term       string   `yaml:"term"`
	Synonyms   []string `yaml:"synonyms"`
	Everyday   []string `yaml:"everyday"`
	Definition string   `yaml:"definition"`
}

func (l *loader) concepts(file string, data []byte) []Concept {
	var out []Concept
	l.entries(file, data, func(n *yaml.Node, strict []byte) error {
		var e conceptEntry
		if err := decodeStrict(strict, &e); err != nil {
			return err
		}
		c := Concept{Term: strings.TrimSpace(e.Term), Synonyms: words(e.Synonyms), Everyday: words(e.Everyday), Line: n.Line}
		if c.Term == "" {
			l.fatal(file, n.Line, "missing-field", "»term« mangler – skriv det ord, artiklerne bruger")
			return nil
		}
		c.Definition = citation.ReplaceAllStringFunc(e.Definition, func(group string) string {
			keys := CitationKeys(group)
			for _, k := range keys {
				c.Keys = appendNew(c.Keys, k)
			}
			if len(keys) == 0 {
				return group
			}
			return ""
		})
		c.Definition = tidy(c.Definition)
		out = append(out, c)
		return nil
	})
	return out
}

var spaceBeforePoint = regexp.MustCompile(`\s+([.,;:!?])`)

// tidy removes the surplus white space that citations leave in a sentence.
func tidy(s string) string {
	return spaceBeforePoint.ReplaceAllString(strings.Join(strings.Fields(s), " "), "$1")
}

// words trims a list's entries and drops the empty ones.
func words(list []string) []string {
	var out []string
	for _, s := range list {
		if s = strings.Join(strings.Fields(s), " "); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// entries calls each for every entry of a YAML sequence, handing it the node and the entry's own YAML text.
func (l *loader) entries(file string, data []byte, each func(n *yaml.Node, strict []byte) error) {
	var root yaml.Node
	if err := yaml.Unmarshal(bytes.TrimPrefix(data, []byte(byteOrderMark)), &root); err != nil {
		line, what := yamlFault(err, 0)
		l.fatal(file, min(line, lineCount(data)), "yaml", what)
		return
	}
	if len(root.Content) == 0 {
		return
	}
	seq := root.Content[0]
	if seq.Kind != yaml.SequenceNode {
		l.fatal(file, min(seq.Line, lineCount(data)), "yaml", "filen skal være en liste, hvor hver post begynder med »- «")
		return
	}
	for _, n := range seq.Content {
		n.Line = min(n.Line, lineCount(data))
		text, err := yaml.Marshal(n)
		if err == nil {
			err = each(n, text)
		}
		if err != nil {
			_, what := yamlFault(err, 0)
			l.fatal(file, n.Line, "yaml", what)
		}
	}
}

func decodeStrict(text []byte, into any) error {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	return dec.Decode(into)
}

// LoadGold reads the gold questions of every theme, in file order.
func LoadGold(fsys fs.FS) ([]Gold, error) {
	l := &loader{fsys: fsys, hash: noHash{}}
	var out []Gold
	for _, t := range l.list() {
		for _, name := range t.files {
			if name == GoldFile {
				full := path.Join(t.id, name)
				if data := l.file(full); data != nil {
					out = append(out, l.gold(full, data)...)
				}
			}
		}
	}
	return out, l.firstFatal()
}

// ReadGold reads the gold questions of one theme, and lists all that keeps them from being read. A theme may be without.
func ReadGold(fsys fs.FS, theme string) ([]Gold, []Problem) {
	file := path.Join(theme, GoldFile)
	if _, err := fs.Stat(fsys, file); err != nil {
		return nil, nil
	}
	l := &loader{fsys: fsys, hash: noHash{}}
	data := l.file(file)
	if data == nil {
		return nil, l.problems
	}
	return l.gold(file, data), l.problems
}

// ParseGold reads gold questions from the contents of one file; name is used in errors.
func ParseGold(name string, data []byte) ([]Gold, error) {
	l := &loader{hash: noHash{}}
	out := l.gold(name, data)
	return out, l.firstFatal()
}

func (l *loader) firstFatal() error {
	for _, p := range l.problems {
		if p.Fatal {
			return &FaultError{First: p, Count: 1}
		}
	}
	return nil
}

func (l *loader) gold(file string, data []byte) []Gold {
	var out []Gold
	l.entries(file, data, func(n *yaml.Node, strict []byte) error {
		g := Gold{Line: n.Line}
		if err := decodeStrict(strict, &g); err != nil {
			return err
		}
		if g.ID == "" || strings.TrimSpace(g.Question) == "" {
			l.fatal(file, n.Line, "missing-field", "»id« eller »question« mangler – skriv begge")
			return nil
		}
		if g.Split == "" {
			g.Split = "train"
		}
		out = append(out, g)
		return nil
	})
	return out
}

// Holds reports whether a text has a fact of a gold question, or one of its alternatives »a | b«, case and æøå folded.
func Holds(text, fact string) bool {
	text = danish.Fold(text)
	return slices.ContainsFunc(strings.Split(fact, "|"), func(alt string) bool {
		alt = strings.TrimSpace(danish.Fold(alt))
		return alt != "" && strings.Contains(text, alt)
	})
}

// noHash is a fingerprint nobody asks for.
type noHash struct{}

func (noHash) Write(p []byte) (int, error) { return len(p), nil }
func (noHash) Sum(b []byte) []byte         { return b }
