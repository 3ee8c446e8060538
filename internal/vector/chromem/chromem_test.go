package chromem_test

import (
	"testing"

	"kildesvar/internal/vector"
	"kildesvar/internal/vector/chromem"
	"kildesvar/internal/vector/vectortest"
)

func TestStore(t *testing.T) {
	vectortest.Run(t, func(t *testing.T, dim int) vector.Store {
		s, err := chromem.New(dim)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}
