package verify

// judgement is one sentence held against one window.
type judgement struct {
	m       *matcher
	s, w    *text
	win     window
	links   []link      // of each token of the sentence
	covered map[int]int // token of the passages → the sentence's token that it meets
	have    class       // classes of all marks of the window
	faults  []Fault
	feature features
}

// maxFaults bounds what is told of one sentence.
const maxFaults = 20

// fault records what is wrong at a token of the sentence.
func (j *judgement) fault(k Kind, tok int) {
	t := j.s.toks[tok]
	j.addFault(Fault{k, t.raw, t.start})
}

// missing records a word of the passages that the sentence lacks.
func (j *judgement) missing(k Kind, pos int) { j.addFault(Fault{k, j.w.toks[pos].raw, -1}) }

func (j *judgement) addFault(f Fault) {
	if len(j.faults) >= maxFaults {
		return
	}
	for _, old := range j.faults {
		if old == f {
			return
		}
	}
	j.faults = append(j.faults, f)
}

// align chooses for each word of the sentence which word of the window it meets: the one that meets it best, in the sentence
// that meets its clause best, and nearest to the word before.
func (j *judgement) align() {
	j.links = make([]link, len(j.s.toks))
	home := j.homes()
	prev := -1
	for i := range j.s.toks {
		k := &j.s.toks[i]
		l := j.m.best[home[i]][i]
		for _, sent := range j.win.sents {
			if o := j.m.best[sent][i]; o.strength > l.strength {
				l = o
			}
		}
		if l.pos >= 0 && l.strength == sameWord && k.number == 0 && prev >= 0 {
			l.pos = j.nearest(i, l.pos, prev)
		}
		j.links[i] = l
		if l.pos >= 0 && l.strength >= met {
			if _, ok := j.covered[l.pos]; !ok {
				j.covered[l.pos] = i
			}
			prev = l.pos
		}
	}
}

// homes gives for each token the sentence of the window that meets its clause best.
func (j *judgement) homes() []int {
	out := make([]int, len(j.s.toks))
	for from := 0; from < len(out); {
		to := from
		for to < len(out) && j.s.toks[to].clause == j.s.toks[from].clause {
			to++
		}
		home, most := j.win.sents[0], -1.0
		for _, sent := range j.win.sents {
			sum := 0.0
			for i := from; i < to; i++ {
				sum += j.s.toks[i].weight * j.m.best[sent][i].strength
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
func (j *judgement) nearest(i, pos, prev int) int {
	want := j.w.toks[pos].w.key
	sp := j.w.sents[j.w.toks[pos].sent]
	best, least, most := pos, distance(pos, prev), j.company(i, pos)
	tries := 0
	for p := pos + 1; p < sp.to && tries < 8; p++ {
		if j.w.toks[p].w.key != want || j.w.toks[p].number > 0 {
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
func (j *judgement) company(i, p int) int {
	n := 0
	for a := max(0, i-3); a < min(len(j.s.toks), i+4); a++ {
		for q := max(0, p-3); a != i && q < min(len(j.w.toks), p+4); q++ {
			if j.s.toks[a].w.key == j.w.toks[q].w.key && q != p {
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

// isMet reports whether a token of the sentence is met in the window.
func (j *judgement) isMet(i int) bool { return j.links[i].pos >= 0 && j.links[i].strength >= met }

// inWindow reports whether the window has the sentence.
func (j *judgement) inWindow(sent int) bool {
	for _, s := range j.win.sents {
		if s == sent {
			return true
		}
	}
	return false
}

// touches reports whether a mark of the sentence and one of the passages are about the same: a word of the one's scope meets
// a word of the other's, or of its clause when wide.
func (j *judgement) touches(s, w *mark, wide bool) bool {
	for _, i := range s.scope {
		if !j.isMet(i) {
			continue
		}
		p := j.links[i].pos
		if wide && j.w.toks[p].clause == j.w.toks[w.pos].clause {
			return true
		}
		for _, q := range w.scope {
			if p == q || j.w.toks[p].w.key == j.w.toks[q].w.key {
				return true
			}
		}
	}
	return false
}

// metShare is the weighted share of a mark's scope that is met in the window.
func (j *judgement) metShare(s *mark) float64 {
	var sum, hit float64
	for _, i := range s.scope {
		sum += j.s.toks[i].weight
		if j.isMet(i) {
			hit += j.s.toks[i].weight
		}
	}
	if sum == 0 {
		return 0
	}
	return hit / sum
}

// coveredShare is the weighted share of the scope of a mark of the passages that the sentence has.
func (j *judgement) coveredShare(w *mark) float64 {
	var sum, hit float64
	for _, p := range w.scope {
		sum += j.w.toks[p].weight
		if _, ok := j.covered[p]; ok {
			hit += j.w.toks[p].weight
		}
	}
	if sum == 0 {
		return 0
	}
	return hit / sum
}

// windowMarks are the marks of the window that have one of the classes.
func (j *judgement) windowMarks(c class) []*mark {
	var out []*mark
	for _, sent := range j.win.sents {
		in := j.w.marksIn(sent)
		for i := range in {
			if in[i].class&c != 0 {
				out = append(out, &in[i])
			}
		}
	}
	return out
}

// sentenceMarks are the marks of the sentence that have one of the classes.
func (j *judgement) sentenceMarks(c class) []*mark {
	var out []*mark
	for i := range j.s.marks {
		if j.s.marks[i].class&c != 0 {
			out = append(out, &j.s.marks[i])
		}
	}
	return out
}
