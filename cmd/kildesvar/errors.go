package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"kildesvar/internal/article"
	"kildesvar/internal/assistant"
)

// inDanish turns an error into one line that says what to do, and the exit code. This is the only place that does.
func inDanish(err error) (string, int) {
	var usage usageError
	var fault *article.FaultError
	var path *fs.PathError
	switch {
	case errors.As(err, &usage):
		return usage.text, exitUsage
	case errors.As(err, &fault):
		more := ""
		if fault.Count > 1 {
			more = fmt.Sprintf(" (og %d fejl mere)", fault.Count-1)
		}
		return fmt.Sprintf("korpus kan ikke bruges: %s%s – »kildesvar corpus check« viser alt", fault.First, more), exitFailed
	case errors.Is(err, assistant.ErrEmpty):
		return "spørgsmålet er tomt – skriv fx »kildesvar ask \"Hvad er samskabelse?\"«", exitUsage
	case errors.Is(err, assistant.ErrTooLong):
		return fmt.Sprintf("spørgsmålet er for langt – skriv højst %d tegn", assistant.MaxQuestion), exitUsage
	case errors.Is(err, assistant.ErrEncoding):
		return "spørgsmålet er ikke almindelig tekst i UTF-8 – skriv det igen uden særlige tegn", exitUsage
	case errors.Is(err, context.Canceled):
		return "afbrudt – intet er ændret", exitFailed
	case errors.As(err, &path):
		return fmt.Sprintf("%s: %s", path.Path, fileReason(path.Err)), exitFailed
	}
	// cobra's own errors have no types; they are all about how the command was written.
	if text := err.Error(); strings.HasPrefix(text, "unknown command") || strings.HasPrefix(text, "unknown flag") {
		return "kommandoen findes ikke – se »kildesvar --help«", exitUsage
	}
	return "uventet fejl: " + strings.ReplaceAll(err.Error(), "\n", " "), exitFailed
}

// fileReason says what is wrong with a file and what to do.
func fileReason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "findes ikke – ret stien"
	case errors.Is(err, fs.ErrPermission):
		return "adgang nægtet – giv læse- eller skriverettighed, eller vælg en anden sti"
	case errors.Is(err, syscall.ENOSPC):
		return "disken er fuld – gør plads, eller vælg en anden datamappe med --data"
	case errors.Is(err, syscall.EROFS):
		return "disken er skrivebeskyttet – vælg en anden datamappe med --data"
	case errors.Is(err, syscall.ENOTDIR):
		return "er ikke en mappe – ret stien"
	case errors.Is(err, syscall.EISDIR):
		return "er en mappe, ikke en fil – ret stien"
	}
	return err.Error()
}
