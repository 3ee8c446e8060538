package question

import (
	"slices"
	"testing"
)

func TestItems(t *testing.T) {
	for _, c := range []struct {
		question, noun string
		n, told        int
		want           []int
	}{
		{"og trin 4?", "Trin", 6, 0, []int{4}},
		{"hvad er det tredje kriterium", "Kriterium", 4, 0, []int{3}},
		{"hvad er de første to trin", "Trin", 6, 0, []int{1, 2}},
		{"hvad er de to første trin", "Trin", 6, 0, []int{1, 2}},
		{"de to sidste trin", "Trin", 6, 0, []int{5, 6}},
		{"og de sidste trin?", "Trin", 6, 4, []int{5, 6}},
		{"det sidste trin", "Trin", 6, 0, []int{6}},
		{"hvad er kriterierne", "Kriterium", 3, 0, []int{1, 2, 3}},
		{"hvordan gør man trin for trin", "Trin", 2, 0, []int{1, 2}},
		{"hvilket trin er vigtigst", "Trin", 6, 0, nil},
		{"trin 9", "Trin", 6, 0, nil},
		{"hvad er planen", "Trin", 6, 0, nil},
		{"hvad er planen", "", 6, 0, nil},
	} {
		if got := Items(c.question, c.noun, c.n, c.told); !slices.Equal(got, c.want) {
			t.Errorf("%q: %v, want %v", c.question, got, c.want)
		}
	}
	if !OneItem("hvilket trin er vigtigst", "Trin") || OneItem("hvad er trinene", "Trin") {
		t.Error("which item is asked for is read wrongly")
	}
}

func TestCounts(t *testing.T) {
	for sentence, want := range map[string]bool{
		"Der er 40 haver.": true, "Hver tiende har en have.": true, "To ud af tre har en have.": true, "Haven koster 1,5 mio. kr.": true,
		"Loven kom i 2014.": false, "Fra 2014-2016 var det dyrt.": false, "Efter § 18 er det muligt.": false, "Efter stk. 2 er det muligt.": false,
		"Loven gælder fra 1. juli.": false, "Trin 3 er at så.": false, "Haven er stor.": false,
	} {
		if got := KindMany.Suits(sentence); got != want {
			t.Errorf("%q: %v", sentence, got)
		}
	}
	share := Read("Hvor stor en andel har en have?")
	if !share.Share || !share.Suits("40 procent har en have.") || share.Suits("7.191 blev spurgt.") {
		t.Error("a share is a number of any kind")
	}
}

// TestYesNo: »skal vi …« asks for the law, »hvad skal vi …« for advice; a number asked for beats an example.
func TestYesNo(t *testing.T) {
	for q, want := range map[string]Shape{"Skal vi spørge naboen?": ShapeLaw, "Hvad skal vi spørge naboen om?": ShapeHow, "hvor mange cases er der": ShapeFigures,
		"giv et overblik over haver": ShapeOverview, "Hvilken undersøgelse var det første overblik over haver?": ShapeLiterature, "Hvilke forfattere skriver om haver?": ShapeLiterature,
		"Hejsa, er du der?": ShapeAbout, "goddah": ShapeGreeting, "tak for hjælpen": ShapeThanks, "goddag, er du oppe?": ShapeGreeting, "kan de andre se hvad jeg skriver?": ShapeAbout} {
		if got := Read(q).Shape; got != want {
			t.Errorf("%q is read as %q, want %q", q, got, want)
		}
	}
	if r := Read("hvem fandt på det, og hvornår?"); r.Kind != KindWhen {
		t.Errorf("kind %q", r.Kind)
	}
	if !WhatIs("hvad er en have") || WhatIs("hvor er haven") {
		t.Error("»hvad er« is read wrongly")
	}
	if !Denies("De gør det lige så tit som andre.") || Denies("De gør det lige.") {
		t.Error("»lige så« is no denial")
	}
}
