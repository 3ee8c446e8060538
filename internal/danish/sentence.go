package danish

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a stretch of a text, in bytes.
type Span struct{ Start, End int }

// longestQuote is how many bytes of a quotation or a parenthesis are kept together; beyond it a closing mark is taken to be missing.
const longestQuote = 400

// deepest is how many quotations or parentheses may stand inside each other; more are no text.
const deepest = 4

// Sentences splits text into sentences. Spans are trimmed of white space, in order, and cover everything that is not
// white space. A blank line ends a sentence, and so does a line break before an entry of a list; any other line break is a
// space. Sentences inside »…«, “…”, "…" and (…) stay with the sentence around them; a parenthesis that is a sentence of its
// own ends with its closing mark.
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
			if blankLine(text, i) || listEntry(text[i+1:]) {
				add(i)
			}
		case '»', '“', '”', '„', '"', '(':
			if end := enclosed(text, i, r, size); end > 0 {
				if terminator(lastBefore(text, end)) && newSentence(text, end) && (r != '(' || strings.TrimSpace(text[start:i]) == "") {
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

// listEntry reports whether a line begins with a bullet, or with a number and then a capital letter: »2. juli« is a date.
func listEntry(line string) bool {
	line = strings.TrimLeft(line, " \t")
	for _, bullet := range []string{"- ", "* ", "• "} {
		if strings.HasPrefix(line, bullet) {
			return true
		}
	}
	n := 0
	for n < len(line) && n < 3 && asciiDigit(line[n]) {
		n++
	}
	if n == 0 || n == 3 || n+1 >= len(line) || line[n] != '.' && line[n] != ')' || line[n+1] != ' ' {
		return false
	}
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(line[n+1:], " "))
	return unicode.IsUpper(r) && !months[firstToken(line[n+1:])]
}

// closers gives the marks that close what a mark opens. ” and " open as well as close.
var closers = map[rune]string{'»': "«", '“': "”", '”': "”", '„': "“”", '"': "\"", '(': ")"}

// enclosed returns where the quotation or parenthesis that the mark at i opens ends (after its closing mark), or 0.
func enclosed(text string, i int, open rune, size int) int {
	if open == '"' || open == '”' {
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		if i > 0 && !unicode.IsSpace(before) && !strings.ContainsRune("([»-–", before) {
			return 0 // it closes something
		}
	}
	from, shut := i+size, closers[open]
	within := text[from:min(len(text), from+longestQuote)]
	if !strings.ContainsAny(within, shut) {
		return 0
	}
	depth := 1
	for at, r := range within {
		switch {
		case r == '\n' && blankLine(text, from+at):
			return 0
		case strings.ContainsRune(shut, r):
			if depth--; depth == 0 {
				return from + at + utf8.RuneLen(r)
			}
		case r == open:
			if depth++; depth > deepest {
				return 0
			}
		}
	}
	return 0
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
		if !terminator(r) && !strings.ContainsRune("«”“\"')]’", r) {
			break
		}
		i += size
	}
	return i
}

// sentenceEnd reports whether the mark r at i, with its followers up to end, ends a sentence. After ? and ! the next may
// begin with a small letter, as people write in a chat.
func sentenceEnd(text string, i, end int, r rune) bool {
	if asks := r == '?' || r == '!'; asks && end == i+1 {
		if after, _ := utf8.DecodeRuneInString(text[end:]); unicode.IsSpace(after) {
			return true
		}
	}
	if !newSentence(text, end) {
		return false
	}
	if next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):]); r != '.' || terminator(next) {
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
	return unicode.IsUpper(r) || unicode.IsDigit(r) || strings.ContainsRune("»“”„\"'([§–-", r)
}
