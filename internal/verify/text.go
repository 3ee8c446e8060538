package verify

import (
	"strings"

	"kildesvar/internal/danish"
)

// token is a word of a text in its place.
type token struct {
	w      *word
	raw    string
	start  int // byte in the text
	sent   int // number of its sentence in the text
	clause int // number of its clause in the text
	name   bool
	first  bool    // first of its sentence
	weight float64 // see word.weight; names and numbers weigh too
	number int     // 1 + its quantity, 0 for none
	groups []group // of the phrase that begins or goes on here
}

// mark is a word or phrase of a class that decides what is claimed.
type mark struct {
	class class
	pos   int // first token
	n     int // tokens
	scope []int
}

// span is a stretch of tokens.
type span struct{ from, to int }

// text is an analysed sentence or all passages together.
type text struct {
	toks    []token
	sents   []span
	passage []int // of each sentence
	marks   []mark
	numbers []quantity
	gaps    []string // what stands between a token and the next, before folding
}

// read analyses a text of its own.
func (l *lexicon) read(s string) *text {
	t := &text{}
	l.append(t, s, 0)
	l.finish(t)
	return t
}

// readAll analyses passages as one text; sentences know their passage.
func (l *lexicon) readAll(passages []string) *text {
	t := &text{}
	for i, p := range passages {
		l.append(t, citationless(p), i)
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
func (l *lexicon) append(t *text, s string, passage int) {
	for _, sp := range danish.Sentences(s) {
		from := len(t.toks)
		toks := danish.Tokens(s[sp.Start:sp.End])
		for i, k := range toks {
			end := sp.End - sp.Start
			if i+1 < len(toks) {
				end = toks[i+1].Start
			}
			w := l.word(k.Text)
			t.toks = append(t.toks, token{w: w, raw: k.Text, start: sp.Start + k.Start, sent: len(t.sents), first: i == 0, weight: w.weight})
			t.gaps = append(t.gaps, s[sp.Start+k.End:sp.Start+end])
		}
		if len(t.toks) == from {
			continue
		}
		t.sents = append(t.sents, span{from, len(t.toks)})
		t.passage = append(t.passage, passage)
	}
}

// clauseWords begin a clause.
var clauseWords = set("men fordi mens hvis når selvom hvorimod som der at så hvor hvordan hvilket hvilke hvem hvad idet eftersom inden før eller")

// finish finds clauses, names, phrases, marks and numbers.
func (l *lexicon) finish(t *text) {
	clause := 0
	for i := range t.toks {
		k := &t.toks[i]
		if i > 0 && (k.first || strings.ContainsAny(t.gaps[i-1], ",;:–()") || clauseWords[k.w.lower]) {
			clause++
		}
		k.clause = clause
		t.nameAt(i)
	}
	for i := range t.toks {
		l.phrasesAt(t, i)
	}
	t.findNumbers()
	for i := range t.marks {
		t.marks[i].scope = t.scopeOf(&t.marks[i])
	}
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// phrasesAt records the marks and the synonyms that begin at a token.
func (l *lexicon) phrasesAt(t *text, i int) {
	rest := t.toks[i:t.sents[t.toks[i].sent].to]
	c := rest[0].w.class
	if !rest[0].first && (i == 0 || !strings.ContainsAny(t.gaps[i-1], ":.")) {
		c &^= imperative
	}
	n := 1
	var phrases class
	for _, p := range l.marks.phrases[rest[0].w.lower] {
		if p.is(rest) {
			phrases |= p.class
			n = max(n, len(p.words))
			if p.class&(levels|contrast|weakNegation|noNegation|around|above|below|can|should|must) != 0 {
				for k := range p.words {
					rest[k].weight = 0
				}
			}
		}
	}
	if phrases&noNegation != 0 {
		c &^= negation | only
	}
	c = t.misread(i, c) | phrases
	if c != 0 {
		t.marks = append(t.marks, mark{class: c, pos: i, n: n})
	}
	if rest[0].w.stop {
		return
	}
	for _, p := range l.phrases[rest[0].w.key] {
		t.synonymAt(i, p)
	}
}

// synonymAt gives the words of content of a phrase its group, when the phrase stands there; small words, and one other at most,
// may stand between.
func (t *text) synonymAt(i int, p synonym) {
	at := make([]int, 0, 4)
	j, end, others := i, t.sents[t.toks[i].sent].to, 0
	for _, k := range p.keys {
		for j < end && t.toks[j].w.key != k && j < i+8 {
			if !t.toks[j].w.stop {
				others++
			}
			j++
		}
		if j >= end || t.toks[j].w.key != k || others > 1 {
			return
		}
		if !t.toks[j].w.stop {
			at = append(at, j)
		}
		j++
	}
	for _, j := range at {
		t.toks[j].groups = append(t.toks[j].groups, p.group)
	}
}

// misread takes classes away that a word has not in its place: »få« that is a verb, »hver« of »hver deres«, »for« that is
// a preposition.
func (t *text) misread(i int, c class) class {
	if c == 0 {
		return 0
	}
	prev, next := t.lower(i-1), t.lower(i+1)
	switch t.toks[i].w.lower {
	case "få":
		if verbBefore[prev] || t.toks[i].first && strings.HasSuffix(next, "t") {
			return c &^ (levels | weakNegation)
		}
	case "hver", "hvert":
		if noEach[next] || strings.HasSuffix(next, "ende") || strings.HasSuffix(next, "te") {
			return c &^ levels
		}
	case "alt":
		if prev == "i" || next == "efter" {
			return c &^ levels
		}
	case "alle", "samtlige":
		if prev == "ikke" {
			return c &^ levels
		}
	case "bare", "blot", "kun", "alene", "lidt":
		if prev == "ikke" || prev == "når" {
			return c &^ (only | weakNegation)
		}
	case "så", "for":
		if i > 0 && !strings.Contains(t.gaps[i-1], ",") && !t.toks[i].first {
			return c &^ weakCause
		}
	case "før", "inden":
		return c &^ negation
	case "om":
		if !t.toks[i].first && !strings.Contains(t.gaps[i-1], ",") {
			return c &^ (whether | asks)
		}
	case "flere", "række", "en":
		if next == "og" {
			return c &^ levels
		}
	}
	return c
}

var (
	verbBefore = set("at kan kunne skal skulle vil ville må bør burde og eller ikke også parter kommuner")
	noEach     = set("deres sin sit sine især for enkelt anden andet tredje fjerde femte sjette syvende ottende niende gang sig har")
)

// lower is the lower-case word at a place, "" outside the text.
func (t *text) lower(i int) string {
	if i < 0 || i >= len(t.toks) {
		return ""
	}
	return t.toks[i].w.lower
}

// only is the text of one sentence; offsets stay those of the whole.
func (t *text) only(sent int) *text {
	if len(t.sents) == 1 {
		return t
	}
	sp := t.sents[sent]
	out := &text{toks: append([]token(nil), t.toks[sp.from:sp.to]...), gaps: t.gaps[sp.from:sp.to], sents: []span{{0, sp.to - sp.from}},
		passage: []int{0}}
	number := map[int]int{}
	for i, q := range t.numbers {
		if q.pos >= sp.from && q.pos < sp.to {
			q.pos -= sp.from
			out.numbers = append(out.numbers, q)
			number[i+1] = len(out.numbers)
		}
	}
	for i := range out.toks {
		out.toks[i].sent = 0
		out.toks[i].number = number[out.toks[i].number]
	}
	for _, m := range t.marks {
		if m.pos >= sp.from && m.pos < sp.to {
			m.pos -= sp.from
			m.scope = append([]int(nil), m.scope...)
			for i := range m.scope {
				m.scope[i] -= sp.from
			}
			out.marks = append(out.marks, m)
		}
	}
	return out
}

// next is the next word of content in the sentence, -1 for none.
func (t *text) next(i int) int {
	for n := i + 1; n < len(t.toks) && t.toks[n].sent == t.toks[i].sent; n++ {
		if t.toks[n].weight >= commonWeight {
			return n
		}
	}
	return -1
}

// class reports whether a token has a class.
func (k *token) class(c class) bool { return k.w.class&c != 0 }
