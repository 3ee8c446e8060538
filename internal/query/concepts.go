package query

import (
	"math"
	"strings"

	"kildesvar/internal/danish"
	"kildesvar/internal/index"
	"kildesvar/internal/lexical"
)

// phrase is one way of saying a concept, as the stems of its content words.
type phrase struct {
	concept int
	text    string
	keys    []lexical.Key
	own     bool // the preferred term itself
}

// phraseBook finds concepts by any of their words. It is immutable.
type phraseBook struct {
	concepts []index.Concept
	phrases  []phrase
	by       map[lexical.Key][]int // phrases by their first key
}

func newPhraseBook(concepts []index.Concept, a *lexical.Analyser) *phraseBook {
	b := &phraseBook{concepts: concepts, by: map[lexical.Key][]int{}}
	for i, c := range concepts {
		b.add(i, c.Term, true, a)
		for _, list := range [][]string{c.Synonyms, c.Everyday} {
			for _, text := range list {
				b.add(i, text, false, a)
			}
		}
	}
	return b
}

func (b *phraseBook) add(concept int, text string, own bool, a *lexical.Analyser) {
	keys := stemKeys(text, a)
	// What is left of »ikke-frivillige« or »blive frivillig« without its small words would be called up by every question
	// with the bare word.
	if len(keys) == 0 || len(keys) == 1 && len(danish.Tokens(text)) > 1 {
		return
	}
	b.by[keys[0]] = append(b.by[keys[0]], len(b.phrases))
	b.phrases = append(b.phrases, phrase{concept, text, keys, own})
}

// stemKeys gives the stem of each content word, without the parts of compounds.
func stemKeys(text string, a *lexical.Analyser) []lexical.Key {
	var keys []lexical.Key
	for _, t := range danish.Tokens(text) {
		terms := a.Words([]string{strings.ToLower(t.Text)}, []float32{1}).Stems
		if len(terms) > 0 {
			keys = append(keys, terms[0].Key)
		}
	}
	return keys
}

// Named is a concept that a question names.
type Named struct {
	Concept int    // number in the index
	Own     bool   // by its preferred term
	Words   int    // content words of the phrase that named it
	text    string // the phrase
	at      int    // position of the phrase's first word among the question's words
}

// Named are the concepts that stand whole in a question's words.
func (p *Parser) Named(words []Word) []Named { return p.book.find(words) }

// find returns the concepts whose phrase stands whole in the words (in any order, close together), the longest phrase for each.
func (b *phraseBook) find(words []Word) []Named {
	have := make(map[lexical.Key]int, len(words))
	for i, w := range words {
		if _, ok := have[w.Key]; !ok && w.Key != 0 {
			have[w.Key] = i
		}
	}
	best := map[int]Named{}
	var order []int
	for i, w := range words {
		if have[w.Key] != i {
			continue
		}
		for _, pi := range b.by[w.Key] {
			p := b.phrases[pi]
			if !near(p.keys, have) {
				continue
			}
			f := Named{Concept: p.concept, Own: p.own, Words: len(p.keys), text: p.text, at: i}
			old, ok := best[p.concept]
			if !ok {
				order = append(order, p.concept)
			}
			if !ok || f.Words > old.Words || f.Words == old.Words && f.Own && !old.Own {
				best[p.concept] = f
			}
		}
	}
	out := make([]Named, len(order))
	for i, c := range order {
		out[i] = best[c]
	}
	return out
}

// looseness is how many content words may stand between those of a phrase.
const looseness = 1

// near reports whether all keys of a phrase are there, close to each other.
func near(keys []lexical.Key, have map[lexical.Key]int) bool {
	first, last := math.MaxInt, -1
	for _, k := range keys {
		at, ok := have[k]
		if !ok {
			return false
		}
		first, last = min(first, at), max(last, at)
	}
	return last-first < len(keys)+looseness
}

// expand adds the preferred terms of the concepts a question names by other words.
func (p *Parser) expand(q *Query) {
	for _, f := range p.book.find(q.Words) {
		if f.Own || p.weights.Concepts == 0 {
			continue
		}
		c := p.book.concepts[f.Concept]
		q.Expansions = append(q.Expansions, Expansion{Term: c.Term, By: f.text, Theme: c.Theme, Weight: p.weights.Concepts,
			Keys: stemKeys(c.Term, p.ix.Analyser()), ByKeys: stemKeys(f.text, p.ix.Analyser())})
	}
}

// Concept returns the preferred term of the concept that a side of a comparison names, the one nearest to its beginning.
func (p *Parser) Concept(text string) string {
	var q Query
	p.addWords(&q, text, 1, false)
	best := Named{at: -1}
	for _, f := range p.book.find(q.Words) {
		if best.at < 0 || f.Words > best.Words || f.Words == best.Words && f.at < best.at {
			best = f
		}
	}
	if best.at < 0 {
		return ""
	}
	return p.book.concepts[best.Concept].Term
}
