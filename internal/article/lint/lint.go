// Package lint checks what an editor wrote: articles, literature, concepts and gold questions, against each other and against what makes
// text easy to find, to quote and to read.
//
// What keeps a corpus from being used at all is found when it is read (package article) and is reported here with the rest. Faults are
// Problems (file, line, rule, message in Danish), all at once; none is mended. Each rule has a case in testdata.
package lint

import (
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"kildesvar/internal/article"
	"kildesvar/internal/danish"
)

// What the linter asks for.
const (
	maxSentenceWords = 40 // longer sentences are hard to read aloud and to quote
	minQuestions     = 8  // entry questions a section
	maxQuestionRunes = 200
	maxShared        = 20 // entry questions an article has in common with others; the built-in articles have 7 in all
)

// strayCitation finds what looks like a citation and was not read as one.
var strayCitation = regexp.MustCompile(`(?:^|[^\p{L}\p{N}_.])@[\p{L}\p{N}_{][\p{L}\p{N}_:.\-{}]*`)

// statuses are the values of a gold question's status, that of an answer first.
var statuses = []string{"answered", "not_covered", "personal_case", "needs_clarification"}

// audiences are the values of a gold question's audience.
var audiences = []string{"sagsbehandler", "frivilligkoordinator", "nyansat"}

// Check lints a corpus and returns every problem, in order of file and line.
func Check(fsys fs.FS) []article.Problem {
	c, problems := article.Read(fsys)
	l := &linter{fsys: fsys, problems: problems}
	known := map[string]*article.Article{}
	for _, t := range c.Themes {
		for _, a := range t.Articles {
			known[a.ID] = a
		}
	}
	goldIDs := map[string]string{}
	l.checkStuffed(c)
	for _, t := range c.Themes {
		for _, a := range t.Articles {
			l.checkArticle(a)
		}
		l.checkLinks(t, known)
		used := l.checkConcepts(t)
		l.checkUnused(t, used)
		l.checkGold(t, known, goldIDs)
	}
	slices.SortStableFunc(l.problems, article.Problem.Compare)
	return slices.Compact(l.problems)
}

// linter collects what is wrong.
type linter struct {
	fsys     fs.FS
	problems []article.Problem
}

func (l *linter) warn(file string, line int, rule, message string) {
	l.problems = append(l.problems, article.Warning(file, line, rule, message))
}

// checkStuffed reports articles with so many entry questions, or so many of other articles', that they would be found whatever is asked.
// Entry questions weigh more than text, since an editor vouches for them; words and sentences by the hundred do not help an article.
func (l *linter) checkStuffed(c *article.Corpus) {
	holders := map[string][]string{} // folded question → the articles that have it
	for _, t := range c.Themes {
		for _, a := range t.Articles {
			for _, s := range a.Sections {
				if n := len(s.Questions); n > article.MaxQuestions {
					l.warn(a.Path, s.Line, "stuffed", fmt.Sprintf("afsnittet »%s« har %d indgangsspørgsmål – behold højst %d, som teksten virkelig svarer på", s.Heading, n, article.MaxQuestions))
				}
				for _, q := range s.Questions {
					if k := danish.Fold(q); !slices.Contains(holders[k], a.ID) {
						holders[k] = append(holders[k], a.ID)
					}
				}
			}
		}
	}
	for _, t := range c.Themes {
		for _, a := range t.Articles {
			shared, with := 0, ""
			for _, s := range a.Sections {
				for _, q := range s.Questions {
					if h := holders[danish.Fold(q)]; len(h) > 1 {
						shared++
						with = h[0]
						if with == a.ID {
							with = h[1]
						}
					}
				}
			}
			if shared > maxShared {
				l.warn(a.Path, 1, "stuffed", fmt.Sprintf("%d af artiklens indgangsspørgsmål står også i andre artikler, fx »%s« – behold dem kun, hvor svaret står", shared, with))
			}
		}
	}
}

