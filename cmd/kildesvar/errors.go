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
	"kildesvar/internal/index"
	"kildesvar/internal/journal"
)

// inDanish turns an error into one line that says what to do, and the exit code. This is the only place that does.
func inDanish(err error) (string, int) {
	var usage usageError
	var fault *article.FaultError
	var path *fs.PathError
	var link *os.LinkError
	var out outputError
	var kept journalError
	var erase eraseError
	var again replayError
	var refused slackError
	var taken listenError
	var crash *panicError
	switch {
	case errors.As(err, &crash):
		return "der er en fejl i programmet (" + crash.kind + ") – kør kommandoen igen med --log-level=debug, og send det, der står, til dem, der vedligeholder Kildesvar", exitFailed
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
	case errors.As(err, &erase):
		return erase.reason(), exitFailed
	case errors.As(err, &again):
		return "»" + again.id + "« " + again.why + " – »kildesvar journal export --all« viser, hvad der er", exitFailed
	case errors.As(err, &kept):
		return "journalen i »" + kept.dir + "« " + journalReason(kept.err), exitFailed
	case errors.As(err, &refused):
		return refused.reason(), exitFailed
	case errors.As(err, &taken):
		return taken.reason()
	case errors.Is(err, context.Canceled):
		return "afbrudt – intet er ændret", exitFailed
	case errors.Is(err, index.ErrDamaged):
		return "indekset er beskadiget (" + cause(err) + ") – »kildesvar index --rebuild« bygger det igen", exitFailed
	case errors.Is(err, index.ErrStale):
		return "indekset er bygget af noget andet (" + cause(err) + ") – »kildesvar index« bygger det om", exitFailed
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
	case errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return "kan ikke skrives, for den plads, brugeren må bruge, er fyldt – gør plads, eller vælg en anden mappe med --data"
	case errors.Is(err, syscall.EIO):
		return "kan ikke læses eller skrives; disken svarer med en fejl – undersøg disken, eller vælg en anden mappe med --data"
	case errors.Is(err, syscall.EROFS):
		return "kan ikke skrives, for disken er skrivebeskyttet – vælg en anden mappe med --data"
	case errors.Is(err, syscall.ENOTDIR):
		return "er ikke en mappe – ret stien"
	case errors.Is(err, syscall.EISDIR), errors.Is(err, fs.ErrExist):
		return "er en mappe, ikke en fil – flyt mappen, eller ret stien"
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

// journalError is that the journal in a folder cannot be used.
type journalError struct {
	dir string
	err error
}

func (e journalError) Error() string { return "journal in " + e.dir + ": " + e.err.Error() }
func (e journalError) Unwrap() error { return e.err }

// journalReason says what is wrong with the journal and what to do.
func journalReason(err error) string {
	switch {
	case errors.Is(err, journal.ErrDamaged):
		return "er beskadiget – flyt filen et andet sted hen, og start igen; så begynder en ny"
	case errors.Is(err, journal.ErrNewer):
		return "er fra en nyere version af Kildesvar – brug den version, eller vælg en anden mappe med --data"
	case errors.Is(err, journal.ErrFull):
		return "kan ikke skrives, for disken er fuld – gør plads, og prøv igen; intet, der er kvitteret for, er tabt"
	case errors.Is(err, journal.ErrIO):
		return "kan ikke læses eller skrives; disken svarer med en fejl – se, om den er fuld eller går i stykker, og prøv igen"
	case errors.Is(err, fs.ErrNotExist):
		return "findes ikke – vælg den mappe, som »kildesvar serve« bruger, med --data"
	case errors.Is(err, journal.ErrReadOnly):
		return "kan ikke skrives – giv skriverettighed, eller vælg en anden mappe med --data"
	}
	return "kan ikke åbnes (" + strings.ReplaceAll(err.Error(), "\n", " ") + ") – vælg en anden mappe med --data"
}

// eraseError is that something could not be deleted, or not wholly.
type eraseError struct{ err error }

func (e eraseError) Error() string { return "erase: " + e.err.Error() }
func (e eraseError) Unwrap() error { return e.err }

func (e eraseError) reason() string {
	if errors.Is(e.err, journal.ErrFull) {
		return "der kunne ikke slettes, for disken er fuld – gør plads, og kør kommandoen igen"
	}
	return "sletningen blev ikke færdig (" + strings.ReplaceAll(e.err.Error(), "\n", " ") + ") – kør kommandoen igen, så går den videre, hvor den slap"
}

// replayError is that there is nothing to ask again.
type replayError struct{ id, why string }

func (e replayError) Error() string { return "replay " + e.id + ": " + e.why }

// slackError is that Slack ended the assistant.
type slackError struct{ err error }

func (e slackError) Error() string { return "slack: " + e.err.Error() }
func (e slackError) Unwrap() error { return e.err }

func (e slackError) reason() string {
	return "Slack afviste adgangen (" + strings.ReplaceAll(e.err.Error(), "\n", " ") + ") – »kildesvar doctor« viser, hvad der skal rettes"
}

// listenError is that an address cannot be listened on.
type listenError struct {
	address string
	err     error
}

func (e listenError) Error() string { return "listen on " + e.address + ": " + e.err.Error() }
func (e listenError) Unwrap() error { return e.err }

// reason says why, and the exit code: an address that cannot be one is wrong usage, the rest can be otherwise next time.
func (e listenError) reason() (string, int) {
	why, code := "den kan ikke bruges her", exitUsage
	switch {
	case errors.Is(e.err, syscall.EADDRINUSE):
		why, code = "den er optaget", exitFailed
	case errors.Is(e.err, syscall.EACCES):
		why, code = "det kræver flere rettigheder", exitFailed
	}
	return fmt.Sprintf("der kan ikke lyttes på %s (%s) – vælg en anden adresse med --listen eller KILDESVAR_LISTEN", e.address, why), code
}
