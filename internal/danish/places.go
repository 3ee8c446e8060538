package danish

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// placeList are places that questions name: Danish municipalities (but for those whose name is a word of everyday speech, such
// as Vejen), regions and parts of the country, and the countries that Danes compare themselves with, with their peoples. A few
// stand as they are typed without the letters. Names of two words are told by the one that is a name.
const placeList = `
albertslund allerød assens ballerup billund bornholm brøndby brønderslev dragør egedal esbjerg fanø favrskov faxe fredensborg fredericia frederiksberg
frederikshavn frederikssund furesø faaborg midtfyn gentofte gladsaxe glostrup greve gribskov guldborgsund haderslev halsnæs hedensted helsingør herlev herning hillerød hjørring
holbæk holstebro horsens hvidovre taastrup hørsholm ikast ishøj jammerbugt kalundborg kerteminde kolding københavn københavns køge langeland lejre lemvig lolland
lyngby taarbæk læsø mariagerfjord middelfart morsø norddjurs nordfyn nyborg næstved odder odense odsherred randers rebild ringkøbing skjern ringsted roskilde rudersdal rødovre samsø
silkeborg skanderborg skive slagelse solrød sorø stevns struer svendborg syddjurs sønderborg thisted tønder tårnby vallensbæk varde vejle vesthimmerland viborg
vordingborg ærø aabenraa aalborg alborg aarhus arhus
sjælland jylland fyn midtjylland nordjylland sønderjylland vestjylland østjylland syddanmark hovedstaden amager nørrebro vesterbro vollsmose gellerup
norge sverige finland island tyskland england storbritannien skotland irland holland nederlandene belgien frankrig spanien italien polen østrig schweiz usa amerika canada australien
japan kina grønland færøerne europa
nordmænd nordmændene norske norsk svenskere svenskerne svenske svensk finner finske tyskere tyskerne tyske tysk englændere engelske briter britiske hollændere hollandske franskmænd
amerikanere amerikanske grønlændere grønlandske
`

// places are the names by their folded form, and a speller for those who miss one.
type places struct {
	folded  map[string]bool
	speller *Speller
}

var placeNames = sync.OnceValue(func() places {
	p := places{folded: map[string]bool{}}
	counts := map[string]int{}
	for _, w := range strings.Fields(placeList) {
		p.folded[Fold(w)] = true
		counts[w] = 1
	}
	p.speller = NewSpeller(counts)
	return p
})

const (
	// minMisspeltPlace is the shortest name, in letters, that is known when misspelt: »skrive« is not Skive.
	minMisspeltPlace = 6
	// maxPlaceCost is the dearest slip in a name. At 0.5, 39 of 297,000 words of a Danish word list are near a name, most of
	// them rightly (»tyskeren«), and more than four in five of the slips of TestMisspeltPlaces are known.
	maxPlaceCost = 0.5
)

// Place reports whether a lower-case word, with or without æøå, names a place or its people, also in the genitive or with a
// small slip (»fredriksberg«).
func Place(word string) bool {
	p, f := placeNames(), Fold(word)
	if p.folded[f] || p.folded[strings.TrimSuffix(f, "s")] {
		return true
	}
	if utf8.RuneCountInString(word) < minMisspeltPlace || StopWord(word) || Common(word) {
		return false
	}
	for _, c := range p.speller.Correct(word) {
		if c.Cost <= maxPlaceCost && !strings.HasPrefix(c.Word, word) { // »engelsk« is a language
			return true
		}
	}
	return false
}
