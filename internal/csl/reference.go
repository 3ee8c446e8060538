package csl

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// noDate stands for the year of an item that has none.
const noDate = "u.å."

// maxNames is how many authors APA 7 lists before it leaves some out (section 9.8).
const maxNames = 20

// Reference formats the item as one line of plain text in Danish APA style, such as
// »Ulrich, J. (2016). Samskabelse – en typologi. Clou Skriftserie. …«.
func (it Item) Reference() string {
	who := it.responsible()
	var parts []string
	if who == "" {
		parts = append(parts, sentence(it.heading()), "("+it.year()+").")
	} else {
		parts = append(parts, sentence(who), "("+it.year()+").", sentence(it.heading()))
	}
	if w := it.where(); w != "" {
		parts = append(parts, sentence(w))
	}
	if l := it.link(); l != "" {
		parts = append(parts, l)
	}
	return oneLine(strings.Join(parts, " "))
}

// oneLine folds white space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Label is the short form for running text, such as »Ulrich, 2016« or »Agger og Tortzen, 2015«. It begins as the reference does,
// so that it can be looked up: an act goes by its title up to the first comma.
func (it Item) Label() string {
	if it.ofParliament() {
		title, _, _ := strings.Cut(it.Title, ",")
		return oneLine(title + ", " + it.year())
	}
	names := it.Author
	if len(names) == 0 {
		names = it.Editor
	}
	var who string
	switch len(names) {
	case 0:
		who = it.Title
	case 1:
		who = names[0].last()
	case 2:
		who = names[0].last() + " og " + names[1].last()
	default:
		who = names[0].last() + " m.fl."
	}
	return oneLine(who + ", " + it.year())
}

// ofParliament reports whether the item is an act. Acts have no author in a reference: Danish practice begins with the title.
func (it Item) ofParliament() bool {
	return it.Type == "legislation" && (len(it.Author) == 0 || it.Author[0].Literal == "Folketinget")
}

func (it Item) year() string {
	if y := it.Issued.Year(); y != "" {
		return y
	}
	return noDate
}

// responsible lists the authors, or the editors in their place.
func (it Item) responsible() string {
	if it.ofParliament() {
		return ""
	}
	if len(it.Author) > 0 {
		return list(it.Author, Name.inverted)
	}
	if len(it.Editor) > 0 {
		return list(it.Editor, Name.inverted) + " (red.)"
	}
	return ""
}

// heading is the title with what APA puts in brackets after it; the institution of a thesis stands there too (APA 10.6).
func (it Item) heading() string {
	title := strings.TrimSpace(it.Title)
	after := ""
	switch it.Type {
	case "report":
		if n := it.series(); n != "" {
			after = "(" + n + ")"
		}
	case "thesis":
		genre := it.Genre
		if genre == "" {
			genre = "Afhandling"
		}
		after = "[" + join(", ", capital(genre), it.Publisher) + "]"
	case "book":
		if it.Edition != "" {
			after = "(" + edition(it.Edition) + ")"
		}
	}
	if after == "" {
		return title
	}
	return strings.TrimSuffix(title, ".") + " " + after
}

// edition makes »2« into »2. udg.« and leaves what is written out.
func edition(s string) string {
	if strings.Trim(s, "0123456789") == "" {
		return s + ". udg."
	}
	return s
}

// series names a report's series and number.
func (it Item) series() string {
	switch {
	case it.CollectionTitle != "" && it.Number != "":
		return it.CollectionTitle + " nr. " + it.Number
	case it.Number != "" && startsWithDigit(it.Number):
		return "Nr. " + it.Number
	case it.Number != "":
		return it.Number
	}
	return it.CollectionTitle
}

// capital makes the first letter a capital.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

func startsWithDigit(s string) bool { return s[0] >= '0' && s[0] <= '9' }

