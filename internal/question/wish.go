package question

import (
	"regexp"
	"slices"
	"strings"

	"kildesvar/internal/danish"
)

// wishes tell how an answer should be given, at the end of a question or before it: »helt kort«, »gerne med kilde«, »i punktform«, »så jeg
// kan forstå det«. They ask nothing of the corpus.
var wishes = func() []*regexp.Regexp {
	const (
		soft  = `(?:(?:og |men )?(?:gerne|helst|bare|lige|kun|helt|meget|ganske|så|saa|please|venligst) )*`
		brief = `(?:kort(?:e)?(?: og (?:præcis|praecis|klart|godt|kontant|enkelt)t?)?(?: fortalt| sagt| svar| svaret| forklaret| forklaring)?|i korte træk|i korte traek|(?:med|på|paa|i) (?:\d+|én|en|et|to|tre|fire|fem|ti|få|faa|par|et par) (?:linjer?|sætning(?:er)?|saetning(?:er)?|sekunder|minut(?:ter)?|ord))`
		form  = `(?:(?:(?:på|paa|i|som) )?(?:punktform|stikord|bullets|liste(?:form)?)|(?:på|paa|i|som) punkter|en liste|(?:\d(?:-\d)?|to|tre|fire|fem|et par) punkter(?: er nok)?)`
		cited = `(?:(?:med|inkl\.?|inklusive|plus|og) (?:en |et |god |præcis |praecis |tilhørende )?(?:kilder?|kildehenvisning(?:er)?|kildeangivelse|henvisning(?:er)?|reference(?:r)?))`
		plain = `(?:(?:så|saa|sådan at|saadan at|så at) (?:\p{L}+ ){1,3}?(?:\p{L}+ ){0,2}forst(?:å|aa|a)r?(?: det| hvad det er)?|(?:med|i|på|paa) (?:helt |et |meget )*(?:enkle|enkelt|enkel|almindelige|almindeligt|simple|simpelt|nemme|nemt|jævnt|jaevnt|letforståelige?|letforståeligt|let|menneskelige) (?:ord|dansk|sprog|vendinger))`
		close = `(?:(?:på forhånd |paa forhaand |mange |tusind )?(?:tak|please)|tak på forhånd|tak paa forhaand)`
	)
	return []*regexp.Regexp{
		regexp.MustCompile(`(?i)[\s,;.!?–-]+` + soft + `(` + brief + `|` + form + `|` + cited + `|` + plain + `)(?:[\s,]+(?:` + close + `))?[\s.!?)]*$`),
		regexp.MustCompile(`(?i)^\s*` + soft + `(` + brief + `|` + form + `)(?:\s*[:,–-]\s*)`),
	}
}()

// short begins a wish for few words; shortOne asks for a short one of something.
var (
	short    = regexp.MustCompile(`(?i)^(?:kort|i korte|.*(?:linje|sætning|saetning|sekund|minut)|(?:med|på|paa|i) (?:\d+|få|faa|to|tre|et par) ord)`)
	shortOne = regexp.MustCompile(`(?i)\bkorte? (?:definition|forklaring|beskrivelse|svar|udgave|version|opsummering|resum)`)
)

// Plain is a question without the wishes for how it is answered, and whether few words are wished for. A text that is nothing else stays
// as it is, and so does one that would lose its question.
func Plain(text string) (plain string, brief bool) {
	plain = text
	for again := true; again; {
		again = false
		for _, re := range wishes {
			m := re.FindStringSubmatchIndex(plain)
			if m == nil {
				continue
			}
			rest := strings.TrimSpace(plain[:m[0]] + plain[m[1]:])
			if len(danish.Tokens(rest)) == 0 {
				continue
			}
			if strings.Contains(plain[m[0]:m[1]], "?") && !strings.HasSuffix(rest, "?") {
				rest += "?"
			}
			brief = brief || short.MatchString(plain[m[2]:m[3]])
			plain, again = rest, true
		}
	}
	return plain, brief || shortOne.MatchString(text)
}

// shorter asks for the last answer in fewer words.
var shorter = cues(`
	^ kortere $
	^ kort/kortfattet $
	^ kort tak $
	^ kort version/udgave $
	kan/gider du _ kortere
	sig/goer/forklar/skriv/giv det/den/mig _ kort/kortere
	^ mere kort $
	i korte traek $
`)

// Shorter reports whether a text asks for nothing but the last answer in fewer words.
func Shorter(text string) bool {
	words := foldedWords(text)
	return len(words) <= maxTalk && slices.ContainsFunc(shorter, func(c cue) bool { return c.in(words) })
}

// except leaves something out of what is asked: »andre tilskud end § 18«, »ud over idræt«.
var except = regexp.MustCompile(`(?i)\b(?:(andre|andet|anden|øvrige)((?:\s+\p{L}+){0,4}?)\s+end|ud over|udover|foruden|bortset fra|undtagen)\s+((?:lige |bare |kun )?(?:§+\s*\d+(?:\s?[a-z]\b)?|paragraf\s+\d+|\p{L}+))`)

// Except is a question without what it leaves out, and that, or "".
func Except(text string) (rest, left string) {
	m := except.FindStringSubmatchIndex(text)
	if m == nil {
		return text, ""
	}
	left = text[m[6]:m[7]]
	keep := ""
	if m[2] >= 0 {
		keep = text[m[2]:m[3]] + text[m[4]:m[5]]
	}
	rest = strings.TrimSpace(text[:m[0]] + keep + text[m[1]:])
	for _, t := range danish.Tokens(rest) {
		if w := strings.ToLower(t.Text); !danish.StopWord(w) && !danish.Common(w) && danish.Fold(w) != "oevrige" {
			return rest, left
		}
	}
	return text, "" // nothing is left to ask
}
