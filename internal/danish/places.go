package danish

import "strings"

// placeList are places that questions name: Danish municipalities (but for those whose name is an ordinary word, such as
// Vejen), regions and parts of the country, and the countries that Danes compare themselves with, with their peoples.
const placeList = `
albertslund allerød assens ballerup billund bornholm brøndby brønderslev dragør egedal esbjerg fanø favrskov faxe fredensborg fredericia frederiksberg
frederikshavn frederikssund furesø faaborg gentofte gladsaxe glostrup greve gribskov guldborgsund haderslev halsnæs hedensted helsingør herlev herning hillerød hjørring
holbæk holstebro horsens hvidovre høje-taastrup taastrup hørsholm ikast ishøj jammerbugt kalundborg kerteminde kolding københavn københavns køge langeland lejre lemvig lolland
lyngby læsø mariagerfjord middelfart morsø norddjurs nyborg næstved odder odense odsherred randers rebild ringkøbing skjern ringsted roskilde rudersdal rødovre samsø
silkeborg skanderborg skive slagelse solrød sorø stevns struer svendborg syddjurs sønderborg thisted tønder tårnby vallensbæk varde vejle vesthimmerland viborg
vordingborg ærø aabenraa aalborg ålborg aarhus århus
sjælland jylland fyn midtjylland nordjylland sønderjylland vestjylland østjylland syddanmark hovedstaden amager nørrebro vesterbro vollsmose gellerup
norge sverige finland island tyskland england storbritannien skotland irland holland nederlandene belgien frankrig spanien italien polen østrig schweiz usa amerika canada australien
japan kina grønland færøerne europa
nordmænd nordmændene norske norsk svenskere svenskerne svenske svensk finner finske tyskere tyskerne tyske tysk englændere engelske briter britiske hollændere hollandske franskmænd
amerikanere amerikanske grønlændere grønlandske
`

var placeNames = makePlaces()

func makePlaces() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(placeList) {
		m[w] = true
		m[Fold(w)] = true
	}
	return m
}

// Place reports whether a lower-case word, with or without æøå, names a place or its people. The genitive counts too.
func Place(word string) bool {
	return placeNames[word] || placeNames[strings.TrimSuffix(word, "s")]
}
