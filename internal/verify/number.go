package verify

import (
	"math"
	"sort"
	"strconv"
	"strings"

	"kildesvar/internal/danish"
)

// measure is what a number counts.
type measure string

const (
	plain   measure = ""
	year    measure = "year"
	percent measure = "percent"
	points  measure = "percentage points"
	money   measure = "money"
	section measure = "section"   // of a law: §
	clauseN measure = "paragraph" // stk.
	date    measure = "day"
	decade  measure = "decade"
)

// quantity is a number with its unit.
type quantity struct {
	low, high float64 // the same but for a range
	letter    string  // of »§ 18 a«
	unit      measure
	approx    class // around, above, below, or 0
	fraction  bool  // said as a part: »en tredjedel«, »hver femte«
	written   bool  // the unit stands in the text
	pos, n    int   // tokens
	whole     float64
}

// units are the words after a number that say what it counts.
var units = map[string]measure{"procent": percent, "pct": percent, "procents": percent, "procentpoint": points, "kroner": money, "kr": money,
	"krone": money, "euro": money, "dollar": money, "time": "hour", "timer": "hour", "timers": "hour", "dag": "day-count", "dage": "day-count",
	"uge": "week", "uger": "week", "ugers": "week", "måned": "month", "måneder": "month", "måneders": "month", "minut": "minute",
	"minutter": "minute", "kilometer": "km", "km": "km", "meter": "m", "år": "years", "års": "years", "årige": "years"}

// sizes multiply the number before them.
var sizes = map[string]float64{"mio": 1e6, "million": 1e6, "millioner": 1e6, "mia": 1e9, "milliard": 1e9, "milliarder": 1e9, "tusind": 1e3, "tusinde": 1e3, "hundrede": 100}

// parts are the names of fractions, in percent.
var parts = map[string]float64{"halvdel": 50, "halvdelen": 50, "halve": 50, "tredjedel": 100.0 / 3, "tredjedele": 100.0 / 3, "tredjedelen": 100.0 / 3,
	"fjerdedel": 25, "fjerdedele": 25, "fjerdedelen": 25, "kvart": 25, "femtedel": 20, "femtedele": 20, "sjettedel": 100.0 / 6, "tiendedel": 10,
	"tiendedele": 10, "ottendedel": 12.5, "syvendedel": 100.0 / 7}

var months = set("januar februar marts april maj juni juli august september oktober november december")

// notNumbers are numerals that mostly are none: articles and »the other«.
var notNumbers = set("en et én ét een eet anden andet første nul tredje")

// findNumbers finds the text's numbers.
func (t *text) findNumbers() {
	for i := 0; i < len(t.toks); {
		q, ok := t.quantityAt(i)
		if !ok {
			i++
			continue
		}
		q.pos = i
		q.approx = t.approximation(i)
		t.numbers = append(t.numbers, q)
		for j := i; j < i+q.n; j++ {
			t.toks[j].number = len(t.numbers)
			t.toks[j].weight = 0
			t.toks[j].name = false
		}
		t.toks[i].weight = fullWeight
		if i > 0 && t.toks[i-1].w.class&(around|above|below) != 0 {
			t.toks[i-1].weight = 0
		}
		i += q.n
	}
}

// value is the number that a token is.
func (t *text) value(i int) (float64, bool) {
	if i >= len(t.toks) {
		return 0, false
	}
	w := t.toks[i].w
	if w.digits != "" && w.digits != "0" {
		v, err := strconv.ParseFloat(w.digits, 64)
		return v, err == nil
	}
	if w.lower == "" || w.lower[0] < '0' || w.lower[0] > '9' {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(strings.ReplaceAll(w.lower, ".", ""), ",", "."), 64)
	return v, err == nil && !math.IsInf(v, 0)
}

func (t *text) digit(i int) bool {
	return i >= 0 && i < len(t.toks) && t.toks[i].raw[0] >= '0' && t.toks[i].raw[0] <= '9'
}

