package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// app is one run of the program.
type app struct {
	env
	cfg  *config
	code int // exit code of a run that ended without error
}

// run executes the command line and returns the exit code.
func run(ctx context.Context, args []string, e env) int {
	out := &output{to: e.stdout}
	e.stdout = out
	a := &app{env: e}
	root := a.root()
	root.SetArgs(args)
	err := execute(ctx, root)
	if out.err != nil {
		err = outputError{out.err} // whatever else went wrong, it went wrong because of this
	}
	if err == nil {
		return a.code
	}
	text, code := inDanish(err)
	fmt.Fprintln(e.stderr, "kildesvar: "+printable(text))
	if p, ok := errors.AsType[*panicError](err); ok && a.cfg != nil && a.cfg.get("log-level") == "debug" {
		fmt.Fprintf(e.stderr, "%s", p.stack)
	}
	return code
}

// panicError is that a command panicked. Its value is not kept: it may hold what was asked.
type panicError struct {
	kind  string // the value's type
	stack []byte // functions and lines, no texts
}

func (e *panicError) Error() string { return "panic: " + e.kind }

// execute runs the command; a panic is an error like others.
func execute(ctx context.Context, c *cobra.Command) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicError{fmt.Sprintf("%T", v), debug.Stack()}
		}
	}()
	return c.ExecuteContext(ctx)
}

// output is standard output that remembers its first error, so that no command can end well without having been heard.
type output struct {
	to  io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.to.Write(p)
	o.err = err
	return n, err
}

// outputError is that standard output could not be written.
type outputError struct{ err error }

func (e outputError) Error() string { return "write output: " + e.err.Error() }
func (e outputError) Unwrap() error { return e.err }

// usageError is wrong usage, in Danish.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "kildesvar",
		Short: "Svar med kilder om samarbejde mellem kommuner og civilsamfund",
		Long: `Kildesvar svarer på spørgsmål ud fra temaartikler og deres litteratur og viser altid, hvor svaret står.
Uden opsætning bruges de indbyggede artikler: ingen sprogmodel, intet netværk.`,
		Example: `  kildesvar ask "Hvad er samskabelse?"
  kildesvar search frivilligcentre
  kildesvar demo
  kildesvar corpus check mit-korpus`,
		SilenceErrors: true, SilenceUsage: true,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(c, args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
		PersistentPreRunE: func(c *cobra.Command, _ []string) (err error) {
			a.cfg, err = loadConfig(c.Flags(), a.getenv)
			return err
		},
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetIn(a.stdin)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return usageError{flagError(c, err)} })
	addSettingFlags(root.PersistentFlags(), false)
	root.AddCommand(a.askCommand(), a.searchCommand(), a.indexCommand(), a.corpusCommand(), a.checkCommand(), a.evalCommand(), a.serveCommand(), a.demoCommand(),
		a.doctorCommand(), a.journalCommand(), a.slackCommand(), a.versionCommand(), completionCommand())
	danishHelp(root)
	return root
}

// flagError says in Danish what is wrong with a flag.
func flagError(c *cobra.Command, err error) string {
	see := fmt.Sprintf(" – se »%s --help«", c.CommandPath())
	var notExist *pflag.NotExistError
	var noValue *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &notExist):
		name := notExist.GetSpecifiedName()
		if notExist.GetSpecifiedShortnames() != "" {
			return "flaget »-" + name + "« findes ikke" + see
		}
		return "flaget »--" + name + "« findes ikke" + see
	case errors.As(err, &noValue):
		return "flaget »--" + noValue.GetFlag().Name + "« mangler en værdi" + see
	case errors.As(err, &invalid):
		return fmt.Sprintf("»%s« kan ikke bruges som værdi for »--%s«%s", invalid.GetValue(), invalid.GetFlag().Name, see)
	}
	return "forkert brug (" + err.Error() + ")" + see
}

// noArgs refuses arguments.
func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Sprintf("»%s« tager ingen argumenter, men fik »%s« – se »%s --help«", c.Name(), args[0], c.CommandPath())}
	}
	return nil
}

// someArgs wants at least one argument.
func someArgs(what, example string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usageError{fmt.Sprintf("%s mangler – skriv fx »%s«", what, example)}
		}
		return nil
	}
}

// completionCommand prints completion scripts.
func completionCommand() *cobra.Command {
	shells := map[string]func(*cobra.Command) error{
		"bash": func(c *cobra.Command) error { return c.Root().GenBashCompletionV2(c.OutOrStdout(), true) },
		"zsh":  func(c *cobra.Command) error { return c.Root().GenZshCompletion(c.OutOrStdout()) },
		"fish": func(c *cobra.Command) error { return c.Root().GenFishCompletion(c.OutOrStdout(), true) },
	}
	return &cobra.Command{
		Use: "completion bash|zsh|fish", Short: "Skriv et script, der fuldfører kommandoer i din skal",
		Example:   "  source <(kildesvar completion bash)\n  kildesvar completion fish > ~/.config/fish/completions/kildesvar.fish",
		ValidArgs: []string{"bash", "zsh", "fish"},
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 || shells[args[0]] == nil {
				return usageError{"der skal stå en skal, bash, zsh eller fish – skriv fx »kildesvar completion bash«"}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return shells[args[0]](c) },
	}
}
