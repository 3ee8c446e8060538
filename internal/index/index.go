// Package index builds, saves and opens a generation: everything that answering needs, made from a corpus once.
//
// A generation is one file, checksummed: after a fault, a kill or a power cut at any moment it is the old or the new one (index/disk,
// TestFaults). It is opened only when it is whole and was made by the same format, language analysis, embedder and corpus; otherwise it is
// built anew. Vectors of a learned embedder are kept aside while they are made (package embed/learned), since they cost time and money.
// Several processes may build at once: each writes its own temporary file and the last rename wins, with equal content. It leaves ranking
// to retrieval.
//
// Invariants: Passages, Body and Vectors share numbering; so do Questions and Asked; an Index is read-only after Build
// or Open and safe for concurrent use.
package index

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"path"
	"sort"
	"strings"
	"sync"

	"kildesvar/internal/classify"
	"kildesvar/internal/danish"
	"kildesvar/internal/embed"
	"kildesvar/internal/embed/learned"
	"kildesvar/internal/lexical"
	"kildesvar/internal/passage"
	"kildesvar/internal/vector"
)

// format changes whenever the file's layout or what is indexed changes.
const format = 13

// Manifest says what a generation was made from.
type Manifest struct {
	Format   int    `json:"format"`
	Analyser string `json:"analyser"` // danish.Version
	Embedder string `json:"embedder"` // Embedder.ID
	Corpus   string `json:"corpus"`   // article.Fingerprint
}

// ID is the generation's name: the first 12 hex digits of a hash over the manifest. Equal corpora give equal ids.
func (m Manifest) ID() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\n%s\n%s\n%s", m.Format, m.Analyser, m.Embedder, m.Corpus))
	return hex.EncodeToString(sum[:6])
}

// Index is an open generation.
type Index struct {
	Manifest  Manifest
	Articles  []Article
	Passages  []passage.Passage // Questions are nil here: they stand in Index.Questions, once a section
	Questions []Question
	Concepts  []Concept
	Words     map[string]int // lower-case words of articles, entry questions and concepts, with their counts
	Body      Field          // title, headings and text of each passage
	Asked     Field          // each entry question
	Vectors   vector.Store   // one for each passage
	// Topics tells the sections with entry questions apart by the words of questions; its classes are Sections. It knows none
	// when the corpus is too large for it (classify.MaxWeights) or has no entry questions.
	Topics   *classify.Model
	Sections []Section
	// Edge tells questions the articles answer (class Answered) from near ones that they do not, by their wording alone. It
	// knows no class in a corpus with too few entry questions to learn from.
	Edge *classify.Model

	references map[string]string // "<theme>/<key>" → formatted reference
	articles   map[string]int
	hashes     []textHash // of each passage's embedded text
	flat       []float32  // all vectors, one after the other
	dim        int

	splitter *danish.Splitter
	speller  func() *danish.Speller
	analyser *lexical.Analyser
}

// Field is a text indexed in both its views.
type Field struct {
	Stems, Grams *lexical.Index
}

// Article is what answers say of an article.
type Article struct {
	ID, Title, URL, Summary, Updated, Reviewed string
	First, Last                                int // its passages are [First, Last)
}

// Section is a section with entry questions: its passages are [First, Last).
type Section struct{ First, Last int }

// Question is an entry question of the section whose passages are [First, Last).
type Question struct {
	Text        string
	First, Last int
	StandIn     bool // words of the section itself, which has no entry questions
}

// Concept is a concept of a theme.
type Concept struct {
	Theme, Term, Definition  string
	Synonyms, Everyday, Keys []string
}

type textHash [sha256.Size]byte

// Options say how to build and where to keep a generation.
type Options struct {
	Embedder embed.Embedder
	NewStore func(dim int) (vector.Store, error)
	Log      *slog.Logger          // nil discards
	Progress func(done, total int) // called now and then while embedding; nil is fine
	Workers  int                   // 0 means one for each core
	// Learned says how to ask an embedder that is asked over a network, and that its vectors are kept beside the generation while it
	// is built, so that a build which was killed or failed goes on where it stopped. nil: the embedder is cheap and always the same.
	Learned *learned.Options
}

// Article returns the article with the id.
func (ix *Index) Article(id string) (*Article, bool) {
	i, ok := ix.articles[id]
	if !ok {
		return nil, false
	}
	return &ix.Articles[i], true
}

// ArticleOf returns the number of the article that a passage stands in.
func (ix *Index) ArticleOf(passage int) int {
	return sort.Search(len(ix.Articles), func(i int) bool { return ix.Articles[i].Last > passage })
}

// Reference returns the formatted reference of a literature key cited in an article (by id) or passage of the theme.
func (ix *Index) Reference(article, key string) (string, bool) {
	r, ok := ix.references[path.Join(path.Dir(article), key)]
	return r, ok
}

// Analyser returns the analyser that made the index' terms.
func (ix *Index) Analyser() *lexical.Analyser { return ix.analyser }

// Speller returns the speller over the corpus' own words; it is made at the first call.
func (ix *Index) Speller() *danish.Speller { return ix.speller() }

// finish derives what is not stored.
func (ix *Index) finish(ctx context.Context, opt Options) error {
	ix.analyser = lexical.NewAnalyser(ix.splitter)
	ix.speller = sync.OnceValue(func() *danish.Speller { return danish.NewSpeller(ix.Words) })
	ix.Sections = ix.sections()
	ix.articles = make(map[string]int, len(ix.Articles))
	for i, a := range ix.Articles {
		ix.articles[a.ID] = i
	}
	store, err := opt.NewStore(ix.dim)
	if err != nil {
		return fmt.Errorf("open vector store: %w", err)
	}
	for i := range ix.Passages {
		if err := store.Add(ctx, i, ix.flat[i*ix.dim:(i+1)*ix.dim:(i+1)*ix.dim]); err != nil {
			return err
		}
	}
	ix.Vectors = store
	return nil
}

// BodyText is what is indexed and embedded of a passage: titles help short passages, and headings say what it is about.
func BodyText(title string, p *passage.Passage) string {
	return title + "\n" + strings.Join(p.Path, "\n") + "\n" + p.Text
}

func (o Options) log() *slog.Logger {
	if o.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return o.Log
}
