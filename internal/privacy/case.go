package privacy

import (
	"regexp"
	"slices"
	"strings"
)

// left and right are the borders of a word; \b of Go's regexp knows ASCII only.
const (
	left  = `(?:^|[^\p{L}\p{N}])`
	right = `(?:$|[^\p{L}\p{N}])`
)

// A case is about one person. somebody is one person without a name, theOne is that person once it is known who is meant. Plurals
// (»vores borgere«) and »frivillig« before a noun are how people speak in general, and are neither.
const (
	theOne   = `(?:borgeren|klienten|patienten|beboeren|famili?j?en|kvinden|manden|damen|fyren|pigen|drengen|moren|moderen|faren|faderen|sønnen|datteren|broren|søsteren|naboen|kontanthjælpsmodtageren|pensionisten)`
	somebody = `(?:` + theOne + `|borger|klient|patient|beboer|kvinde|mand|dame|fyr|pige|dreng|herre|kontanthjælpsmodtager|førtidspensionist|hjemløs|frivillig(?:[,.;:?!]| der| som| på \d)|ung (?:der|som|på \d|mand|kvinde|fyr|pige)|(?:ældre|aeldre) (?:dame|mand|herre|kvinde|der|som))`
	// kin are those near the asker: »hjælpe min nabo« is informal volunteering, »min nabo drikker« is a case.
	kin = `(?:mor|far|søn|datter|bror|søster|ven|veninde|nabo|familie|kæreste|svigermor|svigerfar|bedstemor|mormor|farmor|morfar|farfar)`
)

// caseCues are ways of speaking of one concrete person or case.
var caseCues = []*regexp.Regexp{
	cue(`(?:min|mit|vores) (?:\p{L}+e |ny |ene )?` + somebody),
	cue(`en af (?:mine|vores) (?:borgere|klienter|beboere|frivillige|familier|unge|ældre)`),
	cue(`(?:min|mit|vores) ` + kin + ` (?:har|er|vil|bor|får|faar|skal|kan (?:ikke|næsten|få|hverken)|på|siger|nægter|drikker)`),
	cue(somebody + ` (?:som |der )?(?:jeg|vi) (?:har|sidder med|arbejder med|hjælper|kender|besøger)`),
	cue(`(?:min|denne|den her|en konkret|konkret|den konkrete|følgende) sag`),
	cue(`sagen (?:om|med|her)`),
	cue(`(?:har|fik|fået|står i) (?:en )?(?:ny )?sag (?:om|med|på)`),
	cue(`(?:give|bevilge|tilbyde|nægte|hjælpe|henvise|indstille|visitere|sanktionere|skrive til) (?:ham|hende)`),
	cue(`(?:skal|bør|må|maa|kan) jeg (?:give afslag|bevilge|sige ja eller nej)`),
	cue(theOne + ` (?:her|bor|siger|søger|klager|nægter|ringer|drikker)`),
	cue(theOne + ` (?:har|er|vil|ønsker|får|faar) .*(?:jeg|mig)`),
	cue(`(?:gør|gøre|stille op) (?:jeg |vi |du )?(?:med|ved) ` + theOne),
	cue(`(?:(?:en|et) ` + somebody + `|` + theOne + `) på \d{1,3}(?: år)?`),
	regexp.MustCompile(`^(?:\p{L}+ )?` + somebody + ` på \d`),
	cue(`\d{1,3}[- ]?(?:årig|aarig) (?:\p{L}+ )?` + somebody),
	cue(`\d{1,3}[- ]?(?:årige|aarige) (?:\p{L}+ )?` + theOne),
}

// holding is somebody who has, helps or sits with one person; between verb and person there may be words, but none that makes
// the person part of something else (»vi har et tilbud til familien«).
var holding = cue(`(?:jeg|vi) (?:har haft|har fået|har faaet|har|sidder med|står med|staar med|fik|arbejder med|hjælper) (?:lige |netop |nu |en sag med |en sag om )?(?:en|et|denne|den her) ((?:\p{L}+ ){0,2})(?:familie|` + somebody + `)`)

// binding are the words that make a noun part of another.
var binding = set("med til for om af i på og hos mellem fra efter blandt eller")

// decision asks for a decision in a case; about associations it is general.
var (
	decision = cue(`(?:skal|bør|må|maa|kan) (?:jeg|vi) (?:give|bevilge|afvise|meddele|træffe|imødekomme|godkende|stoppe|trække|politianmelde|underrette)(?: \p{L}+){0,3}? (?:ansøgningen|bevillingen|ydelsen|støtten|hjælpen|afgørelsen|borgeren|om (?:ham|hende))`)
	bodies   = regexp.MustCompile(`forening|organisation|frivilligcent|pulje|projekt|partnerskab|tilskud|virksomhed|§`)
)

// pronoun is a word for one man or woman. »Hans« with a capital is a name more often than not.
var pronoun = regexp.MustCompile(left + `(?:[Hh]an|[Hh]un|ham|[Hh]ende|hans|[Hh]endes)` + right)

// supposed is somebody only imagined, whom »han« and »hun« may stand for in a general question: »Hvad gør vi, hvis en frivillig …«.
var supposed = cue(`(?:(?:hvis|når|naar|hvad|hvordan|hvornår|hvorfor|kan|må|maa|skal|bør|har|får|faar|vil|at|støtter|hjælper|møder|for|til) (?:en|et|hver|enhver|den enkelte)|man|han/hun|hun/han|hans/hendes|ham/hende|(?:min|vores|en) (?:kollega|chef|leder|teamleder|formand|koordinator|medarbejder|borgmester|frivilligkoordinator))`)

