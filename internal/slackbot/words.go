package slackbot

import (
	"strings"

	"kildesvar/internal/question"
	"kildesvar/internal/slackbot/slacktext"
)

// notice names a message of the assistant's own in place of an answer. The names stand in the journal: never change one.
type notice string

const (
	noticeNone     notice = ""
	noticeEmpty    notice = "tomt"
	noticeLong     notice = "for_langt"
	noticeBroken   notice = "ulaeseligt"
	noticeTooMany  notice = "for_mange"
	noticeBusy     notice = "travlt"
	noticeShared   notice = "delt_kanal"
	noticeError    notice = "fejl"
	noticeLate     notice = "for_sent"
	noticeHello    notice = "hej"
	noticeThanks   notice = "tak"
	noticeSilent   notice = "tavs" // no message at all
	noticeGreeting notice = "velkomst"
)

// again says that a notice offers to ask once more.
var again = map[notice]bool{noticeBusy: true, noticeError: true, noticeLate: true}

// words are a notice in Markdown. id is the reference that also stands in the log.
func (b *Bot) words(n notice, id string) string {
	command := slacktext.Markdown(b.cfg.Command)
	switch n {
	case noticeEmpty:
		return "Der stod ikke noget spørgsmål. Skriv, hvad du vil vide, så leder jeg i artiklerne."
	case noticeLong:
		return "Dit spørgsmål er for langt til mig. Skriv det med få sætninger, så leder jeg i artiklerne."
	case noticeBroken:
		return "Jeg kunne ikke læse dit spørgsmål. Prøv at skrive det igen."
	case noticeTooMany:
		return "Du når lige at stille mange spørgsmål på kort tid. Vent et minuts tid, og spørg så igen."
	case noticeBusy:
		return "Der er mange, som spørger lige nu, så jeg kan ikke svare med det samme. Vent et øjeblik, og spørg igen."
	case noticeShared:
		return "Jeg svarer ikke i kanaler, som er delt med andre organisationer. Skriv til mig i en direkte besked i stedet."
	case noticeError:
		return "Der gik noget galt hos mig, så jeg kan ikke svare lige nu. Prøv igen om lidt. Bliver det ved, så giv jeres administrator dette nummer: " + slacktext.Markdown(id)
	case noticeLate:
		return "Undskyld, jeg nåede ikke at svare på dit spørgsmål i tide. Vil du stadig have et svar?"
	case noticeThanks:
		return "Selv tak. Spørg bare igen."
	case noticeGreeting:
		return "Hej, jeg er en AI-assistent. Nævn mig med et spørgsmål, så svarer jeg i en tråd ud fra " + slacktext.Markdown(b.cfg.Knowledge) + ", med kilder.\n" +
			"Vil du have et svar, som kun du ser, så skriv `" + command + "` og dit spørgsmål. Skriv ikke navne eller CPR-numre."
	default:
		return "Hej, jeg er en AI-assistent. Jeg svarer på spørgsmål ud fra " + slacktext.Markdown(b.cfg.Knowledge) +
			", og jeg viser altid, hvor svaret står." + b.examples() + "\n\nJeg svarer ikke på spørgsmål om bestemte personer eller sager."
	}
}

// examples are the first example of each audience, as a list.
func (b *Bot) examples() string {
	var s strings.Builder
	for i, e := range b.cfg.Examples {
		if len(e.Questions) > 0 && i < 4 {
			s.WriteString("\n- " + slacktext.Markdown(e.Questions[0]))
		}
	}
	if s.Len() == 0 {
		return ""
	}
	return "\n\nDu kan fx spørge:" + s.String()
}

// smallTalk is the notice for what is no question, noticeNone for what may be one.
func smallTalk(text string) notice {
	switch r := question.Read(text); {
	case r.Shape == question.ShapeThanks:
		return noticeThanks
	case r.Shape == question.ShapeGreeting, r.Topic == question.TopicSelf:
		return noticeHello
	}
	return noticeNone // what else is asked about the assistant is answered like a question
}
