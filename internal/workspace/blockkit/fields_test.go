package blockkit

import (
	"maps"
	"strings"
	"testing"
)

// unchecked are the fields whose content Slack's public documents do not describe.
var unchecked = map[string]bool{"slack_file": true, "workflow": true, "filter": true, "default_to_current_conversation": true, "min_value": true, "max_value": true}

// wrong is a value that fits no field.
type wrong struct{}

// TestEveryFieldIsChecked: in every block, element, piece of rich text and view, what is required must be there, and a value of the wrong
// type is refused where it stands.
func TestEveryFieldIsChecked(t *testing.T) {
	all := map[string]shape{"modal": modal, "home": home}
	for _, group := range []map[string]shape{blockShapes, elementShapes, inline, parts} {
		maps.Copy(all, group)
	}
	fields := 0
	for name, s := range all {
		for _, need := range s.required {
			if got := problemsOf(s, map[string]any{"type": name}); !mentions(got, "", need) {
				t.Errorf("%s: %s may be missing", name, need)
			}
		}
		if len(s.oneOf) > 0 && !mentions(problemsOf(s, map[string]any{"type": name}), "", "one of") {
			t.Errorf("%s: all of %v may be missing", name, s.oneOf)
		}
		for field := range s.fields {
			got := problemsOf(s, map[string]any{"type": name, field: wrong{}})
			switch told := mentions(got, "/x/"+field, ""); {
			case told:
				fields++
			case !unchecked[field] && (name != "rich_text_input" || field != "initial_value"):
				t.Errorf("%s: %s may be anything", name, field)
			}
		}
		if !s.open && !mentions(problemsOf(s, map[string]any{"type": name, "colour": "red"}), "", "invalid additional property: colour") {
			t.Errorf("%s takes any field", name)
		}
	}
	if fields < 150 {
		t.Errorf("only %d fields are checked", fields)
	}
}

func problemsOf(s shape, m map[string]any) []Problem {
	c := newCheck(onMessage, CodeBlocks)
	c.shape("/x", m, s)
	return c.problems
}

func mentions(list []Problem, pointer, part string) bool {
	for _, p := range list {
		if strings.HasPrefix(p.Pointer, pointer) && strings.Contains(p.Message, part) {
			return true
		}
	}
	return false
}

// TestEveryElementHasItsPlace: an element is refused in every kind of block where it does not belong.
func TestEveryElementHasItsPlace(t *testing.T) {
	places := map[string][]string{"actions": inActions, "context_actions": {"feedback_buttons", "icon_button"}}
	for block, allowed := range places {
		for kind := range elementShapes {
			fits := false
			for _, a := range allowed {
				fits = fits || a == kind
			}
			got := Message([]byte(`[{"type":"` + block + `","elements":[{"type":"` + kind + `"}]}]`))
			if refused := mentions(got, "/blocks/0/elements/0/type", "unsupported type: "+kind); refused == fits {
				t.Errorf("%s in %s: refused %v", kind, block, refused)
			}
		}
	}
}
