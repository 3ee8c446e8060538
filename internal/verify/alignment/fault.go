package alignment

// Kind is the sort of a Fault.
type Kind string

// The kinds of faults. All but Order and Content say that something particular stands in the sentence which the passages do
// not have, or the other way round.
const (
	Number     Kind = "number"
	Year       Kind = "year"
	Percent    Kind = "percent"
	Unit       Kind = "unit"
	Paragraph  Kind = "paragraph"
	Name       Kind = "name"
	Negation   Kind = "negation"
	Modality   Kind = "modality"
	Quantifier Kind = "quantifier"
	Direction  Kind = "direction"
	Cause      Kind = "cause"
	Actor      Kind = "actor"   // who does what to whom, or who says it
	Order      Kind = "order"   // met words, but put together from different statements
	Content    Kind = "content" // heavy words that the passages lack, or too few that they have
	Foreign    Kind = "foreign" // links, images, mentions, control characters, other languages, instructions
)

// Fault is one reason why a sentence is not supported.
type Fault struct {
	Kind   Kind
	Text   string // what is wrong, as it stands in the sentence, or the passage's word that the sentence lacks
	Offset int    // bytes into the sentence where Text stands; -1 when it does not stand there
}
