package main

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kildesvar/internal/article"
	"kildesvar/internal/eval"
	"kildesvar/internal/retrieval"
	"kildesvar/internal/sentence"
)

// evalFlags are the flags of eval.
type evalFlags struct {
	questions, split, tag string
	html, save, baseline  string // files
	json, ablation, fit   bool
	fitVector             bool
	worst                 int
	limits                map[string]*float64 // by measure
	asked                 map[string]bool     // measures with a limit on the command line
}

func (a *app) evalCommand() *cobra.Command {
	f := evalFlags{limits: map[string]*float64{}}
	c := &cobra.Command{
		Use: "eval", Short: "Mål svarene med prøvespørgsmål",
		Long: "Stiller alle prøvespørgsmål og måler søgning, kilder, fakta, litteratur og afvisninger, med 95 % konfidensintervaller.\n" +
			"En grænse (--min-… eller --max-…), der ikke nås, giver slutkode 3. Det gør et sikkert fald siden en gemt måling (--baseline) også.",
		Example: "  kildesvar eval --split test\n  kildesvar eval --questions mine.yaml --min-top-source-accuracy 0.8\n" +
			"  kildesvar eval --html maaling.html\n  kildesvar eval --save foer.json\n  kildesvar eval --baseline foer.json",
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.eval(c, &f) },
	}
	fl := c.Flags()
	fl.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		return pflag.NormalizedName(strings.ReplaceAll(name, "_", "-"))
	})
	fl.StringVar(&f.questions, "questions", "", "fil med prøvespørgsmål (uden: korpussets egne)")
	fl.StringVar(&f.split, "split", "", "kun spørgsmål fra denne del: train eller test")
	fl.StringVar(&f.tag, "tag", "", "kun spørgsmål med dette mærke")
	fl.BoolVar(&f.json, "json", false, "skriv målingen som JSON")
	fl.BoolVar(&f.ablation, "ablation", false, "mål også med hver slags belæg slået fra på skift")
	fl.BoolVar(&f.fit, "fit", false, "beregn vægtene i rangordning, tillid og valg af sætninger på ny ud fra delen train")
	fl.BoolVar(&f.fitVector, "fit-vector", false, "mål, hvilken vægt lighed i betydning bør have med den valgte --embedder")
	fl.StringVar(&f.html, "html", "", "skriv målingen som en side til en browser")
	fl.StringVar(&f.save, "save", "", "gem målingen spørgsmål for spørgsmål, så en senere kan sammenlignes med den")
	fl.StringVar(&f.baseline, "baseline", "", "sammenlign spørgsmål for spørgsmål med en måling, der er gemt med --save")
	for flag, name := range map[string]string{"questions": "FIL", "split": "DEL", "tag": "MÆRKE", "html": "FIL", "save": "FIL", "baseline": "FIL"} {
		setValueName(fl, flag, name)
	}
	fl.IntVar(&f.worst, "worst", 0, "vis så mange af de dårligste svar")
	for _, name := range eval.Names {
		f.limits[name] = new(float64)
		if eval.LowerIsBetter(name) {
			fl.Float64Var(f.limits[name], limitFlag(name), 1, "højst denne værdi af "+name+" (0 til 1)")
		} else {
			fl.Float64Var(f.limits[name], limitFlag(name), 0, "mindst denne værdi af "+name+" (0 til 1)")
		}
	}
	return c
}

func (a *app) eval(c *cobra.Command, f *evalFlags) error {
	if err := f.readLimits(c.Flags()); err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	before, err := f.readBaseline()
	if err != nil {
		return err
	}
	questions, err := a.goldQuestions(f)
	if err != nil {
		return err
	}
	if f.fitVector {
		return a.fitVector(c.Context(), questions)
	}
	outcomes, err := a.measure(c.Context(), questions, retrieval.DefaultWeights())
	if err != nil {
		return err
	}
	if f.fit {
		s, err := a.searcher(c.Context(), retrieval.DefaultWeights())
		if err != nil {
			return err
		}
		return a.printFit(c.Context(), outcomes, s)
	}
	records, err := f.records(outcomes)
	if err != nil {
		return err
	}
	report := eval.Summarise(outcomes)
	if err := f.compareWith(before, records, &report); err != nil {
		return err
	}
	if err := f.writeFiles(report, outcomes, records); err != nil {
		return err
	}
	a.reportLosses(report)
	missed := f.missed(report)
	if len(missed) > 0 {
		a.code = exitProblems
	}
	var rows []eval.AblationRow
	if f.ablation {
		if rows, err = a.ablation(c.Context(), questions); err != nil {
			return err
		}
	}
	if f.json {
		if len(missed) > 0 {
			fmt.Fprintln(a.stderr, "kildesvar: under grænsen: "+strings.Join(missed, "; "))
		}
		return a.printJSON(report)
	}
	return a.printReport(report, rows, eval.Worst(outcomes, f.worst), missed)
}

