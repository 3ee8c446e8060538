package danish_test

import (
	"strconv"
	"strings"
	"testing"

	"kildesvar/internal/danish"
)

func TestDigits(t *testing.T) {
	for word, want := range map[string]string{
		"nul": "0", "en": "1", "et": "1", "én": "1", "ét": "1", "første": "1", "foerste": "1", "to": "2", "anden": "2", "andet": "2", "tre": "3", "tredje": "3",
		"sjette": "6", "tolv": "12", "tolvte": "12", "tretten": "13", "seksten": "16", "attende": "18", "nittende": "19",
		"tyve": "20", "tyvende": "20", "tredive": "30", "tredivte": "30", "fyrre": "40", "fyrretyve": "40", "fyrretyvende": "40",
		"halvtreds": "50", "halvtredsindstyve": "50", "halvtredsindstyvende": "50", "tres": "60", "halvfjerds": "70", "firs": "80", "firsindstyvende": "80",
		"halvfems": "90", "halvfemsindstyvende": "90",
		"enogtyve": "21", "toogtyvende": "22", "femogtredive": "35", "otteogfyrre": "48", "syvoghalvtreds": "57", "treogtres": "63", "nioghalvfems": "99",
		"seksogfirsindstyvende": "86",
		"hundrede":              "100", "hundred": "100", "ethundrede": "100", "tohundrede": "200", "nihundrede": "900", "tusind": "1000", "tusinde": "1000", "ettusind": "1000",
		"femtusinde": "5000",
		"0":          "0", "5": "5", "18": "18", "007": "007", "2024": "2024", "1.000": "1000", "18.000": "18000", "1.234.567": "1234567",
		// no whole numbers, or no numbers at all
		"": "", ".": "", "15,5": "", "27.45.00": "", "1.00": "", "1.0000": "", "0.500": "", "1.": "", ".000": "", "1234.567": "", "2½": "", "18a": "", "co2": "",
		"halvanden": "", "ener": "", "ental": "", "tog": "", "tier": "", "fireogfirser": "", "tyveri": "", "tresser": "", "firma": "", "otium": "", "andre": "",
		"hundredevis": "", "tusindfryd": "", "ogtyve": "", "tiogtyve": "", "enogti": "", "enogenogtyve": "", "million": "", "٣": "", "\xff": "",
	} {
		if got := danish.Digits(word); got != want {
			t.Errorf("Digits(%q) = %q, want %q", word, got, want)
		}
	}
}

// TestDigitsEvery: the words for 20 to 99 are made of a unit and a ten, the unit first.
func TestDigitsEvery(t *testing.T) {
	units := strings.Fields("en to tre fire fem seks syv otte ni")
	for i, ten := range strings.Fields("tyve tredive fyrre halvtreds tres halvfjerds firs halvfems") {
		for u, unit := range units {
			if got, want := danish.Digits(unit+"og"+ten), strconv.Itoa(10*(i+2)+u+1); got != want {
				t.Errorf("Digits(%s) = %q, want %s", unit+"og"+ten, got, want)
			}
		}
	}
}

// TestDigitsOfTokens: a number in running text is told token by token; a fraction is no number of its own.
func TestDigitsOfTokens(t *testing.T) {
	for text, want := range map[string]string{
		"Vi er 2 1/2 år bagud": "- - 2 1 2 - -", "Cirka halvtreds procent, ca. 50 pct.": "- 50 - - 50 -", "§ 18, stk. 2": "- 18 - 2",
		"18.000 foreninger og 1,5 mio. kr.": "18000 - - - - -", "den 5. juni 2024": "- 5 - 2024", "HUNDREDE Første": "100 1", "½ dag": "-",
	} {
		var got []string
		for _, tok := range danish.Tokens(text) {
			d := danish.Digits(danish.Lower(tok.Text))
			if d == "" {
				d = "-"
			}
			got = append(got, d)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: %s, want %s", text, s, want)
		}
	}
}

