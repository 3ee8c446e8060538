package main

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kildesvar/internal/answer/written"
	"kildesvar/internal/index"
	"kildesvar/internal/slackbot"
	"kildesvar/internal/web"
)

// exampleQuestions are shown on the Home page and suggested in the agent pane.
var exampleQuestions = []slackbot.Example{
	{Audience: "Sagsbehandlere", Questions: []string{"Hvad siger servicelovens § 18?", "Hvornår er noget et partnerskab og ikke bare et tilskud?"}},
	{Audience: "Frivilligkoordinatorer", Questions: []string{"Hvad er forskellen på samskabelse og samproduktion?", "Hvordan definerer forskningen en frivillig organisation?"}},
	{Audience: "Nyansatte", Questions: []string{"Hvad betyder civilsamfund?", "Hvilke roller har civilsamfundet på socialområdet?"}},
}

// slackConfig is the assistant's configuration from the settings. hosts may be nil where nothing is answered.
func (a *app) slackConfig(hosts []string) (slackbot.Config, error) {
	api := a.cfg.get("slack-api-url")
	u, err := url.Parse(api)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return slackbot.Config{}, usageError{fmt.Sprintf("»%s« er ingen adresse – skriv fx https://slack.com/api/ i SLACK_API_URL", api)}
	}
	cfg := slackbot.Config{BotToken: a.cfg.get("slack-bot-token"), APIURL: strings.TrimSuffix(api, "/") + "/", ExpertChannel: a.cfg.get("expert-channel"),
		SharedChannels: a.cfg.get("shared-channels") == "ja", Hosts: hosts, Examples: exampleQuestions, Program: programVersion(), Log: a.logger()}
	if cfg.BotToken == "" {
		return cfg, usageError{"SLACK_BOT_TOKEN mangler – sæt den til appens token, der begynder med xoxb-; »kildesvar demo« prøver det hele uden Slack"}
	}
	if a.cfg.get("slack") == "http" {
		if cfg.SigningSecret = a.cfg.get("slack-signing-secret"); cfg.SigningSecret == "" {
			return cfg, usageError{"SLACK_SIGNING_SECRET mangler – hent den under »Basic Information« i appens indstillinger"}
		}
		return cfg, nil
	}
	if cfg.AppToken = a.cfg.get("slack-app-token"); cfg.AppToken == "" {
		return cfg, usageError{"SLACK_APP_TOKEN mangler – lav et App-Level Token (xapp-…) under »Basic Information«, eller brug --slack=http"}
	}
	return cfg, nil
}

// articleHosts are the hosts that answers may link to.
func articleHosts(ix *index.Index) (out []string) {
	seen := map[string]bool{}
	for _, art := range ix.Articles {
		if u, err := url.Parse(art.URL); err == nil && u.Host != "" && !seen[u.Host] {
			seen[u.Host] = true
			out = append(out, u.Host)
		}
	}
	return out
}

