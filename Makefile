# Everything a developer needs, on a machine with git, make and Python 3.11 or newer.
# `make demo` shows meshlint at work; `make test` and `make check` are what CI runs.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
COVERED := documents resources mesh engine
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test oracle schemas schemas-check check fresh format page bench verdicts clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/.run  ## install into .venv and check the tutorial manifests
	@echo '$$ meshlint check examples/tutorial'
	@$(BIN)/meshlint check examples/tutorial || test $$? -eq 1
	@echo
	@echo '$$ meshlint check examples/tutorial-corrected'
	@$(BIN)/meshlint check examples/tutorial-corrected

test: $(VENV)/.test  ## run the tests
	$(BIN)/python -m pytest -n auto -m "not slow and not oracle"

coverage: $(VENV)/.test  ## run the tests and fail where too few branches of the middle rooms are covered
	$(BIN)/python -m pytest -n auto -m "not slow and not oracle and not packaging" --cov=meshlint --cov-branch --cov-report=
	@for room in $(COVERED); do \
		echo "meshlint/$$room" && $(BIN)/python -m coverage report --include="meshlint/$$room/*" \
			--skip-covered --fail-under=95 || exit 1; done

oracle: $(VENV)/.test  ## run the slow measurements, and those that ask a real Envoy
	$(BIN)/python -m pytest -n auto -m "slow or oracle"

schemas: $(VENV)/.dev  ## rebuild schemas/ from the definitions in $(CRDS)
	$(BIN)/python -m tools.build_schemas $(CRDS)

schemas-check: $(VENV)/.test  ## hold the schemas to the upstream definitions, in full
	$(BIN)/python -m pytest -n auto -m "slow or not slow" tests/schema

check: $(VENV)/.dev fresh  ## lint, types, import contract, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fresh: $(VENV)/.dev  ## rebuild the generated files and fail if that changes them
	$(BIN)/python -m tools.build_catalogue
	$(BIN)/python -m tools.build_advice_tables
	$(BIN)/python -m tools.build_coverage
	$(BIN)/python -m tools.build_docs
	git diff --exit-code --stat -- docs rules schemas README.md ARCHITECTURE.md

format: $(VENV)/.dev  ## format the code and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

page:  ## build the page of `meshlint serve` into the package; needs Node 20 or newer
	cd web && npm ci && npm run check && npm run build

bench: $(VENV)/.run  ## measure speed, memory and growth on synthetic meshes
	$(BIN)/python -m bench.run

verdicts: $(VENV)/.test  ## count how many of the meshes' recorded verdicts meshlint agrees with
	$(BIN)/python -m bench.verdicts

clean:  ## remove the environment and everything that was built
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python'; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml | $(VENV)/bin/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	$(PIP) --editable '.[test]'
	@touch $@ $(VENV)/.run

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.test $(VENV)/.run
