// Package verify checks, without a language model, whether passages support a Danish sentence that somebody wrote from them.
//
// Its duty is one question: may this sentence be shown under a citation of these passages? It aligns the sentence's words with
// the best one or two sentences of the passages (words, synonyms, compounds, likeness) and then looks for what a writer gets
// wrong: numbers, years, percentages, units and paragraphs; names; negation, modality, quantifiers and direction; cause told
// where the passage has none; actors exchanged; words that the passage does not have. Each such thing is a typed Fault. What
// remains uncertain, how much of the sentence is met, from where and in what order, is weighed by a small logistic function;
// so is what would be a fault in a copied sentence but often is none in a reworded one. Titles and headings tell what a passage is
// about: their words may be named again, but nothing stands on them.
//
// The work is done below: reading reads texts, alignment sets a sentence beside its window, particulars and claim find faults,
// relation measures how the sentence puts together what it has from there. Here the sentence's content is measured, all is weighed, and what is no sentence about the passages is refused.
//
// It is measured on three sets, the first two split by the article of the first passage: five articles to develop on, four held out. The old pairs
// (testdata/pairs.jsonl) were made one by one, many on purpose at the edge of what is supported. The natural ones
// (testdata/pairs-natural.jsonl) are sentences written to the prompt of prompts/svar.tmpl by people who were told to be faithful, or
// careless; two labelled each of the 815, not knowing which. They differ on one, which is left out, and so seldom, and give their
// reasons in words so alike, that the labels are best taken for those of one careful reader. Of those of testdata/pairs-written.jsonl, three writers each
// wrote and labelled a third, from the development articles: a faithful reply to each question, and a careless one whose errors are as hard
// to see as they could make them. The third writer's are read by nobody who makes the verifier. The sentences of
// testdata/rewordings.txt were written by the verifier's maker, from the development articles.
//
// It leaves finding passages to retrieval, citing to answer, and the truth of the passages to their editors. It reads surface
// language only: a paraphrase that shares hardly a word with its passage is refused, which costs a sentence and no trust; and a
// sentence that has the passage's words and means something else (roles exchanged in a free rewording, one relation for another,
// a reservation dropped) may pass: of false sentences made to be hard to see, one in three does.
//
// Invariants: the same input gives the same Verdict; nothing is learnt while running; a Verifier is immutable but for a bounded
// cache of words and safe for concurrent use; time is linear in the passages, for a sentence of more than
// maxSentence words is refused; offsets are in bytes of the sentence; any bytes may be given.
package verify
