package answer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"text/template"

	"kildesvar/internal/index"
	"kildesvar/internal/question"
	"kildesvar/internal/retrieval"
)

// Prompts are the parsed templates of language-model prompts. They are immutable.
type Prompts struct {
	templates *template.Template
	version   string
}

// answerTemplate is the file with the parts system, user and repair.
const answerTemplate = "svar.tmpl"

// ParsePrompts reads the templates. It fails when one is missing, does not parse, or cannot be filled in.
func ParsePrompts(fsys fs.FS) (*Prompts, error) {
	data, err := fs.ReadFile(fsys, answerTemplate)
	if err != nil {
		return nil, fmt.Errorf("read prompt: %w", err)
	}
	t, err := template.New(answerTemplate).Funcs(template.FuncMap{"json": asJSON}).Option("missingkey=error").Parse(string(data))
	if err != nil {
		return nil, fmt.Errorf("parse prompt: %w", err)
	}
	sum := sha256.Sum256(data)
	p := &Prompts{templates: t, version: hex.EncodeToString(sum[:6])}
	for _, part := range []string{"system", "user", "repair"} {
		if _, err := p.render(part, promptData{Question: "?", Passages: []promptPassage{{ID: "a"}}, Rejected: []string{"?"}}); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Version is a hash of the templates' text: 12 hex digits.
func (p *Prompts) Version() string { return p.version }

// promptData fills in the templates.
type promptData struct {
	Most     int
	Example  string // the id of a passage
	Form     string // what the shape asks for; may be empty
	Before   []string
	Question string
	Passages []promptPassage
	Rejected []string
}

// promptPassage is a passage as the model sees it.
type promptPassage struct {
	ID      string `json:"id"`
	Article string `json:"artikel"`
	Section string `json:"afsnit"`
	Text    string `json:"tekst"`
}

func (p *Prompts) render(part string, d promptData) (string, error) {
	var b strings.Builder
	if err := p.templates.ExecuteTemplate(&b, part, d); err != nil {
		return "", fmt.Errorf("fill in prompt %s: %w", part, err)
	}
	return b.String(), nil
}

// asJSON is data as one line of JSON in which nothing looks like markup: data never ends its own field.
func asJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// opaque is a passage's id in a prompt: it says nothing, so that a text cannot name another passage than its own. It is the same for the
// same passage of the same generation, so that equal questions make equal prompts.
func opaque(generation, passage string) string {
	sum := sha256.Sum256([]byte(generation + "\n" + passage))
	return "u" + hex.EncodeToString(sum[:3])
}

// forms tell the model what an answer of the shape is made of.
var forms = map[question.Shape]string{
	question.ShapeDefinition: "Der spørges, hvad noget betyder: Sig først, hvad det er, og hvem der siger det; derefter hvad der skiller det fra andet.",
	question.ShapeComparison: "Der spørges om forskellen på to ting: Sig, hvad den ene er, hvad den anden er, og derefter hvad der skiller dem.",
	question.ShapeFigures:    "Der spørges om tal: Skriv tallet med årstal, hvem det gælder, og hvilken undersøgelse det kommer fra. Står der flere tal, så nævn dem ved siden af hinanden.",
	question.ShapeHow:        "Der spørges, hvordan noget gøres, eller hvad man skal passe på: Skriv trinene eller rådene i uddragenes rækkefølge.",
	question.ShapeLaw:        "Der spørges, hvad loven siger: Nævn paragraffen og loven, og skriv kun, hvad uddraget siger om den.",
	question.ShapeWho:        "Der spørges, hvem: Nævn navnet først, og hvad vedkommende gør.",
	question.ShapeExamples:   "Der spørges efter eksempler: Nævn dem ved navn, et i hver sætning.",
}

// promptPassages is how many passages a model is given, promptBytes how much text at most.
const (
	promptPassages = 5
	promptBytes    = 9_000
)

// promptOf fills in what a model needs for a question: the passages that the quoted answer stands on first, then the next hits.
func promptOf(ix *index.Index, text string, r *retrieval.Result, quoted []Source) (promptData, []int) {
	d := promptData{Most: MaxClaims, Form: forms[r.Shape], Question: text, Before: r.Query.Before()}
	var numbers []int
	size := 0
	add := func(n int) {
		p := &ix.Passages[n]
		if len(numbers) == promptPassages || size+len(p.Text) > promptBytes && len(numbers) > 0 {
			return
		}
		for _, have := range numbers {
			if have == n {
				return
			}
		}
		art, _ := ix.Article(p.Article)
		numbers = append(numbers, n)
		size += len(p.Text)
		d.Passages = append(d.Passages, promptPassage{opaque(ix.Manifest.ID(), p.ID), art.Title, p.Section, p.Text})
	}
	for _, s := range quoted {
		art, _ := ix.Article(s.Article)
		for n := art.First; n < art.Last; n++ {
			if ix.Passages[n].ID == s.Passage {
				add(n)
			}
		}
	}
	for i := range r.Hits {
		if r.Hits[i].Score >= closeHit*r.Hits[0].Score {
			add(r.Hits[i].Number)
		}
	}
	if len(d.Passages) > 0 {
		d.Example = d.Passages[0].ID
	}
	return d, numbers
}
