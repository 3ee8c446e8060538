package message

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"kildesvar/internal/answer"
	"kildesvar/internal/slackbot/slacktext"
)

// maxViewBlocks is a little less than Slack's 100, for the last lines of a modal.
const maxViewBlocks = 96

func modal(title, callback string, blocks []slack.Block) slack.ModalViewRequest {
	return slack.ModalViewRequest{Type: slack.VTModal, CallbackID: callback, Title: plain(title, 24), Close: plain("Luk", 24), Blocks: slack.Blocks{BlockSet: blocks}}
}

// Excerpts is the modal with the quoted passages, the used sentences in bold.
func Excerpts(a *answer.Answer, o Options) slack.ModalViewRequest {
	used := map[int][]string{}
	for _, c := range a.Claims {
		for _, n := range c.Sources {
			used[n] = append(used[n], c.Text)
		}
	}
	refs := map[string]string{}
	for _, r := range a.Literature {
		refs[r.ID] = r.Reference
	}
	blocks := []slack.Block{contextLine("Her er de steder i artiklerne, som svaret bygger på. Sætninger, der er brugt ordret, står med *fed*.")}
	for i, s := range a.Sources {
		part := excerpt(s, used[s.N], refs, o)
		if len(blocks)+len(part)+2 > maxViewBlocks {
			blocks = append(blocks, contextLine(fmt.Sprintf("%d uddrag mere er udeladt.", len(a.Sources)-i)))
			break
		}
		blocks = append(blocks, part...)
	}
	if len(a.Sources) == 0 {
		blocks = []slack.Block{contextLine("Svaret bygger ikke på noget uddrag.")}
	}
	blocks = append(blocks, contextLine(Provenance(a)))
	return modal("Uddrag bag svaret", ReadOnly, blocks)
}

func excerpt(s answer.Source, used []string, refs map[string]string, o Options) []slack.Block {
	head := fmt.Sprintf("*[%d]* %s", s.N, o.Hosts.Mrkdwn(cutTitle(s.Title, s.Article), s.URL))
	if s.Section != "" {
		head += "\nAfsnit »" + safe(s.Section, maxTitle) + "«"
	}
	blocks := []slack.Block{slack.NewSectionBlock(mrkdwn(head), nil, nil), quote(s.Quote, used)}
	var lines []string
	for _, id := range s.Literature {
		if r := refs[id]; r != "" {
			lines = append(lines, "• "+safe(r, maxItem))
		}
	}
	if len(lines) > 0 {
		blocks = append(blocks, contextLine("*Litteratur*\n"+joined(lines, "\n", maxBlock-200, "og %d til")))
	}
	if url := o.Hosts.Allow(s.URL); url != "" {
		open := button(OpenSource, "Åbn artiklen", "Åbn artiklen "+s.Title, o.ID)
		open.URL = url
		blocks = append(blocks, slack.NewActionBlock(fmt.Sprintf("kilde:%d", s.N), open))
	}
	return append(blocks, slack.NewDividerBlock())
}

// quote is a passage with the used sentences in bold. Rich text takes every character for itself, so nothing is escaped.
func quote(passage string, used []string) slack.Block {
	passage, _ = slacktext.Cut(slacktext.Clean(passage), maxBlock)
	var elements []slack.RichTextSectionElement
	at := 0
	for _, m := range marks(passage, used) {
		if m[0] > at {
			elements = append(elements, slack.NewRichTextSectionTextElement(passage[at:m[0]], nil))
		}
		elements = append(elements, slack.NewRichTextSectionTextElement(passage[m[0]:m[1]], &slack.RichTextSectionTextStyle{Bold: true}))
		at = m[1]
	}
	if at < len(passage) {
		elements = append(elements, slack.NewRichTextSectionTextElement(passage[at:], nil))
	}
	if len(elements) == 0 {
		elements = append(elements, slack.NewRichTextSectionTextElement("–", nil))
	}
	return slack.NewRichTextBlock("", &slack.RichTextQuote{Type: slack.RTEQuote, Elements: elements})
}

// marks finds sentences in a passage: byte ranges in order, not overlapping.
func marks(passage string, used []string) [][2]int {
	var out [][2]int
	for _, u := range used {
		u = strings.TrimSpace(slacktext.Clean(u))
		if i := strings.Index(passage, u); u != "" && i >= 0 {
			out = append(out, [2]int{i, i + len(u)})
		}
	}
	slices.SortFunc(out, func(a, b [2]int) int { return a[0] - b[0] })
	kept := out[:0]
	end := 0
	for _, m := range out {
		if m[0] >= end {
			kept, end = append(kept, m), m[1]
		}
	}
	return kept
}

