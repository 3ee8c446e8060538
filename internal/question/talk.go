package question

import (
	"slices"
	"strings"
)

// talk recognises what asks nothing of the corpus: greetings, thanks, and questions about the assistant itself.
func talk(text string, words []string) Shape {
	if len(words) == 0 {
		if strings.TrimSpace(text) != "" && bare(text) == "" && !strings.Contains(text, "?") { // emoji and the like
			return ShapeThanks
		}
		return ShapeOther
	}
	if about(words) != "" {
		return ShapeAbout
	}
	if len(words) > maxTalk {
		return ShapeOther
	}
	thanks, hello, others, asks := false, false, 0, false
	for _, w := range words {
		_, kind := kindWords[w]
		asks = asks || kind || askingWords[w] && w != "er" && w != "har"
		switch {
		case thankWords[w]:
			thanks = true
		case helloWords[w] || len(w) >= sure && slices.ContainsFunc(longHellos, func(h string) bool { return oneOff(h, w) }):
			hello = true
		case !fillers[w]:
			others++
		}
	}
	if hello && others <= 1 && there.in(words) {
		return ShapeGreeting
	}
	if others > 0 && (asks || strings.Contains(text, "?") || others > maxOther || hello && !thanks) {
		return ShapeOther
	}
	switch {
	case thanks:
		return ShapeThanks
	case hello:
		return ShapeGreeting
	}
	return ShapeOther
}

// longHellos may be misspelt in a letter.
var longHellos = []string{"goddag", "godmorgen", "godaften", "halloej"}

// there asks whether anybody is there; after a greeting it asks nothing else.
var there = cues("er du")[0]

// maxTalk and maxAbout are how many words such a text has at most.
const (
	maxTalk  = 10
	maxAbout = 14
	// maxOther is how many words of another kind thanks or an apology may have: »tak, det var lige det, jeg manglede«.
	maxOther = 3
)

var (
	thankWords = set(`tak takker taak takk fedt super perfekt godt fint dejligt cool ok okay oki yes nice smart genialt laekkert forstaaet forstod modtaget
		hjalp undskyld sorry beklager farvel hejhej ses jep glimrende flot sejt skoent fantastisk herligt smukt javel naa
		ups haha hehe thx tnx thanks thank great`)
	helloWords = set("hej hejsa hallo halloej goddag dav davs godmorgen godaften morgen hey hi hello halloejsa mojn moin heej test hjaelp help")
	fillers    = set(`tusind tusinde mange hav vi weekend aften dag nej alt klart det du dig jer alle sammen der her en et var er jeg vi i for hjaelpen hjaelp svaret svar den de med saa skal ikke lige nu og paa hjaelpe
		god du ja igen meget kaere kollega kildesvar bare til at videre fik have haft ha ret you much very so for very`)
)

// Topic is what of the assistant a question is about.
type Topic string

// The topics; TopicSelf is what it is and can do.
const (
	TopicSelf   Topic = "self"
	TopicHuman  Topic = "human"  // whether a person or a model answers
	TopicKept   Topic = "kept"   // what becomes of what is written
	TopicKnows  Topic = "knows"  // where it has it from, how new that is
	TopicTrust  Topic = "trust"  // whether it may be wrong
	TopicMaker  Topic = "maker"  // who made it
	TopicTongue Topic = "tongue" // other languages
	TopicSigns  Topic = "signs"  // what the numbers behind sentences mean
	TopicCases  Topic = "cases"  // why it does not answer

	// of ShapeThanks; the empty topic is neither
	TopicThanks Topic = "thanks"
	TopicSorry  Topic = "sorry"
)

