package index

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kildesvar/internal/embed/local"
)

// TestStale: a generation made from anything else is refused by name, and what is missing is fs.ErrNotExist.
func TestStale(t *testing.T) {
	e := local.New(0)
	ix := mustBuild(t, smallCorpus("Alfa", 2), e)
	file := filepath.Join(t.TempDir(), "x.gen")
	if err := ix.Save(file); err != nil {
		t.Fatal(err)
	}
	for name, bend := range map[string]func(*Manifest){
		"file format": func(m *Manifest) { m.Format++ }, "language analysis": func(m *Manifest) { m.Analyser += "x" },
		"embedder": func(m *Manifest) { m.Embedder += "x" }, "corpus": func(m *Manifest) { m.Corpus += "x" },
	} {
		want := ix.Manifest
		bend(&want)
		if want.ID() == ix.Manifest.ID() {
			t.Errorf("another %s has the same id", name)
		}
		if _, err := Open(t.Context(), file, want, testOptions(e)); !errors.Is(err, ErrStale) || !strings.Contains(err.Error(), name) {
			t.Errorf("another %s: %v, want ErrStale that names it", name, err)
		}
	}
	if _, err := Open(t.Context(), file+"x", ix.Manifest, testOptions(e)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, want fs.ErrNotExist", err)
	}
	if got := Wanted(e, ix.Manifest.Corpus); got != ix.Manifest {
		t.Errorf("Wanted is %+v, built was %+v", got, ix.Manifest)
	}
}

// TestDamaged: every flipped bit, every cut, every byte more, and parts that do not fit are refused as ErrDamaged.
func TestDamaged(t *testing.T) {
	ix := mustBuild(t, smallCorpus("Alfa", 4), local.New(32))
	file := filepath.Join(t.TempDir(), "x.gen")
	if err := ix.Save(file); err != nil {
		t.Fatal(err)
	}
	whole := read(t, file)
	refused := func(what string, at int, data []byte) {
		t.Helper()
		write(t, file, data)
		if got, err := Open(t.Context(), file, ix.Manifest, testOptions(local.New(32))); !errors.Is(err, ErrDamaged) || got != nil {
			t.Errorf("%s at %d of %d: %v, want ErrDamaged", what, at, len(whole), err)
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		at, bad := rng.IntN(len(whole)), slices.Clone(whole)
		bad[at] ^= 1 << rng.IntN(8)
		refused("flip", at, bad)
	}
	for at := len(whole) - 400; at < len(whole); at += 3 { // the table and its tail, where a flip could mislead
		bad := slices.Clone(whole)
		bad[at] ^= 0x20
		refused("flip near the end", at, bad)
	}
	for range 100 {
		at := rng.IntN(len(whole))
		refused("cut", at, whole[:at])
	}
	for _, at := range boundaries(t, whole) {
		for _, at := range []int{at - 1, at, at + 1} {
			if at >= 0 && at < len(whole) {
				refused("cut", at, whole[:at])
			}
		}
	}
	refused("a byte more", len(whole), append(slices.Clone(whole), 0))
	refused("twice", len(whole), append(slices.Clone(whole), whole...))
	refused("a gap before the table", len(whole), withTable(t, whole, func(*table) {}, make([]byte, 10)))
	for name, bend := range map[string]func(*table){
		"part missing":   func(t *table) { t.Parts = t.Parts[1:] },
		"parts swapped":  func(t *table) { t.Parts[1], t.Parts[2] = t.Parts[2], t.Parts[1] },
		"negative size":  func(t *table) { t.Parts[0].Size = -1 },
		"enormous size":  func(t *table) { t.Parts[0].Size = 1 << 62 },
		"part too short": func(t *table) { t.Parts[5].Size -= 4 },
		"wrong sum":      func(t *table) { t.Parts[4].CRC++ },
	} {
		refused(name, 0, withTable(t, whole, bend, nil))
	}
	write(t, file, whole)
	if _, err := Open(t.Context(), file, ix.Manifest, testOptions(local.New(32))); err != nil {
		t.Errorf("the whole file: %v", err)
	}
}

// TestEveryBit flips each bit of a small generation in turn. It is refused as damaged, and the error says where.
func TestEveryBit(t *testing.T) {
	ix := mustBuild(t, smallCorpus("Alfa", 1), local.New(8))
	whole := saved(t, ix)
	tab, end := tableOf(t, whole)
	at, names := len(magic), make([]string, len(whole)) // what each byte belongs to
	for _, p := range tab.Parts {
		for i := range int(p.Size) {
			names[at+i] = "part " + p.Name
		}
		at += int(p.Size)
	}
	for i := range names {
		switch {
		case i < len(magic) || i >= len(whole)-len(magic):
			names[i] = "beginning or end"
		case i >= end:
			names[i] = "table"
		}
	}
	d := newMemDisk()
	step := 1
	if raceEnabled {
		step = 7
	}
	flips := 0
	for bit := 0; bit < 8*len(whole); bit += step {
		bad := slices.Clone(whole)
		bad[bit/8] ^= 1 << (bit % 8)
		d.put("/x.gen", bad)
		got, err := openIn(t.Context(), &memProcess{memDisk: d}, "/x.gen", ix.Manifest, testOptions(local.New(8)))
		if got != nil || !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), names[bit/8]) {
			t.Errorf("bit %d of byte %d of %d, %s: %v", bit%8, bit/8, len(whole), names[bit/8], err)
		}
		flips++
	}
	t.Logf("%d bits of %d bytes", flips, len(whole))
}

