package article

import (
	"bytes"
	"fmt"
)

// Limits on what the Markdown and YAML libraries are given. Their time grows with the square of the depth of quotes and lists, of the
// brackets in a paragraph and of the fields of a mapping: 128 KB of »>« took 46 s, and of »[a](« 20 s, before there were any.
const (
	maxDepth       = 32    // quotes and lists in one another
	maxBrackets    = 1_000 // opening brackets in a paragraph
	maxFrontMatter = 1_000 // lines
)

// tangled finds text that nests more than any person writes: the byte offset of its line and what to do; what is empty when all is well.
func tangled(text []byte) (off int, what string) {
	brackets, start := 0, 0
	for start < len(text) {
		line, _, _ := bytes.Cut(text[start:], []byte("\n"))
		if depth(line) > maxDepth {
			return start, fmt.Sprintf("citater og lister ligger mere end %d lag inde i hinanden – skriv afsnittet som almindelig prosa", maxDepth)
		}
		if len(bytes.TrimSpace(line)) == 0 {
			brackets = 0
		}
		if brackets += bytes.Count(line, []byte("[")); brackets > maxBrackets {
			return start, fmt.Sprintf("afsnittet har over %d kantede parenteser – del det op", maxBrackets)
		}
		start += len(line) + 1
	}
	return 0, ""
}

// depth counts the marks of quotes and lists that a line begins with, and the indentation between them, which is a level for every two
// blanks. Indentation alone is none.
func depth(line []byte) int {
	levels, width := 0, 0 // width is the indentation since the last mark
	for len(line) > 0 {
		n := mark(line)
		switch {
		case line[0] == ' ':
			width, n = width+1, 1
		case line[0] == '\t':
			width, n = width+4, 1
		case n > 0:
			levels, width = levels+1+width/2, 0
		default:
			return levels
		}
		line = line[n:]
	}
	return levels
}

// mark is the length of a quote's or a list item's mark at the beginning of a line; 0: none.
func mark(line []byte) int {
	switch line[0] {
	case '>':
		return 1
	case '-', '*', '+':
		if len(line) == 1 || line[1] == ' ' || line[1] == '\t' {
			return 1
		}
		return 0
	}
	n := 0
	for n < len(line) && n < 9 && line[n] >= '0' && line[n] <= '9' {
		n++
	}
	if n > 0 && n < len(line) && (line[n] == '.' || line[n] == ')') && (n+1 == len(line) || line[n+1] == ' ' || line[n+1] == '\t') {
		return n + 1
	}
	return 0
}
