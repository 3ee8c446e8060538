// Package learned is what an embedder that is asked over a network needs around it: Keeper for the texts of articles, which are many and
// dear, and Asker for questions, which are few and must not wait.
//
// A Keeper asks for a bounded number of texts and bytes at a time, a bounded number of requests side by side, and writes every vector to
// a file as soon as it has it: a build that was killed or failed goes on where it stopped. The file stands beside the generation and is
// removed once that is saved, because the generation holds the same vectors with hashes of their texts, and a later build takes those
// that still fit from there; kept on, it would take the same place again and hold texts that editors have taken out. What is read from it is
// believed only if its checksum, its length and its dimension are right, and if the model still gives one of the texts the same vector: a
// model can be another one under the same name.
//
// An Asker remembers the vectors of the latest questions, in memory, and leaves a provider that fails alone for a while. It does not wait
// longer than its context; how long a question waits is retrieval's to say.
//
// Requests, repeated tries, deadlines of a single call and the reading of answers are the adapter's (llm/langchain); this package
// knows no provider.
package learned

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"sync"

	"kildesvar/internal/embed"
)

// Options of a Keeper. Zero values are those named.
type Options struct {
	Texts    int   // texts in a request; 0: 64
	Bytes    int   // bytes of text in a request, unless a single text has more; 0: 200,000
	Together int   // requests side by side; 0: 4
	MaxBytes int64 // of the file: vectors beyond it are used and not kept; 0: 2 GiB, room for 340,000 vectors of 1,536 numbers
	Log      *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.Texts <= 0 {
		o.Texts = 64
	}
	if o.Bytes <= 0 {
		o.Bytes = 200_000
	}
	if o.Together <= 0 {
		o.Together = 4
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 2 << 30
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// ErrVector is returned for a vector of another length than the embedder's, or not of length 1.
var ErrVector = errors.New("not a vector of the embedder's")

// Keeper is an embedder that keeps what it made. It is safe for concurrent use.
type Keeper struct {
	embed.Embedder
	o     Options
	slots chan struct{}

	mu     sync.Mutex
	file   *file // nil when nothing is kept, or no longer
	probed bool
	full   bool
	reused int
}

// Keep wraps an embedder; vectors are kept in the file with that name, which need not exist. An empty name keeps nothing, and so does a
// file that cannot be used or that another process is building with: that costs requests, nothing else, and is logged.
func Keep(name string, e embed.Embedder, o Options) *Keeper {
	return keep(name, e, o, openDisk)
}

func keep(name string, e embed.Embedder, o Options, open opener) *Keeper {
	o = o.withDefaults()
	k := &Keeper{Embedder: e, o: o, slots: make(chan struct{}, o.Together)}
	if name == "" {
		return k
	}
	f, err := openFile(name, e.ID(), e.Dim(), o.MaxBytes, open)
	if err != nil {
		o.Log.Warn("vectors of this build are not kept", "reason", err)
		return k
	}
	if n := f.len(); n > 0 || f.broken > 0 {
		o.Log.Info("a build that was not finished goes on", "vectors", n, "damaged", f.broken)
	}
	k.file = f
	return k
}

// Reused counts the vectors that were taken from the file.
func (k *Keeper) Reused() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.reused
}

// Close leaves the file for the next build.
func (k *Keeper) Close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.file != nil {
		k.file.close()
		k.file = nil
	}
}

// Remove closes and removes the file: its vectors are safe elsewhere. What cannot be removed is logged and does no harm.
func (k *Keeper) Remove() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.file == nil {
		return
	}
	if err := k.file.remove(); err != nil {
		k.o.Log.Warn("the file with an unfinished build's vectors stays", "reason", err)
	}
	k.file = nil
}

