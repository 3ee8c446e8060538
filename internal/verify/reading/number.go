package reading

import (
	"math"
	"sort"
	"strconv"
	"strings"

	"kildesvar/internal/danish"
)

// Measure is what a number counts.
type Measure string

// What numbers count, but for those that units names besides.
const (
	Plain   Measure = ""
	Year    Measure = "year"
	Percent Measure = "percent"
	Points  Measure = "percentage points"
	money   Measure = "money"
	Section Measure = "section"   // of a law: §
	ClauseN Measure = "paragraph" // stk.
	date    Measure = "day"
	Decade  Measure = "decade"
)

// Quantity is a number with its unit.
type Quantity struct {
	Low, High float64 // the same but for a range
	letter    string  // of »§ 18 a«
	Unit      Measure
	Approx    Class // around, above, below, or 0
	fraction  bool  // said as a part: »en tredjedel«, »hver femte«
	written   bool  // the unit stands in the text
	Pos, N    int   // tokens
	whole     float64
}

// units are the words after a number that say what it counts.
var units = map[string]Measure{"procent": Percent, "pct": Percent, "procents": Percent, "procentpoint": Points, "kroner": money, "kr": money,
	"krone": money, "euro": money, "dollar": money, "time": "hour", "timer": "hour", "timers": "hour", "dag": "day-count", "dage": "day-count",
	"uge": "week", "uger": "week", "ugers": "week", "måned": "month", "måneder": "month", "måneders": "month", "minut": "minute",
	"minutter": "minute", "kilometer": "km", "km": "km", "meter": "m", "år": "years", "års": "years", "årige": "years"}

// sizes multiply the number before them.
var sizes = map[string]float64{"mio": 1e6, "million": 1e6, "millioner": 1e6, "mia": 1e9, "milliard": 1e9, "milliarder": 1e9, "tusind": 1e3, "tusinde": 1e3, "hundrede": 100}

// parts are the names of fractions, in percent.
var parts = map[string]float64{"halvdel": 50, "halvdelen": 50, "halve": 50, "tredjedel": 100.0 / 3, "tredjedele": 100.0 / 3, "tredjedelen": 100.0 / 3,
	"fjerdedel": 25, "fjerdedele": 25, "fjerdedelen": 25, "kvart": 25, "femtedel": 20, "femtedele": 20, "sjettedel": 100.0 / 6, "tiendedel": 10,
	"tiendedele": 10, "ottendedel": 12.5, "syvendedel": 100.0 / 7}

var months = Set("januar februar marts april maj juni juli august september oktober november december")

// NotNumbers are numerals that mostly are none: articles and »the other«.
var NotNumbers = Set("en et én ét een eet anden andet første nul tredje")

// findNumbers finds the text's numbers.
func (t *Text) findNumbers() {
	for i := 0; i < len(t.Toks); {
		q, ok := t.quantityAt(i)
		if !ok {
			i++
			continue
		}
		q.Pos = i
		q.Approx = t.approximation(i)
		t.Numbers = append(t.Numbers, q)
		for j := i; j < i+q.N; j++ {
			t.Toks[j].Number = len(t.Numbers)
			t.Toks[j].Weight = 0
			t.Toks[j].Name = false
		}
		t.Toks[i].Weight = FullWeight
		if i > 0 && t.Toks[i-1].W.Class&(around|Above|Below) != 0 {
			t.Toks[i-1].Weight = 0
		}
		i += q.N
	}
}

// value is the number that a token is.
func (t *Text) value(i int) (float64, bool) {
	if i >= len(t.Toks) {
		return 0, false
	}
	w := t.Toks[i].W
	if w.digits != "" && w.digits != "0" {
		v, err := strconv.ParseFloat(w.digits, 64)
		return v, err == nil
	}
	if w.Lower == "" || w.Lower[0] < '0' || w.Lower[0] > '9' {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(strings.ReplaceAll(w.Lower, ".", ""), ",", "."), 64)
	return v, err == nil && !math.IsInf(v, 0)
}

func (t *Text) digit(i int) bool {
	return i >= 0 && i < len(t.Toks) && t.Toks[i].Raw[0] >= '0' && t.Toks[i].Raw[0] <= '9'
}