// Whole is the modal with the whole answer.
func Whole(a *answer.Answer, o Options) slack.ModalViewRequest {
	var blocks []slack.Block
	for _, c := range a.Claims {
		parts := pieces(c.Text)
		for i, text := range parts {
			text = slacktext.Mrkdwn(text)
			if i == len(parts)-1 {
				text += cited(a, c, o)
			}
			if len(blocks) < maxViewBlocks-2 {
				blocks = append(blocks, slack.NewSectionBlock(mrkdwn(text), nil, nil))
			}
		}
	}
	if len(a.Claims) == 0 {
		blocks = append(blocks, slack.NewSectionBlock(mrkdwn(safe(Plain(a), maxItem)), nil, nil))
	} else {
		blocks = append(blocks, contextLine(sourceLine(a, o.Hosts)))
	}
	blocks = append(blocks, contextLine(Provenance(a)))
	return modal("Hele svaret", ReadOnly, blocks)
}

// cited are a claim's first numbers as links.
func cited(a *answer.Answer, c answer.Claim, o Options) string {
	var b strings.Builder
	for _, n := range c.Sources[:min(len(c.Sources), 5)] {
		if n >= 1 && n <= len(a.Sources) {
			b.WriteString(" " + o.Hosts.Mrkdwn(fmt.Sprintf("[%d]", n), a.Sources[n-1].URL))
		}
	}
	return b.String()
}

// pieces cuts a long text, before it is escaped, so that each piece fits a text object whatever it consists of.
func pieces(s string) []string {
	var out []string
	s = slacktext.Clean(s)
	for r := []rune(s); len(r) > maxItem; r = []rune(s) {
		cut := maxItem
		for cut > maxItem/2 && !unicode.IsSpace(r[cut]) {
			cut--
		}
		if cut == maxItem/2 {
			cut = maxItem
		}
		out, s = append(out, string(r[:cut])), strings.TrimSpace(string(r[cut:]))
	}
	return append(out, s)
}

// References is the modal with the references as text to copy.
func References(a *answer.Answer, _ Options) slack.ModalViewRequest {
	var texts []string
	room := 0
	for _, r := range a.Literature {
		ref := strings.Join(strings.Fields(slacktext.Clean(r.Reference)), " ")
		n := utf8.RuneCountInString(ref) + 1
		if len(texts) == 0 || n > room {
			texts, room = append(texts, ""), maxBlock
		}
		ref, _ = slacktext.Cut(ref, maxBlock)
		last := len(texts) - 1
		texts[last] = strings.TrimPrefix(texts[last]+"\n"+ref, "\n")
		room -= n
	}
	blocks := []slack.Block{contextLine("Markér teksten, og kopiér den. Henvisningerne er skrevet i APA-stil.")}
	for i, t := range texts[:min(len(texts), maxViewBlocks-1)] {
		in := slack.NewPlainTextInputBlockElement(nil, fmt.Sprintf("henvisning_%d", i+1))
		in.Multiline, in.InitialValue = true, t
		block := slack.NewInputBlock("", plain("Henvisninger", 100), nil, in)
		block.Optional = true
		blocks = append(blocks, block)
	}
	if len(texts) == 0 {
		blocks = []slack.Block{contextLine("Der er ingen litteratur til dette svar.")}
	}
	v := modal("Kopiér henvisning", ReadOnly, blocks)
	if len(texts) > 0 {
		v.Submit = plain("Færdig", 24)
	}
	return v
}

// Block and action ids of the feedback form, and the reasons it offers, by value.
const (
	reasonBlock, reasonAction   = "grund", "grund"
	commentBlock, commentAction = "kommentar", "kommentar"
)

var reasons = []struct{ value, label string }{
	{"forkert", "Svaret er forkert"},
	{"mangler", "Der mangler noget"},
	{"foraeldet", "Kilden er forældet"},
	{"andet_spoergsmaal", "Det var ikke det, jeg spurgte om"},
}

// FeedbackForm asks what was wrong with an answer.
func FeedbackForm(id string) slack.ModalViewRequest {
	var options []*slack.OptionBlockObject
	for _, r := range reasons {
		options = append(options, slack.NewOptionBlockObject(r.value, plain(r.label, 75), nil))
	}
	why := slack.NewInputBlock(reasonBlock, plain("Hvad var galt?", 100), nil, slack.NewRadioButtonsBlockElement(reasonAction, options...))
	why.Optional = true
	text := slack.NewPlainTextInputBlockElement(plain("Skriv ikke navne eller CPR-numre", 100), commentAction)
	text.Multiline, text.MaxLength = true, 1000
	comment := slack.NewInputBlock(commentBlock, plain("Vil du uddybe?", 100), nil, text)
	comment.Optional = true
	v := modal("Hvad var galt?", WhyNot, []slack.Block{why, comment,
		contextLine("Din vurdering bruges til at gøre artikler og svar bedre. Vil du have et menneske til at svare, så luk og vælg »Spørg et menneske«.")})
	v.Submit, v.PrivateMetadata = plain("Send", 24), id
	return v
}

// Reason is the value of the chosen reason if it is one of those offered, else "".
func Reason(value string) string {
	for _, r := range reasons {
		if r.value == value {
			return value
		}
	}
	return ""
}

// FormPlaces are the block and action ids of reason and comment in a submitted form.
func FormPlaces() (reason, comment [2]string) {
	return [2]string{reasonBlock, reasonAction}, [2]string{commentBlock, commentAction}
}