func (l *linter) checkArticle(a *article.Article) {
	if a.Summary == "" {
		l.warn(a.Path, 1, "missing-field", "»summary« mangler – skriv en eller to sætninger om, hvad artiklen handler om")
	}
	if a.URL == "" {
		l.warn(a.Path, 1, "missing-field", "»url« mangler – skriv adressen på den offentlige side, artiklen svarer til")
	}
	if a.Updated == "" {
		l.warn(a.Path, 1, "missing-field", "»updated« mangler – skriv datoen, hvor teksten sidst blev ændret")
	}
	if len(a.Sections) == 0 {
		l.warn(a.Path, 0, "empty", "artiklen har ingen tekst – skriv et afsnit under en overskrift med ##")
	}
	answered := map[string]bool{}
	for _, s := range a.Sections {
		l.checkSection(a, s)
		for _, q := range s.Questions {
			answered[danish.Fold(q)] = true
		}
	}
	for _, q := range a.Unanswered {
		if answered[danish.Fold(q.Text)] {
			l.warn(a.Path, q.Line, "unanswered", fmt.Sprintf("spørgsmålet »%s« står både under »svarer på« og »svarer ikke på« – slet det ene sted", q.Text))
		}
		if utf8.RuneCountInString(q.Text) > maxQuestionRunes {
			l.warn(a.Path, q.Line, "unanswered", "et spørgsmål under »svarer ikke på« er for langt – skriv det, som et menneske ville spørge")
		}
	}
}

func (l *linter) checkSection(a *article.Article, s article.Section) {
	if s.Heading == "" {
		l.warn(a.Path, s.Line, "heading", "teksten står før den første overskrift – giv den en overskrift med ##")
	}
	if len(s.Paragraphs) > 0 && len(s.Questions) < minQuestions {
		l.warn(a.Path, s.Line, "questions", fmt.Sprintf("afsnittet »%s« har %d indgangsspørgsmål – skriv mindst %d under »svarer på«", s.Heading, len(s.Questions), minQuestions))
	}
	if len(s.Paragraphs) == 0 && len(s.Questions) > 0 {
		l.warn(a.Path, s.Line, "questions", fmt.Sprintf("afsnittet »%s« har spørgsmål, men ingen tekst, der svarer på dem – skriv teksten, eller flyt spørgsmålene", s.Heading))
	}
	seen := map[string]bool{}
	for _, q := range s.Questions {
		if folded := danish.Fold(q); seen[folded] {
			l.warn(a.Path, s.Line, "questions", fmt.Sprintf("spørgsmålet »%s« står to gange i afsnittet – slet det ene", q))
		} else {
			seen[folded] = true
		}
		if utf8.RuneCountInString(q) > maxQuestionRunes {
			l.warn(a.Path, s.Line, "questions", "et indgangsspørgsmål er for langt – skriv det, som et menneske ville spørge")
		}
	}
	if strayCitation.MatchString(s.Heading) {
		l.warn(a.Path, s.Line, "citation", fmt.Sprintf("overskriften »%s« har en kildehenvisning – sæt den efter påstanden i teksten", s.Heading))
	}
	for _, p := range s.Paragraphs {
		if stray := strayCitation.FindString(p.Text); stray != "" {
			l.warn(a.Path, p.Line, "citation", fmt.Sprintf("»%s« ligner en kildehenvisning, men bliver til tekst – skriv den som [@nøgle]", strings.TrimSpace(stray)))
		}
		cited := false
		for _, sent := range p.Sentences {
			cited = cited || sent.Cited
			text := p.Text[sent.Start:sent.End]
			if n := len(strings.Fields(text)); n > maxSentenceWords {
				l.warn(a.Path, p.Line, "long-sentence", fmt.Sprintf("sætningen »%s …« har %d ord – del den, så den har højst %d", start(text), n, maxSentenceWords))
			}
		}
		if !cited {
			l.warn(a.Path, p.Line, "uncited", fmt.Sprintf("afsnittet »%s …« har ingen kilde – sæt [@nøgle] efter påstanden", start(p.Text)))
		}
	}
}

// start is the first words of a text, for messages.
func start(text string) string {
	words := strings.Fields(text)
	return strings.Join(words[:min(6, len(words))], " ")
}

