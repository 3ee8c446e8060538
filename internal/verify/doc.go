// Package verify checks, without a language model, whether passages support a Danish sentence that somebody wrote from them.
//
// Its duty is one question: may this sentence be shown under a citation of these passages? It aligns the sentence's words with
// the best one or two sentences of the passages (words, synonyms, compounds, likeness) and then looks for what a writer gets
// wrong: numbers, years, percentages, units and paragraphs; names; negation, modality, quantifiers and direction; cause told
// where the passage has none; actors exchanged; words that the passage does not have. Each such thing is a typed Fault. What
// remains uncertain, how much of the sentence is met and in what order, is weighed by a small logistic function.
//
// The work is done below: reading reads texts, alignment sets a sentence beside its window, particulars and claim find faults.
// Here the sentence's content is measured, all is weighed, and what is no sentence about the passages is refused.
//
// It leaves finding passages to retrieval, citing to answer, and the truth of the passages to their editors. It reads surface
// language only: a paraphrase that shares hardly a word with its passage is refused, which costs a sentence and no trust.
//
// Invariants: the same input gives the same Verdict; nothing is learnt while running; a Verifier is immutable but for a bounded
// cache of words and safe for concurrent use; time is linear in the passages, for a sentence of more than
// maxSentence words is refused; offsets are in bytes of the sentence; any bytes may be given.
package verify
