// Prints what istiod's validating webhook says of each object of its input, a line of JSON each.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/config/schema/resource"
)

type verdict struct {
	Accepted bool   `json:"accepted"`
	Error    string `json:"error"`
	Warning  string `json:"warning"`
}

func judge(line []byte) (said verdict) {
	defer func() {
		if broken := recover(); broken != nil {
			said = verdict{Error: fmt.Sprint("panic: ", broken)}
		}
	}()
	var object crd.IstioKind
	if err := json.Unmarshal(line, &object); err != nil {
		return verdict{Error: err.Error()}
	}
	kind := object.GroupVersionKind()
	schema, known := collections.Pilot.FindByGroupVersionAliasesKind(resource.FromKubernetesGVK(&kind))
	if !known {
		return verdict{Error: "unknown kind " + kind.String()}
	}
	read, err := crd.ConvertObject(schema, &object, "cluster.local")
	if err != nil {
		return verdict{Error: err.Error()}
	}
	warning, err := schema.ValidateConfig(*read)
	if warning != nil {
		said.Warning = warning.Error()
	}
	if err != nil {
		said.Error = err.Error()
	}
	said.Accepted = err == nil
	return said
}

func main() {
	objects := bufio.NewScanner(os.Stdin)
	objects.Buffer(make([]byte, 1<<20), 1<<28)
	// Istio's packages log to the standard streams.
	file, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	answers := bufio.NewWriter(file)
	defer answers.Flush()
	for objects.Scan() {
		line, _ := json.Marshal(judge(objects.Bytes()))
		answers.Write(append(line, '\n'))
	}
}