// aboutCues ask about the assistant, by topic; tried in order.
var aboutCues = []struct {
	topic Topic
	cues  []cue
}{
	{TopicKept, cues(`
		hvad/va/vad goer/gor du _ med _ jeg/mine/mit
		hvem/vem kan se _ jeg/mine
		kan andre/nogen _ se/laese _ spoerger/skriver
		se/laese/laeser/ser hvad/va/det jeg/vi/man spoerger/skriver
		gemmer du/i
		bliver _ gemt/logget/gemmes _
		gemmes/gemt _ jeg/mine
		husker du
		laerer du af
		maa/ma jeg/man/vi skrive _ personoplysninger/cpr/navn/navne/foelsomme
	`)},
	{TopicHuman, cues(`
		er du _ menneske/robot/maskine/ai/bot/computer/person/chatgpt/sprogmodel/virkelig/rigtig/kunstig
		er det _ menneske/robot/chatbot/ai _ jeg
		er det _ chatgpt/sprogmodel/robot/chatbot/ai _ svarer/bag/bagved/bagom/ligger
		taler/snakker/chatter/skriver jeg med _
		bruger du _ chatgpt/ai/sprogmodel
		hvilken _ sprogmodel/model bruger/er du
	`)},
	{TopicTrust, cues(`
		er du sikker $
		er du sikker paa/pa det
		er du/dine/dit _ paalidelig*
		kan jeg/man/vi stole paa/pa _
		kan jeg/man/vi regne med _ du/dig/dine
		kan du tage fejl
		kan du finde paa
		tager du fejl
		lyver du
		gaetter du $
		gaetter du _ bare
	`)},
	{TopicKnows, cues(`
		hvad/va/vad bygger du/dine/dit _
		hvad/va/vad ved du _ om $
		er du/dine/dit _ opdateret/til $
		hvor/vor ved du det/alt/alting/ting _ fra $
		hvor/vor har du din/dit/dine _ fra
		hvor/vor faar/henter du din/dit/dine _ fra
		hvor/vor kommer dine/dit
		hvordan/vordan finder du
		hvordan/vordan svarer du
		hvordan/vordan ved du
		soeger du paa/pa
		du _ internettet/nettet/google
		er du koblet/koblet paa
		hvor/vor opdateret er du/dine
		hvornaar/hvornar er/blev du/dine _ opdateret
		^ hvad/hvilke/hvor er dine kilder
		hvilke kilder har/bruger du $
	`)},
	{TopicSigns, cues(`
		tal/tallene/tallet _ parentes/parenteser/parentesen/klammer
		kantet/kantede/firkantet/firkantede parentes/parenteser
	`)},
	{TopicCases, cues(`
		hvorfor/vorfor vil/kan/maa/ma/tor du ikke
		hvorfor/vorfor svarer/hjaelper du ikke
	`)},
	{TopicMaker, cues(`
		hvem/vem har lavet/bygget/udviklet/programmeret dig
		hvem/vem har lavet/skrevet dine/artiklerne
		hvem/vem staar/star bag dig/kildesvar/denne/robotten/assistenten/botten
	`)},
	{TopicTongue, cues(`
		kan du _ engelsk/tysk/arabisk/oversaette
		taler/snakker du _ engelsk/tysk/arabisk
	`)},
	{TopicSelf, cues(`
		hvad/va/vad kan du $
		hvad/va/vad kan du _ svare/hjaelpe/bruges/goere/finde/fortaelle/vide
		hvad/va/vad kan jeg/man/vi _ spoerge _ om
		hvad/va/vad kan jeg/man/vi _ bruge dig til
		hvad/va/vad er du
		hvad/va/vad er kildesvar
		hvad/va/vad hedder du
		hvad/va/vad bruger du
		hvad/va/vad goer/gor du $
		hvem/vem er du
		hvordan/vordan virker du
		hvordan/vordan fungerer du
		hvordan/vordan bruger jeg/man/vi dig
		hvordan/vordan gaar/gar det
		hvordan/vordan har du det
		er du der/klar
		er der nogen $
		kan du hoere mig
		kan du _ svare/hjaelpe _ mig $
		kan du _ dansk/laese/huske
		kan du _ sende/maile/ringe
		forstaar du dansk/mig/hvad
		hvilke emner/temaer/omraader _ du
		hvad/va/vad for emner/temaer _ du
	`)},
}

// thanksOf is what thanks are for: to thank, to say sorry, or neither.
func thanksOf(words []string) Topic {
	for _, w := range words {
		switch {
		case thanking[w]:
			return TopicThanks
		case sorrowing[w]:
			return TopicSorry
		}
	}
	return ""
}

var (
	thanking  = set("tak takker taak takk thx tnx thanks thank")
	sorrowing = set("undskyld sorry beklager ups")
)

// about is the topic of a question about the assistant, or "".
func about(words []string) Topic {
	if len(words) > maxAbout {
		return ""
	}
	for _, t := range aboutCues {
		for _, c := range t.cues {
			if c.in(words) {
				return t.topic
			}
		}
	}
	return ""
}
