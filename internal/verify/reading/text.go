package reading

import (
	"slices"
	"strings"

	"kildesvar/internal/danish"
)

// Token is a word of a text in its place.
type Token struct {
	W      *Word
	Raw    string
	Start  int // byte in the text
	Sent   int // number of its sentence in the text
	Clause int // number of its clause in the text
	Name   bool
	First  bool    // first of its sentence
	Weight float64 // see word.weight; names and numbers weigh too
	Number int     // 1 + its quantity, 0 for none
	Groups []Group // of the phrase that begins or goes on here
}

// Mark is a word or phrase of a class that decides what is claimed.
type Mark struct {
	Class Class
	Pos   int // first token
	N     int // tokens
	Scope []int
}

// Span is a stretch of tokens.
type Span struct{ From, To int }

// Text is an analysed sentence or all passages together.
type Text struct {
	Toks    []Token
	Sents   []Span
	Passage []int  // of each sentence
	Title   []bool // of each sentence: whether it is a passage's title or heading, which says what the passage is about
	Marks   []Mark
	Numbers []Quantity
	Gaps    []string // what stands between a token and the next, before folding
}

// Read analyses a text of its own.
func (l *Lexicon) Read(s string) *Text {
	t := &Text{}
	l.append(t, s, 0, false)
	l.finish(t)
	return t
}

// Passage is running text with what stands above it. Title and Section, which may be empty, tell what it is about: a sentence may name
// that again, but cannot stand on them.
type Passage struct{ Title, Section, Text string }

// ReadAll analyses passages as one text; sentences know their passage.
func (l *Lexicon) ReadAll(passages []Passage) *Text {
	t := &Text{}
	for i, p := range passages {
		l.append(t, citationless(p.Text), i, false)
		l.append(t, p.Title, i, true)
		l.append(t, p.Section, i, true)
	}
	l.finish(t)
	return t
}

// longestCitation is how many bytes a citation in brackets can have.
const longestCitation = 200

// citationless takes citations ([@key, s. 4], [1]) out of a passage.
func citationless(s string) string {
	if !strings.Contains(s, "[") {
		return s
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "[")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		inside, _, closed := strings.Cut(rest[:min(len(rest), longestCitation)], "]")
		if !closed || len(inside) == 0 || inside[0] != '@' && strings.Trim(inside, "0123456789, ") != "" {
			b.WriteByte('[')
			s = rest
			continue
		}
		s = rest[len(inside)+1:]
	}
}

// append adds the sentences of one passage.
func (l *Lexicon) append(t *Text, s string, passage int, title bool) {
	for _, sp := range danish.Sentences(s) {
		from := len(t.Toks)
		toks := danish.Tokens(s[sp.Start:sp.End])
		for i, k := range toks {
			end := sp.End - sp.Start
			if i+1 < len(toks) {
				end = toks[i+1].Start
			}
			w := l.word(k.Text)
			t.Toks = append(t.Toks, Token{W: w, Raw: k.Text, Start: sp.Start + k.Start, Sent: len(t.Sents), First: i == 0, Weight: w.Weight})
			t.Gaps = append(t.Gaps, s[sp.Start+k.End:sp.Start+end])
		}
		if len(t.Toks) == from {
			continue
		}
		t.Sents = append(t.Sents, Span{from, len(t.Toks)})
		t.Passage = append(t.Passage, passage)
		t.Title = append(t.Title, title)
	}
}

// clauseWords begin a clause.
var clauseWords = Set("men fordi mens hvis når selvom hvorimod som der at så hvor hvordan hvilket hvilke hvem hvad idet eftersom inden før eller")

// finish finds clauses, names, phrases, marks and numbers.
func (l *Lexicon) finish(t *Text) {
	clause := 0
	for i := range t.Toks {
		k := &t.Toks[i]
		if i > 0 && (k.First || strings.ContainsAny(t.Gaps[i-1], ",;:–()") || clauseWords[k.W.Lower]) {
			clause++
		}
		k.Clause = clause
		t.nameAt(i)
	}
	for i := range t.Toks {
		l.phrasesAt(t, i)
	}
	t.findNumbers()
	for i := range t.Marks {
		t.Marks[i].Scope = t.scopeOf(&t.Marks[i])
	}
}

