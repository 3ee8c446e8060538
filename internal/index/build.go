package index

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path"
	"runtime"
	"sort"
	"strings"

	"golang.org/x/sync/errgroup"

	"kildesvar/internal/article"
	"kildesvar/internal/danish"
	"kildesvar/internal/embed/learned"
	"kildesvar/internal/lexical"
	"kildesvar/internal/passage"
)

// embedBatch is how many texts go to the embedder at a time.
const embedBatch = 64

// Build makes an Index from a corpus. Vectors of passages whose text stands unchanged in old, which may be nil, are
// taken from there if the embedder is the same. It fails when the embedder or the store does, or ctx is done.
func Build(ctx context.Context, corpus *article.Corpus, old *Index, opt Options) (*Index, error) {
	ix := &Index{dim: opt.Embedder.Dim(), references: map[string]string{}, Words: map[string]int{},
		Manifest: Manifest{Format: format, Analyser: danish.Version, Embedder: opt.Embedder.ID(), Corpus: corpus.Fingerprint}}
	for _, t := range corpus.Themes {
		ix.addTheme(t)
	}
	ix.countText()
	ix.mend()
	ix.countQuestions(ix.Words)
	ix.splitter = danish.NewSplitter(ix.Words)
	ix.analyser = lexical.NewAnalyser(ix.splitter)
	if err := ix.buildFields(ctx, opt); err != nil {
		return nil, fmt.Errorf("build index: %w", err)
	}
	ix.learnTopics()
	ix.learnEdge(unanswered(corpus))
	ix.analyser = nil // it remembers every word; finish makes a fresh one
	if err := ix.embed(ctx, old, opt); err != nil {
		return nil, fmt.Errorf("build index: %w", err)
	}
	if err := ix.finish(ctx, opt); err != nil {
		return nil, fmt.Errorf("build index: %w", err)
	}
	return ix, nil
}

// unanswered are the questions that editors have noted as not answered.
func unanswered(corpus *article.Corpus) (out []string) {
	for _, t := range corpus.Themes {
		for _, a := range t.Articles {
			for _, q := range a.Unanswered {
				out = append(out, q.Text)
			}
		}
	}
	return out
}

func (ix *Index) addTheme(t *article.Theme) {
	for _, it := range t.Items {
		ix.references[path.Join(t.ID, it.ID)] = it.Reference()
	}
	for _, c := range t.Concepts {
		ix.Concepts = append(ix.Concepts, Concept{Theme: t.ID, Term: c.Term, Definition: c.Definition, Synonyms: c.Synonyms, Everyday: c.Everyday, Keys: c.Keys})
	}
	for _, a := range t.Articles {
		info := Article{ID: a.ID, Title: a.Title, URL: a.URL, Summary: a.Summary, Updated: a.Updated, Reviewed: a.Reviewed, First: len(ix.Passages)}
		ix.Passages = append(ix.Passages, passage.Split(a)...)
		info.Last = len(ix.Passages)
		ix.addQuestions(info.First, a.Title)
		ix.Articles = append(ix.Articles, info)
	}
}

// addQuestions moves the entry questions of the passages from first on to the index, once a section.
func (ix *Index) addQuestions(first int, title string) {
	section := func(id string) string { return id[:strings.LastIndexByte(id, '.')] }
	for i := first; i < len(ix.Passages); {
		last := i + 1
		for last < len(ix.Passages) && section(ix.Passages[last].ID) == section(ix.Passages[i].ID) {
			last++
		}
		own := ix.Passages[i].Questions
		for _, q := range own[:min(article.MaxQuestions, len(own))] {
			ix.Questions = append(ix.Questions, Question{Text: q, First: i, Last: last})
		}
		if len(ix.Passages[i].Questions) == 0 {
			ix.standIn(title, i, last)
		}
		for ; i < last; i++ {
			ix.Passages[i].Questions = nil
		}
	}
}

// standIn lets a section without entry questions be asked for by its heading and its sentences.
func (ix *Index) standIn(title string, first, last int) {
	if len(ix.Passages) > maxStandIns {
		return
	}
	add := func(text string) {
		ix.Questions = append(ix.Questions, Question{Text: text, First: first, Last: last, StandIn: true})
	}
	add(title + ": " + strings.Join(ix.Passages[first].Path, ", "))
	for i := first; i < last; i++ {
		for j := range ix.Passages[i].Sentences {
			add(ix.Passages[i].SentenceText(j))
		}
	}
}

// maxStandIns is the number of passages after which sections without entry questions have nothing that stands in for them, and misspelt
// entry questions are not mended: it would be most of a large index, and of its building.
const maxStandIns = 5_000

// count adds the words of a text.
func count(words map[string]int, text string) {
	for _, t := range danish.Tokens(text) {
		words[strings.ToLower(t.Text)]++
	}
}

// countText counts the words of the articles and of the concepts' names.
func (ix *Index) countText() {
	for _, a := range ix.Articles {
		count(ix.Words, a.Title)
	}
	for i := range ix.Passages {
		count(ix.Words, strings.Join(ix.Passages[i].Path, " "))
		count(ix.Words, ix.Passages[i].Text)
	}
	for _, c := range ix.Concepts {
		count(ix.Words, c.Term)
		for _, list := range [][]string{c.Synonyms, c.Everyday} {
			for _, s := range list {
				count(ix.Words, s)
			}
		}
	}
}

// countQuestions counts the words of the entry questions; those of what stands in for them are counted already.
func (ix *Index) countQuestions(words map[string]int) {
	for _, q := range ix.Questions {
		if !q.StandIn {
			count(words, q.Text)
		}
	}
}

