# Every command sets up what it needs. `make` alone lists them.
PYTHON ?= python3
BIN := .venv/bin
LARGE := $(or $(TMPDIR),/tmp)/lead-to-cash-large
export DLT_TELEMETRY_DISABLED := 1
export DO_NOT_TRACK := 1

.DEFAULT_GOAL := help
.PHONY: help refresh dashboard test quick test-all pages lint docs query notebook assistant bench browser

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

refresh: .venv/.ready ## load the sources, build the answers, publish them
	@$(BIN)/python -m pipelines refresh

dashboard: .venv/.ready ## show the published answers on http://127.0.0.1:8501
	@$(BIN)/streamlit run dashboards/server.py

# Lint runs beside the tests, and there are more workers than cores: none of them keeps one busy all the time.
test: .venv/.ready-dev browser ## lint and every quick test, in under 15 minutes
	@$(MAKE) --no-print-directory --jobs 2 lint quick

quick: .venv/.ready-dev
	@$(BIN)/python -m pytest -m "not long" -n 3 --dist loadfile --no-loadscope-reorder

test-all: $(if $(SKIP_QUICK),.venv/.ready-dev,test) ## the same and the long tests: every case of every model, many kills, the full company
	@$(BIN)/python -m pytest -m long -n 3 --dist loadfile --no-loadscope-reorder

# A model of one line only calls a macro that stacks its sources: there is no SQL of its own in it.
lint: .venv/.ready-dev ## ruff, import rules, SQL style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@find dbt_project/models dbt_project/tests -name '*.sql' -exec awk 'FNR == 2 { print FILENAME }' {} + \
	  | xargs $(BIN)/python tests/seldom_searched.py sqlfluff lint --processes 2

docs: .venv/.ready ## the systems and how to connect them, the dictionary with its lineage, each figure with its proofs: data/docs
	@$(BIN)/python -m pipelines docs

pages: .venv/.ready-dev browser ## pictures of every page, light and dark, wide and narrow, in every language: data/screens
	@$(BIN)/python -m tests.screens

query: .venv/.ready-analysts ## a DuckDB shell on the published file, for reading only
	@$(BIN)/duckdb -readonly "$${DATA_DIR:-data}/warehouse.duckdb"

notebook: .venv/.ready-analysts ## a notebook on the marts, in the browser, on this machine alone
	@$(BIN)/marimo edit --host 127.0.0.1 dashboards/notebook.py

assistant: .venv/.ready-analysts ## the marts and their definitions for an assistant that speaks MCP on standard input
	@$(BIN)/python -m dashboards assistant

bench: .venv/.ready-dev ## speed and memory, measured, not tested
	@$(BIN)/python -m tests.bench.loading
	@$(BIN)/python -m tests.bench.asking
	@$(BIN)/python -m tests.bench.refreshing
	@$(BIN)/python -m tests.bench.building
	@$(BIN)/python -m tests.bench.pages
	@$(BIN)/python -m tests.bench.enlarged 100 $(LARGE) && DATA_DIR=$(LARGE) $(BIN)/python -m tests.bench.pages; rm -rf $(LARGE)
	@$(BIN)/python -m tests.bench.matching

# The browser test needs Debian's chromium; where it cannot be installed the test is skipped with a reason.
browser:
	@command -v chromium >/dev/null \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	       && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
	  || echo "chromium is not installed and could not be: the browser test will be skipped"

.venv/.ready: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable '.[pictures]'
	@touch $@

.venv/.ready-dev: .venv/.ready
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable '.[dev,analysts,pictures]'
	@touch $@

.venv/.ready-analysts: .venv/.ready
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable '.[analysts]'
	@touch $@
