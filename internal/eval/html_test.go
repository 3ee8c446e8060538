package eval

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"kildesvar/internal/answer"
	"kildesvar/internal/article"
)

// hostile is what must never become markup.
const hostile = `</title></svg></style><script>alert("1")</script><img src=x onerror='alert(2)'>&lt;{{.}}`

// poisoned is an outcome with hostile text in everything that a page might show.
func poisoned(i int) Outcome {
	h := func(s string) string { return s + hostile }
	g := article.Gold{ID: h(fmt.Sprint("id", i)), Question: h("spørgsmål"), Audience: h("målgruppe"), Answerable: i%2 == 0, Split: h("del"), Tags: []string{h("mærke")},
		Articles: []string{h("artikel")}, Literature: []string{h("nøgle")}, Facts: []string{h("oplysning")}, History: []article.Turn{{Role: "user", Text: h("før")}, {Role: "assistant", Text: h("svar")}}}
	a := &answer.Answer{Question: h("q"), Status: answer.StatusAnswered, Reason: h("grund"), Confidence: 0.1 * float64(i), Generation: h("indeks"),
		Claims:  []answer.Claim{{Text: h("påstand"), Sources: []int{1}}},
		Sources: []answer.Source{{N: 1, Passage: h("stykke"), Article: h("anden"), Title: h("titel"), Section: h("afsnit"), URL: "javascript:" + hostile}}}
	if i == 2 {
		a.Status, a.Claims, a.Sources = answer.Status(h("status")), nil, nil
	}
	return Outcome{Gold: g, Answer: a, Measures: measure(g, a, nil)}
}

func writePage(t *testing.T, r Report, outcomes []Outcome, o PageOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := WritePage(&b, r, outcomes, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func poisonedPage(t *testing.T) string {
	t.Helper()
	var outcomes []Outcome
	for i := range 8 {
		outcomes = append(outcomes, poisoned(i))
	}
	r := Summarise(outcomes)
	c := Compare(single(hostile, "a"), single(hostile, "b"))
	c.New, c.Gone = []string{hostile}, []string{hostile}
	c.Changes = map[string]Change{"fact_recall": {Before: 1, Difference: -1, Low: -1, High: -1, N: 9, Changed: 9, Loss: true}}
	r.Baseline = &c
	return writePage(t, r, outcomes, PageOptions{Made: time.Date(2026, 3, 4, 5, 6, 0, 0, time.UTC), Worst: 20, Baseline: hostile})
}

// single are records of one question.
func single(id, gold string) []Record { return []Record{{ID: id, Gold: gold}} }

// element is one element of a page.
type element struct {
	name  string
	attrs map[string]string
	child []string // names of its first children
}

// elements parses a page strictly, as XML, and fails on anything that is not well formed.
func elements(t *testing.T, html string) (list []*element, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(html))
	var open []*element
	var words strings.Builder
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return list, words.String()
		}
		if err != nil {
			t.Fatalf("not well formed: %v", err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			e := &element{name: tok.Name.Local, attrs: map[string]string{}}
			for _, a := range tok.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			if len(open) > 0 {
				open[len(open)-1].child = append(open[len(open)-1].child, e.name)
			}
			list, open = append(list, e), append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			words.Write(tok)
		}
	}
}

// allowed are the elements of the template; one that is not here came from somewhere else.
var allowed = " html head meta title style body a header h1 h2 h3 p nav ul ol li main section div table caption thead tbody tr th td br code small strong span " +
	"svg desc g line polyline circle rect text figure figcaption details summary "

// TestPageEscapes: hostile text is shown as text wherever it stands, and makes neither elements nor attributes.
func TestPageEscapes(t *testing.T) {
	html := poisonedPage(t)
	list, text := elements(t, html)
	for _, e := range list {
		if !strings.Contains(allowed, " "+e.name+" ") {
			t.Errorf("element %s", e.name)
		}
		for k, v := range e.attrs {
			if strings.HasPrefix(k, "on") || k == "src" || k == "style" || (k == "href" || k == "id") && strings.ContainsAny(v, "<>\"' ") || k == "href" && !strings.HasPrefix(v, "#") {
				t.Errorf("<%s %s=%q>", e.name, k, v)
			}
		}
	}
	for _, where := range []string{"id0", "spørgsmål", "målgruppe", "del", "mærke", "artikel", "oplysning", "før", "grund", "indeks", "påstand", "titel", "afsnit", "stykke", "status"} {
		if !strings.Contains(text, where+hostile) {
			t.Errorf("%s is not shown, or not as it is", where)
		}
	}
	for _, raw := range []string{"<script", "<img", "{{", "ZgotmplZ", "http://", "https://"} {
		if strings.Contains(strings.ReplaceAll(html, "{{.}}", ""), raw) {
			t.Errorf("the page holds %q", raw)
		}
	}
}

