package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set when a release is built: -ldflags "-X main.version=1.2.3".
var version = "udvikling"

func (a *app) versionCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{Use: "version", Short: "Vis programmets version", Args: noArgs,
		Example: "  kildesvar version\n  kildesvar version --json",
		RunE: func(c *cobra.Command, _ []string) error {
			revision := ""
			if info, ok := debug.ReadBuildInfo(); ok {
				for _, s := range info.Settings {
					if s.Key == "vcs.revision" {
						revision = s.Value
					}
				}
			}
			if asJSON {
				return a.printJSON(map[string]string{"version": version, "revision": revision, "go": runtime.Version()})
			}
			text := "kildesvar " + version
			if revision != "" {
				text += " (" + revision[:min(12, len(revision))] + ")"
			}
			_, err := fmt.Fprintf(a.stdout, "%s, %s\n", text, runtime.Version())
			return err
		}}
	c.Flags().BoolVar(&asJSON, "json", false, "skriv versionen som JSON")
	return c
}
