package answer

import (
	"strings"

	"kildesvar/internal/question"
	"kildesvar/internal/sentence"
)

// What the assistant says of itself. It is true of every corpus, every front end, and with or without a language model.
const (
	hello  = "Hej! Hvad vil du vide? Skriv dit spørgsmål med dine egne ord, så leder jeg i artiklerne og viser, hvor svaret står."
	thanks = "Selv tak. Spørg bare igen."
	sorry  = "Det er i orden. Spørg bare igen."
	onward = "Godt. Spørg bare igen, når du vil vide mere."

	aboutSelf   = "Jeg hedder Kildesvar og er en AI-assistent. Jeg svarer på spørgsmål om %s. Alt, jeg siger, står i artiklerne, og jeg viser altid artiklen og litteraturen bag, så du kan slå det efter. Finder jeg ikke svaret, siger jeg det."
	aboutHuman  = "Nej, jeg er ikke et menneske. Jeg er et program, der finder svar i artikler om %s og viser, hvor de står. Under hvert svar kan du se, om sætningerne er citeret eller skrevet af en sprogmodel og kontrolleret mod artiklerne."
	aboutKept   = "Spørger du i Slack, gemmer jeres organisation spørgsmål og svar i en log, så det kan vises, hvad der blev svaret; din administrator ved, hvor længe og hvem der kan læse den. Svarer jeg i en kanal, kan alle i kanalen se det. CPR-numre fjerner jeg, før noget bliver gemt. Skriv ikke oplysninger om bestemte personer til mig."
	aboutKnows  = "Jeg ved kun det, der står i artiklerne om %s og i den litteratur, de henviser til. Jeg søger ikke på internettet. Ved hver kilde er der et link til artiklen, og den viser, hvornår den sidst er opdateret."
	aboutTrust  = "Jeg kan finde det forkerte sted i artiklerne, men jeg digter ikke: Hver sætning er kontrolleret mod den artikel, den henviser til. Se efter i kilden, før du bruger svaret. Finder jeg ikke noget, siger jeg det."
	aboutMaker  = "Jeg er programmet Kildesvar, og det er din egen organisation, der har sat mig op. Artiklerne handler om %s. Hvem der har skrevet det, de bygger på, kan du se i litteraturen under hvert svar."
	aboutSigns  = "Tallet i kantet parentes efter en sætning viser, hvilken kilde den står i. Kilderne er nævnt under svaret med artikel og afsnit, og derefter litteraturen bag."
	aboutCases  = "Jeg svarer kun på det, der står i artiklerne, og aldrig i en sag om en bestemt person: Jeg kender hverken personen eller sagen. Spørg en kollega eller din leder, eller stil spørgsmålet alment. Finder jeg ikke svaret i artiklerne, siger jeg det, i stedet for at gætte."
	aboutTongue = "Du kan spørge på dansk eller engelsk. Artiklerne er på dansk, så svaret bliver citeret på dansk."
)

// abouts are the replies by topic; %s is what the articles are about.
var abouts = map[question.Topic]string{question.TopicSelf: aboutSelf, question.TopicHuman: aboutHuman, question.TopicKept: aboutKept, question.TopicKnows: aboutKnows,
	question.TopicTrust: aboutTrust, question.TopicMaker: aboutMaker, question.TopicTongue: aboutTongue,
	question.TopicSigns: aboutSigns, question.TopicCases: aboutCases, question.TopicThanks: thanks, question.TopicSorry: sorry, "": onward}

// talk replies to what asks nothing of the corpus. It claims nothing.
func (e *Extractive) talk(text string, r question.Reading) *Answer {
	a := e.Start(text, StatusNotCovered)
	switch r.Shape {
	case question.ShapeThanks:
		a.Reason = abouts[r.Topic]
		return a
	case question.ShapeGreeting:
		a.Reason = hello
	default:
		a.Reason = strings.ReplaceAll(abouts[r.Topic], "%s", e.subject())
	}
	a.Next = e.beginnings()
	return a
}

// subject names what the articles are about: the titles of the themes' overviews, or of the first articles.
func (e *Extractive) subject() string {
	var titles []string
	for _, a := range e.ix.Articles {
		if sentence.IsOverview(a.ID) {
			titles = append(titles, lowerFirst(a.Title))
		}
	}
	if len(titles) == 0 {
		for _, a := range e.ix.Articles[:min(3, len(e.ix.Articles))] {
			titles = append(titles, lowerFirst(a.Title))
		}
	}
	if n := len(titles); n > 1 {
		return strings.Join(titles[:n-1], ", ") + " og " + titles[n-1]
	}
	return strings.Join(titles, "")
}
