package privacy

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// left and right are the borders of a word; \b of Go's regexp knows ASCII only.
const (
	left  = `(?:^|[^\p{L}\p{N}])`
	right = `(?:$|[^\p{L}\p{N}])`
)

// person is whoever a case can be about, without a name.
const person = `(?:borgere?n?|klient(?:en)?|patient(?:en)?|beboer(?:en)?|familien?|kvinden?|manden?|dame(?:n)?|fyr(?:en)?|pige(?:n)?|dreng(?:en)?|unge?|ung mand|ung kvinde|ældre (?:dame|mand|herre|kvinde)|aeldre (?:dame|mand|kvinde)|frivillig|kontanthjælpsmodtager|førtidspensionist|hjemløs(?: mand| kvinde)?|mor|far|søn|datter|bror|søster|ven|veninde|nabo|kollega|kæreste|svigermor|svigerfar|bedstemor|mormor|farmor|morfar|farfar)`

// caseCues are ways of speaking of one concrete person or case.
var caseCues = []*regexp.Regexp{
	cue(`(?:min|mit|mine|vores|en af mine|en af vores|en anden) ` + person),
	cue(`(?:jeg|vi) (?:har|sidder med|står med|staar med|har fået|har faaet|fik|arbejder med|hjælper|har haft) (?:lige |netop |nu |en sag med |en sag om )?(?:en|et|denne|den her|en ny) (?:\p{L}+ ){0,2}` + person),
	cue(person + ` (?:jeg|vi) (?:har|sidder med|arbejder med|hjælper|kender|besøger)`),
	cue(`(?:min|denne|den her|i en|en konkret|konkret|den konkrete|følgende) sag`),
	cue(`sagen (?:om|med|her)`),
	cue(`(?:har|er|kan|må|maa|skal|bør|får|faar|ville?) (?:han|hun) (?:\p{L}+ ){0,3}?(?:ret|krav|have|få|faa|modtage|berettiget|bevilges|tilbydes|nægtes|starte|søge|klage|arbejde|miste|beholde|deltage|frivillig)`),
	cue(`(?:han|hun) (?:har|er|fik|får|faar|vil|skal|kan|bor|siger|ønsker|søger|mangler|drikker|nægter|kommer|ringer)`),
	cue(`(?:give|bevilge|tilbyde|nægte|hjælpe|henvise|indstille|visitere|sanktionere|skrive til) (?:ham|hende)`),
	cue(`(?:til|for|om|med|på) (?:ham|hende)`),
	cue(`(?:skal|bør|må|maa|kan) (?:jeg|vi) (?:give|bevilge|afvise|meddele|træffe|imødekomme|godkende|stoppe|trække|politianmelde|underrette)(?: \p{L}+){0,3}? (?:afslag|ansøgning(?:en)?|bevilling(?:en)?|ydelse(?:n)?|støtten|hjælpen|afgørelse(?:n)?|borgeren|om (?:ham|hende))`),
	cue(`(?:skal|bør) (?:jeg|vi) (?:give afslag|bevilge|sige ja eller nej)`),
	cue(`borgeren (?:her|har|er|vil|bor|siger|ønsker|søger|klager|nægter|får|faar)`),
	cue(`(?:en|et) ` + person + ` på \d{1,3}(?: år)?`),
}

// cue compiles a pattern for lower-case text.
func cue(pattern string) *regexp.Regexp { return regexp.MustCompile(left + pattern + right) }

// authorship marks questions about what somebody wrote: a name there is a scholar's.
var authorship = cue(`(?:skrevet|skriver|skrev|siger|sagt|mener|mente|bog|bogen|artikel|artiklen|rapport|forsker|forskere|forskning|definerer|definition|begreb|teori|typologi|model|undersøgelse|undersøger|skelner|ifølge|kilde|peger på|beskriver|kalder|litteratur|henvisning)`)

// doing are verbs that follow a name in a case.
var doing = regexp.MustCompile(`^(?:har|er|fik|får|vil|skal|kan|må|bor|søger|ønsker|mangler|på|ringer|kommer|drikker|nægter|siger|blev|bliver|modtager|går|vi|som|der|til|s)$`)

// maxCase is how many bytes of a text are looked at for the signs of a case.
const maxCase = 8000

