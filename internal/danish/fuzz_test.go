package danish_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"kildesvar/internal/danish"
)

var seeds = []string{"", "Frivilligcentre, jf. § 18, stk. 2. Det koster 15,5 pct.", "»Hvad er det?« spurgte hun (kl. 12.). Nå …\n\nOverskrift\n1. Et\n2. To",
	"a\u030a \xff\xfe\xc3", "\"Er du? Ja.\" ”Nej.” „A“ ((())) »»«", "1️⃣ 👩‍👧 \u00a0\u2003\u0085", "samskabelsesproces", "aaaaaeoeoe", "\u0301\u030a",
	".\u0085\u00ad.", "1. \n2. \n3. a", "ªºǅİſK", "oversættelsesaftaler er m.fl. Det"}

func addSeeds(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
}

func FuzzTokens(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, tok := range danish.Tokens(text) {
			if tok.Start < end || tok.End <= tok.Start || tok.End > len(text) || text[tok.Start:tok.End] != tok.Text {
				t.Fatalf("token %+v after %d", tok, end)
			}
			if !utf8.ValidString(tok.Text) {
				t.Fatalf("token %q is not UTF-8", tok.Text)
			}
			for _, r := range tok.Text {
				if unicode.IsSpace(r) {
					t.Fatalf("token %q has a space", tok.Text)
				}
			}
			end = tok.End
		}
	})
}

func FuzzSentences(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, sp := range danish.Sentences(text) {
			if sp.Start < end || sp.End <= sp.Start || sp.End > len(text) {
				t.Fatalf("span %+v after %d in %d bytes", sp, end, len(text))
			}
			blank(t, text[end:sp.Start])
			first, _ := utf8.DecodeRuneInString(text[sp.Start:])
			last, _ := utf8.DecodeLastRuneInString(text[:sp.End])
			if unicode.IsSpace(first) || unicode.IsSpace(last) {
				t.Fatalf("%q is not trimmed", text[sp.Start:sp.End])
			}
			end = sp.End
		}
		blank(t, text[end:])
	})
}

func blank(t *testing.T, s string) {
	t.Helper()
	for _, r := range s {
		if !unicode.IsSpace(r) {
			t.Fatalf("%q is in no sentence", s)
		}
	}
}

func FuzzStem(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, word string) {
		lower := danish.Lower(word)
		folded := danish.Fold(word)
		if again := danish.Fold(folded); again != folded {
			t.Fatalf("Fold(%q) = %q, and again %q", word, folded, again)
		}
		stem := danish.Stem(lower)
		if utf8.ValidString(lower) && !utf8.ValidString(stem) {
			t.Fatalf("Stem(%q) = %q is not UTF-8", lower, stem)
		}
		if danish.TermOf(lower) != danish.Fold(stem) {
			t.Fatalf("TermOf(%q) is not the folded stem", lower)
		}
		for _, g := range danish.Ngrams(word, 4) {
			if g == "" || !utf8.ValidString(g) {
				t.Fatalf("gram %q of %q", g, word)
			}
		}
		danish.StopWord(lower)
	})
}

func FuzzSplit(f *testing.F) {
	addSeeds(f)
	s := danish.NewSplitter(vocabulary(f))
	f.Fuzz(func(t *testing.T, word string) {
		lower := danish.Lower(word)
		parts := s.Split(lower)
		for _, p := range parts {
			if p == "" || p == lower || len(danish.Fold(p)) < 3 {
				t.Fatalf("Split(%q) = %q", lower, parts)
			}
		}
		if folded := s.Split(danish.Fold(lower)); len(lower) < 100 && !slices.Equal(folded, parts) {
			t.Fatalf("Split(%q) = %q, folded %q", lower, parts, folded)
		}
	})
}

func FuzzCorrect(f *testing.F) {
	addSeeds(f)
	words := vocabulary(f)
	s := danish.NewSpeller(words)
	f.Fuzz(func(t *testing.T, word string) {
		found := s.Correct(danish.Lower(word))
		if len(found) > 5 {
			t.Fatalf("%d corrections", len(found))
		}
		for i, c := range found {
			if words[c.Word] == 0 || c.Cost < 0 || i > 0 && c.Cost < found[i-1].Cost {
				t.Fatalf("Correct(%q) = %v", word, found)
			}
		}
	})
}

// FuzzLists: the lists of words take any bytes, know a word with and without æøå alike, and digits are digits.
func FuzzLists(f *testing.F) {
	addSeeds(f)
	for _, s := range []string{"enogtyve", "1.000", "18.000.", "åbenrå", "fredriksberg", "spørgsmål", "hvornår", "étogtyve"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		word := danish.Lower(text)
		folded := danish.Fold(word)
		if d := danish.Digits(word); strings.Trim(d, "0123456789") != "" || danish.Digits(d) != d || danish.Digits(folded) != d {
			t.Fatalf("Digits(%q) = %q, folded %q", word, d, danish.Digits(folded))
		}
		if danish.StopWord(word) && !danish.StopWord(folded) {
			t.Fatalf("%q is a stop word, %q is none", word, folded)
		}
		if danish.Common(word) && !danish.Common(folded) {
			t.Fatalf("%q is common, %q is not", word, folded)
		}
		if danish.Place(word) && len(word) < 6 && !danish.Place(folded) { // longer ones may be slips, which are weighed in letters
			t.Fatalf("%q is a place, %q is none", word, folded)
		}
	})
}