// boundaries are where something ends in a file: the magic, each part, the table, the lengths and sums of the tail.
func boundaries(t testing.TB, whole []byte) []int {
	t.Helper()
	tab, end := tableOf(t, whole)
	at := len(magic)
	list := []int{0, at, at + tailBytes}
	for _, p := range tab.Parts {
		at += int(p.Size)
		list = append(list, at)
	}
	if at != end {
		t.Fatalf("the parts end at %d, the table begins at %d", at, end)
	}
	tail := len(whole) - tailBytes
	return append(list, tail, tail+8, tail+12, len(whole))
}

// TestDamagedRebuilt: a file that is cut anywhere, or has a bit flipped anywhere, is built anew with one warning, and is whole
// again for the next run.
func TestDamagedRebuilt(t *testing.T) {
	fsys, file := smallCorpus("Alfa", 4), filepath.Join(t.TempDir(), "x.gen")
	var log bytes.Buffer
	opt := testOptions(local.New(32))
	opt.Log = slog.New(slog.NewTextHandler(&log, nil))
	ensure := func() *Index {
		t.Helper()
		log.Reset()
		ix, err := Ensure(t.Context(), fsys, file, opt)
		if err != nil {
			t.Fatal(err)
		}
		return ix
	}
	ensure()
	whole := read(t, file)
	rebuilt := func(what string, at int, data []byte) {
		t.Helper()
		write(t, file, data)
		ensure()
		if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), "generation is rebuilt") || !strings.Contains(log.String(), ErrDamaged.Error()) {
			t.Errorf("%s at %d of %d: the log says\n%s", what, at, len(whole), &log)
		}
		if !bytes.Equal(read(t, file), whole) {
			t.Errorf("%s at %d of %d: the file is not as it was", what, at, len(whole))
		}
	}
	cuts := boundaries(t, whole)
	for _, at := range cuts[:len(cuts)-1] {
		rebuilt("cut", at, whole[:at])
	}
	rng := rand.New(rand.NewPCG(3, 4))
	for range 40 {
		at, bad := rng.IntN(len(whole)), slices.Clone(whole)
		bad[at] ^= 1 << rng.IntN(8)
		rebuilt("flip", at, bad)
	}
	rebuilt("zeros", 0, make([]byte, len(whole)))
	equalIndexes(t, mustBuild(t, fsys, local.New(32)), ensure())
	if log.Len() > 0 {
		t.Errorf("in the end: %s", &log)
	}
}

// withTable rewrites a file's table, with a right checksum, and puts gap before it.
func withTable(t testing.TB, whole []byte, bend func(*table), gap []byte) []byte {
	t.Helper()
	tab, end := tableOf(t, whole)
	bend(&tab)
	return seal(t, slices.Concat(whole[:end], gap), tab)
}

func tableOf(t testing.TB, whole []byte) (tab table, end int) {
	t.Helper()
	n := int(binary.LittleEndian.Uint64(whole[len(whole)-tailBytes:]))
	end = len(whole) - tailBytes - n
	if err := json.Unmarshal(whole[end:end+n], &tab); err != nil {
		t.Fatal(err)
	}
	return tab, end
}

// seal appends the table and the tail to the parts.
func seal(t testing.TB, parts []byte, tab table) []byte {
	t.Helper()
	text, err := json.Marshal(tab)
	if err != nil {
		t.Fatal(err)
	}
	out := append(parts, text...)
	out = binary.LittleEndian.AppendUint64(out, uint64(len(text)))
	out = binary.LittleEndian.AppendUint32(out, crc32.Checksum(text, castagnoli))
	return append(out, magic...)
}

// FuzzOpen: no bytes make opening panic, neither as the whole file nor as its text part under right checksums; what opens
// can be used.
func FuzzOpen(f *testing.F) {
	ix := mustBuild(f, smallCorpus("Alfa", 2), local.New(8))
	file := filepath.Join(f.TempDir(), "x.gen")
	if err := ix.Save(file); err != nil {
		f.Fatal(err)
	}
	whole := read(f, file)
	tab, end := tableOf(f, whole)
	textEnd := len(magic) + int(tab.Parts[0].Size)
	rest := whole[textEnd:end]
	f.Add(whole, true)
	f.Add(whole[len(magic):textEnd], false)
	f.Add([]byte(magic+magic), true)
	f.Add(bytes.Repeat([]byte{0xff}, 100), false)
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte, isFile bool) {
		if !isFile {
			fixed := tab
			fixed.Parts = slices.Clone(tab.Parts)
			fixed.Parts[0].Size, fixed.Parts[0].CRC = int64(len(data)), crc32.Checksum(data, castagnoli)
			data = seal(t, slices.Concat([]byte(magic), data, rest), fixed)
		}
		temp, err := os.CreateTemp(dir, "*")
		if err != nil {
			t.Fatal(err)
		}
		name := temp.Name()
		_ = temp.Close()
		defer func() { _ = os.Remove(name) }()
		write(t, name, data)
		got, err := Open(t.Context(), name, ix.Manifest, testOptions(local.New(8)))
		if err != nil {
			return
		}
		for _, a := range got.Articles {
			_ = got.Passages[a.First:a.Last]
		}
		for _, q := range got.Questions {
			_ = got.Passages[q.First:q.Last]
		}
		for i := range got.Passages {
			for j := range got.Passages[i].Sentences {
				_ = got.Passages[i].SentenceText(j)
			}
		}
	})
}
