package question

import "testing"

// TestPlain: wishes for how an answer is given are taken off, what is asked for stays.
func TestPlain(t *testing.T) {
	for _, c := range []struct {
		text, plain string
		brief       bool
	}{
		{"hvad er en klub kort tak", "hvad er en klub", true},
		{"Hvad betyder klub, kort og præcist?", "Hvad betyder klub?", true},
		{"kort fortalt: hvad er en klub?", "hvad er en klub?", true},
		{"hvad er en klub? helt kort, med kilde", "hvad er en klub?", true},
		{"hvad er en klub på to linjer", "hvad er en klub", true},
		{"Er der en definition på klubber, gerne med kilde", "Er der en definition på klubber", false},
		{"kan du forklare klubber så min mor kan forstå det", "kan du forklare klubber", false},
		{"hvad er fordelene? punktform", "hvad er fordelene?", false},
		{"hvilke roller er der, gerne en liste", "hvilke roller er der", false},
		{"hvad skal der til, 3-4 punkter er nok", "hvad skal der til", false},
		{"hvad er fordelene, i punktform tak", "hvad er fordelene", false},
		{"forklar det med enkle ord", "forklar det", false},
		{"giv mig en kort definition på klub", "giv mig en kort definition på klub", true},
		{"kort tak", "kort tak", false},
		{"hvilke kilder er der til klubber", "hvilke kilder er der til klubber", false},
		{"giv et kort overblik", "giv et kort overblik", false},
		{"hvad er forskellen på en kort og en lang aftale", "hvad er forskellen på en kort og en lang aftale", false},
		{"", "", false},
	} {
		if plain, brief := Plain(c.text); plain != c.plain || brief != c.brief {
			t.Errorf("%q: %q, %v; want %q, %v", c.text, plain, brief, c.plain, c.brief)
		}
	}
}

func TestShorter(t *testing.T) {
	for text, want := range map[string]bool{"kortere": true, "kan du sige det kortere?": true, "kort tak": true, "Kort om klubber": false,
		"hvorfor er aftalen kortere": false, "kortere aftaler": false, "": false} {
		if got := Shorter(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestExcept: what is left out is told from what is asked, unless nothing would be asked then.
func TestExcept(t *testing.T) {
	for text, want := range map[string][2]string{
		"Hvilke andre puljer end § 18 kan klubber søge?": {"Hvilke andre puljer kan klubber søge?", "§ 18"},
		"hvad laver klubberne ud over idræt":             {"hvad laver klubberne", "idræt"},
		"er der andet end idræt":                         {"er der andet end idræt", ""},
		"flere kvinder end mænd":                         {"flere kvinder end mænd", ""},
	} {
		if rest, left := Except(text); rest != want[0] || left != want[1] {
			t.Errorf("%q: %q without %q", text, rest, left)
		}
	}
}

// TestInherits: a question that goes on with another in few words asks for the same kind of thing.
func TestInherits(t *testing.T) {
	for _, c := range []struct {
		text, earlier string
		want          Shape
	}{
		{"og på landet?", "Hvor mange er med?", ShapeFigures},
		{"hvad med de unge", "hvem hjælper de gamle?", ShapeWho},
		{"og hvorfor?", "Hvor mange er med?", ShapeHow},
		{"og klubber?", "Hvad er en forening?", ShapeOther},
		{"frivillige på landet", "Hvor mange er med?", ShapeOther},
		{"og hvad så med alle dem, der slet ikke er med i noget", "Hvor mange er med?", ShapeOther},
	} {
		if got := Read(c.text).Inherits(c.text, c.earlier).Shape; got != c.want {
			t.Errorf("%q after %q: %q, want %q", c.text, c.earlier, got, c.want)
		}
	}
	if !Read("og på landet?").Inherits("og på landet?", "hvor stor en andel er med").Share {
		t.Error("a share is no longer asked for")
	}
}

// TestCounting: a question that begins with »hvor mange« wants a number, one that mentions it does not.
func TestCounting(t *testing.T) {
	for text, want := range map[string]bool{"Hvor mange er med?": true, "og hvor meget er der": true, "Jeg er ny. Hvornår kom loven?": true,
		"vi kan kun vise, hvor mange møder vi har holdt": false, "hvad er en klub": false} {
		if got := Counting(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
