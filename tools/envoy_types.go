//go:build ignore

// Writes the fields of Envoy's messages, as istiod knows them, to stdout as JSON: `messages` has the kind of
// each field of each message, `enums` the names of each enumeration. `tools/build_envoy_types.py` runs it.
package main

import (
	"encoding/json"
	"os"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	// The packages of all messages that istiod can read.
	_ "istio.io/istio/pkg/config/xds"
)

// What JSON writes in ways of its own; meshlint knows these without a table.
const wellKnown = "google.protobuf."

func main() {
	messages, enums := map[string]map[string]string{}, map[string][]string{}
	protoregistry.GlobalTypes.RangeMessages(func(one protoreflect.MessageType) bool {
		message := one.Descriptor()
		if name := string(message.FullName()); !message.IsMapEntry() && !strings.HasPrefix(name, wellKnown) {
			messages[name] = fieldsOf(message)
		}
		return true
	})
	protoregistry.GlobalTypes.RangeEnums(func(one protoreflect.EnumType) bool {
		if name := string(one.Descriptor().FullName()); !strings.HasPrefix(name, wellKnown) {
			enums[name] = namesOf(one.Descriptor())
		}
		return true
	})
	err := json.NewEncoder(os.Stdout).Encode(map[string]any{"messages": messages, "enums": enums})
	if err != nil {
		panic(err)
	}
}

func fieldsOf(message protoreflect.MessageDescriptor) map[string]string {
	found := map[string]string{}
	for i := 0; i < message.Fields().Len(); i++ {
		field := message.Fields().Get(i)
		switch {
		case field.IsMap():
			found[string(field.Name())] = "map:" + kindOf(field.MapValue())
		case field.IsList():
			found[string(field.Name())] = "[]" + kindOf(field)
		default:
			found[string(field.Name())] = kindOf(field)
		}
	}
	return found
}

// The name of a message, `enum:` and the name of an enumeration, or the kind of a scalar.
func kindOf(field protoreflect.FieldDescriptor) string {
	switch field.Kind() {
	case protoreflect.MessageKind, protoreflect.GroupKind:
		return string(field.Message().FullName())
	case protoreflect.EnumKind:
		return "enum:" + string(field.Enum().FullName())
	default:
		return field.Kind().String()
	}
}

func namesOf(enum protoreflect.EnumDescriptor) []string {
	found := []string{}
	for i := 0; i < enum.Values().Len(); i++ {
		found = append(found, string(enum.Values().Get(i).Name()))
	}
	return found
}
