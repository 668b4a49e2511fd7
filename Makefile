# The front door. `make help` lists what can be done; everything else stands in CONTRIBUTING.md.
SHELL := /bin/sh
.DEFAULT_GOAL := help

BIN := .venv/bin
BROWSERS := tests/browser
WORKERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); [ "$$n" -gt 4 ] && n=4; echo "$$n")
T ?= tests

PYTEST := $(BIN)/pytest -q -p tests.house.no_skips

.PHONY: help run setup test browser nightly bench check lint types house migration translations lock graph docs places clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/.run-done ## everything from a fresh machine to http://127.0.0.1:8000 (PORT=…); Ctrl-C stops all of it
	@COMMUNITY_DEMO="$${COMMUNITY_DEMO-1}" PORT="$${PORT:-8000}" exec $(BIN)/community run

setup: .venv/.dev-done ## the virtual environment with the console script and all test tools

test: .venv/.dev-done ## every test that needs nothing else on the machine; make test T=tests/events runs a part
	$(PYTEST) -n $(WORKERS) -m "not browser and not nightly" $(T)

browser: .venv/.dev-done ## the tests that need a Chromium; they fail where none is found
	$(PYTEST) -m "browser and not nightly" $(if $(filter tests,$(T)),$(BROWSERS),$(T))

nightly: .venv/.dev-done ## the long simulations
	$(PYTEST) -m nightly $(T)

bench: .venv/.dev-done ## benchmarks with a ratio against a named reference, as JSON in var/bench/
	$(BIN)/python -m tests.bench

check: lint types house test browser ## the same as CI: ruff, mypy, bandit, ladder, template lint, translations, all tests

lint: .venv/.dev-done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/bandit -q -r community -c pyproject.toml

types: .venv/.dev-done
	$(BIN)/mypy --strict

# Ladder, sizes, template lint, translations and generated pages: seconds, and the first thing to break.
house: .venv/.dev-done
	$(PYTEST) tests/house

migration: .venv/.dev-done ## a new migration from the tables: make migration NAME="add the venue"
	@test -n "$(NAME)" || { echo 'Say what it does: make migration NAME="add the venue"'; exit 2; }
	PICCOLO_CONF=community.piccolo_conf $(BIN)/piccolo migrations new community --auto --desc="$(NAME)"
	@echo "Read it before you commit it: git status piccolo_migrations/"

translations: .venv/.dev-done ## the texts that have no English yet, as a piece of a catalogue
	@$(BIN)/python -m community.kit.catalogue extract

lock: ## compile requirements.txt and requirements-dev.txt anew (needs uv on the machine)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  pyproject.toml --extra build -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  pyproject.toml --extra build --extra test --extra places-build -o requirements-dev.txt

graph: .venv/.dev-done ## draw the house: docs/reference/house.svg, and the same as text
	$(BIN)/python -m docs.build.graph

docs: .venv/.dev-done ## the generated pages of docs/reference
	$(BIN)/python -m docs.build.graph --quiet
	$(BIN)/python -m docs.build.tables
	$(BIN)/python -m docs.build.privacy

places: .venv/.dev-done ## build community/places/regions.csv anew and check it
	$(BIN)/python -m community.places.build

clean: ## remove the virtual environment and caches, never your data in var/
	rm -rf .venv .mypy_cache .ruff_cache .hypothesis

# Two stamps: the server needs half of what the tests need. Both installs are by hash, then the project itself.
.venv/.run-done: requirements.txt pyproject.toml | .venv/bin/python
	@if [ -f .venv/.dev-done ] && [ .venv/.dev-done -nt requirements.txt ] && [ .venv/.dev-done -nt pyproject.toml ]; then touch $@; else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt && $(PROJECT) && touch $@; fi

.venv/.dev-done: requirements-dev.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(PROJECT)
	@touch $@

PROJECT = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . \
  && $(BIN)/pybabel --quiet compile -d community/locale

# The newest Python from 3.11 that really starts (a version manager may leave names that do not). PY=… chooses another.
.venv/bin/python:
	@found=""; for py in $(PY) python3.13 python3.12 python3.11 python3 python; do \
	  if "$$py" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then found="$$py"; break; fi; done; \
	if [ -z "$$found" ]; then echo "No Python 3.11 or newer found. Install one, or name it: make run PY=/path/to/python3.12" >&2; exit 1; fi; \
	echo "Making .venv with $$($$found --version) …"; "$$found" -m venv .venv
