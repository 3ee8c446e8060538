package report

// linked merges n items into clusters by average linkage: the two clusters whose members are most alike on average become one, until
// no two are as alike as the threshold. It returns each cluster's members in order, clusters by their first member.
//
// alike gives the likeness of i and j with j < i, and is called once for each pair. Pairs are merged along chains of nearest neighbours
// (Murtagh 1983), which gives the same clusters as looking for the best pair each time, in O(n²) time; the half matrix of n(n-1)/2
// numbers of 4 bytes is what it holds. Ties go to the lower number, so that equal input gives equal clusters.
func linked(n int, threshold float32, alike func(i, j int) float32) [][]int {
	m := newMatrix(n, alike)
	size, gone := make([]float32, n), make([]bool, n)
	for i := range size {
		size[i] = 1
	}
	parent := make([]int, n) // of what was merged, at or above the threshold
	for i := range parent {
		parent[i] = i
	}
	var chain []int
	for start := 0; ; {
		if len(chain) == 0 {
			for start < n && gone[start] {
				start++
			}
			if start == n {
				break
			}
			chain = append(chain, start)
		}
		a := chain[len(chain)-1]
		b := m.nearest(a, gone)
		switch {
		case b < 0 || m.at(a, b) < threshold: // nothing is near enough to a, nor can be: averages do not grow
			gone[a] = true
			chain = chain[:len(chain)-1]
		case len(chain) > 1 && m.at(a, chain[len(chain)-2]) >= m.at(a, b): // each other's nearest
			b = chain[len(chain)-2]
			chain = chain[:len(chain)-2]
			a, b = min(a, b), max(a, b)
			m.merge(a, b, size, gone)
			gone[b], parent[b] = true, a
			size[a] += size[b]
		default:
			chain = append(chain, b)
		}
	}
	return gathered(parent)
}

// gathered lists the members of each cluster. A parent has a lower number than its child.
func gathered(parent []int) (out [][]int) {
	place := make([]int, len(parent))
	for i, p := range parent {
		if p == i {
			place[i] = len(out)
			out = append(out, nil)
		} else {
			place[i] = place[p]
		}
		out[place[i]] = append(out[place[i]], i)
	}
	return out
}

// matrix is the lower half of a symmetric matrix, row after row.
type matrix struct {
	n     int
	cells []float32
}

func newMatrix(n int, alike func(i, j int) float32) *matrix {
	m := &matrix{n: n, cells: make([]float32, 0, n*(n-1)/2)}
	for i := range n {
		for j := range i {
			m.cells = append(m.cells, alike(i, j))
		}
	}
	return m
}

func (m *matrix) cell(i, j int) *float32 {
	if i < j {
		i, j = j, i
	}
	return &m.cells[i*(i-1)/2+j]
}

func (m *matrix) at(i, j int) float32 { return *m.cell(i, j) }

// nearest is the item most like a among those still there; -1 if a is the last.
func (m *matrix) nearest(a int, gone []bool) int {
	best := -1
	for i := range m.n {
		if i != a && !gone[i] && (best < 0 || m.at(a, i) > m.at(a, best)) {
			best = i
		}
	}
	return best
}

// merge makes row a the average of a and b by their sizes (Lance and Williams 1967). b is to be gone after.
func (m *matrix) merge(a, b int, size []float32, gone []bool) {
	all := size[a] + size[b]
	for i := range m.n {
		if i != a && i != b && !gone[i] {
			*m.cell(a, i) = (size[a]*m.at(a, i) + size[b]*m.at(b, i)) / all
		}
	}
}