func (ix *Index) buildFields(ctx context.Context, opt Options) error {
	titles := make([]string, len(ix.Passages))
	for _, a := range ix.Articles {
		for i := a.First; i < a.Last; i++ {
			titles[i] = a.Title
		}
	}
	var err error
	ix.Body, err = ix.field(ctx, len(ix.Passages), opt, func(i int) string { return BodyText(titles[i], &ix.Passages[i]) })
	if err != nil {
		return err
	}
	ix.Asked, err = ix.field(ctx, len(ix.Questions), opt, func(i int) string { return ix.Questions[i].Text })
	return err
}

// field analyses n texts on all workers and indexes them in order.
func (ix *Index) field(ctx context.Context, n int, opt Options, text func(int) string) (Field, error) {
	const block = 128
	type part chan []lexical.Terms
	stems, grams := lexical.NewBuilder(), lexical.NewBuilder()
	workers := opt.workers()
	// parts keeps the blocks in order and bounds how many are ahead of the indexing.
	parts := make(chan part, 2*workers)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(parts)
		slots := make(chan struct{}, workers)
		for from := 0; from < n; from += block {
			p := make(part, 1)
			select {
			case parts <- p:
			case <-ctx.Done():
				return ctx.Err()
			}
			slots <- struct{}{}
			go func() {
				defer func() { <-slots }()
				list := make([]lexical.Terms, 0, block)
				for i := from; i < min(from+block, n); i++ {
					list = append(list, ix.analyser.Text(text(i)))
				}
				p <- list
			}()
		}
		return nil
	})
	for p := range parts {
		for _, t := range <-p {
			stems.Add(t.Stems)
			grams.Add(t.Grams)
		}
	}
	if err := g.Wait(); err != nil {
		return Field{}, err
	}
	return Field{Stems: stems.Build(), Grams: grams.Build()}, nil
}

// embed fills the vectors, reusing those of old.
func (ix *Index) embed(ctx context.Context, old *Index, opt Options) error {
	ix.flat = make([]float32, len(ix.Passages)*ix.dim)
	ix.hashes = make([]textHash, len(ix.Passages))
	known := map[textHash]int{}
	if old != nil && old.Manifest.Embedder == ix.Manifest.Embedder && old.dim == ix.dim {
		for i, h := range old.hashes {
			known[h] = i
		}
	}
	if err := ix.believe(ctx, old, known, opt); err != nil {
		return err
	}
	var missing []int
	titles := make(map[int]string) // of the missing
	for _, a := range ix.Articles {
		for i := a.First; i < a.Last; i++ {
			text := BodyText(a.Title, &ix.Passages[i])
			ix.hashes[i] = sha256.Sum256([]byte(text))
			if j, ok := known[ix.hashes[i]]; ok {
				copy(ix.flat[i*ix.dim:], old.flat[j*ix.dim:(j+1)*ix.dim])
				continue
			}
			missing = append(missing, i)
			titles[i] = a.Title
		}
	}
	done := len(ix.Passages) - len(missing)
	report := func() {
		if opt.Progress != nil {
			opt.Progress(done, len(ix.Passages))
		}
	}
	report()
	finished := make(chan int)
	parent := ctx
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(opt.workers() + 1)
	g.Go(func() error {
		for from := 0; from < len(missing) && ctx.Err() == nil; from += embedBatch {
			batch := missing[from:min(from+embedBatch, len(missing))]
			g.Go(func() error { return ix.embedBatch(ctx, batch, titles, finished, opt) })
		}
		return nil
	})
	go func() { _ = g.Wait(); close(finished) }()
	for n := range finished {
		done += n
		report()
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return parent.Err()
}

// believe clears what is known if a learned model that goes by the same name gives a text another vector than it did. It asks for one, and
// only if it must be asked for others too.
func (ix *Index) believe(ctx context.Context, old *Index, known map[textHash]int, opt Options) error {
	if opt.Learned == nil || len(known) == 0 {
		return nil
	}
	sample, at, missing := "", 0, false
	for _, a := range ix.Articles {
		for i := a.First; i < a.Last; i++ {
			text := BodyText(a.Title, &ix.Passages[i])
			if j, ok := known[sha256.Sum256([]byte(text))]; ok {
				sample, at = text, j
			} else {
				missing = true
			}
		}
	}
	if sample == "" || !missing {
		return nil
	}
	vs, err := opt.Embedder.Embed(ctx, []string{sample})
	if err != nil {
		return err
	}
	if len(vs) != 1 || !learned.Same(vs[0], old.flat[at*ix.dim:(at+1)*ix.dim]) {
		opt.log().Warn("the model has changed since the last build: all vectors are made anew", "embedder", opt.Embedder.ID())
		clear(known)
	}
	return nil
}

func (ix *Index) embedBatch(ctx context.Context, batch []int, titles map[int]string, finished chan<- int, opt Options) error {
	list := make([]string, len(batch))
	for i, p := range batch {
		list[i] = BodyText(titles[p], &ix.Passages[p])
	}
	vs, err := opt.Embedder.Embed(ctx, list)
	if err != nil {
		return err
	}
	if len(vs) != len(batch) {
		return fmt.Errorf("embedder %s gave %d vectors for %d texts", opt.Embedder.ID(), len(vs), len(batch))
	}
	for i, p := range batch {
		if len(vs[i]) != ix.dim {
			return fmt.Errorf("embedder %s gave a vector of %d dimensions, not %d", opt.Embedder.ID(), len(vs[i]), ix.dim)
		}
		copy(ix.flat[p*ix.dim:], vs[i])
	}
	finished <- len(batch)
	return nil
}

func (o Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// sortedKeys returns a map's keys in order, so that files are the same on every run.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
