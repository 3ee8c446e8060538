package privacy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// general are questions that anybody may ask; none is about one person's case.
var general = strings.Split(strings.TrimSpace(`
Hvad har en frivillig ret til?
Kan en borger klage?
Hvordan hjælper vi ensomme ældre?
Hvad siger Anne Tortzen om samskabelse?
hvad mener Bjarne Ibsen
må vi betale en frivillig
hvad er kvindens rolle i foreningslivet
Hvordan inddrager vi vores borgere?
Hvordan får vi vores unge med i foreningslivet?
Hvordan hjælper vi udsatte unge med at finde en forening?
Vi har en frivillig koordinator, hvad er opgaven?
Vi har en frivilligkoordinator, hvad laver sådan en?
Vi har en frivillig pulje, hvordan fordeler vi den?
Vi har et tilbud til familien som helhed, hvordan får vi frivillige med?
Vi har en aftale med foreninger om unge, hvad skal den indeholde?
Må vi give afslag på § 18-ansøgninger?
Skal vi give afslag på en ansøgning om § 18-midler, hvis foreningen har overskud?
Må vi stoppe støtten til en forening?
Kan vi trække tilskuddet tilbage fra et projekt?
Hvilken rolle har borgeren i samskabelse?
Hvordan sikrer vi, at borgeren får indflydelse?
Hvordan måler vi, om borgerne får det bedre?
Hvordan måler vi effekten for de borgere, vi hjælper?
Hvad gør vi, hvis en frivillig får det dårligt, når han møder borgerne?
Hvad gør man, når en frivillig siger, at hun vil stoppe?
Kan en borger være frivillig, hvis han er på dagpenge?
Har en frivillig ret til at få dækket sine udgifter?
Skal en frivillig have børneattest?
Skal han/hun have en børneattest for at være frivillig?
Hvem er Thomas Boje, og hvad har han skrevet?
Hvilken bog er Anne Tortzen kendt for, og hvad er hendes typologi?
Hvad siger Jens Ulrich om de fire typer samskabelse?
Hvad har Jacob Torfing skrevet om styring?
Hvad er Mary Fondens rolle?
Hvad laver Mary Fonden?
Hvad er Sankt Lukas Stiftelsen?
Hvordan samarbejder vi med Ole Kirks Fond?
Hvad laver Røde Kors lokalt?
Hvad gør Ældre Sagen for ensomme?
Hvad er forskellen på Mødrehjælpen og Kirkens Korshær?
Er det frivilligt arbejde at hjælpe min nabo?
Er det frivilligt arbejde, hvis jeg passer min mor?
Kan du forklare det, så min mor kan forstå det?
Kan jeg selv være frivillig i min fritid?
Må jeg som sagsbehandler være frivillig i en forening?
Min leder spørger, hvad samskabelse er
Hvordan forklarer jeg min kollega, hvad et partnerskab er?
Hvor mange kvinder er frivillige?
Er flere mænd end kvinder frivillige?
Hvor mange på 16-24 år er frivillige?
Hvor stor en andel af de 66-årige er frivillige?
Hvor gammel skal man være for at være frivillig?
Må man være frivillig, når man er på kontanthjælp?
Må borgere på offentlig forsørgelse være frivillige?
Må en kontanthjælpsmodtager arbejde frivilligt?
Hvordan støtter man en ensom ældre i at finde et fællesskab?
Hvordan taler jeg med borgere om at blive frivillige?
Hvornår er en indsats frivillig?
Hvad er en frivillig?
Hvad er en besøgsven?
Hvad er en aktiv medborger?
Hvem kan få en besøgsven?
Hvordan finder vi besøgsvenner til ældre?
Hvordan inddrager vi pårørende og familier?
Hvilke tilbud er der til unge mødre?
Hvordan kan foreninger nå ensomme mænd?
Hvad gør vi, når en forening ikke vil dokumentere sin indsats?
Hvad gør jeg, hvis foreningen ikke svarer?
Hvordan klager en forening over et afslag?
Hvem bestemmer i et partnerskab?
Kan en kommune bestemme over en forening?
Må kommunen bruge frivillige i hjemmeplejen?
Må frivillige give medicin?
Må frivillige køre borgere til lægen?
Hvem har ansvaret, hvis en frivillig kommer til skade?
Har frivillige tavshedspligt?
Skal frivillige følge kommunens regler?
Hvordan undgår vi, at frivillige overtager de ansattes arbejde?
Hvordan anerkender vi de frivillige?
Hvordan rekrutterer vi mandlige frivillige?
Hvordan holder vi på vores frivillige?
Hvad gør vi, når vores frivillige ikke har tid?
Per år, hvor mange timer bruger en frivillig?
Hvad koster en frivillig?
Hvilken sag kæmper foreningen for?
Hvordan kan frivillige støtte en sag, de brænder for?
Hvad siger loven om sagsbehandlingstid for § 18?
Kan vi lave en aftale om, hvem der hjælper borgeren?
Hvordan fordeler vi opgaver mellem borger, frivillig og medarbejder?
Hvad betyder borgeren i centrum?
Hvordan evaluerer vi, om indsatsen hjælper?
Hvad er forskellen på en frivillig og en ansat?
Skal jeg vælge samskabelse eller partnerskab?
Hvad betyder det for mig som sagsbehandler?
Hvem kan jeg spørge om frivillighed i kommunen?
Hvad er INSP i Roskilde?
Hvordan arbejder Mind Your Own Business?
Hvad er FriSe og CFSA?
Findes der et frivilligcenter i Sankt Hans by?
Min kollega siger 36, og jeg siger 40, hvem har ret?
Vores formand siger, at klubben er en skole for folkestyret, har han ret?
Er min familie en del af civilsamfundet?
Hvad hedder det, når det hele sander til?
Hvad skal jeg tjekke, før jeg bruger det i en sag?
Er en akademiker mere flittig, når først hun er i gang?
Hvad handler Anne Tortzens ph.d. om?
Hvad er Anne Kathrine Boje kendt for?
`), "\n")

