package query

import (
	"strings"

	"kildesvar/internal/danish"
	"kildesvar/internal/lexical"
)

// What corrections cost at most (danish.Correction.Cost) when the question's other words speak for them.
const (
	// joinedCost is for two words that are one compound, misspelt and split: »friviligheds svikt«.
	joinedCost = 0.5
	// doubtful is the highest cost that is looked at.
	doubtful = 1.1
	// supported is what a correction is worth that stands in a passage with another of the question's words.
	supported = 0.4
	// doubtfulByStem is the same for a word whose stem the corpus has.
	doubtfulByStem = 0.9
	// surely is the cost below which the nearest correction is taken without a look at the context.
	surely = 0.35
)

// joined writes two words as the corpus' compound where one of them is unknown and both together are its misspelling.
func (p *Parser) joined(text string) string {
	if p.weights.Spelling == 0 {
		return text
	}
	var b strings.Builder
	at := 0
	tokens := danish.Tokens(text)
	for i := 0; i+1 < len(tokens) && i < maxWords; i++ {
		left, right := tokens[i], tokens[i+1]
		if strings.TrimSpace(text[left.End:right.Start]) != "" {
			continue
		}
		if c := p.compound(strings.ToLower(left.Text), strings.ToLower(right.Text)); c != "" {
			b.WriteString(text[at:left.Start] + c)
			at = right.End
			i++
		}
	}
	b.WriteString(text[at:])
	return b.String()
}

// minPart is the shortest word that is taken for a part of a split compound.
const minPart = 4

// compound is the corpus' word that two words are together, or "".
func (p *Parser) compound(left, right string) string {
	if len(left) < minPart || len(right) < minPart || danish.StopWord(left) || danish.StopWord(right) || p.ix.Words[left] > 0 && p.ix.Words[right] > 0 {
		return ""
	}
	whole := left + right
	if p.ix.Words[whole] > 0 {
		return whole
	}
	if c := p.ix.Speller().Correct(whole); len(c) > 0 && c[0].Cost <= joinedCost {
		return c[0].Word
	}
	return ""
}

// settle chooses among the corrections of the words from number first on those that the question's other words speak for.
func (p *Parser) settle(words []Word, first int) {
	for i := first; i < len(words); i++ {
		w := &words[i]
		if len(w.doubt) == 0 || w.doubt[0].Cost < surely && !w.byStem {
			continue
		}
		if w.byStem {
			// »chateret« has the stem of »chatte«: only what the other words speak for is better.
			if p.inContext(words, i, w.Text) == 0 {
				for _, c := range w.doubt {
					if p.inContext(words, i, c.Word) > 0 {
						w.Corrected, w.Key = c.Word, p.Key(c.Word)
						break
					}
				}
			}
			continue
		}
		best, value := "", p.weights.Spelling
		for _, c := range w.doubt {
			if v := c.Cost - p.inContext(words, i, c.Word)*supported; v <= value && v < doubtful {
				best, value = c.Word, v
			}
		}
		if best == w.Corrected {
			continue
		}
		w.Corrected, w.Known, w.Key = best, best != "", 0
		if best != "" {
			w.Key = p.Key(best)
		}
	}
}

// inContext is 1 when a passage has the word and another of the question's words that says something, 0 otherwise.
func (p *Parser) inContext(words []Word, at int, word string) float64 {
	body := p.ix.Body.Stems
	key := p.Key(word)
	found := make([]float32, body.Len())
	body.Score([]lexical.Weighted{{Key: key, Weight: 1}}, found)
	for i, w := range words {
		if i == at || !w.Known || w.Common || w.Key == key || body.IDF(w.Key) < tellingIDF {
			continue
		}
		for doc, v := range found {
			if v > 0 && body.Has(w.Key, doc) {
				return 1
			}
		}
	}
	return 0
}

// tellingIDF is the idf from which a word is rare enough to speak for another.
const tellingIDF = 2

// Alternatives are other ways of writing a number: »§ 18a« as »§ 18 a«, »5« as »fem« or »femte«.
func (p *Parser) Alternatives(word string) []string {
	alts := []string{strings.TrimRight(word, "abcdefghijklmnopqrstuvwxyzæøå")}
	if d := danish.Digits(word); d != "" {
		alts = append(alts, p.numerals[d]...)
	}
	return alts
}
