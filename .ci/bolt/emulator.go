//go:build ignore

// Emulator runs the emulated Slack workspace for a client in another language. It prints {"base": URL} on a line, then reads
// orders as JSON lines from standard input (say, click, slash …), does each and prints its result on a line. It ends with its
// standard input, and after -for at the latest.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"sync"
	"time"

	"kildesvar/internal/workspace"
)

// order is one line of standard input: what to do and the arguments which that needs.
type order struct {
	ID int
	Do string

	User, Channel, Thread, TS, Text string
	Action, Value, Callback         string
	View, Command, Tab, Reason      string
	Method, Error                   string
	Status, Times                   int
	Values                          map[string]map[string]string
}

// bench is the workspace and the faults that were ordered.
type bench struct {
	*workspace.Workspace
	mu     sync.Mutex
	faults map[string]order // method → the fault of its next calls
}

// none is a result with nothing to tell.
func none(err error) (any, error) { return nil, err }

// orders are what can be done.
var orders = map[string]func(b *bench, o order) (any, error){
	"say":      func(b *bench, o order) (any, error) { return b.Say(o.User, o.Channel, o.Text, o.Thread) },
	"edit":     func(b *bench, o order) (any, error) { return none(b.Edit(o.User, o.Channel, o.TS, o.Text)) },
	"delete":   func(b *bench, o order) (any, error) { return none(b.DeleteMessage(o.User, o.Channel, o.TS)) },
	"react":    func(b *bench, o order) (any, error) { return none(b.React(o.User, o.Channel, o.TS, o.Text)) },
	"slash":    func(b *bench, o order) (any, error) { return none(b.Slash(o.User, o.Channel, o.Command, o.Text)) },
	"shortcut": func(b *bench, o order) (any, error) { return none(b.Shortcut(o.User, o.Channel, o.TS, o.Callback)) },
	"click":    func(b *bench, o order) (any, error) { return none(b.Click(o.User, o.Channel, o.TS, o.Action)) },
	"choose": func(b *bench, o order) (any, error) {
		return none(b.Choose(o.User, o.Channel, o.TS, o.Action, o.Value))
	},
	"feedback": func(b *bench, o order) (any, error) { return none(b.Feedback(o.User, o.Channel, o.TS, o.Value)) },
	"clickView": func(b *bench, o order) (any, error) {
		return none(b.ClickView(o.User, o.View, o.Action, o.Value))
	},
	"submit":    func(b *bench, o order) (any, error) { return none(b.SubmitView(o.User, o.View, o.Values)) },
	"closeView": func(b *bench, o order) (any, error) { return none(b.CloseView(o.User, o.View)) },
	"openHome":  func(b *bench, o order) (any, error) { return none(b.OpenHome(o.User, o.Tab)) },
	"context":   func(b *bench, o order) (any, error) { return none(b.ContextChanged(o.User, o.Channel)) },
	"stop":      func(b *bench, o order) (any, error) { return none(b.StopSession(o.User, o.Channel, o.Thread)) },
	"join":      func(b *bench, o order) (any, error) { return none(b.Join(o.Channel, o.User)) },
	"addChannel": func(b *bench, o order) (any, error) {
		b.AddChannel(workspace.Channel{ID: o.Channel, Name: o.Text, Members: []string{o.User}})
		return nil, nil
	},
	"disconnect": func(b *bench, o order) (any, error) { return b.Disconnect(o.Reason), nil },
	"drop":       func(b *bench, _ order) (any, error) { return b.DropSockets(), nil },
	"verify":     func(b *bench, _ order) (any, error) { return none(b.VerifyURL()) },
	"fault":      func(b *bench, o order) (any, error) { return none(b.arrange(o)) },

	"dm":         func(b *bench, o order) (any, error) { return b.DM(o.User), nil },
	"messages":   func(b *bench, o order) (any, error) { return b.Messages(o.Channel), nil },
	"thread":     func(b *bench, o order) (any, error) { return b.Thread(o.Channel, o.TS), nil },
	"ephemerals": func(b *bench, o order) (any, error) { return b.Ephemerals(o.User), nil },
	"views":      func(b *bench, o order) (any, error) { return b.Views(o.User), nil },
	"home":       func(b *bench, o order) (any, error) { v, _ := b.HomeView(o.User); return v, nil },
	"statuses":   func(b *bench, _ order) (any, error) { return b.Statuses(), nil },
	"prompts":    func(b *bench, o order) (any, error) { return b.SuggestedPrompts(o.Channel, o.Thread), nil },
	"session":    func(b *bench, o order) (any, error) { return b.SessionStatus(o.Channel, o.Thread), nil },
	"title":      func(b *bench, o order) (any, error) { return b.Title(o.Channel, o.Thread), nil },
	"calls":      func(b *bench, o order) (any, error) { return b.Calls(o.Method), nil },
	"deliveries": func(b *bench, _ order) (any, error) { return b.Deliveries(), nil },
	"problems":   func(b *bench, _ order) (any, error) { return b.Problems(), nil },
	"pending":    func(b *bench, _ order) (any, error) { return b.Pending(), nil },
	"sockets":    func(b *bench, _ order) (any, error) { return b.Sockets(), nil },
}

