package question

import "testing"

func TestKindOf(t *testing.T) {
	for question, want := range map[string]Kind{
		"Hvem er frivillige?":                        KindWho,
		"hvor mange er frivillige":                   KindMany,
		"Hvor stor en andel er det?":                 KindMany,
		"vormange forreninger får støtte":            KindMany,
		"Hvornår trådte ældreloven i kraft?":         KindWhen,
		"hvornaar kom charteret":                     KindWhen,
		"Hvorfor evaluere?":                          KindWhy,
		"hej, hvordan laver man en aftale":           KindHow,
		"Hvor finder jeg det lokale frivilligcenter": KindWhere,
		"Må vi betale en frivillig?":                 KindMay,
		"Hvad er samskabelse?":                       KindOther,
		"samskabelse":                                KindOther,
		"Hvad sker der, hvis det går galt?":          KindOther,
		"":                                           KindOther,
	} {
		if got := KindOf(question); got != want {
			t.Errorf("%q is %q, want %q", question, got, want)
		}
	}
}

func TestKindSuits(t *testing.T) {
	for _, c := range []struct {
		kind     Kind
		sentence string
		want     bool
	}{
		{KindMany, "Cirka 40 procent er frivillige.", true},
		{KindMany, "Modellen har fem betingelser.", true},
		{KindMany, "Mange er frivillige.", false},
		{KindWhen, "Loven trådte i kraft 1. juli 2025.", true},
		{KindWhen, "I de seneste 10 år er det vokset.", false},
		{KindWho, "Begrebet tilskrives Elinor Ostrom.", true},
		{KindWho, "Begrebet er gammelt.", false},
		{KindOther, "Alt passer.", true},
	} {
		if got := c.kind.Suits(c.sentence); got != c.want {
			t.Errorf("%s and %q: %v, want %v", c.kind, c.sentence, got, c.want)
		}
	}
}
