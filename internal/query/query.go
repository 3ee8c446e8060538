// Package query turns a question into what is searched for: its content words with their weights, misspelt ones as the corpus spells them,
// the concepts that it names by other words, and the earlier questions that it follows up on.
//
// It knows the words, concepts and entry questions of an index, and asks no model. What kind of answer is asked for is read in package
// question; passages are ranked in package retrieval.
//
// Invariants: Terms are Words and Expansions under the index' analyser; Words hold no stop words, and the question's own come before those
// of earlier ones.
package query

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kildesvar/internal/danish"
	"kildesvar/internal/index"
	"kildesvar/internal/lexical"
	"kildesvar/internal/question"
)

// Weights are the parameters. A zero switches off what it weighs.
type Weights struct {
	Concepts float32 // of a concept's preferred term called up by another word, against 1 for a word asked
	Spelling float64 // highest cost of a correction that is believed
	History  float32 // of an earlier question's words in a follow-up
}

// Parser makes queries for one index. It is safe for concurrent use.
type Parser struct {
	ix       *index.Index
	weights  Weights
	book     *phraseBook
	numerals map[string][]string // digits → the corpus' words for them
}

// New returns a parser for an index.
func New(ix *index.Index, w Weights) *Parser {
	p := &Parser{ix: ix, weights: w, book: newPhraseBook(ix.Concepts, ix.Analyser()), numerals: map[string][]string{}}
	for w := range ix.Words {
		if d := danish.Digits(w); d != "" {
			p.numerals[d] = append(p.numerals[d], w)
		}
	}
	for _, words := range p.numerals {
		slices.Sort(words)
	}
	return p
}

// Query is a question's analysed form.
type Query struct {
	Text       string // what is searched for: the question, or Danish words for an English one
	Reading    question.Reading
	Words      []Word
	Expansions []Expansion
	Terms      lexical.Terms // words, corrections and expansions with their weights

	Except []lexical.Key // stems of what the question leaves out: »andre end …«

	Later   bool     // there were questions before this one
	Earlier []string // the questions this one follows up on, newest first
}

// Word is a content word of the question.
type Word struct {
	Text      string // lower case, as written
	Corrected string // the corpus' word it was taken for; empty when it was known or nothing is near
	Known     bool   // whether the corpus has the word, one of its forms, its parts, or a correction of it
	Number    bool   // has a digit
	Name      bool   // capitalised inside a sentence: a name, most likely
	Place     bool   // names a place or its people
	Common    bool   // a word of everyday speech, which says little of the subject
	Weight    float32
	Key       lexical.Key // of its stem
	FromPast  bool        // stands in an earlier question
	Told      bool        // stands before the question proper: »Jeg er ny her. Hvad er …«

	doubt  []danish.Correction // what it may have been meant for, the likeliest first
	byStem bool                // the corpus has its stem, not the word itself
}

// Expansion is a concept found in the question by another of its words.
type Expansion struct {
	Term   string // the concept's preferred term
	By     string // the words that called it up
	Theme  string
	Weight float32

	Keys, ByKeys []lexical.Key // of Term and By
}

// CommonWeight is the weight of a common word against 1 for a subject's; chosen on the train split.
const CommonWeight = 0.6

// toldRank is the weight of a word that only leads up to the question.
const toldRank = 0.7

// maxWords bounds a query; a question is rarely over 40 words, and what comes after 200 adds nothing but time.
const maxWords = 200

// Parse turns a question, with the earlier questions it follows up on, into a query.
func (p *Parser) Parse(text string, earlier []string) *Query {
	text, brief := question.Plain(text)
	if told := question.PointsBack(text); told != "" {
		if c := p.Concept(told); c != "" {
			text = "Hvad er " + c + "?"
		}
	}
	reading := question.Read(text)
	if reading.English {
		text = question.Danish(text)
		reading = question.Read(text)
		reading.English = true
	}
	if reading.Brief = brief; len(earlier) > 0 {
		reading = reading.Inherits(text, earlier[0])
	}
	text, except := question.Except(text)
	text = p.joined(text)
	q := &Query{Text: text, Reading: reading, Earlier: earlier, Except: stemKeys(except, p.ix.Analyser())}
	p.addWords(q, text, 1, false)
	for _, e := range earlier {
		p.addWords(q, e, p.weights.History, true)
	}
	p.expand(q)
	words, weights := make([]string, 0, 2*len(q.Words)), make([]float32, 0, 2*len(q.Words))
	add := func(w string, weight float32) { words, weights = append(words, w), append(weights, weight) }
	for _, w := range q.Words {
		if w.Corrected == "" {
			add(w.Text, w.Weight)
			continue
		}
		add(w.Corrected, w.Weight)
	}
	for _, e := range q.Expansions {
		for _, t := range danish.Tokens(e.Term) {
			add(strings.ToLower(t.Text), e.Weight)
		}
	}
	q.Terms = p.ix.Analyser().Words(words, weights)
	return q
}

func (p *Parser) addWords(q *Query, text string, weight float32, past bool) {
	seen := map[string]bool{}
	for _, w := range q.Words {
		seen[w.Text] = true
	}
	asking := question.Asking(text)
	first := len(q.Words)
	defer func() { p.settle(q.Words, first) }()
	for _, t := range danish.Tokens(text) {
		if len(q.Words) >= maxWords {
			return
		}
		lower := strings.ToLower(t.Text)
		if danish.StopWord(lower) || seen[lower] || len(lower) == 1 && unicode.IsLetter(rune(lower[0])) {
			continue
		}
		seen[lower] = true
		w := Word{Text: lower, Weight: weight, FromPast: past, Told: !slices.ContainsFunc(asking, func(s danish.Span) bool { return t.Start >= s.Start && t.End <= s.End }), Number: strings.ContainsFunc(lower, unicode.IsDigit),
			Name: nameLike(text, t), Common: danish.Common(lower), Place: danish.Place(lower)}
		if w.Common {
			w.Weight *= CommonWeight
		}
		if w.Told {
			w.Weight *= toldRank
		}
		if !p.spell(&w) {
			continue
		}
		word := w.Text
		if w.Corrected != "" {
			word = w.Corrected
		}
		w.Key = p.Key(word)
		q.Words = append(q.Words, w)
	}
}