// personal are questions about one person, written for this test.
var personal = strings.Split(strings.TrimSpace(`
Må min borger være med i en selvhjælpsgruppe?
Jeg har en ung mand, der gerne vil være træner
Jeg sidder med en ensom ældre dame, hvilken forening passer til hende?
vi har en borger som ikke vil ud ad døren
Hvad gør jeg, når hun ikke åbner døren?
han har fået afslag på en kontaktperson, kan vi omgøre det
Kan jeg henvise ham til frivilligcentret?
Karen Nielsen har søgt om en besøgsven
Karen Boje har søgt om en besøgsven
Er det ok, at Mohammed kommer i værestedet to gange om ugen?
Ole er begyndt at drikke igen, hvad gør jeg
Familien Sørensen vil have en aflastningsfamilie
fru Hansen vil ikke lukke den frivillige ind
mand på 67 uden netværk
en kvinde på 34 med angst vil være frivillig
45-årig mand med hjerneskade søger fællesskab
Hvad skal jeg skrive i den konkrete sag?
Skal jeg give afslag i sagen om støtte til kørsel?
Borgeren siger, at ingen ringer tilbage
Borgeren vil ikke møde op, hvad gør jeg?
klienten er flyttet, og jeg kan ikke finde sagen
min mor er dement, kan I finde en besøgsven
borger Karen Jensen er ensom, hvad gør jeg
Vores nabo drikker, hvem kan hjælpe
Hvad gør vi med drengen, der bliver hentet for sent?
Skal vi underrette om ham?
Må vi stoppe hjælpen til hende?
Hendes søn vil have indsigt i, hvad den frivillige har skrevet ned
hun har cpr 010203-1234
Min klient er bange for den frivillige
vi hjælper en hjemløs mand, må han sove i klubben
en af mine borgere vil klage
`), "\n")

// TestCaseLists counts. A name or a turn of phrase not foreseen is missed: nine of ten is what is promised, and no false alarm in
// a hundred everyday questions.
func TestCaseLists(t *testing.T) {
	if len(general) < 80 || len(personal) < 30 {
		t.Fatalf("%d general and %d personal questions are too few", len(general), len(personal))
	}
	scholars := set("tortzen boje ibsen ulrich torfing")
	known := func(w string) bool { return scholars[strings.ToLower(w)] }
	for _, q := range general {
		if Case(q, known) {
			t.Errorf("taken for a case: %s", q)
		}
	}
	missed := 0
	for _, q := range personal {
		if masked, _ := Mask(q, Options{Known: known}); !Case(masked, known) {
			t.Logf("missed: %s", q)
			missed++
		}
	}
	t.Logf("%d of %d cases recognised", len(personal)-missed, len(personal))
	if missed > len(personal)/10 {
		t.Errorf("%d of %d cases missed", missed, len(personal))
	}
}

// TestCaseAfter is a question that follows up on another.
func TestCaseAfter(t *testing.T) {
	for _, c := range []struct {
		text, earlier string
		want          bool
	}{
		{"Hvad mener hun om ledelse?", "Hvad siger Anne Tortzen om samskabelse?", false},
		{"Hvad mener hun om ledelse?", "", true},
		{"Hvad kan jeg gøre for hende?", "Karen Nielsen har søgt om en besøgsven", true},
		{"Må min borger være frivillig?", "Hvad siger Anne Tortzen om samskabelse?", true},
		{"Hvad er samskabelse?", "Karen Nielsen har søgt om en besøgsven", false},
	} {
		if got := CaseAfter(c.text, c.earlier, nil); got != c.want {
			t.Errorf("%q after %q: %v, want %v", c.text, c.earlier, got, c.want)
		}
	}
}

// TestCaseOnEntryQuestions asks the questions that the built-in articles answer: next to none may be taken for a case. Some speak
// of »min borger« on purpose.
func TestCaseOnEntryQuestions(t *testing.T) {
	files, err := filepath.Glob("../../corpus/*/*.md")
	if err != nil {
		t.Fatal(err)
	}
	n, alarms := 0, 0
	texts := map[string]string{}
	words := map[string]bool{} // of the articles' prose: the assistant knows its scholars
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texts[f] = string(data)
		for line := range strings.Lines(texts[f]) {
			if strings.HasPrefix(line, "<!--") {
				continue
			}
			for _, w := range strings.FieldsFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }) {
				words[strings.ToLower(w)] = true
			}
		}
	}
	known := func(word string) bool { return words[strings.ToLower(word)] }
	for _, f := range files {
		for _, line := range strings.Split(texts[f], "\n") {
			list, ok := strings.CutPrefix(strings.TrimSpace(line), "<!-- svarer på:")
			if !ok {
				continue
			}
			for _, q := range strings.Split(strings.TrimSuffix(list, "-->"), "|") {
				n++
				if Case(strings.TrimSpace(q), known) {
					alarms++
					t.Logf("taken for a case: %s", q)
				}
			}
		}
	}
	t.Logf("%d of %d", alarms, n)
	if n < 500 || alarms*200 > n {
		t.Errorf("%d of %d questions taken for a case", alarms, n)
	}
}