// Set is the set of the words of a string.
func Set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// phrasesAt records the marks and the synonyms that begin at a token.
func (l *Lexicon) phrasesAt(t *Text, i int) {
	rest := t.Toks[i:t.Sents[t.Toks[i].Sent].To]
	c := rest[0].W.Class
	if !rest[0].First && (i == 0 || !strings.ContainsAny(t.Gaps[i-1], ":.")) {
		c &^= Imperative
	}
	n := 1
	var phrases Class
	for _, p := range l.marks.phrases[rest[0].W.Lower] {
		if p.is(rest) {
			phrases |= p.class
			n = max(n, len(p.words))
			if p.class&(Levels|Contrast|WeakNegation|NoNegation|around|Above|Below|Can|Should|Must|Whether) != 0 {
				for k := range p.words {
					rest[k].Weight = 0
				}
			}
		}
	}
	if phrases&NoNegation != 0 {
		c &^= Negation | Only
	}
	c = t.misread(i, c) | phrases
	if c != 0 {
		t.Marks = append(t.Marks, Mark{Class: c, Pos: i, N: n})
	}
	if rest[0].W.Stop {
		return
	}
	for _, p := range l.phrases[rest[0].W.Key] {
		t.synonymAt(i, p)
	}
}

// synonymAt gives the words of content of a phrase its group, when the phrase stands there; small words, and one other at most,
// may stand between.
func (t *Text) synonymAt(i int, p synonym) {
	at := make([]int, 0, 4)
	j, end, others := i, t.Sents[t.Toks[i].Sent].To, 0
	for _, k := range p.keys {
		for j < end && t.Toks[j].W.Key != k && j < i+8 {
			if !t.Toks[j].W.Stop {
				others++
			}
			j++
		}
		if j >= end || t.Toks[j].W.Key != k || others > 1 {
			return
		}
		if !t.Toks[j].W.Stop {
			at = append(at, j)
		}
		j++
	}
	for _, j := range at {
		t.Toks[j].Groups = append(t.Toks[j].Groups, p.group)
	}
}

// misread takes classes away that a word has not in its place: »få« that is a verb, »hver« of »hver deres«, »for« that is
// a preposition.
func (t *Text) misread(i int, c Class) Class {
	prev, next := t.Lower(i-1), t.Lower(i+1)
	switch t.Toks[i].W.Lower {
	case "få":
		if t.gets(i) {
			return c &^ (Levels | WeakNegation)
		}
	case "enkelte":
		if prev == "den" || prev == "det" || prev == "hver" || prev == "hvert" {
			return c &^ Levels
		}
	case "især", "for":
		if prev == "hver" {
			return 0
		}
		if i > 0 && t.Toks[i].W.Lower == "for" && !strings.Contains(t.Gaps[i-1], ",") && !t.Toks[i].First {
			return c &^ WeakCause
		}
	case "hver", "hvert":
		if noEach[next] || strings.HasSuffix(next, "ende") || strings.HasSuffix(next, "te") {
			return c &^ Levels
		}
	case "alt":
		if prev == "i" || next == "efter" {
			return c &^ Levels
		}
	case "alle", "samtlige":
		if prev == "ikke" {
			return c &^ Levels
		}
	case "ikke":
		if t.Gaps[i] == "-" { // ikke-frivillige are a sort of people
			return c &^ Negation
		}
	case "bare", "blot", "kun", "alene", "lidt":
		if prev == "ikke" || prev == "når" {
			return c &^ (Only | WeakNegation)
		}
	case "så":
		if i > 0 && !strings.Contains(t.Gaps[i-1], ",") && !t.Toks[i].First {
			return c &^ WeakCause
		}
	case "før", "inden":
		return c &^ Negation
	case "om":
		if !t.Toks[i].First && !strings.Contains(t.Gaps[i-1], ",") {
			return c &^ (Whether | Asks)
		}
	case "nogle":
		if next == "få" {
			return c &^ Levels
		}
	case "flere", "række", "en":
		if next == "og" {
			return c &^ Levels
		}
	}
	return c
}

