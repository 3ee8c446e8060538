package langchain

import (
	"bytes"
	"fmt"
	"testing"

	"kildesvar/internal/llm"
)

// BenchmarkStream is what guard and langchaingo together take for a streamed answer of 400 pieces, network apart.
func BenchmarkStream(b *testing.B) {
	var body bytes.Buffer
	for i := range 400 {
		fmt.Fprintf(&body, "data: {\"id\":\"x\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ord%d \"},\"finish_reason\":null}]}\n\n", i)
	}
	body.WriteString("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
	g, err := New(llm.Spec{Provider: llm.OpenAI, Model: "m"}, Options{OpenAIKey: "k"})
	if err != nil {
		b.Fatal(err)
	}
	g.client.http.Transport.(*guard).next = canned{body.Bytes(), false}
	r := short
	r.Stream = func(string) error { return nil }
	b.SetBytes(int64(body.Len()))
	for b.Loop() {
		if _, err := g.Generate(b.Context(), r); err != nil {
			b.Fatal(err)
		}
	}
}
