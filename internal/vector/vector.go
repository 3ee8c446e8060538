// Package vector is the contract for a store of vectors that is searched by likeness.
//
// vector/chromem keeps them in memory; vector/vectortest holds the suite that every store must pass.
package vector

import (
	"context"
	"errors"
)

// ErrDimension is returned when a vector's length is not the store's.
var ErrDimension = errors.New("wrong number of dimensions")

// ErrVector is returned for a vector that is not of length 1 or holds a value that is no number.
var ErrVector = errors.New("not a vector of length 1")

// Match is a stored vector's likeness to a query.
type Match struct {
	ID         int     // the id it was added under
	Similarity float32 // cosine, -1 to 1
}

// Store holds vectors of length 1 under small integer ids.
//
// Search and Score are safe for concurrent use with each other, not with Add.
type Store interface {
	// Add stores a vector; an id that is there already is replaced. All-zero vectors (texts without content) are accepted
	// and never found.
	Add(ctx context.Context, id int, v []float32) error
	// Len is the number of ids added.
	Len() int
	// Search returns the n most similar vectors, best first, ties by id. Fewer are returned when the store holds fewer.
	// A zero query has no matches.
	Search(ctx context.Context, query []float32, n int) ([]Match, error)
	// Score returns the similarity of the given ids, in their order; ids not in the store and zero vectors give 0.
	Score(ctx context.Context, query []float32, ids []int) ([]float32, error)
}