// gets reports whether »få« is the verb: behind a modal verb, or in »Få afklaret« and »Få også afklaret«.
func (t *Text) gets(i int) bool {
	next := t.Lower(i + 1)
	if t.helped(i) || t.Toks[i].First && strings.HasSuffix(next, "t") {
		return true
	}
	return t.Toks[i].First && i+1 < len(t.Toks) && t.Toks[i+1].Weight == 0 && next != "af"
}

// helped reports whether an infinitive may stand at a token: a modal verb or the like stands before it, with nothing of weight between.
func (t *Text) helped(i int) bool {
	for n := i - 1; n >= 0 && n >= i-4 && t.Toks[n].Sent == t.Toks[i].Sent; n-- {
		if verbBefore[t.Toks[n].W.Lower] {
			return true
		}
		if t.Toks[n].Weight >= CommonWeight {
			return false
		}
	}
	return false
}

var (
	verbBefore = Set("at kan kunne skal skulle vil ville må bør burde og eller ikke også parter kommuner")
	noEach     = Set("deres sin sit sine især for enkelt anden andet tredje fjerde femte sjette syvende ottende niende gang sig har")
)

// Lower is the lower-case word at a place, "" outside the text.
func (t *Text) Lower(i int) string {
	if i < 0 || i >= len(t.Toks) {
		return ""
	}
	return t.Toks[i].W.Lower
}

// Only is the text of one sentence; offsets stay those of the whole.
func (t *Text) Only(sent int) *Text {
	if len(t.Sents) == 1 {
		return t
	}
	sp := t.Sents[sent]
	out := &Text{Toks: append([]Token(nil), t.Toks[sp.From:sp.To]...), Gaps: t.Gaps[sp.From:sp.To], Sents: []Span{{0, sp.To - sp.From}},
		Passage: []int{0}, Title: []bool{false}}
	number := map[int]int{}
	for i, q := range t.Numbers {
		if q.Pos >= sp.From && q.Pos < sp.To {
			q.Pos -= sp.From
			out.Numbers = append(out.Numbers, q)
			number[i+1] = len(out.Numbers)
		}
	}
	for i := range out.Toks {
		out.Toks[i].Sent = 0
		out.Toks[i].Number = number[out.Toks[i].Number]
	}
	for _, m := range t.Marks {
		if m.Pos >= sp.From && m.Pos < sp.To {
			m.Pos -= sp.From
			m.Scope = append([]int(nil), m.Scope...)
			for i := range m.Scope {
				m.Scope[i] -= sp.From
			}
			out.Marks = append(out.Marks, m)
		}
	}
	return out
}

// Next is the next word of content in the sentence, -1 for none.
func (t *Text) Next(i int) int {
	for n := i + 1; n < len(t.Toks) && t.Toks[n].Sent == t.Toks[i].Sent; n++ {
		if t.Toks[n].Weight >= CommonWeight {
			return n
		}
	}
	return -1
}

// Class reports whether a token has a class.
func (k *Token) Class(c Class) bool { return k.W.Class&c != 0 }

// NumbersIn are the numbers of one sentence.
func (t *Text) NumbersIn(sent int) []Quantity {
	sp := t.Sents[sent]
	from, _ := slices.BinarySearchFunc(t.Numbers, sp.From, func(q Quantity, at int) int { return q.Pos - at })
	to, _ := slices.BinarySearchFunc(t.Numbers, sp.To, func(q Quantity, at int) int { return q.Pos - at })
	return t.Numbers[from:to]
}

// MarksIn are the marks of one sentence.
func (t *Text) MarksIn(sent int) []Mark {
	sp := t.Sents[sent]
	from, _ := slices.BinarySearchFunc(t.Marks, sp.From, func(q Mark, at int) int { return q.Pos - at })
	to, _ := slices.BinarySearchFunc(t.Marks, sp.To, func(q Mark, at int) int { return q.Pos - at })
	return t.Marks[from:to]
}

// Count is how many words of a text have a class.
func (t *Text) Count(c Class) int {
	n := 0
	for i := range t.Toks {
		if t.Toks[i].W.Class&c != 0 {
			n++
		}
	}
	return n
}
