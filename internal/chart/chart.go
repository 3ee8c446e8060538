// Package chart draws pictures with two axes as SVG, and has what the pages of HTML that show them share: the style, the template of a
// picture and the Danish way of writing numbers.
//
// It leaves to others what is drawn and said. Pages need neither network nor script; they are readable in light and dark, in print and by
// a screen reader: every Chart has a Title and a Desc that says in words what it shows. Texts are escaped by html/template.
package chart

import (
	_ "embed" // the templates
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

//go:embed chart.tmpl
var shared string

// Page parses a page's template, in which {{template "style"}} stands inside <style>, {{template "chart" x}} draws the Chart x, and decimal
// and percent write numbers. A source that cannot be parsed is a fault of the program: it panics.
func Page(name, source string) *template.Template {
	t := template.New(name).Funcs(template.FuncMap{"decimal": Decimal, "percent": Percent})
	return template.Must(template.Must(t.Parse(shared)).Parse(source))
}

// Chart is a picture with two axes that begin at 0, laid out in the units of its SVG. Make one with New.
type Chart struct {
	ID, Title, Desc          string // ID is unique in its page
	Width, Height            float64
	Left, Top, Right, Bottom float64 // edges of the plot
	XLabel, YLabel           string
	X, Y                     []Tick
	Bars                     []Bar
	Lines                    []Line
	Dots                     []Dot
	Notes                    []Note
	maxX, maxY               float64 // values at the right and the top
}

// Tick is a place on an axis with its label.
type Tick struct {
	At    float64
	Label string
}

// Bar is a rectangle of a class of the style: bar1 or bar2.
type Bar struct {
	Class               string
	X, Y, Width, Height float64
}

// Line is an SVG polyline of a class of the style: guide or curve.
type Line struct {
	Class, Points string
}

// Dot is a mark; Low and High are the ends of its interval, on the y axis.
type Dot struct{ X, Y, R, Low, High float64 }

// Note is a text in the picture.
type Note struct {
	X, Y         float64
	Anchor, Text string
}

// New makes an empty chart whose axes end at maxX and maxY, both more than 0. It has no ticks yet.
func New(width, height, maxX, maxY float64) *Chart {
	return &Chart{Width: width, Height: height, Left: 58, Top: 18, Right: width - 28, Bottom: height - 50, maxX: maxX, maxY: maxY}
}

// Shares puts six ticks in percent on both axes.
func (c *Chart) Shares() {
	for i := range 6 {
		v := c.maxX * float64(i) / 5
		c.X = append(c.X, Tick{c.AtX(v), Percent(v)})
		v = c.maxY * float64(i) / 5
		c.Y = append(c.Y, Tick{c.AtY(v), Percent(v)})
	}
}

// Counts puts ticks at whole numbers on the y axis, at most six.
func (c *Chart) Counts() {
	for v := 0.0; v <= c.maxY; v += Step(c.maxY) {
		c.Y = append(c.Y, Tick{c.AtY(v), strconv.FormatFloat(v, 'f', 0, 64)})
	}
}

// Step is a round whole number of which at most five make up a number of 1 and more.
func Step(most float64) float64 {
	for unit := 1.0; ; unit *= 10 {
		for _, f := range []float64{1, 2, 5} {
			if unit*f*5 >= most {
				return unit * f
			}
		}
	}
}

// AtX and AtY are where a value stands.
func (c *Chart) AtX(v float64) float64 { return Tenth(c.Left + (c.Right-c.Left)*v/c.maxX) }

// AtY is AtX on the other axis.
func (c *Chart) AtY(v float64) float64 { return Tenth(c.Bottom - (c.Bottom-c.Top)*v/c.maxY) }

// Line draws through points given as x, y pairs of values.
func (c *Chart) Line(class string, points ...[2]float64) {
	var b strings.Builder
	for i, p := range points {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%g,%g", c.AtX(p[0]), c.AtY(p[1]))
	}
	c.Lines = append(c.Lines, Line{class, b.String()})
}

// Bar draws a rectangle between two values of each axis.
func (c *Chart) Bar(class string, x0, x1, y0, y1 float64) {
	if y1 > y0 {
		c.Bars = append(c.Bars, Bar{class, c.AtX(x0), c.AtY(y1), Tenth(c.AtX(x1) - c.AtX(x0)), Tenth(c.AtY(y0) - c.AtY(y1))})
	}
}

// Tenth rounds to what can be seen.
func Tenth(v float64) float64 { return math.Round(v*10) / 10 }

// Percent writes a share in Danish, such as »83 %«.
func Percent(v float64) string { return strconv.FormatFloat(100*v, 'f', 0, 64) + " %" }

// Decimal writes a number in Danish with three decimals and a true minus.
func Decimal(v float64) string {
	if math.Abs(v) < 0.0005 {
		v = 0 // and never »−0,000«
	}
	return strings.NewReplacer(".", ",", "-", "−").Replace(strconv.FormatFloat(v, 'f', 3, 64))
}
