package article

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"kildesvar/internal/csl"
)

// Names of a theme's data files.
const (
	LiteratureFile = "litteratur.json"
	ConceptsFile   = "begreber.yaml"
	GoldFile       = "spoergsmaal.yaml"
)

// Limits on what is read. They stop a wrong file from filling the memory; real articles are a few kilobytes.
const (
	MaxArticleBytes = 2 << 20
	MaxDataBytes    = 32 << 20
	MaxFiles        = 50_000
)

// slugName is what a theme folder and an article file may be called.
var slugName = regexp.MustCompile(`^[a-z0-9]+(?:-[a-z0-9]+)*$`)

// Load reads the corpus in fsys. A corpus with fatal problems is an error that names the first and counts the rest.
func Load(fsys fs.FS) (*Corpus, error) {
	c, problems := Read(fsys)
	fatal := 0
	var first Problem
	for _, p := range problems {
		if !p.Fatal {
			continue
		}
		if fatal == 0 {
			first = p
		}
		fatal++
	}
	if fatal > 0 {
		return nil, &FaultError{First: first, Count: fatal}
	}
	return c, nil
}

// FaultError says that a corpus cannot be used.
type FaultError struct {
	First Problem
	Count int // fatal problems in all, at least 1
}

// Error names the first fatal problem.
func (e *FaultError) Error() string {
	if e.Count == 1 {
		return "load corpus: " + e.First.String()
	}
	return fmt.Sprintf("load corpus: %s (and %d more)", e.First, e.Count-1)
}

// Fingerprint returns the SHA-256 of the paths and contents of the files a corpus is made of (gold questions, which do
// not change an answer, are left out), without parsing them.
func Fingerprint(fsys fs.FS) (string, error) {
	l := &loader{fsys: fsys, hash: sha256.New()}
	for _, t := range l.list() {
		for _, name := range t.files {
			if name != GoldFile {
				l.file(path.Join(t.id, name))
			}
		}
	}
	if err := l.firstFatal(); err != nil {
		return "", err
	}
	return hex.EncodeToString(l.hash.Sum(nil)), nil
}

// Read loads everything it can and lists all that is wrong, in order of file and line.
func Read(fsys fs.FS) (*Corpus, []Problem) {
	l := &loader{fsys: fsys, hash: sha256.New()}
	c := &Corpus{}
	for _, t := range l.list() {
		c.Themes = append(c.Themes, l.theme(t))
	}
	if len(c.Themes) == 0 && len(l.problems) == 0 {
		l.fatal(".", 0, "empty", "her er intet tema – en temamappe med mindst én artikel (.md) skal ligge i korpusmappen")
	}
	c.Fingerprint = hex.EncodeToString(l.hash.Sum(nil))
	slices.SortStableFunc(l.problems, Problem.Compare)
	return c, l.problems
}

type loader struct {
	fsys fs.FS
	hash interface {
		io.Writer
		Sum([]byte) []byte
	}
	problems []Problem
}

func (l *loader) fatal(file string, line int, rule, message string) {
	l.problems = append(l.problems, Problem{File: file, Line: line, Rule: rule, Message: oneLine(message), Fatal: true})
}

func (l *loader) warn(file string, line int, rule, message string) {
	l.problems = append(l.problems, Warning(file, line, rule, message))
}

// themeFiles is a theme's folder with the names of the files to read, sorted.
type themeFiles struct {
	id    string
	files []string
}

// list finds the themes: folders with at least one article.
func (l *loader) list() []themeFiles {
	entries, err := fs.ReadDir(l.fsys, ".")
	if err != nil {
		l.fatal(".", 0, "unreadable", "korpusmappen kan ikke læses: "+reason(err))
		return nil
	}
	var themes []themeFiles
	total := 0
	for _, e := range entries {
		if e.Type()&fs.ModeSymlink != 0 {
			l.fatal(e.Name(), 0, "symlink", "symbolske links følges ikke – læg selve mappen i korpus")
			continue
		}
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		t := l.listTheme(e.Name())
		total += len(t.files)
		if t.files != nil {
			themes = append(themes, t)
		}
	}
	if total > MaxFiles {
		l.fatal(".", 0, "too-many-files", fmt.Sprintf("her er %d filer, højst %d læses – del korpus op", total, MaxFiles))
		return nil
	}
	return themes
}

func (l *loader) listTheme(id string) themeFiles {
	t := themeFiles{id: id}
	entries, err := fs.ReadDir(l.fsys, id)
	if err != nil {
		l.fatal(id, 0, "unreadable", "mappen kan ikke læses: "+reason(err))
		return t
	}
	articles := 0
	for _, e := range entries {
		name := e.Name()
		switch {
		case strings.HasPrefix(name, "."):
		case e.Type()&fs.ModeSymlink != 0:
			l.fatal(path.Join(id, name), 0, "symlink", "symbolske links følges ikke – læg selve filen i mappen")
		case !e.IsDir() && !e.Type().IsRegular(): // opening a pipe would wait for ever
			l.fatal(path.Join(id, name), 0, "unreadable", "det er ikke en almindelig fil – slet den, eller læg en fil i stedet")
		case e.IsDir():
			l.warn(path.Join(id, name), 0, "unknown-file", "undermapper læses ikke – flyt filerne op i temamappen")
		case strings.HasSuffix(name, ".md"):
			if !slugName.MatchString(strings.TrimSuffix(name, ".md")) {
				l.fatal(path.Join(id, name), 0, "file-name", "filnavne skrives med små bogstaver a-z, tal og bindestreg, fx frivilligt-engagement.md")
				continue
			}
			articles++
			t.files = append(t.files, name)
		case name == LiteratureFile, name == ConceptsFile, name == GoldFile:
			t.files = append(t.files, name)
		default:
			l.warn(path.Join(id, name), 0, "unknown-file", "filen hører ikke til formatet og læses ikke – flyt eller slet den")
		}
	}
	if articles == 0 {
		if len(t.files) > 0 {
			l.fatal(id, 0, "empty", "temaet har ingen artikler – læg mindst én fil, der ender på .md, i mappen")
		}
		return themeFiles{}
	}
	if !slugName.MatchString(id) {
		l.fatal(id, 0, "file-name", "temamapper skrives med små bogstaver a-z, tal og bindestreg")
	}
	return t
}

