package index

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"kildesvar/internal/article"
	"kildesvar/internal/embed"
	"kildesvar/internal/embed/learned"
	"kildesvar/internal/index/disk"
)

// Ensure opens the generation in file if it fits the corpus, and otherwise builds it and saves it there. An empty file
// name means that nothing is kept. A generation that cannot be saved is used all the same, with a warning in the log:
// a full or read-only disk must not keep anybody from an answer.
func Ensure(ctx context.Context, corpus fs.FS, file string, opt Options) (*Index, error) {
	return ensure(ctx, disk.Real{}, corpus, file, opt)
}

func ensure(ctx context.Context, fsys disk.FS, corpus fs.FS, file string, opt Options) (*Index, error) {
	log := opt.log()
	fingerprint, err := article.Fingerprint(corpus)
	if err != nil {
		return nil, err
	}
	var old *Index
	if file != "" {
		want := Wanted(opt.Embedder, fingerprint)
		ix, err := openIn(ctx, fsys, file, want, opt)
		switch {
		case err == nil:
			log.Debug("generation opened", "generation", want.ID())
			return ix, nil
		case ctx.Err() != nil:
			return nil, fmt.Errorf("open generation: %w", ctx.Err()) // whatever else is wrong, somebody stopped it
		case missing(err):
			log.Info("no generation yet, building it")
		case errors.Is(err, ErrStale):
			log.Info("generation is rebuilt", "reason", err)
			// Its vectors may still serve; if it is damaged further in, they are made anew.
			old, _ = open(fsys, file, want.vectorsServe)
		default:
			log.Warn("generation is rebuilt", "reason", err)
		}
	}
	return opt.build(ctx, corpus, file, old, func(ix *Index) error {
		if err := ix.save(fsys, file); err != nil {
			log.Warn("generation is not kept", "reason", err)
			return err
		}
		return nil
	})
}

// Rebuild builds a generation from the texts alone and saves it to file; what is there stays until the new one is whole. Vectors that an
// unfinished build has left beside it are used.
func Rebuild(ctx context.Context, corpus fs.FS, file string, opt Options) (ix *Index, err error) {
	var unsaved error
	ix, err = opt.build(ctx, corpus, file, nil, func(ix *Index) error {
		unsaved = ix.Save(file)
		return unsaved
	})
	return ix, errors.Join(err, unsaved)
}

// SameModel reports whether an embedder gives the first text of the generation in file the vector that it has there: a learned model can
// be another one under the same name. A generation of an embedder with another id is ErrStale.
func SameModel(ctx context.Context, file string, e embed.Embedder) (bool, error) {
	ix, err := open(disk.Real{}, file, Manifest{Format: format, Embedder: e.ID()}.vectorsServe)
	if err != nil || len(ix.Articles) == 0 || len(ix.Passages) == 0 {
		return true, err
	}
	vs, err := e.Embed(ctx, []string{BodyText(ix.Articles[0].Title, &ix.Passages[0])})
	if err != nil {
		return false, err
	}
	return len(vs) == 1 && learned.Same(vs[0], ix.flat[:ix.dim]), nil
}

// Unfinished is what the name of a file with an unfinished build's vectors has after the generation's.
const Unfinished = ".vec"

// build builds a generation and saves it, if there is a file. The vectors kept for the case of a fault go when it is saved.
func (o Options) build(ctx context.Context, corpus fs.FS, file string, old *Index, save func(*Index) error) (*Index, error) {
	c, err := article.Load(corpus)
	if err != nil {
		return nil, err
	}
	if o.Learned == nil {
		ix, err := Build(ctx, c, old, o)
		if err == nil && file != "" {
			_ = save(ix) // it has said so itself
		}
		return ix, err
	}
	aside := ""
	if file != "" {
		aside = file + Unfinished
	}
	how := *o.Learned
	how.Log = o.log()
	k := learned.Keep(aside, o.Embedder, how)
	defer k.Close()
	o.Embedder = k
	ix, err := Build(ctx, c, old, o)
	if err == nil && file != "" && save(ix) == nil {
		k.Remove()
	}
	return ix, err
}