// quantityAt reads the number that begins at a token.
func (t *Text) quantityAt(i int) (Quantity, bool) {
	lower := t.Lower(i)
	if lower == "§" {
		if v, ok := t.value(i + 1); ok && t.digit(i+1) {
			q := Quantity{Low: v, High: v, Unit: Section, written: true, N: 2}
			if l := t.Lower(i + 2); len(l) == 1 && l >= "a" && l <= "z" && l != "i" && t.Gaps[i+1] == " " {
				q.letter, q.N = l, 3
			}
			return q, true
		}
		return Quantity{}, false
	}
	if p, ok := parts[lower]; ok {
		return Quantity{Low: p, High: p, Unit: Percent, fraction: true, written: true, N: 1}, true
	}
	if q, ok := t.share(i); ok {
		return q, true
	}
	v, ok := t.value(i)
	if !ok || !t.digit(i) && (NotNumbers[lower] || ordinalWord(lower)) {
		return Quantity{}, false
	}
	if p, ok := parts[t.Lower(i+1)]; ok && v > 0 && v < 10 {
		return Quantity{Low: v * p, High: v * p, Unit: Percent, fraction: true, written: true, N: 2}, true
	}
	q := Quantity{Low: v, High: v, N: 1}
	if high, ok := t.value(i + 1); ok && t.digit(i) && t.digit(i+1) && strings.ContainsAny(t.Gaps[i], "-–") && len(strings.TrimSpace(t.Gaps[i])) <= 3 {
		q.High, q.N = high, 2
	} else if high, ok := t.value(i + 2); ok && t.digit(i+2) && t.Lower(i+1) == "og" && t.Lower(i-1) == "mellem" && v < 1900 {
		q.High, q.N = high, 3
	}
	t.unitAfter(i, &q)
	if q.Unit == Plain && q.N == 1 && (t.Lower(i+1) == "til" || t.Lower(i+1) == "og" || t.Lower(i+1) == "mod") && t.digit(i) {
		t.unitBeyond(i+2, &q) // »fra 3 til 7 procent«
	}
	return q, true
}

// unitBeyond takes over the unit of the number at i.
func (t *Text) unitBeyond(i int, q *Quantity) {
	v, ok := t.value(i)
	if !ok || !t.digit(i) {
		return
	}
	next := Quantity{Low: v, High: v, N: 1}
	t.unitAfter(i, &next)
	if next.Unit != Year && next.Unit != date {
		q.Unit, q.written = next.Unit, next.written
	}
}

// share reads »hver femte« and »to ud af fem« as percentages.
func (t *Text) share(i int) (Quantity, bool) {
	if l := t.Lower(i); (l == "hver" || l == "hvert") && i+1 < len(t.Toks) {
		next := t.Lower(i + 1)
		v, ok := t.value(i + 1)
		if next == "anden" || next == "andet" {
			v, ok = 2, true
		}
		if ok && v > 1 && (ordinalWord(next) || next == "anden" || next == "andet" || t.digit(i+1)) && units[t.Lower(i+2)] == "" && t.Lower(i+2) != "gang" {
			return Quantity{Low: 100 / v, High: 100 / v, Unit: Percent, fraction: true, written: true, N: 2}, true
		}
	}
	v, ok := t.value(i)
	if !ok || v < 1 {
		return Quantity{}, false
	}
	skip := 0
	if t.Lower(i+1) == "ud" && t.Lower(i+2) == "af" {
		skip = 3
	}
	if all, ok := t.value(i + skip); skip > 0 && ok && all > v {
		return Quantity{Low: 100 * v / all, High: 100 * v / all, Unit: Percent, fraction: true, written: true, N: skip + 1, whole: v}, true
	}
	return Quantity{}, false
}

// ordinalWord reports whether a word is an ordinal: »femte«, »tyvende«.
func ordinalWord(lower string) bool {
	return lower != "otte" && (strings.HasSuffix(lower, "ende") || strings.HasSuffix(lower, "te") || lower == "tredje" || lower == "fjerde") && danish.Digits(lower) != ""
}

