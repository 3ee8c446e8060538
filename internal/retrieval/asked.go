package retrieval

import (
	"math"
	"sort"

	"kildesvar/internal/classify"
	"kildesvar/internal/index"
	"kildesvar/internal/lexical"
)

// askedScore is a section's best entry question.
type askedScore struct {
	stems, grams float32
	question     int
	standIn      bool
	keys         map[lexical.Key]bool // stems of the entry question
	all          []Asked              // the section's entry questions that are like the question, in no order
}

// Asked is an entry question with its likeness to the question.
type Asked struct {
	Number   int     // in the index
	Likeness float64 // 0 to 1
}

// sameWords is the likeness by stems from which a question is an entry question said in the same words.
const sameWords = 0.9

func (w Weights) value(a askedScore) float32 {
	return w.AskedStems*a.stems + w.AskedGrams*a.grams + w.Same*float32(flag(a.same()))
}

// same reports whether the question is an editor's, in the same words; words of a text that stand in for one are nobody's.
func (a askedScore) same() bool { return a.stems >= sameWords && !a.standIn }

// asked compares the question with the entry questions and gives each passage its section's best.
func (s *Searcher) asked(q *sought) map[int]askedScore {
	out, like := map[int]askedScore{}, map[int][]Asked{}
	if len(s.ix.Questions) == 0 || s.weights.AskedStems == 0 && s.weights.AskedGrams == 0 {
		return out
	}
	f := s.ix.Asked
	stems, grams := scores(f.Stems, q.Terms.Stems), scores(f.Grams, q.Terms.Grams)
	both := make([]float32, len(stems))
	for i := range both {
		both[i] = stems[i] + grams[i]
	}
	w := s.weights
	stemsOf, gramsOf := s.ix.LikeFeatures(q.Fixed(), q.Terms.Stems), index.Weighed(f.Grams, q.Terms.Grams)
	for _, i := range best(both, askedDepth) {
		if i == q.without {
			continue
		}
		t := s.ix.Analyser().Text(s.ix.Questions[i].Text)
		a := askedScore{question: i, keys: make(map[lexical.Key]bool, len(t.Stems)),
			stems: alike(stemsOf, s.ix.LikeFeatures(s.ix.Questions[i].Text, t.Stems)), grams: alike(gramsOf, index.Weighed(f.Grams, t.Grams))}
		if a.standIn = s.ix.Questions[i].StandIn; a.standIn {
			a.stems, a.grams = min(1, standInLike*a.stems), min(1, standInLike*a.grams)
		}
		for _, k := range t.Stems {
			a.keys[k.Key] = true
		}
		for p := s.ix.Questions[i].First; p < s.ix.Questions[i].Last; p++ {
			like[p] = append(like[p], Asked{i, float64(a.stems+a.grams) / 2})
			if old, ok := out[p]; !ok || w.value(a) > w.value(old) {
				out[p] = a
			}
		}
	}
	for p, a := range out {
		a.all = like[p]
		out[p] = a
	}
	return out
}

// standInLike is what likeness to a sentence or heading counts against likeness to an entry question, which has a question's words: with it
// the right article came first for 0.49 of an article's questions when its entry questions were taken away, and 0.41 without.
const standInLike = 4

// sharpness makes the likely sections of a question likelier than they were learned to be.
const sharpness = 1.2

// topicScore is how likely the question's words make a passage's section, and its article: the sum over the article's sections.
type topicScore struct{ section, article float32 }

// topics scores every passage. It tells nothing of an entry question that is to be left out, because it has learned from it.
func (s *Searcher) topics(q *sought) map[int]topicScore {
	if s.weights.Topic == 0 && s.weights.Article == 0 || q.without >= 0 {
		return nil
	}
	out := map[int]topicScore{}
	articles := map[string]float32{}
	for c, p := range s.ix.Topics.Probabilities(s.ix.TopicFeatures(q.Fixed(), q.Terms), sharpness) {
		section := s.ix.Sections[c]
		for i := section.First; i < section.Last; i++ {
			out[i] = topicScore{section: p}
		}
		articles[s.ix.Passages[section.First].Article] += p
	}
	for i, t := range out {
		t.article = articles[s.ix.Passages[i].Article]
		out[i] = t
	}
	return out
}

// alike is the cosine of two texts' terms: 1 when they say the same, however long they are.
func alike(a, b []classify.Feature) float32 {
	in := make(map[uint64]float32, len(b))
	var na, nb, dot float64
	for _, f := range b {
		in[f.Key] = f.Value
		nb += float64(f.Value) * float64(f.Value)
	}
	for _, f := range a {
		na += float64(f.Value) * float64(f.Value)
		dot += float64(f.Value) * float64(in[f.Key])
	}
	if na == 0 || nb == 0 {
		return 0
	}
	return float32(dot / math.Sqrt(na*nb))
}

// maxAsked is how many of a section's entry questions a hit keeps.
const maxAsked = 6

// mostAlike sorts entry questions by likeness and keeps the first.
func mostAlike(all []Asked) []Asked {
	sort.SliceStable(all, func(a, b int) bool { return all[a].Likeness > all[b].Likeness })
	all = all[:min(maxAsked, len(all))]
	for len(all) > 0 && all[len(all)-1].Likeness <= 0 {
		all = all[:len(all)-1]
	}
	return all
}
