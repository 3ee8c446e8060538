package message

import (
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"kildesvar/internal/answer"
	"kildesvar/internal/slackbot/slacktext"
)

// CardOptions are what the expert's card shows.
type CardOptions struct {
	ID        string // of the escalation
	Hosts     slacktext.Hosts
	Asker     string // user id
	Question  string
	Permalink string // of the answer; empty: it is private
	TakenBy   string // user id; empty: nobody
	SolvedBy  string // user id; empty: nobody
}

// Card is the message in the expert channel. a may be nil.
func Card(a *answer.Answer, o CardOptions) Message {
	question := safe(o.Question, maxItem)
	section := func(text string) slack.Block { return slack.NewSectionBlock(mrkdwn(text), nil, nil) }
	blocks := []slack.Block{
		slack.NewHeaderBlock(plain("Spørgsmål til et menneske", 140)),
		section("<@" + userID(o.Asker) + "> spørger:\n&gt; " + orElse(question, "–")),
	}
	if a != nil {
		text, _ := slacktext.Cut(Plain(a), maxItem)
		blocks = append(blocks, section("*Mit svar:* "+slacktext.Mrkdwn(text)))
		if len(a.Sources) > 0 {
			blocks = append(blocks, contextLine(sourceLine(a, o.Hosts)))
		} else if s := relatedLine(a.Related, o.Hosts); s != "" {
			blocks = append(blocks, contextLine("*Det nærmeste, jeg har:* "+s))
		}
	}
	if link := slacktext.HostsOf(o.Permalink).Mrkdwn("Se svaret i tråden", o.Permalink); strings.HasPrefix(link, "<") {
		blocks = append(blocks, contextLine(link))
	}
	var row []slack.BlockElement
	state := "Ingen har taget den endnu."
	if o.TakenBy != "" {
		state = "Taget af <@" + userID(o.TakenBy) + ">."
	}
	if o.SolvedBy != "" {
		state = "Løst af <@" + userID(o.SolvedBy) + ">."
	} else {
		if o.TakenBy == "" {
			take := button(Take, "Jeg tager den", "Tag spørgsmålet", o.ID)
			take.Style = slack.StylePrimary
			row = append(row, take)
		}
		row = append(row, button(Solve, "Løst", "Markér spørgsmålet som løst", o.ID))
	}
	if len(row) > 0 {
		blocks = append(blocks, slack.NewActionBlock("sag:"+o.ID, row...))
	}
	blocks = append(blocks, contextLine(state+" Svar i denne tråd bliver sendt til den, der spurgte, medmindre du nævner en kollega. · AI-assistent"))
	start, _ := slacktext.Cut(o.Question, maxText)
	return Message{Text: "Spørgsmål til et menneske: " + slacktext.Text(start), Blocks: blocks}
}

// Relay brings an expert's words to the asker.
func Relay(asker, expert, text string) Message {
	var blocks []slack.Block
	blocks = append(blocks, slack.NewSectionBlock(mrkdwn("<@"+userID(asker)+"> Et menneske har svaret på dit spørgsmål. <@"+userID(expert)+"> skriver:"), nil, nil))
	for _, p := range pieces(text) {
		if len(blocks) < 12 {
			blocks = append(blocks, slack.NewSectionBlock(mrkdwn(slacktext.Mrkdwn(p)), nil, nil))
		}
	}
	start, _ := slacktext.Cut(text, maxText)
	blocks = append(blocks, contextLine("Svar fra en fagperson, bragt videre af en AI-assistent"))
	return Message{Text: "Svar fra et menneske: " + slacktext.Text(start), Blocks: blocks}
}

// Notice is a short message of the assistant's own, which is trusted except for quoted, which may be empty. With again it has a button
// to ask the question with that id once more.
func Notice(text, quoted, again string) Message {
	body := text
	if quoted != "" {
		q, _ := slacktext.Cut(quoted, 300)
		body += "\n\n> " + slacktext.Markdown(q)
	}
	blocks := []slack.Block{slack.NewMarkdownBlock("", body)}
	if again != "" {
		b := button(AskAgain, "Spørg igen", "Stil spørgsmålet igen", again)
		b.Style = slack.StylePrimary
		blocks = append(blocks, slack.NewActionBlock("svar:"+again+":igen", b))
	}
	blocks = append(blocks, contextLine("AI-assistent · Svarer kun ud fra temaartiklerne og deres litteratur"))
	return Message{Text: slacktext.Text(strings.ReplaceAll(text, "**", "")), Blocks: blocks}
}

// Simple is a message with the same words in the plainest form Slack knows, for when it refuses the richer one.
func Simple(a *answer.Answer, o Options) Message {
	section := func(text string) slack.Block { return slack.NewSectionBlock(mrkdwn(text), nil, nil) }
	var blocks []slack.Block
	if o.Heading != "" {
		blocks = append(blocks, section("*Spørgsmål:* "+safe(o.Heading, 300)))
	}
	left := MaxBody / 2
	for _, c := range a.Claims {
		for _, p := range pieces(c.Text) {
			if left -= len(p); left > 0 {
				blocks = append(blocks, section(slacktext.Mrkdwn(p)))
			}
		}
		if left > 0 {
			last := blocks[len(blocks)-1].(*slack.SectionBlock)
			last.Text.Text += cited(a, c, o)
		}
	}
	if len(a.Claims) == 0 {
		blocks = append(blocks, section(safe(Plain(a), maxItem)))
		if s := relatedLine(a.Related, o.Hosts); s != "" {
			blocks = append(blocks, contextLine(s))
		}
	} else {
		blocks = append(blocks, contextLine(sourceLine(a, o.Hosts)))
		if s := literature(a.Literature); s != "" {
			blocks = append(blocks, contextLine(s))
		}
	}
	var row []slack.BlockElement
	if len(a.Claims) > 0 {
		row = append(row, button(Excerpt, "Vis uddrag", "Vis de tekstuddrag, svaret bygger på", o.ID))
	}
	row = append(row, button(Escalate, "Spørg et menneske", "Send spørgsmålet videre til en fagperson", o.ID))
	blocks = append(blocks, slack.NewActionBlock("", row...), contextLine(Provenance(a)))
	if Size(blocks) > MaxPayload {
		return Bare(a, o)
	}
	return Message{Text: Text(a), Blocks: blocks}
}

// maxBare is how much of a message without blocks Slack takes when it edits one.
const maxBare = 3_900

// Bare is a message without blocks: the last resort.
func Bare(a *answer.Answer, o Options) Message {
	shown := *a
	shown.Model, shown.Sources = slacktext.Defang(a.Model), append([]answer.Source(nil), a.Sources...)
	for i := range shown.Sources { // a message's text is not verbatim: Slack links bare addresses in it
		s := &shown.Sources[i]
		s.Title, s.Article = slacktext.Defang(slacktext.Clean(s.Title)), slacktext.Defang(slacktext.Clean(s.Article))
	}
	rest := "\n\n" + Provenance(&shown)
	if len(a.Sources) > 0 {
		rest = "\n\n" + sourceLine(&shown, o.Hosts) + rest
	}
	for n := MaxBody; ; n = n * 2 / 3 {
		start, _ := slacktext.Cut(Plain(a), n)
		if text := slacktext.Text(start) + rest; utf8.RuneCountInString(text) <= maxBare || n < 100 {
			return Message{Text: text}
		}
	}
}
