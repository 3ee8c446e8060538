package danish

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a stretch of a text, in bytes.
type Span struct{ Start, End int }

// abbreviations end with a point that ends no sentence, whatever follows.
var abbreviations = makeSet(`bl.a bla f.eks feks jf jvf nr nr stk dvs ca kl tlf inkl ekskl evt iflg ift pga hhv vedr kap s ss red udg dr prof adr afd art bd bek
div eksl fhv flg gns henh if ill lb lign maks mht obs opr pag pkt resp rk sml spec st str tab th tidl uafh vha vol d u jan feb febr mar apr jun jul aug sep sept okt nov dec
hr fr frk cand mag scient phil jur dir forf oversat overs hrsg eds ed pp p cf ibid vs mio mia sek min t.eks dr.phil cand.scient cand.jur cand.mag ph.d o.s.v s.u`)

// closing are abbreviations that may well end a sentence: then a capital letter follows.
var closing = makeSet(`osv m.fl mfl m.m mm m.v mv etc kr pct o.l ol o.a o.lign u.å u.a inc ltd aps f ff årg årh tv stk mio mia e.kr f.kr`)

// longestQuote is how many bytes of a quotation or a parenthesis are kept together; beyond it a closing mark is taken to be missing.
const longestQuote = 400

// Sentences splits text into sentences. Spans are trimmed of white space, in order, and cover everything that is not
// white space. A blank line ends a sentence; a single line break is a space. Sentences inside »…«, “…” and (…) stay with
// the sentence around them.
func Sentences(text string) []Span {
	var out []Span
	start := 0
	add := func(end int) {
		s, e := trim(text, start, end)
		if s < e {
			out = append(out, Span{s, e})
		}
		start = end
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch r {
		case '\n':
			if blankLine(text, i) {
				add(i)
			}
		case '»', '“', '(':
			if end := enclosed(text, i+size, r); end > 0 {
				if last := lastBefore(text, end); terminator(last) && r != '(' && newSentence(text, end) {
					add(end)
				}
				i = end
				continue
			}
		case '.', '!', '?', '…':
			end := afterMarks(text, i+size)
			if sentenceEnd(text, i, end, r) {
				add(end)
			}
			i = end
			continue
		}
		i += size
	}
	add(len(text))
	return out
}

func trim(text string, start, end int) (int, int) {
	s := text[start:end]
	t := strings.TrimLeftFunc(s, unicode.IsSpace)
	start += len(s) - len(t)
	t = strings.TrimRightFunc(t, unicode.IsSpace)
	return start, start + len(t)
}

// blankLine reports whether the line after the break at i is empty.
func blankLine(text string, i int) bool {
	for _, r := range text[i+1:] {
		if r == '\n' {
			return true
		}
		if !unicode.IsSpace(r) {
			return false
		}
	}
	return false
}

// enclosed returns where the quotation or parenthesis that opened before from ends (after its closing mark), or 0.
func enclosed(text string, from int, open rune) int {
	closers := map[rune]string{'»': "«", '“': "”", '(': ")"}
	within := text[from:min(len(text), from+longestQuote)]
	i := strings.Index(within, closers[open])
	if i < 0 || strings.Contains(within[:i], "\n\n") {
		return 0
	}
	return from + i + len(closers[open])
}

// lastBefore is the rune before the closing mark that ends at end.
func lastBefore(text string, end int) rune {
	_, size := utf8.DecodeLastRuneInString(text[:end])
	r, _ := utf8.DecodeLastRuneInString(text[:end-size])
	return r
}

func terminator(r rune) bool { return r == '.' || r == '!' || r == '?' || r == '…' }

// afterMarks skips further end marks and the closing quotes and brackets behind them.
func afterMarks(text string, i int) int {
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !terminator(r) && !strings.ContainsRune("«”\"')]’", r) {
			break
		}
		i += size
	}
	return i
}

// sentenceEnd reports whether the mark r at i, with its followers up to end, ends a sentence.
func sentenceEnd(text string, i, end int, r rune) bool {
	if !newSentence(text, end) {
		return false
	}
	if r != '.' || end > i+1 && terminator(rune(text[i+1])) {
		return true
	}
	return !abbreviated(text, i, end)
}

// newSentence reports whether what follows can begin a sentence: white space and then a capital, a digit or an opening mark.
func newSentence(text string, end int) bool {
	rest := strings.TrimLeftFunc(text[end:], unicode.IsSpace)
	if rest == "" {
		return true
	}
	if len(rest) == len(text)-end {
		return false // no white space
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsUpper(r) || unicode.IsDigit(r) || strings.ContainsRune("»“\"'([§–-", r)
}

// abbreviated reports whether the point at i belongs to an abbreviation, an initial or an ordinal number.
func abbreviated(text string, i, end int) bool {
	word := wordBefore(text, i)
	lower := strings.ToLower(word)
	next, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(text[end:], unicode.IsSpace))
	switch {
	case word == "":
		return false
	case closing[lower] && unicode.IsUpper(next):
		return false
	case abbreviations[lower] || closing[lower]:
		return true
	case initial(word):
		return true
	}
	return ordinal(text, i, word, end)
}

// wordBefore is the run of letters, digits and inner points before i: »bl.a« of »bl.a.«.
func wordBefore(text string, i int) string {
	from := i
	for from > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:from])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' {
			break
		}
		from -= size
	}
	return strings.TrimLeft(text[from:i], ".")
}

// initial reports whether a word is the initial of a name: one capital letter, or some with points (H.C).
func initial(word string) bool {
	for _, part := range strings.Split(word, ".") {
		r, size := utf8.DecodeRuneInString(part)
		if size != len(part) || !unicode.IsUpper(r) {
			return false
		}
	}
	return true
}

// months follow the day of a date; a writer may give them a capital.
var months = makeSet("januar februar marts april maj juni juli august september oktober november december")

// ordinal reports whether a number with a point is an ordinal: a date, or the number of an entry at the beginning of a line.
func ordinal(text string, i int, word string, end int) bool {
	if len(word) > 2 || strings.ContainsFunc(word, func(r rune) bool { return r < '0' || r > '9' }) {
		return false
	}
	rest := strings.TrimLeftFunc(text[end:], unicode.IsSpace)
	if ts := Tokens(rest[:min(len(rest), 40)]); len(ts) > 0 && months[strings.ToLower(ts[0].Text)] {
		return true
	}
	before := strings.TrimRight(text[:i-len(word)], " \t")
	return before == "" || strings.HasSuffix(before, "\n")
}
