// Package question reads a question by its words alone: what shape of answer it asks for, what its question word asks
// for, how the answer is wished for and what it leaves out, whether it is written in English, and how it hangs on the conversation before it.
//
// It knows Danish as people write it (misspelt, without æøå, in half sentences) and nothing of any corpus: which concept a
// question names, and whether it compares two, is retrieval's to find out. A shape read here is a wish; a composer that
// has nothing of the kind answers as well as it can.
package question

import (
	"slices"
	"strings"
	"unicode"

	"kildesvar/internal/danish"
)

// Shape is the kind of answer that a question asks for.
type Shape string

// The shapes. ShapeOther is an answer made of the sentences that fit best.
const (
	ShapeOther      Shape = ""
	ShapeDefinition Shape = "definition" // what a term means
	ShapeComparison Shape = "comparison" // how two things differ
	ShapeFigures    Shape = "figures"    // how many, what share, has it risen
	ShapeHow        Shape = "howto"      // steps, advice, what to watch, why it goes wrong
	ShapeLaw        Shape = "law"        // what one may or must
	ShapeWho        Shape = "who"        // actors and what they do
	ShapeExamples   Shape = "examples"
	ShapeLiterature Shape = "literature" // what somebody wrote, which source says it
	ShapeOverview   Shape = "overview"   // where to begin, what the theme is about
	ShapeMore       Shape = "more"       // more of what was just said
	ShapeAbout      Shape = "about"      // about the assistant
	ShapeGreeting   Shape = "greeting"
	ShapeThanks     Shape = "thanks"
)

// Asks reports whether the shape asks the corpus for something; the others are talk with the assistant.
func (s Shape) Asks() bool { return s != ShapeAbout && s != ShapeGreeting && s != ShapeThanks }

// Reading is what was read.
type Reading struct {
	Shape   Shape
	Kind    Kind
	English bool
	Share   bool  // it asks for a share: »hvor stor en andel«
	List    int   // how many things of a list it asks for: »de tre roller«; 0 for none
	Maker   bool  // it asks who made a thing: »hvem har fundet på …«
	Brief   bool  // few words are wished for: »helt kort«
	Premise bool  // it takes something for granted: »hvorfor falder …«, »det er jo et krav«
	Topic   Topic // of ShapeAbout and ShapeThanks
	Point   int   // the number in »uddyb punkt 2«, from 1; 0 for none
}

// Inherits is the reading of a question that goes on with another in few words and has no shape of its own: »og på landet?« after »hvor
// mange …« asks how many.
func (r Reading) Inherits(text, earlier string) Reading {
	words := foldedWords(text)
	goesOn := len(words) > 1 && (words[0] == "og" || words[0] == "men" || words[0] == "samt" || words[0] == "hvad" && words[1] == "med")
	if !goesOn || len(words) > maxInherits || r.Shape != ShapeOther || r.Kind != KindOther {
		return r
	}
	switch before := Read(earlier); before.Shape {
	case ShapeFigures, ShapeWho, ShapeExamples, ShapeLaw, ShapeHow:
		r.Shape, r.Kind, r.Share = before.Shape, before.Kind, before.Share
	}
	return r
}

// maxInherits is how many words such a question has at most.
const maxInherits = 6

// Read reads a question.
func Read(text string) Reading {
	r := Reading{English: English(text)}
	asked := text
	if spans := Asking(text); len(spans) > 0 {
		parts := make([]string, len(spans))
		for i, s := range spans {
			parts[i] = text[s.Start:s.End]
		}
		asked = strings.Join(parts, " ")
	}
	r.Kind = KindOf(asked)
	r.Premise = premise(foldedWords(text), r.Kind)
	words := foldedWords(asked)
	r.Shape, r.Point = shape(asked, words, r.Kind)
	if r.Shape == ShapeFigures && r.Kind != KindMany && slices.ContainsFunc(words, func(w string) bool { return kindWords[w] == KindWhen }) {
		r.Kind = KindWhen // »hvem fandt på det, og hvornår«
	}
	r.List = listing(words)
	r.Share = r.Shape == ShapeFigures && slices.ContainsFunc(words, func(w string) bool { return shareWords[w] })
	if slices.ContainsFunc(makers, func(c cue) bool { return c.in(words) }) && r.Shape.Asks() {
		r.Shape, r.Maker = ShapeWho, true
	}
	switch r.Shape {
	case ShapeAbout:
		r.Topic = about(words)
	case ShapeThanks:
		r.Topic = thanksOf(words)
	}
	return r
}

