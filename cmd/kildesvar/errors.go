package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
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
	var link *os.LinkError
	var out outputError
	switch {
	case errors.As(err, &usage):
		return usage.text, exitUsage
	case errors.As(err, &out):
		return "resultatet kunne ikke skrives: " + outputReason(out.err), exitFailed
	case errors.As(err, &fault):
		more := ""
		if fault.Count > 1 {
			more = fmt.Sprintf(" (og %d fejl mere)", fault.Count-1)
		}
		return fmt.Sprintf("korpus kan ikke bruges: %s%s – »kildesvar corpus check« viser alt", fault.First, more), exitFailed
	case errors.Is(err, assistant.ErrEmpty):
		return "spørgsmålet er tomt – skriv fx »kildesvar ask \"Hvad er samskabelse?\"«", exitUsage
	case errors.Is(err, assistant.ErrTooLong):
		return fmt.Sprintf("spørgsmålet er for langt – forkort det, der er plads til %d bytes (ca. ti sider)", assistant.MaxQuestion), exitUsage
	case errors.Is(err, assistant.ErrEncoding):
		return "spørgsmålet er ikke almindelig tekst i UTF-8 – gem det som UTF-8, eller skriv det igen", exitUsage
	case errors.Is(err, context.Canceled):
		return "afbrudt – intet er ændret", exitFailed
	case errors.As(err, &link):
		return fmt.Sprintf("»%s« %s", link.New, fileReason(link.Err)), exitFailed
	case errors.As(err, &path):
		return fmt.Sprintf("»%s« %s", path.Path, fileReason(path.Err)), exitFailed
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
		return "er der ikke adgang til – giv læse- eller skriverettighed, eller vælg en anden sti"
	case errors.Is(err, syscall.ENOSPC):
		return "kan ikke skrives, for disken er fuld – gør plads, eller vælg en anden mappe med --data"
	case errors.Is(err, syscall.EROFS):
		return "kan ikke skrives, for disken er skrivebeskyttet – vælg en anden mappe med --data"
	case errors.Is(err, syscall.ENOTDIR):
		return "er ikke en mappe – ret stien"
	case errors.Is(err, syscall.EISDIR), errors.Is(err, fs.ErrExist):
		return "er en mappe, ikke en fil – ret stien"
	}
	return "kan ikke bruges (" + err.Error() + ") – ret stien, eller vælg en anden"
}

// outputReason says why standard output could not be written and what to do.
func outputReason(err error) string {
	switch {
	case errors.Is(err, syscall.EPIPE):
		return "modtageren lukkede forbindelsen – skriv til en fil, eller ret kommandoen efter »|«"
	case errors.Is(err, syscall.ENOSPC):
		return "disken er fuld – gør plads, eller skriv et andet sted hen"
	}
	return err.Error() + " – skriv et andet sted hen"
}
