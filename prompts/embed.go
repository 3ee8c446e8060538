// Package prompts embeds the templates of language-model prompts and nothing else. There are none yet: answers are
// quoted from the corpus without a model.
package prompts

import "embed"

// FS holds the templates.
//
//go:embed README.md
var FS embed.FS
