// Package verifytest makes false sentences from true ones: each Mutation of a sentence changes its meaning in one place, as a
// careless writer would, and keeps the rest word for word. It is for tests and measurements of package verify and knows
// nothing of how verify finds them; it judges no sentence.
//
// Invariants: the same sentence gives the same mutations in the same order; a mutation that would not apply, or would mean the
// same, is left out.
package verifytest

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"kildesvar/internal/danish"
)

// Mutation is a sentence with one change of meaning.
type Mutation struct {
	Kind string // number, year, percent, paragraph, unit, negation, modality, quantifier, direction, actor
	Text string // the sentence, changed
	From string // what stood there
	To   string // what stands there now
}

// editor changes one sentence.
type editor struct {
	text string
	toks []danish.Token
	out  []Mutation
}

// Mutate returns the mutations of a sentence that stands in a passage. Others are names of people and organisations from
// elsewhere, to be put for those of the sentence.
func Mutate(sentence, passage string, others []string) []Mutation {
	e := &editor{text: sentence, toks: danish.Tokens(sentence)}
	for i := range e.toks {
		e.number(i)
		e.unit(i)
		e.pairs(i)
		e.negate(i)
		e.affirm(i)
		e.generalise(i)
		e.name(i, passage, others)
		e.actor(i, passage)
	}
	e.swap()
	return e.out
}

// lower is the lower-case word at a place, "" outside the sentence.
func (e *editor) lower(i int) string {
	if i < 0 || i >= len(e.toks) {
		return ""
	}
	return strings.ToLower(e.toks[i].Text)
}

// replace records the sentence with token i put as to, in the token's case.
func (e *editor) replace(kind string, i int, to string) {
	t := e.toks[i]
	if r, _ := utf8.DecodeRuneInString(t.Text); unicode.IsUpper(r) && i == 0 {
		first, size := utf8.DecodeRuneInString(to)
		to = string(unicode.ToUpper(first)) + to[size:]
	}
	e.out = append(e.out, Mutation{kind, e.text[:t.Start] + to + e.text[t.End:], t.Text, to})
}

// insert records the sentence with a word set in after token i.
func (e *editor) insert(kind string, i int, w string) {
	end := e.toks[i].End
	e.out = append(e.out, Mutation{kind, e.text[:end] + " " + w + e.text[end:], "", w})
}

// gap is what stands between token i and the next.
func (e *editor) gap(i int) string {
	if i < 0 || i+1 >= len(e.toks) {
		return ""
	}
	return e.text[e.toks[i].End:e.toks[i+1].Start]
}

// number changes a number in digits, or a small one in words.
func (e *editor) number(i int) {
	raw := e.toks[i].Text
	if w, ok := numberWords[e.lower(i)]; ok {
		e.replace("number", i, w)
		return
	}
	n, err := strconv.Atoi(strings.ReplaceAll(raw, ".", ""))
	if err != nil || raw[0] == '0' {
		return
	}
	kind, to := "number", []int{n + 3, 2*n + 1}
	switch {
	case e.lower(i-1) == "§":
		kind, to = "paragraph", []int{n + 4, n + 61}
	case n >= 1900 && n < 2100 && len(raw) == 4:
		kind, to = "year", []int{n - 7, n + 3}
	case e.lower(i+1) == "procent":
		kind, to = "percent", []int{n + 9, (n + 50) % 100}
	}
	for _, v := range to {
		if s := strconv.Itoa(v); !strings.Contains(e.text, s) {
			e.replace(kind, i, s)
		}
	}
}

// numberWords are small numbers with others.
var numberWords = map[string]string{"tre": "fem", "fire": "seks", "fem": "tre", "seks": "otte", "syv": "fire", "otte": "seks", "ti": "tolv", "halvdelen": "en tredjedel"}

// unit changes what is counted.
func (e *editor) unit(i int) {
	to, ok := unitWords[e.lower(i)]
	if !ok || i == 0 {
		return
	}
	prev := e.toks[i-1].Text
	if prev[0] >= '0' && prev[0] <= '9' && len(prev) != 4 || prev == "om" && strings.ContainsAny(e.text, "0123456789") {
		e.replace("unit", i, to)
	}
}

var unitWords = map[string]string{"procent": "personer", "mio": "mia", "timer": "dage", "måneden": "ugen", "ugen": "året", "kroner": "procent", "kr": "procent"}

