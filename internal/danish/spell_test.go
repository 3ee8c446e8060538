package danish_test

import (
	"strings"
	"testing"

	"kildesvar/internal/danish"
)

// misspelt are slips of fingers and of knowledge with the word that was meant (or, after |, another form of it).
const misspelt = `
samskablse samskabelse|samskabelsen
samskabelsse samskabelse
samskaabelse samskabelse
samskabels samskabelse|samskabelses
frivilig frivillig
frivilige frivillige
firvillige frivillige
frivilllige frivillige
frivillgie frivillige
frivilighed frivillighed
frivillihed frivillighed
partnerskap partnerskab
partnerskabb partnerskab
parternskab partnerskab
partnerskaper partnerskaber
partnerskabsaftal partnerskabsaftale
foreining forening
forenning forening
foreninng forening
foreningr foreninger
foreninnger foreninger
evaluring evaluering
evalluering evaluering
evaluereing evaluering
evalering evaluering
kommunnen kommunen
komunen kommunen
komune kommune
kommunne kommune
kommunerner kommunerne
civilsamfunnd civilsamfund
civilsamfundt civilsamfund|civilsamfundet
sivilsamfund civilsamfund
civilsamfun civilsamfund
medborgerskap medborgerskab
medborgeskab medborgerskab
frivilligcentrer frivilligcentre|frivilligcentret|frivilligcenter
frivilligsenter frivilligcenter
foranderingsteori forandringsteori
forandringstori forandringsteori
forandringsteorri forandringsteori
organisasjon organisation
orginisation organisation
organistion organisation
samarbjede samarbejde
samarbejd samarbejde|samarbejdet
samarbejed samarbejde|samarbejdet
samabejde samarbejde
velfærtstrekant velfærdstrekant|velfærdstrekanten
velferdstrekanten velfærdstrekanten
borgerinddragels borgerinddragelse
borgerindragelse borgerinddragelse
borgerindragelsse borgerinddragelse
engagemang engagement
engagment engagement
dokumentasjon dokumentation
dokumentaion dokumentation
tilskudd tilskud
tilsud tilskud
serviselov servicelov|serviceloven
folkeoplysningsloven folkeoplysningsloven
folkeoplysingsloven folkeoplysningsloven
tværsektoriel tværsektorielt|tværsektorielle
tværsektorelt tværsektorielt
rekrutering rekruttering
rekrutteing rekruttering
koordinatr koordinator
kordinator koordinator
kontrackt kontrakt
kontragt kontrakt
innovasion innovation
inovation innovation
idrætforening idrætsforening|idrætsforeninger
bevilinger bevillingen|bevilling
besøgsvener besøgsvenner
ansøgnig ansøgning
paragaf paragraf
ledelsse ledelse
demokratti demokrati
tilid tillid
netværg netværk
puljr pulje|puljer
støte støtte
økonmi økonomi
invovlering involvere|involverer|borgerinvolvering
myndihed myndighed
myndiheder myndigheder
brugerindragelse brugerinddragelse
selvhjelpsgruppe selvhjælpsgruppe|selvhjælpsgrupper
selvhjælsgruppe selvhjælpsgruppe|selvhjælpsgrupper
vidensportaln vidensportalen
rapprt rapport
raport rapport
virksomheter virksomheder
virksomed virksomhed
udviklig udvikling
udvikkling udvikling
statistikk statistik
forskining forskning
undersøglese undersøgelse
undersøgels undersøgelse
erfarigner erfaringer
kommunalbestyrlse kommunalbestyrelse|kommunalbestyrelsen
medlemer medlemmer
forankering forankring
forankrng forankring
resurcer ressourcer|resurser
resourcer ressourcer
kvalitedsmodel kvalitetsmodel|kvalitetsmodellen
tilitsfuld tillidsfuld
indstas indsats
inddsats indsats
forebygelse forebyggelse
forebyggels forebyggelse
boligområdr boligområde|boligområder|boligområdet
pårørene pårørende
uddanelse uddannelse
`