// slackCommand groups what an administrator needs at Slack.
func (a *app) slackCommand() *cobra.Command {
	c := &cobra.Command{Use: "slack", Short: "Opsætning af appen hos Slack",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(c, args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	var address string
	m := &cobra.Command{Use: "manifest", Short: "Skriv appens manifest til Slack", Args: noArgs,
		Long: "Skriver manifestet, som Slack opretter appen ud fra: rettigheder, hændelser, kommandoen /kilde og genvejen »Besvar denne besked«.\n" +
			"Indsæt det under »Create New App → From a manifest« på api.slack.com/apps.",
		Example: "  kildesvar slack manifest\n  kildesvar slack manifest --url https://kildesvar.eksempel.dk",
		RunE: func(*cobra.Command, []string) error {
			if u, err := url.Parse(address); address != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
				return usageError{"--url skal være en adresse, som Slack kan nå – skriv fx https://kildesvar.eksempel.dk"}
			}
			out, err := slackbot.Manifest(slackbot.ManifestOptions{RequestURL: strings.TrimSuffix(address, "/"), Examples: exampleQuestions})
			if err != nil {
				return err
			}
			_, err = a.stdout.Write(out)
			return err
		}}
	m.Flags().StringVar(&address, "url", "", "offentlig adresse, når Slack skal levere over HTTP (uden: Socket Mode)")
	setValueName(m.Flags(), "url", "ADRESSE")
	c.AddCommand(m)
	return c
}

// families turn the assistant's counts into measurements.
func families(s slackbot.Snapshot) []web.Family {
	stages := map[string]web.Histogram{}
	for name, st := range s.Stages {
		h := web.Histogram{Count: st.Count, Sum: st.Sum.Seconds(), Buckets: map[float64]uint64{}}
		sum := uint64(0)
		for i, bound := range slackbot.Bounds {
			sum += st.Buckets[i]
			h.Buckets[bound.Seconds()] = sum
		}
		stages[name] = h
	}
	one := func(n uint64) map[string]uint64 { return map[string]uint64{"": n} }
	gauge := func(n int) map[string]float64 { return map[string]float64{"": float64(n)} }
	return []web.Family{
		{Name: "kildesvar_questions_total", Help: "Questions closed, by outcome.", Labels: []string{"outcome"}, Counters: s.Outcomes},
		{Name: "kildesvar_questions_asked_total", Help: "Questions recorded, by where they were asked.", Labels: []string{"surface"}, Counters: s.Asked},
		{Name: "kildesvar_deliveries_total", Help: "Deliveries from Slack, by kind and what became of them.", Labels: []string{"kind", "outcome"}, Counters: s.Deliveries},
		{Name: "kildesvar_redeliveries_total", Help: "Deliveries that Slack marked as repeated.", Counters: one(s.Redeliveries)},
		{Name: "kildesvar_duplicates_total", Help: "Questions that came more than once, by whatever way.", Counters: one(s.Duplicates)},
		{Name: "kildesvar_actions_total", Help: "Buttons pressed, by action id.", Labels: []string{"action"}, Counters: s.Actions},
		{Name: "kildesvar_feedback_total", Help: "Ratings.", Labels: []string{"rating"}, Counters: s.Feedback},
		{Name: "kildesvar_relays_total", Help: "Experts' replies carried back to askers.", Counters: one(s.Relays)},
		{Name: "kildesvar_slack_calls_total", Help: "Calls of Slack's Web API, by method and outcome.", Labels: []string{"method", "outcome"}, Counters: s.Calls},
		{Name: "kildesvar_stage_seconds", Help: "Time of each stage: ack, queue, ask, post, total.", Labels: []string{"stage"}, Histograms: stages},
		{Name: "kildesvar_queue", Help: "Open questions.", Gauges: gauge(s.Queue)},
		{Name: "kildesvar_acts", Help: "Modals, deletions and the like waiting or under way.", Gauges: gauge(s.Acts)},
		{Name: "kildesvar_sockets", Help: "Open sockets.", Gauges: gauge(s.Sockets)},
	}
}

// modelFamilies turn what language models did into measurements; none without a model.
func modelFamilies(usage func() written.Usage) []web.Family {
	if usage == nil {
		return nil
	}
	u := usage()
	one := func(n uint64) map[string]uint64 { return map[string]uint64{"": n} }
	return []web.Family{
		{Name: "kildesvar_model_calls_total", Help: "Calls of language models, by outcome.", Labels: []string{"outcome"}, Counters: u.Calls},
		{Name: "kildesvar_model_fallbacks_total", Help: "Answers that were quoted although a model was asked, by reason.", Labels: []string{"reason"}, Counters: u.Fallbacks},
		{Name: "kildesvar_model_answers_total", Help: "Answers that a model wrote.", Counters: one(u.Written)},
		{Name: "kildesvar_model_cached_total", Help: "Of them, those given again.", Counters: one(u.CacheHits)},
		{Name: "kildesvar_model_sentences_total", Help: "Sentences that models wrote, by whether the passages bear them out.", Labels: []string{"verdict"},
			Counters: map[string]uint64{"verified": u.Verified, "refused": u.Refused}},
		{Name: "kildesvar_model_tokens_total", Help: "Tokens used, by kind.", Labels: []string{"kind"}, Counters: map[string]uint64{"prompt": u.PromptTokens, "reply": u.ReplyTokens}},
		{Name: "kildesvar_model_milliseconds_total", Help: "Time of all calls together.", Counters: one(uint64(max(u.Took.Milliseconds(), 0)))},
	}
}

// readyWait is how often demo looks whether the assistant is connected.
const readyWait = 20 * time.Millisecond
