// Package message renders answers as Block Kit: messages, modals, the Home page and the expert's card.
//
// It is pure: it knows answers and blocks, nothing of tokens, journals or events. All text from people, articles and models passes
// slacktext; values of buttons are the answer's id and nothing else.
//
// Invariants: every message has at most 50 blocks, 12,000 characters of Markdown and MaxPayload characters of JSON; views have at most
// 100 blocks; mrkdwn is verbatim, so that bare addresses are not linked.
//
// Third-party: slack-go, for the types of Block Kit.
package message

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"kildesvar/internal/answer"
	"kildesvar/internal/slackbot/slacktext"
)

// Action ids of buttons and callback ids of views: what the handlers are registered for.
const (
	Excerpt    = "vis_uddrag"
	Escalate   = "eskaler"
	Copy       = "kopier_henvisning"
	FollowUp   = "opfoelgning_" // and the number, from 1
	Feedback   = "feedback"
	Delete     = "slet_svar"
	ReadMore   = "laes_mere"
	Send       = "send_i_kanalen"
	AskAgain   = "spoerg_igen"
	Take       = "tag_den"
	Solve      = "loest"
	OpenSource = "aabn_kilde"    // a link; clicks need no answer
	WhyNot     = "hjalp_ikke"    // callback of the feedback form
	ReadOnly   = "visning"       // callback of modals without input that matters
	Shortcut   = "besvar_besked" // callback of the message shortcut
	HomeView   = "hjem"          // callback of the Home page
	UpSuffix   = ":op"           // of a feedback value
	DownSuffix = ":ned"          // of a feedback value
)

// Limits, in characters.
const (
	MaxBody    = 3_500  // of the answer proper; the rest is behind »Læs mere«
	MaxPayload = 12_500 // of the blocks as JSON; Slack refuses somewhat more than 13,000
	maxText    = 250    // of the start of the answer in the notification
	maxBlock   = 2_900  // of one text object; Slack takes 3,000
	maxButton  = 75
)

// Options say how an answer is shown.
type Options struct {
	ID      string          // of the answer
	Hosts   slacktext.Hosts // that may be linked to
	Asker   string          // may delete the answer; empty: nobody
	Heading string          // the question, where it does not stand above the answer; may be empty
	Private bool            // only the asker sees it: offer to send it, not to delete it
	Thread  bool            // a private answer that would be sent to a thread
	// Sharer is the user id of who sent a private answer to all, with a live mention; empty: nobody.
	Sharer string
}

// Message is what chat.postMessage needs.
type Message struct {
	Text   string // for notifications and screen readers
	Blocks []slack.Block
}

// Answer renders an answer or a refusal.
func Answer(a *answer.Answer, o Options) Message {
	for limit := MaxBody; ; limit = limit * 2 / 3 {
		chunks, cut := Body(a, o, limit)
		var blocks []slack.Block
		if sharer := userID(o.Sharer); sharer != "" {
			blocks = append(blocks, contextLine("Delt af <@"+sharer+">"))
		}
		blocks = append(blocks, slack.NewMarkdownBlock("", strings.Join(chunks, "")))
		blocks = append(blocks, Footer(a, o, cut)...)
		if Size(blocks) <= MaxPayload {
			return Message{Text: Text(a), Blocks: blocks}
		}
		if limit < 300 { // what stands under the answer is too much by itself
			return Simple(a, o)
		}
	}
}

// Size is the length of blocks as they are sent.
func Size(blocks []slack.Block) int {
	b, err := json.Marshal(blocks)
	if err != nil {
		return MaxPayload + 1
	}
	return utf8.RuneCount(b)
}

// Text is the start of an answer for the notification.
func Text(a *answer.Answer) string {
	start, _ := slacktext.Cut(Plain(a), maxText)
	start = slacktext.Text(start)
	switch n := len(a.Sources); {
	case a.Status != answer.StatusAnswered || n == 0:
		return start
	case n == 1:
		return start + " (1 kilde)"
	default:
		return fmt.Sprintf("%s (%d kilder)", start, n)
	}
}

// Plain is an answer as plain text without citations, as it stands in a thread's history.
func Plain(a *answer.Answer) string {
	if a.Status != answer.StatusAnswered {
		return orElse(strings.TrimSpace(a.Reason), refusal[a.Status])
	}
	texts := make([]string, len(a.Claims))
	for i, c := range a.Claims {
		texts[i] = strings.TrimSpace(c.Text)
	}
	return strings.Join(texts, " ")
}

// refusal is the reason where an answer gives none.
var refusal = map[answer.Status]string{
	answer.StatusNotCovered:   "Det kan jeg ikke finde svar på i artiklerne, og jeg gætter ikke.",
	answer.StatusPersonalCase: "Jeg svarer ikke på spørgsmål om en bestemt person eller sag.",
	answer.StatusUnclear:      "Jeg er ikke sikker på, hvad du spørger om. Prøv at skrive spørgsmålet med flere ord.",
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// Body is the answer proper in Markdown, in pieces of a sentence each that can be streamed one after the other; together they have at
// most limit characters. cut says whether something was left out.
func Body(a *answer.Answer, o Options, limit int) (chunks []string, cut bool) {
	add := func(s string) { chunks = append(chunks, s) }
	if o.Heading != "" {
		q, _ := slacktext.Cut(o.Heading, 300)
		add("**Spørgsmål:** " + slacktext.Markdown(q) + "\n\n")
	}
	if a.Status != answer.StatusAnswered {
		reason, short := slacktext.Cut(Plain(a), limit)
		if a.Refuses() || a.Status == answer.StatusUnclear {
			add("**" + title[a.Status] + "** ")
		}
		add(slacktext.Markdown(reason))
		return chunks, short
	}
	left := limit
	for i, c := range a.Claims {
		text, cites := slacktext.Markdown(c.Text), citations(a, c, o.Hosts)
		lead := ""
		switch {
		case i == 1 && len(a.Claims) > 2:
			lead = "\n\n- "
		case i == 1:
			lead = "\n\n"
		case i > 1:
			lead = "\n- "
		}
		n := utf8.RuneCountInString(lead + text + cites)
		if n > left {
			if i == 0 {
				short, _ := slacktext.Cut(c.Text, max(left-utf8.RuneCountInString(cites), 40))
				add(slacktext.Markdown(short) + cites)
			}
			return chunks, true
		}
		left -= n
		add(lead + text + cites)
	}
	return chunks, false
}

// title begins a refusal.
var title = map[answer.Status]string{
	answer.StatusNotCovered:   "Ikke fundet.",
	answer.StatusPersonalCase: "Det svarer jeg ikke på.",
	answer.StatusUnclear:      "Jeg mangler lidt mere.",
}

// citations are a claim's numbers as links.
func citations(a *answer.Answer, c answer.Claim, hosts slacktext.Hosts) string {
	var b strings.Builder
	for _, n := range c.Sources {
		if n < 1 || n > len(a.Sources) {
			continue
		}
		b.WriteString(" " + hosts.CiteMarkdown(fmt.Sprint(n), a.Sources[n-1].URL))
	}
	return b.String()
}

// userID leaves of a user id what one can consist of.
func userID(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
