package question

// table gives a shape's cues, in folded words. The tables are tried in order: »hvilken kilde siger, hvor mange …« asks for literature.
type table struct {
	shape Shape
	cues  []cue
	yesNo bool // only for a question that no question word begins: »skal vi …«, not »hvad skal vi …«
}

var tables = []table{
	{shape: ShapeOverview, cues: cues(`
		hvor/vor skal/boer/kan/burde/begynder/starter jeg/man/vi _ begynde/starte
		hvor/vor begynder/starter jeg/man/vi
		hvad/va _ begynde/starte _ med
		hvad/va/va' _ handler/handlar temaet/emnet/om/det $
		hvad/va _ handler _ tema*/emne*/artikl*/vidensportal*/side*
		hvad/va _ tema*/emne* _ handler/om
		hvad/va/hvilke/hvilken/vilke* _ laese/laes _ foerst
		hvad/va/hvilke/hvilken/vilke* _ boer/skal/kan/burde _ laese/lase/lese
		hvilke/hvilken/vilke* _ artikel/artikler
		artiklen/artikel om
		artiklen/artikel _ handler
		hvor/vor laeser/finder jeg/man/vi _ om
		giv/faa/have/har/lav/vis/brug _ overblik
		et overblik/overblikket
		kort overblik
		^ overblik over/ud/paa
		overblik $
		laesevejledning
		laeseplan
		laeseraekkefoelge
		vej gennem/igennem _ tema*/emne*/artikl*/stof*
		saet* _ ind i _ tema*/emne*/omraade*/stof*
		introduktion til
		intro til
		i hvilken raekkefoelge _ laese
		hvad/va _ findes _ artikler
	`)},
	{shape: ShapeLiterature, cues: cues(`
		har/hva _ skrevet
		skrevet _ om
		hvad/va _ skriver/skrev
		hvem/vem _ skrevet/skriver/skrev
		hvem/vem siger
		hvem/vem mener
		hvem/vem _ sagt
		hvem/vem staar/star bag _ $
		hvem/vem har fundet ud af
		hvilken/hvilke/vilke* forfatter*/skribent*
		hvor/vor staar/star det/der
		hvor/vor ved du/i/man det _ fra
		hvor/vor har du/i/de det fra
		hvilken/hvilke/hvilket/vilke* kilde*/undersoegelse*/rapport*/bog/boeger/forsker*/studie*/studier/artikel
		hvad/va _ kilde*/kilden til/paa/bag
		kilde/kilder/kilden/kilderne til/paa/bag/om/for
		kilde/kilder/kilden/kilderne $
		litteratur/litteraturen/litteraturliste*
		litteraturhenvisning*
		reference*/referance*
		henvisning*
		kildehenvisning*
		hvad/va siger/viser forskning*/undersoegelse*
		forskning om/i/paa
		har noget/nogen/der _ forsket/undersoegt
		findes _ forskning/undersoegelse*/studier/rapport*
		er der _ forskning/undersoegelse*/studier/rapport*
		boeger/bog/rapporter/rapport om
		noget/mere at laese om
		laese mere om
		laes mere om
	`)},
	{shape: ShapeExamples, cues: cues(`
		eksempel/eksempler/exempel/exempler/eksemple/ekempel
		gode/godt/konkrete/konkret/et/nogle eks
		eks paa/pa
		naevn/naevne _ par/nogle/nogen/steder/kommuner/projekter
		hvor/vor _ proevet/afproevet/provet
		hvilke/vilke* kommuner/steder/projekter
		har andre/nogen/nogle _ proevet/gjort/erfaring*
		hvordan/vordan _ ud/se i praksis
		hvem/vem _ proevet
		i praksis $
		en/et case
		cases
	`)},
	{shape: ShapeComparison, cues: cues(`
		forskel/forskellen/forskelle/forskjel*/forskellig*/forskle*
		det samme som
		samme som
		det samme $
		samme ting
		adskil*
		sammenlign*
		modsaetning
		kontra
		versus
		vs
		i forhold til hinanden
		frem for
		fremfor
		hvad er/vaelger _ eller
	`)},
	{shape: ShapeLaw, cues: cues(`
		§
		paragraf/paragraffen/paragraffer
		lov/loven/lovgivning*/lovgrundlag*/lovkrav
		lovlig*/ulovlig*
		lovpligtig*
		pligt/pligter/forpligtet/forpligtelse*
		hjemmel
		regel/regler/reglerne/regelsaet*
		har vi/kommunen/kommuner ret til
		har vi/kommunen/kommuner _ pligt
		hvem/vem bestemmer
		hvem/vem maa/ma
		bekendtgoerelse*
		lovtekst*
		tilladt
		er det krav/tvunget
		er vi/kommunen/man tvunget/noedt/forpligtet
	`)},
	{shape: ShapeLaw, yesNo: true, cues: cues(`
		maa/ma vi/man/jeg/kommunen/en/de/der/vores/kommuner/frivillige
		^ skal/boer/bor kommunen/komunen/kommunerne/kommuner/kommunalbestyrelsen/byraadet
		skal vi/man/kommunen/jeg/kommuner _ have/give/stoette/oprette/lave/spoerge/indhente/betale
	`)},
	{shape: ShapeFigures, cues: cues(`
		hvor/vor mange/meget/stor/store/stort/hoej/tit/ofte/faa/laenge/lang
		hvormange/vormange/hvormeget
		hvad/va _ koster/tjener/tal/tallet/tallene
		tal paa/for/om/over
		statistik*
		procent/procenter
		pct
		antal/antallet
		andel/andelen
		stiger/steget/stigende/stigning*
		falder/faldet/faldende/fald
		flere/faerre _ end/nu/foer/i dag
		er der kommet flere/faerre
		hvornaar/hvornar/vornaar
		hvilket/vilket aar/aarstal
		udvikling* i
	`)},
	{shape: ShapeDefinition, cues: cues(`
		hvad/va/vad/hva _ betyder/betyr/betyde
		betyder/betydning/betydningen
		hvad/va/vad/hva _ daekker/dekker/dakker
		definition/definitionen/definitioner/defination/definer/definere/defineres/defineret
		definerer
		hvad/va/vad/hva _ mener/menes/mene _ med
		hvad/va/vad/hva _ forstaas/forstaar/forstas/forstaa _ ved
		hvordan/vordan _ forstaas/forstaar/defineres/definerer
		hvad/va/vad/hva _ kalder/kaldes/hedder/kald
		hvad/va/vad/hva er det nu
		hvad/va/vad/hva vil det sige
		hvad/va/vad/hva vil _ sige
		forklar/forklare/forklaring/forklaringen _ ordet/begrebet/hvad
		begrebet/ordet/udtrykket/termen
		hvad/va/vad/hva er _ for noget
		hvad/va/vad/hva er _ egentlig
		kort fortalt
		hvad/va/vad/hva gaar/gar/goer/gor _ ud paa
	`)},
	{shape: ShapeWho, cues: cues(`
		hvem/vem/hvems
		hvilke/hvilken/vilke* aktoer*/organisation*/forening*/myndighed*/parter/instans*
		hvad/va laver/goer/tilbyder _ frivilligcenter/frivilligcentre/frivilligcentrene/organisation*/center/centret/raad/raadet/forbund
		hvor/vor kan/faar/finder _ hjaelp
	`)},
	{shape: ShapeHow, cues: cues(`
		hvordan/vordan/hvodan/hvordn/hvorledes
		hvorfor/vorfor/hvofor
		hvad/va/vad/hva _ huske/husk/passe/opmaerksom*/vigtig*/vigtigst/undgaa/undga/kraever/kraeves/taenke/overveje/forberede
		hvad/va/vad/hva skal/kan/boer/ma/maa vi/jeg/man/der
		hvad/va/vad/hva goer/gor vi/jeg/man
		hvad/va/vad/hva virker
		hvad/va/vad/hva skal der til
		gode raad
		raad til/om
		tips/fif/tip
		tjekliste/trin/fremgangsmaade/opskrift/guide/vejledning/metode/metoder
		faldgrub*/udfordring*/ulempe*/fordel*/risiko/risici/barriere*/problem*/dilemma*
	`)},
	{shape: ShapeMore, cues: cues(`
		^ uddyb/uddybe/uddyp
		uddybe/uddyb det/lidt/mere/naermere
		^ fortael/fortaelle/sig/forklar mere/videre/noget $
		^ fortael/fortaelle _ mere $
		^ mere/mer om det/dette $
		^ mere/mer $
		kan du _ uddybe
	`)},
}
