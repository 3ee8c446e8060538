package written

import (
	"slices"
	"strings"

	"kildesvar/internal/answer"
	"kildesvar/internal/danish"
	"kildesvar/internal/index"
	"kildesvar/internal/privacy"
	"kildesvar/internal/prompt"
	"kildesvar/internal/question"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/sentence"
)

// state adds a claim with its sources, and the literature behind the sentences of the passages that it stands on.
func (g *Composer) state(a *answer.Answer, c claimed) {
	if c.quote {
		g.Quote(a, c.at.Passage, c.at.Sentence)
		return
	}
	on := make([]answer.Support, len(c.by))
	for i, n := range c.by {
		on[i] = answer.Support{Passage: n, Keys: g.behind(n, c.at)}
	}
	g.State(a, c.text, on)
}

// alsoBehind is the share of the best sentence's likeness from which another sentence's literature counts too.
const alsoBehind = 0.7

// behind are the literature keys of the sentences of a passage that are most like a claim.
func (g *Composer) behind(passage int, claim sentence.Candidate) []string {
	p := &g.ix.Passages[passage]
	likeness := make([]float64, len(p.Sentences))
	best := 0.0
	for i := range p.Sentences {
		likeness[i] = sentence.Likeness(claim, g.sentences.One(passage, i, 0))
		best = max(best, likeness[i])
	}
	keys := []string{}
	for i, s := range p.Sentences {
		if best == 0 || likeness[i] < alsoBehind*best {
			continue
		}
		for _, k := range g.Keys(p.Article, s.Keys) {
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	return keys
}

// wordsOf are a text's words in small letters.
func wordsOf(text string) []string {
	toks := danish.Tokens(text)
	out := make([]string, len(toks))
	for i, t := range toks {
		out[i] = strings.ToLower(t.Text)
	}
	return out
}

// common is how many words two texts have in common in order: the length of their longest common subsequence.
func common(a, b []string) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			up := row[j+1]
			if x == y {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(up, row[j])
			}
			diagonal = up
		}
	}
	return row[len(b)]
}

// recited is the share of a sentence's words that a line of the system prompt has, in order, from which it is taken from there.
const recited = 0.7

// recites reports whether a sentence stands in the system prompt, or nearly.
func recites(text string, rules [][]string) bool {
	words := wordsOf(text)
	return slices.ContainsFunc(rules, func(rule []string) bool {
		return len(rule) > 3 && float64(common(words, rule)) >= recited*float64(len(words))
	})
}

// discloses reports whether a sentence holds an address or personal data that its passages do not publish: a model can only have made it up.
func discloses(text string, passages []string, ix *index.Index) bool {
	for _, a := range address.FindAllString(text, -1) {
		if !slices.ContainsFunc(passages, func(p string) bool { return strings.Contains(p, a) }) {
			return true
		}
	}
	found := privacy.Find(text, privacy.Options{
		Keep: func(v string) bool {
			return slices.ContainsFunc(passages, func(p string) bool { return strings.Contains(p, v) })
		},
		Known: func(w string) bool { return ix.Words[strings.ToLower(w)] > 0 },
	})
	return len(found) > 0
}

// opaque is a passage's id in a prompt: it says nothing, so that a text cannot name another passage than its own. It is the same for the
// same passage of the same generation, so that equal questions make equal prompts.
func opaque(generation, passage string) string {
	k := keyOf(generation, passage)
	const digits = "0123456789abcdef"
	id := []byte("u")
	for _, b := range k[:3] {
		id = append(id, digits[b>>4], digits[b&15])
	}
	return string(id)
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
func promptOf(ix *index.Index, text string, r *retrieval.Result, quoted []answer.Source) (prompt.Data, []int) {
	d := prompt.Data{Most: answer.MaxClaims, Form: forms[r.Shape], Question: text, Before: r.Query.Before()}
	var numbers []int
	size := 0
	add := func(n int) {
		p := &ix.Passages[n]
		if len(numbers) == promptPassages || size+len(p.Text) > promptBytes && len(numbers) > 0 || slices.Contains(numbers, n) {
			return
		}
		art, _ := ix.Article(p.Article)
		numbers = append(numbers, n)
		size += len(p.Text)
		d.Passages = append(d.Passages, prompt.Passage{ID: opaque(ix.Manifest.ID(), p.ID), Article: art.Title, Section: p.Section, Text: p.Text})
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
		if r.Hits[i].Score >= sentence.CloseHit*r.Hits[0].Score {
			add(r.Hits[i].Number)
		}
	}
	return d, numbers
}
