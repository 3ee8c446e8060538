// Package corpus embeds the built-in corpus and nothing else. Its format is described in README.md.
package corpus

import "embed"

// FS holds the themes, one folder each.
//
//go:embed */*.md */*.json */*.yaml
var FS embed.FS
