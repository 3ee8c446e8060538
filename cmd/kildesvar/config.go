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
	secret  bool   // has no flag, because others can see a command line, and can come from the file that env_FILE names
	serving bool   // has its flag on the commands that talk to Slack only
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
	{flag: "listen", env: "KILDESVAR_LISTEN", def: "127.0.0.1:8080", value: "ADRESSE", serving: true, usage: "adresse, som »serve« svarer på over HTTP: /healthz, /readyz, /metrics"},
	{flag: "slack", env: "KILDESVAR_SLACK", def: "socket", value: "MÅDE", serving: true, usage: "hvordan Slack leverer: socket (Socket Mode) eller http (Events API)", allowed: []string{"socket", "http"}},
	{flag: "slack-bot-token", env: "SLACK_BOT_TOKEN", secret: true, usage: "appens token, der begynder med xoxb-"},
	{flag: "slack-app-token", env: "SLACK_APP_TOKEN", secret: true, usage: "token til Socket Mode, der begynder med xapp-"},
	{flag: "slack-signing-secret", env: "SLACK_SIGNING_SECRET", secret: true, usage: "nøgle, som leverancer over HTTP er underskrevet med"},
	{flag: "slack-api-url", env: "SLACK_API_URL", def: "https://slack.com/api/", value: "ADRESSE", serving: true, usage: "Slacks Web API, eller en server, der taler som Slack"},
	{flag: "expert-channel", env: "KILDESVAR_EXPERT_CHANNEL", value: "KANAL", serving: true, usage: "id på den kanal, hvor »Spørg et menneske« havner (uden: ingen)"},
	{flag: "shared-channels", env: "KILDESVAR_SHARED_CHANNELS", def: "nej", value: "JA|NEJ", serving: true, usage: "svar også i kanaler, der deles med andre organisationer: ja eller nej", allowed: []string{"ja", "nej"}},
	{flag: "retention", env: "KILDESVAR_RETENTION", def: "90d", value: "DAGE", serving: true, usage: "hvor længe spørgsmål og svar gemmes, fx 90d; med »altid« bliver intet slettet af sig selv"},
	{flag: "database-url", env: "DATABASE_URL", secret: true, usage: "skal være tom i denne version: alt ligger i datamappen"},
	{flag: "log-level", env: "LOG_LEVEL", def: "warn", value: "NIVEAU", usage: "hvor meget der skrives i loggen: debug, info, warn eller error", allowed: []string{"debug", "info", "warn", "error"}},
	{flag: "log-format", env: "LOG_FORMAT", def: "text", value: "FORMAT", usage: "loggens format: text eller json", allowed: []string{"text", "json"}},
}

// config is the settings of one run.
type config struct {
	values map[string]string // by flag
	getenv func(string) string
}

func (c *config) get(flag string) string { return c.values[flag] }

// addSettingFlags adds the flags of all commands, or of those that talk to Slack.
func addSettingFlags(fs *pflag.FlagSet, serving bool) {
	for _, s := range settings {
		if s.secret || s.serving != serving {
			continue
		}
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
		value, from, err := s.find(flags.Lookup(s.flag), getenv, fromFile)
		if err != nil {
			return nil, err
		}
		if s.allowed != nil && !slices.Contains(s.allowed, value) {
			return nil, usageError{fmt.Sprintf("»%s« kan ikke bruges i %s – %s", value, from, choices(s.allowed))}
		}
		c.values[s.flag] = value
	}
	return c, nil
}

// find returns a setting's value and where it comes from. f is nil where the command has no such flag.
func (s setting) find(f *pflag.Flag, getenv func(string) string, fromFile map[string]string) (value, from string, err error) {
	if f != nil && f.Changed {
		return f.Value.String(), "--" + s.flag, nil
	}
	if v := getenv(s.env); v != "" {
		return v, s.env, nil
	}
	if name := getenv(s.env + "_FILE"); s.secret && name != "" {
		data, err := readFile(name, maxSettings)
		if err != nil {
			return "", "", fmt.Errorf("read %s_FILE: %w", s.env, err)
		}
		return strings.TrimSpace(string(data)), s.env + "_FILE", nil
	}
	if v, ok := fromFile[s.flag]; ok {
		return v, "indstillingsfilen (" + s.flag + ")", nil
	}
	return s.def, "", nil
}

// maxSettings bounds a file of settings or with a secret, in bytes.
const maxSettings = 1 << 20

// readFile reads a file that a person named, as far as its limit in bytes: a device or a wrong file has no end.
func readFile(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = usageError{fmt.Sprintf("»%s« er for stor – der læses højst %d MB; vælg en anden fil", name, limit>>20)}
	}
	return data, err
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
	data, err := readFile(name, maxSettings)
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