// quantityAt reads the number that begins at a token.
func (t *text) quantityAt(i int) (quantity, bool) {
	lower := t.lower(i)
	if lower == "§" {
		if v, ok := t.value(i + 1); ok && t.digit(i+1) {
			q := quantity{low: v, high: v, unit: section, written: true, n: 2}
			if l := t.lower(i + 2); len(l) == 1 && l >= "a" && l <= "z" && l != "i" && t.gaps[i+1] == " " {
				q.letter, q.n = l, 3
			}
			return q, true
		}
		return quantity{}, false
	}
	if p, ok := parts[lower]; ok {
		return quantity{low: p, high: p, unit: percent, fraction: true, written: true, n: 1}, true
	}
	if q, ok := t.share(i); ok {
		return q, true
	}
	v, ok := t.value(i)
	if !ok || !t.digit(i) && (notNumbers[lower] || ordinalWord(lower)) {
		return quantity{}, false
	}
	if p, ok := parts[t.lower(i+1)]; ok && v > 0 && v < 10 {
		return quantity{low: v * p, high: v * p, unit: percent, fraction: true, written: true, n: 2}, true
	}
	q := quantity{low: v, high: v, n: 1}
	if high, ok := t.value(i + 1); ok && t.digit(i) && t.digit(i+1) && strings.ContainsAny(t.gaps[i], "-–") && len(strings.TrimSpace(t.gaps[i])) <= 3 {
		q.high, q.n = high, 2
	} else if high, ok := t.value(i + 2); ok && t.digit(i+2) && t.lower(i+1) == "og" && t.lower(i-1) == "mellem" {
		q.high, q.n = high, 3
	}
	t.unitAfter(i, &q)
	if q.unit == plain && q.n == 1 && (t.lower(i+1) == "til" || t.lower(i+1) == "og" || t.lower(i+1) == "mod") && t.digit(i) {
		t.unitBeyond(i+2, &q) // »fra 3 til 7 procent«
	}
	return q, true
}

// unitBeyond takes over the unit of the number at i.
func (t *text) unitBeyond(i int, q *quantity) {
	v, ok := t.value(i)
	if !ok || !t.digit(i) {
		return
	}
	next := quantity{low: v, high: v, n: 1}
	t.unitAfter(i, &next)
	if next.unit != year && next.unit != date {
		q.unit, q.written = next.unit, next.written
	}
}

// share reads »hver femte« and »to ud af fem« as percentages.
func (t *text) share(i int) (quantity, bool) {
	if l := t.lower(i); (l == "hver" || l == "hvert") && i+1 < len(t.toks) {
		next := t.lower(i + 1)
		v, ok := t.value(i + 1)
		if next == "anden" || next == "andet" {
			v, ok = 2, true
		}
		if ok && v > 1 && (ordinalWord(next) || next == "anden" || next == "andet" || t.digit(i+1)) && units[t.lower(i+2)] == "" && t.lower(i+2) != "gang" {
			return quantity{low: 100 / v, high: 100 / v, unit: percent, fraction: true, written: true, n: 2}, true
		}
	}
	v, ok := t.value(i)
	if !ok || v < 1 {
		return quantity{}, false
	}
	skip := 0
	if t.lower(i+1) == "ud" && t.lower(i+2) == "af" {
		skip = 3
	}
	if all, ok := t.value(i + skip); skip > 0 && ok && all > v {
		return quantity{low: 100 * v / all, high: 100 * v / all, unit: percent, fraction: true, written: true, n: skip + 1, whole: v}, true
	}
	return quantity{}, false
}

// ordinalWord reports whether a word is an ordinal: »femte«, »tyvende«.
func ordinalWord(lower string) bool {
	return lower != "otte" && (strings.HasSuffix(lower, "ende") || strings.HasSuffix(lower, "te") || lower == "tredje" || lower == "fjerde") && danish.Digits(lower) != ""
}