// Case reports whether a question is about a concrete person's case: it speaks of »min borger«, asks what »hun« has a right to, or names
// a person. known tells which words belong to the theme (scholars, organisations); it may be nil. Names are recognised by a
// list of common given names: many will be missed, which is why names are not promised to be found.
func Case(text string, known func(word string) bool) bool {
	if len(text) > maxCase {
		text = strings.ToValidUTF8(text[:maxCase], "")
	}
	if strings.Contains(text, CPRMask) {
		return true
	}
	lower := strings.ToLower(text)
	for _, re := range caseCues {
		if re.MatchString(lower) {
			return true
		}
	}
	return namesPerson(text, known) && !authorship.MatchString(lower)
}

// namesPerson reports whether a given name stands in the text as somebody who has or does something.
func namesPerson(text string, known func(string) bool) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range words {
		lower := strings.ToLower(w)
		base := strings.TrimSuffix(lower, "s")
		if !givenNames[lower] && !givenNames[base] {
			continue
		}
		first, _ := utf8.DecodeRuneInString(w)
		capital := unicode.IsUpper(first)
		next := ""
		if i+1 < len(words) {
			next = words[i+1]
		}
		nr, _ := utf8.DecodeRuneInString(next)
		surname := unicode.IsUpper(nr)
		switch {
		case surname && known != nil && known(next):
			continue // a scholar or an organisation of the theme
		case capital && surname:
			return true
		case capital && (doing.MatchString(strings.ToLower(next)) || next == "" || lower != base && !givenNames[lower]):
			return true
		case !capital && !ambiguousNames[lower] && doing.MatchString(next):
			return true
		}
	}
	return false
}

// ambiguousNames are given names that are also words when written small.
var ambiguousNames = set("bo per tage dan bent kim finn mark ole else maja eva jan rose my sten storm bjørn ulf lone lise linda max noah jonas ask asger birk brian nadia tim tom mary maria anne inger merete martin")

// givenNames are common given names in Denmark.
var givenNames = set(`aage abdi abdullah adam adnan agnes ahmad ahmed aisha aksel albert alberte alexander alfred ali alice alma amalie amina amir amira anders andrea andreas anette anita ann anna anne annelise annette anni annie anton arne arthur asger asta astrid august aya ayse
bahar bashir benjamin bent benthe bente berit birgit birgitte birthe bjarne bjørn bo bodil brian britt britta
camilla carina carl carla carsten caroline casper cecilie charlotte christian christina christine christoffer claus clara connie conny
dagmar dan daniel david denise dennis ditte dorte dorthe dorthea
ebbe edith egon eigil ejnar elias elif elin elisabeth ella ellen else elvira emil emilie emily emma erik erling esben esther eva
fatima fatma felix filip finn flemming frans freddy frederik frederikke freja frida frits
georg gert gerda gitte grethe gudrun gunnar gurli gustav
hamza hanne hannah hans harald hasan hassan hedvig heidi helena helene helga helge helle henning henny henriette henrik herdis hugo hussein
ibrahim ida ilse inga inge ingeborg ingelise inger ingrid irene iris isabella ismail ivan
jacob jakob jamal james jan jane janne janni jannie jean jens jeppe jesper jette jimmy joan joachim johan johannes johanne john johnny jonas jonna josefine julie julius jytte jørgen jørn
kaj karen karin karina karl karla karsten kasper katja katrine kenneth keld khadija khalid kim kirsten kirstine kjeld klara klaus knud kristian kristina kristine kristoffer kurt
lars lasse laura laurits leif lena lene leo leyla liam lilian lillian lilly linda line lis lisa lisbeth lise lissi lone lotte louise lucas ludvig lukas luna lærke
mads magnus mahmoud maja malene malthe mammen marcus maren margit margrethe maria mariam marianne marie marius mark markus martha martin mary maryam mathias mathilde max medina mehmet mette mia michael michelle mie mikael mikkel mikkeline minna mira mogens mohamed mohammad mohammed mona monika morten muhammad mustafa
nadia nanna natasja nicklas nicolai nicoline niels nikolaj nina noah nora
ole olga olivia oliver omar oscar oskar osman otto ove
palle pauline peder per pernille peter philip pia poul preben
rahim randi rasmus rebecca regitze rene rikke rita robert rolf rosa rune ruth
sabrina said sali sally salma samir samira sander sanne sara sarah sebastian selma signe sigrid silas simon simone sine sofia sofie solveig sonja steen steffen sten stine stig susanne susan svend sven søren sørine
tanja tenna teodor theodor theo thea thomas thor thorkild tim tina tobias tom tommy torben tove tristan trine troels
ulla ulrik ursula uffe
valdemar vera verner vibeke victor victoria viggo vigga viktor viktoria villads villy vilhelm vivi vivian
walid william winnie
yasmin yasin yusuf yvonne
zahra zainab zara aase åge åse ömer özlem`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