// byteOrderMark is what some editors on Windows put before the text.
const byteOrderMark = "\ufeff"

// file reads one file within its limit, checks that it is UTF-8 and adds it to the fingerprint. Nil means a problem was noted.
// A byte order mark is left in place, so that offsets are the file's.
func (l *loader) file(name string) []byte {
	limit := int64(MaxDataBytes)
	if strings.HasSuffix(name, ".md") {
		limit = MaxArticleBytes
	}
	f, err := l.fsys.Open(name)
	if err != nil {
		l.fatal(name, 0, "unreadable", "filen kan ikke læses: "+reason(err))
		return nil
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		l.fatal(name, 0, "unreadable", "filen kan ikke læses: "+reason(err))
		return nil
	}
	if int64(len(data)) > limit {
		l.fatal(name, 0, "too-large", fmt.Sprintf("filen er større end %d MB – del den op i flere", limit>>20))
		return nil
	}
	fmt.Fprintf(l.hash, "%s\x00%d\x00", name, len(data))
	_, _ = l.hash.Write(data) // a hash never fails
	if !utf8.Valid(data) {
		l.fatal(name, invalidLine(data), "encoding", "filen er ikke UTF-8 – gem den igen med tegnsættet UTF-8")
		return nil
	}
	if data == nil {
		data = []byte{} // empty is not missing
	}
	return data
}

// invalidLine is the 1-based line of the first byte that is not UTF-8.
func invalidLine(data []byte) int {
	line := 1
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			return line
		}
		if r == '\n' {
			line++
		}
		data = data[size:]
	}
	return line
}

func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return "adgang nægtet – giv læserettighed til den"
	case errors.Is(err, fs.ErrNotExist):
		return "findes ikke – ret stien, eller læg den tilbage"
	}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return err.Error() + " – se efter, om disken virker, og om det er en almindelig fil"
}

func (l *loader) theme(t themeFiles) *Theme {
	th := &Theme{ID: t.id}
	for _, name := range t.files {
		if name == GoldFile {
			continue
		}
		full := path.Join(t.id, name)
		data := l.file(full)
		if data == nil {
			continue
		}
		switch name {
		case LiteratureFile:
			th.Items = l.literature(full, data)
		case ConceptsFile:
			th.Concepts = l.concepts(full, data)
		default:
			if a := l.article(t.id, name, data); a != nil {
				th.Articles = append(th.Articles, a)
			}
		}
	}
	sort.Slice(th.Articles, func(i, j int) bool { return th.Articles[i].ID < th.Articles[j].ID })
	l.knownKeys(th)
	return th
}

func (l *loader) literature(file string, data []byte) []csl.Item {
	items, faults := csl.Decode(bytes.TrimPrefix(data, []byte(byteOrderMark)))
	for _, f := range faults {
		l.fatal(file, f.Line, f.Rule, f.Message)
	}
	return items
}

func (l *loader) article(theme, name string, data []byte) *Article {
	file := path.Join(theme, name)
	a := &Article{ID: path.Join(theme, strings.TrimSuffix(name, ".md")), Path: file}
	base, ok := l.frontMatter(a, data)
	if !ok {
		return nil
	}
	if off, what := tangled(data[base:]); what != "" {
		l.fatal(file, 1+bytes.Count(data[:base+off], []byte("\n")), "nesting", what)
		return nil
	}
	b := parseBody(file, data, base)
	a.Sections, a.Unanswered, a.Links = b.sections, b.unanswered, b.links
	l.problems = append(l.problems, b.problems...)
	return a
}

// knownKeys reports every citation of literature that the theme does not have.
func (l *loader) knownKeys(t *Theme) {
	known := make(map[string]bool, len(t.Items))
	for _, it := range t.Items {
		known[it.ID] = true
	}
	const message = "kilden [@%s] findes ikke i litteratur.json – ret nøglen, eller føj kilden til"
	for _, a := range t.Articles {
		for _, s := range a.Sections {
			for _, p := range s.Paragraphs {
				seen := map[string]bool{}
				for _, sent := range p.Sentences {
					for _, k := range sent.Keys {
						if !known[k] && !seen[k] {
							seen[k] = true
							l.fatal(a.Path, p.Line, "unknown-key", fmt.Sprintf(message, k))
						}
					}
				}
			}
		}
	}
	for _, c := range t.Concepts {
		for _, k := range c.Keys {
			if !known[k] {
				l.fatal(path.Join(t.ID, ConceptsFile), c.Line, "unknown-key", fmt.Sprintf(message, k))
			}
		}
	}
}