// pairs changes a word for another of a fixed list: a modal verb, a quantifier, a direction.
func (e *editor) pairs(i int) {
	w := e.lower(i)
	for _, to := range modality[w] {
		if e.lower(i-1) != "at" && e.lower(i+1) != "ikke" {
			e.replace("modality", i, to)
		}
	}
	for _, to := range quantity[w] {
		if w == "få" && (slices.Contains(auxiliaries, e.lower(i-1)) || e.lower(i-1) == "og") || e.lower(i-1) == "ikke" || e.lower(i+1) == "gange" || w == "alle" && e.lower(i-1) == "at" {
			continue
		}
		if w == "flere" && (e.lower(i+1) == "end" || strings.Contains(e.text, " en eller flere")) {
			continue
		}
		e.replace("quantifier", i, to)
	}
	for _, to := range directions[w] {
		if !strings.Contains(strings.ToLower(e.text), to) && (w != "mere" || e.lower(i-1) != "og") {
			e.replace("direction", i, to)
		}
	}
}

// auxiliaries stand before an infinitive.
var auxiliaries = []string{"at", "kan", "kunne", "skal", "skulle", "vil", "ville", "må", "bør", "parter"}

var (
	modality = map[string][]string{"kan": {"skal", "bør"}, "bør": {"kan", "skal"}, "skal": {"kan", "bør"}}
	quantity = map[string][]string{"nogle": {"alle"}, "mange": {"alle", "få"}, "få": {"mange"}, "ofte": {"altid", "sjældent"}, "sjældent": {"ofte"}, "typisk": {"altid"},
		"alle": {"ingen"}, "fleste": {"færreste"}, "flere": {"alle"}, "altid": {"aldrig"}, "aldrig": {"altid"}, "sjældnere": {"oftere"}}
	directions = both(`flere færre|mere mindre|større mindre|højere lavere|højest lavest|stiger falder|steg faldt|stigning nedgang|styrke svække|styrker svækker|
fremme hæmme|fremmer hæmmer|bedre dårligere|øge mindske|øger mindsker|vokser falder|voksede faldt|høj lav|høje lave|størst mindst|største mindste|svært let|svær let|lettere sværere|
tidligt sent|flest færrest|fordele ulemper|længere kortere|stærke svage|store små|mest mindst|bredere snævrere|langsigtet kortsigtet|langsigtede kortsigtede|begrænset omfattende|
offentlige private|lokale nationale|direkte indirekte|gode dårlige|begynder slutter|før efter|oftere sjældnere`)
)

// both reads pairs that are put for each other.
func both(list string) map[string][]string {
	m := map[string][]string{}
	for pair := range strings.SplitSeq(strings.ReplaceAll(list, "\n", ""), "|") {
		a, b, _ := strings.Cut(pair, " ")
		m[a] = append(m[a], b)
		if !slices.Contains([]string{"dårligere", "omfattende", "let", "små", "sent", "efter", "falder", "faldt", "mindst", "lettere"}, b) {
			m[b] = append(m[b], a)
		}
	}
	return m
}

// finite are verbs behind which »ikke« negates the sentence when its subject stands before them.
var finite = strings.Fields("er kan bør skal har blev var viser bruger kræver bygger giver handler omfatter skelner peger gælder følger støtter får deler bidrager arbejder")

// openers begin sentences whose subject stands behind the verb.
var openers = strings.Fields("i på ved efter ifølge for når hvis før som fra blandt gennem med mellem uden derfor samtidig her der dog til også selv over under om hvor")

// negate sets »ikke« in behind the first finite verb.
func (e *editor) negate(i int) {
	if !slices.Contains(finite, e.lower(i)) || i == 0 || slices.Contains(openers, e.lower(0)) || strings.ContainsAny(e.text[:e.toks[i].Start], ",:") {
		return
	}
	for _, m := range e.out {
		if m.Kind == "negation" && m.To == "ikke" {
			return
		}
	}
	if next := e.lower(i + 1); next == "ikke" || next == "ingen" || next == "mindst" || next == "helt" || next == "altid" || next == "aldrig" || next == "sjældent" || next == "kun" || strings.TrimSpace(e.gap(i)) != "" {
		return
	}
	e.insert("negation", i, "ikke")
	e.insert("quantifier", i, "altid")
	if e.lower(i) == "er" || e.lower(i) == "kan" {
		e.insert("quantifier", i, "kun")
	}
}

