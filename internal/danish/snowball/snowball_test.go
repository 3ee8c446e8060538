package snowball

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/kljensen/snowball/snowballword"
)

// oracle stems a lower case word with the code Snowball generated from the
// Danish definition of its earlier releases.
func oracle(word string) string {
	env := snowballstem.NewEnv(word)
	danish.Stem(env)
	return env.Current()
}

// stepTest is a word with its R1, before and after one step.
type stepTest struct {
	in    string
	r1    int
	out   string
	r1Out int
	did   bool
}

func runStepTest(t *testing.T, step func(*snowballword.SnowballWord) bool, tests []stepTest) {
	t.Helper()
	for _, tt := range tests {
		w := snowballword.New(tt.in)
		w.R1start = tt.r1
		did := step(w)
		if w.String() != tt.out || w.R1start != tt.r1Out || did != tt.did {
			t.Errorf("%q with R1 at %d: got %q, %d, %v; want %q, %d, %v",
				tt.in, tt.r1, w.String(), w.R1start, did, tt.out, tt.r1Out, tt.did)
		}
	}
}

func TestR1(t *testing.T) {
	for word, want := range map[string]string{
		"frivillig": "illig",
		"åbenhed":   "nhed", // at least three runes before R1, å is one
		"øer":       "",
		"skt":       "", // no vowel
		"træ":       "", // no non-vowel after the vowel
		"ngo'er":    "er",
		"tv'et":     "et",
		"o'er":      "r", // R1 would begin after the apostrophe, but for the three
		"d'or's":    "r's",
		"esajas'":   "",
		"po":        "",
		"":          "",
	} {
		w := snowballword.New(word)
		w.R1start = r1(w)
		if got := w.R1String(); got != want {
			t.Errorf("R1 of %q = %q, want %q", word, got, want)
		}
	}
}

func TestStep1(t *testing.T) {
	runStepTest(t, step1, []stepTest{
		{"højtidelighedens", 3, "højtidelig", 3, true},
		{"foreningernes", 3, "forening", 3, true},
		{"grupperne", 4, "grupp", 4, true},
		{"bilen", 3, "bil", 3, true},
		{"bilen", 4, "bilen", 4, false},   // en begins before R1
		{"landes", 5, "landes", 5, false}, // only s lies in R1, and e is no s-ending
		{"lands", 4, "land", 4, true},     // the s-ending itself is outside R1
		{"glas", 3, "gla", 3, true},
		{"korps", 4, "korp", 4, true},
		{"lars's", 5, "lars'", 5, true},
		{"krise", 4, "kris", 4, true},
		{"kris", 3, "kris", 3, false}, // i is no s-ending
	})
}

func TestStep2(t *testing.T) {
	runStepTest(t, step2, []stepTest{
		{"friskt", 4, "frisk", 4, true},
		{"magt", 3, "magt", 3, false}, // g begins before R1
		{"betydt", 3, "betyd", 3, true},
		{"afmægt", 6, "afmægt", 6, false},
		{"bygd", 2, "byg", 2, true},
		{"", 0, "", 0, false},
	})
}

func TestStep3(t *testing.T) {
	runStepTest(t, step3, []stepTest{
		{"venligst", 3, "ven", 3, true},
		{"vigst", 5, "vig", 3, true}, // st goes though it is before R1; ig is not in what is left of it
		{"vigst", 3, "vig", 3, true},
		{"bestemmels", 3, "bestemm", 3, true},
		{"afmægtig", 2, "afmæg", 2, true}, // step 2 again
		{"arbejdsløst", 2, "arbejdsløs", 2, true},
		{"løst", 3, "løst", 3, false},
		{"kærlig", 4, "kærl", 4, true}, // lig begins before R1, ig does not
		{"hus", 3, "hus", 3, false},
	})
}

func TestStep4(t *testing.T) {
	runStepTest(t, step4, []stepTest{
		{"bestemm", 3, "bestem", 3, true},
		{"klubb", 4, "klub", 4, true},
		{"klubb", 5, "klubb", 5, false},
		{"jazz", 3, "jazz", 3, false},
		{"1988", 3, "1988", 3, false},
		{"b", 0, "b", 0, false},
		{"", 0, "", 0, false},
	})
}

// published is the sample vocabulary on the algorithm's page
// (https://snowballstem.org/algorithms/danish/stemmer.html), in part.
const published = `
indtage indtag
indtagelse indtag
indtager indtag
indtages indtag
indtaget indtag
indtil indtil
indtog indtog
indtraf indtraf
indtryk indtryk
indtræde indtræd
indtræder indtræd
indtræffe indtræf
indtræffer indtræf
indtrængende indtræng
indtægt indtæg
indtægter indtæg
indvandrede indvandred
indvandret indvandr
indvender indvend
indvendig indvend
indvendige indvend
indvendigt indvend
indvending indvending
indvendingerne indvending
indvie indvi
indviede indvied
indvielse indvi
indvielsen indvi
indvielsesløfte indvielsesløft
indvielsestid indvielsestid
indvikle indvikl
indvoldene indvold
indvortes indvort
indånde indånd
indåndede indånded
underste underst
undersåtter undersåt
undersåtters undersåt
undersøgelsen undersøg
undersøgt undersøg
undersøgte undersøg
undertrykkelse undertryk
undertrykkerens undertryk
undertrykt undertryk
undertryktes undertryk
undertvungne undertvungn
undervejs undervej
underverdenen underverden
undervisningen undervisning
undervist undervist
undevise undevis
undfanged undfanged
`

