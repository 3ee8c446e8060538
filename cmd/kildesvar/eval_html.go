package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kildesvar/internal/article"
	"kildesvar/internal/eval"
)

// pageWorst is how many of the worst answers the page shows when --worst does not say.
const pageWorst = 25

// check refuses what cannot be meant.
func (f *evalFlags) check() error {
	if f.worst < 0 {
		return usageError{fmt.Sprintf("--worst kan ikke være %d – skriv, hvor mange svar der skal vises, fx 10", f.worst)}
	}
	if f.fit && (f.html != "" || f.save != "" || f.baseline != "") {
		return usageError{"--fit måler ikke og kan ikke stå sammen med --html, --save eller --baseline – kør dem hver for sig"}
	}
	if f.html != "" && (f.html == f.save || f.html == f.baseline) {
		return usageError{fmt.Sprintf("»%s« kan ikke både være siden og de gemte målinger – vælg to navne", f.html)}
	}
	return nil
}

// readBaseline reads earlier measures; nil when there are none to compare with.
func (f *evalFlags) readBaseline() ([]eval.Record, error) {
	if f.baseline == "" {
		return nil, nil
	}
	data, err := readFile(f.baseline, article.MaxDataBytes)
	if err != nil {
		return nil, fmt.Errorf("read baseline: %w", err)
	}
	records, err := eval.ReadRecords(data)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: f.baseline, Err: errNotMeasures}
	}
	return records, nil
}

// errNotMeasures is told to a person as it is.
var errNotMeasures = errors.New("det er ikke målinger, der er gemt med --save")

// compareWith sets the report's comparison with earlier measures.
func (f *evalFlags) compareWith(before []eval.Record, now []eval.Record, r *eval.Report) error {
	if before == nil {
		return nil
	}
	c := eval.Compare(before, now)
	if c.Compared == 0 {
		return usageError{fmt.Sprintf("ingen af spørgsmålene kan sammenlignes med »%s« – vælg de samme spørgsmål, eller gem målingen på ny med --save", f.baseline)}
	}
	r.Baseline = &c
	return nil
}

// reportLosses tells of each significant loss in a line on standard error.
func (a *app) reportLosses(r eval.Report) {
	if r.Baseline == nil {
		return
	}
	for _, name := range r.Baseline.Losses() {
		c := r.Baseline.Changes[name]
		verb := "faldet"
		if eval.LowerIsBetter(name) {
			verb = "steget"
		}
		fmt.Fprintf(a.stderr, "kildesvar: %s er %s fra %.3f til %.3f (forskel %+.3f, 95 %% interval [%+.3f; %+.3f], n = %d) – se de dårligste svar med --worst, eller gem målingen på ny med --save, hvis det er ment\n",
			name, verb, c.Before, c.Now, c.Difference, c.Low, c.High, c.N)
		a.code = exitProblems
	}
}

// records are the measures to save or compare; nil when neither is asked for.
func (f *evalFlags) records(outcomes []eval.Outcome) ([]eval.Record, error) {
	if f.save == "" && f.baseline == "" {
		return nil, nil
	}
	records, err := eval.Records(outcomes)
	if errors.Is(err, eval.ErrDuplicate) {
		_, id, _ := strings.Cut(err.Error(), ": ")
		return nil, usageError{fmt.Sprintf("to prøvespørgsmål har id'et »%s«, så de kan ikke holdes ude fra hinanden – giv det ene et andet id", id)}
	}
	return records, err
}

// writeFiles writes the measures and the page that are asked for.
func (f *evalFlags) writeFiles(r eval.Report, outcomes []eval.Outcome, records []eval.Record) error {
	if f.save != "" {
		if err := replaceFile(f.save, func(w io.Writer) error { return eval.WriteRecords(w, records) }); err != nil {
			return err
		}
	}
	if f.html == "" {
		return nil
	}
	o := eval.PageOptions{Made: time.Now(), Worst: f.worst, Baseline: filepath.Base(f.baseline)}
	if o.Worst == 0 {
		o.Worst = pageWorst
	}
	return replaceFile(f.html, func(w io.Writer) error { return eval.WritePage(w, r, outcomes, o) })
}

// replaceFile writes a file that is whole or not there: what stood there before stays until the new is on the disk. A link is
// followed; what is no ordinary file, such as a pipe, is written to as it is. Errors name the file, not its helpers.
func replaceFile(name string, write func(io.Writer) error) (err error) {
	defer func() {
		var path *fs.PathError
		var link *os.LinkError
		switch {
		case errors.As(err, &path):
			err = &fs.PathError{Op: "write", Path: name, Err: path.Err}
		case errors.As(err, &link):
			err = &fs.PathError{Op: "write", Path: name, Err: link.Err}
		}
	}()
	target := name
	if real, err := filepath.EvalSymlinks(name); err == nil {
		target = real
	}
	mode := fs.FileMode(0o666) // less the user's mask
	if info, err := os.Stat(target); err == nil {
		if !info.Mode().IsRegular() {
			return overwrite(target, write)
		}
		mode = info.Mode().Perm()
	}
	f, err := os.OpenFile(filepath.Join(filepath.Dir(target), tempPrefix+rand.Text()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), target); err != nil {
		return err
	}
	return syncDir(filepath.Dir(target))
}

// tempPrefix begins the names of files that are not whole yet.
const tempPrefix = ".kildesvar-"

// syncDir makes a rename last through a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func overwrite(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}