// unitAfter reads the unit after the number at i and widens the quantity over it.
func (t *text) unitAfter(i int, q *quantity) {
	next := i + q.n
	gap := t.gaps[next-1]
	if strings.HasPrefix(strings.TrimSpace(gap), "%") {
		q.unit, q.written = percent, true
		return
	}
	if size, ok := sizes[t.lower(next)]; ok && strings.TrimSpace(gap) == "" {
		q.low, q.high, q.n = q.low*size, q.high*size, q.n+1
		next++
	}
	lower := t.lower(next)
	if u, ok := units[lower]; ok && (next == 0 || !strings.ContainsAny(t.gaps[next-1], ",;()") && (t.gaps[next-1] != ". " || sizes[t.lower(next-1)] > 0)) {
		q.unit, q.written, q.n = u, true, q.n+1
		return
	}
	prev := t.lower(i - 1)
	switch {
	case months[lower] && q.low <= 31:
		q.unit, q.written = date, true
	case prev == "stk" || prev == "stykke":
		q.unit, q.written = clauseN, true
	case prev == "paragraf":
		q.unit, q.written = section, true
	case strings.HasSuffix(lower, "erne") && len(lower) <= 4 && t.digit(i):
		q.unit, q.written, q.n = decade, true, q.n+1
	case t.digit(i) && len(t.toks[i].raw) == 4 && q.low >= 1500 && q.low <= 2100 && q.n <= 3:
		q.unit = year
	}
}

// approximation reads the word before the number at i.
func (t *text) approximation(i int) class {
	var c class
	last := sort.Search(len(t.marks), func(j int) bool { return t.marks[j].pos >= i })
	for j := last - 1; j >= 0 && t.marks[j].pos > i-5; j-- {
		m := t.marks[j]
		if end := m.pos + m.n; m.class&(around|above|below) != 0 && (end == i || end == i-1 && notNumbers[t.lower(i-1)] || m.pos+1 == i) {
			if t.lower(m.pos) == "fra" || m.n == 1 && end != i && !notNumbers[t.lower(i-1)] {
				continue
			}
			c = m.class & (around | above | below)
			if m.n > 1 {
				return c
			}
		}
	}
	return c
}

// meets reports whether the sentence's number q says no more than the passage's number p, units aside.
func (q quantity) meets(p quantity) bool {
	if q.letter != p.letter {
		return false
	}
	if q.low == q.high && p.low != p.high && q.approx != 0 && q.unit != year {
		return q.low >= p.low*0.97 && q.low <= p.high*1.03
	}
	if q.low != q.high || p.low != p.high {
		return near(q.low, p.low) && near(q.high, p.high)
	}
	s, w := q.low, p.low
	rounded := w != math.Trunc(w) && s == math.Trunc(s) && math.Abs(s-w) <= 0.5 && q.unit != year
	part := q.fraction != p.fraction && math.Abs(s-w) <= 2.5
	switch {
	case near(s, w) || rounded:
		return true
	case q.unit == year || q.unit == section:
		return false
	case q.approx != 0 && !q.fraction && digitsOf(s) > digitsOf(w):
		return false // nobody rounds 500 to 503
	case q.approx == around:
		return math.Abs(s-w) <= 0.08*math.Max(s, w) || part
	case q.approx == above && q.fraction:
		return w > s && w <= s*1.34
	case q.approx == above:
		return w > s && w <= s*1.12
	case q.approx == below && q.fraction:
		return w < s && w >= s*0.84
	case q.approx == below:
		return w < s && w >= s*0.88
	}
	return part
}

// digitsOf is how many digits a whole number has before its closing zeros; others have many.
func digitsOf(v float64) int {
	if v != math.Trunc(v) || v > 1e15 {
		return 16
	}
	return len(strings.TrimRight(strconv.FormatFloat(v, 'f', 0, 64), "0"))
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9*math.Max(1, math.Abs(a)) }

// sameUnit reports whether two numbers can count the same.
func (q quantity) sameUnit(p quantity) bool {
	a, b := q.unit, p.unit
	if a == year {
		a = plain
	}
	if b == year {
		b = plain
	}
	return a == b || a == date && b == plain || a == plain && b == date
}
