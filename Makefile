# Every target works by itself from a fresh clone with git, make and Python 3.11 or newer.

PYTHON ?= python3
DUCKDB ?=
VENV := .venv$(if $(DUCKDB),-duckdb-$(DUCKDB))
BIN := $(VENV)/bin
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: demo test check bench setup docs lock clean

setup: $(VENV)/ready  ## the virtual environment with .venv/bin/agentcost

demo: setup  ## an invented wallet, five questions, a workbook
	$(BIN)/python -m benchmarks.demo

test: $(VENV)/ready-for-tests  ## all tests; DUCKDB=2.0.0 runs them on that version
	$(BIN)/python -m pytest $(TESTS)

check: $(VENV)/ready-for-tests  ## format, lint, types, who may know whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/ready-for-tests  ## what is measured, always beside a peer in the same run
	$(BIN)/python -m benchmarks

docs: $(VENV)/ready  ## docs/reference.md from the tables
	$(BIN)/python -m core.reference > docs/reference.md

lock: $(VENV)/ready-for-tests  ## the locked requirements, made anew from pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --constraint constraints.txt pyproject.toml --group setup --output-file requirements.lock
	$(BIN)/uv pip compile $(LOCK) --constraint constraints.txt pyproject.toml --group setup --group test --group check --output-file requirements-dev.lock
	echo "duckdb==2.0.0" | $(BIN)/uv pip compile $(LOCK) - --output-file requirements-duckdb-2.0.0.lock

clean:
	rm -rf .venv .venv-* var

$(VENV)/ready: requirements.lock $(wildcard requirements-duckdb-$(DUCKDB).lock)
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes --requirement requirements.lock
	$(if $(DUCKDB),$(PIP) install --require-hashes --requirement requirements-duckdb-$(DUCKDB).lock)
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/ready-for-tests: $(VENV)/ready requirements-dev.lock
	$(PIP) install --require-hashes --requirement requirements-dev.lock
	$(if $(DUCKDB),$(PIP) install --require-hashes --requirement requirements-duckdb-$(DUCKDB).lock)
	touch $@
