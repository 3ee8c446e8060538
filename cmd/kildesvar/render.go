package main

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"kildesvar/internal/answer"
)

// lineWidth is where text is wrapped on a terminal, in characters.
const lineWidth = 88

// page collects text for a terminal or a pipe.
type page struct {
	strings.Builder
	colour, wrap bool
}

func (a *app) newPage() *page {
	return &page{colour: a.terminal && a.getenv("NO_COLOR") == "" && a.getenv("TERM") != "dumb", wrap: a.terminal}
}

// printable is text that a terminal shows and does not act on: a question or an article could hold signs that clear the screen, change
// its title, or turn the direction of writing.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
}

// escapeUnprintable writes what printable drops as \u in JSON, which means the same: package json leaves some of it as it is.
func escapeUnprintable(doc string) string {
	if printable(doc) == doc {
		return doc
	}
	var b strings.Builder
	for _, r := range doc {
		switch {
		case printable(string(r)) != "":
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

func (p *page) heading(s string) {
	s = printable(s)
	if p.colour {
		s = "\x1b[1m" + s + "\x1b[0m"
	}
	p.WriteString("\n" + s + "\n")
}

// text writes a paragraph; on a terminal it is wrapped, with following lines indented.
func (p *page) text(first, rest, s string) {
	first, s = printable(first), printable(s)
	if !p.wrap {
		p.WriteString(first + s + "\n")
		return
	}
	line := first
	width := utf8.RuneCountInString(first)
	empty := true
	for _, w := range strings.Fields(s) {
		n := utf8.RuneCountInString(w)
		if !empty && width+1+n > lineWidth {
			p.WriteString(line + "\n")
			line, width, empty = rest, utf8.RuneCountInString(rest), true
		}
		if !empty {
			line, width = line+" ", width+1
		}
		line, width, empty = line+w, width+n, false
	}
	p.WriteString(line + "\n")
}

// printAnswer writes an answer for a person.
func (a *app) printAnswer(ans *answer.Answer) error {
	p := a.newPage()
	if ans.Status == answer.StatusAnswered {
		printClaims(p, ans)
	} else {
		p.text("", "", ans.Reason)
	}
	if ans.Status == answer.StatusUnclear {
		questions(p, "Mener du", ans.Next)
	}
	if len(ans.Related) > 0 {
		title := "Se også"
		if ans.Status != answer.StatusAnswered {
			title = "Det nærmeste er"
		}
		p.heading(title)
		for _, r := range ans.Related {
			p.text("  ", "      ", strings.TrimSpace(r.Title+" – "+r.URL))
		}
	}
	if ans.Refuses() {
		p.WriteString("\n")
		p.text("", "", "Spørg ellers en fagperson, fx det lokale frivilligcenter eller kommunens frivilligkoordinator.")
	}
	if len(ans.Notes) > 0 {
		p.heading("Bemærk")
		for _, n := range ans.Notes {
			p.text("  ", "  ", n)
		}
	}
	if ans.Status != answer.StatusUnclear {
		questions(p, "Spørg videre", ans.Next)
	}
	if _, err := fmt.Fprint(a.stdout, p.String()); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

// questions lists questions to go on with.
func questions(p *page, title string, list []string) {
	if len(list) == 0 {
		return
	}
	p.heading(title)
	for _, q := range list {
		p.text("  ", "  ", q)
	}
}

// printClaims writes the sentences with their numbers, a paragraph for each run from one source, then the sources.
func printClaims(p *page, ans *answer.Answer) {
	var par strings.Builder
	for i, c := range ans.Claims {
		if i > 0 && c.Sources[0] != ans.Claims[i-1].Sources[0] {
			p.text("", "", par.String())
			p.WriteString("\n")
			par.Reset()
		}
		if par.Len() > 0 {
			par.WriteByte(' ')
		}
		par.WriteString(c.Text)
		for _, n := range c.Sources {
			fmt.Fprintf(&par, " [%d]", n)
		}
	}
	p.text("", "", par.String())
	p.heading("Kilder")
	for _, s := range ans.Sources {
		what := s.Title
		if s.Section != "" {
			what += ", »" + s.Section + "«"
		}
		if s.URL != "" {
			what += ". " + s.URL
		}
		p.text(fmt.Sprintf("  [%d] ", s.N), "      ", what)
	}
	p.heading("Litteratur bag svaret")
	for _, r := range ans.Literature {
		p.text("  ", "      ", r.Reference)
	}
}
