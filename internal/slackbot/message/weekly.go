package message

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"kildesvar/internal/chart"
	"kildesvar/internal/report"
	"kildesvar/internal/slackbot/slacktext"
)

// weeklyWishes is how many wishes the week's message names.
const weeklyWishes = 5

// Weekly is the week's message to the experts: a few numbers, and what was asked and not answered. It names nobody, and no question that only
// one person asked.
func Weekly(r *report.Report) Message {
	section := func(text string) slack.Block { return slack.NewSectionBlock(mrkdwn(text), nil, nil) }
	period := r.From.Format("2.1.") + " til " + r.To.AddDate(0, 0, -1).Format("2.1.2006")
	blocks := []slack.Block{slack.NewHeaderBlock(plain("Kildesvar i brug, "+period, 140))}
	line := "Ingen har spurgt artiklerne om noget."
	if r.Questions > 0 {
		line = fmt.Sprintf("*%d* spørgsmål fra *%d* %s: *%s* besvaret, *%s* kunne artiklerne ikke svare på.", r.Questions, r.People, plural(r.People, "person", "personer"),
			chart.Percent(share(r, report.Answered)), chart.Percent(share(r, report.Refused)))
	}
	blocks = append(blocks, section(line))
	var more []string
	if r.Up+r.Down > 0 {
		more = append(more, fmt.Sprintf("Vurderinger: %d hjalp, %d hjalp ikke.", r.Up, r.Down))
	}
	if open := report.N(r.Escalations, "open"); open > 0 {
		more = append(more, fmt.Sprintf("%d spørgsmål til et menneske er ikke taget endnu.", open))
	}
	if len(r.Stale) > 0 {
		more = append(more, fmt.Sprintf("%d svar i Slack bygger på noget, der er ændret siden.", len(r.Stale)))
	}
	if len(more) > 0 {
		blocks = append(blocks, section(strings.Join(more, "\n")))
	}
	if text := weeklyList(r.Wishes); text != "" {
		blocks = append(blocks, section(text))
	}
	blocks = append(blocks, contextLine("Ugentlig besked fra en AI-assistent · Hele rapporten: »kildesvar report --html FIL«"))
	return Message{Text: slacktext.Text("Kildesvar i brug, " + period + ": " + strings.ReplaceAll(line, "*", "")), Blocks: blocks}
}

// weeklyList names the wishes that several people had: what only one person asked, perhaps privately, is not for a channel.
func weeklyList(wishes []report.Wish) string {
	var b strings.Builder
	named := 0
	for _, w := range wishes {
		if w.People > 1 && named < weeklyWishes {
			named++
			fmt.Fprintf(&b, "\n%d × %s", w.Size, safe(w.Question, maxItem/weeklyWishes))
		}
	}
	switch more := len(wishes) - named; {
	case len(wishes) == 0:
		return ""
	case named == 0:
		fmt.Fprintf(&b, "\n%d %s, som kun én har spurgt om", more, plural(more, "emne", "emner"))
	case more > 0:
		fmt.Fprintf(&b, "\nog %d %s til", more, plural(more, "emne", "emner"))
	}
	return "*Det mangler i artiklerne*" + b.String()
}

func share(r *report.Report, o report.Outcome) float64 {
	return float64(report.N(r.Outcomes, string(o))) / float64(r.Questions)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