// arrange lets the next calls of a method go wrong.
func (b *bench) arrange(o order) error {
	if o.Method == "" || o.Times < 1 {
		return errors.New("fault: needs a method and how many times")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults[o.Method] = o
	return nil
}

func (b *bench) fault(method string, _ int) workspace.CallFault {
	b.mu.Lock()
	defer b.mu.Unlock()
	o, ok := b.faults[method]
	if !ok || o.Times < 1 {
		return workspace.CallFault{}
	}
	o.Times--
	b.faults[method] = o
	return workspace.CallFault{Status: o.Status, Error: o.Error}
}

// serve does the orders until standard input or ctx ends.
func (b *bench) serve(ctx context.Context) error {
	lines := make(chan []byte)
	go func() {
		defer close(lines)
		for in := bufio.NewReader(os.Stdin); ; {
			line, err := in.ReadBytes('\n')
			if err != nil {
				return
			}
			lines <- line
		}
	}()
	out := json.NewEncoder(os.Stdout)
	for {
		select {
		case <-ctx.Done():
			return errors.New("the client took too long")
		case line, ok := <-lines:
			if !ok {
				return nil
			}
			if err := out.Encode(b.do(line)); err != nil {
				return fmt.Errorf("print a result: %w", err)
			}
		}
	}
}

func (b *bench) do(line []byte) map[string]any {
	var o order
	if err := json.Unmarshal(line, &o); err != nil {
		return map[string]any{"error": "not an order: " + err.Error()}
	}
	act, known := orders[o.Do]
	if !known {
		return map[string]any{"id": o.ID, "error": "no such order: " + o.Do}
	}
	result, err := act(b, o)
	if err != nil {
		return map[string]any{"id": o.ID, "error": err.Error()}
	}
	return map[string]any{"id": o.ID, "result": result}
}

func run() error {
	events := flag.String("events", "", "base `URL` of an app in HTTP mode; empty: Socket Mode")
	secret := flag.String("secret", "hemmelig-i-demo", "signing secret")
	life := flag.Duration("for", time.Minute, "end after this time at the latest")
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), *life)
	defer cancel()
	b := &bench{faults: map[string]order{}}
	b.Workspace = workspace.New(workspace.Options{EventsURL: *events, SigningSecret: *secret, CallFault: b.fault,
		RedeliverAfter: 1500 * time.Millisecond, RetryDelays: []time.Duration{0, time.Second, time.Second}, PingEvery: 2 * time.Second})
	defer b.Close()
	base, err := b.Start(ctx)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(map[string]string{"base": base}); err != nil {
		return fmt.Errorf("print the address: %w", err)
	}
	return b.serve(ctx)
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "emulator:", err)
		os.Exit(1)
	}
}
