package eval

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// chart is a picture with two axes that begin at 0, laid out in the units of its SVG.
type chart struct {
	ID, Title, Desc          string
	Width, Height            float64
	Left, Top, Right, Bottom float64 // edges of the plot
	XLabel, YLabel           string
	X, Y                     []tick
	Lines                    []line
	Dots                     []dot
	Notes                    []note
	maxX, maxY               float64 // values at the right and the top
}

type tick struct {
	At    float64
	Label string
}

type line struct {
	Class, Points string // of an SVG polyline
}

// dot is a mark; Low and High are the ends of its interval, on the y axis.
type dot struct{ X, Y, R, Low, High float64 }

type note struct {
	X, Y         float64
	Anchor, Text string
}

func newChart(width, height, maxX, maxY float64) *chart {
	c := &chart{Width: width, Height: height, Left: 58, Top: 18, Right: width - 28, Bottom: height - 50, maxX: maxX, maxY: maxY}
	for i := range 6 {
		v := maxX * float64(i) / 5
		c.X = append(c.X, tick{c.x(v), percent(v)})
		v = maxY * float64(i) / 5
		c.Y = append(c.Y, tick{c.y(v), percent(v)})
	}
	return c
}

func (c *chart) x(v float64) float64 { return tenth(c.Left + (c.Right-c.Left)*v/c.maxX) }
func (c *chart) y(v float64) float64 { return tenth(c.Bottom - (c.Bottom-c.Top)*v/c.maxY) }

// tenth rounds to what can be seen.
func tenth(v float64) float64 { return math.Round(v*10) / 10 }

// line draws through points given as x, y pairs of values.
func (c *chart) line(class string, points ...[2]float64) {
	var b strings.Builder
	for i, p := range points {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%g,%g", c.x(p[0]), c.y(p[1]))
	}
	c.Lines = append(c.Lines, line{class, b.String()})
}

// curveChart draws risk by coverage. answerable is the share of questions that the corpus answers.
func curveChart(cal Calibration, answerable float64) *chart {
	top := 0.1
	for _, p := range cal.Curve {
		for p.Risk > top && top < 1 {
			top = min(1, top+0.1)
		}
	}
	c := newChart(640, 360, 1, top)
	c.ID, c.Title = "daekning", "Dækning og fejl"
	c.XLabel, c.YLabel = "Dækning: andel af alle spørgsmål, der bliver besvaret", "Andel af svarene, der er forkerte"
	c.Desc = "Ingen spørgsmål er besvaret."
	c.line("guide", [2]float64{answerable, 0}, [2]float64{answerable, top})
	right, anchor := c.x(answerable)+6, "start"
	if answerable > 0.6 {
		right, anchor = c.x(answerable)-6, "end"
	}
	c.Notes = append(c.Notes, note{right, c.Top + 12, anchor, "kan besvares: " + percent(answerable)})
	if len(cal.Curve) == 0 {
		return c
	}
	points := make([][2]float64, 0, len(cal.Curve))
	for _, p := range cal.Curve {
		points = append(points, [2]float64{p.Coverage, p.Risk})
	}
	c.line("curve", points...)
	last := cal.Curve[len(cal.Curve)-1]
	c.Dots = []dot{{c.x(last.Coverage), c.y(last.Risk), 5, c.y(last.Risk), c.y(last.Risk)}}
	c.Desc = fmt.Sprintf("Kurven begynder ved de svar, Kildesvar er mest sikkert på, og ender, hvor det svarer i dag: %s af spørgsmålene bliver besvaret, og %s af de svar er forkerte.",
		percent(last.Coverage), percent(last.Risk))
	return c
}

// reliabilityChart draws the share that went well by confidence.
func reliabilityChart(id, title, share string, r Reliability) *chart {
	c := newChart(420, 400, 1, 1)
	c.ID, c.Title = id, title
	c.XLabel, c.YLabel = "Sikkerhed", share
	c.line("guide", [2]float64{0, 0}, [2]float64{1, 1})
	var points [][2]float64
	var said []string
	for _, b := range r.Bins {
		points = append(points, [2]float64{b.Confidence, b.Share})
		radius := tenth(3 + 7*math.Sqrt(float64(b.N)/float64(r.N)))
		c.Dots = append(c.Dots, dot{c.x(b.Confidence), c.y(b.Share), radius, c.y(b.Low), c.y(b.High)})
		said = append(said, fmt.Sprintf("sikkerhed %s: %s af %d", percent(b.Confidence), percent(b.Share), b.N))
	}
	c.Desc = "Ingen spørgsmål at vise."
	if len(points) > 0 {
		c.line("curve", points...)
		c.Desc = "Den stiplede linje er fuld overensstemmelse. " + strings.Join(said, "; ") + "."
	}
	return c
}

// percent writes a share in Danish, such as »83 %«.
func percent(v float64) string { return strconv.FormatFloat(100*v, 'f', 0, 64) + " %" }

// decimal writes a number in Danish with three decimals and a true minus.
func decimal(v float64) string {
	if math.Abs(v) < 0.0005 {
		v = 0 // and never »−0,000«
	}
	return strings.NewReplacer(".", ",", "-", "−").Replace(strconv.FormatFloat(v, 'f', 3, 64))
}
