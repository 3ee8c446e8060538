package danish

// shortParts are the three-letter words that are believed as constituents. They are a closed list because any three
// letters make up some word, name or abbreviation of a large corpus.
var shortParts = makeSet(`aar aft bad bil bog bud bus bur bar dag del doer eje fag fan far fest fod gas hav hus ide ild job jul kor kun lag lav led leg lejr liv lov lyd mad
mor net nød nat ord ose par plan rod rum ret ros rum sag sal sko sol syn søn tab tal tid tog tro tre uge ven vej vin øje gud kap krop ost pen pas post`)

// seeds are common constituents that a small corpus may have inside compounds only. They say nothing of the subject: what
// a corpus is about stands in it as words.
var seeds = makeSet(`tjeneste slag spil sted stand stil styr spor stad sprog skrift sal fag net front distrikt hus hjem vej tid dag tal fest klub skole plads
linje liste studie studium litteratur historie balance reform udvalg bestyrelse møde forløb forbund virksomhed ordning område plan lov kraft støtte
medarbejder hjælp gruppe leder deling marked løsning evne vilje mangel ændring udbytte indsats mål finans nabo natte børne hjemme hoved central
pleje pasning stue hold værk kursus skema tegn tilbud udvikling varetagelse tænkning bidrag bistand baseret orienteret afgrænset
standard forbedring regnskab parti personale standpunkt person menneske kvinde barn ven broder mester kamp rejse`)

// notHeads are prefixes and small words that many words begin with by chance.
var notHeads = makeSet(`sam med for til ude uden inden over under efter mod op ind af paa ved fra gen gennem mis van bort frem sammen imod hen ned
den det der her men man sig sin ser set vil kan var har han hun kun nej nu da os en et er at og de du jeg vi hver selv
inter kontra super trans anti fore bag frie videre fast tilbage fuld`)

// notTails are endings that look like constituents and are none: of derivation, of inflection, and small words.
var notTails = makeSet(`hed hede heder heden hedens skab skabe skaber skabet skabs lig lige ligt lighed ligheder ligere ing inge dom som bar bart bare fuld fulde ere ede ende else elser ens ene isk iske
sam med for til ude uden inden over under efter mod op ind af paa ved fra gen mis van bort frem sammen vist
den det der her men man sig sin ser set vil kan var har han hun kun nej hen nu da os en et er at og de du jeg vi
rel rer ter ner ger ker ler res tes les ges des nes ret rets rne rene ring ringen ringer ringe ringens
let len lets lens lede ledes nede rede tede sede pede kede gede bede tende lende nende
ion tion ation ationer eret erne erer ering iver ivt ive ist ister isme
ste sten stes eren ers sig sige ment mente menter mentet mentets mentene sent senter toer toeren toerer toerens reste rest loes loese loest loeses have haver haven haverne
lings lingen ninger ningen ling linger ning inger ingen ings ninge`)

// wholes are compounds whose constituents would mislead: together they mean something else, or nothing apart. They are
// stems, so that all their forms are left whole, alone and in longer compounds.
var wholes = makeStems(`spørgsmål talsmand talsmænd trekant firkant baggrund grundlag grundlæggende grundlægge retfærdig
kendetegn håndbog ægtefælle årgang overgang fremgang landsby ordstyrer medborger udgang bagside vejviser vedtægt
tilgang forhold indhold udvalg udgave afgang adgang undergang udtryk indtryk formål højskole bydel borgmester rettighed retning
stilling mening dagsorden undtagelse hverdag fridag vilkår årsag håndtag sparring levering betaling erfaring måltid herred roskilde netværk fritid ledsager samtale`)

func makeStems(words string) map[string]bool {
	m := map[string]bool{}
	for w := range makeSet(words) {
		m[TermOf(w)] = true
	}
	return m
}
