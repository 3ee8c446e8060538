package danish

import "strings"

// commonList are everyday words that stand in questions about anything. They are no stop words, since they can tell one
// passage from another, but in a corpus of articles they are rarer than in speech, so that counting them by their rarity
// there would make them weigh more than the subject.
const commonList = `
findes fandtes finde finder fandt fundet lave laver lavede lavet gøres bruge bruger brugte brugt bruges vise viser viste
holde holder holdt sætte sætter sat stå står stod stået ligge ligger lå gælde gælder handle handler hedde hedder kalde kalder kaldt kaldes
hænge hænger passe passer prøve prøver prøvet tro tror troede synes syntes mene begynde begynder begyndt starte starter startede startet stoppe slutte
ske sker skete sket regne regner tænke tænker tænkt huske husker høre hører hørt læse læser læst stille stiller skrive skriver kigge kigger snakke snakker tale taler
ønske ønsker forstå forstår kende kender kendt kendes møde møder bede beder føle føler vælge vælger valgt følge følger fulgte følges leve lever
sidde sidder køre kører løbe løber lægge lægger lagt trække trækker falde falder stikke slippe slipper spille spiller foregå foregår foregik
dårlig dårligt stor stort store større lille små ny nye nyt gammel gamle rigtig rigtigt rigtige forkert svær svært svære let nem nemt nemmere hurtig hurtigt mulig muligt
bestemt bestemte hel hele samme vigtig vigtigt vigtigst vigtigste særlig særligt særlige almindelig almindeligt normal normalt fin fint klar klart sikker sikkert
overhovedet simpelthen virkelig længe lang langt tidlig tidligt sen sent senere nogensinde sammen alene direkte indirekte typisk typiske
dag dage dagen uge uger gang gange tid tiden måde måder måden grad side sider del dele type typer forhold tilfælde eksempel eksempler
spørgsmål svar punkt punkter grund grunde årsag ide idé idéer plads sted steder vej veje fald person personer mennesker menneske folk
gode bedre bedst bedste værd værre højere lavere ekstra sidste næste flere fleste færre
`

var commonWords = makeCommon()

func makeCommon() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(commonList) {
		m[w] = true
		m[Fold(w)] = true
	}
	return m
}

// Common reports whether a lower-case word, with or without æøå, is one of everyday speech that says little of the subject.
func Common(word string) bool {
	return commonWords[word] || !isASCII(word) && commonWords[Fold(word)]
}