// Embed is as embed.Embedder has it. Vectors that were made before an error are kept.
func (k *Keeper) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	want := map[string][]int{} // text → where it stands
	var order []string
	for i, text := range texts {
		if strings.TrimSpace(text) == "" {
			out[i] = make([]float32, k.Dim())
			continue
		}
		if want[text] == nil {
			order = append(order, text)
		}
		want[text] = append(want[text], i)
	}
	if err := k.probe(ctx, order); err != nil {
		return nil, err
	}
	var missing []string
	for _, text := range order {
		v := k.known(text)
		if v == nil {
			missing = append(missing, text)
			continue
		}
		for _, i := range want[text] {
			out[i] = v
		}
	}
	err := k.each(ctx, k.requests(missing), func(ctx context.Context, request []string) error {
		vs, err := k.make(ctx, request)
		if err != nil {
			return err
		}
		for j, v := range vs {
			for _, i := range want[request[j]] {
				out[i] = v
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// requests parts texts into requests.
func (k *Keeper) requests(texts []string) (out [][]string) {
	first, size := 0, 0
	for i, text := range texts {
		if i > first && (i-first == k.o.Texts || size+len(text) > k.o.Bytes) {
			out = append(out, texts[first:i])
			first, size = i, 0
		}
		size += len(text)
	}
	if first < len(texts) {
		out = append(out, texts[first:])
	}
	return out
}

// each makes the requests, some side by side, and returns the first error after all that had begun have ended.
func (k *Keeper) each(parent context.Context, requests [][]string, do func(context.Context, []string) error) error {
	ctx, stop := context.WithCancelCause(parent)
	defer stop(nil)
	var running sync.WaitGroup
	for _, r := range requests { // in order
		if !k.enter(ctx) {
			break
		}
		running.Go(func() {
			defer k.leave()
			if err := do(ctx, r); err != nil {
				stop(err) // the first one stays
			}
		})
	}
	running.Wait()
	if ctx.Err() != nil {
		return fmt.Errorf("embed: %w", context.Cause(ctx))
	}
	return nil
}

// enter waits for a turn; it is false when ctx ends first.
func (k *Keeper) enter(ctx context.Context) bool {
	select {
	case k.slots <- struct{}{}:
		if ctx.Err() == nil {
			return true
		}
		k.leave()
	case <-ctx.Done():
	}
	return false
}

func (k *Keeper) leave() { <-k.slots }

// make asks for the vectors of one request, checks them and keeps them.
func (k *Keeper) make(ctx context.Context, texts []string) ([][]float32, error) {
	vs, err := k.Embedder.Embed(ctx, texts)
	if err != nil {
		return nil, err
	}
	if len(vs) != len(texts) {
		return nil, fmt.Errorf("%w: %d vectors for %d texts by %s", ErrVector, len(vs), len(texts), k.ID())
	}
	for _, v := range vs {
		if err := check(v, k.Dim()); err != nil {
			return nil, fmt.Errorf("%s: %w", k.ID(), err)
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.file == nil {
		return vs, nil
	}
	switch err := k.file.add(texts, vs); {
	case errors.Is(err, errFull):
		if !k.full {
			k.full = true
			k.o.Log.Warn("no more vectors of this build are kept", "reason", err)
		}
	case err != nil: // what is in it stays good
		k.o.Log.Warn("no more vectors of this build are kept", "reason", err)
		k.file.close()
		k.file = nil
	}
	return vs, nil
}

// unit is how far from 1 a vector's length may be.
const unit = 1e-3

// check wants a vector of the dimension, of length 1.
func check(v []float32, dim int) error {
	if len(v) != dim {
		return fmt.Errorf("%w: %d dimensions, not %d", ErrVector, len(v), dim)
	}
	if sum := dot(v, v); !(math.Abs(math.Sqrt(sum)-1) <= unit) { // NaN is not
		return fmt.Errorf("%w: length %.4g, not 1", ErrVector, math.Sqrt(sum))
	}
	return nil
}

func dot(a, b []float32) (sum float64) {
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

// known is the kept vector of a text, or nil.
func (k *Keeper) known(text string) []float32 {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.file == nil {
		return nil
	}
	v := k.file.get(text)
	if v != nil {
		k.reused++
	}
	return v
}

// Same reports whether two vectors of one text can be the same model's. Models on other processors, or in other company in a request,
// differ in the last digits; another model's vectors stand at any angle.
func Same(a, b []float32) bool { return len(a) == len(b) && dot(a, b) > 0.99 }

// probe asks once for a vector that is kept from before. If the model gives another one, all are thrown away.
func (k *Keeper) probe(ctx context.Context, texts []string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.probed || k.file == nil {
		return nil
	}
	for _, text := range texts {
		v := k.file.get(text)
		if v == nil || !k.file.old(text) {
			continue
		}
		now, err := k.Embedder.Embed(ctx, []string{text})
		if err != nil {
			return fmt.Errorf("embed: %w", err)
		}
		if k.probed = true; len(now) == 1 && Same(now[0], v) {
			return nil
		}
		k.o.Log.Warn("the model has changed since the build began; it begins again", "embedder", k.ID())
		if err := k.file.clear(); err != nil {
			k.o.Log.Warn("vectors of this build are not kept", "reason", err)
			k.file.close()
			k.file = nil
		}
		return nil
	}
	return nil
}
