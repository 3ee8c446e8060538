package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"kildesvar/internal/journal"
	"kildesvar/internal/question"
)

func html(t *testing.T, r *Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := WritePage(&b, r, "abc123", to); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// hostile is what must never become markup.
const hostile = `</title></svg></style><script>alert("1")</script><img src=x onerror='alert(2)'>&lt;{{.}}`

// poisoned is a report with hostile text in everything that a page shows.
func poisoned() *Report {
	h := func(s string) string { return s + hostile }
	counts := []Count{{h("x"), 3, 0.5}}
	return &Report{From: to.AddDate(0, -3, 0), To: to, Questions: 6, People: 2, Outcomes: counts, Surfaces: counts, Shapes: counts, Down: 3, Reasons: counts, Escalations: counts,
		Days: days(to.AddDate(0, -3, 0), to, nil), Slowest: []Slow{{h("id"), h("spørgsmål"), 2000, 5}}, Disliked: []Disliked{{h("id"), h("spørgsmål"), 1, []string{h("grund")}}},
		StaleOf: 1, Stale: []Stale{{ID: h("id"), Question: h("spørgsmål")}}, Unanswered: 2,
		Wishes: []Wish{{Size: 2, People: 1, Question: h("ønske"), Others: []string{h("andet")}, Articles: []Near{{h("a"), h("titel"), "javascript:alert(1)"}, {"b", h("uden adresse"), ""}}, Escalated: 1}}}
}

// TestPageIsWellFormed: XML, nothing from outside becomes markup, ids are unique and links in the page lead somewhere.
func TestPageIsWellFormed(t *testing.T) {
	for name, r := range map[string]*Report{"poisoned": poisoned(), "week": made(t, week()), "empty": made(t, Input{From: to, To: to})} {
		text := html(t, r)
		d := xml.NewDecoder(strings.NewReader(text))
		ids, targets, tables, captions := map[string]bool{}, []string{}, 0, 0
		for {
			tok, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: not well formed: %v", name, err)
			}
			e, ok := tok.(xml.StartElement)
			if !ok {
				continue
			}
			switch e.Name.Local {
			case "script", "img", "link", "iframe":
				t.Errorf("%s: <%s>", name, e.Name.Local)
			case "table":
				tables++
			case "caption":
				captions++
			}
			for _, a := range e.Attr {
				switch {
				case a.Name.Local == "id" && ids[a.Value]:
					t.Errorf("%s: id %s twice", name, a.Value)
				case a.Name.Local == "id":
					ids[a.Value] = true
				case a.Name.Local == "href" && strings.HasPrefix(a.Value, "#"):
					targets = append(targets, a.Value[1:])
				case a.Name.Local == "aria-labelledby":
					targets = append(targets, strings.Fields(a.Value)...)
				case a.Name.Local == "href" && strings.HasPrefix(a.Value, "javascript:"), strings.HasPrefix(a.Name.Local, "on"):
					t.Errorf("%s: %s=%s", name, a.Name.Local, a.Value)
				}
			}
		}
		for _, x := range targets {
			if !ids[x] && x != "ZgotmplZ" { // what html/template makes of an address that is a script
				t.Errorf("%s: nothing has the id %s", name, x)
			}
		}
		if tables == 0 || tables != captions {
			t.Errorf("%s: %d tables, %d captions", name, tables, captions)
		}
	}
}

// TestPageSays: what an editor looks for.
func TestPageSays(t *testing.T) {
	text := html(t, made(t, week()))
	for _, want := range []string{`lang="da"`, "color-scheme", "6.3.2026 til 9.3.2026", "3 gange af 2 personer", "Sendt til et menneske: 2", "Andre ord for det samme: 2", "Nærmeste artikler",
		"<th scope=\"row\">Artiklerne svarer ikke</th><td>4</td><td>50 %</td>", "Der mangler noget", hidden, "1 af 4 svar i Slack", "<rect class=\"bar1\"", "1,0 s", "<th scope=\"row\">8.3.2026</th>"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the page", want)
		}
	}
	if m := regexp.MustCompile(`https?://[^"<]*`).FindAllString(text, -1); len(m) == 0 {
		t.Error("no article is linked")
	}
}

// TestPageOfNothing: without a question there is no chart, no time and no praise.
func TestPageOfNothing(t *testing.T) {
	text := html(t, made(t, Input{From: to.AddDate(0, 0, -30), To: to}))
	for _, want := range []string{"Ingen spurgte om noget", "Ingen spørgsmål til artiklerne", "Ingen svar i perioden", "Ingen vurderede et svar", "ingen svar at efterse"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the page", want)
		}
	}
	for _, no := range []string{"<svg", "0,0 s", "blev besvaret", "NaN"} {
		if strings.Contains(text, no) {
			t.Errorf("%q is in the page", no)
		}
	}
}

// TestVolume: many days share bars, and no count is lost.
func TestVolume(t *testing.T) {
	if volume(days(to.AddDate(0, 0, -30), to, nil)) != nil {
		t.Error("a chart of days without a question")
	}
	for _, n := range []int{0, 1, 7, 62, 63, 366} {
		var list []Day
		for i := range n {
			list = append(list, Day{time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC).Format("2006-01-02"), 3, 1})
		}
		c := volume(list)
		if n == 0 {
			if c != nil {
				t.Error("a chart of nothing")
			}
			continue
		}
		if len(c.Bars) > 2*62 || len(c.X) > 5 || !strings.Contains(c.Desc, fmt.Sprintf("%d spørgsmål", 3*n)) || c.Bars[0].Y+c.Bars[0].Height != c.Bottom {
			t.Errorf("%d days: %d bars, %d ticks, %s", n, len(c.Bars), len(c.X), c.Desc)
		}
	}
}

// TestWords: everything that can be counted has a Danish name.
func TestWords(t *testing.T) {
	for _, o := range Outcomes {
		if OutcomeText(string(o)) == string(o) {
			t.Errorf("no words for %s", o)
		}
	}
	for _, s := range []question.Shape{question.ShapeDefinition, question.ShapeComparison, question.ShapeFigures, question.ShapeHow, question.ShapeLaw, question.ShapeWho,
		question.ShapeExamples, question.ShapeLiterature, question.ShapeOverview, question.ShapeMore, "other"} {
		if ShapeText(string(s)) == string(s) {
			t.Errorf("no words for %s", s)
		}
	}
	for _, s := range []journal.Surface{journal.Mention, journal.DM, journal.Pane, journal.Slash, journal.Shortcut, journal.Followup} {
		if SurfaceText(string(s)) == string(s) {
			t.Errorf("no words for %s", s)
		}
	}
	for _, s := range []journal.EscalationState{journal.Open, journal.Taken, journal.Solved} {
		if StateText(string(s)) == string(s) {
			t.Errorf("no words for %s", s)
		}
	}
}
