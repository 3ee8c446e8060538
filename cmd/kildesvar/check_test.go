package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kildesvar/internal/journal"
)

// gardens is a small corpus without faults.
var gardens = fstest.MapFS{
	"have/tema.md": {Data: []byte(`---
title: Haver
url: https://example.dk/haver
updated: 2024-01-02
summary: Om haver og det, der gror i dem.
---
## Hvad er kompost?
<!-- svarer på: Hvad er kompost? | Hvordan bliver visne planter til jord? | Hvad bruger man kompost til? | Hvad skal der i en kompostbunke? | Hvor kommer kompost fra? | Hvem laver kompost? | Hvorfor lave kompost? | Hvornår er komposten færdig? -->
Kompost er jord, der er blevet til af visne planter [@have-bog].
`)},
	"have/litteratur.json": {Data: []byte(`[{"id": "have-bog", "type": "book", "title": "Haver", "author": [{"family": "Grøn", "given": "Åse"}], "issued": {"date-parts": [[2020]]}, "publisher": "Forlaget"}]`)},
}

// folder is a data folder that `check` looks at, with a folder of articles that can be edited.
type folder struct {
	*journalBench
	data, gen string
}

func newFolder(t *testing.T) folder {
	t.Helper()
	home, dir := testEnv(t), t.TempDir()
	if err := os.CopyFS(dir, gardens); err != nil {
		t.Fatal(err)
	}
	b := &journalBench{T: t, corpus: dir, getenv: func(k string) string {
		if k == "KILDESVAR_CORPUS" {
			return dir
		}
		return home(k)
	}}
	return folder{b, home("KILDESVAR_DATA"), ""}
}

// build builds the index and notes its file.
func (f *folder) build() {
	f.Helper()
	var out indexOutput
	f.into(&out, exitDone, "index", "--json")
	f.gen = out.File
}

// check wants problems of these names, each with what to do.
func (f *folder) check(names ...string) (all string) {
	f.Helper()
	code := exitDone
	if len(names) > 0 {
		code = exitProblems
	}
	var out checkOutput
	f.into(&out, code, "check", "--json")
	var got []string
	for _, x := range out.Findings {
		if x.Problem != "" {
			got = append(got, x.Name)
			if !strings.Contains(x.Problem, " – ") {
				f.Errorf("%q does not say what to do", x.Problem)
			}
		}
		all += x.Name + ": " + x.Detail + x.Problem + "\n"
	}
	if !slices.Equal(got, names) || out.Problems != len(names) {
		f.Errorf("problems with %v, want %v:\n%s", got, names, all)
	}
	return all
}

func (f *folder) file(name string) []byte {
	f.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		f.Fatal(err)
	}
	return data
}

func (f *folder) put(name string, data []byte) {
	f.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		f.Fatal(err)
	}
}

// flipped is data with one bit flipped.
func flipped(data []byte, at int) []byte {
	bad := bytes.Clone(data)
	bad[at] ^= 4
	return bad
}

// TestCheckIndex: what is wrong with generations is found, with the part; each remedy works; nothing is changed by looking.
func TestCheckIndex(t *testing.T) {
	f := newFolder(t)
	f.has(f.check(), "er ikke bygget endnu", "er ikke begyndt endnu")
	if left := list(t, filepath.Dir(f.data)); len(left) > 0 {
		t.Errorf("checking made %v", left)
	}
	f.build()
	f.has(f.check(), "er hel og passer til artiklerne")
	f.has(f.cli(exitDone, "check"), "✓ Indeks", "Alt er i orden.")
	whole := f.file(f.gen)

	for at, part := range map[int]string{0: "begyndelsen eller slutningen", 60: "delen »text«", len(whole) - 40: "oversigten", len(whole) - 1: "begyndelsen eller slutningen"} {
		bad := flipped(whole, at)
		f.put(f.gen, bad)
		f.has(f.check("Indeks"), part, "index --rebuild")
		if !bytes.Equal(f.file(f.gen), bad) {
			t.Error("checking changed the file")
		}
	}
	f.has(f.cli(exitProblems, "check"), "✗ Indeks", "Én ting skal rettes.")
	f.cli(exitDone, "index", "--rebuild")
	f.check()

	other := filepath.Join(filepath.Dir(f.gen), "0123456789abcdef.gen")
	f.put(other, whole[:len(whole)/2])
	f.put(filepath.Join(filepath.Dir(f.gen), ".new-1"), whole[:9])
	f.has(f.check("Indeks over andre artikler"), "slet filen", "1 fil er ved at blive skrevet eller levnet")
	f.put(other, whole)
	f.has(f.check(), "0123456789abcdef.gen, generation ")
	f.build() // nothing is to be done, and what is left over stays
	f.cli(exitDone, "index", "--rebuild")
	if all := f.check(); strings.Contains(all, "levnet") {
		t.Errorf("left over after a build: %s", all)
	}

	article := filepath.Join(f.corpus, "have", "tema.md")
	text := f.file(article)
	f.put(article, bytes.Replace(text, []byte("visne"), []byte("rådne"), 1))
	f.has(f.check("Indeks"), "artiklerne er ændret siden", "»kildesvar index« bygger det om")
	f.build()
	f.check()
	f.put(article, append(text, "\nSe [@findes-ikke].\n"...))
	f.has(f.check("Artikler", "Indeks"), "findes-ikke", "tema.md:")
	f.put(article, text)
	f.build()
	if err := os.RemoveAll(f.corpus); err != nil {
		t.Fatal(err)
	}
	f.has(f.check("Artikler"), "findes ikke", "om den passer til artiklerne, kan ikke ses")
}

// TestCheckJournal: a damaged file is told from one in which something was changed, and from none.
func TestCheckJournal(t *testing.T) {
	b := said(t)
	f := folder{b, b.getenv("KILDESVAR_DATA"), ""}
	f.has(f.check(), "filen er hel, og alt er, som det blev skrevet: ", " poster")
	file := filepath.Join(f.data, journal.File)
	whole := f.file(file)

	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `UPDATE questions SET plain = 'andet' WHERE status = 'answered'`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	f.has(f.check("Journal"), "ikke, som den blev skrevet", "svaret på ", "journal verify")
	bad := bytes.Clone(whole)
	for i := len(bad) / 3; i < len(bad)/3+3*4096; i++ {
		bad[i] ^= 0xa5
	}
	for name, data := range map[string][]byte{"pages": bad, "cut": whole[:len(whole)/2], "another file": []byte("noget helt andet, som ikke er en database")} {
		f.put(file, data)
		if all := f.check("Journal"); !strings.Contains(all, "er beskadiget") {
			t.Errorf("%s: %s", name, all)
		}
	}
	f.put(file, whole)
	f.check()
}

// TestCheckOutput: an empty folder is no problem, and wrong usage is one line.
func TestCheckOutput(t *testing.T) {
	r := call(t, "", "check", "--json", "--data", t.TempDir())
	var out map[string]any
	if err := json.Unmarshal([]byte(r.stdout), &out); err != nil || out["problems"] != 0.0 || r.code != exitDone {
		t.Errorf("%v, %+v", err, r)
	}
	for _, args := range [][]string{{"check", "mappe"}, {"check", "--nope"}} {
		if r := call(t, "", args...); r.code != exitUsage || notOneLine(r.stderr) != "" {
			t.Errorf("%v: %+v", args, r)
		}
	}
}
