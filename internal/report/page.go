package report

import (
	"bytes"
	_ "embed" // the page's template
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"kildesvar/internal/chart"
)

//go:embed page.tmpl
var pageSource string

var pageTemplate = chart.Page("report", pageSource)

// page is what the template shows.
type page struct {
	*Report
	Period, Made, Generation string
	Volume                   *chart.Chart
	Tables                   []table
	Shown                    []Wish
	More                     int // wishes not shown
}

// table is one of the tables of counts.
type table struct {
	ID, Title, Caption, What string
	Rows                     []tableRow
}

type tableRow struct {
	Label string
	N     int
	Share string  // empty: none
	Bar   float64 // width in percent
}

// pageWishes is how many wishes the page shows.
const pageWishes = 50

// WritePage writes a report as one page of HTML in Danish. It needs neither network nor script, and everything that comes from questions
// or the corpus is escaped. generation is the index' that the articles were looked up in.
func WritePage(w io.Writer, r *Report, generation string, made time.Time) error {
	p := page{Report: r, Period: period(r.From, r.To), Made: made.Format("2.1.2006 kl. 15.04"), Generation: generation, Volume: volume(r.Days),
		Shown: r.Wishes[:min(pageWishes, len(r.Wishes))], More: max(0, len(r.Wishes)-pageWishes)}
	p.Tables = []table{
		newTable("udfald", "Hvad der kom ud af det", "Alt, hvad der blev skrevet til Kildesvar. Andele er af spørgsmålene til artiklerne.", "Udfald", r.Outcomes, OutcomeText),
		newTable("veje", "Hvor der blev spurgt", "Alt, hvad der blev skrevet til Kildesvar, efter hvor det kom fra", "Sted", r.Surfaces, SurfaceText),
		newTable("former", "Slags spørgsmål", "Spørgsmål til artiklerne efter den slags svar, de beder om", "Slags", r.Shapes, ShapeText),
	}
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, p); err != nil {
		return fmt.Errorf("make page: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}

func newTable(id, title, caption, what string, counts []Count, words func(string) string) table {
	t := table{ID: id, Title: title, Caption: caption, What: what}
	for _, c := range counts {
		row := tableRow{Label: words(c.Name), N: c.N, Bar: chart.Tenth(100 * c.Share)}
		if c.Share > 0 {
			row.Share = chart.Percent(c.Share)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// ReasonRows are the reasons given for »did not help«, as a table.
func (p page) ReasonRows() []tableRow {
	return newTable("", "", "", "", p.Report.Reasons, ReasonText).Rows
}

// StateRows are the escalations, as a table.
func (p page) StateRows() []tableRow {
	return newTable("", "", "", "", p.Report.Escalations, StateText).Rows
}

// Seconds writes milliseconds as seconds in Danish.
func (page) Seconds(ms int64) string { return Seconds(ms) }

// Seconds writes milliseconds as seconds in Danish, such as »0,4 s«.
func Seconds(ms int64) string {
	return strings.ReplaceAll(strconv.FormatFloat(float64(ms)/1000, 'f', 1, 64), ".", ",") + " s"
}

// Why are the reasons of a rating in Danish.
func (page) Why(reasons []string) string {
	out := make([]string, len(reasons))
	for i, r := range reasons {
		out[i] = ReasonText(r)
	}
	return strings.Join(out, ", ")
}

// Date is a day in Danish.
func (p page) Date(t time.Time) string { return t.In(p.To.Location()).Format("2.1.2006") }

// period says in Danish what time a report is about.
func period(from, to time.Time) string {
	last := to.Add(-time.Nanosecond) // To itself is not in it
	return from.In(to.Location()).Format("2.1.2006") + " til " + last.Format("2.1.2006")
}

// volume draws questions a day, those answered in a stronger colour. With many days, several are one bar; nil when there is nothing to draw.
func volume(days []Day) *chart.Chart {
	const maxBars = 62
	width := (len(days) + maxBars - 1) / maxBars
	var bars []Day
	for i := 0; i < len(days); i += width {
		b := Day{Day: days[i].Day}
		for _, d := range days[i:min(i+width, len(days))] {
			b.Questions, b.Answered = b.Questions+d.Questions, b.Answered+d.Answered
		}
		bars = append(bars, b)
	}
	var total, best Day
	for _, b := range bars {
		total.Questions, total.Answered = total.Questions+b.Questions, total.Answered+b.Answered
		if b.Questions > best.Questions {
			best = b
		}
	}
	if total.Questions == 0 {
		return nil
	}
	most := best.Questions
	step := chart.Step(float64(most))
	c := chart.New(720, 300, float64(len(bars)), step*float64((most+int(step)-1)/int(step)))
	c.Counts()
	each := "pr. dag"
	if width > 1 {
		each = fmt.Sprintf("pr. %d dage", width)
	}
	c.ID, c.Title = "maengde-figur", "Spørgsmål "+each
	c.Desc = fmt.Sprintf("%d spørgsmål fra %s til %s, %d af dem besvaret. Flest %s: %d. Tallene står under figuren.", total.Questions, short(days[0].Day),
		short(days[len(days)-1].Day), total.Answered, short(best.Day), best.Questions)
	every := (len(bars) + 4) / 5
	for i, b := range bars {
		left, right := float64(i)+0.12, float64(i)+0.88
		c.Bar("bar1", left, right, 0, float64(b.Answered))
		c.Bar("bar2", left, right, float64(b.Answered), float64(b.Questions))
		if i%every == 0 {
			c.X = append(c.X, chart.Tick{At: c.AtX(float64(i) + 0.5), Label: short(b.Day)})
		}
	}
	return c
}

// short is the day and month of a YYYY-MM-DD.
func short(day string) string { return dayAs(day, "2.1.") }

// Danish is a YYYY-MM-DD as people write it.
func (page) Danish(day string) string { return dayAs(day, "2.1.2006") }

func dayAs(day, form string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Format(form)
}

// Times says how often.
func (page) Times(n int) string {
	if n == 1 {
		return "1 gang"
	}
	return strconv.Itoa(n) + " gange"
}
