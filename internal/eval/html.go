package eval

import (
	"bytes"
	_ "embed" // the page's template
	"fmt"
	"html/template"
	"io"
	"time"

	"kildesvar/internal/answer"
	"kildesvar/internal/privacy"
)

//go:embed page.tmpl
var pageSource string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{"decimal": decimal, "percent": percent}).Parse(pageSource))

// Meanings say in Danish what each measure measures.
var Meanings = map[string]string{
	"recall@1":            "Søgningens første stykke er fra en rigtig artikel",
	"recall@5":            "Et af søgningens fem første stykker er fra en rigtig artikel",
	"mrr@10":              "Hvor højt det første rigtige stykke står (1 delt med dets plads)",
	"ndcg@10":             "Hvor mange af de ti første stykker der er fra en rigtig artikel, og hvor højt de står",
	"answer_rate":         "Spørgsmål, artiklerne kan svare på, bliver besvaret",
	"top_source_accuracy": "Svarets første kilde er en rigtig artikel",
	"citation_recall":     "Mindst én af svarets kilder er en rigtig artikel",
	"citation_precision":  "Andel af svarets kilder, der er en rigtig artikel",
	"fact_recall":         "Andel af de ventede oplysninger, der står i svaret",
	"literature_recall":   "Andel af den ventede litteratur, som svaret viser",
	"refusal_recall":      "Spørgsmål, artiklerne ikke kan svare på, bliver afvist",
	"false_refusal":       "Spørgsmål, artiklerne kan svare på, bliver afvist (lavest er bedst)",
	"status_accuracy":     "Svaret er af den slags, det skal være: svar, afvisning, personsag eller spørgsmål tilbage",
}

// shapeNames are the shapes of gold questions as people read them.
var shapeNames = map[string]string{"about": "om assistenten", "clarification": "kan betyde flere ting", "comparison": "sammenligning", "definition": "definition",
	"english": "på engelsk", "examples": "eksempler", "falsepremise": "forkert forudsætning", "figures": "tal", "followup": "opfølgning", "howto": "sådan gør man",
	"law": "lov", "literature": "litteratur", "overview": "overblik", "partly": "delvist dækket", "personal": "personsag", "smalltalk": "småsnak", "who": "hvem"}

// ByShapeName is ByShape with the shapes' names in Danish, for people; a shape without a name keeps its own.
func (r Report) ByShapeName() map[string]Report {
	out := make(map[string]Report, len(r.ByShape))
	for shape, group := range r.ByShape {
		if name, ok := shapeNames[shape]; ok {
			shape = name
		}
		out[shape] = group
	}
	return out
}

// groupColumns are the measures that groups are shown by.
var groupColumns = []string{"recall@5", "top_source_accuracy", "citation_precision", "fact_recall", "literature_recall", "refusal_recall", "false_refusal", "status_accuracy"}

// headings name those measures in short, in Danish.
var headings = map[string]string{"recall@5": "Rigtig blandt de fem første", "top_source_accuracy": "Rigtig første kilde", "citation_precision": "Rigtige kilder",
	"fact_recall": "Ventede oplysninger", "literature_recall": "Ventet litteratur", "refusal_recall": "Rigtigt afvist", "false_refusal": "Fejlagtigt afvist", "status_accuracy": "Rigtig slags svar"}

// PageOptions say what a page is about.
type PageOptions struct {
	Made     time.Time
	Worst    int    // how many of the worst answers are shown; those without fault never are
	Baseline string // what the earlier measures are called; used when the report has a Baseline
}

