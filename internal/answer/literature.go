package answer

import (
	"path"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"kildesvar/internal/danish"
	"kildesvar/internal/index"
	"kildesvar/internal/retrieval"
)

// work is an item of literature with the sentences that stand on it.
type work struct {
	names  []string // folded family names of its authors, or the folded words of an organisation's name
	body   bool     // an organisation: all its words must be named
	year   string
	places []retrieval.Place
}

// library is the literature of an index, by who wrote it.
type library struct {
	works []work
	by    map[string][]int // works by each of their names
}

// newLibrary reads the literature off the sentences that cite it.
func newLibrary(ix *index.Index) *library {
	l := &library{by: map[string][]int{}}
	at := map[string]int{}
	for p := range ix.Passages {
		theme := path.Dir(ix.Passages[p].Article)
		for n, s := range ix.Passages[p].Sentences {
			for _, k := range s.Keys {
				ref, ok := ix.Reference(ix.Passages[p].Article, k)
				if !ok {
					continue
				}
				id := theme + "/" + k
				i, known := at[id]
				if !known {
					i = len(l.works)
					at[id] = i
					l.works = append(l.works, newWork(ref))
					for _, name := range l.works[i].names {
						l.by[name] = append(l.by[name], i)
					}
				}
				l.works[i].places = append(l.works[i].places, retrieval.Place{Passage: p, Sentence: n})
			}
		}
	}
	return l
}

// newWork reads who wrote an item, and when, off its reference: »Ibsen, B., & Espersen, H. H. (2016). …«.
func newWork(reference string) work {
	var w work
	authors, rest, _ := strings.Cut(reference, " (")
	if year, _, ok := strings.Cut(rest, ")"); ok {
		w.year = strings.TrimRight(year, "abcdefghijklmnopqrstuvwxyz")
	}
	var persons, all []string
	parts := strings.Split(authors, ",")
	for i, part := range parts {
		part = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(part), "&"))
		if initials(part) {
			continue
		}
		for _, t := range danish.Tokens(part) {
			name := danish.Fold(t.Text)
			if utf8.RuneCountInString(name) < 3 || danish.StopWord(strings.ToLower(t.Text)) {
				continue
			}
			all = append(all, name)
			if i+1 < len(parts) && initials(parts[i+1]) {
				persons = append(persons, name)
			}
		}
	}
	w.names, w.body = persons, len(persons) == 0
	if w.body {
		w.names = all
	}
	return w
}

// initials reports whether a part of an author list is given names alone: »H. H.«.
func initials(s string) bool {
	s, _, _ = strings.Cut(strings.TrimSpace(s), " &") // »B., & …«
	return strings.HasSuffix(s, ".") && !strings.ContainsFunc(strings.ReplaceAll(s, ".", ""), unicode.IsLower)
}

// named returns the works by the persons and organisations that a question names, and its words without those names. A year in the
// question leaves the works of that year, if there are any.
func (l *library) named(words []retrieval.Word) (works []int, rest []retrieval.Word) {
	have := map[string]bool{}
	for _, w := range words {
		for _, text := range []string{w.Text, w.Corrected} {
			f := danish.Fold(text)
			have[f] = true
			have[strings.TrimSuffix(f, "s")] = true
		}
	}
	used := map[string]bool{}
	for name := range have {
		for _, i := range l.by[name] {
			w := &l.works[i]
			if slices.Contains(works, i) || w.body && slices.ContainsFunc(w.names, func(n string) bool { return !have[n] }) {
				continue
			}
			works = append(works, i)
			for _, n := range w.names {
				used[n] = true
			}
		}
	}
	slices.Sort(works)
	var ofYear []int
	for _, i := range works {
		if have[l.works[i].year] {
			ofYear = append(ofYear, i)
			used[l.works[i].year] = true
		}
	}
	if len(ofYear) > 0 {
		works = ofYear
	}
	for _, w := range words {
		f := danish.Fold(w.Text)
		c := danish.Fold(w.Corrected)
		if !used[f] && !used[strings.TrimSuffix(f, "s")] && (c == "" || !used[c]) && !literatureWords[f] && !w.Common {
			rest = append(rest, w)
		}
	}
	return works, rest
}

// person reports whether a word is the family name of a person who wrote something.
func (l *library) person(w retrieval.Word) bool {
	return slices.ContainsFunc(l.by[danish.Fold(w.Text)], func(i int) bool { return !l.works[i].body })
}

