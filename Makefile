# Everything a person types. Each target prepares what it needs: python3.11, make and git are enough on a new machine.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install demo unit test check fix faults bench mutants lock clean

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
ARGS ?=
ONLY ?=
WORKERS ?= 2
SOURCES := waitlists forecasting api jobs
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
export UV_HTTP_TIMEOUT := 300
export UV_CONCURRENT_DOWNLOADS ?= 16
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
# Where modules may not be kept compiled, every process compiles pandas and statsmodels anew: 4 s each time.
unexport PYTHONDONTWRITEBYTECODE

# A stamp is named after the content of its lock, so an environment is made once and again only when a lock changes.
key = $(firstword $(shell cat $(1) pyproject.toml | git hash-object --stdin))
RUNTIME := $(VENV)/ready-runtime-$(call key,requirements.lock)
DEVELOP := $(VENV)/ready-develop-$(call key,requirements-dev.lock)

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(DEVELOP) ## the environment alone, in .venv

demo: $(RUNTIME) ## synthetic data, forecasts and the service on 127.0.0.1:8000; ARGS="--no-serve --dir DIR"
	@$(BIN)/waitlists demo $(ARGS)

unit: $(DEVELOP) ## unit and spec tests alone, while you write
	@$(BIN)/python -m pytest tests/unit tests/spec -q -x -n $(WORKERS) -p no:schemathesis --durations=5; \
	echo "unit and spec tests: $$SECONDS s (goal: 15 s)"

test: $(DEVELOP) ## every test once, with coverage gates
	@mkdir -p build && rm -rf build/coverage
	@status=0; \
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --durations=10 --cov --cov-report=json --cov-report= \
	  | tee build/pytest.txt || status=$$?; \
	echo "everything: $$SECONDS s (goal: 300 s)"; \
	$(BIN)/python -m tests.gates || status=$$?; \
	tail -n 1 build/pytest.txt; exit $$status

# Every step runs, so that one look shows all that is wrong.
CHECKS := "ruff format --check ." "ruff check ." "pyright --pythonpath $(BIN)/python" "lint-imports --no-logo" "python -m tests.drift" "python -m tests.house" "python -m tests.supply"

check: $(DEVELOP) ## format, lint, types, import rules, schema drift, house rules, known flaws
	@status=0; for step in $(CHECKS); do echo "$$step"; $(BIN)/$$step || status=1; done; exit $$status

fix: $(DEVELOP) ## format and repair what can be repaired
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

faults: $(DEVELOP) ## what goes wrong: every fault test, then slots under fire and a week of Kent that is killed on the way
	@status=0; $(BIN)/python -m pytest tests/faults -q -n $(WORKERS) --dist worksteal || status=$$?; \
	$(BIN)/python -m tests.faults.jobs.clock_faults || status=$$?; exit $$status

bench: $(DEVELOP) ## measure; ONLY=name for one; writes build/bench.json
	@$(BIN)/python -m tests.benchmarks.run $(if $(ONLY),--only $(ONLY))

mutants: $(DEVELOP) ## break the pure rules on purpose and see whether a test notices; ONLY=module for one
	@$(BIN)/python -m tests.mutants $(if $(ONLY),--only $(ONLY))

lock: $(UV) ## resolve the dependencies again and write the locks
	$(UV) pip compile -q $(LOCKED) pyproject.toml --all-extras -o requirements-dev.lock
	$(UV) pip compile -q $(LOCKED) pyproject.toml --extra build -c requirements-dev.lock -o requirements.lock

LOCKED := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

clean: ## forget the environment and everything built
	rm -rf $(VENV) build *.egg-info

$(UV): requirements-uv.lock
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@touch $@

$(RUNTIME): $(UV)
	@$(UV) pip install --quiet --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --no-deps --no-build-isolation -e .
	@rm -f $(VENV)/ready-runtime-* && touch $@

$(DEVELOP): $(UV)
	@$(UV) pip install --quiet --require-hashes -r requirements-dev.lock
	@$(UV) pip install --quiet --no-deps --no-build-isolation -e .
	@rm -f $(VENV)/ready-develop-* && touch $@