// WritePage writes a report as one page of HTML in Danish. It needs neither network nor script, and everything that comes
// from questions, answers or the corpus is escaped; personal data in questions is masked.
func WritePage(w io.Writer, r Report, outcomes []Outcome, o PageOptions) error {
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, newPage(r, outcomes, o)); err != nil {
		return fmt.Errorf("make page: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}

// page is what the template shows.
type page struct {
	Made, Generation string
	Questions        int
	Answerable       int
	Measures         []row
	Baseline         *compared
	Calibration      *Calibration
	Curve            *chart
	CurveRows        []Point
	Reliability      []reliabilityPart
	Groups           []groupPart
	Worst            []fault
	MoreFaults       int // with a fault, but not shown
}

// row is a measure; the bar's numbers are shares of its width, in percent.
type row struct {
	Name, Meaning      string
	Measure            Measure
	BarLow, BarWide, X float64
}

type compared struct {
	Name    string
	Data    Comparison
	Rows    []changeRow
	IDLists []idList
}

type changeRow struct {
	Heading, Name string
	Change
	Verdict string
}

type idList struct {
	What string
	IDs  []string
}

type reliabilityPart struct {
	Chart *chart
	Data  Reliability
}

type groupPart struct {
	ID, Title, What string
	Columns         []string // headings
	Rows            []groupRow
}

type groupRow struct {
	Name      string
	Questions int
	Cells     []*Measure // nil where the measure does not apply
}

// fault is an answer that fell short.
type fault struct {
	ID, Question, Why, Status, Audience string
	Earlier, Tags                       []string
	Confidence                          float64
	Reason                              string
	Claims                              []answer.Claim
	Sources                             []answer.Source
}

func newPage(r Report, outcomes []Outcome, o PageOptions) page {
	p := page{Made: o.Made.Format("2.1.2006 kl. 15.04"), Questions: r.Questions, Calibration: r.Calibration}
	for _, out := range outcomes {
		p.Generation = out.Answer.Generation
		if out.Gold.Answerable {
			p.Answerable++
		}
	}
	for _, name := range Names {
		if m, ok := r.Measures[name]; ok {
			p.Measures = append(p.Measures, row{name, Meanings[name], m, tenth(100 * m.Low), tenth(100 * (m.High - m.Low)), tenth(100 * m.Value)})
		}
	}
	if r.Baseline != nil {
		p.Baseline = compare(o.Baseline, *r.Baseline)
	}
	if c := r.Calibration; c != nil {
		p.Curve = curveChart(*c, float64(p.Answerable)/float64(max(1, p.Questions)))
		p.CurveRows = deciles(c.Curve)
		p.Reliability = []reliabilityPart{
			{reliabilityChart("sikkerhed-svar", "Besvarede spørgsmål: er svaret rigtigt?", "Andel med rigtig første kilde", c.Answers), c.Answers},
			{reliabilityChart("sikkerhed-korpus", "Alle spørgsmål: kan artiklerne svare?", "Andel, artiklerne kan svare på", c.Corpus), c.Corpus},
		}
	}
	for _, g := range []struct {
		id, title, what string
		reports         map[string]Report
	}{
		{"del", "Efter del", "Del", r.BySplit}, {"form", "Efter svarets form", "Form", r.ByShapeName()}, {"maalgruppe", "Efter målgruppe", "Målgruppe", r.ByAudience},
		{"maerke", "Efter mærke", "Mærke", r.ByTag}, {"artikel", "Efter rigtig artikel", "Artikel", r.ByArticle},
	} {
		if len(g.reports) > 0 {
			p.Groups = append(p.Groups, newGroup(groupPart{ID: g.id, Title: g.title, What: g.what}, g.reports))
		}
	}
	p.faults(outcomes, o.Worst)
	return p
}

// newGroup fills in the rows, and the columns that apply to any.
func newGroup(p groupPart, reports map[string]Report) groupPart {
	var columns []string
	for _, c := range groupColumns {
		for _, r := range reports {
			if _, ok := r.Measures[c]; ok {
				columns, p.Columns = append(columns, c), append(p.Columns, headings[c])
				break
			}
		}
	}
	for _, name := range Groups(reports) {
		g := groupRow{Name: name, Questions: reports[name].Questions}
		for _, c := range columns {
			var cell *Measure
			if m, ok := reports[name].Measures[c]; ok {
				cell = &m
			}
			g.Cells = append(g.Cells, cell)
		}
		p.Rows = append(p.Rows, g)
	}
	return p
}

// deciles leaves the points nearest below each tenth of the curve, and the last, for the table below the picture.
func deciles(points []Point) []Point {
	if len(points) == 0 {
		return nil
	}
	var out []Point
	for k := 1; k <= 10; k++ {
		out = append(out, points[(k*len(points)+9)/10-1])
	}
	if len(points) < len(out) {
		return points
	}
	return out
}

func compare(name string, c Comparison) *compared {
	out := &compared{Name: name, Data: c}
	for _, m := range MainMeasures {
		ch, ok := c.Changes[m]
		if !ok {
			continue
		}
		better := ch.Low > 0
		if LowerIsBetter(m) {
			better = ch.High < 0
		}
		verdict := "ingen sikker forskel"
		switch {
		case ch.Loss:
			verdict = "sikkert dårligere"
		case better && ch.Changed >= leastChanged:
			verdict = "sikkert bedre"
		case ch.Changed == 0:
			verdict = "uændret"
		}
		out.Rows = append(out.Rows, changeRow{headings[m], m, ch, verdict})
	}
	for _, l := range []idList{{"Nye spørgsmål", c.New}, {"Spørgsmål, der ikke er målt nu", c.Gone}, {"Spørgsmål, der er ændret", c.Altered}} {
		if len(l.IDs) > 0 {
			out.IDLists = append(out.IDLists, l)
		}
	}
	return out
}

// faults fills in the worst answers.
func (p *page) faults(outcomes []Outcome, most int) {
	for _, o := range Worst(outcomes, len(outcomes)) {
		if !Faulty(o) {
			continue
		}
		if len(p.Worst) >= most {
			p.MoreFaults++
			continue
		}
		f := fault{ID: o.Gold.ID, Question: masked(o.Gold.Question), Why: Why(o), Status: string(o.Answer.Status), Audience: o.Gold.Audience, Tags: o.Gold.Tags,
			Confidence: o.Answer.Confidence, Reason: o.Answer.Reason, Claims: o.Answer.Claims, Sources: o.Answer.Sources}
		for _, t := range o.Gold.History {
			if t.Role == "user" {
				f.Earlier = append(f.Earlier, masked(t.Text))
			}
		}
		p.Worst = append(p.Worst, f)
	}
}

func masked(text string) string {
	text, _ = privacy.Mask(text, privacy.Options{})
	return text
}