// checkLinks reports links to articles or sections that do not exist.
func (l *linter) checkLinks(t *article.Theme, known map[string]*article.Article) {
	for _, a := range t.Articles {
		for _, link := range a.Links {
			u, err := url.Parse(link.Target)
			if err != nil {
				l.warn(a.Path, link.Line, "dead-link", fmt.Sprintf("linket »%s« kan ikke læses – skriv det som slug.md, slug.md#afsnit eller https://…", link.Target))
				continue
			}
			if u.Scheme != "" || u.Host != "" {
				continue // outside pages are not visited
			}
			target := a
			if u.Path != "" {
				target = known[path.Join(path.Dir(a.ID), strings.TrimSuffix(u.Path, ".md"))]
			}
			if target == nil {
				l.warn(a.Path, link.Line, "dead-link", fmt.Sprintf("linket »%s« peger på en artikel, der ikke findes – ret det til en fil i temamappen", link.Target))
				continue
			}
			if u.Fragment != "" && !slices.ContainsFunc(target.Sections, func(s article.Section) bool { return s.Slug == u.Fragment }) {
				l.warn(a.Path, link.Line, "dead-anchor", fmt.Sprintf("linket »%s« peger på et afsnit, der ikke findes – ret det, der står efter #", link.Target))
			}
		}
	}
}

// checkConcepts lints the concepts and returns the literature they use.
func (l *linter) checkConcepts(t *article.Theme) map[string]bool {
	file := path.Join(t.ID, article.ConceptsFile)
	used, terms := map[string]bool{}, map[string]int{}
	stands := sentences(t)
	for _, c := range t.Concepts {
		if first, ok := terms[danish.Fold(c.Term)]; ok {
			l.warn(file, c.Line, "duplicate-id", fmt.Sprintf("begrebet »%s« står også i linje %d – saml dem", c.Term, first))
		}
		terms[danish.Fold(c.Term)] = c.Line
		if len(c.Synonyms)+len(c.Everyday) == 0 {
			l.warn(file, c.Line, "missing-field", fmt.Sprintf("begrebet »%s« har hverken »synonyms« eller »everyday« – skriv de andre ord, folk bruger", c.Term))
		}
		if c.Definition != "" && len(c.Keys) == 0 {
			l.warn(file, c.Line, "uncited", fmt.Sprintf("definitionen af »%s« har ingen kilde – sæt [@nøgle] før punktummet", c.Term))
		}
		l.checkDefinition(file, c, stands)
		for _, k := range c.Keys {
			used[k] = true
		}
	}
	return used
}

// checkDefinition reports a definition that answers cannot quote: it must be one sentence of one of the theme's articles, word
// for word, with the same literature behind it.
func (l *linter) checkDefinition(file string, c article.Concept, stands map[string][]article.Sentence) {
	if c.Definition == "" {
		return
	}
	if len(danish.Sentences(c.Definition)) > 1 {
		l.warn(file, c.Line, "definition", fmt.Sprintf("definitionen af »%s« er mere end én sætning – behold den ene", c.Term))
		return
	}
	found := stands[oneSpaced(c.Definition)]
	if len(found) == 0 {
		l.warn(file, c.Line, "definition", fmt.Sprintf("definitionen af »%s« står ikke ordret som en hel sætning i en af temaets artikler – kopiér sætningen derfra, eller skriv den ind", c.Term))
		return
	}
	for _, k := range c.Keys {
		if !slices.ContainsFunc(found, func(s article.Sentence) bool { return slices.Contains(s.Keys, k) }) {
			l.warn(file, c.Line, "definition", fmt.Sprintf("definitionen af »%s« har kilden [@%s], men det har sætningen i artiklen ikke – brug den samme kilde begge steder", c.Term, k))
		}
	}
}

// sentences are the theme's sentences by their text with white space folded.
func sentences(t *article.Theme) map[string][]article.Sentence {
	out := map[string][]article.Sentence{}
	for _, a := range t.Articles {
		for _, s := range a.Sections {
			for _, p := range s.Paragraphs {
				for _, sent := range p.Sentences {
					text := oneSpaced(p.Text[sent.Start:sent.End])
					out[text] = append(out[text], sent)
				}
			}
		}
	}
	return out
}

// oneSpaced folds runs of white space.
func oneSpaced(s string) string { return strings.Join(strings.Fields(s), " ") }