// official is somebody whom »han« and »hun« may stand for because of an office or a profession; client is somebody who has a case.
var (
	official = cue(`\p{L}*(?:politiker|minister|borgmester|formand|direktør|chef|leder|rådgiver|konsulent|koordinator|hjemmehjælper|sygeplejerske|pædagog|lærer|evaluator|kasserer|præst|frivilligrådet)(?:en|n|e|ne|ens|s)?`)
	client   = cue(`(?:min|vores|en af mine|en af vores) (?:\p{L}+ )?(?:borger|klient|patient|beboer)\p{L}*|borgeren|klienten|patienten|beboeren`)
)

// asked is a question that begins by imagining somebody: »Er en leder bedre, når hun …«.
var asked = regexp.MustCompile(`^er (?:en|et) `)

// studied marks questions about somebody's work: »han« and »hun« there are scholars.
var studied = regexp.MustCompile(`(?:han|hun) skrevet|skrev (?:han|hun|ham|hende)|bog|artikel|rapport|forsk|defin|begreb|teori|typologi|undersøg|skelne|ifølge|peger på|litteratur|henvisning|forfatter|pointe|professor|ph\.?d`)

// titled is a family, a citizen or a person with a title before the name.
var titled = regexp.MustCompile(left + `(?:[Ff]amilien|[Ff]ru|[Ff]r\.|[Hh]r\.?|[Ff]røken|[Bb]orger(?:en)?|[Kk]lient(?:en)?|[Pp]atient(?:en)?|[Bb]eboer(?:en)?) \p{Lu}\p{Ll}+`)

// cue compiles a pattern for lower-case text.
func cue(pattern string) *regexp.Regexp { return regexp.MustCompile(left + pattern + right) }

// authorship marks questions about what somebody wrote: a name there is a scholar's.
var authorship = cue(`(?:skrevet|skriver|skrev|siger|sagt|mener|mente|bog|bogen|artikel|artiklen|rapport|forsker|forskere|forskning|definerer|definition|begreb|teori|typologi|model|undersøgelse|undersøger|skelner|ifølge|kilde|peger på|beskriver|kalder|litteratur|henvisning)`)

// doing are verbs that follow a name in a case.
var doing = regexp.MustCompile(`^(?:har|er|fik|får|vil|skal|kan|må|bor|søger|ønsker|mangler|på|ringer|kommer|drikker|nægter|siger|blev|bliver|modtager|går|vi|som|der|til|s)$`)

// acting are the verbs among them: somebody who has a scholar's surname and acts is not the scholar.
var acting = set("har er fik får faar vil skal kan må maa bor søger ønsker mangler ringer kommer drikker nægter modtager")

// maxCase is how many bytes of a text are looked at for the signs of a case.
const maxCase = 8000

// Case reports whether a question is about a concrete person's case: it speaks of »min borger«, asks what »hun« has a right to,
// names a person, or had a CPR number, part of one, a case's number or a name that is masked. Another kind of personal data alone, such
// as an e-mail address, makes no case. known tells which words belong to the theme (scholars, organisations); it may be nil. Names are
// recognised by a list of common given names: many will be missed, which is why names are not promised to be found.
func Case(text string, known func(word string) bool) bool { return CaseAfter(text, "", known) }

// CaseAfter is Case for a question that follows up on an earlier one: after a question about a scholar, »hun« is the scholar.
func CaseAfter(text, earlier string, known func(word string) bool) bool {
	text = beginning(text)
	for _, k := range []Kind{CPR, CPREnd, Name, CaseNo} {
		if strings.Contains(text, k.Mask()) {
			return true
		}
	}
	lower := strings.ToLower(text)
	if cued(lower) || pronounced(text, lower, earlier) {
		return true
	}
	return (titled.MatchString(text) || namesPerson(text, known)) && !authorship.MatchString(lower)
}

// beginning is the part of a text that is looked at for the signs of a case.
func beginning(text string) string {
	if len(text) > maxCase {
		text = strings.ToValidUTF8(text[:maxCase], "")
	}
	return text
}

// cued reports whether a text in small letters speaks of one concrete person or case.
func cued(lower string) bool {
	for _, re := range caseCues {
		if re.MatchString(lower) {
			return true
		}
	}
	return held(lower) || decision.MatchString(lower) && !bodies.MatchString(lower)
}

// pronounced reports whether »han« or »hun« is somebody in a case.
func pronounced(text, lower, earlier string) bool {
	imagined := supposed.MatchString(lower) || asked.MatchString(lower)
	scholar := studied.MatchString(lower) || authorship.MatchString(strings.ToLower(earlier))
	return pronoun.MatchString(text) && !imagined && !scholar && (!official.MatchString(lower) || client.MatchString(lower))
}

// held reports whether the asker has somebody.
func held(lower string) bool {
	for _, m := range holding.FindAllStringSubmatch(lower, -1) {
		between := strings.Fields(m[1])
		if !slices.ContainsFunc(between, func(w string) bool { return binding[w] }) {
			return true
		}
	}
	return false
}