// Key is the term of a lower-case word as a whole; 0 for a stop word.
func (p *Parser) Key(word string) lexical.Key {
	if terms := p.ix.Analyser().Words([]string{word}, []float32{1}).Stems; word != "" && len(terms) > 0 {
		return terms[0].Key
	}
	return 0
}

// spell finds out whether the corpus knows the word and, if not, what it may have been meant for. It returns false for a
// misspelt stop word, such as »hvonår«.
func (p *Parser) spell(w *Word) bool {
	if p.known(w.Text) {
		w.Known = true
		if w.byStem = p.ix.Words[w.Text] == 0 && !w.Name && !w.Number && !w.Place && !w.Common && p.weights.Spelling > 0 && !danish.Everyday(w.Text); w.byStem {
			w.doubt = slices.DeleteFunc(p.ix.Speller().Correct(w.Text), func(c danish.Correction) bool {
				return c.Cost > doubtfulByStem || danish.StopWord(c.Word) || p.Key(c.Word) == p.Key(w.Text)
			})
		}
		return true
	}
	if d := danish.Digits(w.Text); d != "" && len(p.numerals[d]) > 0 {
		w.Corrected, w.Known = p.numerals[d][0], true
		return true
	}
	if w.Number || w.Place || p.weights.Spelling == 0 || danish.Everyday(w.Text) {
		return true
	}
	for _, c := range p.ix.Speller().Correct(w.Text) {
		if danish.StopWord(c.Word) {
			if c.Cost <= surelyStop {
				return false
			}
			continue
		}
		if !w.Name && c.Cost <= doubtful {
			w.doubt = append(w.doubt, c)
		}
		if w.Corrected != "" || c.Cost > p.weights.Spelling || w.Name && c.Cost > p.weights.Spelling/2 {
			continue
		}
		w.Corrected, w.Known = c.Word, true
		w.Weight *= float32(1 - c.Cost/2)
	}
	return true
}

// surelyStop is the cost up to which a word is taken for a misspelt stop word.
const surelyStop = 0.6

// known reports whether the corpus has the word in some form.
func (p *Parser) known(word string) bool {
	if p.ix.Words[word] > 0 {
		return true
	}
	for i, t := range p.ix.Analyser().Words([]string{word}, []float32{1}).Stems {
		if i == 0 && (p.ix.Body.Stems.DocFreq(t.Key) > 0 || p.ix.Asked.Stems.DocFreq(t.Key) > 0) {
			return true
		}
	}
	return false
}

// nameLike reports whether a token is capitalised and does not begin a sentence of the text.
func nameLike(text string, t danish.Token) bool {
	r, _ := utf8.DecodeRuneInString(t.Text)
	if !unicode.IsUpper(r) {
		return false
	}
	before := strings.TrimRight(text[:t.Start], " \t\n\"»(")
	if before == "" {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	return !strings.ContainsRune(".?!:", last)
}

// Fixed is the question as it was asked, with misspelt words as the corpus spells them.
func (q *Query) Fixed() string { return q.spelt(danish.Span{Start: 0, End: len(q.Text)}) }

// Asked is Fixed without what only leads up to the question.
func (q *Query) Asked() string {
	var parts []string
	for _, s := range question.Asking(q.Text) {
		parts = append(parts, q.spelt(s))
	}
	return strings.Join(parts, " ")
}

// spelt is a stretch of the question with misspelt words as the corpus spells them.
func (q *Query) spelt(s danish.Span) string {
	text := q.Text[s.Start:s.End]
	right := map[string]string{}
	for _, w := range q.Words {
		if w.Corrected != "" {
			right[w.Text] = w.Corrected
		}
	}
	if len(right) == 0 {
		return text
	}
	var b strings.Builder
	at := 0
	for _, t := range danish.Tokens(text) {
		if r := right[strings.ToLower(t.Text)]; r != "" {
			b.WriteString(text[at:t.Start])
			b.WriteString(r)
			at = t.End
		}
	}
	b.WriteString(text[at:])
	return b.String()
}

// Own is the query without the words of the conversation before it, and without those that only lead up to it.
func (q *Query) Own() *Query {
	own := *q
	own.Words = nil
	for _, w := range q.Words {
		if !w.FromPast && !w.Told {
			own.Words = append(own.Words, w)
		}
	}
	return &own
}

// Opens reports whether the question begins a conversation.
func (q *Query) Opens() bool { return !q.Later }

// FollowsUp reports whether the question goes on with an earlier one.
func (q *Query) FollowsUp() bool { return len(q.Earlier) > 0 }

// Before are the questions it follows up on, oldest first.
func (q *Query) Before() []string {
	out := slices.Clone(q.Earlier)
	slices.Reverse(out)
	return out
}

// Corrected is the question's content words as the corpus spells them, for embedding.
func (q *Query) Corrected() string {
	var b strings.Builder
	for _, w := range q.Words {
		if w.Corrected != "" {
			b.WriteString(w.Corrected)
		} else {
			b.WriteString(w.Text)
		}
		b.WriteByte(' ')
	}
	for _, e := range q.Expansions {
		b.WriteString(e.Term + " ")
	}
	return b.String()
}
