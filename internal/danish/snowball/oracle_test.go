package snowball

import (
	"bufio"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// The words compared with the oracle come from three places:
//
//   - the corpus, as it stands in the repository: words as they are written;
//   - testdata/stems.txt: near a thousand common Danish words, each with the
//     stem it is inflected on, expanded by rule with the endings of its word
//     class and, for nouns, compounded. Most of the word forms are therefore
//     made by rule: about one in six of them stands in a list of 310,000 Danish
//     words, the others are compounds and derivations such a list leaves out, or
//     regular forms nobody uses (a plural of a mass noun). To compare two
//     implementations on Danish endings they serve as well;
//   - the Danish word list of the machine, where one is installed.
var (
	nounEndings = strings.Fields(`e en et er s ens ets ers erne ernes ene enes es
		løs løst løse løshed løsheden skab skabet skaber skaberne skabets lig ligt lige ligere ligst
		agtig agtigt agtige agtigste fuld fuldt fulde isk iske`)
	verbEndings = strings.Fields(`e er es te t ede et ende endes eren ere erne erens ernes
		else elsen elser elserne elsernes elsens ning ningen ninger ningerne ningernes ningens
		bar bart bare barhed barheden elig eligt elige eligst som somt somme eri erier`)
	adjectiveEndings = strings.Fields(`e t ere est este hed heden heds hedens heder hederne hedernes
		lig ligt lige ligere ligst ligste lighed ligheden ligheder lighederne
		ethed etheden ig igt ige igere igst igste`)
	shortEndings = strings.Fields(`'en 'et 'er 'erne 'ernes 'ens 'ets 'ers 's 'erens 'ede '`)
	nameEndings  = strings.Fields(`' 's s es`)
	heads        = strings.Fields(`arbejde arbejdets gruppe grupperne forening foreningernes hus husene møde mødernes
		klubben klubberne ansvarlig mulighederne lederens løst undersøgelse undersøgelserne`)
)

const dictionary = "/usr/share/dict/danish"

// TestOracle compares every word with the stem the generated code of the
// earlier releases gives, and wants each difference explained by exactly one of
// the two points in which Snowball 3.1 differs.
func TestOracle(t *testing.T) {
	words := expandStems(t)
	corpus := corpusWords(t)
	maps.Copy(words, corpus)
	t.Logf("%d words from the corpus, %d with the word forms made by rule", len(corpus), len(words))
	const least = 20000
	if len(words) < least {
		t.Fatalf("%d words to compare, want at least %d", len(words), least)
	}

	differs := compare(t, words)
	for _, class := range classes {
		t.Logf("%s: %d words differ", class.name, differs[class.name])
		if differs[class.name] == 0 {
			t.Errorf("no word shows the difference %q", class.name)
		}
	}
}

// TestOracleDictionary compares the word list of the machine too.
func TestOracleDictionary(t *testing.T) {
	file, err := os.Open(dictionary)
	if err != nil {
		t.Skipf("no Danish word list on this machine: %v", err)
	}
	defer func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}()
	words := map[string]bool{}
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		words[strings.ToLower(strings.TrimSpace(scanner.Text()))] = true
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d words: %v differ", len(words), compare(t, words))
}

// A class names one point in which 3.1 differs and tells whether it explains
// that word has the stem got and not want.
type class struct {
	name     string
	explains func(word, got, want string) bool
}

var classes = []class{
	{
		// R1 begins after the first apostrophe, an s may follow an apostrophe,
		// and an apostrophe at the end goes.
		name: "apostrophe",
		explains: func(word, got, _ string) bool {
			want, found := apostropheStem(word)
			return found && got == want
		},
	},
	{
		// Only b d f g k l m n p r s t are undoubled: the stem ends with a
		// double letter that is none of them, of which the oracle took one.
		name: "undoubling",
		explains: func(word, got, want string) bool {
			last, size := utf8.DecodeLastRuneInString(got)
			return !strings.Contains(word, "'") && want == got[:len(got)-size] &&
				strings.HasSuffix(want, string(last)) && !strings.ContainsRune("bdfgklmnprst", last)
		},
	},
}

// apostropheStem returns the stem of a word with an apostrophe after its first
// letter or later, as 3.1 has it, found with the oracle, which knows nothing of
// apostrophes: it stems a word as long, in which R1 begins at the same place
// for a reason the oracle knows (the first vowel and consonant are put there),
// and every apostrophe is a v, which may stand before an s as the apostrophe
// may. All steps cut at the end, so the length of a stem is all there is to it.
func apostropheStem(word string) (string, bool) {
	before, after, found := strings.Cut(word, "'")
	if !found || before == "" {
		return "", false
	}
	filler := strings.Repeat("v", utf8.RuneCountInString(before)-1) + "av"
	length := utf8.RuneCountInString(oracle(filler + strings.ReplaceAll(after, "'", "v")))
	return strings.TrimSuffix(string([]rune(word)[:length]), "'"), true
}

