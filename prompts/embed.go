// Package prompts embeds the templates of language-model prompts and nothing else; internal/answer parses and fills them in.
package prompts

import "embed"

// FS holds the templates.
//
//go:embed *.tmpl README.md
var FS embed.FS
