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
			if asJSON {
				return a.printJSON(map[string]string{"version": version, "revision": revision(), "go": runtime.Version()})
			}
			_, err := fmt.Fprintf(a.stdout, "kildesvar %s, %s\n", programVersion(), runtime.Version())
			return err
		}}
	c.Flags().BoolVar(&asJSON, "json", false, "skriv versionen som JSON")
	return c
}

// revision is the commit the program was built from; empty: not known.
func revision() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return ""
}

// programVersion is the version, with the commit where it is known.
func programVersion() string {
	if r := revision(); r != "" {
		return version + " (" + r[:min(12, len(r))] + ")"
	}
	return version
}