// where says in what the item appeared and who published it.
func (it Item) where() string {
	switch it.Type {
	case "article-journal", "article-magazine", "article-newspaper":
		return it.journal()
	case "chapter":
		if it.ContainerTitle == "" {
			return it.Publisher
		}
		in := "I "
		if len(it.Editor) > 0 {
			in += list(it.Editor, Name.upright) + " (red.), "
		}
		in += it.ContainerTitle
		if it.Page != "" {
			in += " (s. " + pages(it.Page) + ")"
		}
		return join(" ", sentence(in), it.Publisher)
	case "thesis":
		return ""
	case "webpage":
		site := it.ContainerTitle
		if site == "" {
			site = it.Publisher
		}
		return it.unlessAuthor(site)
	}
	return it.unlessAuthor(it.Publisher)
}

func (it Item) journal() string {
	s := it.ContainerTitle
	if it.Volume != "" {
		s = join(", ", s, it.Volume)
		if it.Issue != "" {
			s += "(" + pages(it.Issue) + ")"
		}
	} else if it.Issue != "" {
		s = join(", ", s, "("+it.Issue+")")
	}
	if it.Page != "" {
		s = join(", ", s, pages(it.Page))
	}
	return s
}

// unlessAuthor leaves a publisher out that is the author already (APA 9.29), also when the author is its short name
// (»VIVE« and »VIVE – Det Nationale …«).
func (it Item) unlessAuthor(publisher string) string {
	for _, n := range it.Author {
		if n.Literal != "" && (n.Literal == publisher || strings.HasPrefix(publisher, n.Literal+" –")) {
			return ""
		}
	}
	return publisher
}

func (it Item) link() string {
	if it.DOI != "" {
		doi := strings.TrimSpace(it.DOI)
		return "https://doi.org/" + doi[max(0, strings.Index(doi, "10.")):] // whatever stands before the number
	}
	return strings.TrimSpace(it.URL)
}

// list joins names as APA does: »A, B., & C, D.«, with an ellipsis where there are more than twenty.
func list(names []Name, form func(Name) string) string {
	var out []string
	for i, n := range names {
		if len(names) > maxNames && i >= maxNames-1 && i < len(names)-1 {
			continue
		}
		out = append(out, form(n))
	}
	last := len(out) - 1
	switch {
	case last == 0:
		return out[0]
	case len(names) > maxNames:
		return strings.Join(out[:last], ", ") + ", … " + out[last]
	case last == 1 && (names[0].Literal != "" || form(names[0]) == names[0].upright()):
		return out[0] + " & " + out[1]
	}
	return strings.Join(out[:last], ", ") + ", & " + out[last]
}

// last is the name without given names.
func (n Name) last() string {
	if n.Literal != "" {
		return n.Literal
	}
	return join(" ", n.Particle, n.Family)
}

// inverted is »Family, G. H.«.
func (n Name) inverted() string {
	if n.Literal != "" {
		return n.Literal
	}
	return join(", ", n.last(), join(" ", initials(n.Given), n.Dropping), n.NameSuffix)
}

// upright is »G. H. Family«.
func (n Name) upright() string {
	if n.Literal != "" {
		return n.Literal
	}
	return join(" ", initials(n.Given), n.Dropping, n.last(), n.NameSuffix)
}

// initials shortens given names: »Hanne Kathrine« and »H.K.« to »H. K.«, »Carl-Johan« to »C.-J.«.
func initials(given string) string {
	var out []string
	for _, name := range strings.FieldsFunc(given, func(r rune) bool { return unicode.IsSpace(r) || r == '.' }) {
		var parts []string
		for _, p := range strings.Split(name, "-") {
			r, _ := utf8.DecodeRuneInString(p)
			if unicode.IsLetter(r) {
				parts = append(parts, string(unicode.ToUpper(r))+".")
			}
		}
		if len(parts) > 0 {
			out = append(out, strings.Join(parts, "-"))
		}
	}
	return strings.Join(out, " ")
}

// pages sets ranges with an en dash.
func pages(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, "--", "-"), "-", "–") }

// sentence ends s with a full stop unless it ends in a mark that closes a sentence already.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if bare := strings.TrimRight(s, "«»”\"’'"); bare != "" && strings.ContainsRune(".?!…", last(bare)) {
		return s
	}
	return s + "."
}

// join joins the parts that are not empty.
func join(sep string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, sep)
}

func last(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}
