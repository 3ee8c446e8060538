package question

import (
	"slices"
	"strconv"
	"strings"

	"kildesvar/internal/danish"
)

// Suits reports whether a sentence has what an answer of the shape is made of: a figure, a name, a paragraph, an example, advice.
// Shapes that are made of nothing in particular suit no sentence.
func (r Reading) Suits(sentence string) bool {
	if r.List > 0 && r.Shape != ShapeFigures {
		_, list, found := strings.Cut(sentence, ": ")
		return found && strings.Contains(list, " og ") && slices.ContainsFunc(foldedWords(sentence), func(w string) bool { return small(w) == r.List })
	}
	switch r.Shape {
	case ShapeFigures:
		if r.Kind == KindWhen {
			return KindWhen.Suits(sentence)
		}
		return KindMany.Suits(sentence) && (!r.Share || slices.ContainsFunc(foldedWords(sentence), func(w string) bool { return shares[w] }))
	case ShapeWho:
		return KindWho.Suits(sentence) && (!r.Maker || slices.ContainsFunc(foldedWords(sentence), func(w string) bool { return making[w] }))
	}
	if m := marks[r.Shape]; m != nil {
		return slices.ContainsFunc(danish.Tokens(sentence), func(t danish.Token) bool {
			w := danish.Fold(t.Text)
			return m[w] || w != t.Text && m[strings.ToLower(t.Text)]
		})
	}
	return false
}

// Heads reports whether a heading promises what the shape is made of.
func (r Reading) Heads(heading string) bool {
	return r.Shape == ShapeExamples && slices.ContainsFunc(foldedWords(heading), func(w string) bool { return strings.HasPrefix(w, "eksemp") })
}

// shareWords are folded words that ask for a share, shares those that give one.
var (
	shareWords = set("andel andelen procent procenter pct procentdel")
	shares     = set("procent pct andel andelen ud halvdelen tredjedel fjerdedel hver")
)

// listing is how many things of a list a question asks for: »de tre roller«, »hvilke fem kriterier«, »temaets to dele«; 0 when it asks for none.
func listing(words []string) int {
	for i := 0; i+2 < len(words); i++ {
		if n := small(words[i+1]); n > 1 && (words[i] == "de" || words[i] == "hvilke" || strings.HasSuffix(words[i], "s")) {
			return n
		}
	}
	return 0
}

// makers ask who made a thing; making are folded words that tell.
var (
	makers = cues(`
		hvem/vem _ lavet/udviklet/udviklede/opfundet/opfandt/skabt/skabte/grundlagt/stiftet/startet/introduceret/lanceret
		hvem/vem _ fundet/fandt _ paa/pa
		hvem/vem _ begyndte/begynte
		hvem/vem er/var ophavsmand*
	`)
	making = set(`udviklet udviklede lanceret lancerede opfundet grundlagt stiftet skabt indfoerte introduceret introducerede stammer begyndte opstod
		foreslog formulerede formuleret dannet dannede opstillede fremsatte`)
)

// Counts reports whether the question asks for a figure, a year or a name, which a sentence either has or has not.
func (r Reading) Counts() bool { return r.Shape == ShapeFigures || r.Shape == ShapeWho }

// marks are folded words that show what a sentence is for.
var marks = map[Shape]map[string]bool{
	ShapeLaw: set(`§ lov loven lovens love stk skal maa pligt pligten ret kraever krav tilladt lovpligtigt lovpligtig forpligtet forpligter kan
		serviceloven aeldreloven folkeoplysningsloven sundhedsloven forvaltningsloven bekendtgoerelse cirkulaere`),
	ShapeHow: set(`skal boer kan maa kraever kraeves krav vigtigt vigtig afgoerende foerst foerste anden andet tredje derefter dernaest trin raad
		anbefaler anbefales anbefaling fordi aarsag aarsagen skyldes derfor risiko risikoen risikerer faldgrube faldgruber udfordring udfordringer betingelse
		betingelser husk undgaa forudsaetter forudsaetning forudsaetninger`),
	ShapeExamples: set(`fx eksempel eksempler eksempelvis eks kommune projekt projektet forsoeg forsoeget case cases initiativ initiativet landsby by`),
}

// LatestYear is the latest year that a sentence names, 0 for none.
func LatestYear(sentence string) (latest int) {
	for _, t := range danish.Tokens(sentence) {
		if n, err := strconv.Atoi(t.Text); err == nil && year(t.Text) {
			latest = max(latest, n)
		}
	}
	return latest
}
