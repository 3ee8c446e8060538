// Package check tries a set-up at Slack for `doctor`: tokens, scopes, sockets, the expert channel and the clock.
//
// It changes nothing at Slack, posts nothing and opens no socket. What is asked of the app is what the manifest asks for
// (slackbot.Scopes); reading the settings and showing the findings is cmd's.
//
// Third-party: slack-go, for the three calls it makes with tokens that may be wrong.
package check

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"kildesvar/internal/slackbot"
	"kildesvar/internal/slackbot/webapi"
)

// Finding is the outcome of one check of the set-up, in Danish.
type Finding struct {
	Name    string `json:"name"`
	Detail  string `json:"detail"`            // what was found
	Problem string `json:"problem,omitempty"` // what is wrong and what to do; empty when all is well
}

// maxSkew is how far the clock may be from Slack's: signatures are good for five minutes.
const maxSkew = time.Minute

// Run tries the tokens, scopes, sockets and the expert channel that a Config names, and compares the clock with Slack's. It stops early when the bot token is no good, since nothing else can be asked then.
func Run(ctx context.Context, cfg slackbot.Config) []Finding {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	opts := []slack.Option{slack.OptionAppLevelToken(cfg.AppToken), slack.OptionHTTPClient(webapi.NoRedirects(&http.Client{Timeout: 10 * time.Second}))}
	if cfg.APIURL != "" {
		opts = append(opts, slack.OptionAPIURL(cfg.APIURL))
	}
	api := slack.New(cfg.BotToken, opts...)
	if f := prefixFinding("Bot-token", cfg.BotToken, "SLACK_BOT_TOKEN", "xoxb-"); f.Problem != "" {
		return []Finding{f}
	}
	before := time.Now()
	who, err := api.AuthTestContext(ctx)
	if err != nil {
		return []Finding{{Name: "Bot-token", Problem: whyToken(err, "SLACK_BOT_TOKEN", "xoxb-", "OAuth & Permissions")}}
	}
	out := []Finding{{Name: "Bot-token", Detail: fmt.Sprintf("%s i %s", who.User, who.Team)}, scopesFinding(who.Header), clockFinding(who.Header, before)}
	switch f := prefixFinding("Socket Mode", cfg.AppToken, "SLACK_APP_TOKEN", "xapp-"); {
	case cfg.AppToken == "": // HTTP mode
	case f.Problem != "":
		out = append(out, f)
	default:
		out = append(out, socketFinding(ctx, api))
	}
	if cfg.ExpertChannel != "" {
		out = append(out, expertFinding(ctx, api, cfg.ExpertChannel))
	}
	return out
}

// prefixFinding sees a token of the wrong sort, which Slack may take for some calls.
func prefixFinding(name, token, env, prefix string) Finding {
	f := Finding{Name: name}
	if !strings.HasPrefix(token, prefix) {
		f.Problem = fmt.Sprintf("det er en forkert slags token – i %s skal stå det, der begynder med %s", env, prefix)
	}
	return f
}

// whyToken says why Slack did not take a token.
func whyToken(err error, env, prefix, page string) string {
	switch code := webapi.Code(err); code {
	case "":
		if n, ok := errors.AsType[net.Error](err); ok && n.Timeout() {
			return "Slack svarede ikke i tide – prøv igen, og se efter, om en proxy eller firewall spærrer for slack.com"
		}
		return "Slack kan ikke nås – se efter, om maskinen må gå på nettet, og om SLACK_API_URL er rigtig"
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired":
		return fmt.Sprintf("Slack kender ikke tokenet (%s) – hent det igen under »%s« i appens indstillinger; det begynder med %s og sættes i %s", code, page, prefix, env)
	default:
		return fmt.Sprintf("Slack siger %s – se »%s« i appens indstillinger", code, page)
	}
}

func scopesFinding(h http.Header) Finding {
	f := Finding{Name: "Rettigheder"}
	if h.Get("X-OAuth-Scopes") == "" {
		f.Detail = "Slack oplyste dem ikke"
		return f
	}
	given := strings.FieldsFunc(h.Get("X-OAuth-Scopes"), func(r rune) bool { return r == ',' || r == ' ' })
	var missing []string
	for _, s := range slackbot.Scopes() {
		if !slices.Contains(given, s) {
			missing = append(missing, s)
		}
	}
	if len(missing) > 0 {
		f.Problem = fmt.Sprintf("appen mangler %s – opdatér dens manifest med »kildesvar slack manifest«, og installér appen igen", strings.Join(missing, ", "))
		return f
	}
	f.Detail = fmt.Sprintf("alle %d er givet", len(slackbot.Scopes()))
	return f
}

func clockFinding(h http.Header, before time.Time) Finding {
	f := Finding{Name: "Ur"}
	theirs, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		f.Detail = "Slack oplyste ikke tiden"
		return f
	}
	off := before.Sub(theirs).Abs().Round(time.Second)
	if off > maxSkew {
		f.Problem = fmt.Sprintf("uret går %s forkert i forhold til Slack – slå automatisk tid til på maskinen, ellers afvises leverancer", off)
		return f
	}
	f.Detail = "passer med Slacks"
	return f
}

// socketFinding asks for the address of a socket, but does not connect: that would take deliveries from the running assistant.
func socketFinding(ctx context.Context, api *slack.Client) Finding {
	f := Finding{Name: "Socket Mode"}
	if _, _, err := api.StartSocketModeContext(ctx); err != nil {
		f.Problem = whyToken(err, "SLACK_APP_TOKEN", "xapp-", "Basic Information → App-Level Tokens")
		return f
	}
	f.Detail = "kan åbnes"
	return f
}

func expertFinding(ctx context.Context, api *slack.Client, channel string) Finding {
	f := Finding{Name: "Ekspertkanal"}
	c, err := api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: channel})
	switch {
	case webapi.Code(err) == "channel_not_found":
		f.Problem = fmt.Sprintf("kanalen %s findes ikke, eller appen er ikke med i den – ret KILDESVAR_EXPERT_CHANNEL til kanalens id, og skriv »/invite @Kildesvar« i kanalen", channel)
	case err != nil:
		f.Problem = fmt.Sprintf("kanalen %s kan ikke slås op (%s) – prøv igen", channel, orElse(webapi.Code(err), "Slack svarede ikke"))
	case c.IsArchived:
		f.Problem = fmt.Sprintf("kanalen #%s er arkiveret – vælg en anden i KILDESVAR_EXPERT_CHANNEL", c.Name)
	case !c.IsMember:
		f.Problem = fmt.Sprintf("appen er ikke med i #%s – skriv »/invite @Kildesvar« i kanalen", c.Name)
	default:
		f.Detail = "#" + c.Name
	}
	return f
}

func orElse(s, v string) string {
	if s == "" {
		return v
	}
	return s
}
