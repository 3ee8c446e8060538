package message

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"kildesvar/internal/answer"
	"kildesvar/internal/answer/answertest"
	"kildesvar/internal/slackbot/slacktext"
)

// acting is what Slack acts on in any formatted text: its own forms in angle brackets.
var acting = regexp.MustCompile(`<[^>]*>?`)

// ours are the forms that the assistant makes itself: links to the allowed hosts, the people it is told of, and times.
var ours = regexp.MustCompile(`^<(https://vidensportal\.dk/|https://demo\.slack\.com/|@U0ANNA>|@U0BO>|@U0KILDE>|!date\^)`)

// markdownLink is a live link in Markdown: an unescaped bracket before the address.
var markdownLink = regexp.MustCompile(`(?:^|[^\\])\]\(([^)]*)`)

// bareAddress is what Slack links by itself in Markdown and in a message's text.
var bareAddress = regexp.MustCompile(`(?i)\b(?:https?|slack|javascript|ftp)://|\bwww\.[a-z]|\b(?:mailto|tel):[^\s]`)

// hidden are characters nobody sees.
var hidden = regexp.MustCompile("[\x00-\x08\x0b-\x1f\x7f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufe00-\ufe0f\U000e0000-\U000e01ef]")

// leaks lists what Slack would act on in a message or view, and what cannot be seen in it.
func leaks(t *testing.T, text string, blocks any) (out []string) {
	t.Helper()
	raw, err := json.Marshal(blocks)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	look := func(kind, s string) {
		for _, m := range acting.FindAllString(s, -1) {
			if !ours.MatchString(m) {
				out = append(out, kind+": "+m)
			}
		}
		rest := acting.ReplaceAllString(s, "")
		if kind == "markdown" {
			for _, m := range markdownLink.FindAllStringSubmatch(s, -1) {
				if !strings.HasPrefix(m[1], base) {
					out = append(out, "a link in Markdown: "+m[1])
				}
			}
			rest = markdownLink.ReplaceAllString(s, "")
		}
		if kind != "mrkdwn" && bareAddress.MatchString(rest) {
			out = append(out, "an address in "+kind+": "+bareAddress.FindString(rest))
		}
	}
	look("text", text)
	see := func(v any) {
		switch x := v.(type) {
		case map[string]any:
			kind, _ := x["type"].(string)
			s, isText := x["text"].(string)
			if isText && (kind == "mrkdwn" || kind == "markdown") {
				look(kind, s)
			}
			if kind == "mrkdwn" && x["verbatim"] != true {
				out = append(out, "not verbatim")
			}
			if u, ok := x["url"].(string); ok && !strings.HasPrefix(u, base) && !strings.HasPrefix(u, "https://demo.slack.com/") {
				out = append(out, "a button leads to "+u)
			}
			if u, ok := x["image_url"].(string); ok {
				out = append(out, "a picture is fetched from "+u)
			}
		case string:
			if hidden.MatchString(strings.ReplaceAll(x, "ℹ️", "")) {
				out = append(out, "hidden characters: "+x)
			}
		}
	}
	answertest.Walk(v, see)
	see(text)
	return out
}

// planted is an answer that is the attacker's in every text.
func planted(text string) *answer.Answer {
	a := sample()
	for i := range a.Claims {
		a.Claims[i].Text = text
	}
	for i := range a.Sources {
		s := &a.Sources[i]
		s.Title, s.Section, s.Quote, s.Article = text, text, "Før. "+text+" Efter.", text
	}
	a.Sources[1].URL, a.Sources[2].URL = text, "https://ond.example/"+text
	for i := range a.Literature {
		a.Literature[i].Reference = text
	}
	a.Related[0].Title, a.Related[0].URL = text, "https://ond.example"
	a.Notes, a.Next, a.Question, a.Model, a.Mode, a.Generation = []string{text}, []string{text}, text, text, "generative", text
	return a
}

// TestInjectionsStayText: wherever each of the texts stands, in an answer, a refusal, a card, an expert's words, a notice, a modal or the
// Home page, nobody is called, nothing is linked, fetched or hidden, and Slack's rules are kept.
func TestInjectionsStayText(t *testing.T) {
	at := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	for _, in := range answertest.Injections() {
		a := planted(in.Text)
		o := options
		o.Heading, o.Private = in.Text, true
		refused := refusalOf(answer.StatusNotCovered, in.Text)
		refused.Related[0].Title, refused.Notes = in.Text, []string{in.Text}
		unclear := refusalOf(answer.StatusUnclear, "")
		unclear.Next = []string{in.Text}
		for name, m := range map[string]Message{
			"answer": Answer(a, options), "private": Answer(a, o), "refusal": Answer(refused, o), "clarification": Answer(unclear, options), "simple": Simple(a, o),
			"simple refusal": Simple(refused, o), "bare": Bare(a, o), "notice": Notice("Undskyld.", in.Text, "01JD8Z"),
			"card":  Card(a, CardOptions{ID: "E1", Hosts: hosts, Asker: "U0ANNA", Question: in.Text, Permalink: "https://demo.slack.com/archives/C1/p1"}),
			"names": Card(refused, CardOptions{ID: "E1", Hosts: slacktext.Hosts{"vidensportal.dk"}, Asker: in.Text, Question: in.Text, TakenBy: in.Text}),
			"relay": Relay("U0ANNA", "U0BO", in.Text),
		} {
			for _, l := range leaks(t, m.Text, m.Blocks) {
				if name == "names" && strings.HasPrefix(l, "mrkdwn: <@") { // of what an id can consist of, checked by userID
					continue
				}
				t.Errorf("line %d, %s in a %s: %s", in.Line, in.Way, name, l)
			}
			sound(t, m)
		}
		for name, v := range map[string]any{
			"excerpts": Excerpts(a, o), "whole": Whole(a, o), "references": References(a, o),
			"home": Home(HomeOptions{Command: "/kilde", Bot: "U0KILDE", Expert: true, Asked: []Asked{{Question: in.Text, Link: "https://demo.slack.com/archives/C1/p1", At: at}, {Question: in.Text, At: at}}}),
		} {
			for _, l := range leaks(t, "", v) {
				t.Errorf("line %d, %s in %s: %s", in.Line, in.Way, name, l)
			}
			soundView(t, v)
		}
	}
}

// TestLeaksAreSeen: the check above can fail.
func TestLeaksAreSeen(t *testing.T) {
	for name, m := range map[string]Message{
		"mention":    {Text: "a <@U0CLARA> b"},
		"broadcast":  Notice("<!channel>", "", ""),
		"link":       Notice("[klik](https://ond.example)", "", ""),
		"address":    Notice("se https://ond.example/x", "", ""),
		"in text":    {Text: "se www.ond.example"},
		"hidden":     Notice("a\u200bb", "", ""),
		"other host": {Text: "<https://ond.example|vidensportal.dk>"},
	} {
		if len(leaks(t, m.Text, m.Blocks)) == 0 {
			t.Errorf("%s: not seen", name)
		}
	}
}
