package chart

import (
	"bytes"
	"strings"
	"testing"
)

func TestStep(t *testing.T) {
	for most, want := range map[float64]float64{0.5: 1, 1: 1, 5: 1, 6: 2, 10: 2, 11: 5, 25: 5, 26: 10, 100: 20, 999: 200, 1e6: 200_000} {
		if got := Step(most); got != want {
			t.Errorf("%v: %v, want %v", most, got, want)
		}
	}
}

// TestDrawn: values stand where the axes say, what has no height is not drawn, and texts are escaped.
func TestDrawn(t *testing.T) {
	c := New(200, 100, 10, 4)
	c.ID, c.Title, c.Desc = "x", "a & <b>", "d"
	c.Counts()
	if len(c.Y) != 5 || c.Y[0].Label != "0" || c.Y[4].Label != "4" || c.Y[0].At != c.Bottom || c.Y[4].At != c.Top {
		t.Errorf("%+v", c.Y)
	}
	c.Bar("bar1", 0, 5, 1, 4)
	c.Bar("bar2", 0, 5, 2, 2)
	if len(c.Bars) != 1 || c.Bars[0].X != c.Left || c.Bars[0].Y != c.Top || c.Bars[0].Width != Tenth((c.Right-c.Left)/2) || c.Bars[0].Height != Tenth((c.Bottom-c.Top)*3/4) {
		t.Errorf("%+v", c.Bars)
	}
	c.Line("curve", [2]float64{0, 0}, [2]float64{10, 4})
	if c.Lines[0].Points != "58,50 172,18" {
		t.Errorf("%+v", c.Lines)
	}
	var b bytes.Buffer
	if err := Page("p", `<style>{{template "style"}}</style>{{template "chart" .}}{{decimal 0.5}} {{percent 0.25}}`).Execute(&b, c); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"prefers-color-scheme: dark", `role="img"`, "a &amp; &lt;b&gt;", `<rect class="bar1"`, "0,500 25 %"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in %s", want, b.String())
		}
	}
}
