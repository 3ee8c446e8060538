// Package reading reads Danish text for verification: words with their synonyms, opposites and weights; clauses; proper names;
// numbers with units; and the marks that decide what is claimed (negation, modality, quantifiers, cause, comparison). What it
// knows of words beyond danish and lexical stands in data: synonyms (near synonyms, one group a line), antonyms, marks, verbs.
//
// It leaves comparing texts to alignment. Invariants: a Lexicon is immutable but for a bounded cache and safe for concurrent
// use; the same text gives the same reading in time linear in its length; offsets are in bytes; tokens are in their order.
package reading