// checkUnused reports literature that nothing cites.
func (l *linter) checkUnused(t *article.Theme, used map[string]bool) {
	for _, a := range t.Articles {
		for _, s := range a.Sections {
			for _, p := range s.Paragraphs {
				for _, sent := range p.Sentences {
					for _, k := range sent.Keys {
						used[k] = true
					}
				}
			}
		}
	}
	for _, it := range t.Items {
		if !used[it.ID] {
			l.warn(path.Join(t.ID, article.LiteratureFile), it.Line, "unused-key", fmt.Sprintf("kilden »%s« bruges ikke – citér den i en artikel, eller slet den", it.ID))
		}
	}
}

// checkGold lints the theme's gold questions. ids remembers where each id was first seen.
func (l *linter) checkGold(t *article.Theme, known map[string]*article.Article, ids map[string]string) {
	file := path.Join(t.ID, article.GoldFile)
	golds, problems := article.ReadGold(l.fsys, t.ID)
	l.problems = append(l.problems, problems...)
	literature := map[string]bool{}
	for _, it := range t.Items {
		literature[it.ID] = true
	}
	for _, g := range golds {
		bad := func(rule, format string, args ...any) {
			l.warn(file, g.Line, rule, fmt.Sprintf("%s: "+format, append([]any{g.ID}, args...)...))
		}
		if first, ok := ids[g.ID]; ok {
			bad("duplicate-id", "id'et bruges også i %s – giv det ene spørgsmål et andet id", first)
		}
		ids[g.ID] = fmt.Sprintf("%s:%d", file, g.Line)
		checkForm(&g, bad)
		checkAnswer(&g, bad, known, literature)
	}
}

// fault reports a problem of one gold question.
type fault func(rule, format string, args ...any)

// checkForm lints what a gold question says of itself.
func checkForm(g *article.Gold, bad fault) {
	if !slices.Contains(audiences, g.Audience) {
		bad("audience", "»audience« skal være en af %s", strings.Join(audiences, ", "))
	}
	if g.Split != "train" && g.Split != "test" {
		bad("split", "»split« skal være train eller test")
	}
	if g.Status != "" && !slices.Contains(statuses, g.Status) {
		bad("status", "»status« skal være en af %s", strings.Join(statuses, ", "))
	} else if g.Status != "" && g.Answerable != (g.Status == statuses[0]) {
		bad("status", "»status« %s passer ikke til answerable: %t – ret det ene", g.Status, g.Answerable)
	}
	if g.Answerable && len(g.Articles) == 0 {
		bad("missing-field", "et spørgsmål, der kan besvares, skal have »articles«")
	}
	if !g.Answerable && len(g.Articles)+len(g.Literature)+len(g.Facts) > 0 {
		bad("unanswerable", "et spørgsmål, der ikke kan besvares, må ikke have articles, literature eller facts – slet dem, eller skriv answerable: true")
	}
	for _, turn := range g.History {
		if turn.Role != "user" && turn.Role != "assistant" {
			bad("history", "»role« skal være user eller assistant")
		}
	}
}

// checkAnswer lints what a gold question says of its answer against the theme's articles and literature.
func checkAnswer(g *article.Gold, bad fault, known map[string]*article.Article, literature map[string]bool) {
	var text strings.Builder
	for _, id := range g.Articles {
		if known[id] == nil {
			bad("unknown-id", "artiklen »%s« findes ikke – skriv et id som civilsamfund/samskabelse", id)
			continue
		}
		text.WriteString(textOf(known[id]))
	}
	for _, k := range g.Literature {
		if !literature[k] {
			bad("unknown-key", "kilden »%s« findes ikke i litteratur.json – ret nøglen, eller føj kilden til", k)
		}
	}
	for _, f := range g.Facts {
		if text.Len() > 0 && !article.Holds(text.String(), f) {
			bad("fact", "»%s« står ikke i nogen af artiklerne – skriv det, som der står, eller føj artiklen til", f)
		}
	}
}

// textOf is all of an article's plain text.
func textOf(a *article.Article) string {
	var b strings.Builder
	for _, s := range a.Sections {
		for _, p := range s.Paragraphs {
			b.WriteString(p.Text + "\n")
		}
	}
	return b.String()
}
