// Package lexical ranks documents by the words they share with a query: BM25 over the terms of Danish analysis.
//
// A document is whatever its caller numbers (a passage, an entry question). One Index holds one field; weighing fields
// against each other is retrieval's. It leaves language to danish and files to index, but knows its own binary form.
//
// Invariants: documents are numbered 0..N-1 in the order added; an Index is immutable and safe for concurrent use;
// scores are never negative. BM25 as in Robertson & Zaragoza (2009), »The Probabilistic Relevance Framework«, with the
// idf of Lucene (never negative); k1 = 1.2, b = 0.75.
package lexical

import (
	"sort"
)

const (
	k1 = 1.2
	b  = 0.75
	// tfUnit is the precision of stored term frequencies: halves, because constituents of compounds count half.
	tfUnit = 0.5
)

// Index is one field's inverted index.
type Index struct {
	keys   []uint64 // sorted
	starts []uint32 // postings of keys[i] are [starts[i], starts[i+1])
	docs   []uint32
	tfs    []uint8 // in tfUnit, saturating
	lens   []float32
	norms  []float32 // k1·(1-b+b·len/average), derived
}

// Builder collects documents for an Index. It is not safe for concurrent use.
type Builder struct {
	postings map[Key]*postings
	lens     []float32
	total    int
}

type postings struct {
	docs []uint32
	tfs  []uint8
}

// NewBuilder returns an empty Builder.
func NewBuilder() *Builder { return &Builder{postings: make(map[Key]*postings), lens: []float32{}} }

// Add appends the next document, given as its terms with their frequencies, each key once.
func (bu *Builder) Add(terms []Weighted) {
	doc := uint32(len(bu.lens))
	var length float32
	for _, t := range terms {
		length += t.Weight
		p := bu.postings[t.Key]
		if p == nil {
			p = &postings{}
			bu.postings[t.Key] = p
		}
		p.docs = append(p.docs, doc)
		p.tfs = append(p.tfs, uint8(min(t.Weight/tfUnit+0.5, 255)))
	}
	bu.lens = append(bu.lens, length)
	bu.total += len(terms)
}

// Build returns the Index of all documents added. The Builder is spent: its postings are released as they are copied.
func (bu *Builder) Build() *Index {
	ix := &Index{lens: bu.lens, keys: make([]uint64, 0, len(bu.postings)), starts: make([]uint32, 1, len(bu.postings)+1),
		docs: make([]uint32, 0, bu.total), tfs: make([]uint8, 0, bu.total)}
	for k := range bu.postings {
		ix.keys = append(ix.keys, uint64(k))
	}
	sort.Slice(ix.keys, func(i, j int) bool { return ix.keys[i] < ix.keys[j] })
	for _, k := range ix.keys {
		p := bu.postings[Key(k)]
		ix.docs = append(ix.docs, p.docs...)
		ix.tfs = append(ix.tfs, p.tfs...)
		ix.starts = append(ix.starts, uint32(len(ix.docs)))
		delete(bu.postings, Key(k))
	}
	ix.derive()
	return ix
}

func (ix *Index) derive() {
	var sum float64
	for _, l := range ix.lens {
		sum += float64(l)
	}
	avg := float32(1)
	if sum > 0 {
		avg = float32(sum / float64(len(ix.lens)))
	}
	ix.norms = make([]float32, len(ix.lens))
	for i, l := range ix.lens {
		ix.norms[i] = k1 * (1 - b + b*l/avg)
	}
}

// Len is the number of documents.
func (ix *Index) Len() int { return len(ix.lens) }

// find returns the bounds of a key's postings; equal bounds mean that no document has it.
func (ix *Index) find(k Key) (from, to uint32) {
	i := sort.Search(len(ix.keys), func(i int) bool { return ix.keys[i] >= uint64(k) })
	if i == len(ix.keys) || ix.keys[i] != uint64(k) {
		return 0, 0
	}
	return ix.starts[i], ix.starts[i+1]
}

// DocFreq is the number of documents with the term.
func (ix *Index) DocFreq(k Key) int {
	from, to := ix.find(k)
	return int(to - from)
}

// Has reports whether a document has the term.
func (ix *Index) Has(k Key, doc int) bool {
	from, to := ix.find(k)
	docs := ix.docs[from:to]
	i := sort.Search(len(docs), func(i int) bool { return docs[i] >= uint32(doc) })
	return i < len(docs) && docs[i] == uint32(doc)
}

// IDF is the weight of a term: ln(1 + (N-df+0.5)/(df+0.5)), at least 0, highest for a term that no document has.
func (ix *Index) IDF(k Key) float32 { return ix.idf(ix.DocFreq(k)) }

func (ix *Index) idf(df int) float32 {
	n := float64(len(ix.lens))
	return float32(ln(1 + (n-float64(df)+0.5)/(float64(df)+0.5)))
}

// Score adds every document's BM25 score for the query to scores, which must have length Len.
func (ix *Index) Score(query []Weighted, scores []float32) {
	for _, q := range query {
		from, to := ix.find(q.Key)
		if from == to {
			continue
		}
		weight := q.Weight * ix.idf(int(to-from)) * (k1 + 1)
		docs, tfs := ix.docs[from:to], ix.tfs[from:to]
		for i, d := range docs {
			tf := float32(tfs[i]) * tfUnit
			scores[d] += weight * tf / (tf + ix.norms[d])
		}
	}
}

// Ceiling is the score a document would approach that consists of the query's terms: the sum of weight·idf·(k1+1)/(1+k1).
// Terms no document has count with their (highest) idf, so that Score/Ceiling says how much of a query is met.
func (ix *Index) Ceiling(query []Weighted) float32 {
	var sum float32
	for _, q := range query {
		sum += q.Weight * ix.IDF(q.Key)
	}
	return sum
}

// Share is how much of a list of terms, by weight and idf, is among others: 0 to 1, and 0 for an empty list.
func (ix *Index) Share(of []Weighted, in map[Key]bool) float64 {
	var all, hit float32
	for _, t := range of {
		w := t.Weight * ix.IDF(t.Key)
		all += w
		if in[t.Key] {
			hit += w
		}
	}
	if all == 0 {
		return 0
	}
	return float64(hit / all)
}

// Keys are the terms of lists.
func Keys(lists ...[]Weighted) map[Key]bool {
	in := map[Key]bool{}
	for _, l := range lists {
		for _, t := range l {
			in[t.Key] = true
		}
	}
	return in
}
