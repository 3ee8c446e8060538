package privacy

import (
	"slices"
	"strings"
)

// Kinds are the kinds whose masks stand in a masked text, the weightiest first.
func Kinds(masked string) (out []Kind) {
	for i := range kinds {
		if strings.Contains(masked, kinds[i].mask) {
			out = append(out, kinds[i].kind)
		}
	}
	return out
}

// Without is a masked text without its masks, for a search that should not look for the words in them.
func Without(masked string) string {
	if !strings.Contains(masked, ending) {
		return masked
	}
	for _, k := range kinds {
		masked = strings.ReplaceAll(masked, k.mask, "")
	}
	return strings.Join(strings.Fields(masked), " ")
}

// Note tells the asker in Danish what was removed from a question, why, and what to do. It names the kinds and no value; for no kinds
// it is empty.
func Note(found []Kind) string {
	var nouns []string
	for _, k := range kinds {
		if slices.Contains(found, k.kind) {
			nouns = append(nouns, k.noun)
		}
	}
	if len(nouns) == 0 {
		return ""
	}
	last := len(nouns) - 1
	list, it, them := nouns[last], "Oplysningen", "den"
	if last > 0 {
		list, it, them = strings.Join(nouns[:last], ", ")+" og "+nouns[last], "Oplysningerne", "dem"
	}
	return "Dit spørgsmål så ud til at indeholde " + list + ". " + it + " er fjernet, før spørgsmålet blev brugt eller gemt, for jeg har ikke brug for " + them +
		", og personoplysninger skal ikke ligge flere steder end nødvendigt. Slet også din besked dér, hvor du skrev den."
}
