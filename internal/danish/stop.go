package danish

import "strings"

// stopList are the words that carry no subject: Snowball's Danish list, question words, and the small words of
// questions put to an assistant. Words of the theme (»egen«, »fælles«, »mod«) are left out of it on purpose.
const stopList = `
ad af aldrig alle alligevel alt altid altså anden andet andre at
bare begge bl blev blive bliver blot både
da de dem den denne deres det dette dig din dine disse dit dog du
efter ej eller en end endnu engang enhver er et ethvert etc
fik for fordi fra fx få får fået første
går gik give giver gjorde gjort god godt gør gøre
ham han hans har havde have haft hej hen hende hendes her hos hun hvad hvem hver hverken hvert hvilke hvilken hvilket hvis hvor hvordan hvorfor hvorfra hvorhen hvori hvorledes hvormed hvornår hvortil hvorvidt hvad
i ifølge igen igennem ikke ind inden indtil ingen intet
ja jeg jer jeres jo
kan ked kom komme kommer kun kunne
lad lade lige ligesom lidt
man mange med meget mellem men mens mere mest mig min mindre mindst mine mit mod må måske måtte
na ned nej netop nogen noget nogle nok nu nå når nær næsten
og også om omkring op os over
på
se selv ses sig sin sine sit skal skulle slags snart som stadig så sådan såsom
ta tak tag tage tager ting til tilbage tit to
ud uden under
var ved vi vil ville vor vore vores være været
ved vide
ok hejsa mvh venligst lige gerne mon ellers dér der dens dets egentlig egentligt præcis præcist helt faktisk vist
kort forklar forklare fortæl fortælle sige siger sagde sagt betyder betyde mener menes
f eks dvs osv mv mfl pga ift mht jf vs
hva hvd va ka ik ikk ku sku noen jer ing ngt nng pls plz hey goddag godmorgen
`

var stopWords = makeStopWords()

func makeStopWords() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(stopList) {
		m[w] = true
		m[Fold(w)] = true
	}
	// Folded forms that are words of their own: »for« is a stop word anyway, »aar« (år) and »naa« are not at risk.
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
