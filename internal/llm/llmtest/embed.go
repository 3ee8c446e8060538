package llmtest

import "hash/fnv"

// Embedding is a server's answer to a request for vectors.
type Embedding struct {
	Vectors  [][]float64   // one a text, in order, if nothing is wrong
	Shuffled bool          // OpenAI: the items come in another order, each with its right index
	Fault    *Misbehaviour // one that needs no text; nil: nothing
}

// Dim is the length of VectorsOf's vectors when none is asked for.
const Dim = 8

// VectorsOf makes a vector of each text that is the same every time; none has the length 1.
func VectorsOf(texts []string, dim int) [][]float64 {
	if dim == 0 {
		dim = Dim
	}
	var out [][]float64
	for _, text := range texts {
		v := make([]float64, dim)
		for i := range v {
			h := fnv.New32a()
			_, _ = h.Write(append([]byte(text), byte(i))) // never fails
			v[i] = float64(h.Sum32()%1000)/100 - 5
		}
		out = append(out, v)
	}
	return out
}

// embedder is a codec that has vectors.
type embedder interface {
	embedPath() string
	parseEmbed(body []byte) (model string, texts []string, dim int, no *refusal)
	embedded(model string, e Embedding) string
}

func (s *Server) embed(x *exchange, c embedder, body []byte) {
	model, texts, dim, no := c.parseEmbed(body)
	if no != nil {
		s.refuse(x, no)
		return
	}
	e := Embedding{Vectors: VectorsOf(texts, dim)}
	if s.Vectors != nil {
		e = s.Vectors(model, texts)
	}
	x.prompt = Prompt{Model: model}
	x.honest = []string{c.embedded(model, e)}
	if e.Fault != nil {
		e.Fault.do(x)
		return
	}
	x.send(x.honest...)
}
