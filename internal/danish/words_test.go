package danish_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"kildesvar/internal/danish"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "abc": "abc", "ABC": "abc", "Rødgrød MED Fløde": "roedgroed med floede", "Ærø ÅRHUS": "aeroe aarhus",
		"a\u030arhus": "aarhus", "A\u030Arhus": "aarhus", "ǽ ǿ ǻ": "ae oe aa", "café Müller Ñandú": "cafe muller nandu",
		"Köln Käse Œuvre Straße": "koeln kaese oeuvre strasse", "1 juli, § 18": "1 juli, § 18", "\u0301a": "a", "a\xffb": "a\uFFFDb", "Жук 漢字": "жук 漢字",
	} {
		if got := danish.Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLower(t *testing.T) {
	for in, want := range map[string]string{"": "", "ÆØÅ": "æøå", "A\u030Alborg": "ålborg", "NGO": "ngo", "Café": "café"} {
		if got := danish.Lower(in); got != want {
			t.Errorf("Lower(%q) = %q, want %q", in, got, want)
		}
	}
}

// families are words whose forms have one term.
const families = `
forening foreningen foreninger foreningerne foreningens foreningernes forenings
frivillig frivillige frivilligt frivilliges frivillighed
bog bogen bøger bøgerne boeger
håndbog håndbogen håndbøger håndbøgerne haandboeger
formand formanden formænd formændene formaend
mand manden mænd mændene mænds
barn barnet børn børnene børns boern
plejebarn plejebørn plejeboern
hånd hånden hænder hænderne haender
kraft kraften kræfter kræfterne
drivkraft drivkræfter drivkraefter
bydelsmor bydelsmødre bydelsmoedre
center centeret centret centre centrene centrets
frivilligcenter frivilligcentre frivilligcentret frivilligcentrene frivilligcentrenes
medlem medlemmer medlemmerne medlemmets
råd rådet rådene raad raadet
frivilligråd frivilligrådet frivilligrådets
lov loven love lovene lovens
servicelov serviceloven servicelovens
kollega kolleger kollegerne kollegaer
kriterium kriterier kriterierne kriteriet
by byen byer byerne
kommune kommunen kommuner kommunerne kommunernes
aktør aktøren aktører aktørerne aktoer aktoerer
år året årene årets aar aaret
tema temaet temaer temaerne
skema skemaet skemaer
risiko risikoen
video videoer videoen
sted stedet steder stederne
pårørende pårørendes paaroerende
område området områder områderne omraade omraadet
samskabelse samskabelsen samskabelses
evaluering evalueringen evalueringer
partnerskab partnerskaber partnerskabet partnerskabernes
øje øjne øjnene oejne
`

func TestStemFamilies(t *testing.T) {
	for line := range strings.Lines(strings.TrimSpace(families)) {
		words := strings.Fields(line)
		want := danish.TermOf(words[0])
		for _, w := range words[1:] {
			if got := danish.TermOf(w); got != want {
				t.Errorf("TermOf(%s) = %q, but TermOf(%s) = %q", w, got, words[0], want)
			}
		}
	}
}

// TestStemStrangers: words with different meanings keep different terms.
func TestStemStrangers(t *testing.T) {
	for _, pair := range []string{"kommune kommunal", "forening forandring", "transportør transport", "stat sted", "år åre",
		"pulje pule", "mål måned", "frivillig fri", "tema team", "motor motiv"} {
		a, b, _ := strings.Cut(pair, " ")
		if danish.TermOf(a) == danish.TermOf(b) {
			t.Errorf("%s and %s share the term %q", a, b, danish.TermOf(a))
		}
	}
}

func TestStemEdges(t *testing.T) {
	long := strings.Repeat("foreninger", 11)
	for _, w := range []string{"", "a", "§", "18", "27.45.00", "co2", "\xff\xfe", "for\xffeninger", long} {
		if got := danish.Stem(w); got != w {
			t.Errorf("Stem(%q) = %q, want it as it is", w, got)
		}
	}
}

// TestTypedWithoutLetters: people who lack æ, ø and å, or do not use them, find the same.
func TestTypedWithoutLetters(t *testing.T) {
	same, all := 0, 0
	for w := range corpusWords(t) {
		folded := danish.Fold(w)
		if folded == w {
			continue
		}
		all++
		if danish.TermOf(folded) == danish.TermOf(w) {
			same++
			continue
		}
		t.Logf("%s: %q, but %s: %q", w, danish.TermOf(w), folded, danish.TermOf(folded))
	}
	t.Logf("%d of %d words have one term", same, all)
	if all < 400 || same*1000 < all*995 {
		t.Errorf("%d of %d words with æ, ø or å have the same term without", same, all)
	}
}

func TestStopWord(t *testing.T) {
	for _, w := range strings.Fields(`hvad hvordan hvorfor og i på paa når naar også ogsaa få faa være vaere så saa nå måske maaske får faar før foer
		går gør goer måtte maatte dér sådan saadan fortæl fortael præcis praecis næsten hvornår hvornaar bl dvs osv`) {
		if !danish.StopWord(w) {
			t.Errorf("%s is a word of a subject", w)
		}
	}
	for _, w := range strings.Fields(`egen egne fælles faelles forening frivillig kommune borger råd lov år aar penge tilskud aftale samarbejde
		rolle stat marked leder ledelse måle mål effekt udsatte ældre børn støtte frivillige del dele område sted tid tillid magt
		bruger hjælp ansvar krav ret regler penge loven møde løn § 18 ngo kl kle`) {
		if danish.StopWord(w) {
			t.Errorf("%s is a stop word", w)
		}
	}
}

// inHeadings are the stop words that may stand in a heading: none says what its section is about.
const inHeadings = `af at bliver den der det en er et for hvad hvem hvilke hvor hvordan hvorfor i kan med mellem
ikke kun mange meget nye ny om og over om på selve skal til ud ved være andre an sådan to de du dig hvis nogle eller som fra hos uden blive én mere samt gennem blandt før når må`

func TestStopWordsInHeadings(t *testing.T) {
	allowed := map[string]bool{}
	for _, w := range strings.Fields(inHeadings) {
		allowed[w] = true
	}
	texts, err := corpusTexts()
	if err != nil {
		t.Fatal(err)
	}
	headings := 0
	for _, text := range texts {
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, "#") {
				continue
			}
			headings++
			subject := false
			for _, tok := range danish.Tokens(line) {
				switch w := danish.Lower(tok.Text); {
				case !danish.StopWord(w):
					subject = true
				case !allowed[w]:
					t.Errorf("%q loses the word %s", strings.TrimSpace(line), w)
				}
			}
			if !subject && !strings.HasSuffix(strings.TrimSpace(line), "?") {
				t.Errorf("nothing is left of %q", line)
			}
		}
	}
	if headings < 50 {
		t.Errorf("only %d headings", headings)
	}
}

func TestNgrams(t *testing.T) {
	for _, c := range []struct {
		word string
		n    int
		want string
	}{
		{"", 4, "__"}, {"a", 4, "_a_"}, {"ab", 4, "_ab_"}, {"råd", 4, "_raa raad aad_"}, {"lov", 3, "_lo lov ov_"}, {"漢字", 3, "_漢字 漢字_"},
	} {
		if got := strings.Join(danish.Ngrams(c.word, c.n), " "); got != c.want {
			t.Errorf("Ngrams(%q, %d) = %q, want %q", c.word, c.n, got, c.want)
		}
	}
	for _, g := range danish.Ngrams("forårsrullæ漢", 4) {
		if utf8.RuneCountInString(g) != 4 {
			t.Errorf("%q has not four letters", g)
		}
	}
}
