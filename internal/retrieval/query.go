package retrieval

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kildesvar/internal/danish"
	"kildesvar/internal/lexical"
	"kildesvar/internal/question"
)

// Query is a question's analysed form.
type Query struct {
	Text       string // what is searched for: the question, or Danish words for an English one
	Reading    question.Reading
	Words      []Word
	Expansions []Expansion
	Terms      lexical.Terms // words, corrections and expansions with their weights

	earlier []string // the questions this one follows up on, newest first
	without int      // number of an entry question that must not help; -1 for none
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
	fromPast  bool
	doubt     []danish.Correction // what it may have been meant for, the likeliest first
	byStem    bool                // the corpus has its stem, not the word itself
	told      bool                // stands before the question proper: »Jeg er ny her. Hvad er …«
}

// Expansion is a concept found in the question by another of its words.
type Expansion struct {
	Term   string // the concept's preferred term
	By     string // the words that called it up
	Theme  string
	Weight float32

	keys, byKeys []lexical.Key // of Term and By
}

// commonWeight is the weight of a common word against 1 for a subject's; chosen on the train split.
const commonWeight = 0.6

// toldRank is the weight of a word that only leads up to the question.
const toldRank = 0.7

// maxWords bounds a query; a question is rarely over 40 words, and what comes after 200 adds nothing but time.
const maxWords = 200

// analyse turns a question, with the earlier questions it follows up on, into a query.
func (s *Searcher) analyse(text string, earlier []string) *Query {
	reading := question.Read(text)
	if reading.English {
		text = question.Danish(text)
		reading = question.Read(text)
		reading.English = true
	}
	text = s.joined(text)
	q := &Query{Text: text, Reading: reading, earlier: earlier, without: -1}
	s.addWords(q, text, 1, false)
	for _, e := range earlier {
		s.addWords(q, e, s.weights.History, true)
	}
	s.expand(q)
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
	q.Terms = s.ix.Analyser().Words(words, weights)
	return q
}

func (s *Searcher) addWords(q *Query, text string, weight float32, past bool) {
	seen := map[string]bool{}
	for _, w := range q.Words {
		seen[w.Text] = true
	}
	asking := question.Asking(text)
	first := len(q.Words)
	defer func() { s.settle(q.Words, first) }()
	for _, t := range danish.Tokens(text) {
		if len(q.Words) >= maxWords {
			return
		}
		lower := strings.ToLower(t.Text)
		if danish.StopWord(lower) || seen[lower] || len(lower) == 1 && unicode.IsLetter(rune(lower[0])) {
			continue
		}
		seen[lower] = true
		w := Word{Text: lower, Weight: weight, fromPast: past, told: !slices.ContainsFunc(asking, func(s danish.Span) bool { return t.Start >= s.Start && t.End <= s.End }), Number: strings.ContainsFunc(lower, unicode.IsDigit),
			Name: nameLike(text, t), Common: danish.Common(lower), Place: danish.Place(lower)}
		if w.Common {
			w.Weight *= commonWeight
		}
		if w.told {
			w.Weight *= toldRank
		}
		if !s.spell(&w) {
			continue
		}
		word := w.Text
		if w.Corrected != "" {
			word = w.Corrected
		}
		w.Key = s.key(word)
		q.Words = append(q.Words, w)
	}
}

// key is the term of a lower-case word as a whole; 0 for a stop word.
func (s *Searcher) key(word string) lexical.Key {
	if terms := s.ix.Analyser().Words([]string{word}, []float32{1}).Stems; word != "" && len(terms) > 0 {
		return terms[0].Key
	}
	return 0
}

// spell finds out whether the corpus knows the word and, if not, what it may have been meant for. It returns false for a
// misspelt stop word, such as »hvonår«.
func (s *Searcher) spell(w *Word) bool {
	if s.known(w.Text) {
		w.Known = true
		if w.byStem = s.ix.Words[w.Text] == 0 && !w.Name && !w.Number && !w.Place && !w.Common && s.weights.Spelling > 0 && !danish.Everyday(w.Text); w.byStem {
			w.doubt = slices.DeleteFunc(s.ix.Speller().Correct(w.Text), func(c danish.Correction) bool {
				return c.Cost > doubtfulByStem || danish.StopWord(c.Word) || s.key(c.Word) == s.key(w.Text)
			})
		}
		return true
	}
	if d := danish.Digits(w.Text); d != "" && len(s.numerals[d]) > 0 {
		w.Corrected, w.Known = s.numerals[d][0], true
		return true
	}
	if w.Number || w.Place || s.weights.Spelling == 0 || danish.Everyday(w.Text) {
		return true
	}
	for _, c := range s.ix.Speller().Correct(w.Text) {
		if danish.StopWord(c.Word) {
			if c.Cost <= surelyStop {
				return false
			}
			continue
		}
		if !w.Name && c.Cost <= doubtful {
			w.doubt = append(w.doubt, c)
		}
		if w.Corrected != "" || c.Cost > s.weights.Spelling || w.Name && c.Cost > s.weights.Spelling/2 {
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
func (s *Searcher) known(word string) bool {
	if s.ix.Words[word] > 0 {
		return true
	}
	for i, t := range s.ix.Analyser().Words([]string{word}, []float32{1}).Stems {
		if i == 0 && (s.ix.Body.Stems.DocFreq(t.Key) > 0 || s.ix.Asked.Stems.DocFreq(t.Key) > 0) {
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

// fixed is the question as it was asked, with misspelt words as the corpus spells them.
func (q *Query) fixed() string { return q.spelt(danish.Span{Start: 0, End: len(q.Text)}) }

// asked is fixed without what only leads up to the question.
func (q *Query) asked() string {
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
		if !w.fromPast && !w.told {
			own.Words = append(own.Words, w)
		}
	}
	return &own
}

// FollowsUp reports whether the question goes on with an earlier one.
func (q *Query) FollowsUp() bool { return len(q.earlier) > 0 }
