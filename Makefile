# The whole interface of the house: setup run test check seed docs. Each works on a fresh clone.
SHELL := /bin/bash
VENV ?= $(CURDIR)/.venv
PY := $(VENV)/bin/python
PORT ?= 8000
DATA ?= $(CURDIR)/data
export PYTHONPATH := $(CURDIR)/src
export PATH := $(VENV)/bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test test-quick check format seed messages messages-compile clauses requirements migrations wheel clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

$(VENV)/.base: requirements/base.txt
	@bash tools/setup.sh base "$(VENV)"

$(VENV)/.dev: requirements/dev.txt
	@bash tools/setup.sh dev "$(VENV)"

setup: $(VENV)/.base messages-compile ## environment with what the system needs

setup-dev: $(VENV)/.dev messages-compile ## environment with what building and testing need

messages-compile: 
	@$(PY) tools/messages.py compile

run: setup ## set up, then serve with real content (PORT=8000 DATA=./data)
	@HOCVUSO_DATA="$(DATA)" HOCVUSO_DEMO=1 HOCVUSO_PUBLIC_URL="$${HOCVUSO_PUBLIC_URL:-http://localhost:$(PORT)}" $(PY) -m hocvuso serve --port $(PORT) --demo

test: setup-dev ## set up, then run every test (SQLite, and PostgreSQL where there is one)
	@bash tools/test.sh

test-quick: setup-dev ## the tests that need no browser and no server
	@$(PY) -m pytest -q -m "not browser and not server"

check: setup-dev ## formatter, linter, types, import contracts, migrations, sentences
	ruff format --check src tests tools bench
	ruff check src tests tools bench
	lint-imports
	mypy
	@HOCVUSO_DATA=$$(mktemp -d) $(PY) manage.py makemigrations --check --dry-run
	$(PY) tools/messages.py missing

format: setup-dev ## put the code in order
	ruff format src tests tools bench
	ruff check --fix src tests tools bench

seed: setup ## a believable city in DATA (PEOPLE=2000)
	@HOCVUSO_DATA="$(DATA)" $(PY) -m hocvuso seed city --people $${PEOPLE:-2000}

messages: setup-dev ## extract sentences (ROOM=people for one room), compile them
	$(PY) tools/messages.py extract $(ROOM)
	$(PY) tools/messages.py compile

clauses: setup-dev ## every clause of the requirements with its tests and pages
	@$(PY) tools/clauses.py

migrations: setup-dev
	@HOCVUSO_DATA=$$(mktemp -d) $(PY) manage.py makemigrations $(ROOM)

requirements: ## pin requirements/*.in with hashes
	@$(VENV)/bin/pip install -q uv
	@for name in base dev; do uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header requirements/$$name.in -o requirements/$$name.txt; done

wheel: setup-dev ## build the installable package into dist/
	$(PY) -m build --wheel

clean: ## remove the environment and caches, keep the data
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache dist build
