# Every target works by itself from a fresh clone with git, make and Python 3.11 or newer.

PYTHON ?= python3
PYTHON312 ?= python3.12
DUCKDB ?=
VENV := .venv$(if $(DUCKDB),-duckdb-$(DUCKDB))
BIN := $(VENV)/bin
LOCK := --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: demo test check bench setup docs pictures mutants spark focus-validator lock clean

setup: $(VENV)/ready  ## the virtual environment with .venv/bin/agentcost

demo: setup  ## an invented company: its exports, five answers, a workbook
	$(BIN)/agentcost demo

# Lines that the tests run in their own process; what they start as programs of its own is not counted.
COVERAGE_FLOOR := 90
# A process for each processor; a file's tests stay together, for what they share is made once.
WORKERS ?= auto

test: $(VENV)/ready-for-tests  ## all tests and their coverage; DUCKDB=2.0.0 runs them on that version, TESTS=… some of them, WORKERS=0 in one process
	mkdir -p var
	$(BIN)/python -m slipcover --source bot,core,sheets_addin --out var/coverage.txt $(if $(TESTS),,--fail-under $(COVERAGE_FLOOR)) -m pytest --numprocesses $(WORKERS) --maxprocesses 4 --dist loadfile $(TESTS)
	@tail -n 1 var/coverage.txt

check: $(VENV)/ready-for-tests  ## format, lint, types, import contracts, the vendors' prices
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m core.pricing.vendor_prices

bench: $(VENV)/ready-for-bench  ## what is measured, always beside a peer in the same run
	$(BIN)/python -m benchmarks $(BENCHMARKS)

PART ?= ledger
mutants: $(VENV)/ready-for-mutants  ## which changes of the arithmetic no test notices; PART=pricing, rules, alerts or ledger, SAMPLE=300 for so many, SEED=2 for others
	$(BIN)/python -m tests.tools.mutants $(PART) $(or $(SAMPLE),0) $(SEED)

docs: $(VENV)/ready  ## what is made from the tables: docs/reference.md, the rules in docs/alerts.md, app.yaml's schema and starter file
	$(BIN)/python -m core.reference

pictures: $(VENV)/ready-for-tests  ## docs/pictures from the demonstration; needs node, npm, chromium, LibreOffice and pdftoppm
	$(BIN)/python -m tests.tools.draw_pictures

$(VENV)/ready-for-bench: $(VENV)/ready-for-tests requirements/bench.lock
	$(PIP) install --require-hashes --requirement requirements/bench.lock
	touch $@

$(VENV)/ready-for-mutants: $(VENV)/ready-for-tests requirements/mutants.lock
	$(PIP) install --require-hashes --requirement requirements/mutants.lock
	touch $@

spark: $(VENV)/ready-for-spark  ## Spark for the tests of sources; needs Java

$(VENV)/ready-for-spark: $(VENV)/ready-for-tests requirements/spark.lock
	$(PIP) install --require-hashes --requirement requirements/spark.lock
	touch $@

focus-validator: .venv-focus/ready  ## the validator of FOCUS rows, which needs Python 3.12 and an environment of its own

.venv-focus/ready: requirements/focus.lock
	$(PYTHON312) -m venv .venv-focus
	.venv-focus/bin/python -m pip --quiet --disable-pip-version-check install --require-hashes --requirement $<
	touch $@

lock: $(VENV)/ready-for-tests  ## the locked requirements, made anew from pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --python-version 3.11 --constraint requirements/constraints.txt pyproject.toml --group setup --output-file requirements/runtime.lock
	$(BIN)/uv pip compile $(LOCK) --python-version 3.11 --constraint requirements/constraints.txt pyproject.toml --group setup --extra s3 --output-file requirements/s3.lock
	$(BIN)/uv pip compile $(LOCK) --python-version 3.11 --constraint requirements/constraints.txt pyproject.toml --group setup --extra lake --output-file requirements/lake.lock
	$(BIN)/uv pip compile $(LOCK) --python-version 3.11 --constraint requirements/constraints.txt pyproject.toml --group setup --extra postgres --output-file requirements/postgres.lock
	$(BIN)/uv pip compile $(LOCK) --python-version 3.11 --constraint requirements/constraints.txt pyproject.toml --group setup --group test --group check --output-file requirements/dev.lock
	$(BIN)/uv pip compile $(LOCK) --python-version 3.11 --constraint requirements/constraints.txt pyproject.toml --group setup --group bench --output-file requirements/bench.lock
	$(BIN)/uv pip compile $(LOCK) --python-version 3.11 --constraint requirements/constraints.txt pyproject.toml --group setup --group test --group mutants --output-file requirements/mutants.lock
	printf 'focus-validator==2.2.1\npyarrow<22\n' | $(BIN)/uv pip compile $(LOCK) --python-version 3.12 - --output-file requirements/focus.lock
	echo "pyspark>=4,<5" | $(BIN)/uv pip compile $(LOCK) --python-version 3.11 - --output-file requirements/spark.lock
	echo "duckdb==2.0.0" | $(BIN)/uv pip compile $(LOCK) --python-version 3.11 - --output-file requirements/duckdb-2.0.0.lock

clean:
	rm -rf .venv .venv-* var

$(VENV)/ready: requirements/runtime.lock $(wildcard requirements/duckdb-$(DUCKDB).lock)
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes --requirement requirements/runtime.lock
	$(if $(DUCKDB),$(PIP) install --require-hashes --requirement requirements/duckdb-$(DUCKDB).lock)
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/ready-for-tests: $(VENV)/ready requirements/dev.lock
	$(PIP) install --require-hashes --requirement requirements/dev.lock
	$(if $(DUCKDB),$(PIP) install --require-hashes --requirement requirements/duckdb-$(DUCKDB).lock)
	touch $@