// affirm takes a negation out.
func (e *editor) affirm(i int) {
	t := e.toks[i]
	switch e.lower(i) {
	case "ikke":
		if next := e.lower(i + 1); slices.Contains([]string{"kun", "blot", "bare", "alene", "nødvendigvis", "mindst", "altid", "alle"}, next) || i == 0 {
			return
		}
		if e.text[t.End-len(t.Text)-1] != ' ' || strings.HasPrefix(e.text[t.End:], "-") {
			return
		}
		e.out = append(e.out, Mutation{"negation", e.text[:t.Start-1] + e.text[t.End:], "ikke", ""})
	case "uden":
		if next := e.lower(i + 1); next != "for" && next != "om" && next != "at" {
			e.replace("negation", i, "med")
		}
	case "ingen":
		e.replace("negation", i, "en klar")
	case "mangler":
		e.replace("negation", i, "findes")
	case "undgå":
		e.replace("negation", i, "brug")
	}
}

// generalise makes a hedge disappear: »kan« before a plain infinitive is left to modality; »beskrives ofte som« becomes always.
func (e *editor) generalise(i int) {
	switch e.lower(i) {
	case "især":
		e.replace("quantifier", i, "udelukkende")
	case "primært":
		e.replace("quantifier", i, "udelukkende")
	case "normalt":
		e.replace("quantifier", i, "altid")
	}
}

// name puts another name for one that speaks: at the start of the sentence, after »ifølge«, or in the genitive.
func (e *editor) name(i int, passage string, others []string) {
	t := e.toks[i]
	r, _ := utf8.DecodeRuneInString(t.Text)
	if !unicode.IsUpper(r) || !slices.Contains(others, strings.TrimSuffix(t.Text, "s")) {
		return
	}
	done := 0
	for k := range others {
		o := others[(i*7+len(e.text)+k)%len(others)]
		if done < 1 && !strings.Contains(passage, o) {
			if strings.HasSuffix(t.Text, "s") && !slices.Contains(others, t.Text) {
				o += "s"
			}
			e.replace("actor", i, o)
			done++
		}
	}
}

// actor puts another actor for one.
func (e *editor) actor(i int, passage string) {
	for _, set := range actors {
		n := slices.Index(set, e.lower(i))
		if n < 0 {
			continue
		}
		for k := 1; k < len(set); k++ {
			o := set[(n+k)%len(set)]
			if !strings.Contains(strings.ToLower(e.text), o) && strings.Contains(strings.ToLower(passage), o+" ") {
				e.replace("actor", i, o)
				return
			}
		}
		for k := 1; k < len(set); k++ {
			if o := set[(n+k)%len(set)]; !strings.Contains(strings.ToLower(e.text), o) {
				e.replace("actor", i, o)
				return
			}
		}
	}
}

// actors are nouns that fit each other's places.
var actors = [][]string{
	{"kommunen", "foreningen", "regionen", "staten", "fonden", "virksomheden"},
	{"kommuner", "foreninger", "regioner", "virksomheder", "fonde", "borgere"},
	{"kommunerne", "foreningerne", "regionerne", "virksomhederne", "fondene", "borgerne"},
	{"ledelsen", "bestyrelsen", "evaluatoren", "medarbejderne"},
	{"ledere", "medarbejdere", "politikere", "pårørende"},
	{"kvinder", "mænd"}, {"unge", "ældre"},
}

// swap exchanges the two sides of »A frem for B«.
func (e *editor) swap() {
	for i := 1; i+1 < len(e.toks); i++ {
		if e.lower(i) != "for" || e.lower(i-1) != "frem" {
			continue
		}
		a, b := i-2, i+1
		if a < 1 || len(e.toks[a].Text) < 6 || len(e.toks[b].Text) < 6 || danish.StopWord(e.lower(a)) || danish.StopWord(e.lower(b)) {
			continue
		}
		x, y := e.toks[a], e.toks[b]
		e.out = append(e.out, Mutation{"actor", e.text[:x.Start] + y.Text + e.text[x.End:y.Start] + x.Text + e.text[y.End:], x.Text, y.Text})
	}
}
