package danish

// Ngrams returns the character n-grams of a folded word with a boundary mark »_« at both ends; a word shorter than n with
// its marks is one gram. They meet misspellings and compounds that are split or joined.
func Ngrams(word string, n int) []string {
	marked := "_" + Fold(word) + "_"
	// Folded Danish is ASCII but for foreign letters, so runes are counted only where there are some.
	var starts []int
	for i := range marked {
		starts = append(starts, i)
	}
	if len(starts) <= n {
		return []string{marked}
	}
	starts = append(starts, len(marked))
	out := make([]string, 0, len(starts)-n)
	for i := 0; i+n < len(starts); i++ {
		out = append(out, marked[starts[i]:starts[i+n]])
	}
	return out
}
