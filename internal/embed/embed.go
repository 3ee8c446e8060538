// Package embed is the contract for turning text into vectors.
//
// It knows no model: embed/local is the offline embedder; learned models come through adapters of their own.
package embed

import "context"

// Embedder turns texts into vectors.
type Embedder interface {
	// ID names the embedder with everything that changes its vectors (model, dimension, version).
	// Vectors of embedders with different ids are never compared.
	ID() string
	// Dim is the length of every vector, at least 1.
	Dim() int
	// Embed returns one vector of length Dim for each text, in order, of Euclidean length 1, or all zeros for a text
	// without any content. It is safe for concurrent use.
	Embed(ctx context.Context, texts []string) ([][]float32, error)
}
