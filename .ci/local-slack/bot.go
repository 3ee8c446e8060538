//go:build ignore

// Bot is the assistant as `kildesvar serve` wires it: built-in corpus, local embedder, Slack settings from the environment, the journal
// in the folder KILDESVAR_DATA. It stops with its standard input or SIGTERM. It stands in for that command where the checkout has none.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"kildesvar/corpus"
	"kildesvar/internal/answer"
	"kildesvar/internal/assistant"
	"kildesvar/internal/embed/local"
	"kildesvar/internal/index"
	"kildesvar/internal/journal"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/slackbot"
	"kildesvar/internal/vector"
	"kildesvar/internal/vector/chromem"
)

func run(ctx context.Context, log *slog.Logger) error {
	e := local.New(0)
	ix, err := index.Ensure(ctx, corpus.FS, "", index.Options{Embedder: e, Log: log, NewStore: func(dim int) (vector.Store, error) { return chromem.New(dim) }})
	if err != nil {
		return err
	}
	s, err := retrieval.New(ix, e, retrieval.DefaultWeights())
	if err != nil {
		return err
	}
	j, err := journal.OpenSQLite(ctx, os.Getenv("KILDESVAR_DATA"), journal.Options{})
	if err != nil {
		return err
	}
	ask := assistant.New(s, answer.NewExtractive(ix, retrieval.DefaultModel(), answer.DefaultThreshold), time.Now)
	bot, err := slackbot.New(slackbot.Config{BotToken: os.Getenv("SLACK_BOT_TOKEN"), AppToken: os.Getenv("SLACK_APP_TOKEN"), APIURL: os.Getenv("SLACK_API_URL"),
		ExpertChannel: os.Getenv("KILDESVAR_EXPERT_CHANNEL"), Hosts: []string{"vidensportal.dk"}, Log: log}, ask, j)
	if err != nil {
		return errors.Join(err, j.Close())
	}
	return errors.Join(bot.Run(ctx), j.Close())
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // its end is the signal
		stop()
	}()
	if err := run(ctx, slog.New(slog.NewTextHandler(os.Stderr, nil))); err != nil {
		fmt.Fprintln(os.Stderr, "bot:", err)
		os.Exit(1)
	}
}
