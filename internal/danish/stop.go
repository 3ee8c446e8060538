package danish

import "strings"

// stopList are the words that carry no subject: Snowball's Danish list, question words, and the small words of
// questions put to an assistant. Words that may be the subject in this field (»egen«, »fælles«, »ret«) are left out of it.
const stopList = `
ad af aldrig alle alligevel alt altid altså anden andet andre at
bare begge bl blev blive bliver blot både blandt
da de dem den denne deres det dette dig din dine disse dit dog du derfor dermed desuden
efter ej eller en end endnu engang enhver er et ethvert etc
fik for fordi fra før fx få får fået første
går gik give giver gjorde gjort god godt gør gøre gennem
ham han hans har havde have haft hej hen hende hendes her herunder hos hun hvad hvem hver hverken hvert hvilke hvilken hvilket hvis hvor hvordan hvorfor hvorfra hvorhen hvori hvorledes hvormed hvornår hvortil hvorvidt
i især ifølge igen igennem ikke ind inden indtil ingen intet
ja jeg jer jeres jo
kan ked kom komme kommer kun kunne
lad lade lige ligesom lidt
man mange med meget mellem men mens mere mest mig min mindre mindst mine mit mod må måske måtte
na ned nej netop nogen noget nogle nok nu nå når nær næsten
og også om omkring op os over
på
se selv ses sig sin sine sit skal skulle samt slags snart som stadig så sådan såsom
ta tak tag tage tager ting til tilbage tit to
ud uden under
var ved vi vil ville vor vore vores være været
vide
ok hejsa mvh venligst gerne mon ellers dér der dens dets egentlig egentligt præcis præcist helt faktisk vist
kort forklar forklare fortæl fortælle sige siger sagde sagt betyder betyde mener menes
f eks dvs osv mv mfl pga ift mht jf vs
hva hvd va ka ik ikk ku sku noen ing ngt nng pls plz hey goddag godmorgen
`

var stopWords = makeStopWords()

func makeStopWords() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(stopList) {
		m[w] = true
		m[Fold(w)] = true
	}
	return m
}

// StopWord reports whether a lower-case word, with or without æøå, says nothing of the subject.
func StopWord(word string) bool {
	if stopWords[word] {
		return true
	}
	return !isASCII(word) && stopWords[Fold(word)]
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