// literatureWords ask for literature and are no subject of their own.
var literatureWords = map[string]bool{"skrevet": true, "skriver": true, "skrev": true, "litteratur": true, "litteraturen": true, "kilde": true, "kilder": true, "kilden": true,
	"kilderne": true, "reference": true, "referencer": true, "henvisning": true, "henvisninger": true, "forskning": true, "forsker": true, "forskere": true, "forskeren": true,
	"undersoegelse": true, "undersoegelser": true, "rapport": true, "rapporten": true, "rapporter": true, "bog": true, "boeger": true, "artikel": true, "artikler": true, "siger": true,
	"sagt": true, "mener": true, "ifoelge": true, "fundet": true, "staar": true, "laese": true, "studie": true, "studier": true, "forfatter": true, "forfattere": true, "tekst": true, "tekster": true, "professor": true,
	"navn": true, "navnet": true, "hedder": true}

// covers is how much of what a question asks besides the name a sentence by that author must meet to be an answer.
const covers = 0.3

// written answers »hvad har X skrevet om Y«: the sentences that stand on works by somebody the question names, those nearest to
// its other words first. It returns nothing when nobody is named, or when their sentences say nothing of the other words.
func (c chooser) written(l *library, r *retrieval.Result) []candidate {
	works, rest := l.named(r.Query.Words)
	if len(works) == 0 {
		return nil
	}
	words, weights := make([]string, len(rest)), make([]float32, len(rest))
	for i, w := range rest {
		words[i], weights[i] = w.Text, w.Weight
		if w.Corrected != "" {
			words[i] = w.Corrected
		}
	}
	want := c.ix.Analyser().Words(words, weights)
	score := map[int]float64{}
	for i := range r.Hits {
		score[r.Hits[i].Number] = r.Hits[i].Score / r.Hits[0].Score
	}
	var all []candidate
	for _, i := range works {
		for _, p := range l.works[i].places {
			text := c.ix.Passages[p.Passage].SentenceText(p.Sentence)
			s := c.one(p.Passage, p.Sentence, p.Passage)
			t := c.ix.Analyser().Text(text)
			if len(rest) > 0 {
				s.value = max(met(c.ix.Body.Stems, want.Stems, t.Stems), met(c.ix.Body.Grams, want.Grams, t.Grams))
			}
			s.suits = s.value >= covers || len(rest) == 0
			s.value += 0.5 * score[p.Passage]
			if names(text, l.works[i].names) {
				s.value += 0.2
			}
			all = append(all, s)
		}
	}
	if !slices.ContainsFunc(all, func(s candidate) bool { return s.suits }) {
		return nil
	}
	sort.SliceStable(all, func(a, b int) bool { return all[a].value > all[b].value })
	return c.inSections(c.pick(nil, all, MaxClaims))
}

// inSections keeps the sentences of one passage together, in its order; the passage of the best sentence comes first.
func (c chooser) inSections(picked []candidate) []candidate {
	place := map[int]int{}
	for i, s := range picked {
		if _, ok := place[s.passage]; !ok {
			place[s.passage] = i
		}
	}
	for i := range picked {
		picked[i].order = place[picked[i].passage]
	}
	inReadingOrder(picked)
	return picked
}

// names reports whether a sentence has one of the folded names.
func names(sentence string, folded []string) bool {
	for _, t := range danish.Tokens(sentence) {
		f := danish.Fold(t.Text)
		if slices.Contains(folded, f) || slices.Contains(folded, strings.TrimSuffix(f, "s")) {
			return true
		}
	}
	return false
}

// sourced puts first, one after the other, the sentences that stand on literature not shown yet: what »litteratur om X« asks for.
func (c chooser) sourced(q *retrieval.Query, hits []retrieval.Hit) []candidate {
	var all []candidate
	for h := range hits[:min(sourcedPassages, len(hits))] {
		if hits[h].Score >= closeHit*hits[0].Score {
			all = append(all, c.rate(q, hits, h)...)
		}
	}
	sort.SliceStable(all, func(a, b int) bool { return all[a].value > all[b].value })
	shown := map[string]bool{}
	var fresh []candidate
	for _, s := range all {
		isNew := false
		for _, k := range c.keysOf(s) {
			isNew = isNew || !shown[k]
			shown[k] = true
		}
		if isNew {
			fresh = append(fresh, s)
		}
	}
	return c.inSections(c.pick(nil, fresh, MaxClaims))
}

// sourcedPassages is how many hits literature is taken from.
const sourcedPassages = 5
