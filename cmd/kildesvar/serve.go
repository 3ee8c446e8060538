package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"

	"github.com/spf13/cobra"

	"kildesvar/internal/answer/written"
	"kildesvar/internal/journal"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/slackbot"
	"kildesvar/internal/web"
)

func (a *app) serveCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "serve", Short: "Svar i Slack, til programmet stoppes", Args: noArgs,
		Long: "Forbinder til Slack og svarer på spørgsmål, til programmet får Ctrl-C eller SIGTERM; så bliver igangværende svar gjort færdige.\n" +
			"Spørgsmål og svar står i datamappen, så intet går tabt, hvis programmet dør. Flere »serve« af samme version må bruge den på samme tid.\n" +
			"Uden Slack: prøv »kildesvar demo«.",
		Example: "  SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-… kildesvar serve\n  kildesvar serve --slack=http --listen 0.0.0.0:8080",
		RunE:    func(c *cobra.Command, _ []string) error { return a.serve(c.Context()) },
	}
	addSettingFlags(c.Flags(), true)
	return c
}

// service is a running `serve`; bot is nil until it can answer.
type service struct {
	bot    atomic.Pointer[slackbot.Bot]
	models func() written.Usage // set before bot; nil: there is none
}

// errLoading is that articles, index or journal are not open yet.
var errLoading = errors.New("articles, index and journal are being opened")

// ServeHTTP hands Slack's deliveries to the assistant. Slack sends again what is refused.
func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b := s.bot.Load()
	if b == nil {
		http.Error(w, "starting", http.StatusServiceUnavailable)
		return
	}
	b.Handler().ServeHTTP(w, r)
}

// checks are what the service needs to be ready.
func (s *service) checks() map[string]func() error {
	return map[string]func() error{
		"generation": func() error {
			if s.bot.Load() == nil {
				return errLoading
			}
			return nil
		},
		"slack": func() error {
			if b := s.bot.Load(); b != nil {
				return b.Ready()
			}
			return errors.New("not asked yet")
		},
	}
}

func (s *service) measure() []web.Family {
	if b := s.bot.Load(); b != nil {
		return append(families(b.Metrics()), modelFamilies(s.models)...)
	}
	return nil
}

// serve answers in Slack. It takes no lock on the data folder. None is needed: the journal gives each question to one process at a time and
// its transactions to whoever comes, generations are swapped whole, the nightly pruning may be done twice, and all else that serve keeps is
// in memory and about its own deliveries (TestTwoServing). And one would harm: a successor could not start before the old process has
// ended, so that every restart would be a gap. What does not hold is two versions at once, when the newer one changes the journal's
// schema, and a network drive, which has no write-ahead log.
func (a *app) serve(ctx context.Context) error {
	if a.cfg.get("database-url") != "" {
		return usageError{"DATABASE_URL kan ikke bruges i denne version – fjern den, så ligger alt i datamappen"}
	}
	cfg, err := a.slackConfig(nil)
	if err != nil {
		return err
	}
	if _, err := a.retention(); err != nil {
		return err
	}
	if _, err := a.generator(); err != nil { // a missing key is told before anything begins
		return err
	}
	if err := a.checkWeekly(); err != nil {
		return err
	}
	dir := a.cfg.dataDir()
	if dir == "" {
		return usageError{"der er ingen datamappe – vælg en med --data eller KILDESVAR_DATA"}
	}
	l, err := listen(ctx, a.cfg.get("listen"))
	if err != nil {
		return err
	}
	asked := ctx // ends when somebody asks the program to stop
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &service{}
	mount := map[string]http.Handler{}
	if cfg.SigningSecret != "" {
		mount["/slack/"] = s
	}
	served := make(chan error, 1)
	go func() {
		served <- web.Serve(ctx, l, web.Handler(web.Options{Ready: s.checks(), Metrics: s.measure, Mount: mount}), a.logger())
		cancel() // without the endpoints the service is not whole
	}()
	err = a.answerInSlack(ctx, cfg, dir, s, l.Addr().String())
	cancel()
	return errors.Join(unlessStopped(asked, err), <-served)
}

// unlessStopped drops the error of something that was interrupted because the program was asked to stop: that is no failure.
func unlessStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// listen takes an address.
func listen(ctx context.Context, address string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, listenError{address, err}
	}
	return l, nil
}

// answerInSlack opens index and journal and answers until ctx ends.
func (a *app) answerInSlack(ctx context.Context, cfg slackbot.Config, dir string, s *service, address string) (err error) {
	search, err := a.searcher(ctx, retrieval.DefaultWeights())
	if err != nil {
		return err
	}
	cfg.Hosts = articleHosts(search.Index())
	j, err := journal.OpenSQLite(ctx, dir, journal.Options{Log: a.logger()})
	if err != nil {
		return journalError{dir, err}
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	stop, err := a.pruneNightly(ctx, j)
	if err != nil {
		return err
	}
	defer stop()
	asker, err := a.assistant(search)
	if err != nil {
		return err
	}
	s.models = asker.usage
	cfg.Privacy = asker.Privacy()
	b, err := slackbot.New(cfg, asker, j)
	if err != nil {
		return err
	}
	s.bot.Store(b)
	defer a.reportWeekly(ctx, j, search, b)()
	fmt.Fprintf(a.stdout, "Kildesvar forbinder til Slack. Om det kan svare, står på http://%s/readyz. Ctrl-C stopper.\n", address)
	if err := b.Run(ctx); err != nil {
		return slackError{err}
	}
	return nil
}
