package message

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"kildesvar/internal/answer"
	"kildesvar/internal/slackbot/slacktext"
)

// Most of what is listed under an answer; the rest is in the excerpt modal.
const (
	maxReferences = 6
	maxReferenced = 2_000 // characters of all references together
	maxListed     = 1_800 // characters of all sources together
	maxItem       = 450   // of one reference or note, before escaping
	maxTitle      = 150   // of a title or section, before escaping
	maxRelated    = 3
	maxNext       = 2
	maxChoices    = 3 // of a clarification
)

// Footer is what stands under the answer proper; cut says that the answer was shortened.
func Footer(a *answer.Answer, o Options, cut bool) []slack.Block {
	var blocks []slack.Block
	add := func(b slack.Block) { blocks = append(blocks, b) }
	answered := a.Status == answer.StatusAnswered
	if answered {
		add(contextLine(sourceLine(a, o.Hosts)))
		if s := literature(a.Literature); s != "" {
			add(contextLine(s))
		}
	} else if s := relatedLine(a.Related, o.Hosts); s != "" {
		add(contextLine("*Det nærmeste, jeg har:* " + s))
	}
	if s := notes(a.Notes); s != "" {
		add(contextLine(s))
	}
	add(actions(a, o, cut))
	if next := nextButtons(a, o); next != nil {
		add(next)
	}
	add(rating(o))
	add(contextLine(Provenance(a)))
	return blocks
}

// contextLine is small text that is already safe.
func contextLine(text string) slack.Block {
	return slack.NewContextBlock("", mrkdwn(text))
}

// mrkdwn is a text object of text that is already safe.
func mrkdwn(text string) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.MarkdownType, Text: text, Verbatim: true}
}

// plain is a text object of any text; a plain_text object shows everything as it stands.
func plain(text string, n int) *slack.TextBlockObject {
	text, _ = slacktext.Cut(strings.Join(strings.Fields(slacktext.Clean(text)), " "), n)
	return &slack.TextBlockObject{Type: slack.PlainTextType, Text: orElse(text, "–")}
}

// sourceLine lists the articles, each with its numbers, which link to it.
func sourceLine(a *answer.Answer, hosts slacktext.Hosts) string {
	var order []string
	numbers, titles := map[string][]string{}, map[string]string{}
	for _, s := range a.Sources {
		key := orElse(s.Article, s.Title)
		if numbers[key] == nil {
			order = append(order, key)
			titles[key] = hosts.Mrkdwn(cutTitle(s.Title, s.Article), s.URL)
		}
		numbers[key] = append(numbers[key], hosts.Mrkdwn(fmt.Sprintf("[%d]", s.N), s.URL))
	}
	items := make([]string, len(order))
	for i, key := range order {
		items[i] = strings.Join(numbers[key], " ") + " " + titles[key]
		if utf8.RuneCountInString(items[i]) > maxListed {
			items[i] = titles[key] // with very many passages the numbers stand in the answer alone
		}
	}
	return "*Kilder:* " + joined(items, " · ", maxListed, "og %d til i uddraget")
}

// literature lists the formatted references.
func literature(refs []answer.Reference) string {
	if len(refs) == 0 {
		return ""
	}
	items := make([]string, len(refs))
	for i, r := range refs {
		items[i] = "• " + safe(r.Reference, maxItem)
	}
	rest := ""
	if n := len(items) - maxReferences; n > 0 {
		items, rest = items[:maxReferences], fmt.Sprintf("\nog %d til i uddraget", n)
	}
	return "*Litteratur*\n" + joined(items, "\n", maxReferenced, "og %d til i uddraget") + rest
}

// safe is text of one line for mrkdwn. It is cut before it is escaped, so that no escape is cut in two.
func safe(s string, n int) string {
	s, _ = slacktext.Cut(strings.Join(strings.Fields(slacktext.Clean(s)), " "), n)
	return slacktext.Mrkdwn(s)
}

func cutTitle(title, article string) string {
	s, _ := slacktext.Cut(orElse(title, article), maxTitle)
	return s
}

// joined joins items as far as n characters allow, the first always, and says how many are left.
func joined(items []string, sep string, n int, more string) string {
	var b strings.Builder
	for i, it := range items {
		if n -= utf8.RuneCountInString(it + sep); i > 0 && n < 0 {
			return b.String() + sep + fmt.Sprintf(more, len(items)-i)
		}
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(it)
	}
	return b.String()
}

func relatedLine(related []answer.Related, hosts slacktext.Hosts) string {
	var items []string
	for _, r := range related[:min(len(related), maxRelated)] {
		items = append(items, hosts.Mrkdwn(cutTitle(r.Title, r.Article), r.URL))
	}
	return strings.Join(items, " · ")
}

