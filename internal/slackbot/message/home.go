package message

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"kildesvar/internal/slackbot/slacktext"
)

// Example is a group of example questions.
type Example struct {
	Audience  string // in words, such as "Sagsbehandlere"
	Questions []string
}

// Asked is one of the person's own earlier questions.
type Asked struct {
	Question string
	Link     string // to the answer, at Slack; empty: none
	At       time.Time
	Answered bool
}

// HomeOptions are what the Home page tells.
type HomeOptions struct {
	Knowledge string // what the answers stand on, as the end of a sentence; empty: "temaartiklerne og deres litteratur"
	Command   string // the slash command
	Bot       string // user id of the assistant
	Examples  []Example
	Asked     []Asked
	Expert    bool // somebody answers »Spørg et menneske«
}

// Limits of the page.
const (
	maxAudiences = 6
	maxExamples  = 5
	maxAsked     = 5
)

// Home is the App Home page.
func Home(o HomeOptions) slack.HomeTabViewRequest {
	section := func(text string) slack.Block { return slack.NewSectionBlock(mrkdwn(text), nil, nil) }
	header := func(text string) slack.Block { return slack.NewHeaderBlock(plain(text, 140)) }
	knowledge := safe(orElse(o.Knowledge, DefaultKnowledge), maxItem)
	blocks := []slack.Block{
		header("Spørg, og få svar med kilder"),
		section("Jeg er en *AI-assistent*. Jeg svarer ud fra " + knowledge + ". Hver sætning har et nummer, som fører til artiklen, og litteraturen står under svaret. Kan jeg ikke finde et svar, siger jeg det."),
		section(fmt.Sprintf("*Sådan spørger du*\n• Skriv til mig under fanen _Beskeder_\n• Nævn <@%s> i en kanal, og svar videre i tråden\n• Skriv `%s` og dit spørgsmål for et svar, som kun du ser\n• Vælg _Besvar denne besked_ i menuen ved en besked", userID(o.Bot), safe(o.Command, 40))),
	}
	for i, e := range o.Examples[:min(len(o.Examples), maxAudiences)] {
		if i == 0 {
			blocks = append(blocks, header("Det kan du fx spørge om"))
		}
		lines := []string{"*" + safe(strings.ReplaceAll(e.Audience, "*", ""), maxTitle) + "*"}
		for _, q := range e.Questions[:min(len(e.Questions), maxExamples)] {
			lines = append(lines, "• "+safe(q, maxTitle))
		}
		blocks = append(blocks, section(strings.Join(lines, "\n")))
	}
	if len(o.Asked) > 0 {
		blocks = append(blocks, header("Dine seneste spørgsmål"), section(asked(o.Asked)))
	}
	human := "Jeg kan ikke sende spørgsmål videre til et menneske endnu; det skal jeres administrator slå til."
	if o.Expert {
		human = "Vælg »Spørg et menneske« under svaret, så får fagpersonerne dit spørgsmål, og deres svar kommer tilbage til dig."
	}
	blocks = append(blocks,
		header("Var svaret godt?"),
		section("Brug knapperne under svaret: »Det hjalp« eller »Det hjalp ikke«. Du kan skrive, hvad der var galt. Du kan også slette et svar, du selv har bedt om.\n"+human),
		slack.NewDividerBlock(),
		contextLine("Mine grænser: Jeg kender kun "+knowledge+". Jeg træffer ingen afgørelser og svarer ikke på spørgsmål om bestemte personer eller sager. Skriv ikke navne eller CPR-numre. Tjek kilderne, før du bruger et svar."))
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, CallbackID: HomeView, Blocks: slack.Blocks{BlockSet: blocks}}
}

// DefaultKnowledge ends the sentence »Jeg svarer ud fra …«.
const DefaultKnowledge = "temaartiklerne og deres litteratur"

func asked(list []Asked) string {
	var lines []string
	for _, a := range list[:min(len(list), maxAsked)] {
		q := safe(strings.ReplaceAll(a.Question, "|", "¦"), 120)
		link := slacktext.HostsOf(a.Link).Mrkdwn("x", a.Link) // the link is Slack's own, made by us
		switch {
		case strings.HasPrefix(link, "<"):
			q = strings.TrimSuffix(link, "x>") + q + ">"
		case !a.Answered:
			q += " _(ikke besvaret)_"
		}
		lines = append(lines, fmt.Sprintf("• %s · <!date^%d^{date_short_pretty}|%s>", q, a.At.Unix(), a.At.Format("02.01.2006")))
	}
	return strings.Join(lines, "\n")
}