// readLimits checks the limits and remembers which were asked for.
func (f *evalFlags) readLimits(fs *pflag.FlagSet) error {
	f.asked = map[string]bool{}
	for _, name := range eval.Names {
		flag := limitFlag(name)
		f.asked[name] = fs.Changed(flag)
		if v := *f.limits[name]; !(v >= 0 && v <= 1) {
			return usageError{fmt.Sprintf("--%s skal være et tal fra 0 til 1 – skriv fx 0.8", flag)}
		}
	}
	return nil
}

// limitFlag is the flag of a measure's limit.
func limitFlag(measure string) string {
	if eval.LowerIsBetter(measure) {
		return "max-" + measure
	}
	return "min-" + measure
}

// goldQuestions are the questions of the flags.
func (a *app) goldQuestions(f *evalFlags) ([]article.Gold, error) {
	var all []article.Gold
	if f.questions != "" {
		data, err := readFile(f.questions, article.MaxDataBytes)
		if err != nil {
			return nil, fmt.Errorf("read questions: %w", err)
		}
		if all, err = article.ParseGold(f.questions, data); err != nil {
			return nil, err
		}
	} else {
		fsys, err := a.corpusFS()
		if err != nil {
			return nil, err
		}
		if all, err = article.LoadGold(fsys); err != nil {
			return nil, err
		}
	}
	var out []article.Gold
	for _, g := range all {
		if (f.split == "" || g.Split == f.split) && (f.tag == "" || contains(g.Tags, f.tag)) {
			out = append(out, g)
		}
	}
	if len(out) == 0 {
		if len(all) > 0 {
			return nil, usageError{fmt.Sprintf("ingen af de %d prøvespørgsmål passer til --split og --tag – ret eller fjern dem", len(all))}
		}
		return nil, usageError{"der er ingen prøvespørgsmål at stille – se efter i spoergsmaal.yaml, eller vælg en fil med --questions"}
	}
	return out, nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func (a *app) measure(ctx context.Context, questions []article.Gold, w retrieval.Weights) ([]eval.Outcome, error) {
	s, err := a.searcher(ctx, w)
	if err != nil {
		return nil, err
	}
	s = s.Strict()
	asker, err := a.assistant(s)
	if err != nil {
		return nil, err
	}
	outcomes, err := eval.Run(ctx, questions, asker, s)
	return outcomes, a.embedderFault(err)
}

// ablation measures with one kind of evidence off at a time.
func (a *app) ablation(ctx context.Context, questions []article.Gold) ([]eval.AblationRow, error) {
	var rows []eval.AblationRow
	for _, v := range retrieval.Ablations(retrieval.DefaultWeights()) {
		outcomes, err := a.measure(ctx, questions, v.Weights)
		if err != nil {
			return nil, err
		}
		rows = append(rows, eval.AblationRow{Name: v.Name, Report: eval.Summarise(outcomes)})
	}
	return rows, nil
}

// missed lists the limits that a report does not keep, as lines for a person.
func (f *evalFlags) missed(r eval.Report) []string {
	var out []string
	for _, name := range eval.Names {
		m, ok := r.Measures[name]
		if !ok {
			if f.asked[name] {
				out = append(out, name+" kan ikke måles med disse spørgsmål")
			}
			continue
		}
		if eval.LowerIsBetter(name) && m.Value > *f.limits[name] {
			out = append(out, fmt.Sprintf("%s er %.3f, højst %.3f er tilladt", name, m.Value, *f.limits[name]))
		}
		if !eval.LowerIsBetter(name) && m.Value < *f.limits[name] {
			out = append(out, fmt.Sprintf("%s er %.3f, mindst %.3f kræves", name, m.Value, *f.limits[name]))
		}
	}
	return out
}

func (a *app) printReport(r eval.Report, rows []eval.AblationRow, worst []eval.Outcome, missed []string) error {
	p := a.newPage()
	fmt.Fprintf(p, "%d prøvespørgsmål\n", r.Questions)
	for _, name := range eval.Names {
		if m, ok := r.Measures[name]; ok {
			fmt.Fprintf(p, "  %-20s %.3f  [%.3f; %.3f]  n = %d\n", name, m.Value, m.Low, m.High, m.N)
		}
	}
	if c := r.Calibration; c != nil {
		fmt.Fprintf(p, "  %-20s %.3f  n = %d\n", "ece", c.Answers.ECE, c.Answers.N)
	}
	if u := r.Model; u != nil {
		p.heading("Sprogmodel")
		p.text("  ", "  ", fmt.Sprintf("spurgt om %d, skrev %d, afviste %d, resten er citeret; %d kald, %d tokens; %.1f sekunder pr. svar, højst %.1f",
			u.Asked, u.Written, u.Refused, u.Calls, u.PromptTokens+u.ReplyTokens, u.MeanMS/1000, float64(u.MostMS)/1000))
	}
	columns := []string{"recall@5", "top_source_accuracy", "citation_precision", "fact_recall", "literature_recall", "refusal_recall", "false_refusal"}
	groups(p, "Efter mærke", r.ByTag, columns)
	groups(p, "Efter målgruppe", r.ByAudience, columns)
	groups(p, "Efter del", r.BySplit, columns)
	groups(p, "Efter svarets form", r.ByShapeName(), columns)
	groups(p, "Efter rigtig artikel", r.ByArticle, columns)
	if r.Baseline != nil {
		comparison(p, *r.Baseline)
	}
	if rows != nil {
		table(p, "Med én slags belæg slået fra", columns, len(rows), func(i int) (string, eval.Report) { return rows[i].Name, rows[i].Report })
	}
	for _, o := range worst {
		p.heading(fmt.Sprintf("%s »%s«", o.Gold.ID, o.Gold.Question))
		p.text("  ", "  ", eval.Why(o))
	}
	if len(missed) > 0 {
		p.heading("Under grænsen")
		for _, m := range missed {
			p.text("  ", "  ", m)
		}
	}
	if _, err := fmt.Fprint(a.stdout, p.String()); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

func groups(p *page, title string, m map[string]eval.Report, columns []string) {
	names := eval.Groups(m)
	table(p, title, columns, len(names), func(i int) (string, eval.Report) { return names[i], m[names[i]] })
}

func table(p *page, title string, columns []string, n int, row func(int) (string, eval.Report)) {
	p.heading(title)
	width := 20
	for i := range n {
		name, _ := row(i)
		width = max(width, utf8.RuneCountInString(name))
	}
	fmt.Fprintf(p, "  %-*s %5s", width, "", "n")
	for _, c := range columns {
		fmt.Fprintf(p, " %*s", len(c), c)
	}
	p.WriteByte('\n')
	for i := range n {
		name, r := row(i)
		fmt.Fprintf(p, "  %-*s %5d", width, printable(name), r.Questions)
		for _, c := range columns {
			if m, ok := r.Measures[c]; ok {
				fmt.Fprintf(p, " %*.3f", len(c), m.Value)
			} else {
				fmt.Fprintf(p, " %*s", len(c), "–")
			}
		}
		p.WriteByte('\n')
	}
}

// comparison writes how the main measures moved, and which questions could not be compared.
func comparison(p *page, c eval.Comparison) {
	p.heading(fmt.Sprintf("Sammenlignet med den gemte måling (%d spørgsmål)", c.Compared))
	fmt.Fprintf(p, "  %-20s %6s %6s %8s  %-18s %5s %8s\n", "", "før", "nu", "forskel", "95 % interval", "n", "ændrede")
	for _, name := range eval.MainMeasures {
		if ch, ok := c.Changes[name]; ok {
			note := ""
			if ch.Loss {
				note = "  sikkert dårligere"
			}
			fmt.Fprintf(p, "  %-20s %6.3f %6.3f %+8.3f  [%+.3f; %+.3f]   %5d %8d%s\n", name, ch.Before, ch.Now, ch.Difference, ch.Low, ch.High, ch.N, ch.Changed, note)
		}
	}
	const most = 8
	for _, l := range []struct {
		what string
		ids  []string
	}{{"Nye spørgsmål", c.New}, {"Spørgsmål, der ikke er målt nu", c.Gone}, {"Spørgsmål, der er ændret", c.Altered}} {
		if len(l.ids) > 0 {
			more := ""
			if len(l.ids) > most {
				more = " …"
			}
			p.text("  ", "    ", fmt.Sprintf("%s (%d, ikke sammenlignet): %s%s", l.what, len(l.ids), strings.Join(l.ids[:min(most, len(l.ids))], ", "), more))
		}
	}
}

// printFit fits the ranking, the confidence model and the sentence model to the train split and prints them.
func (a *app) printFit(ctx context.Context, outcomes []eval.Outcome, s *retrieval.Searcher) error {
	x, y := eval.ConfidenceRows(outcomes)
	if len(x) == 0 {
		return usageError{"--fit kræver prøvespørgsmål med »split: train« – der er ingen blandt de valgte"}
	}
	fitted := retrieval.Model(eval.Fit(x, y))
	coefficients := func(title string, names []string, m []float64) {
		fmt.Fprintln(a.stdout, title)
		for i, c := range m {
			fmt.Fprintf(a.stdout, "  %-14s %7.3f\n", names[i], c)
		}
	}
	lists, evidence, err := eval.RankingLists(ctx, outcomes, s)
	if err != nil {
		return err
	}
	coefficients("Rangordningen", evidence, eval.FitRanking(lists))
	coefficients("\nTillidsmodellen", retrieval.FeatureNames, fitted)
	examples := sentence.New(s.Index()).Examples
	if sx, sy := eval.SentenceRows(outcomes, examples); len(sx) > 0 {
		coefficients("\nSætningsmodellen", sentence.FeatureNames, eval.Fit(sx, sy))
	}
	fmt.Fprintln(a.stdout, "\ntærskel  false_refusal  refusal_recall")
	for _, t := range eval.Thresholds(x, y, fitted, 10) {
		fmt.Fprintf(a.stdout, "%7.3f  %13.3f  %14.3f\n", t.Value, t.FalseRefusal, t.RefusalRecall)
	}
	return nil
}