// explanations returns the names of the classes that explain a difference.
func explanations(word, got, want string) []string {
	var names []string
	for _, class := range classes {
		if class.explains(word, got, want) {
			names = append(names, class.name)
		}
	}
	return names
}

// compare reports every unexplained difference, and returns the number of
// words in each class.
func compare(t *testing.T, words map[string]bool) map[string]int {
	t.Helper()
	differs := map[string]int{}
	unexplained := 0
	for _, word := range slices.Sorted(maps.Keys(words)) {
		got, want := Stem(word, true), oracle(word)
		if got == want {
			continue
		}
		names := explanations(word, got, want)
		if len(names) == 1 {
			differs[names[0]]++
			continue
		}
		if unexplained++; unexplained <= 20 {
			t.Errorf("Stem(%q) = %q, the oracle says %q, explained by %q", word, got, want, names)
		}
	}
	if unexplained > 0 {
		t.Errorf("%d of %d words differ for no named reason", unexplained, len(words))
	}
	return differs
}

// TestExplanations shows that the comparison can fail: wrong stems are
// explained by no class.
func TestExplanations(t *testing.T) {
	for _, tt := range []struct {
		word, got, want string
		names           []string
	}{
		{"ngo'er", "ngo", "ngo'", []string{"apostrophe"}},
		{"jazz", "jazz", "jaz", []string{"undoubling"}},
		{"2011", "2011", "201", []string{"undoubling"}},
		{"ngo'er", "ng", "ngo'", nil},
		{"ngo'er", "ngo'", "ngo'", nil},
		{"esajas'", "esaja", "esajas'", nil},
		{"klubb", "klubb", "klub", nil}, // b is undoubled in 3.1 too
		{"jazz", "ja", "jaz", nil},
		{"foreninger", "foreninger", "forening", nil},
		{"lektier", "lektier", "lekti", nil},
	} {
		if got := explanations(tt.word, tt.got, tt.want); !slices.Equal(got, tt.names) {
			t.Errorf("%q, %q for %q: explained by %q, want %q", tt.word, tt.got, tt.want, got, tt.names)
		}
	}
}

// TestApostropheEndings holds all that 3.1 wants of apostrophes: whatever
// ending of step 1 follows one, the stem is what stands before it.
func TestApostropheEndings(t *testing.T) {
	endings := strings.Fields(`hed ethed ered e erede ende erende ene erne ere en heden eren er heder erer heds
		es endes erendes enes ernes eres ens hedens erens ers ets erets et eret s`)
	for _, entry := range readStems(t) {
		if entry.class != "f" && entry.class != "p" {
			continue
		}
		for _, ending := range endings {
			word := entry.word + "'" + ending
			if got := Stem(word, true); got != entry.word {
				t.Errorf("Stem(%q) = %q, want %q", word, got, entry.word)
			}
		}
	}
}

// A stemEntry is one line of testdata/stems.txt: the word class (n noun, v
// verb, a adjective, f abbreviation, p name), the word as it stands in a
// dictionary, and what its endings are put on.
type stemEntry struct{ class, word, base string }

func readStems(t *testing.T) []stemEntry {
	t.Helper()
	data, err := os.ReadFile("testdata/stems.txt")
	if err != nil {
		t.Fatal(err)
	}
	var entries []stemEntry
	for line := range strings.Lines(string(data)) {
		switch fields := strings.Fields(line); len(fields) {
		case 2:
			entries = append(entries, stemEntry{fields[0], fields[1], fields[1]})
		case 3:
			entries = append(entries, stemEntry{fields[0], fields[1], fields[2]})
		default:
			t.Fatalf("testdata/stems.txt: %q is not a class, a word and perhaps a stem", line)
		}
	}
	return entries
}

func expandStems(t *testing.T) map[string]bool {
	t.Helper()
	endings := map[string][]string{
		"n": nounEndings, "v": verbEndings, "a": adjectiveEndings, "f": shortEndings, "p": nameEndings,
	}
	words := map[string]bool{}
	for _, entry := range readStems(t) {
		list, ok := endings[entry.class]
		if !ok {
			t.Fatalf("testdata/stems.txt: word class %q of %q is unknown", entry.class, entry.word)
		}
		words[entry.word] = true
		for _, ending := range list {
			words[entry.base+ending] = true
		}
		if entry.class != "n" {
			continue
		}
		words[entry.word+"s"] = true
		for _, head := range heads {
			words[entry.word+"s"+head] = true
		}
	}
	return words
}

var wordPattern = regexp.MustCompile(`[\pL\pN]+(?:'[\pL\pN]+)*'?`)

func corpusWords(t *testing.T) map[string]bool {
	t.Helper()
	words := map[string]bool{}
	corpus := os.DirFS("../../../corpus")
	err := fs.WalkDir(corpus, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, ".go") {
			return err
		}
		text, err := fs.ReadFile(corpus, path)
		if err != nil {
			return err
		}
		folded := strings.ReplaceAll(strings.ToLower(string(text)), "’", "'")
		for _, word := range wordPattern.FindAllString(folded, -1) {
			words[word] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return words
}
