package eval

import (
	"fmt"
	"math"
	"strings"

	"kildesvar/internal/chart"
)

// curveChart draws risk by coverage. answerable is the share of questions that the corpus answers.
func curveChart(cal Calibration, answerable float64) *chart.Chart {
	top := 0.1
	for _, p := range cal.Curve {
		for p.Risk > top && top < 1 {
			top = min(1, top+0.1)
		}
	}
	c := chart.New(640, 360, 1, top)
	c.Shares()
	c.ID, c.Title = "daekning", "Dækning og fejl"
	c.XLabel, c.YLabel = "Dækning: andel af alle spørgsmål, der bliver besvaret", "Andel af svarene, der er forkerte"
	c.Desc = "Ingen spørgsmål er besvaret."
	c.Line("guide", [2]float64{answerable, 0}, [2]float64{answerable, top})
	right, anchor := c.AtX(answerable)+6, "start"
	if answerable > 0.6 {
		right, anchor = c.AtX(answerable)-6, "end"
	}
	c.Notes = append(c.Notes, chart.Note{X: right, Y: c.Top + 12, Anchor: anchor, Text: "kan besvares: " + chart.Percent(answerable)})
	if len(cal.Curve) == 0 {
		return c
	}
	points := make([][2]float64, 0, len(cal.Curve))
	for _, p := range cal.Curve {
		points = append(points, [2]float64{p.Coverage, p.Risk})
	}
	c.Line("curve", points...)
	last := cal.Curve[len(cal.Curve)-1]
	c.Dots = []chart.Dot{{X: c.AtX(last.Coverage), Y: c.AtY(last.Risk), R: 5, Low: c.AtY(last.Risk), High: c.AtY(last.Risk)}}
	c.Desc = fmt.Sprintf("Kurven begynder ved de svar, Kildesvar er mest sikkert på, og ender, hvor det svarer i dag: %s af spørgsmålene bliver besvaret, og %s af de svar er forkerte.",
		chart.Percent(last.Coverage), chart.Percent(last.Risk))
	return c
}

// reliabilityChart draws the share that went well by confidence.
func reliabilityChart(id, title, share string, r Reliability) *chart.Chart {
	c := chart.New(420, 400, 1, 1)
	c.Shares()
	c.ID, c.Title = id, title
	c.XLabel, c.YLabel = "Sikkerhed", share
	c.Line("guide", [2]float64{0, 0}, [2]float64{1, 1})
	var points [][2]float64
	var said []string
	for _, b := range r.Bins {
		points = append(points, [2]float64{b.Confidence, b.Share})
		radius := chart.Tenth(3 + 7*math.Sqrt(float64(b.N)/float64(r.N)))
		c.Dots = append(c.Dots, chart.Dot{X: c.AtX(b.Confidence), Y: c.AtY(b.Share), R: radius, Low: c.AtY(b.Low), High: c.AtY(b.High)})
		said = append(said, fmt.Sprintf("sikkerhed %s: %s af %d", chart.Percent(b.Confidence), chart.Percent(b.Share), b.N))
	}
	c.Desc = "Ingen spørgsmål at vise."
	if len(points) > 0 {
		c.Line("curve", points...)
		c.Desc = "Den stiplede linje er fuld overensstemmelse. " + strings.Join(said, "; ") + "."
	}
	return c
}
