package alignment

import "kildesvar/internal/verify/reading"

// Judgement is one sentence held against one window.
type Judgement struct {
	M       *Matcher
	S, W    *reading.Text
	Win     Window
	Links   []Link        // of each token of the sentence
	Covered map[int]int   // token of the passages → the sentence's token that it meets
	Have    reading.Class // classes of all marks of the window
	Faults  []Fault
	Doubts  []Fault // what may be a fault
	Feature Features
}

// Align holds the sentence against a window, with no faults yet.
func (m *Matcher) Align(win Window) *Judgement {
	j := &Judgement{M: m, S: m.S, W: m.W, Win: win, Covered: map[int]int{}}
	j.align()
	for _, sent := range win.Sents {
		for _, k := range j.W.MarksIn(sent) {
			j.Have |= k.Class
		}
	}
	return j
}

// maxFaults bounds what is told of one sentence.
const maxFaults = 20

// Fault records what is wrong at a token of the sentence.
func (j *Judgement) Fault(k Kind, tok int) {
	t := j.S.Toks[tok]
	j.AddFault(Fault{Kind: k, Text: t.Raw, Offset: t.Start})
}

// Missing records a word of the passages that the sentence lacks.
func (j *Judgement) Missing(k Kind, pos int) {
	j.AddFault(Fault{Kind: k, Text: j.W.Toks[pos].Raw, Offset: -1})
}

// AddFault records a fault once.
func (j *Judgement) AddFault(f Fault) {
	if len(j.Faults) >= maxFaults {
		return
	}
	for _, old := range j.Faults {
		if old == f {
			return
		}
	}
	j.Faults = append(j.Faults, f)
}

// align chooses for each word of the sentence which word of the window it meets: the one that meets it best, in the sentence
// that meets its clause best, and nearest to the word before.
func (j *Judgement) align() {
	j.Links = make([]Link, len(j.S.Toks))
	home := j.Homes()
	prev := -1
	for i := range j.S.Toks {
		k := &j.S.Toks[i]
		l := j.M.Best[home[i]][i]
		for _, sent := range j.Win.Sents {
			if o := j.M.Best[sent][i]; o.Strength > l.Strength {
				l = o
			}
		}
		if l.Pos >= 0 && l.Strength == reading.SameWord && k.Number == 0 && prev >= 0 {
			l.Pos = j.nearest(i, l.Pos, prev)
		}
		j.Links[i] = l
		if l.Pos >= 0 && l.Strength >= Met {
			if _, ok := j.Covered[l.Pos]; !ok {
				j.Covered[l.Pos] = i
			}
			prev = l.Pos
		}
	}
}

// Homes gives for each token the sentence of the window that meets its clause best.
func (j *Judgement) Homes() []int {
	out := make([]int, len(j.S.Toks))
	for from := 0; from < len(out); {
		to := from
		for to < len(out) && j.S.Toks[to].Clause == j.S.Toks[from].Clause {
			to++
		}
		home, most := j.Win.Sents[0], -1.0
		for _, sent := range j.Win.Sents {
			sum := 0.0
			for i := from; i < to; i++ {
				sum += j.S.Toks[i].Weight * j.M.Best[sent][i].Strength
			}
			if sum > most {
				home, most = sent, sum
			}
		}
		for i := from; i < to; i++ {
			out[i] = home
		}
		from = to
	}
	return out
}

// nearest is the place of the same word in the same sentence that has most of the word's neighbours, and of those the one
// nearest behind prev. It looks at the first places only, so that texts that repeat themselves take no longer.
func (j *Judgement) nearest(i, pos, prev int) int {
	want := j.W.Toks[pos].W.Key
	sp := j.W.Sents[j.W.Toks[pos].Sent]
	best, least, most := pos, distance(pos, prev), j.company(i, pos)
	tries := 0
	for p := pos + 1; p < sp.To && tries < 8; p++ {
		if j.W.Toks[p].W.Key != want || j.W.Toks[p].Number > 0 {
			continue
		}
		tries++
		if n, d := j.company(i, p), distance(p, prev); n > most || n == most && d < least {
			best, least, most = p, d, n
		}
	}
	return best
}

// company is how many of the three words on each side of word i stand near place p too.
func (j *Judgement) company(i, p int) int {
	n := 0
	for a := max(0, i-3); a < min(len(j.S.Toks), i+4); a++ {
		for q := max(0, p-3); a != i && q < min(len(j.W.Toks), p+4); q++ {
			if j.S.Toks[a].W.Key == j.W.Toks[q].W.Key && q != p {
				n++
				break
			}
		}
	}
	return n
}

// distance prefers what comes after.
func distance(p, prev int) int {
	if p > prev {
		return p - prev
	}
	return 2 * (prev - p + 1)
}

// IsMet reports whether a token of the sentence is met in the window.
func (j *Judgement) IsMet(i int) bool { return j.Links[i].Pos >= 0 && j.Links[i].Strength >= Met }

// InWindow reports whether the window has the sentence.
func (j *Judgement) InWindow(sent int) bool {
	for _, s := range j.Win.Sents {
		if s == sent {
			return true
		}
	}
	return false
}

// Touches reports whether a mark of the sentence and one of the passages are about the same: a word of the one's scope meets
// a word of the other's, or of its clause when wide.
func (j *Judgement) Touches(s, w *reading.Mark, wide bool) bool {
	for _, i := range s.Scope {
		if !j.IsMet(i) {
			continue
		}
		p := j.Links[i].Pos
		if wide && j.W.Toks[p].Clause == j.W.Toks[w.Pos].Clause {
			return true
		}
		for _, q := range w.Scope {
			if p == q || j.W.Toks[p].W.Key == j.W.Toks[q].W.Key {
				return true
			}
		}
	}
	return false
}

// MetShare is the weighted share of a mark's scope that is met in the window.
func (j *Judgement) MetShare(s *reading.Mark) float64 {
	var sum, hit float64
	for _, i := range s.Scope {
		sum += j.S.Toks[i].Weight
		if j.IsMet(i) {
			hit += j.S.Toks[i].Weight
		}
	}
	if sum == 0 {
		return 0
	}
	return hit / sum
}

// CoveredShare is the weighted share of the scope of a mark of the passages that the sentence has.
func (j *Judgement) CoveredShare(w *reading.Mark) float64 {
	var sum, hit float64
	for _, p := range w.Scope {
		sum += j.W.Toks[p].Weight
		if _, ok := j.Covered[p]; ok {
			hit += j.W.Toks[p].Weight
		}
	}
	if sum == 0 {
		return 0
	}
	return hit / sum
}

// WindowMarks are the marks of the window that have one of the classes.
func (j *Judgement) WindowMarks(c reading.Class) []*reading.Mark {
	var out []*reading.Mark
	for _, sent := range j.Win.Sents {
		in := j.W.MarksIn(sent)
		for i := range in {
			if in[i].Class&c != 0 {
				out = append(out, &in[i])
			}
		}
	}
	return out
}

// SentenceMarks are the marks of the sentence that have one of the classes.
func (j *Judgement) SentenceMarks(c reading.Class) []*reading.Mark {
	var out []*reading.Mark
	for i := range j.S.Marks {
		if j.S.Marks[i].Class&c != 0 {
			out = append(out, &j.S.Marks[i])
		}
	}
	return out
}
