// Package prompts embeds the templates of language-model prompts and nothing else; internal/prompt parses and fills them in.
package prompts

import "embed"

// FS holds the templates.
//
//go:embed *.tmpl README.md
var FS embed.FS
