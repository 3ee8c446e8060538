// Command kildesvar answers questions about the cooperation of Danish municipalities and civil society from theme articles,
// and shows where every sentence stands.
//
// # The way of a question
//
//	privacy    masks personal data and recognises questions about a person's case
//	danish     words with offsets, stems, compounds, corrections; sentences
//	question   reads what shape of answer is asked for, several questions in one, English
//	query      turns it into what is searched for: words as the corpus spells them, concepts, the questions it follows up on
//	retrieval  ranks the passages of an index (lexical, vector, entry questions, concepts) and says how sure it is
//	sentence   chooses the sentences of those passages that answer, in the shape asked for; sentence/asked learns from the entry questions
//	           which one is asked for, literature knows who wrote what
//	answer     quotes them with source and literature, asks back or refuses; with --llm answer/written has a model write (prompt, llm)
//	verify     says whether passages bear out a sentence that a model wrote
//	assistant  the use case Ask that strings these together
//
// # The way of an article
//
//	article    reads articles, literature (csl) and concepts; article/lint tells editors what is amiss
//	passage    cuts articles into passages whose sentences know their literature
//	embed      turns text into vectors; embed/local needs no model, embed/learned keeps what a model made and spares it questions
//	classify   learns from the entry questions which section is asked about, and what no article answers
//	index      builds, saves, verifies and opens a generation: passages, inverted indexes, classifiers, vectors; index/disk keeps its file whole
//
// # The way of a message in Slack
//
//	workspace  an emulated Slack, for `demo` and the tests
//	slackbot   intake (sockets, HTTP), questions and their one answer, message (how things look), webapi (calls), check (doctor)
//	journal    questions, answers and what was done with them, in SQLite; chain makes it a log in which nothing changes unseen
//	web        health, readiness, measurements
//
// # Learning from use
//
//	report     what was asked and with what outcome, and what the articles lack: unanswered questions grouped by likeness
//	chart      pictures and the style of pages of HTML, for report and eval
//
// eval measures all of it with gold questions. This package holds the command line, one file a command; config.go is the one
// table of settings, wire.go alone connects things, errors.go alone turns errors into Danish.
//
// # Language models
//
//	prompt     reads prompts/*.tmpl and fills them in
//	llm        the contract, retries, budgets, breakers; llm/langchain asks the models, llm/llmtest stands in for them
//
// Dependencies: spf13/cobra gives commands, flags and shell completion; go.yaml.in/yaml/v3 reads the settings file.
package main
