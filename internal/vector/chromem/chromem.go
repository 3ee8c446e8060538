// Package chromem keeps vectors in an in-memory chromem-go collection.
//
// Persistence is the index's duty: chromem's own writes one file a document in place, without fsync, under 32 bits of
// the id's hash. Vectors are checked on the way in, because chromem answers a wrong length only when queried and a
// zero vector with NaN.
//
// Dependency: philippgille/chromem-go, the vector store the project is built on.
package chromem

import (
	"context"
	"fmt"
	"math"
	"sort"
	"strconv"

	"github.com/philippgille/chromem-go"

	"kildesvar/internal/vector"
)

// unit is how far from 1 a vector's length may be; float32 sums of a few thousand values stay well inside it.
const unit = 1e-3

// Store is a vector.Store over one chromem collection.
type Store struct {
	dim  int
	col  *chromem.Collection
	ids  map[int]bool // every id added
	zero map[int]bool // ids whose vector is all zeros and therefore not in the collection
}

var _ vector.Store = (*Store)(nil)

// New returns an empty store for vectors of length dim.
func New(dim int) (*Store, error) {
	// The collection's own embedder is never asked: every document comes with its vector.
	refuse := func(context.Context, string) ([]float32, error) {
		return nil, fmt.Errorf("chromem was asked to embed a text")
	}
	col, err := chromem.NewDB().CreateCollection("passages", nil, refuse)
	if err != nil {
		return nil, fmt.Errorf("create collection: %w", err)
	}
	return &Store{dim: dim, col: col, ids: map[int]bool{}, zero: map[int]bool{}}, nil
}

// Len is the number of ids added.
func (s *Store) Len() int { return len(s.ids) }

// Add stores v under id. The slice is kept: the caller must not change it afterwards.
func (s *Store) Add(ctx context.Context, id int, v []float32) error {
	isZero, err := s.check(v)
	if err != nil {
		return fmt.Errorf("add vector %d: %w", id, err)
	}
	key := strconv.Itoa(id)
	if isZero {
		if s.ids[id] && !s.zero[id] {
			if err := s.col.Delete(ctx, nil, nil, key); err != nil {
				return fmt.Errorf("replace vector %d: %w", id, err)
			}
		}
		s.ids[id], s.zero[id] = true, true
		return nil
	}
	if err := s.col.AddDocument(ctx, chromem.Document{ID: key, Embedding: v}); err != nil {
		return fmt.Errorf("add vector %d: %w", id, err)
	}
	s.ids[id] = true
	delete(s.zero, id)
	return nil
}

// check reports whether v is all zeros, or why it cannot be used.
func (s *Store) check(v []float32) (zero bool, err error) {
	if len(v) != s.dim {
		return false, fmt.Errorf("%w: %d, want %d", vector.ErrDimension, len(v), s.dim)
	}
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		return true, nil
	}
	if math.IsNaN(sum) || math.Abs(math.Sqrt(sum)-1) > unit {
		return false, vector.ErrVector
	}
	return false, nil
}

// Search returns the n nearest vectors.
func (s *Store) Search(ctx context.Context, query []float32, n int) ([]vector.Match, error) {
	zero, err := s.check(query)
	if err != nil {
		return nil, fmt.Errorf("search vectors: %w", err)
	}
	n = min(n, s.col.Count())
	if zero || n <= 0 {
		return nil, ctx.Err()
	}
	// Of equal vectors at the end chromem returns any: more are asked for until the last is worse than the n-th.
	for ask := n + 1; ; ask *= 2 {
		out, err := s.nearest(ctx, query, min(ask, s.col.Count()))
		if err != nil {
			return nil, fmt.Errorf("search vectors: %w", err)
		}
		if ask >= s.col.Count() || out[len(out)-1].Similarity < out[n-1].Similarity {
			return out[:n], nil
		}
	}
}

// nearest returns n matches in order.
func (s *Store) nearest(ctx context.Context, query []float32, n int) ([]vector.Match, error) {
	found, err := s.col.QueryEmbedding(ctx, query, n, nil, nil)
	// A cancelled query returns neither hits nor an error.
	if ctxErr := ctx.Err(); ctxErr != nil {
		return nil, ctxErr
	}
	if err != nil {
		return nil, err
	}
	if len(found) != n {
		return nil, fmt.Errorf("chromem found %d of %d", len(found), n)
	}
	out := make([]vector.Match, 0, len(found))
	for _, r := range found {
		id, err := strconv.Atoi(r.ID)
		if err != nil {
			return nil, fmt.Errorf("id %q: %w", r.ID, err)
		}
		out = append(out, vector.Match{ID: id, Similarity: r.Similarity})
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Similarity != out[j].Similarity {
			return out[i].Similarity > out[j].Similarity
		}
		return out[i].ID < out[j].ID
	})
	return out, nil
}

// Score compares the query with the given ids only, which is what keeps large collections fast.
func (s *Store) Score(ctx context.Context, query []float32, ids []int) ([]float32, error) {
	zero, err := s.check(query)
	if err != nil {
		return nil, fmt.Errorf("score vectors: %w", err)
	}
	out := make([]float32, len(ids))
	if zero {
		return out, ctx.Err()
	}
	for i, id := range ids {
		if !s.ids[id] || s.zero[id] {
			continue
		}
		doc, err := s.col.GetByID(ctx, strconv.Itoa(id))
		if err != nil {
			return nil, fmt.Errorf("score vector %d: %w", id, err)
		}
		var dot float32
		for j, x := range doc.Embedding {
			dot += x * query[j]
		}
		out[i] = dot
	}
	return out, ctx.Err()
}
