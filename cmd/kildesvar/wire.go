package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"kildesvar/corpus"
	"kildesvar/internal/answer"
	"kildesvar/internal/assistant"
	"kildesvar/internal/embed"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/index"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/vector"
	"kildesvar/internal/vector/chromem"
)

// logger writes what operators read, in English, to stderr.
func (a *app) logger() *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(a.cfg.get("log-level"))) // checked with the settings
	opt := &slog.HandlerOptions{Level: level}
	if a.cfg.get("log-format") == "json" {
		return slog.New(slog.NewJSONHandler(a.stderr, opt))
	}
	return slog.New(slog.NewTextHandler(a.stderr, opt))
}

// corpusFS is the corpus to use: the folder of the settings, or the built-in one. A folder is opened as a root, so that
// nothing in it can lead outside.
func (a *app) corpusFS() (fs.FS, error) {
	dir := a.cfg.get("corpus")
	if dir == "" {
		return corpus.FS, nil
	}
	return openCorpus(dir)
}

func openCorpus(dir string) (fs.FS, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
			err = &fs.PathError{Op: "open", Path: dir, Err: syscall.ENOTDIR} // os gives no errno for this one
		}
		return nil, fmt.Errorf("open corpus: %w", err)
	}
	return root.FS(), nil
}

// generationFile is where the corpus' generation is kept: one file for each corpus folder.
func (a *app) generationFile() string {
	dir := a.cfg.dataDir()
	if dir == "" {
		return ""
	}
	name := "indbygget"
	if c := a.cfg.get("corpus"); c != "" {
		abs, err := filepath.Abs(c)
		if err != nil {
			return ""
		}
		sum := sha256.Sum256([]byte(abs))
		name = hex.EncodeToString(sum[:8])
	}
	return filepath.Join(dir, "index", name+".gen")
}

// cacheFile is the generation's file, or "" when there is none and no place for one: a wrong data folder must not keep
// anybody from an answer, so one line says it and the index is built in memory.
func (a *app) cacheFile() string {
	file := a.generationFile()
	if file == "" {
		return ""
	}
	if _, err := os.Stat(file); err == nil {
		return file
	}
	if err := index.Writable(filepath.Dir(file)); err != nil {
		text, _ := inDanish(err)
		fmt.Fprintln(a.stderr, "kildesvar: indekset bliver ikke gemt: "+text)
		return ""
	}
	return file
}

func (a *app) indexOptions(e embed.Embedder) index.Options {
	return index.Options{Embedder: e, Log: a.logger(),
		NewStore: func(dim int) (vector.Store, error) { return chromem.New(dim) }}
}

// searcher opens the index, building it first if need be.
func (a *app) searcher(ctx context.Context, w retrieval.Weights) (*retrieval.Searcher, error) {
	c, err := a.corpusFS()
	if err != nil {
		return nil, err
	}
	e := local.New(0)
	ix, err := index.Ensure(ctx, c, a.cacheFile(), a.indexOptions(e))
	if err != nil {
		return nil, err
	}
	if len(ix.Passages) > largeIndex {
		debug.SetGCPercent(largeGCPercent)
	}
	return retrieval.New(ix, e, w)
}

// A large index is nearly all that lives in the process and never changes, so the collector's usual headroom, as much again, would be
// empty memory. With 100,000 passages the process takes 1.40 GB at 10 %, 2.6 GB at the usual 100 %; search's p99 is 48 ms, not 34.
const (
	largeIndex     = 20_000 // passages
	largeGCPercent = 10
)

// assistant wires the use case over a searcher.
func newAssistant(s *retrieval.Searcher) *assistant.Assistant {
	return assistant.New(s, answer.NewExtractive(s.Index(), retrieval.DefaultModel(), answer.DefaultThreshold), time.Now)
}