func notes(notes []string) string {
	var lines []string
	for _, n := range notes {
		if n = safe(n, maxItem); n != "" {
			lines = append(lines, "ℹ️ "+n)
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return joined(lines, "\n", 1_500, "og %d bemærkninger til")
}

// button makes a button whose value is the answer's id.
func button(action, label, spoken, value string) *slack.ButtonBlockElement {
	b := slack.NewButtonBlockElement(action, value, plain(label, maxButton))
	b.AccessibilityLabel, _ = slacktext.Cut(strings.Join(strings.Fields(slacktext.Clean(spoken)), " "), maxButton)
	return b
}

func actions(a *answer.Answer, o Options, cut bool) slack.Block {
	var row []slack.BlockElement
	human := button(Escalate, "Spørg et menneske", "Send spørgsmålet videre til en fagperson", o.ID)
	human.Confirm = slack.NewConfirmationBlockObject(plain("Send videre?", 100),
		plain("Spørgsmål, svar og kilder sendes til fagpersonerne. De kan se, hvem der spørger.", 300), plain("Send", 30), plain("Fortryd", 30))
	if a.Status == answer.StatusAnswered {
		if cut {
			row = append(row, button(ReadMore, "Læs mere", "Læs hele svaret", o.ID))
		}
		row = append(row, button(Excerpt, "Vis uddrag", "Vis de tekstuddrag, svaret bygger på", o.ID), human)
		if len(a.Literature) > 0 {
			row = append(row, button(Copy, "Kopiér henvisning", "Vis henvisningerne som tekst, der kan kopieres", o.ID))
		}
	} else {
		human.Style = slack.StylePrimary
		row = append(row, human)
	}
	if o.Private {
		label := "Send i kanalen"
		if o.Thread {
			label = "Send i tråden"
		}
		row = append(row, button(Send, label, "Vis svaret for alle", o.ID))
	}
	return slack.NewActionBlock("svar:"+o.ID+":handlinger", row...)
}

// nextButtons are the questions to go on with; nil if there are none. A question that is too long for a button is left out.
func nextButtons(a *answer.Answer, o Options) slack.Block {
	most := maxNext
	if a.Status == answer.StatusUnclear {
		most = maxChoices
	}
	var row []slack.BlockElement
	for i, q := range a.Next {
		if i == most {
			break
		}
		if q == "" || utf8.RuneCountInString(q) > maxButton {
			continue
		}
		row = append(row, button(FollowUp+fmt.Sprint(i+1), q, "Spørg: "+q, o.ID))
	}
	if len(row) == 0 {
		return nil
	}
	return slack.NewActionBlock("svar:"+o.ID+":opfoelgning", row...)
}

func rating(o Options) slack.Block {
	elements := []slack.BlockElement{slack.NewFeedbackButtonsBlockElement(Feedback,
		slack.NewFeedbackButton(plain("Det hjalp", maxButton), o.ID+UpSuffix).WithAccessibilityLabel("Svaret hjalp"),
		slack.NewFeedbackButton(plain("Det hjalp ikke", maxButton), o.ID+DownSuffix).WithAccessibilityLabel("Svaret hjalp ikke"))}
	if asker := userID(o.Asker); asker != "" && !o.Private {
		elements = append(elements, slack.NewIconButtonBlockElement("trash", plain("Slet svar", maxButton), Delete).
			WithValue(o.ID).WithAccessibilityLabel("Slet svaret").WithVisibleToUserIDs([]string{asker}).
			WithConfirm(slack.NewConfirmationBlockObject(plain("Slet svaret?", 100), plain("Svaret forsvinder for alle.", 300), plain("Slet", 30), plain("Behold", 30))))
	}
	return slack.NewContextActionsBlock("svar:"+o.ID+":feedback", elements...)
}

// Provenance says that an AI assistant has answered, and what the answer stands on.
func Provenance(a *answer.Answer) string {
	switch {
	case a.Status != answer.StatusAnswered:
		return "AI-assistent · Svarer kun ud fra temaartiklerne og deres litteratur"
	case a.Mode == answer.ModeExtractive:
		return "AI-assistent · Sætningerne er citeret fra temaartiklerne · Tjek kilderne, før du bruger svaret"
	default:
		return "AI-assistent · Skrevet af en sprogmodel ud fra temaartiklerne og kontrolleret mod dem" + model(a.Model) + " · Tjek kilderne, før du bruger svaret"
	}
}

func model(name string) string {
	if name == "" {
		return ""
	}
	name, _ = slacktext.Cut(name, 60)
	return " (" + slacktext.Mrkdwn(name) + ")"
}
