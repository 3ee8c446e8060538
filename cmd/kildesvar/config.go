package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// setting is one row of the table of settings. Flags win over the environment, that over the config file, that over the default.
type setting struct {
	flag    string // without dashes; also the key in the config file
	env     string
	def     string // as text; empty may mean that it is worked out
	value   string // what the value is called in help
	usage   string // Danish, for help and README
	allowed []string
}

// settings is the one table of all settings.
var settings = []setting{
	{flag: "corpus", env: "KILDESVAR_CORPUS", value: "MAPPE", usage: "mappe med artikler (uden: de indbyggede artikler)"},
	{flag: "data", env: "KILDESVAR_DATA", value: "MAPPE", usage: "mappe, som indekset gemmes i (uden: brugerens datamappe)"},
	{flag: "config", env: "KILDESVAR_CONFIG", value: "FIL", usage: "indstillingsfil i YAML (uden: config.yaml i brugerens mappe for indstillinger)"},
	{flag: "llm", env: "KILDESVAR_LLM", def: "none", value: "MODEL", usage: "sprogmodel; »none« bruger ingen og citerer artiklerne ord for ord", allowed: []string{"none"}},
	{flag: "embedder", env: "KILDESVAR_EMBEDDER", def: "local", value: "NAVN", usage: "hvordan tekst gøres søgbar efter betydning; »local« bruger intet netværk", allowed: []string{"local"}},
	{flag: "log-level", env: "LOG_LEVEL", def: "warn", value: "NIVEAU", usage: "hvor meget der skrives i loggen: debug, info, warn eller error", allowed: []string{"debug", "info", "warn", "error"}},
	{flag: "log-format", env: "LOG_FORMAT", def: "text", value: "FORMAT", usage: "loggens format: text eller json", allowed: []string{"text", "json"}},
}

// config is the settings of one run.
type config struct {
	values map[string]string // by flag
	getenv func(string) string
}

func (c *config) get(flag string) string { return c.values[flag] }

func addSettingFlags(fs *pflag.FlagSet) {
	for _, s := range settings {
		fs.String(s.flag, s.def, s.usage+" ["+s.env+"]")
		setValueName(fs, s.flag, s.value)
	}
}

// loadConfig works the settings out, the strongest source first.
func loadConfig(flags *pflag.FlagSet, getenv func(string) string) (*config, error) {
	c := &config{values: map[string]string{}, getenv: getenv}
	file := flags.Lookup("config").Value.String()
	if file == "" {
		file = getenv("KILDESVAR_CONFIG")
	}
	fromFile, err := readConfigFile(file, getenv)
	if err != nil {
		return nil, err
	}
	for _, s := range settings {
		f := flags.Lookup(s.flag)
		value, from := s.def, ""
		switch {
		case f.Changed:
			value, from = f.Value.String(), "--"+s.flag
		case getenv(s.env) != "":
			value, from = getenv(s.env), s.env
		default:
			if v, ok := fromFile[s.flag]; ok {
				value, from = v, "indstillingsfilen ("+s.flag+")"
			}
		}
		if s.allowed != nil && !slices.Contains(s.allowed, value) {
			return nil, usageError{fmt.Sprintf("»%s« kan ikke bruges i %s – %s", value, from, choices(s.allowed))}
		}
		c.values[s.flag] = value
	}
	return c, nil
}

// choices says what can be chosen instead.
func choices(allowed []string) string {
	if len(allowed) == 1 {
		return "den eneste mulighed i denne version er »" + allowed[0] + "«"
	}
	last := len(allowed) - 1
	return "vælg " + strings.Join(allowed[:last], ", ") + " eller " + allowed[last]
}

// readConfigFile reads the settings file; without a name the usual place is tried, where it may be missing.
func readConfigFile(name string, getenv func(string) string) (map[string]string, error) {
	named := name != ""
	if !named {
		dir, err := userDir(getenv, "XDG_CONFIG_HOME", ".config")
		if err != nil {
			return nil, nil
		}
		name = filepath.Join(dir, "config.yaml")
	}
	data, err := os.ReadFile(name)
	if err != nil {
		if !named && errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return nil, fmt.Errorf("read settings: %w", err)
	}
	values := map[string]string{}
	if err := yaml.NewDecoder(bytes.NewReader(data)).Decode(&values); err != nil && !errors.Is(err, io.EOF) {
		return nil, usageError{fmt.Sprintf("indstillingsfilen %s kan ikke læses – skriv én indstilling på hver linje, fx »corpus: /sti/til/mappe«", name)}
	}
	for k := range values {
		if !slices.ContainsFunc(settings, func(s setting) bool { return s.flag == k && k != "config" }) {
			return nil, usageError{fmt.Sprintf("indstillingen »%s« i %s findes ikke – se »kildesvar --help«", k, name)}
		}
	}
	return values, nil
}

// userDir is the program's folder for data (or settings) in the user's home.
func userDir(getenv func(string) string, xdg, unix string) (string, error) {
	if dir := getenv(xdg); dir != "" && filepath.IsAbs(dir) {
		return filepath.Join(dir, "kildesvar"), nil
	}
	home := getenv("HOME")
	switch runtime.GOOS {
	case "windows":
		if dir := getenv("LocalAppData"); dir != "" {
			return filepath.Join(dir, "kildesvar"), nil
		}
	case "darwin":
		if home != "" {
			return filepath.Join(home, "Library", "Application Support", "kildesvar"), nil
		}
	default:
		if home != "" {
			return filepath.Join(home, unix, "kildesvar"), nil
		}
	}
	return "", errors.New("no home folder")
}

// dataDir is the data folder, or "" when there is no place for one: then nothing is kept.
func (c *config) dataDir() string {
	if dir := c.get("data"); dir != "" {
		return dir
	}
	dir, err := userDir(c.getenv, "XDG_DATA_HOME", ".local/share")
	if err != nil {
		return ""
	}
	return dir
}
