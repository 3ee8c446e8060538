package index

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"kildesvar/internal/article"
)

// Ensure opens the generation in file if it fits the corpus, and otherwise builds it and saves it there. An empty file
// name means that nothing is kept. A generation that cannot be saved is used all the same, with a warning in the log:
// a full or read-only disk must not keep anybody from an answer.
func Ensure(ctx context.Context, corpus fs.FS, file string, opt Options) (*Index, error) {
	return ensure(ctx, disk{}, corpus, file, opt)
}

func ensure(ctx context.Context, fsys fileSystem, corpus fs.FS, file string, opt Options) (*Index, error) {
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
	c, err := article.Load(corpus)
	if err != nil {
		return nil, err
	}
	ix, err := Build(ctx, c, old, opt)
	if err != nil || file == "" {
		return ix, err
	}
	if err := ix.save(fsys, file); err != nil {
		log.Warn("generation is not kept", "reason", err)
	}
	return ix, nil
}