// everyday are words that a question may bring and the articles do not know. None may be corrected.
const everyday = `printer cykel ferie kantine barsel parkering telefon mobil bilen garage sommerhus kaffe opskrifter fodboldkamp vejret regnvejr
klima strøm varme elregning husleje boliglån realkredit skilsmisse bryllup begravelse fødselsdag julefrokost feriepenge sygedag
tandlæge læge apotek medicin hospitalsseng vaccine kørekort pas sundhedskort nemid adgangskode password router skærm tastatur
kopimaskine papirkurv skraldespand affald genbrug container lejlighed nøgle alarm indbrud politi brand ambulance hund kat hest
fisk kylling pasta kage rugbrød mælk smør ost øl vin cigaret løbesko svømmehal biograf koncert musik film roman avis radio
fjernsyn flyrejse tog bus metro taxa færge hotel kuffert strand skov bjerg sne frost solskin moms skat årsopgørelse bank
aktier pension lønseddel overarbejde arbejdstid sygemelding fyring opsigelse fagforbund tillidsmand kollegaer vagtskifte
eksamen gymnasium matematik fransk karakterer lektier skema kridt tavle elev lærer rektor danskprøve kirke præst dåb konfirmation
maleri teater danser guitar klaver violin trompet symfoni ballet skulptur maskine motor benzin diesel traktor mark korn ko gris får høns æg
salat agurk tomat kartoffel gulerødder løg peber salt sukker mel smoothie juice sodavand vand glas tallerken kniv gaffel ske gryde pande ovn komfur
opvaskemaskine vaskemaskine støvsuger gulvtæppe gardin seng dyne pude sofa stol bord reol spejl bad toilet sæbe shampoo tandbørste
kjole bukser trøje jakke sko støvler hue handsker briller ur ring halskæde armbånd parfume frisør massage tatovering
fræser hammer søm skrue bor sav maling pensel stige tag mur vindue dør trappe kælder loft have græs træ blomst rose tulipan busk hæk
vejr storm torden lyn sky måne stjerne planet rumfart astronaut robot mikroskop kemi fysik biologi kvadratrod geometri algebra`

func correction(s *danish.Speller, word string) (string, float64) {
	for _, c := range s.Correct(word) {
		return c.Word, c.Cost
	}
	return "", 0
}

// spellBound is the cost up to which the retrieval believes a correction.
const spellBound = 0.75

func known(words map[string]int, stems map[string]bool, w string) bool {
	return words[w] > 0 || stems[danish.TermOf(w)]
}

func corpusStems(words map[string]int) map[string]bool {
	stems := map[string]bool{}
	for w := range words {
		stems[danish.TermOf(w)] = true
	}
	return stems
}

func TestMisspellings(t *testing.T) {
	words := vocabulary(t)
	stems := corpusStems(words)
	s := danish.NewSpeller(words)
	right, all := 0, 0
	for line := range strings.Lines(strings.TrimSpace(misspelt)) {
		wrong, want, _ := strings.Cut(strings.TrimSpace(line), " ")
		if known(words, stems, wrong) {
			continue // found as it is
		}
		all++
		got, cost := correction(s, wrong)
		if cost <= spellBound && strings.Contains("|"+want+"|", "|"+got+"|") {
			right++
			continue
		}
		t.Logf("%s: %q at %.2f, want %s", wrong, got, cost, want)
	}
	t.Logf("%d of %d misspellings corrected", right, all)
	if all < 60 || right*100 < all*95 {
		t.Errorf("%d of %d misspellings corrected", right, all)
	}
}

func TestEverydayWords(t *testing.T) {
	words := vocabulary(t)
	stems := corpusStems(words)
	s := danish.NewSpeller(words)
	wrong, all := 0, 0
	for _, w := range strings.Fields(everyday) {
		if known(words, stems, w) {
			continue
		}
		all++
		for _, c := range s.Correct(w) {
			if c.Cost <= spellBound && !danish.StopWord(c.Word) {
				wrong++
				t.Logf("%s becomes %s at %.2f", w, c.Word, c.Cost)
				break
			}
		}
	}
	t.Logf("%d of %d everyday words corrected", wrong, all)
	if all < 100 || wrong*100 > all*3 {
		t.Errorf("%d of %d everyday words corrected", wrong, all)
	}
}

// TestNames: a capitalised word is corrected up to half the bound only, and no common name is.
func TestNames(t *testing.T) {
	words := vocabulary(t)
	stems := corpusStems(words)
	s := danish.NewSpeller(words)
	for _, w := range strings.Fields(`jensen nielsen pedersen larsen mette anne kirsten søren peter nørrebro vejle horsens kolding randers
		svendborg viborg herning holbæk slagelse næstved hillerød helsingør fredericia gentofte bornholm mogens hansen karen lone`) {
		if got, cost := correction(s, w); got != "" && cost <= spellBound/2 && !known(words, stems, w) {
			t.Errorf("%s becomes %s at %.2f", w, got, cost)
		}
	}
}

func TestCorrectEdges(t *testing.T) {
	s := danish.NewSpeller(map[string]int{"støtte": 3, "stotte": 1, "forening": 5, "co2aftale": 1, "lov": 2})
	for _, w := range []string{"", "lav", "27.45.00", strings.Repeat("forening", 6), "\xff\xfe\xff\xfe", "xyzzyx"} {
		if got := s.Correct(w); got != nil {
			t.Errorf("Correct(%q) = %v", w, got)
		}
	}
	if got := s.Correct("stoette"); len(got) == 0 || got[0] != (danish.Correction{Word: "støtte"}) {
		t.Errorf("Correct(stoette) = %v", got)
	}
	if got := danish.NewSpeller(nil).Correct("forening"); got != nil {
		t.Errorf("corrected to %v without words", got)
	}
}