// TestPageAccessible: tables have captions and scopes, pictures have titles and descriptions, links lead somewhere.
func TestPageAccessible(t *testing.T) {
	list, text := elements(t, poisonedPage(t))
	ids, counts := map[string]int{}, map[string]int{}
	for _, e := range list {
		counts[e.name]++
		if id, ok := e.attrs["id"]; ok {
			ids[id]++
		}
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("id %s stands %d times", id, n)
		}
	}
	for _, e := range list {
		var refs []string
		switch e.name {
		case "table":
			if e.child[0] != "caption" {
				t.Error("a table without caption")
			}
		case "th":
			if s := e.attrs["scope"]; s != "col" && s != "row" {
				t.Errorf("th with scope %q", s)
			}
		case "svg":
			if e.attrs["aria-hidden"] != "true" && (e.attrs["role"] != "img" || e.child[0] != "title" || e.child[1] != "desc") {
				t.Errorf("a picture without title or description: %v %v", e.attrs, e.child)
			}
		case "a":
			refs = append(refs, strings.TrimPrefix(e.attrs["href"], "#"))
		case "div":
			if e.attrs["class"] == "scroll" && (e.attrs["tabindex"] != "0" || e.attrs["aria-label"] == "") {
				t.Errorf("what scrolls cannot be reached by keyboard: %v", e.attrs)
			}
		}
		for _, id := range append(refs, strings.Fields(e.attrs["aria-labelledby"])...) {
			if ids[id] != 1 {
				t.Errorf("<%s> refers to %q, which is not there", e.name, id)
			}
		}
	}
	if counts["table"] != 9 || counts["svg"] < 3+len(Names)-1 || counts["details"] < 3 {
		t.Errorf("counts %v", counts)
	}
	for _, want := range []string{"Målt 4.3.2026 kl. 05.06", "8 prøvespørgsmål, hvoraf artiklerne kan svare på 4", "sikkert dårligere", "−1,000 til −1,000"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestPageOfLittle(t *testing.T) {
	_, text := elements(t, writePage(t, Summarise(nil), nil, PageOptions{Worst: 5}))
	if !strings.Contains(text, "0 prøvespørgsmål") || !strings.Contains(text, "Ingen svar har mangler") || !strings.Contains(text, "Ingen spørgsmål er besvaret") {
		t.Error("the page of nothing says something else")
	}
	_, text = elements(t, writePage(t, Report{}, nil, PageOptions{}))
	if strings.Contains(text, "ECE") || strings.Contains(text, "NaN") {
		t.Error("a calibration that was not measured is shown")
	}
	good, bad := poisoned(0), poisoned(1)
	good.Gold.Answerable, good.Gold.Facts, good.Gold.Articles = true, nil, []string{good.Answer.Sources[0].Article}
	good.Measures = measure(good.Gold, good.Answer, nil)
	all := []Outcome{good, bad, bad}
	_, text = elements(t, writePage(t, Summarise(all), all, PageOptions{Worst: 1}))
	if !strings.Contains(text, "1 svar mere har mangler") || strings.Contains(text, "uden fejl") {
		t.Error("the count of faults is another")
	}
}

// TestPageMasks: no CPR number gets into a file that people send each other.
func TestPageMasks(t *testing.T) {
	o := poisoned(1)
	o.Gold.Question, o.Gold.History = "Må 010190-1234 få støtte?", []article.Turn{{Role: "user", Text: "Borgeren er 010190-1234."}}
	if html := writePage(t, Summarise([]Outcome{o}), []Outcome{o}, PageOptions{Worst: 1}); strings.Contains(html, "010190") || !strings.Contains(html, "få støtte?") {
		t.Error("a CPR number is shown, or the question is not")
	}
}

func TestMeaningsComplete(t *testing.T) {
	for _, name := range Names {
		if Meanings[name] == "" {
			t.Errorf("%s has no meaning in Danish", name)
		}
	}
	for _, name := range append(MainMeasures, groupColumns...) {
		if headings[name] == "" {
			t.Errorf("%s has no heading in Danish", name)
		}
	}
	if len(Meanings) != len(Names) {
		t.Errorf("%d meanings for %d measures", len(Meanings), len(Names))
	}
}