func TestPlace(t *testing.T) {
	for _, w := range strings.Fields(`aarhus århus arhus århus's aalborg ålborg alborg københavn københavns koebenhavn koebenhavns aabenraa åbenrå aabenraas faaborg fåborg taastrup tåstrup
		ærø aeroe helsingør helsingoer læsø laesoe tårnby taarnby odense odenses horsens randers assens nordfyn nordfyns skanderborg jylland sjælland sjaelland
		grønland groenland sverige sveriges usa norge europas nordmænd nordmaend tyske østrig oestrig`) {
		w = strings.TrimSuffix(w, "'s") // the apostrophe ends the token
		if !danish.Place(w) {
			t.Errorf("%s is no place", w)
		}
	}
	for _, w := range strings.Fields(`vejen kommune kommunen by byen land danmark dansk danske region regionen høje skov borg havn sted stedet europæisk engelsk amerikansk s as es
		skrive skriver lejere varede tinder henning hvervning allerede forening frivillig odde nord syd horse`) {
		if danish.Place(w) {
			t.Errorf("%s is a place", w)
		}
	}
	for _, w := range []string{"", "\xff\xfe", "18", "§", strings.Repeat("aarhus", 100)} {
		if danish.Place(w) {
			t.Errorf("%q is a place", w)
		}
	}
}

// misspeltPlaces are slips that people make in the names.
const misspeltPlaces = `kobenhavn købehavn københvn kjøbenhavn københaven århuss ålbrog aalbrog åalborg oddense odence esbjærg esbjeg svenborg sønderbrog roskile
fredriksberg frederiksbjerg fredricia fredriksund helsingor helsinør hjøring hjorring kaldunborg vordinborg skanderborrg skannerborg bornhom sjæland sjælend jyland jyllland
midtjyland nordjyland sverrige tysland thyskland englend holand storbritanien hørsholmm randars viborrg herninng slagelsse næstvæd guldborgsunn norddjus kerteminne
middelfardt gladsaxse brønnerslev hilerød`

func TestMisspeltPlaces(t *testing.T) {
	found, all := 0, 0
	for _, w := range strings.Fields(misspeltPlaces) {
		all++
		if danish.Place(w) && danish.Place(danish.Fold(w)) {
			found++
			continue
		}
		t.Logf("not known: %s", w)
	}
	t.Logf("%d of %d misspelt places known", found, all)
	if found*5 < all*4 {
		t.Errorf("%d of %d misspelt places known, want four in five", found, all)
	}
}

func TestCommon(t *testing.T) {
	for _, w := range strings.Fields(`findes fandtes gøres goeres står staar lå laa gælder gaelder spørgsmål spoergsmaal måde maade måder årsag aarsag idé ide idéer store bedste folk
		mennesker sammen lave fungerer vigtigst svært svaert længe laenge`) {
		if want := w != "fungerer"; danish.Common(w) != want {
			t.Errorf("Common(%s) = %v", w, !want)
		}
	}
	for _, w := range strings.Fields(`forening frivillig kommune samskabelse partnerskab evaluering civilsamfund borger støtte tilskud rolle roller penge samarbejde ansvar aftale råd
		raad leder medlem effekt evidens udsatte ældre børn unge tillid magt aarhus 18 §`) {
		if danish.Common(w) {
			t.Errorf("%s is a common word", w)
		}
	}
	for _, w := range []string{"", "\xff", "måde\x00"} {
		if danish.Common(w) {
			t.Errorf("%q is a common word", w)
		}
	}
}

// TestChatWords: what people type in a hurry says nothing of the subject.
func TestChatWords(t *testing.T) {
	for _, w := range strings.Fields(`hva hvd va ka ik ikk ku sku noen ing ngt nng pls plz hey goddag godmorgen hej hejsa tak ok mvh venligst lige jer
		æh`) {
		if want := w != "æh"; danish.StopWord(w) != want {
			t.Errorf("StopWord(%s) = %v", w, !want)
		}
	}
	for _, w := range strings.Fields(`vand kage ko sko ikke-kommercielle ingeniør plan hvede heyerdahl kaution nogetsomhelst`) {
		if danish.StopWord(w) {
			t.Errorf("%s is a stop word", w)
		}
	}
}

// TestListsApart: every word stands on one list, for the first that has it decides.
func TestListsApart(t *testing.T) {
	for w := range vocabulary(t) {
		lists := 0
		for _, on := range []bool{danish.StopWord(w), danish.Common(w), danish.Place(w)} {
			if on {
				lists++
			}
		}
		if lists > 1 {
			t.Errorf("%s is on %d lists", w, lists)
		}
	}
}
