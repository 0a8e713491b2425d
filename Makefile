# Everything here sets itself up: python3 (3.11 or newer), git and make are enough.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO ?= orchestrator-demo
JUDGES := $(abspath $(VENV))/judges
# Tests that need them are skipped by name where they are not.
ifneq ($(wildcard $(JUDGES)/node_modules),)
export ORCHESTRATOR_JUDGES ?= $(JUDGES)
endif
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test test-slow test-aimock judges lint format bench bench-peers generate clean

help: ## Say what can be made.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { echo "Python's venv module is missing (Debian: apt-get install python3-venv)."; exit 1; }
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(READY) ## Show the whole story, in ./orchestrator-demo .
	@$(BIN)/orchestrator demo $(DEMO)

test: $(READY) ## Run the tests.
	$(BIN)/python -m pytest --numprocesses auto --quiet

test-slow: $(READY) ## Run the long batteries.
	$(BIN)/python -m pytest --numprocesses auto --quiet -m slow

test-aimock: $(READY) ## Run whole conversations of agents against aimock; needs npm.
	npm install --silent --no-save --prefix $(VENV)/aimock @copilotkit/aimock@1.43.0
	AIMOCK_CLI=$(abspath $(VENV))/aimock/node_modules/@copilotkit/aimock/dist/cli.js \
	  $(BIN)/python -m pytest --quiet tests/agent/aimock

judges: $(READY) ## Get the vendors' own clients and mock servers, below .venv/judges; needs npm.
	npm install --silent --no-save --no-audit --no-fund --prefix $(JUDGES) \
	  @linear/sdk@98.0.0 @notionhq/client@5 @stoplight/prism-cli@5.16.0 emulate@0.10.0

lint: $(READY) ## Format, lint, types, layers.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## Mend what the formatter and the linter can.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

generate: $(READY) ## Write schemas and reference pages anew.
	$(BIN)/python docs/generate.py

bench: $(READY) ## Measure against the floors; writes benchmarks/RESULTS.md .
	$(BIN)/python benchmarks/run.py

bench-peers: $(READY) ## Get the tools that bench compares with, below benchmarks/ .
	$(BIN)/python benchmarks/peers/install.py

clean: ## Remove what was made here.
	rm -rf $(VENV) orchestrator-demo .mypy_cache .ruff_cache .pytest_cache .hypothesis dist benchmarks/.peers