func TestStem(t *testing.T) {
	for line := range strings.Lines(strings.TrimSpace(published)) {
		word, want, _ := strings.Cut(strings.TrimSpace(line), " ")
		if got := Stem(word, true); got != want {
			t.Errorf("Stem(%q) = %q, want %q", word, got, want)
		}
	}
	for _, tt := range []struct{ word, want string }{
		// Step by step on the same page.
		{"friskt", "frisk"},
		{"bestemmelse", "bestem"},
		// Lower case and white space.
		{" \tFORENINGERNE\n", "forening"},
		{"ÆRLIGHEDEN", "ærl"},
		{"Ø", "ø"},
		// Short words, in runes.
		{"", ""},
		{"ø'", "ø'"},
		{"es", "es"},
		{"øen", "øen"},
		// Apostrophes (Snowball 3.1).
		{"ngo'erne", "ngo"},
		{"tv'et", "tv"},
		{"cd'ens", "cd"},
		{"fn's", "fn"},
		{"Esajas'", "esajas"},
		{"marx'", "marx"},
		{"'''", "''"},
		{"hall'en", "hall"}, // the double letter is before R1
		{"ta'", "ta"},
		// What is undoubled (Snowball 3.1).
		{"jazz", "jazz"},
		{"2011", "2011"},
		{"klubberne", "klub"},
		{"frivilligcentrene", "frivilligcentr"},
	} {
		if got := Stem(tt.word, true); got != tt.want {
			t.Errorf("Stem(%q) = %q, want %q", tt.word, got, tt.want)
		}
	}
}

func TestStopWords(t *testing.T) {
	for _, word := range []string{"og", "være", "hendes", "sådan", "på"} {
		if !IsStopWord(word) {
			t.Errorf("IsStopWord(%q) = false", word)
		}
	}
	for _, word := range []string{"", "forening", "OG", "ogs"} {
		if IsStopWord(word) {
			t.Errorf("IsStopWord(%q) = true", word)
		}
	}
	if got := Stem("Hendes", false); got != "hendes" {
		t.Errorf("a stop word was stemmed: %q", got)
	}
	if got := Stem("Hendes", true); got != "hend" {
		t.Errorf("a stop word was not stemmed on demand: %q", got)
	}
	if got := Stem("foreninger", false); got != "forening" {
		t.Errorf("a word that is no stop word was not stemmed: %q", got)
	}
}

// TestStemOddBytes holds what FuzzStem holds, on input a fuzzer is slow to find.
func TestStemOddBytes(t *testing.T) {
	for _, word := range []string{
		strings.Repeat("e", 1<<20), strings.Repeat("'", 1<<16), strings.Repeat("elig", 1<<16),
		"\xff\xfe\xfd\xfcs", "ab\xe6er", "\xc3", "a\xccbbb", "İİİİer", "ǅigst", "ẞẞẞs", "\u2028igst\u2028",
	} {
		checkStem(t, word)
	}
}

func checkStem(t *testing.T, word string) {
	t.Helper()
	for _, stemStopWords := range []bool{true, false} {
		stem := Stem(word, stemStopWords)
		lower := strings.ToLower(strings.TrimSpace(word))
		if got, most := utf8.RuneCountInString(stem), utf8.RuneCountInString(lower); got > most {
			t.Errorf("Stem(%q) has %d runes, the word has %d", word, got, most)
		}
		if utf8.ValidString(word) && !utf8.ValidString(stem) {
			t.Errorf("Stem(%q) = %q is not valid UTF-8", word, stem)
		}
		// Every step cuts at the end, and løst → løs does too.
		if utf8.ValidString(lower) && !strings.HasPrefix(lower, stem) {
			t.Errorf("Stem(%q) = %q does not begin the word", word, stem)
		}
	}
}

func FuzzStem(f *testing.F) {
	for _, word := range []string{
		"", "s", "igst", "venligst", "ngo'er", "''''", "løst", "arbejdsløst", "bestemmelserne",
		"jazz", "ÅBENHED", "2011", " og ", "\xffers", "ab\xe6er", "øøøøs", "e\u0301rer", "\U0001F600erne",
	} {
		f.Add(word)
	}
	f.Fuzz(checkStem)
}

var benchmarkWords = strings.Fields(`foreningernes frivilligcentret bæredygtighed kommunerne
	undervisningen bestemmelse civilsamfundet arbejdsløst samskabelsen ngo'erne hus og venligst
	indflydelse klubberne partnerskaber organisationer medborgerskabet øvelser ansvarlig`)

// sink keeps the compiler from dropping the calls.
var sink string

// BenchmarkStem stems twenty words an operation; the oracle does it beside.
func BenchmarkStem(b *testing.B) {
	for name, stem := range map[string]func(string) string{
		"stem":   func(word string) string { return Stem(word, true) },
		"oracle": func(word string) string { return oracle(strings.ToLower(strings.TrimSpace(word))) },
	} {
		b.Run(fmt.Sprintf("%s-%d", name, len(benchmarkWords)), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, word := range benchmarkWords {
					sink = stem(word)
				}
			}
		})
	}
}
