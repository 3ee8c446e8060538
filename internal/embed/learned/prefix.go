package learned

import (
	"context"
	"regexp"
	"strings"

	"kildesvar/internal/embed"
)

// prefixes are what models were trained to see before a text that is searched and before a question, by their authors' model cards
// (intfloat's E5, nomic-embed-text, Snowflake's arctic-embed). Without them such a model answers all the same, and finds less. Models that
// want none (OpenAI's, BGE-M3) are not here. The first that fits counts.
var prefixes = []struct {
	model          *regexp.Regexp
	text, question string
}{
	{regexp.MustCompile(`(?i)\be5-.*instruct`), "", "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: "},
	{regexp.MustCompile(`(?i)\be5-`), "passage: ", "query: "},
	{regexp.MustCompile(`(?i)\bnomic-embed-text`), "search_document: ", "search_query: "},
	{regexp.MustCompile(`(?i)\barctic-embed-[lm]-v2|\barctic-embed2`), "", "query: "},
}

// Prefixed returns an embedder for the texts of articles and one for questions, which put before a text what the model with that name
// wants to see there; both have the same ID, which tells the prefixes. For most models they are the embedder itself.
func Prefixed(e embed.Embedder, model string) (articles, questions embed.Embedder) {
	for _, p := range prefixes {
		if p.model.MatchString(model) {
			id := e.ID() + "+" + strings.Join(strings.Fields(p.text), " ") + "|" + strings.Join(strings.Fields(p.question), " ")
			return &prefixed{e, id, p.text}, &prefixed{e, id, p.question}
		}
	}
	return e, e
}

type prefixed struct {
	embed.Embedder
	id, prefix string
}

func (p *prefixed) ID() string { return p.id }

func (p *prefixed) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	if p.prefix == "" {
		return p.Embedder.Embed(ctx, texts)
	}
	out := make([]string, len(texts))
	for i, text := range texts {
		if strings.TrimSpace(text) != "" { // a blank text stays one, and has no vector
			out[i] = p.prefix + text
		}
	}
	return p.Embedder.Embed(ctx, out)
}
