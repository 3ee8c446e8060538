package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kildesvar/internal/privacy"
)

// valueName is the annotation of a flag that holds what its value is called in help, such as »MAPPE«.
const valueName = "kildesvar_value"

// setValueName names the value of a flag in help.
func setValueName(fs *pflag.FlagSet, flag, name string) {
	_ = fs.SetAnnotation(flag, valueName, []string{name}) // fails only for a flag that is not there, and then help shows it
}

// danishHelp gives every command its help in Danish, and the command that shows it.
func danishHelp(root *cobra.Command) {
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { writeHelp(c.OutOrStdout(), c) })
	root.SetUsageFunc(func(c *cobra.Command) error { writeHelp(c.OutOrStderr(), c); return nil })
	root.SetHelpCommand(&cobra.Command{Use: "hjælp", Hidden: true, Aliases: []string{"help"}, RunE: func(c *cobra.Command, args []string) error {
		target, rest, err := root.Find(args)
		if err != nil || len(rest) > 0 {
			return unknownCommand(root, strings.Join(args, " "))
		}
		return target.Help()
	}})
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		c.InitDefaultHelpFlag()
		if f := c.Flags().Lookup("help"); f != nil {
			f.Usage = "vis denne hjælp"
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
}

// unknownCommand is the error for a command that is not there. It may be a question whose writer has left out »ask«.
func unknownCommand(parent *cobra.Command, name string) error {
	name, _ = privacy.Mask(name, privacy.Options{})
	return usageError{fmt.Sprintf("kommandoen »%s« findes ikke – se »%s --help«", name, parent.CommandPath())}
}

// writeHelp writes a command's page: what it does, how it is written, examples, commands, flags.
func writeHelp(w io.Writer, c *cobra.Command) {
	var b strings.Builder
	if c.Long != "" {
		b.WriteString(c.Long + "\n\n")
	} else {
		b.WriteString(c.Short + ".\n\n")
	}
	b.WriteString("Brug:\n  " + useLine(c) + "\n")
	if c.HasExample() {
		b.WriteString("\nEksempler:\n" + c.Example + "\n")
	}
	if c.HasAvailableSubCommands() {
		b.WriteString("\nKommandoer:\n")
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				fmt.Fprintf(&b, "  %-11s %s\n", sub.Name(), sub.Short)
			}
		}
	}
	writeFlags(&b, "Flag", c.LocalFlags())
	writeFlags(&b, "Fælles flag", c.InheritedFlags())
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n»%s KOMMANDO --help« viser mere om en kommando.\n", c.CommandPath())
	}
	_, _ = io.WriteString(w, b.String()) // standard output remembers its own errors
}

// useLine is how a command is written.
func useLine(c *cobra.Command) string {
	if c.HasAvailableSubCommands() {
		return c.CommandPath() + " KOMMANDO [flag]"
	}
	name, rest, _ := strings.Cut(c.Use, " ")
	line := strings.TrimSuffix(c.CommandPath(), name) + name + " [flag]"
	if rest != "" {
		line += " " + rest
	}
	return line
}

// writeFlags lists flags with their values' names, usage and defaults in columns.
func writeFlags(b *strings.Builder, title string, fs *pflag.FlagSet) {
	var names, usages []string
	width := 0
	fs.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		name := "    --" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", --" + f.Name
		}
		if v := f.Annotations[valueName]; len(v) > 0 {
			name += " " + v[0]
		} else if t := f.Value.Type(); t != "bool" {
			name += " TAL"
		}
		usage := f.Usage
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" {
			usage += " (standard: " + f.DefValue + ")"
		}
		names, usages = append(names, name), append(usages, usage)
		width = max(width, utf8.RuneCountInString(name))
	})
	if len(names) == 0 {
		return
	}
	b.WriteString("\n" + title + ":\n")
	for i, n := range names {
		b.WriteString("  " + n + strings.Repeat(" ", width-utf8.RuneCountInString(n)+3) + usages[i] + "\n")
	}
}