// maxCueWords is how many words are looked at for the shape; what is longer has been told before it is asked.
const maxCueWords = 120

// foldedWords are the words of a text, lower case and without æøå.
func foldedWords(text string) []string {
	tokens := danish.Tokens(text)
	if len(tokens) > maxCueWords {
		tokens = tokens[len(tokens)-maxCueWords:]
	}
	words := make([]string, len(tokens))
	for i, t := range tokens {
		words[i] = danish.Fold(t.Text)
	}
	return words
}

func shape(text string, words []string, kind Kind) (Shape, int) {
	if s := talk(text, words); s != ShapeOther {
		if last := len(words) - 1; s == ShapeThanks && last > 0 && words[last] == "tak" { // »et eksempel, tak« asks, politely
			if polite, n := shape(text, words[:last], kind); polite != ShapeOther && polite.Asks() {
				return polite, n
			}
		}
		return s, 0
	}
	if n := point(words); n > 0 {
		return ShapeMore, n
	}
	wh := slices.ContainsFunc(words, func(w string) bool { return questionWords[w] })
	for _, t := range tables {
		if t.yesNo && wh {
			continue
		}
		for _, c := range t.cues {
			if c.in(words) {
				if t.shape == ShapeLaw && (kind == KindWhen || kind == KindMany) { // »hvornår kom loven« wants a year
					return ShapeFigures, 0
				}
				if t.shape == ShapeExamples && kind == KindMany { // »hvor mange steder har prøvet det«
					return ShapeFigures, 0
				}
				return t.shape, 0
			}
		}
	}
	switch kind {
	case KindMany, KindWhen:
		return ShapeFigures, 0
	case KindWho:
		return ShapeWho, 0
	case KindMay:
		return ShapeLaw, 0
	case KindHow, KindWhy:
		return ShapeHow, 0
	}
	return ShapeOther, 0
}

// questionWords are folded words that begin a question which is not answered by yes or no.
var questionWords = set("hvad va vad hva hvordan vordan hvorfor vorfor hvornaar hvilken hvilket hvilke vilke hvor vor")

// point is the number of the point of the last answer that more is asked of.
func point(words []string) int {
	for i, w := range words {
		if !pointWords[w] || i+1 >= len(words) {
			continue
		}
		n := words[i+1]
		if n == "nr" || n == "nummer" {
			if i+2 >= len(words) {
				return 0
			}
			n = words[i+2]
		}
		if len(n) == 1 && n[0] >= '1' && n[0] <= '9' {
			return int(n[0] - '0')
		}
		if d := danish.Digits(n); len(d) == 1 && d != "0" {
			return int(d[0] - '0')
		}
	}
	for i := 1; i < len(words); i++ { // »det andet punkt«, »den 3. kilde«
		if pointWords[words[i]] {
			if n := ordinals[words[i-1]]; n > 0 {
				return n
			}
		}
	}
	return 0
}

var (
	pointWords = set("punkt punktet pkt point saetning saetningen afsnit kilde kilden nr nummer pind prik bullet")
	ordinals   = map[string]int{"foerste": 1, "forste": 1, "andet": 2, "anden": 2, "tredje": 3, "fjerde": 4, "femte": 5, "sjette": 6, "sidste": 0}
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// bare is a text's words, lower case, with one space between them.
func bare(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}
