// Package literature knows who wrote the literature of an index: it finds the works of the people and organisations that a question
// names, and the sentences that stand on them.
//
// It reads names and years off the formatted references, so it asks nothing more of an editor. It leaves choosing among the sentences to
// package sentence. Names are compared folded, with and without the s of the genitive.
package literature

import (
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kildesvar/internal/danish"
	"kildesvar/internal/index"
	"kildesvar/internal/query"
	"kildesvar/internal/retrieval"
)

// Work is an item of literature with the sentences that stand on it.
type Work struct {
	names  []string // folded family names of its authors, or the folded words of an organisation's name
	body   bool     // an organisation: all its words must be named
	year   string
	named  bool              // all that an organisation is named for, whatever the reference
	Places []retrieval.Place // the sentences
}

// Library is the literature of an index, by who wrote it. It is read-only and safe for concurrent use.
type Library struct {
	works []Work
	by    map[string][]int // works by each of their names
	at    map[string]int   // works by theme and key
}

// New reads the literature off the sentences that cite it.
func New(ix *index.Index) *Library {
	l := &Library{by: map[string][]int{}, at: map[string]int{}}
	for p := range ix.Passages {
		theme := path.Dir(ix.Passages[p].Article)
		for n, s := range ix.Passages[p].Sentences {
			for _, k := range s.Keys {
				ref, ok := ix.Reference(ix.Passages[p].Article, k)
				if !ok {
					continue
				}
				id := theme + "/" + k
				i, known := l.at[id]
				if !known {
					i = len(l.works)
					l.at[id] = i
					l.works = append(l.works, newWork(ref))
					for _, name := range l.works[i].names {
						l.by[name] = append(l.by[name], i)
					}
				}
				l.works[i].Places = append(l.works[i].Places, retrieval.Place{Passage: p, Sentence: n})
			}
			if len(s.Keys) > 0 {
				l.bodies(ix.Passages[p].SentenceText(n), retrieval.Place{Passage: p, Sentence: n})
			}
		}
	}
	return l
}

// bodies counts a sentence with literature among what the organisations have said or found that it names by their initials: »ifølge VIVE …«.
func (l *Library) bodies(sentence string, at retrieval.Place) {
	for _, t := range danish.Tokens(sentence) {
		if !acronym(t.Text) {
			continue
		}
		name := danish.Fold(t.Text)
		i := slices.IndexFunc(l.by[name], func(i int) bool { return l.works[i].named })
		if i < 0 {
			l.by[name] = append(l.by[name], len(l.works))
			l.works = append(l.works, Work{names: []string{name}, body: true, named: true, Places: []retrieval.Place{at}})
			continue
		}
		if w := &l.works[l.by[name][i]]; w.Places[len(w.Places)-1] != at {
			w.Places = append(w.Places, at)
		}
	}
}

// acronym reports whether a token is written in capitals.
func acronym(t string) bool {
	return len(t) > 1 && !strings.ContainsFunc(t, func(r rune) bool { return !unicode.IsUpper(r) })
}

// newWork reads who wrote an item, and when, off its reference: »Ibsen, B., & Espersen, H. H. (2016). …«.
func newWork(reference string) Work {
	var w Work
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
			if i+1 < len(parts) && initials(parts[i+1]) && !strings.Contains(part, " og ") { // »…, Sundhed og Civilsamfund« is no family
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

// Named returns the works by the persons and organisations that a question names, and its words without those names. A year in the
// question leaves the works of that year, if there are any.
func (l *Library) Named(words []query.Word) (works []*Work, rest []query.Word) {
	have := map[string]bool{}
	for _, w := range words {
		for _, text := range []string{w.Text, w.Corrected} {
			f := danish.Fold(text)
			have[f] = true
			have[strings.TrimSuffix(f, "s")] = true
		}
	}
	var found []int
	used := map[string]bool{}
	for name := range have {
		for _, i := range l.by[name] {
			w := &l.works[i]
			if slices.Contains(found, i) || w.body && slices.ContainsFunc(w.names, func(n string) bool { return !have[n] }) {
				continue
			}
			found = append(found, i)
			for _, n := range w.names {
				used[n] = true
			}
		}
	}
	slices.Sort(found)
	var ofYear []int
	for _, i := range found {
		if have[l.works[i].year] {
			ofYear = append(ofYear, i)
			used[l.works[i].year] = true
		}
	}
	if len(ofYear) > 0 {
		found = ofYear
	}
	for _, i := range found {
		works = append(works, &l.works[i])
	}
	isUsed := func(w query.Word) bool {
		f, c := danish.Fold(w.Text), danish.Fold(w.Corrected)
		return used[f] || used[strings.TrimSuffix(f, "s")] || c != "" && used[c]
	}
	for i, w := range words {
		given := (w.Name || !w.Known) && slices.ContainsFunc(words[i+1:min(i+1+maxGiven, len(words))], isUsed) // »Lars Skov Henriksen«
		if !isUsed(w) && !given && !asking[danish.Fold(w.Text)] && !w.Common {
			rest = append(rest, w)
		}
	}
	return works, rest
}

// maxGiven is how many given and middle names may stand before a family name.
const maxGiven = 2

// Person reports whether a word is the family name of a person who wrote something.
func (l *Library) Person(w query.Word) bool {
	return slices.ContainsFunc(l.by[danish.Fold(w.Text)], func(i int) bool { return !l.works[i].body })
}

// Behind reports whether a sentence of an article (by id) names a person or organisation behind one of the keys that it cites.
func (l *Library) Behind(article string, keys []string, sentence string) bool {
	theme := path.Dir(article)
	return slices.ContainsFunc(keys, func(k string) bool {
		i, ok := l.at[theme+"/"+k]
		return ok && l.works[i].NamedIn(sentence)
	})
}

// Proper reports whether a question that has a work's names is likely to mean them: an organisation of one word, not in capitals, may be
// the word itself, such as »civilsamfund«.
func (w *Work) Proper() bool { return !w.body || w.named || len(w.names) > 1 }

// NamedIn reports whether a sentence has one of the names.
func (w *Work) NamedIn(sentence string) bool {
	for _, t := range danish.Tokens(sentence) {
		f := danish.Fold(t.Text)
		if slices.Contains(w.names, f) || slices.Contains(w.names, strings.TrimSuffix(f, "s")) {
			return true
		}
	}
	return false
}

// Asks reports whether a folded word asks for literature and is no subject of its own.
func Asks(folded string) bool { return asking[folded] }

// asking are the words of Asks.
var asking = map[string]bool{"skrevet": true, "skriver": true, "skrev": true, "litteratur": true, "litteraturen": true, "kilde": true, "kilder": true, "kilden": true,
	"kilderne": true, "reference": true, "referencer": true, "henvisning": true, "henvisninger": true, "forskning": true, "forsker": true, "forskere": true, "forskeren": true,
	"undersoegelse": true, "undersoegelser": true, "rapport": true, "rapporten": true, "rapporter": true, "bog": true, "boeger": true, "artikel": true, "artikler": true, "siger": true,
	"sagt": true, "mener": true, "ifoelge": true, "fundet": true, "staar": true, "laese": true, "studie": true, "studier": true, "forfatter": true, "forfattere": true, "tekst": true, "tekster": true, "professor": true,
	"navn": true, "navnet": true, "hedder": true}
