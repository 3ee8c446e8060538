package question

import (
	_ "embed"
	"strings"
	"sync"

	"kildesvar/internal/danish"
)

// English reports whether a text is written in English: it has more of the small words of English than of Danish. A half
// Danish one (»på engelsk: what about …«) is English when most of it is.
func English(text string) bool {
	en, da := 0, 0
	for _, t := range danish.Tokens(text) {
		w := strings.ToLower(t.Text)
		switch {
		case englishWords[w]:
			en++
		case danishWords[w] || strings.ContainsAny(w, "æøå"):
			da++
		}
	}
	return en >= 2 && en > da
}

// The small words, without those that both languages have (for, have, at, over, under, man, bog, de, her, hat).
var (
	englishWords = set(`the a an of and or is are was were be been what which who whom whose where when why how many much does do did can could should would may must
		to in on with without from about between into by as it its they them their there this that these those you your we our us not no if than then also
		difference mean means meaning example examples volunteer volunteers volunteering say says said tell me more explain define same has had will but any some ok and whats hows`)
	danishWords = set(`og er det den der som på paa hvad hvem hvor hvordan hvorfor hvornår hvornaar hvilke hvilken hvilket ikke til af en et med vi jeg du kan skal må maa
		om fra mellem ved har hvis eller men også ogsaa sig man bliver blive mange engelsk forskel forskellen`)
)

// glossary is English words and phrases, a tab, and Danish words to search by. It was written from the articles' own vocabulary.
//
//go:embed english.txt
var glossary string

// longestPhrase is the most words of an English phrase in the glossary.
const longestPhrase = 5

// phrases is the glossary by lower-case English phrase; made at the first English question.
var phrases = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for _, line := range strings.Split(glossary, "\n") {
		en, da, ok := strings.Cut(line, "\t")
		if ok && !strings.HasPrefix(line, "#") {
			m[en] = da
		}
	}
	return m
})

// Danish turns an English question into Danish words to search by: the longest phrases of the glossary first, the small words left out,
// what the glossary lacks as it stands (names, terms that Danish uses too). It is no translation, and never shown.
func Danish(text string) string {
	tokens := danish.Tokens(text)
	words := make([]string, len(tokens))
	for i, t := range tokens {
		words[i] = strings.ToLower(t.Text)
	}
	var out []string
	for i := 0; i < len(words); {
		n, da := phraseAt(words[i:])
		switch {
		case n > 0:
			out = append(out, da)
			i += n
			continue
		case !englishWords[words[i]]:
			out = append(out, tokens[i].Text)
		}
		i++
	}
	return strings.Join(out, " ")
}

// phraseAt is the longest phrase of the glossary that the words begin with, and its length in words; 0 for none. Endings that English
// adds are taken off a single word that is not found.
func phraseAt(words []string) (n int, da string) {
	for n = min(longestPhrase, len(words)); n > 0; n-- {
		if da, ok := phrases()[strings.Join(words[:n], " ")]; ok {
			return n, da
		}
	}
	if englishWords[words[0]] {
		return 0, ""
	}
	for _, end := range [][2]string{{"'s", ""}, {"ies", "y"}, {"es", ""}, {"s", ""}, {"ied", "y"}, {"ed", ""}, {"ed", "e"}, {"ing", ""}, {"ing", "e"}, {"ly", ""}} {
		if stem, ok := strings.CutSuffix(words[0], end[0]); ok && len(stem) > 2 {
			if da, ok := phrases()[stem+end[1]]; ok {
				return 1, da
			}
		}
	}
	return 0, ""
}