// unitAfter reads the unit after the number at i and widens the quantity over it.
func (t *Text) unitAfter(i int, q *Quantity) {
	next := i + q.N
	gap := t.Gaps[next-1]
	if strings.HasPrefix(strings.TrimSpace(gap), "%") {
		q.Unit, q.written = Percent, true
		return
	}
	if size, ok := sizes[t.Lower(next)]; ok && strings.TrimSpace(gap) == "" {
		q.Low, q.High, q.N = q.Low*size, q.High*size, q.N+1
		next++
	}
	lower := t.Lower(next)
	if u, ok := units[lower]; ok && (next == 0 || !strings.ContainsAny(t.Gaps[next-1], ",;()") && (t.Gaps[next-1] != ". " || sizes[t.Lower(next-1)] > 0)) {
		q.Unit, q.written, q.N = u, true, q.N+1
		return
	}
	prev := t.Lower(i - 1)
	switch {
	case months[lower] && q.Low <= 31:
		q.Unit, q.written = date, true
	case prev == "stk" || prev == "stykke":
		q.Unit, q.written = ClauseN, true
	case prev == "paragraf":
		q.Unit, q.written = Section, true
	case strings.HasSuffix(lower, "erne") && len(lower) <= 4 && t.digit(i):
		q.Unit, q.written, q.N = Decade, true, q.N+1
	case t.digit(i) && len(t.Toks[i].Raw) == 4 && q.Low >= 1500 && q.Low <= 2100 && q.N <= 3:
		q.Unit = Year
	}
}

// approximation reads the word before the number at i.
func (t *Text) approximation(i int) Class {
	var c Class
	last := sort.Search(len(t.Marks), func(j int) bool { return t.Marks[j].Pos >= i })
	for j := last - 1; j >= 0 && t.Marks[j].Pos > i-5; j-- {
		m := t.Marks[j]
		if end := m.Pos + m.N; m.Class&(around|Above|Below) != 0 && (end == i || end == i-1 && NotNumbers[t.Lower(i-1)] || m.Pos+1 == i) {
			if t.Lower(m.Pos) == "fra" || m.N == 1 && end != i && !NotNumbers[t.Lower(i-1)] {
				continue
			}
			c = m.Class & (around | Above | Below)
			if m.N > 1 {
				return c
			}
		}
	}
	return c
}

// Meets reports whether the sentence's number q says no more than the passage's number p, units aside.
func (q Quantity) Meets(p Quantity) bool {
	if q.letter != p.letter {
		return false
	}
	if q.Low == q.High && p.Low != p.High && q.Approx != 0 && q.Unit != Year {
		return q.Low >= p.Low*0.97 && q.Low <= p.High*1.03
	}
	if q.Low != q.High || p.Low != p.High {
		return Near(q.Low, p.Low) && Near(q.High, p.High)
	}
	s, w := q.Low, p.Low
	rounded := w != math.Trunc(w) && s == math.Trunc(s) && math.Abs(s-w) <= 0.5 && q.Unit != Year
	part := q.fraction != p.fraction && math.Abs(s-w) <= 2.5
	switch {
	case Near(s, w) || rounded:
		return true
	case q.Unit == Year || q.Unit == Section:
		return false
	case q.Approx != 0 && !q.fraction && digitsOf(s) > digitsOf(w):
		return false // nobody rounds 500 to 503
	case q.Approx == around:
		return math.Abs(s-w) <= 0.08*math.Max(s, w) || part
	case q.Approx == Above && q.fraction:
		return w > s && w <= s*1.34
	case q.Approx == Above:
		return w > s && w <= s*1.12
	case q.Approx == Below && q.fraction:
		return w < s && w >= s*0.84
	case q.Approx == Below:
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

// Near reports whether two numbers are the same but for rounding in the machine.
func Near(a, b float64) bool { return math.Abs(a-b) < 1e-9*math.Max(1, math.Abs(a)) }

// SameUnit reports whether two numbers can count the same.
func (q Quantity) SameUnit(p Quantity) bool {
	a, b := q.Unit, p.Unit
	if a == Year {
		a = Plain
	}
	if b == Year {
		b = Plain
	}
	return a == b || a == date && b == Plain || a == Plain && b == date
}
