package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"kildesvar/internal/journal"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/slackbot"
	"kildesvar/internal/workspace"
)

// demoPort is where the demo is unless asked otherwise.
const demoPort = 8321

func (a *app) demoCommand() *cobra.Command {
	var port uint16
	c := &cobra.Command{
		Use: "demo", Short: "Prøv Kildesvar i et efterlignet Slack i browseren", Args: noArgs,
		Long: "Starter et lille efterlignet Slack på denne maskine med Kildesvar i. Åbn adressen i en browser, og spørg løs: i en kanal, i direkte\n" +
			"beskeder, med /kilde. Ingen konto, intet netværk; alt er væk igen, når programmet stoppes.",
		Example: "  kildesvar demo\n  kildesvar demo --port 9000",
		RunE:    func(c *cobra.Command, _ []string) error { return a.demo(c.Context(), port) },
	}
	c.Flags().Uint16Var(&port, "port", demoPort, "port på denne maskine; 0 finder en ledig")
	setValueName(c.Flags(), "port", "PORT")
	return c
}

func (a *app) demo(ctx context.Context, port uint16) (err error) {
	l, err := listen(ctx, net.JoinHostPort("127.0.0.1", strconv.Itoa(int(port))))
	if err != nil {
		return usageError{fmt.Sprintf("port %d kan ikke bruges, måske fordi en anden demo kører – vælg en anden med --port, eller 0 for en ledig", port)}
	}
	dir, err := os.MkdirTemp("", "kildesvar-demo-")
	if err != nil {
		_ = l.Close()
		return fmt.Errorf("make demo folder: %w", err)
	}
	defer func() { err = errors.Join(unlessStopped(ctx, err), os.RemoveAll(dir)) }()
	a.cfg.values["data"] = dir // the index too, so that nothing is left behind
	w := workspace.New(workspace.Options{Log: a.logger()})
	base, err := w.Serve(context.WithoutCancel(ctx), l)
	if err != nil {
		return fmt.Errorf("start demo: %w", err)
	}
	defer w.Close()
	search, err := a.searcher(ctx, retrieval.DefaultWeights())
	if err != nil {
		return err
	}
	j, err := journal.OpenSQLite(ctx, dir, journal.Options{Log: a.logger()})
	if err != nil {
		return journalError{dir, err}
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	asker := newAssistant(search)
	b, err := slackbot.New(slackbot.Config{BotToken: workspace.DefaultBotToken, AppToken: workspace.DefaultAppToken, APIURL: base + "/api/",
		ExpertChannel: workspace.DefaultExpertChannel, Hosts: articleHosts(search.Index()), Examples: exampleQuestions, Privacy: asker.Privacy(), Program: programVersion(), Log: a.logger()}, asker, j)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	for b.Ready() != nil {
		select {
		case err := <-ended: // stopped already, or refused
			return err
		case <-time.After(readyWait):
		}
	}
	fmt.Fprintf(a.stdout, "Åbn %s/face/ i en browser. Ctrl-C stopper.\n", base)
	return <-ended
}
