package danish_test

import (
	"strings"
	"testing"

	"kildesvar/internal/danish"
)

// compounds are words with their constituents, as terms: which form of a constituent the corpus has does not matter.
const compounds = `
frivilligcenter frivillig+center
frivilligcentre frivillig+center
frivilligcentrenes frivillig+center
samarbejdsaftale samarbejde+aftale
samarbejdsaftalerne samarbejde+aftale
samarbejdsform samarbejde+form
civilsamfund civil+samfund
civilsamfundsaktør civil+samfund+aktør
civilsamfundsstrategien civil+samfund+strategi
kommunalbestyrelse kommunal+bestyrelse
kommunalreformen kommunal+reform
velfærdstrekant velfærd+trekant
velfaerdstrekanten velfærd+trekant
velfærdssamfund velfærd+samfund
besøgstjeneste besøg+tjeneste
besøgsven besøg+ven
folkeoplysningslov folk+oplysning+lov
folkeoplysningsloven folk+oplysning+lov
folkesundhed folk+sundhed
borgerinddragelse borger+inddragelse
borgermøde borger+møde
forandringsteori forandring+teori
forandringsteorien forandring+teori
partnerskabsaftale partnerskab+aftale
partnerskab partner
medborgerskab medborger
frivillighedsundersøgelsen frivillighed+undersøgelse
frivilligundersøgelse frivillig+undersøgelse
frivilligrådet frivillig+råd
arbejdsgruppe arbejde+gruppe
arbejdsdeling arbejde+deling
arbejdskraft arbejde+kraft
arbejdsløs arbejde
foreningsliv forening+liv
foreningsformænd forening+formænd
idrætsforening idræt+forening
boligområdet bolig+område
fagforening fag+forening
fagchefer fag+chef
kompetencecenter kompetence+center
konsulentfirma konsulent+firma
interessevaretagelse interesse+varetagelse
magtbalance magt+balance
netaktivister net+aktivist
netværksstyring netværk+styring
håndslag hånd+slag
gymnastiksalen gymnastik+sal
ressourcestærke ressource+stærk
retsinformation ret+information
samskabelsesproces samskabelse+proces
selvhjælpsgrupper selvhjælp+gruppe
serviceloven service+lov
socialrådgiver social+rådgiver
socialøkonomisk social+økonomisk
spørgeskemaundersøgelse spørge+skema+undersøgelse
spørgsmålstegn spørgsmål+tegn
sundhedsmæssige sundhed
tidsplan tid+plan
tillidsfuld tillid
kvalitetsmodellen kvalitet+model
lokalsamfund lokal+samfund
evalueringsmetode evaluering+metode
videnscenter viden+center
virkningsevaluering virkning+evaluering
ældreloven ældre+lov
årsrapport år+rapport
aarsrapport år+rapport
støtteordninger støtte+ordning
puljemidler pulje+midler
fællesskabsmålingen fællesskab+måling
græsrodsbevægelse græsrod+bevægelse
patientforening patient+forening
nabohjælp nabo+hjælp
projektmidler projekt+midler
kontaktperson kontakt+person
målgruppe mål+gruppe
`

// wholeWords are no compounds, or such as mean something that their constituents do not.
const wholeWords = `erfaring erfaringer samarbejde samarbejder kommune kommunerne evaluering evaluere interesse interesser forening foreningen
beslutning beslutninger udvikling udvikle virksomhed virksomheder deltagelse deltagere levering betaling stillede lønnede antallet samspillet
engagement engagementet supplement interessenter direktøren snævreste grundlag baggrund spørgsmål spørgsmålet talsmand trekanten netværk netværket fritid
forandring forankring organisation organisationer dokumentation bevilling ansøgning undersøgelse involvering rekruttering motivation
integration institution koordinator relationer ressourcer resultater kriterier retfærdigt roskilde aktører frivillige frivilligt
inddragelse rådgivning styrelsen ledelse opgaver medlemmer mennesker sammenhæng forskellige kvalitet effekter indsatser`

func terms(words []string) string {
	out := make([]string, 0, len(words))
	for _, w := range words {
		out = append(out, danish.TermOf(w))
	}
	return strings.Join(out, "+")
}

func TestSplit(t *testing.T) {
	s := danish.NewSplitter(vocabulary(t))
	for line := range strings.Lines(strings.TrimSpace(compounds)) {
		word, want, _ := strings.Cut(strings.TrimSpace(line), " ")
		got := s.Split(word)
		if terms(got) != terms(strings.Split(want, "+")) {
			t.Errorf("Split(%s) = %v, want %s", word, got, want)
		}
	}
	for _, w := range strings.Fields(wholeWords) {
		if got := s.Split(w); got != nil {
			t.Errorf("Split(%s) = %v, want it whole", w, got)
		}
	}
}

// TestSplitEdges: what is no word is left alone.
func TestSplitEdges(t *testing.T) {
	s := danish.NewSplitter(vocabulary(t))
	for _, w := range []string{"", "a", "27.45.00", "frivilligcenter2", "\xff\xfe", strings.Repeat("frivillig", 30), "…"} {
		if got := s.Split(w); got != nil {
			t.Errorf("Split(%q) = %v", w, got)
		}
	}
	if got := danish.NewSplitter(nil).Split("frivilligcenter"); got != nil {
		t.Errorf("split %v with no corpus", got)
	}
	// The spelling that the corpus prefers, whatever the order in which its words come.
	for range 20 {
		s := danish.NewSplitter(map[string]int{"råd": 2, "raad": 1, "borger": 3, "målingen": 1})
		if got := strings.Join(s.Split("borgerraad"), "+"); got != "borger+råd" {
			t.Fatalf("borgerraad is %s", got)
		}
		if got := strings.Join(s.Split("borgermaaling"), "+"); got != "borger+målingen" {
			t.Fatalf("borgermaaling is %s", got)
		}
	}
}

// TestSplitCorpus holds the share of the corpus' long words that have constituents, so that a change of the rules shows.
func TestSplitCorpus(t *testing.T) {
	words := corpusWords(t)
	s := danish.NewSplitter(words)
	long, split := 0, 0
	for w := range words {
		parts := s.Split(w)
		if len(w) >= 10 {
			long++
			if parts != nil {
				split++
			}
		}
		for _, p := range parts {
			if danish.StopWord(p) || len(danish.Fold(p)) < 3 {
				t.Errorf("%s has the constituent %q", w, p)
			}
			if len(parts) == 1 && p == w {
				t.Errorf("%s is its own constituent", w)
			}
		}
	}
	t.Logf("%d of %d words of ten letters or more have constituents", split, long)
	if share := float64(split) / float64(long); share < 0.2 || share > 0.5 {
		t.Errorf("%.2f of the long words have constituents", share)
	}
}

func TestAnalyser(t *testing.T) {
	a := danish.NewAnalyser(danish.NewSplitter(vocabulary(t)))
	got := a.Terms("frivilligcentrene")
	want := []danish.Term{{Text: danish.TermOf("frivilligcenter"), Weight: 1}, {Text: "frivil", Weight: danish.PartWeight},
		{Text: danish.TermOf("center"), Weight: danish.PartWeight}}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("term %d is %v, want %v", i, got[i], want[i])
		}
	}
	if got := danish.NewAnalyser(nil).Terms("frivilligcentrene"); len(got) != 1 || got[0] != want[0] {
		t.Errorf("without a splitter: %v", got)
	}
	// A derivation that has its constituent's own term has no other.
	if got := a.Terms("frivillighed"); len(got) != 1 {
		t.Errorf("frivillighed: %v", got)
	}
}
